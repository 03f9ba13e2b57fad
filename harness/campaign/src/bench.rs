//! The speed of the harness and of the reference, as ratios within one run.

mod cache;
mod instance_memory;
mod kernels;
mod lifecycle;
mod memory;
mod overhead;
mod per_module;
mod pool;
mod rate;
mod validation;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use gainsay_case::{Capabilities, Case, Engine, Proposal};
use gainsay_findings::{Budget, ShrinkBounds, Summary, common_capabilities};
use gainsay_generate::Generator;
use serde::{Deserialize, Serialize};

use crate::error::CampaignError;
use crate::hunt::hunt;
use crate::options::{HuntOptions, WorkerOptions};
use crate::progress::Progress;
use crate::registry;

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
    /// Names of the measures or groups of them (`harness`, `runtime`, `host`) wanted; empty
    /// means all.
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

type Run = fn(&BenchOptions, &AtomicBool) -> Result<Vec<Measure>, CampaignError>;

/// Measures that are taken together.
struct Group {
    /// What several groups are called.
    name: &'static str,
    measures: &'static [&'static str],
    run: Run,
}

const fn group(name: &'static str, measures: &'static [&'static str], run: Run) -> Group {
    Group { name, measures, run }
}

// Memory first: the other measures leave engines behind in this process.
const GROUPS: [Group; 10] = [
    group("harness", &["host_memory", "worker_memory"], memory::measure),
    group("harness", &["useful_rate"], rate::measure),
    group("harness", &["hunt_over_engines"], overhead::measure),
    group("runtime", &per_module::NAMES, per_module::measure),
    group("runtime", &["validation"], validation::measure),
    group("runtime", &["kernels"], kernels::measure),
    group("runtime", &["instance_memory"], instance_memory::measure),
    group("host", &pool::NAMES, pool::measure),
    group("host", &cache::NAMES, cache::measure),
    group("host", &lifecycle::NAMES, lifecycle::measure),
];

/// Measure.
///
/// # Errors
/// [`CampaignError`] if an engine or a worker is missing.
pub fn bench(
    options: &BenchOptions,
    stop: &AtomicBool,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<BenchReport, CampaignError> {
    let mut report = BenchReport::default();
    for group in GROUPS {
        let is_wanted = |only: &String| only == group.name || group.measures.contains(&&**only);
        if stop.load(Ordering::Relaxed)
            || !(options.only.is_empty() || options.only.iter().any(is_wanted))
        {
            continue;
        }
        progress(&group.measures.join(", "));
        report.measures.extend((group.run)(options, stop)?);
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

/// What cases may use.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    /// Wasm 2.0.
    Wasm2,
    /// All that the engines have in common.
    Everything,
}

impl Language {
    fn has(self, proposal: Proposal) -> bool {
        self == Language::Everything || Proposal::WASM_2.contains(&proposal)
    }
}

/// The cases that a campaign over these engines begins with.
fn cases(
    engines: &[Box<dyn Engine>],
    language: Language,
    seed: u64,
) -> impl Iterator<Item = Case> + use<> {
    let infos: Vec<_> = engines.iter().map(|engine| engine.info().clone()).collect();
    let mut common: Capabilities = common_capabilities(&infos);
    common.retain(|proposal| language.has(*proposal));
    let generator = Generator::new(&common, seed);
    (0..).map(move |index| generator.case(index).case)
}
