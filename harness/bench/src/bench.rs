//! Which measures there are, and how they are chosen and taken.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::BenchError;
use crate::measure::{BenchReport, Measure};
use crate::options::BenchOptions;
use crate::{
    cache, instance_memory, kernels, lifecycle, memory, overhead, per_module, pool, rate,
    validation,
};

type Run = fn(&BenchOptions, &AtomicBool) -> Result<Vec<Measure>, BenchError>;

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

/// The names of groups and measures, each once.
pub fn names() -> Vec<&'static str> {
    let mut names = Vec::new();
    for group in &GROUPS {
        names.extend(Some(group.name).filter(|name| !names.contains(name)));
    }
    names.extend(GROUPS.iter().flat_map(|group| group.measures));
    names
}

/// Measure.
///
/// # Errors
/// [`BenchError`] if an engine or a worker is missing.
pub fn bench(
    options: &BenchOptions,
    stop: &AtomicBool,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<BenchReport, BenchError> {
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
