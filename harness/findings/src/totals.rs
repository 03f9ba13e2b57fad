//! Everything that is summed up over cases, so that parts of a campaign can be
//! added in any order: batches, runs before and after an interruption, shards.

use std::collections::{BTreeMap, BTreeSet};

use gainsay_oracle::{Judgement, Run, Tally, Verdict};
use serde::{Deserialize, Serialize};

use crate::case_ref::CaseRef;
use crate::digest::{Digest, outcome_hash};
use crate::reach_tally::ReachTally;
use crate::signature::Signature;

/// How many witnesses of one signature are kept: those of the lowest case index.
/// More of them tell apart what shares a signature before minimisation.
pub const WITNESSES_MAX: usize = 4;

/// How many signatures are told apart before minimisation. An engine whose every
/// outcome differs must not fill the memory; the rest is counted together.
const SIGNATURES_MAX: usize = 1_000;

/// How many kinds of incidents are told apart: they carry what workers say.
const INCIDENTS_MAX: usize = 100;

/// What the rest of them is counted as.
const OTHER_INCIDENTS: &str = "others";

/// Sums over judged cases. [`Totals::merge`] is commutative and associative.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Verdicts and reasons.
    pub tally: Tally,
    /// Those of the cases that were stored and not generated.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub stored: u64,
    /// Of all outcomes.
    pub digest: Digest,
    /// What each engine did, by its id.
    pub engines: BTreeMap<String, EngineTotals>,
    /// Modules in the cases.
    pub modules: u64,
    /// Bytes of those modules.
    pub module_bytes: u64,
    /// Cases that were not judged, by reason.
    pub discarded: BTreeMap<String, u64>,
    /// Cases that have a proposal or another feature in them, by its name.
    #[serde(default)]
    pub reach: BTreeMap<String, u64>,
    /// How far each proposal was reached.
    #[serde(default)]
    pub proposals: ReachTally,
    /// What happened to workers without becoming a finding.
    pub incidents: BTreeMap<String, u64>,
    /// What diverged, by the signature before minimisation.
    pub ledger: BTreeMap<Signature, Bucket>,
    /// Sequences in which something failed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub failing: u64,
    /// Operations of sequences that ended in an unusual way that is allowed, by that.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub allowed: BTreeMap<String, u64>,
    /// Operations of sequences that were not carried out, by reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inconclusive: BTreeMap<String, u64>,
    /// Diverging cases whose signatures are beyond [`SIGNATURES_MAX`].
    #[serde(default)]
    pub overflow: u64,
}

/// What one engine did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineTotals {
    /// Cases that ran on it.
    pub cases: u64,
    /// Microseconds spent in it.
    pub micros: u64,
}

/// The cases that share a signature before minimisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// How many.
    pub count: u64,
    /// The lowest ones, at most [`WITNESSES_MAX`].
    pub witnesses: BTreeSet<CaseRef>,
}

impl Bucket {
    fn merge(&mut self, other: &Bucket) {
        self.count += other.count;
        self.witnesses.extend(&other.witnesses);
        while self.witnesses.len() > WITNESSES_MAX {
            self.witnesses.pop_last();
        }
    }
}

