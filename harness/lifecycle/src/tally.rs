//! How often each operation ran on each backend, and how it ended.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::op_outcome::OpOutcome;
use crate::run::{Record, Run};

/// Counts by `BACKEND OPERATION ENDING`, the ending being `ok`, `trap`, `exit`,
/// `suspended`, `ended`, `raced`, `refused`, `broken`, `void`, or `unsupported`. Sums of them do not depend
/// on the order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// The counts.
    pub endings: BTreeMap<String, u64>,
    /// Why operations were not carried out.
    pub reasons: BTreeMap<String, u64>,
    /// Operations that ended in a way that is allowed and not the usual one.
    pub allowed: BTreeMap<String, u64>,
    /// Operations compared between two implementations.
    pub compared: u64,
}

impl Tally {
    /// Count the operations of a run.
    pub fn record(&mut self, backend: &str, run: &Run) {
        for (verb, record) in &run.records {
            let ending = match record {
                Record::Void(reason) => {
                    self.reason("void", reason);
                    "void"
                }
                Record::Unsupported(reason) => {
                    self.reason("unsupported", reason);
                    "unsupported"
                }
                // Sums must not depend on how races end.
                Record::Done { ways, outcome, is_raced: true } if ways.contains(outcome) => "raced",
                Record::Done { ways, outcome, .. } => {
                    if ways.first() != Some(outcome) && ways.contains(outcome) {
                        let name = format!("{} {}", verb.name(), outcome.class());
                        *self.allowed.entry(name).or_default() += 1;
                    }
                    ending(outcome)
                }
            };
            *self.endings.entry(format!("{backend} {} {ending}", verb.name())).or_default() += 1;
        }
    }

    /// Count the operations that two implementations carried out and that might end in the
    /// same ways: those were compared, by way of the model. Whether there were any.
    pub fn compare(&mut self, runs: &[(&str, &Run)]) -> bool {
        let longest = runs.iter().map(|(_, run)| run.records.len()).max().unwrap_or_default();
        let mut any = false;
        for at in 0..longest {
            let mut expected: Vec<(&str, &Vec<OpOutcome>)> = Vec::new();
            for (implementation, run) in runs {
                if let Some((_, Record::Done { ways, .. })) = run.records.get(at) {
                    expected.push((implementation, ways));
                }
            }
            let is_compared = expected.iter().any(|(first, ways)| {
                expected.iter().any(|(second, others)| first != second && ways == others)
            });
            self.compared += u64::from(is_compared);
            any |= is_compared;
        }
        any
    }

    /// Add other counts to these.
    pub fn merge(&mut self, other: &Tally) {
        let pairs = [
            (&mut self.endings, &other.endings),
            (&mut self.reasons, &other.reasons),
            (&mut self.allowed, &other.allowed),
        ];
        for (into, from) in pairs {
            for (key, count) in from {
                *into.entry(key.clone()).or_default() += count;
            }
        }
        self.compared += other.compared;
    }

    fn reason(&mut self, kind: &str, reason: &str) {
        *self.reasons.entry(format!("{kind}: {reason}")).or_default() += 1;
    }
}

fn ending(outcome: &OpOutcome) -> &'static str {
    match outcome {
        OpOutcome::Ok(_) => "ok",
        OpOutcome::Trap(_) => "trap",
        OpOutcome::Exit(_) => "exit",
        OpOutcome::Suspended => "suspended",
        OpOutcome::Ended(_) => "ended",
        OpOutcome::Refused(_) => "refused",
        OpOutcome::Broken(_) => "broken",
    }
}
