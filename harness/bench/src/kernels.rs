//! The reference's time on small loops over wasmi's, where wasmi can run them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gainsay_case::{Engine, Limits, Session, StepFailure, Value};

use crate::engines::open;
use crate::error::BenchError;
use crate::measure::{Measure, ratio};
use crate::options::BenchOptions;

/// How much slower than its fastest peer the reference may be, as a geometric mean.
const LIMIT: f64 = 1.5;

/// Rounds of each run; of each engine the fastest counts, so that other work on the
/// machine does not.
const ROUNDS: u64 = 15;

/// Name and text. The first line, `;; run(N)`, says the argument of the function
/// `run`, which takes an `i32` and returns an `i64`.
const KERNELS: &[(&str, &str)] = &[
    ("fib", include_str!("../../runtime/kernels/fib.wat")),
    ("alu", include_str!("../../runtime/kernels/alu.wat")),
    ("sieve", include_str!("../../runtime/kernels/sieve.wat")),
    ("matmul-i64", include_str!("../../runtime/kernels/matmul-i64.wat")),
    ("matmul-f64", include_str!("../../runtime/kernels/matmul-f64.wat")),
    ("byte-copy", include_str!("../../runtime/kernels/byte-copy.wat")),
    ("indirect", include_str!("../../runtime/kernels/indirect.wat")),
    ("globals", include_str!("../../runtime/kernels/globals.wat")),
    ("simd-f32x4", include_str!("../../runtime/kernels/simd-f32x4.wat")),
    ("simd-i8x16", include_str!("../../runtime/kernels/simd-i8x16.wat")),
    ("exceptions", include_str!("../../runtime/kernels/exceptions.wat")),
    ("no-throw", include_str!("../../runtime/kernels/no-throw.wat")),
    ("trees", include_str!("../../runtime/kernels/trees.wat")),
    ("objects", include_str!("../../runtime/kernels/objects.wat")),
    ("gc-sieve", include_str!("../../runtime/kernels/gc-sieve.wat")),
];

pub(crate) fn measure(
    options: &BenchOptions,
    stop: &AtomicBool,
) -> Result<Vec<Measure>, BenchError> {
    let engines = open(&["reference".to_owned(), "wasmi-eager".to_owned()])?;
    let mut means = Vec::new();
    let mut details = Vec::new();
    for _ in 0..options.runs {
        details.clear();
        let mut logarithms: Vec<f64> = Vec::new();
        for (name, text) in KERNELS {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            match times(&engines, name, text)? {
                [Some(ours), Some(peer)] => {
                    let ratio = ours.as_secs_f64() / peer.as_secs_f64().max(1e-9);
                    logarithms.push(ratio.ln());
                    details.push((format!("{name}_ratio"), ratio));
                }
                [Some(ours), None] => {
                    details.push((format!("{name}_reference_millis"), ours.as_secs_f64() * 1e3));
                }
                _ => details.push((format!("{name}_not_run"), 1.0)),
            }
        }
        let mean = logarithms.iter().sum::<f64>() / logarithms.len().max(1) as f64;
        means.push(mean.exp());
    }
    let mut measure = ratio("kernels", "wasmi-eager, geometric mean over the kernels", means);
    measure.limit = Some(LIMIT);
    measure.details.extend(details);
    Ok(vec![measure])
}

/// The fastest run of each engine; `None` for one that lacks a feature.
fn times(
    engines: &[Box<dyn Engine>],
    name: &str,
    text: &str,
) -> Result<[Option<Duration>; 2], BenchError> {
    let broken = |reason: String| BenchError::Kernel { name: name.to_owned(), reason };
    let binary = wat::parse_str(text).map_err(|error| broken(error.to_string()))?;
    let argument = argument(text).ok_or_else(|| broken("its first line".to_owned()))?;
    let mut sessions: Vec<Option<Box<dyn Session>>> = Vec::new();
    for engine in engines {
        sessions.push(ready(&**engine, &binary).map_err(broken)?);
    }
    let mut fastest = [None; 2];
    for _ in 0..ROUNDS {
        let mut results = Vec::new();
        for (session, fastest) in sessions.iter_mut().zip(&mut fastest) {
            let Some(session) = session else { continue };
            let start = Instant::now();
            let result = session.invoke("k", "run", &[Value::I32(argument)]);
            let time = start.elapsed();
            results.push(result.map_err(|failure| broken(format!("{failure:?}")))?);
            *fastest = Some(fastest.map_or(time, |best: Duration| best.min(time)));
        }
        if results.windows(2).any(|pair| pair[0] != pair[1]) {
            return Err(broken(format!("the engines disagree: {results:?}")));
        }
    }
    Ok(fastest)
}

/// A session with the kernel's instance; `None` if the engine does not have what the
/// kernel needs.
fn ready(engine: &dyn Engine, binary: &[u8]) -> Result<Option<Box<dyn Session>>, String> {
    let mut session = engine.session(&Limits::default())?;
    match session.define("k", binary) {
        Err(StepFailure::Rejected(_) | StepFailure::Unsupported(_)) => return Ok(None),
        defined => defined.map_err(|failure| format!("{failure:?}"))?,
    }
    session.instantiate("k", "k").map_err(|failure| format!("{failure:?}"))?;
    Ok(Some(session))
}

/// What the first line says.
fn argument(text: &str) -> Option<i32> {
    let line = text.lines().next()?;
    line.strip_prefix(";; run(")?.strip_suffix(')')?.replace('_', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kernel_of_the_runtime_is_measured() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/kernels");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let mut measured: Vec<String> =
            KERNELS.iter().map(|(name, _)| format!("{name}.wat")).collect();
        measured.sort();
        assert_eq!(measured, names);
        for (name, text) in KERNELS {
            assert!(argument(text).is_some(), "{name}");
            wat::parse_str(text).unwrap();
        }
    }
}
