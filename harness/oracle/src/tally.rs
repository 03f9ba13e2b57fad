//! Sums over many judgements.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::divergence::DivergenceKind;
use crate::judgement::Judgement;
use crate::verdict::{AllowedReason, InconclusiveReason, Verdict};

/// How many cases got which verdict and why. Merging is commutative and
/// associative with [`Tally::default`] as the neutral element.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Cases judged; the four verdicts below and `no_call_compared` sum up to it.
    pub cases: u64,
    /// Cases with verdict `agree` in which a call was compared.
    pub agree: u64,
    /// Cases with verdict `agree` in which none was: they prove little.
    #[serde(default)]
    pub no_call_compared: u64,
    /// Cases with verdict `diverge`, by kind.
    pub diverge: BTreeMap<DivergenceKind, u64>,
    /// Cases with verdict `allowed`, by reason.
    pub allowed: BTreeMap<AllowedReason, u64>,
    /// Cases with verdict `inconclusive`, by reason.
    pub inconclusive: BTreeMap<InconclusiveReason, u64>,
    /// Cases with at least one call compared among two implementations.
    pub cases_compared: u64,
    /// Calls compared among two implementations.
    pub calls_compared: u64,
    /// Those of them that returned on every engine.
    pub calls_returned: u64,
    /// Differences inside cases that the specification leaves open, by reason.
    pub differences_allowed: BTreeMap<AllowedReason, u64>,
    /// Outcomes inside cases that were left out, by reason.
    pub outcomes_left_out: BTreeMap<InconclusiveReason, u64>,
}

impl Tally {
    /// Count one judgement.
    pub fn record(&mut self, judgement: &Judgement) {
        self.cases += 1;
        match &judgement.verdict {
            Verdict::Agree if judgement.calls_compared == 0 => self.no_call_compared += 1,
            Verdict::Agree => self.agree += 1,
            Verdict::Diverge(divergence) => *self.diverge.entry(divergence.kind).or_default() += 1,
            Verdict::Allowed(reason) => *self.allowed.entry(*reason).or_default() += 1,
            Verdict::Inconclusive(reason) => *self.inconclusive.entry(*reason).or_default() += 1,
        }
        self.cases_compared += u64::from(judgement.calls_compared > 0);
        self.calls_compared += judgement.calls_compared;
        self.calls_returned += judgement.calls_returned;
        add(&mut self.differences_allowed, &judgement.allowed);
        add(&mut self.outcomes_left_out, &judgement.left_out);
    }

    /// Add another tally to this one.
    pub fn merge(&mut self, other: &Tally) {
        self.cases += other.cases;
        self.agree += other.agree;
        self.no_call_compared += other.no_call_compared;
        add(&mut self.diverge, &other.diverge);
        add(&mut self.allowed, &other.allowed);
        add(&mut self.inconclusive, &other.inconclusive);
        self.cases_compared += other.cases_compared;
        self.calls_compared += other.calls_compared;
        self.calls_returned += other.calls_returned;
        add(&mut self.differences_allowed, &other.differences_allowed);
        add(&mut self.outcomes_left_out, &other.outcomes_left_out);
    }
}

fn add<K: Ord + Copy>(into: &mut BTreeMap<K, u64>, from: &BTreeMap<K, u64>) {
    for (key, count) in from {
        *into.entry(*key).or_default() += count;
    }
}