impl Totals {
    /// Add a judged case with the runs that were judged, and the microseconds that each
    /// took.
    pub fn record<'r>(
        &mut self,
        witness: CaseRef,
        module_sizes: &[usize],
        runs: impl IntoIterator<Item = (&'r Run<'r>, u64)>,
        judgement: &Judgement,
    ) {
        self.tally.record(judgement);
        self.stored += u64::from(matches!(witness, CaseRef::Stored { .. }));
        self.modules += module_sizes.len() as u64;
        self.module_bytes += module_sizes.iter().map(|size| *size as u64).sum::<u64>();
        for (run, micros) in runs {
            self.digest.add(witness.digest_key(), run.id, outcome_hash(run.outcome, run.ending));
            let totals = self.engines.entry(run.id.to_owned()).or_default();
            totals.cases += 1;
            totals.micros += micros;
        }
        if let Verdict::Diverge(divergence) = &judgement.verdict {
            self.note(Signature::of(divergence), witness);
        }
    }

    /// Add to the ledger that a case showed this signature.
    pub fn note(&mut self, base: Signature, witness: CaseRef) {
        let bucket = Bucket { count: 1, witnesses: BTreeSet::from([witness]) };
        self.ledger.entry(base).or_default().merge(&bucket);
        self.bound_ledger();
    }

    /// Only the lowest signatures are kept: which ones does not depend on the order.
    fn bound_ledger(&mut self) {
        while self.ledger.len() > SIGNATURES_MAX {
            let dropped = self.ledger.pop_last();
            self.overflow += dropped.map_or(0, |(_, bucket)| bucket.count);
        }
    }

    /// Count cases that were not judged.
    pub fn discard(&mut self, reason: &str, count: u64) {
        if count > 0 {
            *self.discarded.entry(reason.to_owned()).or_default() += count;
        }
    }

    /// Count an incident.
    pub fn incident(&mut self, kind: &str) {
        *self.incidents.entry(kind.to_owned()).or_default() += 1;
        self.bound_incidents();
    }

    /// As with the ledger: the lowest ones are kept, whatever the order.
    fn bound_incidents(&mut self) {
        let others = self.incidents.remove(OTHER_INCIDENTS);
        let mut rest = others.unwrap_or_default();
        while self.incidents.len() > INCIDENTS_MAX {
            rest += self.incidents.pop_last().map_or(0, |(_, count)| count);
        }
        if rest > 0 {
            self.incidents.insert(OTHER_INCIDENTS.to_owned(), rest);
        }
    }

    /// Add other sums to these.
    pub fn merge(&mut self, other: &Totals) {
        self.tally.merge(&other.tally);
        self.stored += other.stored;
        self.digest.merge(other.digest);
        for (id, engine) in &other.engines {
            let totals = self.engines.entry(id.clone()).or_default();
            totals.cases += engine.cases;
            totals.micros += engine.micros;
        }
        self.modules += other.modules;
        self.module_bytes += other.module_bytes;
        add(&mut self.discarded, &other.discarded);
        add(&mut self.incidents, &other.incidents);
        self.bound_incidents();
        add(&mut self.reach, &other.reach);
        self.failing += other.failing;
        add(&mut self.allowed, &other.allowed);
        add(&mut self.inconclusive, &other.inconclusive);
        self.proposals.merge(&other.proposals);
        for (signature, bucket) in &other.ledger {
            self.ledger.entry(signature.clone()).or_default().merge(bucket);
        }
        self.overflow += other.overflow;
        self.bound_ledger();
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn add(into: &mut BTreeMap<String, u64>, from: &BTreeMap<String, u64>) {
    for (key, count) in from {
        *into.entry(key.clone()).or_default() += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case_ref::GeneratedRef;
    use crate::fingerprint::Fingerprint;
    use gainsay_case::Proposal;
    use proptest::prelude::*;

    /// The sums of one case that diverged so.
    fn one(signature: u16, index: u64) -> Totals {
        let generator = Fingerprint::default();
        let witness = CaseRef::Generated(GeneratedRef { seed: 1, index, generator });
        let mut totals = Totals::default();
        let bucket = Bucket { count: 1, witnesses: BTreeSet::from([witness]) };
        let text = format!("{signature:05}");
        totals.ledger.insert(Signature::Sequence { kind: text.clone(), text }, bucket);
        totals.digest.add(index, "e", u64::from(signature));
        totals.discard("d", index % 3);
        totals.incident("i");
        totals.modules = index;
        totals.reach.insert(format!("f{}", signature % 5), 1);
        let proposal = Proposal::ALL[usize::from(signature) % Proposal::ALL.len()];
        totals.proposals.record_module(&[proposal].into());
        totals
    }

    fn sum(cases: &[(u16, u64)]) -> Totals {
        let mut totals = Totals::default();
        for (signature, index) in cases {
            totals.merge(&one(*signature, *index));
        }
        totals
    }

    proptest! {
        #[test]
        fn sums_do_not_depend_on_order_or_grouping(
            cases in prop::collection::vec((0u16..40, 0u64..1000), 0..60),
            cut in 0usize..60,
            order in any::<prop::sample::Index>(),
        ) {
            let whole = sum(&cases);
            let (left, right) = cases.split_at(cut.min(cases.len()));
            let mut grouped = sum(right);
            grouped.merge(&sum(left));
            prop_assert_eq!(&whole, &grouped);
            let mut rotated = cases.clone();
            if !cases.is_empty() {
                rotated.rotate_left(order.index(cases.len()));
            }
            rotated.reverse();
            prop_assert_eq!(&whole, &sum(&rotated));
        }
    }

    #[test]
    fn more_signatures_than_can_be_kept_are_counted() {
        let cases: Vec<(u16, u64)> = (0..SIGNATURES_MAX as u16 + 10).map(|s| (s, 1)).collect();
        let forth = sum(&cases);
        let back = sum(&cases.iter().rev().copied().collect::<Vec<_>>());
        assert_eq!(forth, back);
        assert_eq!((forth.ledger.len(), forth.overflow), (SIGNATURES_MAX, 10));
    }
}
