//! A run of consecutive cases on their way through a slot.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use gainsay_case::Case;
use gainsay_findings::CaseRef;
use gainsay_generate::{Generated, Reach};
use gainsay_protocol::{CaseLine, ReportedOutcome, ToWorker, line};

use crate::engine_group::EngineGroup;
use crate::evaluate::EngineRun;

/// How many cases a batch has: enough to hide a round trip, few enough that
/// several batches in flight are little to lose.
pub(crate) const BATCH_CASES: u64 = 16;

/// Generated cases and what came back of them so far.
pub(crate) struct Batch {
    /// Ordinals within the shard.
    pub(crate) ordinals: Range<u64>,
    pub(crate) cases: Vec<BatchCase>,
    /// Cases that the generator gave up on.
    pub(crate) discarded: u64,
    /// Cases that have a proposal or another feature in them, by its name.
    pub(crate) reach: BTreeMap<String, u64>,
}

/// A case of a batch.
pub(crate) struct BatchCase {
    /// Campaign-wide index, by which the worker knows it.
    pub(crate) index: u64,
    /// Where it comes from.
    pub(crate) origin: CaseRef,
    pub(crate) case: Case,
    /// What it has in it.
    pub(crate) content: Reach,
    /// One per engine, in the worker's order; `None` until its result is there.
    pub(crate) runs: Vec<Option<EngineRun>>,
    /// The positions in `runs` of the engines that the case is meant for.
    pub(crate) asked: Vec<usize>,
    /// Set once no more results can be had; missing ones then stay missing.
    pub(crate) is_given_up: bool,
}

impl BatchCase {
    pub(crate) fn new(
        index: u64,
        origin: CaseRef,
        generated: Generated,
        group: &EngineGroup,
        engines: usize,
    ) -> BatchCase {
        BatchCase {
            index,
            origin,
            case: generated.case,
            content: generated.reach,
            runs: vec![None; engines],
            asked: group.engines.clone(),
            is_given_up: false,
        }
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.is_given_up || self.open().next().is_none()
    }

    /// The engines whose results are still to come, by position.
    fn open(&self) -> impl Iterator<Item = &usize> {
        self.asked.iter().filter(|engine| self.runs[**engine].is_none())
    }

    /// Their ids.
    fn missing(&self, engines: &[String]) -> Vec<String> {
        self.open().map(|engine| engines[*engine].clone()).collect()
    }

    /// Whether the result of such an engine, by its position, is still to come.
    pub(crate) fn misses(&self, engine: impl Fn(&usize) -> bool) -> bool {
        !self.is_given_up && self.open().any(engine)
    }

    /// Take in a result. `engines` are the ids in the worker's order.
    pub(crate) fn take(
        &mut self,
        engines: &[String],
        engine: &str,
        micros: u64,
        reported: ReportedOutcome,
    ) -> Result<(), String> {
        let position = |id: &str| {
            let found = engines.iter().position(|known| known == id);
            found.ok_or_else(|| format!("a result of an engine that was not asked: {id:?}"))
        };
        let outcome = match reported {
            ReportedOutcome::Outcome(outcome) => Arc::new(outcome),
            ReportedOutcome::SameAs(other) => match &self.runs[position(&other)?] {
                Some(ran) => ran.outcome.clone(),
                None => return Err(format!("the same as {other:?}, of which nothing is known")),
            },
        };
        let ending = gainsay_oracle::RunEnding::Completed;
        self.runs[position(engine)?] =
            Some(EngineRun { outcome, ending, micros, detail: None, stderr: String::new() });
        Ok(())
    }
}

impl Batch {
    pub(crate) fn is_complete(&self) -> bool {
        self.cases.iter().all(BatchCase::is_complete)
    }

    /// The line that asks for all that is missing. `engines` are the ids of the campaign's
    /// engines. Workers are not equally fast, so that some results of a case may be there when
    /// it has to be asked for again; those are not asked for twice.
    pub(crate) fn request(&self, engines: &[String]) -> Vec<u8> {
        let open: Vec<(&BatchCase, Vec<String>)> = self
            .cases
            .iter()
            .filter(|case| !case.is_complete())
            .map(|case| (case, case.missing(engines)))
            .collect();
        let cases: Vec<CaseLine<'_>> = open
            .iter()
            .map(|(case, missing)| CaseLine {
                id: case.index,
                engines: (missing.len() < engines.len()).then_some(missing),
                commands: &case.case,
            })
            .collect();
        line(&ToWorker::Batch { cases: &cases, steps: false })
    }
}
