//! The time of a hunt with one job over the sum of the bare engines' times.

use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use gainsay_case::{Limits, execute};

use crate::engines::{Language, cases, open};
use crate::error::BenchError;
use crate::hunting::hunt_once;
use crate::measure::{Measure, ratio};
use crate::options::BenchOptions;

/// What isolation, generation, transport and judging may cost.
const LIMIT: f64 = 1.15;

/// All embedded engines but the two that abort the process in cases with shared memories
/// (`reports/trophies`): bare engines have no process of their own.
const ENGINES: [&str; 5] =
    ["reference", "wasmi-eager", "wasmi-lazy", "wasmtime-pulley", "wasmtime-pooling"];

pub(crate) fn measure(
    options: &BenchOptions,
    stop: &AtomicBool,
) -> Result<Vec<Measure>, BenchError> {
    let ids = ENGINES.map(str::to_owned);
    let engines = open(&ids)?;
    let names: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut ratios = Vec::new();
    let (mut bare_total, mut hunt_total) = (0.0, 0.0);
    for _ in 0..options.runs {
        let mut bare = Duration::ZERO;
        for case in cases(&engines, Language::Everything, options.seed).take(options.cases as usize)
        {
            for engine in &engines {
                let start = Instant::now();
                let outcome = execute(&**engine, &case, &Limits::default());
                bare += start.elapsed();
                drop(outcome);
            }
        }
        let start = Instant::now();
        hunt_once(options, &names, options.cases, stop)?;
        let hunt = start.elapsed();
        bare_total += bare.as_secs_f64();
        hunt_total += hunt.as_secs_f64();
        ratios.push(hunt.as_secs_f64() / bare.as_secs_f64().max(1e-9));
    }
    let against = "the bare engines in one process, on the same cases";
    let mut measure = ratio("hunt_over_engines", against, ratios);
    measure.limit = Some(LIMIT);
    measure.details.insert("cases".to_owned(), options.cases as f64);
    measure.details.insert("engines".to_owned(), engines.len() as f64);
    measure.details.insert("bare_seconds".to_owned(), bare_total);
    measure.details.insert("hunt_seconds".to_owned(), hunt_total);
    Ok(vec![measure])
}
