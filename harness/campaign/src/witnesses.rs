//! Minimises the witnesses of a campaign, one at a time.

use std::sync::atomic::AtomicBool;

use gainsay_findings::{CaseRef, Manifest, Minimised, Shortfall, Signature};
use gainsay_supervisor::{WorkerEnd, WorkerSpec};

use crate::cases::Cases;
use crate::error::CampaignError;
use crate::minimal::damaged_by;
use crate::minimise::Minimiser;
use crate::workload::Minimise;

/// Minimises the witnesses of a campaign, one at a time.
pub(crate) struct WitnessMinimiser<'a> {
    minimiser: Minimiser<'a>,
    manifest: &'a Manifest,
    cases: &'a Cases<'a>,
}

impl<'a> WitnessMinimiser<'a> {
    pub(crate) fn new(
        manifest: &'a Manifest,
        worker: &WorkerSpec,
        cases: &'a Cases<'a>,
        stops: &'a AtomicBool,
    ) -> WitnessMinimiser<'a> {
        let Manifest { engines, limits, shrink, .. } = manifest;
        let minimiser = Minimiser::new(engines, limits, worker, *shrink, stops);
        WitnessMinimiser { minimiser, manifest, cases }
    }
}

impl Minimise for WitnessMinimiser<'_> {
    fn minimise(
        &mut self,
        base: &Signature,
        witness: CaseRef,
    ) -> Result<Option<Minimised>, CampaignError> {
        let Some(case) = self.cases.case(witness) else { return Ok(None) };
        let (case, engines) = (case.case, &self.cases.group(witness).ids);
        let minimiser = &mut self.minimiser;
        let minimised = minimiser.minimise_for(&case, engines, Some(base), witness, &mut |_| {})?;
        if minimiser.is_stopped() {
            // It is done again when the campaign is resumed, and comes to the same.
            return Ok(None);
        }
        if minimised.is_some() {
            return Ok(minimised);
        }
        let runs = minimiser.runs(&case, engines)?;
        let damage = damaged_by(&case, &runs, &self.manifest.engines, base);
        let shortfall = Some(Shortfall::NotShown);
        Ok(Some(Minimised { shortfall, damage, ..Minimised::as_generated(case, base, witness) }))
    }

    fn take_incidents(&mut self) -> Vec<WorkerEnd> {
        self.minimiser.take_incidents()
    }
}
