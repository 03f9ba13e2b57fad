//! Campaigns over sequences of operations (`gainsay-lifecycle`).

mod canary;
mod leak;
mod minimiser;
mod record;
mod replay;
mod runner;
mod slot;
mod witness;

use std::sync::atomic::AtomicBool;

use gainsay_findings::{CanaryReport, CaseRef, Manifest, Minimised, Signature};
use gainsay_supervisor::WorkerSpec;

use self::minimiser::SequenceMinimiser;
use self::slot::SequenceSlot;
use crate::error::CampaignError;
use crate::workload::{Minimise, Slot, Workload};

pub(crate) use replay::replay;
pub(crate) use witness::{EXTENSION, as_generated, generated_text};

/// A campaign over sequences.
pub(crate) struct Sequences<'a> {
    worker: &'a WorkerSpec,
    manifest: &'a Manifest,
    seed: u64,
    /// The engines, in the order in which they run.
    ids: Vec<String>,
}

impl<'a> Sequences<'a> {
    pub(crate) fn new(manifest: &'a Manifest, worker: &'a WorkerSpec) -> Sequences<'a> {
        let seed = manifest.parts.first().map_or(0, |part| part.seed);
        let ids = manifest.engines.iter().map(|engine| engine.id.clone()).collect();
        Sequences { worker, manifest, seed, ids }
    }
}

impl Workload for Sequences<'_> {
    fn serve(&self, slot: &Slot<'_>) -> Result<(), CampaignError> {
        let generator = self.manifest.generator;
        SequenceSlot::new(self.worker, &self.ids, self.seed, generator, slot.stops).serve(slot)
    }

    fn minimiser<'s>(&'s self, stops: &'s AtomicBool) -> Box<dyn Minimise + 's> {
        let attempts_max = self.manifest.shrink.attempts_max;
        Box::new(SequenceMinimiser::new(self.worker, &self.ids, attempts_max, stops))
    }

    fn as_generated(&self, base: &Signature, witness: CaseRef) -> Option<Minimised> {
        match witness {
            CaseRef::Stored { .. } => None,
            CaseRef::Generated(witness) => Some(witness::as_generated(base, witness)),
        }
    }

    fn find_canary(&self, stops: &AtomicBool) -> CanaryReport {
        canary::find(self.worker, self.seed, self.manifest.shrink.attempts_max, stops)
    }
}
