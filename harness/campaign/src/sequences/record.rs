//! Sequences as parts of a campaign's sums.

use std::collections::BTreeMap;

use gainsay_findings::{CaseRef, GeneratedRef, Totals};
use gainsay_protocol::SequenceResult;
use xxhash_rust::xxh3::Xxh3;

use super::witness::signature;

/// Add a finished sequence.
pub(super) fn record(totals: &mut Totals, witness: GeneratedRef, result: &SequenceResult) {
    totals.tally.cases += 1;
    totals.tally.cases_compared += u64::from(result.compared);
    match result.failures.is_empty() {
        true => totals.tally.agree += 1,
        false => totals.failing += 1,
    }
    for failure in &result.failures {
        totals.note(signature(failure), CaseRef::Generated(witness));
    }
    add(&mut totals.reach, &result.tally.endings);
    add(&mut totals.allowed, &result.tally.allowed);
    add(&mut totals.inconclusive, &result.tally.reasons);
    for (engine, micros) in &result.spent {
        let sums = totals.engines.entry(engine.clone()).or_default();
        sums.cases += 1;
        sums.micros += micros;
        totals.digest.add(witness.index, engine, hash(result, engine));
    }
}

/// How often which operation ended how on an engine, and how it failed.
fn hash(result: &SequenceResult, engine: &str) -> u64 {
    let mut hasher = Xxh3::new();
    let is_its = |name: &str| name.strip_prefix(engine).is_some_and(|rest| rest.starts_with(' '));
    for (name, count) in result.tally.endings.iter().filter(|(name, _)| is_its(name)) {
        hasher.update(name.as_bytes());
        hasher.update(&count.to_le_bytes());
    }
    for failure in result.failures.iter().filter(|failure| failure.backend == engine) {
        hasher.update(failure.signature().as_bytes());
    }
    hasher.digest()
}

fn add(into: &mut BTreeMap<String, u64>, from: &BTreeMap<String, u64>) {
    for (name, count) in from {
        *into.entry(name.clone()).or_default() += count;
    }
}
