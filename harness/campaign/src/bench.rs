//! The speed of the harness and of the reference, as ratios within one run.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use serde::{Deserialize, Serialize};

use crate::error::CampaignError;
use crate::options::WorkerOptions;

/// What to measure.
#[derive(Clone, Debug)]
pub struct BenchOptions {
    /// Cases per run.
    pub cases: u64,
    /// Runs of each measure.
    pub runs: u64,
    /// Cases over which memory is watched.
    pub memory_cases: u64,
    /// Seed of the cases.
    pub seed: u64,
    /// How workers are started and watched.
    pub worker: WorkerOptions,
    /// Names of the measures wanted; empty means all.
    pub only: Vec<String>,
}

impl Default for BenchOptions {
    fn default() -> BenchOptions {
        BenchOptions {
            cases: 2_000,
            runs: 3,
            memory_cases: 20_000,
            seed: 1,
            worker: WorkerOptions::default(),
            only: Vec::new(),
        }
    }
}

/// What was measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BenchReport {
    /// One per measure.
    pub measures: Vec<Measure>,
}

/// One ratio.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What was measured.
    pub name: String,
    /// The median of the runs' ratios.
    pub ratio: f64,
    /// What it is a ratio to.
    pub against: String,
    /// How many runs.
    pub runs: u64,
    /// The lowest ratio.
    pub min: f64,
    /// The highest ratio.
    pub max: f64,
    /// The highest ratio that is good enough, if there is such a limit.
    pub limit: Option<f64>,
    /// Figures beside the ratio, by name with unit: `module_bytes_mean`.
    pub details: BTreeMap<String, f64>,
}

/// Measure.
///
/// # Errors
/// [`CampaignError`] if an engine or a worker is missing.
pub fn bench(
    options: &BenchOptions,
    stop: &AtomicBool,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<BenchReport, CampaignError> {
    let _ = (options, stop, progress);
    Ok(BenchReport::default())
}
