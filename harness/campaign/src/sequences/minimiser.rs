//! The fewest operations that show what a campaign found.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gainsay_findings::{CaseRef, Minimised, Signature};
use gainsay_lifecycle::{Scenario, SequenceFailure, generate, shrink};
use gainsay_supervisor::WorkerSpec;

use super::runner::Runner;
use super::witness::{as_generated, minimised, signature};
use crate::error::CampaignError;
use crate::workload::Minimise;

/// Attempts for what takes the worker with it: each starts another one.
const DEADLY_ATTEMPTS_MAX: u32 = 60;

/// Makes sequences small, one at a time.
pub(super) struct SequenceMinimiser<'a> {
    runner: Runner<'a>,
    ids: Vec<String>,
    attempts_max: u32,
    time_max: Duration,
    stops: &'a AtomicBool,
}

/// What a sequence shows.
struct Shown {
    failure: SequenceFailure,
    is_deadly: bool,
    stderr: String,
}

impl<'a> SequenceMinimiser<'a> {
    pub(super) fn new(
        worker: &WorkerSpec,
        ids: &[String],
        attempts_max: u32,
        stops: &'a AtomicBool,
    ) -> SequenceMinimiser<'a> {
        let (runner, time_max) = (Runner::new(worker, ids, Some(stops)), worker.case_time_max);
        SequenceMinimiser { runner, ids: ids.to_vec(), attempts_max, time_max, stops }
    }

    /// What a sequence shows that has this signature, on these engines.
    fn look(
        &mut self,
        scenario: &Scenario,
        engines: &[String],
        shown: &Signature,
    ) -> Result<Option<Shown>, CampaignError> {
        let ran = self.runner.run(scenario, engines, 1, self.time_max)?;
        let (is_deadly, stderr) = (ran.is_deadly, ran.stderr);
        let mut failures = ran.result.failures.into_iter();
        let failure = failures.find(|failure| signature(failure) == *shown);
        Ok(failure.map(|failure| Shown { failure, is_deadly, stderr }))
    }

    /// The smallest sequence with this signature, and what that shows; `None` if the
    /// sequence does not show it by itself, as a leak of the process does not.
    pub(super) fn smallest(
        &mut self,
        scenario: &Scenario,
        base: &Signature,
    ) -> Result<Option<(Scenario, Minimal)>, CampaignError> {
        let ids = self.ids.clone();
        let Some(mut shown) = self.look(scenario, &ids, base)? else { return Ok(None) };
        let engines = [shown.failure.backend.clone()];
        let most = if shown.is_deadly { DEADLY_ATTEMPTS_MAX } else { u32::MAX };
        let mut fault = None;
        let mut attempts = 0;
        let smallest = shrink(scenario, self.attempts_max.min(most), &mut |smaller| {
            if fault.is_some() || self.stops.load(Ordering::Relaxed) {
                return false;
            }
            attempts += 1;
            match self.look(smaller, &engines, base) {
                Ok(Some(smaller)) => shown = smaller,
                Ok(None) => return false,
                Err(error) => {
                    fault = Some(error);
                    return false;
                }
            }
            true
        });
        match fault {
            Some(error) => Err(error),
            None => {
                let Shown { failure, stderr, .. } = shown;
                Ok(Some((smallest, Minimal { failure, stderr, attempts })))
            }
        }
    }
}

/// What a smallest sequence shows.
pub(super) struct Minimal {
    failure: SequenceFailure,
    stderr: String,
    attempts: u64,
}

impl Minimise for SequenceMinimiser<'_> {
    fn minimise(
        &mut self,
        base: &Signature,
        witness: CaseRef,
    ) -> Result<Option<Minimised>, CampaignError> {
        let CaseRef::Generated(witness) = witness else { return Ok(None) };
        let scenario = generate(witness.seed, witness.index);
        let smallest = self.smallest(&scenario, base)?;
        if self.stops.load(Ordering::Relaxed) {
            return Ok(None);
        }
        Ok(Some(match smallest {
            None => as_generated(base, witness),
            Some((smallest, Minimal { failure, stderr, attempts })) => {
                Minimised { stderr, attempts, ..minimised(base, witness, &smallest, &failure) }
            }
        }))
    }
}
