//! What a campaign has to be told of a kind of case.
//!
//! Ordinals, interruption, sums, findings, the directory, minimisation while cases run, the
//! canary's place and merging are the campaign's and the same for every kind. How a case is
//! generated, run, judged, made small and written is its [`Workload`]'s.

use std::ops::Range;
use std::sync::atomic::AtomicBool;

use gainsay_findings::{CanaryReport, CaseRef, KnownShape, Minimised, Signature, Totals};

use gainsay_supervisor::WorkerEnd;

use crate::error::CampaignError;
use crate::ordinals::Ordinals;

/// One kind of case.
pub(crate) trait Workload: Sync {
    /// Keep one worker busy with cases until there are no more.
    fn serve(&self, slot: &Slot<'_>) -> Result<(), CampaignError>;

    /// Something that makes witnesses small, for one thread, until `stops` is set.
    fn minimiser<'a>(&'a self, stops: &'a AtomicBool) -> Box<dyn Minimise + 'a>;

    /// The witness as it was generated or stored; `None` if it is not stored here.
    fn as_generated(&self, base: &Signature, witness: CaseRef) -> Option<Minimised>;

    /// How the known bugs of the engines show, so that findings can be told from them; `None`
    /// if it was told to stop. A kind of case without known bugs has none.
    fn known_bugs(&self, stops: &AtomicBool) -> Result<Option<Vec<KnownShape>>, CampaignError> {
        let _ = stops;
        Ok(Some(Vec::new()))
    }

    /// Look for the planted wrong engine in the first cases of the seed, whatever the shard.
    fn find_canary(&self, stops: &AtomicBool) -> CanaryReport;
}

/// Makes witnesses small.
pub(crate) trait Minimise {
    /// The smallest case that shows what a witness showed; `None` if it was told to stop.
    fn minimise(
        &mut self,
        base: &Signature,
        witness: CaseRef,
    ) -> Result<Option<Minimised>, CampaignError>;

    /// Ends of workers that nobody can be blamed for, since this was last asked.
    fn take_incidents(&mut self) -> Vec<WorkerEnd> {
        Vec::new()
    }
}

/// What one worker of a campaign works with.
pub(crate) struct Slot<'a> {
    /// Which cases are still to be run.
    pub(crate) ordinals: &'a Ordinals<'a>,
    /// Set to end soon; what is in flight then may be dropped.
    pub(crate) stops: &'a AtomicBool,
    /// Takes in what was judged.
    pub(crate) record: &'a (dyn Record + Sync),
}

/// Takes in what workers' cases came to.
pub(crate) trait Record {
    /// The cases of these ordinals came to these sums.
    fn record(&self, ordinals: Range<u64>, totals: &Totals);
}
