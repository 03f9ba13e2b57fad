//! The speed of the harness and of the reference, as ratios within one run.

mod memory;
mod overhead;
mod per_module;
mod rate;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use gainsay_case::{Case, Engine};
use gainsay_generate::Generator;
use serde::{Deserialize, Serialize};

use crate::error::CampaignError;
use crate::hunt::hunt;
use crate::options::{Budget, HuntOptions, ShrinkBounds, WorkerOptions};
use crate::progress::Progress;
use crate::registry;
use crate::state::common_capabilities;
use crate::summary::Summary;

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

impl Measure {
    /// Whether the ratio is within its limit, if it has one.
    pub fn holds(&self) -> bool {
        self.limit.is_none_or(|limit| self.ratio <= limit)
    }
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
    type Run = fn(&BenchOptions, &AtomicBool) -> Result<Vec<Measure>, CampaignError>;
    // Memory first: the other measures leave engines behind in this process.
    const MEASURES: [(&[&str], Run); 4] = [
        (&["host_memory", "worker_memory"], memory::measure),
        (&["useful_rate"], rate::measure),
        (&["reference_per_module"], per_module::measure),
        (&["hunt_over_engines"], overhead::measure),
    ];
    let mut report = BenchReport::default();
    for (names, run) in MEASURES {
        let is_wanted = |name: &&str| options.only.iter().any(|only| only == name);
        if stop.load(Ordering::Relaxed) || !(options.only.is_empty() || names.iter().any(is_wanted))
        {
            continue;
        }
        progress(&names.join(", "));
        report.measures.extend(run(options, stop)?);
    }
    Ok(report)
}

/// The measure that these ratios make.
fn measure(name: &str, against: &str, mut ratios: Vec<f64>) -> Measure {
    ratios.sort_by(f64::total_cmp);
    Measure {
        name: name.to_owned(),
        against: against.to_owned(),
        ratio: ratios.get(ratios.len() / 2).copied().unwrap_or_default(),
        runs: ratios.len() as u64,
        min: ratios.first().copied().unwrap_or_default(),
        max: ratios.last().copied().unwrap_or_default(),
        limit: None,
        details: BTreeMap::new(),
    }
}

/// A campaign with one job and nothing but its cases, in a directory of its own.
fn hunt_once(
    options: &BenchOptions,
    engines: &[&str],
    cases: u64,
    stop: &AtomicBool,
    progress: &(dyn Fn(&Progress) + Sync),
) -> Result<Summary, CampaignError> {
    let directory = tempfile::tempdir().map_err(|source| CampaignError::Storage {
        act: "create",
        path: std::env::temp_dir(),
        source,
    })?;
    let options = HuntOptions {
        engines: engines.iter().map(|id| (*id).to_owned()).collect(),
        budget: Budget::Cases(cases),
        seed: options.seed,
        jobs: 1,
        out: directory.path().join("campaign"),
        worker: options.worker.clone(),
        canary: false,
        // Findings are not what is measured.
        shrink: ShrinkBounds { attempts_max: 0 },
        ..HuntOptions::default()
    };
    hunt(&options, stop, progress)
}

/// Engines in this process.
fn open(ids: &[String]) -> Result<Vec<Box<dyn Engine>>, CampaignError> {
    let mut found = registry::find(ids, None);
    match found.missing.pop() {
        Some(missing) => {
            Err(CampaignError::EngineMissing { id: missing.id, reason: missing.reason })
        }
        None => Ok(found.engines),
    }
}

/// The cases that a campaign over these engines begins with.
fn cases(engines: &[Box<dyn Engine>], seed: u64) -> impl Iterator<Item = Case> + use<> {
    let infos: Vec<_> = engines.iter().map(|engine| engine.info().clone()).collect();
    let generator = Generator::new(&common_capabilities(&infos), seed);
    (0..).map(move |index| generator.case(index).case)
}
