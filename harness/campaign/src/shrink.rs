//! Minimisation of a case, keeping its signature.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use gainsay_case::text::{Header, Script};
use gainsay_case::{Case, EngineInfo, Limits};
use gainsay_findings::{CaseRef, Shortfall, ShrinkBounds};
use gainsay_reduce::{CaseSize, size};
use gainsay_supervisor::WorkerSpec;
use serde::{Deserialize, Serialize};

use crate::corpus;
use crate::error::CampaignError;
use crate::minimise::Minimiser;
use crate::setup;

/// What to minimise.
#[derive(Clone, Debug)]
pub struct ShrinkOptions {
    /// A case: `.wast`, `.wat` or `.wasm`.
    pub path: PathBuf,
    /// Ids of the engines; empty means those that the file names, else all the embedded ones.
    pub engines: Vec<String>,
    /// The limits that every engine is given.
    pub limits: Limits,
    /// How workers are started and watched.
    pub worker: WorkerSpec,
    /// How hard to try.
    pub bounds: ShrinkBounds,
}

/// A minimised case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShrinkResult {
    /// The signature that was kept.
    pub signature: String,
    /// The kind of the divergence.
    pub kind: String,
    /// What is seen, in one sentence.
    pub detail: String,
    /// Size as given.
    pub before: CaseSize,
    /// Size now.
    pub after: CaseSize,
    /// Cases executed on the way.
    pub attempts: u64,
    /// Those of them that ran out of time, and might have been smaller.
    pub timed_out: u64,
    /// Why it was not minimised to the end, if it was not.
    pub unfinished: Option<Shortfall>,
    /// The minimised case as a WAST script with its header.
    pub text: String,
}

/// What happens while a case is minimised.
#[derive(Clone, Copy, Debug)]
pub enum ShrinkEvent<'a> {
    /// The case is run on these engines for the first time.
    Begun(&'a [EngineInfo]),
    /// A smaller case shows the same.
    Smaller(CaseSize),
}

/// Minimise the case in a file; its text is returned, nothing is written.
///
/// # Errors
/// [`CampaignError::NothingToKeep`] if the engines agree on it, and a single one does nothing
/// wrong by itself; [`CampaignError`] if it cannot be read or an engine is missing.
pub fn shrink(
    options: &ShrinkOptions,
    stop: &AtomicBool,
    progress: &(dyn Fn(ShrinkEvent<'_>) + Sync),
) -> Result<ShrinkResult, CampaignError> {
    let script = corpus::read_case(&options.path)?;
    let asked = match options.engines.is_empty() {
        true => named_engines(&script.header),
        false => options.engines.clone(),
    };
    let engines = setup::engines(&options.worker, &asked, &options.limits)?;
    let ids: Vec<&str> = engines.iter().map(|engine| engine.id.as_str()).collect();
    let nothing =
        || CampaignError::NothingToKeep { path: options.path.clone(), engines: ids.join(", ") };
    let mut minimiser =
        Minimiser::new(&engines, &options.limits, &options.worker, options.bounds, stop);
    let mut smaller = |case: &Case| {
        let text = Script::new(case.clone(), None).to_text();
        progress(ShrinkEvent::Smaller(size(case, &text)));
    };
    progress(ShrinkEvent::Begun(&engines));
    let witness = CaseRef::described(&script.header);
    let minimised = minimiser.minimise_case(&script.case, witness, &mut smaller)?;
    let minimised = minimised.ok_or_else(|| match stop.load(Ordering::Relaxed) {
        true => CampaignError::Interrupted,
        false => nothing(),
    })?;
    Ok(ShrinkResult {
        signature: minimised.signature.to_string(),
        kind: minimised.kind,
        detail: minimised.detail,
        before: minimised.before,
        after: minimised.after,
        attempts: minimised.attempts,
        timed_out: minimised.timed_out,
        unfinished: minimised.shortfall,
        text: minimised.text,
    })
}

/// The engines that a finding's file names, without their versions.
fn named_engines(header: &Header) -> Vec<String> {
    let engines = header.iter().filter(|(key, _)| *key == "engine");
    engines.map(|(_, value)| value.split('@').next().unwrap_or(value).to_owned()).collect()
}
