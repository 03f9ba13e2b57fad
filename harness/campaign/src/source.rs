//! The cases of a shard that are still to be run, generated batch by batch.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Mutex, PoisonError};

use gainsay_findings::{PartId, Ranges};

use crate::audience::Audiences;
use crate::batch::{BATCH_CASES, Batch, BatchCase};

/// Hands out ordinals that are not done, in ascending order, to any number of lanes.
pub(crate) struct Source<'a> {
    part: PartId,
    audiences: &'a Audiences,
    engines: usize,
    done: Ranges,
    /// First ordinal beyond the budget.
    end: u64,
    next: Mutex<u64>,
    /// Set when no further batch is to be begun.
    is_over: &'a AtomicBool,
}

impl<'a> Source<'a> {
    pub(crate) fn new(
        part: PartId,
        audiences: &'a Audiences,
        engines: usize,
        done: Ranges,
        end: u64,
        is_over: &'a AtomicBool,
    ) -> Source<'a> {
        Source { part, audiences, engines, done, end, next: Mutex::new(0), is_over }
    }

    /// Generate batches for one lane until there are no more, or the lane is gone.
    pub(crate) fn feed(&self, lane: &SyncSender<Batch>) {
        while let Some(batch) = self.next_batch() {
            if lane.send(batch).is_err() {
                return;
            }
        }
    }

    fn next_batch(&self) -> Option<Batch> {
        if self.is_over.load(Ordering::Relaxed) {
            return None;
        }
        let ordinals = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let ordinals = self.done.gap(*next, BATCH_CASES, self.end)?;
            *next = ordinals.end;
            ordinals
        };
        let mut batch = Batch {
            ordinals: ordinals.clone(),
            cases: Vec::new(),
            discarded: 0,
            reach: BTreeMap::new(),
        };
        for ordinal in ordinals {
            let index = self.part.shard.index(ordinal);
            let generated = self.audiences.case(index);
            if generated.case.steps.is_empty() {
                batch.discarded += 1;
                continue;
            }
            let reach = &generated.reach;
            let proposals = reach.proposals.iter().map(|proposal| proposal.name());
            for name in proposals.chain(reach.features.iter().copied()) {
                *batch.reach.entry(name.to_owned()).or_default() += 1;
            }
            let audience = self.audiences.of(index);
            batch.cases.push(BatchCase::new(index, generated, audience, self.engines));
        }
        Some(batch)
    }
}
