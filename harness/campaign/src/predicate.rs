//! Minimisation of a file that a command of the user's finds interesting. No engine runs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use gainsay_case::text::Script;
use gainsay_case::{Case, Step};
use gainsay_findings::{Shortfall, ShrinkBounds};
use gainsay_reduce::{Answer, CaseSize, ReductionEnd, reduce, size};
use gainsay_supervisor::{Predicate, PredicateEnd};
use serde::Serialize;

use crate::corpus;
use crate::error::CampaignError;

/// Candidates that may take too long before it is given up. Each takes all its time.
const TIMED_OUT_MAX: u64 = 12;

/// What to minimise.
#[derive(Clone, Debug)]
pub struct PredicateOptions {
    /// A `.wasm` or `.wat` module, or a `.wast` script.
    pub path: PathBuf,
    /// What has to hold of it.
    pub predicate: Predicate,
    /// How hard to try.
    pub bounds: ShrinkBounds,
}

/// A file of which the predicate still holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PredicateResult {
    /// The command.
    pub predicate: String,
    /// Size as given.
    pub before: CaseSize,
    /// Size now.
    pub after: CaseSize,
    /// How often the command ran.
    pub attempts: u64,
    /// How often it took too long.
    pub timed_out: u64,
    /// Why it was not minimised to the end, if it was not.
    pub unfinished: Option<Shortfall>,
    /// The file as text.
    pub text: String,
    /// The file in the form that was given: binary, text or script.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// In what form a file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Binary,
    Text,
    Script,
}

/// Make the file in `options` small as long as the command says that it is interesting;
/// nothing is written but files for the command, in a directory that goes away.
///
/// # Errors
/// [`CampaignError::NotInteresting`] if the predicate does not hold of the file as it is;
/// [`CampaignError`] if it cannot be read or the command cannot be started.
pub fn shrink_by_predicate(
    options: &PredicateOptions,
    stop: &AtomicBool,
    progress: &dyn Fn(&CaseSize),
) -> Result<PredicateResult, CampaignError> {
    let PredicateOptions { path, predicate, bounds } = options;
    let (form, case) = read(path)?;
    let storage = |act, path: &Path| {
        let path = path.to_owned();
        move |source: io::Error| CampaignError::Storage { act, path, source }
    };
    ask_about_given(options, stop)?;
    let directory = tempfile::tempdir().map_err(storage("create", &std::env::temp_dir()))?;
    let file = directory.path().join(path.file_name().unwrap_or_default());
    let (mut fault, mut timed_out) = (None, 0);
    let mut keeps = |candidate: &Case| {
        let Some(bytes) = write(form, candidate) else { return Answer::Loses };
        let answer = fs::write(&file, bytes).and_then(|()| predicate.ask(&file, stop));
        match answer {
            Ok(PredicateEnd::Holds) => {
                progress(&size_of(form, candidate));
                Answer::Keeps
            }
            Ok(PredicateEnd::Fails) => Answer::Loses,
            Ok(PredicateEnd::TimedOut) => {
                timed_out += 1;
                if timed_out >= TIMED_OUT_MAX { Answer::Enough } else { Answer::Loses }
            }
            Ok(PredicateEnd::Stopped) => Answer::Stop,
            Err(error) => {
                fault = Some(error);
                Answer::Stop
            }
        }
    };
    let reduced = reduce(&case, None, bounds.attempts_max, &mut keeps);
    if let Some(error) = fault {
        return Err(storage("run the predicate on", &file)(error));
    }
    // If nothing could be taken away, what is printed anew was never asked about.
    let bytes = match reduced.accepted.is_empty() {
        true => fs::read(path).map_err(storage("read", path))?,
        false => write(form, &reduced.case).unwrap_or_default(),
    };
    Ok(PredicateResult {
        predicate: predicate.command.clone(),
        before: size_of(form, &case),
        after: size_of(form, &reduced.case),
        attempts: u64::from(reduced.attempts),
        timed_out,
        unfinished: match reduced.end {
            ReductionEnd::Finished => None,
            ReductionEnd::BudgetSpent => Some(Shortfall::Budget(bounds.attempts_max.into())),
            ReductionEnd::Enough => Some(Shortfall::TimedOut(timed_out)),
            ReductionEnd::Stopped => Some(Shortfall::Interrupted),
        },
        text: text(form, &reduced.case).unwrap_or_default(),
        bytes,
    })
}

/// The predicate has to hold of the file as it is.
fn ask_about_given(options: &PredicateOptions, stop: &AtomicBool) -> Result<(), CampaignError> {
    let PredicateOptions { path, predicate, .. } = options;
    let what = match predicate.ask(path, stop) {
        Ok(PredicateEnd::Holds) => return Ok(()),
        Ok(PredicateEnd::Stopped) => return Err(CampaignError::Interrupted),
        Ok(PredicateEnd::Fails) => "ends with another status than 0",
        Ok(PredicateEnd::TimedOut) => "takes too long",
        Err(_) => "cannot be started",
    };
    let (path, command) = (path.clone(), predicate.command.clone());
    Err(CampaignError::NotInteresting { path, command, what })
}

/// A file as something that can be reduced: of a module its definition alone.
fn read(path: &Path) -> Result<(Form, Case), CampaignError> {
    let Script { mut case, .. } = corpus::read_case(path)?;
    let is_named = |name: &str| path.extension().is_some_and(|extension| extension == name);
    let form = match () {
        () if is_named("wast") => return Ok((Form::Script, case)),
        () if is_named("wat") => Form::Text,
        () => Form::Binary,
    };
    case.steps.retain(|step| matches!(step, Step::Define { .. }));
    Ok((form, case))
}

/// A candidate in its form; `None` if it cannot have that.
fn write(form: Form, case: &Case) -> Option<Vec<u8>> {
    match form {
        Form::Binary => module(case).map(<[u8]>::to_vec),
        Form::Text | Form::Script => text(form, case).map(String::into_bytes),
    }
}

fn text(form: Form, case: &Case) -> Option<String> {
    match form {
        Form::Script => Some(Script::new(case.clone(), None).to_text()),
        Form::Binary | Form::Text => wasmprinter::print_bytes(module(case)?).ok(),
    }
}

fn module(case: &Case) -> Option<&[u8]> {
    match case.steps.first() {
        Some(Step::Define { bytes, .. }) => Some(bytes),
        _ => None,
    }
}

fn size_of(form: Form, case: &Case) -> CaseSize {
    size(case, &text(form, case).unwrap_or_default())
}
