//! The kinds of cases that there are.

use gainsay_case::{CaseKind, EngineInfo};
use gainsay_findings::{GeneratedRef, Minimised, Signature};
use gainsay_supervisor::WorkerSpec;

use crate::modules::{self, Modules};
use crate::sequences::{self, Sequences};
use crate::setup::Setup;
use crate::workload::Workload;

/// The workload of a campaign.
pub(crate) fn workload<'a>(setup: &'a Setup, worker: &'a WorkerSpec) -> Box<dyn Workload + 'a> {
    let manifest = &setup.manifest;
    match manifest.kind {
        CaseKind::Modules => Box::new(Modules::new(manifest, worker, &setup.stored)),
        CaseKind::Sequences => Box::new(Sequences::new(manifest, worker)),
    }
}

/// A witness as it was generated, for whoever has no workers.
pub(crate) fn as_generated(
    kind: CaseKind,
    engines: &[EngineInfo],
    base: &Signature,
    witness: GeneratedRef,
) -> Minimised {
    match kind {
        CaseKind::Modules => modules::as_generated(engines, base, witness),
        CaseKind::Sequences => sequences::as_generated(base, witness),
    }
}
