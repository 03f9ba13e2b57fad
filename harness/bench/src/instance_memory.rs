//! Peak memory of one instance on the reference over that of wasmi.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gainsay_campaign::Supervised;
use gainsay_case::{Case, Engine, EngineInfo, Limits, Step};

use crate::engines::{Language, cases, open};
use crate::error::BenchError;
use crate::measure::{Measure, ratio};
use crate::options::BenchOptions;

/// How much more than its peer the reference may take.
const LIMIT: f64 = 1.5;

/// Instances over whose number the difference is divided.
const INSTANCES: usize = 400;

/// Modules of the corpus that are instantiated; each run takes the next ones.
const MODULES: usize = 5;

pub(crate) fn measure(
    options: &BenchOptions,
    stop: &AtomicBool,
) -> Result<Vec<Measure>, BenchError> {
    const IDS: [&str; 2] = ["reference", "wasmi-eager"];
    let ids = IDS.map(str::to_owned);
    let engines = open(&ids)?;
    let infos: Vec<EngineInfo> = engines.iter().map(|engine| engine.info().clone()).collect();
    let modules = modules(&engines, options);
    let mut ratios = Vec::new();
    let mut totals = [0.0; 2];
    for run in modules.chunks(MODULES) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let mut bytes = [0.0; 2];
        for (info, bytes) in infos.iter().zip(&mut bytes) {
            for module in run {
                *bytes += bytes_per_instance(options, info, module)?;
            }
        }
        ratios.push(bytes[0] / bytes[1].max(1.0));
        totals[0] += bytes[0];
        totals[1] += bytes[1];
    }
    let mut measure = ratio("instance_memory", "wasmi-eager, the same instances", ratios);
    measure.limit = Some(LIMIT);
    let mean = |total: f64| total / modules.len().max(1) as f64;
    for (name, figure) in [
        ("modules", modules.len() as f64),
        ("instances_of_each", INSTANCES as f64),
        ("reference_bytes", mean(totals[0])),
        ("peer_bytes", mean(totals[1])),
    ] {
        measure.details.insert(name.to_owned(), figure);
    }
    Ok(vec![measure])
}

/// The first modules that instantiate by themselves on both.
fn modules(engines: &[Box<dyn Engine>], options: &BenchOptions) -> Vec<Arc<[u8]>> {
    let instantiates = |module: &Arc<[u8]>| {
        engines.iter().all(|engine| {
            let Ok(mut session) = engine.session(&Limits::default()) else { return false };
            session.define("m", module).is_ok() && session.instantiate("m", "m").is_ok()
        })
    };
    let cases = cases(engines, Language::Wasm2, options.seed);
    cases
        .filter_map(|case| case.modules().next().map(|(_, bytes)| bytes.clone()))
        .filter(instantiates)
        .take(MODULES * options.runs as usize)
        .collect()
}

/// What a worker's peak grows by from one instance to many, over their number.
fn bytes_per_instance(
    options: &BenchOptions,
    info: &EngineInfo,
    module: &Arc<[u8]>,
) -> Result<f64, BenchError> {
    let peak = |instances: usize| -> Result<f64, BenchError> {
        let mut engine = Supervised::open(&info.id, &Limits::default(), &options.worker)?;
        engine.run(&instantiated(module, instances))?;
        Ok(engine.peak_bytes().unwrap_or_default() as f64)
    };
    Ok(((peak(INSTANCES)? - peak(1)?) / (INSTANCES - 1) as f64).max(0.0))
}

fn instantiated(module: &Arc<[u8]>, instances: usize) -> Case {
    let define = Step::Define { module: "m".to_owned(), bytes: module.clone() };
    let instantiate = |number: usize| Step::Instantiate {
        module: "m".to_owned(),
        instance: format!("i{number}"),
    };
    Case { steps: std::iter::once(define).chain((0..instances).map(instantiate)).collect() }
}
