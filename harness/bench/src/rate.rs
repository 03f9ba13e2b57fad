//! Useful comparisons per second and job among the reference, wasmi and wasmtime.

use std::sync::atomic::AtomicBool;

use crate::error::BenchError;
use crate::hunting::hunt_once;
use crate::measure::{Measure, ratio};
use crate::options::BenchOptions;

/// Useful comparisons with wasmi per second of wasmtime's own `differential` fuzz
/// target on one such core.
const BASELINE: f64 = 105.0;

pub(crate) fn measure(
    options: &BenchOptions,
    stop: &AtomicBool,
) -> Result<Vec<Measure>, BenchError> {
    let engines = ["reference", "wasmi-eager", "wasmtime-cranelift"];
    let mut ratios = Vec::new();
    let mut details = Vec::new();
    for _ in 0..options.runs {
        let summary = hunt_once(options, &engines, options.cases, stop)?;
        let rate = summary.compared as f64 / summary.seconds.max(1e-9);
        ratios.push(rate / BASELINE);
        details = vec![
            ("useful_per_second", rate),
            ("useful_share", summary.useful_rate),
            ("module_bytes_mean", summary.module_bytes_mean),
            ("calls_compared", summary.calls.compared as f64),
            ("calls_returned", summary.calls.returned as f64),
        ];
    }
    let against = "105 useful comparisons a second, wasmtime's differential fuzz target";
    let mut measure = ratio("useful_rate", against, ratios);
    for (name, value) in details {
        measure.details.insert(name.to_owned(), value);
    }
    Ok(vec![measure])
}
