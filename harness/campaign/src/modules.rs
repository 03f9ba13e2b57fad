//! Campaigns over modules.

use std::sync::atomic::AtomicBool;
use std::sync::mpsc::sync_channel;
use std::thread;

use gainsay_case::EngineInfo;
use gainsay_findings::{
    CanaryReport, CaseRef, GeneratedRef, KnownShape, Manifest, Minimised, Signature, StoredCases,
};
use gainsay_supervisor::WorkerSpec;

use crate::canary;
use crate::cases::Cases;
use crate::engine_group::EngineGroups;
use crate::error::CampaignError;
use crate::known_bugs;
use crate::source::Source;
use crate::witnesses::WitnessMinimiser;
use crate::worker_slot::{SlotSetup, WorkerSlot};
use crate::workload::{Minimise, Slot, Workload};

/// Batches generated ahead of a slot.
const AHEAD: usize = 3;

/// A campaign over modules.
pub(crate) struct Modules<'a> {
    manifest: &'a Manifest,
    worker: &'a WorkerSpec,
    seed: u64,
    cases: Cases<'a>,
}

impl<'a> Modules<'a> {
    pub(crate) fn new(
        manifest: &'a Manifest,
        worker: &'a WorkerSpec,
        stored: &'a StoredCases,
    ) -> Modules<'a> {
        let seed = manifest.parts.first().map_or(0, |part| part.seed);
        let cases = Cases::new(&manifest.engines, seed, manifest.generator, stored);
        Modules { manifest, worker, seed, cases }
    }
}

impl Workload for Modules<'_> {
    fn serve(&self, slot: &Slot<'_>) -> Result<(), CampaignError> {
        let Manifest { engines, limits, .. } = self.manifest;
        let source = Source::new(slot.ordinals, &self.cases, engines.len());
        let setup = SlotSetup {
            options: self.worker,
            limits,
            engines,
            stop: slot.stops,
            record: slot.record,
        };
        thread::scope(|scope| {
            let (batches, slot) = sync_channel(AHEAD);
            scope.spawn(|| source.feed(batches));
            WorkerSlot::new(setup)?.run(slot)
        })
    }

    fn minimiser<'s>(&'s self, stops: &'s AtomicBool) -> Box<dyn Minimise + 's> {
        Box::new(WitnessMinimiser::new(self.manifest, self.worker, &self.cases, stops))
    }

    fn as_generated(&self, base: &Signature, witness: CaseRef) -> Option<Minimised> {
        let case = self.cases.case(witness)?.case;
        Some(Minimised::as_generated(case, base, witness))
    }

    fn known_bugs(&self, stops: &AtomicBool) -> Result<Option<Vec<KnownShape>>, CampaignError> {
        known_bugs::shapes(self.manifest, self.worker, stops)
    }

    fn find_canary(&self, stops: &AtomicBool) -> CanaryReport {
        canary::watch(self.manifest, self.worker, self.seed, stops)
    }
}

/// A witness as it was generated for these engines.
pub(crate) fn as_generated(
    engines: &[EngineInfo],
    base: &Signature,
    witness: GeneratedRef,
) -> Minimised {
    let case = EngineGroups::new(engines, witness.seed).case(witness.index).case;
    Minimised::as_generated(case, base, CaseRef::Generated(witness))
}
