//! What a campaign over sequences leaves behind.

use std::collections::BTreeMap;

use gainsay_findings::{
    Budget, COMMIT, CanaryReport, Directory, EngineRun, EngineVersion, FORMAT, Finding, GAINSAY,
    Shard, Summary, Verdicts,
};
use gainsay_lifecycle::{Scenario, generate};
use gainsay_reduce::CaseSize;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::ledger::{Found, Ledger};
use super::minimise::Runner;
use super::options::LifecycleOptions;
use super::replay::EXTENSION;
use crate::error::CampaignError;

/// Findings that are minimised; the others are kept as they were generated.
const MINIMISED_MAX: usize = 40;

/// `campaign.json`: what the campaign is.
#[derive(Serialize)]
struct Manifest<'a> {
    format: u32,
    kind: &'static str,
    gainsay: &'a str,
    commit: Option<&'a str>,
    seed: u64,
    budget: Budget,
    engines: &'a [(String, String)],
}

/// How a campaign ended.
pub(super) struct Ending {
    pub(super) canary: CanaryReport,
    pub(super) interrupted: bool,
    pub(super) fault: Option<String>,
    pub(super) seconds: f64,
}

/// Make the campaign's directory.
pub(super) fn prepare(
    options: &LifecycleOptions,
    engines: &[(String, String)],
) -> Result<(), CampaignError> {
    Directory::refuse_if_occupied(&options.out)?;
    let manifest = Manifest {
        format: FORMAT,
        kind: "lifecycle",
        gainsay: GAINSAY,
        commit: COMMIT,
        seed: options.seed,
        budget: options.budget,
        engines,
    };
    Directory::create(&options.out, &manifest)?;
    Ok(())
}

/// Minimise what was found, write everything down, and say what it came to.
pub(super) fn conclude(
    options: &LifecycleOptions,
    engines: &[(String, String)],
    ledger: Ledger,
    ending: Ending,
) -> Result<Summary, CampaignError> {
    let directory = Directory::at(&options.out);
    let mut runner = Runner::new(&options.worker, &options.ids());
    let mut fault = ending.fault;
    let mut findings = Vec::new();
    for (number, (signature, found)) in ledger.found.iter().enumerate() {
        let scenario = generate(options.seed, found.index);
        let is_minimised = number < MINIMISED_MAX && options.shrink.attempts_max > 0;
        let smallest = match is_minimised {
            true => runner.minimise(&scenario, &found.failure, options.shrink.attempts_max),
            false => scenario.clone(),
        };
        let finding = Written { options, engines, signature, found, is_minimised }
            .finding(&scenario, &smallest);
        let json = finding.file.replace(EXTENSION, "json");
        let written = directory
            .write(&finding.file, finding.text.as_bytes())
            .and_then(|()| directory.write_json(&json, &finding));
        if let Err(error) = written {
            fault.get_or_insert_with(|| error.to_string());
        }
        findings.push(finding);
    }
    let canary_caught = ending.canary.caught;
    let mut summary = Summary {
        format: FORMAT,
        seed: options.seed,
        shards: vec![Shard::WHOLE.to_string()],
        cases: ledger.cases,
        compared: ledger.compared,
        useful_rate: ledger.compared as f64 / ledger.cases.max(1) as f64,
        verdicts: verdicts(&ledger),
        engines: runs(engines, &ledger),
        findings,
        canary_caught,
        canary: ending.canary,
        seconds: ending.seconds,
        reach: ledger.tally.endings.clone(),
        incidents: ledger.incidents.clone(),
        interrupted: ending.interrupted,
        fault,
        out: options.out.clone(),
        ..Summary::default()
    };
    if let Err(error) = directory.write_summary(&summary) {
        summary.fault.get_or_insert_with(|| error.to_string());
    }
    Ok(summary)
}

/// Sequences that agreed; operations that ended in an unusual way, or not at all.
fn verdicts(ledger: &Ledger) -> Verdicts {
    Verdicts {
        agree: ledger.cases - ledger.failing,
        diverge: ledger.failing,
        allowed: ledger.tally.allowed.clone(),
        inconclusive: ledger.tally.reasons.clone(),
    }
}

fn runs(engines: &[(String, String)], ledger: &Ledger) -> Vec<EngineRun> {
    let micros: &BTreeMap<String, u64> = &ledger.micros;
    let run = |(id, version): &(String, String)| EngineRun {
        id: id.clone(),
        version: version.clone(),
        cases: ledger.cases,
        seconds: micros.get(id).copied().unwrap_or_default() as f64 / 1e6,
    };
    engines.iter().map(run).collect()
}

struct Written<'a> {
    options: &'a LifecycleOptions,
    engines: &'a [(String, String)],
    signature: &'a str,
    found: &'a Found,
    is_minimised: bool,
}

impl Written<'_> {
    fn finding(&self, scenario: &Scenario, smallest: &Scenario) -> Finding {
        let Written { options, engines, signature, found, is_minimised } = self;
        let kind = found.failure.kind.name();
        let is_of = |(id, _): &&(String, String)| *id == found.failure.backend;
        let version = |(id, version): &(String, String)| EngineVersion {
            id: id.clone(),
            version: version.clone(),
        };
        let text = format!(
            "; {}\n; {signature}\n; seed {}, sequence {}\n{smallest}",
            found.failure, options.seed, found.index
        );
        let mut finding = Finding {
            signature: (*signature).to_owned(),
            kind: kind.to_owned(),
            absorbed: Vec::new(),
            count: found.count,
            file: format!(
                "findings/{kind}-{:08x}.{EXTENSION}",
                xxh3_64(signature.as_bytes()) >> 32
            ),
            seed: options.seed,
            index: found.index,
            detail: found.failure.to_string(),
            engines: engines.iter().filter(is_of).map(version).collect(),
            minimised: *is_minimised,
            before: size(scenario),
            after: size(smallest),
            replay: String::new(),
            gainsay: GAINSAY.to_owned(),
            commit: COMMIT.map(str::to_owned),
            stderr: found.stderr.clone(),
            text,
        };
        finding.replay = finding.replay_from(std::path::Path::new(""));
        finding
    }
}

fn size(scenario: &Scenario) -> CaseSize {
    let steps = scenario.ops.len() as u64;
    CaseSize { steps, lines: steps + 1, ..CaseSize::default() }
}
