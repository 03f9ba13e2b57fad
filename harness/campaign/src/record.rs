//! Cases on which the engines agree, written down with what they agree on.
//!
//! Such scripts judge a changed reference without any other engine: `scripts/mutants`.

mod ending;
mod mutate;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use gainsay_case::text::{Expected, Script};
use gainsay_case::{Case, EngineInfo, Limits, Step};
use gainsay_oracle::{Judgement, Verdict};
use gainsay_supervisor::WorkerSpec;
use serde::Serialize;

use crate::engine_group::EngineGroups;
use crate::error::CampaignError;
use crate::evaluate::{EngineRun, Evaluator};
use crate::judge::Judge;
use crate::setup;

/// Whose outcome is written down, once all agree with it.
const REFERENCE: &str = "reference";

/// What to record, on which engines.
#[derive(Clone, Debug, Default)]
pub struct RecordOptions {
    /// Ids of the engines; empty means all the embedded ones. The reference must be
    /// one of them.
    pub engines: Vec<String>,
    /// The first so many cases of the seed.
    pub cases: u64,
    /// The seed.
    pub seed: u64,
    /// Where the scripts go; it is created.
    pub out: PathBuf,
    /// The limits that every engine is given.
    pub limits: Limits,
    /// How workers are started and watched.
    pub worker: WorkerSpec,
}

/// What was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// Cases that were run, and binaries with a mistake in them.
    pub considered: u64,
    /// Scripts that were written.
    pub scripts: u64,
    /// Steps of them whose end is asserted.
    pub assertions: u64,
    /// Binaries among them that every engine refuses.
    pub refused: u64,
    /// How many were not written, by verdict.
    pub left_out: BTreeMap<String, u64>,
}

/// Write a script for each case of a seed on which all engines agree.
///
/// A script asserts how every step ended and what is left in exported globals and
/// memories; a second one what was said of the case's modules with a mistake put in.
///
/// # Errors
/// [`CampaignError`] if an engine is missing or the directory cannot be written.
pub fn record(options: &RecordOptions, stop: &AtomicBool) -> Result<Recorded, CampaignError> {
    let engines = setup::engines(&options.worker, &options.engines, &options.limits)?;
    if !engines.iter().any(|engine| engine.id == REFERENCE) {
        let reason = "nobody's outcome can be written down without it".to_owned();
        return Err(CampaignError::EngineMissing { id: REFERENCE.to_owned(), reason });
    }
    fs::create_dir_all(&options.out).map_err(|source| CampaignError::Storage {
        act: "create",
        path: options.out.clone(),
        source,
    })?;
    let groups = EngineGroups::new(&engines, options.seed);
    let mut recorder = Recorder {
        options,
        evaluator: Evaluator::new(&options.worker, &options.limits, &engines),
        judge: Judge::new(&options.worker, &options.limits),
        recorded: Recorded::default(),
    };
    for index in 0..options.cases {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let ids = &groups.of(index).ids;
        if !ids.iter().any(|id| id == REFERENCE) {
            continue;
        }
        let case = groups.case(index).case;
        let mutated = mutate::case(&case, options.seed, index);
        recorder.consider(ending::observed(case), ids, &format!("{index:06}"))?;
        recorder.consider(mutated, ids, &format!("{index:06}-mutated"))?;
    }
    Ok(recorder.recorded)
}

/// What each engine made of a case, and the judgement of all of that.
type Judged = (Vec<(EngineInfo, EngineRun)>, Judgement);

struct Recorder<'a> {
    options: &'a RecordOptions,
    evaluator: Evaluator,
    judge: Judge,
    recorded: Recorded,
}

impl Recorder<'_> {
    fn consider(&mut self, case: Case, ids: &[String], name: &str) -> Result<(), CampaignError> {
        if case.steps.is_empty() {
            return Ok(());
        }
        self.recorded.considered += 1;
        let Some((runs, judgement)) = self.judged(&case, ids)? else {
            *self.recorded.left_out.entry("engine_lost".to_owned()).or_default() += 1;
            return Ok(());
        };
        let why = match &judgement.verdict {
            Verdict::Agree => None,
            Verdict::Diverge(_) => Some("diverge"),
            Verdict::Allowed(reason) => Some(reason.name()),
            Verdict::Inconclusive(reason) => Some(reason.name()),
        };
        let reference = runs.iter().find(|(engine, _)| engine.id == REFERENCE);
        let script = Script::new(case, reference.map(|(_, ran)| &*ran.outcome));
        // A step that ended at a limit, or with what no script can say.
        let is_told = (0..script.case.steps.len()).all(|step| script.expected(step).is_some());
        if let Some(why) = why.or((!is_told).then_some("untold")) {
            *self.recorded.left_out.entry(why.to_owned()).or_default() += 1;
            return Ok(());
        }
        self.count(&script);
        let script = Script { header: self.header(name), ..script };
        self.write(&self.options.out.join(format!("{name}.wast")), &script)
    }

    /// What all engines made of a case; `None` if the worker of one was killed by somebody
    /// else again and again.
    fn judged(&mut self, case: &Case, ids: &[String]) -> Result<Option<Judged>, CampaignError> {
        let time_max = self.options.worker.case_time_max;
        let judged = self.evaluator.run_on_all(case, ids, time_max).and_then(|runs| {
            let judgement =
                self.judge.judge(case, runs.iter().map(|(engine, ran)| (engine, ran)))?;
            Ok((runs, judgement))
        });
        match judged {
            Ok(judged) => Ok(Some(judged)),
            Err(CampaignError::EngineLost { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn header(&self, name: &str) -> gainsay_case::text::Header {
        let seed = ("seed", self.options.seed.to_string());
        [seed, ("case", name.to_owned())].into_iter().collect()
    }

    fn count(&mut self, script: &Script) {
        self.recorded.scripts += 1;
        for (number, step) in script.case.steps.iter().enumerate() {
            match (step, script.expected(number)) {
                (Step::Define { .. }, Some(Expected::Rejected)) => {
                    self.recorded.refused += 1;
                    self.recorded.assertions += 1;
                }
                (Step::Invoke { .. } | Step::Get { .. }, Some(expected))
                    if *expected != Expected::Absent =>
                {
                    self.recorded.assertions += 1;
                }
                _ => {}
            }
        }
    }

    fn write(&self, path: &Path, script: &Script) -> Result<(), CampaignError> {
        fs::write(path, script.to_text()).map_err(|source| CampaignError::Storage {
            act: "write",
            path: path.to_owned(),
            source,
        })
    }
}
