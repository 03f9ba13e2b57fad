//! How the documented bugs of released engines show on the engines of a campaign.

use std::sync::atomic::{AtomicBool, Ordering};

use gainsay_findings::{CaseRef, Fingerprint, KnownShape, Manifest, documented_bugs};
use gainsay_supervisor::WorkerSpec;

use crate::error::CampaignError;
use crate::minimise::Minimiser;

/// Make the cases small that document bugs of these engines in these versions. `None` if it
/// was told to stop.
pub(crate) fn shapes(
    manifest: &Manifest,
    worker: &WorkerSpec,
    stops: &AtomicBool,
) -> Result<Option<Vec<KnownShape>>, CampaignError> {
    let Manifest { engines, limits, .. } = manifest;
    // However little a user wants to spend on a finding: what is not small is not recognised.
    let bounds = Default::default();
    let mut minimiser = Minimiser::new(engines, limits, worker, bounds, stops);
    let mut shapes = Vec::new();
    for bug in documented_bugs(engines) {
        // Of its own case, not of one of the campaign's.
        let witness = CaseRef::Stored { hash: Fingerprint::of(bug.name.as_bytes()) };
        shapes.extend(bug.shapes(|case| minimiser.minimise_case(case, witness, &mut |_| {}))?);
        if stops.load(Ordering::Relaxed) {
            return Ok(None);
        }
    }
    Ok(Some(shapes))
}
