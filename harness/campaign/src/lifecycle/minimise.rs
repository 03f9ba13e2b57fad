//! The fewest operations that show what a campaign found.

use std::time::Duration;

use gainsay_lifecycle::worker::{FromWorker, ToWorker};
use gainsay_lifecycle::{Census, Failure, FailureKind, Scenario, shrink};
use gainsay_supervisor::WorkerSpec;

use super::child::{Heard, Worker};
use crate::error::CampaignError;

/// Attempts for what takes the worker with it: each starts another one.
const DEADLY_ATTEMPTS_MAX: u32 = 60;

/// Carries sequences out by their text, in a worker that may die.
pub(super) struct Runner<'a> {
    options: &'a WorkerSpec,
    ids: Vec<String>,
    worker: Option<Worker>,
}

/// What became of a sequence.
#[derive(Debug, Default)]
pub(super) struct Ran {
    pub(super) failures: Vec<Failure>,
    pub(super) compared: bool,
    /// What the process has of the system after it.
    pub(super) census: Option<Census>,
    pub(super) stderr: String,
}

impl<'a> Runner<'a> {
    pub(super) fn new(options: &'a WorkerSpec, ids: &[String]) -> Runner<'a> {
        Runner { options, ids: ids.to_vec(), worker: None }
    }

    /// The backends with their versions.
    pub(super) fn backends(&mut self) -> Result<Vec<(String, String)>, CampaignError> {
        Ok(self.worker()?.backends.clone())
    }

    /// Another worker for the next sequence.
    pub(super) fn renew(&mut self) {
        self.worker = None;
    }

    fn worker(&mut self) -> Result<&mut Worker, CampaignError> {
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => Worker::start(self.options, &self.ids)?,
        };
        Ok(self.worker.insert(worker))
    }

    /// Carry a sequence out on these backends, so many times.
    pub(super) fn run(
        &mut self,
        scenario: &Scenario,
        backends: &[String],
        times: u32,
    ) -> Result<Ran, CampaignError> {
        let time_max = self.options.case_time_max;
        let (text, backends) = (scenario.to_string(), backends.to_vec());
        self.worker()?.send(&ToWorker::Scenario { text, backends, times });
        let mut ran = Ran::default();
        let mut current = String::new();
        loop {
            match self.worker()?.hear(time_max) {
                Heard::Line(FromWorker::Begin { backend, .. }) => current = backend,
                Heard::Line(FromWorker::Case { failures, compared, .. }) => {
                    ran.failures.extend(failures);
                    ran.compared |= compared;
                }
                Heard::Line(FromWorker::Done { census, .. }) => {
                    ran.census = census;
                    return Ok(ran);
                }
                Heard::Line(FromWorker::Ready { .. } | FromWorker::Error { .. }) => return Ok(ran),
                Heard::Died(how) => return Ok(self.died(ran, dead(&current, &how))),
                Heard::Silent => return Ok(self.died(ran, hung(&current, time_max))),
            }
        }
    }

    fn died(&mut self, mut ran: Ran, failure: Failure) -> Ran {
        ran.stderr = self.worker.take().map(Worker::end).unwrap_or_default();
        ran.failures.push(failure);
        ran
    }

    /// The smallest sequence that shows a failure with this signature.
    pub(super) fn minimise(
        &mut self,
        scenario: &Scenario,
        failure: &Failure,
        attempts_max: u32,
    ) -> Scenario {
        let is_deadly = matches!(failure.kind, FailureKind::Crash | FailureKind::Hang);
        let attempts = if is_deadly { DEADLY_ATTEMPTS_MAX.min(attempts_max) } else { attempts_max };
        let signature = failure.signature();
        let backends = [failure.backend.clone()];
        shrink(scenario, attempts, &mut |smaller| {
            let ran = self.run(smaller, &backends, 1);
            ran.is_ok_and(|ran| ran.failures.iter().any(|seen| seen.signature() == signature))
        })
    }
}

/// The process died in a sequence on this backend.
pub(super) fn dead(backend: &str, how: &str) -> Failure {
    ended(FailureKind::Crash, backend, how.to_owned())
}

/// A sequence on this backend did not come to an end.
pub(super) fn hung(backend: &str, time: Duration) -> Failure {
    let seen = format!("no end after {} s", time.as_secs());
    Failure { seen, ..ended(FailureKind::Hang, backend, "no end".to_owned()) }
}

fn ended(kind: FailureKind, backend: &str, how: String) -> Failure {
    Failure {
        kind,
        backend: backend.to_owned(),
        at: 0,
        operation: "somewhere".to_owned(),
        expected: "an end".to_owned(),
        class: how.clone(),
        seen: how,
    }
}
