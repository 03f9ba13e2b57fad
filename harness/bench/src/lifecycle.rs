//! Sequences of operations per second on each backend, against what is aimed at.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use gainsay_backends::{find, open};
use gainsay_lifecycle::{Scenario, generate, run};

use crate::error::BenchError;
use crate::measure::{Measure, ratio};
use crate::options::BenchOptions;

/// A backend and how many sequences it should do in a second, all of it in one thread.
struct Aim {
    backend: &'static str,
    measure: &'static str,
    against: &'static str,
    per_second: f64,
    /// It takes one in so many of the sequences asked for: native code takes its time.
    share: u64,
}

const AIMS: [Aim; 3] = [
    Aim {
        backend: "reference",
        measure: "lifecycle_reference",
        against: "the time that 2,000 sequences a second would take",
        per_second: 2_000.0,
        share: 1,
    },
    Aim {
        backend: "wasmi-eager",
        measure: "lifecycle_wasmi",
        against: "the time that 2,000 sequences a second would take",
        per_second: 2_000.0,
        share: 1,
    },
    Aim {
        backend: "wasmtime-cranelift",
        measure: "lifecycle_wasmtime",
        against: "the time that 100 sequences a second would take",
        per_second: 100.0,
        share: 10,
    },
];

pub(crate) const NAMES: [&str; 3] = [AIMS[0].measure, AIMS[1].measure, AIMS[2].measure];

pub(crate) fn measure(
    options: &BenchOptions,
    stop: &AtomicBool,
) -> Result<Vec<Measure>, BenchError> {
    AIMS.iter().map(|aim| aim.measure(options, stop)).collect()
}

impl Aim {
    fn measure(&self, options: &BenchOptions, stop: &AtomicBool) -> Result<Measure, BenchError> {
        let kind = find(self.backend).ok_or_else(|| BenchError::Backend {
            id: self.backend.to_owned(),
            reason: "it has no backend for sequences of operations".to_owned(),
        })?;
        let count = (options.cases / self.share).max(1);
        let scenarios: Vec<Scenario> =
            (0..count).map(|index| generate(options.seed, index)).collect();
        let mut ratios = Vec::new();
        let (mut seconds, mut failures) = (0.0, 0u64);
        for _ in 0..options.runs {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let mut backend = open(kind);
            let start = Instant::now();
            for scenario in &scenarios {
                failures += u64::from(run(scenario, &mut *backend).failure.is_some());
            }
            let time = start.elapsed().as_secs_f64();
            ratios.push(time * self.per_second / count as f64);
            seconds += time;
        }
        let done = count as f64 * ratios.len() as f64;
        let mut measure = ratio(self.measure, self.against, ratios);
        measure.limit = Some(1.0);
        for (name, figure) in [
            ("sequences", count as f64),
            ("sequences_per_second", done / f64::max(seconds, 1e-9)),
            ("failures", failures as f64),
        ] {
            measure.details.insert(name.to_owned(), figure);
        }
        Ok(measure)
    }
}
