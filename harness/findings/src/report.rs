//! From sums and minimised witnesses to findings and a summary.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gainsay_case::EngineInfo;
use gainsay_oracle::Tally;

use crate::case_ref::CaseRef;
use crate::finding::{EngineVersion, Finding, KnownFinding};
use crate::known_shapes::{KnownBugRef, KnownShape, recognise};
use crate::minimised::Minimised;
use crate::signature::Signature;
use crate::state::{COMMIT, GAINSAY, Manifest, State};
use crate::summary::{Calls, EngineRun, FORMAT, Summary, Verdicts};
use crate::totals::{Bucket, Totals};
use crate::triage::{Cause, causes};

/// Minimised witnesses by where they come from and what they showed. The same
/// case may be a witness only of one signature, but a merged campaign has many seeds.
pub type Witnesses = BTreeMap<(Signature, CaseRef), Minimised>;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// What nobody knows yet.
    pub new: Vec<Finding>,
    /// Known bugs that were met.
    pub known: Vec<KnownFinding>,
}

/// The findings that follow from the ledger and the witnesses minimised so far.
///
/// This is a function of its arguments alone, and the ledger keeps the lowest
/// witnesses whatever the order they were seen in, so jobs, shards and
/// interruptions make no difference. `raw` makes the witness of a signature of
/// which none is minimised yet.
pub fn findings(
    totals: &Totals,
    witnesses: &Witnesses,
    known: &[KnownShape],
    engines: &[EngineInfo],
    workers: &[Vec<String>],
    raw: &dyn Fn(&Signature, CaseRef) -> Option<Minimised>,
) -> Findings {
    let versions: Vec<EngineVersion> = engines
        .iter()
        .map(|engine| EngineVersion { id: engine.id.clone(), version: engine.version.clone() })
        .collect();
    let mut by_signature: BTreeMap<Signature, (Minimised, u64)> = BTreeMap::new();
    for (base, bucket) in &totals.ledger {
        for (minimised, count) in groups(base, bucket, witnesses, raw) {
            match by_signature.get_mut(&minimised.signature) {
                None => {
                    by_signature.insert(minimised.signature.clone(), (minimised, count));
                }
                Some((known, sum)) => {
                    *sum += count;
                    if (minimised.witness, &minimised.base) < (known.witness, &known.base) {
                        *known = minimised;
                    }
                }
            }
        }
    }
    let (known, new) = without_known(by_signature.into_values(), known, engines);
    let causes = causes(new, engines);
    Findings {
        new: causes.into_iter().map(|cause| finding(cause, &versions, workers)).collect(),
        known,
    }
}

/// Take out what shows a known bug.
fn without_known(
    found: impl IntoIterator<Item = (Minimised, u64)>,
    shapes: &[KnownShape],
    engines: &[EngineInfo],
) -> (Vec<KnownFinding>, Vec<(Minimised, u64)>) {
    let mut known: BTreeMap<KnownBugRef, KnownFinding> = BTreeMap::new();
    let mut new = Vec::new();
    for (minimised, count) in found {
        let Some(bug) = recognise(shapes, &minimised, engines) else {
            new.push((minimised, count));
            continue;
        };
        let met = known.entry(bug.clone()).or_insert_with(|| KnownFinding {
            title: bug.title,
            file: bug.file,
            page: bug.page,
            count: 0,
            signatures: Vec::new(),
            case: minimised.witness,
        });
        met.count += count;
        met.signatures.push(minimised.signature.to_string());
        met.signatures.sort();
        met.case = met.case.min(minimised.witness);
    }
    (known.into_values().collect(), new)
}

/// The distinct final signatures of one signature before minimisation: for each
/// its lowest witness and how many cases it stands for. Cases that were not
/// minimised count for the lowest witness of all.
fn groups(
    base: &Signature,
    bucket: &Bucket,
    witnesses: &Witnesses,
    raw: &dyn Fn(&Signature, CaseRef) -> Option<Minimised>,
) -> Vec<(Minimised, u64)> {
    let mut groups: Vec<(Minimised, u64)> = Vec::new();
    let mut counted = 0;
    for witness in &bucket.witnesses {
        let Some(minimised) = witnesses.get(&(base.clone(), *witness)) else { continue };
        counted += 1;
        match groups.iter_mut().find(|(known, _)| known.signature == minimised.signature) {
            Some((_, count)) => *count += 1,
            None => groups.push((minimised.clone(), 1)),
        }
    }
    if groups.is_empty() {
        let first = bucket.witnesses.first();
        groups.extend(first.and_then(|witness| raw(base, *witness)).map(|raw| (raw, 0)));
    }
    if let Some((_, count)) = groups.first_mut() {
        *count += bucket.count - counted;
    }
    groups
}

