//! What a user asks of a campaign over sequences of operations.

use std::path::PathBuf;

use gainsay_findings::{Budget, ShrinkBounds};
use gainsay_supervisor::WorkerSpec;

/// What to hunt, for how long, and where to keep it.
#[derive(Clone, Debug)]
pub struct LifecycleOptions {
    /// Ids of the backends; empty means the usual ones.
    pub engines: Vec<String>,
    /// When to stop.
    pub budget: Budget,
    /// Everything that is generated follows from it.
    pub seed: u64,
    /// Worker processes; 0 means one per core.
    pub jobs: usize,
    /// The campaign's directory.
    pub out: PathBuf,
    /// How workers are started and watched.
    pub worker: WorkerSpec,
    /// Whether the planted wrong backend must be caught.
    pub canary: bool,
    /// Bounds of the minimisation of each finding.
    pub shrink: ShrinkBounds,
}

impl LifecycleOptions {
    /// The arguments with which a worker for sequences is started, where the program is
    /// this one.
    pub const WORKER_ARGS: [&str; 2] = ["worker", "--lifecycle"];

    /// The ids of the backends.
    pub(crate) fn ids(&self) -> Vec<String> {
        ids(&self.engines)
    }
}

/// The full ids of the backends asked for, or of the usual ones.
pub(crate) fn ids(asked: &[String]) -> Vec<String> {
    let usual = || gainsay_lifecycle::known().iter().filter(|kind| kind.is_default);
    match asked {
        [] => usual().map(|kind| kind.id.to_owned()).collect(),
        asked => asked.iter().map(|id| gainsay_lifecycle::full_id(id).to_owned()).collect(),
    }
}
