//! The planted wrong backend, which every campaign must catch.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use gainsay_findings::{CanaryReport, Signature};
use gainsay_lifecycle::generate;
use gainsay_supervisor::WorkerSpec;

use super::minimiser::SequenceMinimiser;
use super::runner::Runner;
use super::witness::signature;
use crate::error::CampaignError;

/// The id of the planted backend.
const CANARY: &str = "canary";

/// Sequences within which it must show twice with one signature.
const CASES_MAX: u64 = 20_000;

/// What is left of a sequence that shows the planted fault: an engine, a module, a store, an
/// instance, and two runs of it.
const OPERATIONS_MAX: usize = 8;

/// Attempts that minimising it is given at least.
const ATTEMPTS_MIN: u32 = 500;

/// Look for the planted backend until it shows twice with one signature, and minimise that.
pub(super) fn find(
    worker: &WorkerSpec,
    seed: u64,
    attempts_max: u32,
    stops: &AtomicBool,
) -> CanaryReport {
    let mut report = CanaryReport { wanted: true, ..CanaryReport::default() };
    if let Err(error) = search(worker, seed, attempts_max, stops, &mut report) {
        report.finished = true;
        report.reason = error.to_string();
    }
    report
}

fn search(
    worker: &WorkerSpec,
    seed: u64,
    attempts_max: u32,
    stops: &AtomicBool,
    report: &mut CanaryReport,
) -> Result<(), CampaignError> {
    let ids = [CANARY.to_owned()];
    let mut runner = Runner::new(worker, &ids, Some(stops));
    // By signature, the lowest sequence that showed it.
    let mut first_shown: BTreeMap<Signature, u64> = BTreeMap::new();
    for index in 0..CASES_MAX {
        if stops.load(Ordering::Relaxed) {
            return Ok(());
        }
        let ran = runner.run(&generate(seed, index), &ids, 1, worker.case_time_max)?;
        for shown in ran.result.failures.iter().map(signature) {
            let Some(first) = first_shown.get(&shown) else {
                first_shown.insert(shown, index);
                continue;
            };
            let attempts = attempts_max.max(ATTEMPTS_MIN);
            let mut minimiser = SequenceMinimiser::new(worker, &ids, attempts, stops);
            let smallest = minimiser.smallest(&generate(seed, *first), &shown)?;
            if stops.load(Ordering::Relaxed) {
                return Ok(());
            }
            let Some((smallest, _)) = smallest else { continue };
            report.caught = smallest.ops.len() <= OPERATIONS_MAX;
            report.finished = true;
            report.cases = index + 1;
            report.signature = shown.to_string();
            report.lines = smallest.ops.len() as u64;
            report.text = smallest.to_string();
            if !report.caught {
                report.reason = format!("{} operations are left of it", report.lines);
            }
            return Ok(());
        }
    }
    report.finished = true;
    report.reason = format!("it did not show twice in {CASES_MAX} sequences");
    Ok(())
}
