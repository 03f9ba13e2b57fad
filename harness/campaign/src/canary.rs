//! The planted wrong engine, which every campaign must catch.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use gainsay_findings::{CanaryReport, Manifest, Minimised, ShrinkBounds, Signature, StoredCases};
use gainsay_oracle::Verdict;
use gainsay_supervisor::WorkerSpec;

use crate::cases::Cases;
use crate::error::CampaignError;
use crate::evaluate::Evaluator;
use crate::judge::Judge;
use crate::setup;
use crate::witnesses::WitnessMinimiser;
use crate::workload::Minimise;

/// The id of the planted engine, and of the one that it runs beside.
const CANARY: &str = "canary";
const REFERENCE: &str = "reference";

/// Cases after which it should long have been caught.
const CASES_MAX: u64 = 6_000;

/// Witnesses minimised at most.
const MINIMISED_MAX: usize = 48;

/// Executions that minimising a witness of it is granted at least.
const ATTEMPTS_MIN: u32 = 1_000;

/// Lines that a minimised case of it may have.
const LINES_MAX: u64 = 10;

/// Look for the planted engine until it is caught twice with one signature and
/// minimised. It gets the first cases of the campaign's seed whatever the
/// shard, so the result is the same for all of them, and none of its outcomes is in any sum.
pub(crate) fn watch(
    manifest: &Manifest,
    worker: &WorkerSpec,
    seed: u64,
    stops: &AtomicBool,
) -> CanaryReport {
    let mut report = CanaryReport { wanted: true, ..CanaryReport::default() };
    match search(manifest, worker, seed, stops, &mut report) {
        Ok(()) => {}
        Err(error) => {
            report.finished = true;
            report.reason = error.to_string();
        }
    }
    report
}

fn search(
    manifest: &Manifest,
    worker: &WorkerSpec,
    seed: u64,
    stops: &AtomicBool,
    report: &mut CanaryReport,
) -> Result<(), CampaignError> {
    let ids = [REFERENCE.to_owned(), CANARY.to_owned()];
    let mut engines = setup::engines(worker, &ids, &manifest.limits)?;
    // Its defect is in plain code, which the cases meant for all engines have most of.
    for engine in &mut engines {
        engine.capabilities = &engine.capabilities & &manifest.capabilities;
    }
    // However little a user wants to spend on a finding, this must come to its end.
    let shrink = ShrinkBounds { attempts_max: manifest.shrink.attempts_max.max(ATTEMPTS_MIN) };
    let pair = Manifest { engines: engines.clone(), shrink, ..manifest.clone() };
    let mut evaluator = Evaluator::new(worker, &manifest.limits, &engines);
    let mut judge = Judge::new(worker, &manifest.limits);
    let stored = StoredCases::default();
    let cases = Cases::new(&engines, seed, manifest.generator, &stored);
    let mut minimiser = WitnessMinimiser::new(&pair, worker, &cases, stops);
    let mut caught: BTreeMap<Signature, Vec<Minimised>> = BTreeMap::new();
    let mut minimised = 0;
    for index in 0..CASES_MAX {
        if stops.load(Ordering::Relaxed) {
            return Ok(());
        }
        report.cases = index + 1;
        let witness = cases.at(index);
        let Some(case) = cases.case(witness).map(|generated| generated.case) else { continue };
        let found = evaluator.run_on_all(&case, &ids, worker.case_time_max).and_then(|runs| {
            let judgement = judge.judge(&case, runs.iter().map(|(engine, ran)| (engine, ran)))?;
            let Verdict::Diverge(divergence) = judgement.verdict else { return Ok(None) };
            minimiser.minimise(&Signature::of(&divergence), witness)
        });
        let found = match found {
            Ok(Some(found)) => found,
            Ok(None) => continue,
            // Somebody kills workers: that says nothing about the canary.
            Err(CampaignError::EngineLost { .. }) => {
                report.lost += 1;
                continue;
            }
            Err(error) => return Err(error),
        };
        minimised += 1;
        let group = caught.entry(found.signature.clone()).or_default();
        group.push(found);
        let smallest = group.iter().min_by_key(|found| (found.after.lines, found.witness));
        if let Some(smallest) = smallest
            && group.len() >= 2
            && smallest.after.lines <= LINES_MAX
        {
            report.caught = true;
            report.finished = true;
            report.signature = smallest.signature.to_string();
            report.lines = smallest.after.lines;
            report.text = smallest.text.clone();
            return Ok(());
        }
        if minimised >= MINIMISED_MAX {
            break;
        }
    }
    report.finished = true;
    report.reason = missed(&caught, report.cases);
    Ok(())
}

/// Why the search came to nothing.
fn missed(caught: &BTreeMap<Signature, Vec<Minimised>>, cases: u64) -> String {
    let all = caught.values().flatten();
    match all.min_by_key(|found| found.after.lines) {
        None => format!("it was not seen in {cases} cases"),
        Some(smallest) => format!(
            "it was seen with {} signatures in {cases} cases, at best in {} lines: {}",
            caught.len(),
            smallest.after.lines,
            smallest.signature
        ),
    }
}
