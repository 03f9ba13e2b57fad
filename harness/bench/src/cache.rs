//! The host's cache of modules: what a hit saves, and what threads that look up at the same
//! time cost each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use gainsay_host::{ModuleCache, ModuleHandle};
use gainsay_runtime::Config;

use crate::engines::{Language, cases, open};
use crate::error::BenchError;
use crate::measure::{Measure, ratio};
use crate::options::BenchOptions;

/// Modules that are looked up, the first of the corpus.
const MODULES: usize = 64;

/// Numbers of threads beside one.
const THREADS: [usize; 2] = [2, 8];

pub(crate) const NAMES: [&str; 3] =
    ["warm_cache_over_cold", "cache_lookups_2_threads", "cache_lookups_8_threads"];

pub(crate) fn measure(
    options: &BenchOptions,
    stop: &AtomicBool,
) -> Result<Vec<Measure>, BenchError> {
    let modules = modules(options)?;
    let mut ratios: [Vec<f64>; 3] = Default::default();
    let mut warm_micros = 0.0;
    let mut rates = [0.0; 1 + THREADS.len()];
    for _ in 0..options.runs {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let cache = Arc::new(ModuleCache::new());
        let start = Instant::now();
        let handles = look_up(&cache, &modules);
        let cold = start.elapsed();
        let start = Instant::now();
        drop(look_up(&cache, &modules));
        let warm = start.elapsed();
        ratios[0].push(warm.as_secs_f64() / cold.as_secs_f64().max(1e-9));
        warm_micros = warm.as_secs_f64() * 1e6 / modules.len().max(1) as f64;
        let rounds = (options.cases as usize / modules.len().max(1)).max(1);
        rates[0] = lookups_per_second(&cache, &modules, 1, rounds);
        for (at, threads) in THREADS.into_iter().enumerate() {
            rates[at + 1] = lookups_per_second(&cache, &modules, threads, rounds);
            ratios[at + 1].push(rates[at + 1] / rates[0].max(1e-9));
        }
        drop(handles);
    }
    let [warm, two, eight] = ratios;
    let mut warm = ratio(NAMES[0], "compiling the same modules", warm);
    warm.details.insert("modules".to_owned(), modules.len() as f64);
    warm.details.insert("warm_micros".to_owned(), warm_micros);
    let per_thread = |at: usize, ratios| {
        let mut measure = ratio(NAMES[at], "look-ups per second of one thread", ratios);
        measure.details.insert("lookups_per_second".to_owned(), rates[at]);
        measure.details.insert("lookups_per_second_1_thread".to_owned(), rates[0]);
        measure
    };
    Ok(vec![warm, per_thread(1, two), per_thread(2, eight)])
}

/// Modules that the reference takes.
fn modules(options: &BenchOptions) -> Result<Arc<[Vec<u8>]>, BenchError> {
    let engines = open(&["reference".to_owned()])?;
    let cases = cases(&engines, Language::Wasm2, options.seed);
    let binaries = cases.filter_map(|case| case.modules().next().map(|(_, bytes)| bytes.to_vec()));
    let cache = ModuleCache::new();
    let valid = binaries.filter(|bytes| cache.compile(&Config::default(), bytes).is_ok());
    Ok(valid.take(MODULES).collect())
}

/// A handle to each module.
fn look_up(cache: &ModuleCache, modules: &[Vec<u8>]) -> Vec<ModuleHandle> {
    let config = Config::default();
    modules.iter().filter_map(|bytes| cache.compile(&config, bytes).ok()).collect()
}

/// Of all threads together, each of which looks up all modules so many times.
fn lookups_per_second(
    cache: &Arc<ModuleCache>,
    modules: &Arc<[Vec<u8>]>,
    threads: usize,
    rounds: usize,
) -> f64 {
    let start = Instant::now();
    let threads: Vec<_> = (0..threads)
        .map(|_| {
            let (cache, modules) = (Arc::clone(cache), Arc::clone(modules));
            let look = move |_| look_up(&cache, &modules).len();
            thread::spawn(move || (0..rounds).map(look).sum::<usize>())
        })
        .collect();
    let lookups: usize = threads.into_iter().filter_map(|thread| thread.join().ok()).sum();
    let seconds = start.elapsed().max(Duration::from_nanos(1)).as_secs_f64();
    lookups as f64 / seconds
}
