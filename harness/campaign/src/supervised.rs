//! One engine in a process of its own, for who runs something by hand: whatever a
//! module does to the engine, the caller lives.

use std::time::Duration;

use gainsay_case::script::{FileReport, ScriptFailure};
use gainsay_case::{Case, EngineInfo, Limits, Outcome};
use gainsay_oracle::Ending;
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
    /// How the engine's process ended instead of ending the case, if it did:
    /// `the engine's process died: SIGSEGV`.
    pub death: Option<String>,
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
        let ran = self.evaluator.run(case, &self.info.id, Duration::MAX)?;
        Ok(match ran {
            Some(ran) => SupervisedRun {
                outcome: Outcome::clone(&ran.outcome),
                death: (ran.ending != Ending::Completed).then(|| describe(&ran.ending)),
                stderr: ran.stderr,
            },
            None => SupervisedRun {
                outcome: Outcome::default(),
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

    /// Run a script with its assertions. If the engine's process dies, what is not
    /// told then is one failure.
    ///
    /// # Errors
    /// The worker cannot be started again.
    pub fn script(&mut self, path: &str, source: &str) -> Result<FileReport, CampaignError> {
        let report = self.evaluator.run_script(&self.info.id, path, source)?;
        Ok(report.unwrap_or_else(|end| FileReport {
            path: path.to_owned(),
            failed: 1,
            failures: vec![ScriptFailure { line: 1, column: 1, message: worker_end(&end) }],
            ..FileReport::default()
        }))
    }
}

/// The end of a worker in words.
pub(crate) fn worker_end(end: &WorkerEnd) -> String {
    match end {
        WorkerEnd::Exited(_) | WorkerEnd::Signalled(_) => {
            format!("the engine's process died: {end}")
        }
        WorkerEnd::TimedOut => describe(&Ending::Hung),
        WorkerEnd::Memory => describe(&Ending::OutOfMemory),
        WorkerEnd::Protocol(_) => format!("the engine's worker {end}"),
        WorkerEnd::KilledFromOutside(_) => format!("the engine's process was {end}"),
    }
}

/// An ending in words.
pub(crate) fn describe(ending: &Ending) -> String {
    match ending {
        Ending::Completed => "nothing was run".to_owned(),
        Ending::Crashed { signal } => format!("the engine's process died: {signal}"),
        Ending::Hung => "the engine did not come to an end".to_owned(),
        Ending::OutOfMemory => "the engine's process grew too large".to_owned(),
    }
}
