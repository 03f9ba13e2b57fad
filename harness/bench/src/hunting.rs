//! A hunt that is measured.

use std::sync::atomic::AtomicBool;

use gainsay_campaign::{CampaignError, HuntOptions, hunt};
use gainsay_findings::{Budget, Quiet, ShrinkBounds, Summary};

use crate::options::BenchOptions;

/// A campaign with one job and nothing but its cases, in a directory of its own.
pub(crate) fn hunt_once(
    options: &BenchOptions,
    engines: &[&str],
    cases: u64,
    stop: &AtomicBool,
) -> Result<Summary, CampaignError> {
    let directory = tempfile::tempdir().map_err(|source| CampaignError::Storage {
        act: "create",
        path: std::env::temp_dir(),
        source,
    })?;
    let options = HuntOptions {
        engines: engines.iter().map(|id| (*id).to_owned()).collect(),
        budget: Some(Budget::Cases(cases)),
        seed: options.seed,
        jobs: 1,
        out: directory.path().join("campaign"),
        worker: options.worker.clone(),
        canary: false,
        // Findings are not what is measured.
        shrink: ShrinkBounds { attempts_max: 0 },
        ..HuntOptions::default()
    };
    hunt(&options, stop, &Quiet)
}
