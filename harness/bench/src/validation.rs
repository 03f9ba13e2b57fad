//! The time of the reference's front end over that of wasmparser's validator on the
//! same modules. The front end lowers to executable code in the same pass;
//! wasmparser emits nothing.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gainsay_engines::validity;

use crate::engines::{Language, cases, open};
use crate::error::BenchError;
use crate::measure::{Measure, ratio};
use crate::options::BenchOptions;

/// How much slower than its peer the front end may be.
const LIMIT: f64 = 1.0;

/// Rounds over all modules in each run.
const ROUNDS: u32 = 3;

pub(crate) fn measure(
    options: &BenchOptions,
    stop: &AtomicBool,
) -> Result<Vec<Measure>, BenchError> {
    let engines = open(&["reference".to_owned()])?;
    let mut modules: Vec<Vec<u8>> = Vec::new();
    for case in cases(&engines, Language::Everything, options.seed).take(options.cases as usize) {
        modules.extend(case.modules().map(|(_, bytes)| bytes.to_vec()));
    }
    let mut ratios = Vec::new();
    let (mut ours, mut peer) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..options.runs {
        let mut times = [Duration::ZERO; 2];
        for module in modules.iter().flat_map(|module| (0..ROUNDS).map(move |_| module)) {
            times[0] += time(|| validity::reference(module).is_ok());
            times[1] += time(|| validity::wasmparser(module).is_ok());
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        ratios.push(times[0].as_secs_f64() / times[1].as_secs_f64().max(1e-9));
        ours += times[0];
        peer += times[1];
    }
    let bytes: usize = modules.iter().map(Vec::len).sum();
    let validated = (bytes as u64 * u64::from(ROUNDS) * options.runs) as f64 / f64::from(1 << 20);
    let mut measure = ratio("validation", "wasmparser, which emits no code", ratios);
    measure.limit = Some(LIMIT);
    for (name, figure) in [
        ("modules", modules.len() as f64),
        ("module_bytes_mean", bytes as f64 / modules.len().max(1) as f64),
        ("reference_mib_per_second", validated / ours.as_secs_f64().max(1e-9)),
        ("wasmparser_mib_per_second", validated / peer.as_secs_f64().max(1e-9)),
    ] {
        measure.details.insert(name.to_owned(), figure);
    }
    Ok(vec![measure])
}

fn time(act: impl FnOnce() -> bool) -> Duration {
    let start = Instant::now();
    black_box(act());
    start.elapsed()
}
