//! Resident memory of host and worker over a long campaign.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use gainsay_supervisor::resident_bytes;

use crate::error::BenchError;
use crate::hunting::hunt_once;
use crate::measure::{Measure, ratio};
use crate::options::BenchOptions;

/// Growth that counts as flat: allocators and caches need a while to settle.
const LIMIT: f64 = 1.25;

/// Time between two looks.
const INTERVAL: Duration = Duration::from_millis(100);

pub(crate) fn measure(
    options: &BenchOptions,
    stop: &AtomicBool,
) -> Result<Vec<Measure>, BenchError> {
    let engines = ["reference", "wasmi-eager", "wasmtime-cranelift"];
    let samples: Mutex<Vec<(u64, u64)>> = Mutex::new(Vec::new());
    let ends = AtomicBool::new(false);
    let hunted = thread::scope(|scope| {
        scope.spawn(|| {
            while !ends.load(Ordering::Relaxed) {
                let host = std::process::id();
                let pair = (resident_bytes(host), largest_child(host));
                if let (Some(host), Some(worker)) = pair {
                    samples.lock().unwrap_or_else(PoisonError::into_inner).push((host, worker));
                }
                thread::sleep(INTERVAL);
            }
        });
        let hunted = hunt_once(options, &engines, options.memory_cases, stop);
        ends.store(true, Ordering::Relaxed);
        hunted
    })?;
    let samples = samples.into_inner().unwrap_or_else(PoisonError::into_inner);
    let (host, worker): (Vec<u64>, Vec<u64>) = samples.into_iter().unzip();
    Ok(vec![
        flatness("host_memory", &host, hunted.cases),
        flatness("worker_memory", &worker, hunted.cases),
    ])
}

/// The last tenth of the samples over the second one: the first is start-up.
fn flatness(name: &str, samples: &[u64], cases: u64) -> Measure {
    let tenth = (samples.len() / 10).max(1);
    let mean = |part: &[u64]| part.iter().sum::<u64>() as f64 / part.len().max(1) as f64;
    let early = mean(samples.get(tenth..2 * tenth).unwrap_or(samples));
    let late = mean(&samples[samples.len().saturating_sub(tenth)..]);
    let against = "the same process after a tenth of the cases";
    let mut measure = ratio(name, against, vec![late / early.max(1.0)]);
    measure.limit = Some(LIMIT);
    let slope = (late - early) / (cases as f64 * 0.85).max(1.0);
    for (name, value) in [
        ("early_mib", early / f64::from(1 << 20)),
        ("late_mib", late / f64::from(1 << 20)),
        ("bytes_per_case", slope),
        ("cases", cases as f64),
        ("samples", samples.len() as f64),
    ] {
        measure.details.insert(name.to_owned(), value);
    }
    measure
}

/// Resident memory of the largest child process: the slot's worker. The fourth
/// field of `/proc/PID/stat`, after the name in parentheses, is the parent.
fn largest_child(parent: u32) -> Option<u64> {
    let processes = fs::read_dir("/proc").ok()?;
    let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let is_child = |id: &u32| {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        after_name.split_ascii_whitespace().nth(1) == Some(&parent.to_string())
    };
    ids.filter(is_child).filter_map(resident_bytes).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_shows_and_flatness_too() {
        let flat = flatness("m", &[100; 50], 1000);
        assert_eq!(flat.ratio, 1.0);
        let growing: Vec<u64> = (0..50).map(|sample| 100 + 10 * sample).collect();
        assert!(flatness("m", &growing, 1000).ratio > LIMIT);
    }
}
