//! The reference's time per case over that of wasmi, from decoding to the last call.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gainsay_case::{Limits, execute};

use super::{BenchOptions, Measure, cases, measure as ratio, open};
use crate::error::CampaignError;

/// How much slower than its fastest peer the reference may be.
const LIMIT: f64 = 1.5;

pub(super) fn measure(
    options: &BenchOptions,
    stop: &AtomicBool,
) -> Result<Vec<Measure>, CampaignError> {
    let engines = open(&["reference".to_owned(), "wasmi-eager".to_owned()])?;
    let cases: Vec<_> = cases(&engines, options.seed).take(options.cases as usize).collect();
    let mut ratios = Vec::new();
    let mut totals = [Duration::ZERO; 2];
    for _ in 0..options.runs {
        let mut times = [Duration::ZERO; 2];
        // Turn by turn, so that what else the machine does meets both alike.
        for case in &cases {
            for (engine, time) in engines.iter().zip(&mut times) {
                let start = Instant::now();
                let outcome = execute(&**engine, case, &Limits::default());
                *time += start.elapsed();
                drop(outcome);
            }
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        ratios.push(times[0].as_secs_f64() / times[1].as_secs_f64().max(1e-9));
        totals[0] += times[0];
        totals[1] += times[1];
    }
    let modules: u64 = cases.iter().map(|case| case.modules().count() as u64).sum();
    let per_module =
        |time: Duration| time.as_secs_f64() * 1e6 / (modules * options.runs).max(1) as f64;
    let mut measure = ratio("reference_per_module", "wasmi-eager, on the same cases", ratios);
    measure.limit = Some(LIMIT);
    measure.details.insert("modules".to_owned(), modules as f64);
    measure.details.insert("reference_micros".to_owned(), per_module(totals[0]));
    measure.details.insert("wasmi_eager_micros".to_owned(), per_module(totals[1]));
    Ok(vec![measure])
}
