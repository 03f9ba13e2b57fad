//! One engine in a process of its own, for who runs something by hand: whatever a
//! module does to the engine, the caller lives.

use std::time::Duration;

use gainsay_case::{Case, Detail, EngineInfo, LimitKind, Limits, Outcome};
use gainsay_oracle::RunEnding;
use gainsay_script::{FileReport, Script};
use gainsay_supervisor::{WorkerEnd, WorkerSpec};

use crate::error::CampaignError;
use crate::evaluate::Evaluator;
use crate::setup;

/// An engine behind the worker protocol.
pub struct Supervised {
    /// The engine as its worker describes it.
    pub info: EngineInfo,
    evaluator: Evaluator,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct SupervisedRun {
    /// As far as it got.
    pub outcome: Outcome,
    /// What the engine says of the last step that failed, beyond its class.
    pub detail: Option<Detail>,
    /// How the engine's process ended instead of ending the case, if it did:
    /// `the engine's process died: SIGSEGV`.
    pub death: Option<String>,
    /// The limit of the watchdog that it was ended for, if it was.
    pub limit: Option<LimitKind>,
    /// The last of what the process wrote on its standard error, if it died.
    pub stderr: String,
}

impl Supervised {
    /// Start a worker with the engine of this id.
    ///
    /// # Errors
    /// [`CampaignError::EngineMissing`], or the worker cannot be started.
    pub fn open(
        id: &str,
        limits: &Limits,
        worker: &WorkerSpec,
    ) -> Result<Supervised, CampaignError> {
        let engines = setup::engines(worker, &[id.to_owned()], limits)?;
        let info = engines.first().cloned().ok_or_else(|| CampaignError::EngineMissing {
            id: id.to_owned(),
            reason: "its worker does not know it".to_owned(),
        })?;
        Ok(Supervised { info, evaluator: Evaluator::new(worker, limits, &engines) })
    }

    /// Run a case for as long as it takes.
    ///
    /// # Errors
    /// The worker cannot be started again.
    pub fn run(&mut self, case: &Case) -> Result<SupervisedRun, CampaignError> {
        self.run_within(case, Duration::MAX)
    }

    /// Run a case for so long at most.
    ///
    /// # Errors
    /// The worker cannot be started again.
    pub fn run_within(
        &mut self,
        case: &Case,
        time_max: Duration,
    ) -> Result<SupervisedRun, CampaignError> {
        let ran = self.evaluator.run(case, &self.info.id, time_max)?;
        Ok(match ran {
            Some(ran) => SupervisedRun {
                outcome: Outcome::clone(&ran.outcome),
                detail: ran.detail,
                limit: match ran.ending {
                    RunEnding::Hung => Some(LimitKind::Time),
                    RunEnding::OutOfMemory => Some(LimitKind::Memory),
                    _ => None,
                },
                death: (ran.ending != RunEnding::Completed).then(|| describe(&ran.ending)),
                stderr: ran.stderr,
            },
            None => SupervisedRun {
                outcome: Outcome::default(),
                detail: None,
                limit: None,
                death: self.evaluator.incident().map(worker_end),
                stderr: String::new(),
            },
        })
    }

    /// The most memory that the engine's process has held so far, in bytes; `None` where
    /// that cannot be known.
    pub fn peak_bytes(&self) -> Option<u64> {
        self.evaluator.peak_bytes()
    }

    /// Run a script with its assertions, each directive for as long as a case. What the
    /// engine's process dies of has failed; the rest goes on.
    ///
    /// # Errors
    /// The worker cannot be started again.
    pub fn script(&mut self, path: &str, script: &Script<'_>) -> Result<FileReport, CampaignError> {
        let mut run = self.evaluator.run_script(&self.info.id, path, script)?;
        run.report.add(run.hung);
        run.report.failures.sort_by_key(|failure| (failure.line, failure.column));
        Ok(run.report)
    }
}

/// The end of a worker in words.
pub(crate) fn worker_end(end: &WorkerEnd) -> String {
    match end {
        WorkerEnd::Exited(_) | WorkerEnd::Signalled(_) => {
            format!("the engine's process died: {end}")
        }
        WorkerEnd::TimedOut => describe(&RunEnding::Hung),
        WorkerEnd::Memory => describe(&RunEnding::OutOfMemory),
        WorkerEnd::Protocol(_) => format!("the engine's worker {end}"),
        WorkerEnd::KilledFromOutside(_) | WorkerEnd::Interrupted => {
            format!("the engine's process was {end}")
        }
    }
}

/// An ending in words.
pub(crate) fn describe(ending: &RunEnding) -> String {
    match ending {
        RunEnding::Completed => "nothing was run".to_owned(),
        RunEnding::Crashed { signal } => format!("the engine's process died: {signal}"),
        RunEnding::Hung => "the engine did not come to an end".to_owned(),
        RunEnding::OutOfMemory => "the engine's process grew too large".to_owned(),
    }
}
