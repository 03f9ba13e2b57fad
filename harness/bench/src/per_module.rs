//! The reference's time per case over that of its fastest peer, from decoding to the
//! last call, on three corpora.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gainsay_case::{Case, Engine, Limits, execute};

use crate::engines::{Language, cases, open};
use crate::error::BenchError;
use crate::measure::{Measure, ratio};
use crate::options::BenchOptions;

/// How much slower than its peer the reference may be.
const LIMIT: f64 = 1.0;

/// Cases among which a corpus may look for those it wants, for each that it takes.
const CANDIDATES: usize = 400;

/// What is run, and beside whom.
struct Corpus {
    name: &'static str,
    against: &'static str,
    peer: &'static str,
    language: Language,
    /// The mean size in bytes of a case's modules.
    module_bytes: RangeInclusive<usize>,
    /// A run takes one case in so many of those asked for: big ones take longer.
    share: u64,
}

const CORPORA: [Corpus; 3] = [
    Corpus {
        name: "reference_per_module",
        against: "wasmi-eager, on the same cases of Wasm 2.0",
        peer: "wasmi-eager",
        language: Language::Wasm2,
        module_bytes: 0..=usize::MAX,
        share: 1,
    },
    Corpus {
        name: "reference_per_module_8k",
        against: "wasmi-eager, on cases of Wasm 2.0 with modules of about 8 KiB",
        peer: "wasmi-eager",
        language: Language::Wasm2,
        module_bytes: 5 << 10..=12 << 10,
        share: 20,
    },
    Corpus {
        name: "reference_per_module_full",
        against: "wasmtime-cranelift, on cases of all that both have",
        peer: "wasmtime-cranelift",
        language: Language::Everything,
        module_bytes: 0..=usize::MAX,
        share: 4,
    },
];

pub(crate) const NAMES: [&str; 3] = [CORPORA[0].name, CORPORA[1].name, CORPORA[2].name];

pub(crate) fn measure(
    options: &BenchOptions,
    stop: &AtomicBool,
) -> Result<Vec<Measure>, BenchError> {
    CORPORA.iter().map(|corpus| corpus.measure(options, stop)).collect()
}

impl Corpus {
    fn measure(&self, options: &BenchOptions, stop: &AtomicBool) -> Result<Measure, BenchError> {
        let engines = open(&["reference".to_owned(), self.peer.to_owned()])?;
        let cases = self.cases(&engines, options);
        let mut ratios = Vec::new();
        let mut totals = [Duration::ZERO; 2];
        for _ in 0..options.runs {
            let times = turn_by_turn(&engines, &cases, stop);
            ratios.push(times[0].as_secs_f64() / times[1].as_secs_f64().max(1e-9));
            totals[0] += times[0];
            totals[1] += times[1];
        }
        let modules: u64 = cases.iter().map(|case| case.modules().count() as u64).sum();
        let bytes: usize = cases.iter().flat_map(Case::modules).map(|(_, bytes)| bytes.len()).sum();
        let micros =
            |time: Duration| time.as_secs_f64() * 1e6 / (modules * options.runs).max(1) as f64;
        let mut measure = ratio(self.name, self.against, ratios);
        measure.limit = Some(LIMIT);
        for (name, figure) in [
            ("modules", modules as f64),
            ("module_bytes_mean", bytes as f64 / modules.max(1) as f64),
            ("reference_micros", micros(totals[0])),
            ("peer_micros", micros(totals[1])),
        ] {
            measure.details.insert(name.to_owned(), figure);
        }
        Ok(measure)
    }

    fn cases(&self, engines: &[Box<dyn Engine>], options: &BenchOptions) -> Vec<Case> {
        let wanted = (options.cases / self.share).max(1) as usize;
        cases(engines, self.language, options.seed)
            .take(wanted * CANDIDATES)
            .filter(|case| self.module_bytes.contains(&mean_bytes(case)))
            .take(wanted)
            .collect()
    }
}

/// The time of each engine; they take turns at each case, so that what else the
/// machine does meets both alike.
fn turn_by_turn(engines: &[Box<dyn Engine>], cases: &[Case], stop: &AtomicBool) -> [Duration; 2] {
    let mut times = [Duration::ZERO; 2];
    for case in cases {
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
    times
}

fn mean_bytes(case: &Case) -> usize {
    let sizes: Vec<usize> = case.modules().map(|(_, bytes)| bytes.len()).collect();
    sizes.iter().sum::<usize>() / sizes.len().max(1)
}