fn finding(cause: Cause, engines: &[EngineVersion], workers: &[Vec<String>]) -> Finding {
    let Cause { minimised, count, absorbed } = cause;
    let is_concerned = |engine: &&EngineVersion| minimised.engines.contains(&engine.id);
    let concerned = engines.iter().filter(is_concerned);
    let mut finding = Finding {
        file: format!("findings/{}.{}", minimised.slug(), minimised.extension),
        signature: minimised.signature.to_string(),
        kind: minimised.kind,
        absorbed: absorbed.iter().map(Signature::to_string).collect(),
        count,
        case: minimised.witness,
        detail: minimised.detail,
        engines: match minimised.engines.is_empty() {
            true => engines.to_vec(),
            false => concerned.cloned().collect(),
        },
        minimised: minimised.is_minimised,
        unfinished: minimised.shortfall.map(|shortfall| shortfall.to_string()),
        before: minimised.before,
        after: minimised.after,
        replay: String::new(),
        workers: workers.to_vec(),
        gainsay: GAINSAY.to_owned(),
        commit: COMMIT.map(str::to_owned),
        stderr: minimised.stderr,
        text: minimised.text,
    };
    finding.replay = finding.replay_from(Path::new(""));
    finding
}

/// The summary of a campaign whose findings are these.
pub fn summary(manifest: &Manifest, state: &State, findings: Findings, out: &Path) -> Summary {
    let totals = state.totals();
    let tally = &totals.tally;
    let ratio = |part: u64, whole: u64| rounded(part as f64 / whole.max(1) as f64);
    let canaries = state.parts.iter().map(|part| &part.canary);
    let mut wanted = canaries.filter(|canary| canary.wanted);
    let missed = wanted.clone().find(|canary| !canary.caught);
    let canary = missed.or_else(|| wanted.next()).cloned().unwrap_or_default();
    Summary {
        format: FORMAT,
        kind: manifest.kind,
        seed: state.parts.first().map_or(0, |part| part.id.seed),
        shards: part_names(state),
        budget: Some(manifest.budget),
        cases: tally.cases,
        stored: totals.stored,
        compared: tally.cases_compared,
        verdicts: all_verdicts(&totals),
        engines: engine_runs(manifest, &totals),
        findings: findings.new,
        known: findings.known,
        canary_caught: canary.wanted && canary.caught,
        canary,
        seconds: rounded(state.parts.iter().map(|part| part.seconds).sum()),
        digest: totals.digest.to_string(),
        calls: Calls { compared: tally.calls_compared, returned: tally.calls_returned },
        useful_rate: ratio(tally.cases_compared, tally.cases),
        module_bytes_mean: ratio(totals.module_bytes, totals.modules),
        discarded: totals.discarded.clone(),
        reach: totals.reach.clone(),
        proposals: totals.proposals.clone(),
        incidents: totals.incidents.clone(),
        interrupted: state.parts.iter().any(|part| part.interrupted),
        fault: None,
        out: out.to_owned(),
    }
}

/// The shards; with their seeds if there are several.
fn part_names(state: &State) -> Vec<String> {
    let ids = || state.parts.iter().map(|part| part.id);
    let seeds: BTreeSet<u64> = ids().map(|id| id.seed).collect();
    match seeds.len() {
        0 | 1 => ids().map(|id| id.shard.to_string()).collect(),
        _ => ids().map(|id| id.to_string()).collect(),
    }
}

/// Few enough digits to survive being written and read.
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// Cases per verdict and reason.
pub fn verdicts(tally: &Tally) -> Verdicts {
    Verdicts {
        agree: tally.agree,
        no_call_compared: tally.no_call_compared,
        diverge: tally.diverge.values().sum(),
        allowed: tally.allowed.iter().map(|(reason, n)| (reason.to_string(), *n)).collect(),
        inconclusive: tally
            .inconclusive
            .iter()
            .map(|(reason, n)| (reason.to_string(), *n))
            .collect(),
    }
}

/// The same, with those of sequences.
fn all_verdicts(totals: &Totals) -> Verdicts {
    let mut verdicts = verdicts(&totals.tally);
    verdicts.diverge += totals.failing;
    verdicts.allowed.extend(totals.allowed.clone());
    verdicts.inconclusive.extend(totals.inconclusive.clone());
    verdicts
}

fn engine_runs(manifest: &Manifest, totals: &Totals) -> Vec<EngineRun> {
    let run = |engine: &EngineInfo| {
        let totals = totals.engines.get(&engine.id).cloned().unwrap_or_default();
        EngineRun {
            id: engine.id.clone(),
            version: engine.version.clone(),
            cases: totals.cases,
            seconds: totals.micros as f64 / 1e6,
        }
    };
    manifest.engines.iter().map(run).collect()
}
