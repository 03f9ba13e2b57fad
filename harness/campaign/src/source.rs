//! The cases that are still to be run, generated or fetched batch by batch.

use std::collections::BTreeMap;
use std::sync::mpsc::SyncSender;

use crate::batch::{BATCH_CASES, Batch, BatchCase};
use crate::cases::Cases;
use crate::ordinals::Ordinals;

/// Makes batches of cases.
pub(crate) struct Source<'a> {
    ordinals: &'a Ordinals<'a>,
    cases: &'a Cases<'a>,
    engines: usize,
}

impl<'a> Source<'a> {
    pub(crate) fn new(
        ordinals: &'a Ordinals<'a>,
        cases: &'a Cases<'a>,
        engines: usize,
    ) -> Source<'a> {
        Source { ordinals, cases, engines }
    }

    /// Generate batches for one slot until there are no more, or the slot is gone.
    pub(crate) fn feed(&self, slot: SyncSender<Batch>) {
        while let Some(batch) = self.next_batch() {
            if slot.send(batch).is_err() {
                return;
            }
        }
    }

    fn next_batch(&self) -> Option<Batch> {
        let ordinals = self.ordinals.next(BATCH_CASES)?;
        let mut batch = Batch {
            ordinals: ordinals.clone(),
            cases: Vec::new(),
            discarded: 0,
            reach: BTreeMap::new(),
        };
        for ordinal in ordinals {
            let index = self.ordinals.index(ordinal);
            let origin = self.cases.at(index);
            let Some(generated) = self.cases.case(origin) else { continue };
            if generated.case.steps.is_empty() {
                batch.discarded += 1;
                continue;
            }
            let reach = &generated.reach;
            let proposals = reach.proposals.iter().map(|proposal| proposal.name());
            for name in proposals.chain(reach.features.iter().copied()) {
                *batch.reach.entry(name.to_owned()).or_default() += 1;
            }
            let group = self.cases.group(origin);
            batch.cases.push(BatchCase::new(index, origin, generated, group, self.engines));
        }
        Some(batch)
    }
}
