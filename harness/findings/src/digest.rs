//! A digest of outcomes that does not depend on the order they come in.
//!
//! Each (case index, engine, outcome) is hashed by itself and the hashes are
//! added up modulo 2^64, so jobs, shards and resumption cannot change the sum,
//! and sums of disjoint parts add up to the sum of the whole.

use std::fmt;

use gainsay_case::{ExportState, Outcome, RefKind, StepFailure, StepResult, Value};
use gainsay_oracle::RunEnding;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

/// A sum of hashes; 16 hexadecimal digits in text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Digest(u64);

impl Digest {
    /// Add what `engine` made of the case `index`.
    pub fn add(&mut self, index: u64, engine: &str, outcome_hash: u64) {
        let mut hasher = Xxh3::new();
        hasher.update(&index.to_le_bytes());
        hasher.update(&outcome_hash.to_le_bytes());
        hasher.update(engine.as_bytes());
        self.0 = self.0.wrapping_add(hasher.digest());
    }

    /// Add another sum.
    pub fn merge(&mut self, other: Digest) {
        self.0 = self.0.wrapping_add(other.0);
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> String {
        digest.to_string()
    }
}

impl TryFrom<String> for Digest {
    type Error = String;

    fn try_from(text: String) -> Result<Digest, String> {
        let number = u64::from_str_radix(&text, 16);
        number.map(Digest).map_err(|error| format!("{text:?} is not a digest: {error}"))
    }
}

/// The hash of an outcome. Every NaN counts as the same one, and the engines' own
/// texts count for nothing. An ending other than completion hides the steps: how
/// far they were told depends on when the process died.
pub fn outcome_hash(outcome: &Outcome, ending: &RunEnding) -> u64 {
    let mut canon = Canon(Xxh3::new());
    match ending {
        RunEnding::Completed => canon.outcome(outcome),
        RunEnding::Crashed { .. } => canon.tag(1),
        RunEnding::Hung => canon.tag(2),
        RunEnding::OutOfMemory => canon.tag(3),
    }
    canon.0.digest()
}

struct Canon(Xxh3);

impl Canon {
    fn tag(&mut self, tag: u8) {
        self.0.update(&[tag]);
    }

    fn number(&mut self, number: u64) {
        self.0.update(&number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.update(text.as_bytes());
    }

    fn outcome(&mut self, outcome: &Outcome) {
        self.tag(0);
        self.number(outcome.steps.len() as u64);
        for step in &outcome.steps {
            self.result(&step.result);
            self.number(step.trace.len() as u64);
            for call in &step.trace {
                self.text(&call.name);
                self.values(&call.args);
            }
        }
        for (instance, exports) in &outcome.state {
            self.text(instance);
            for (name, export) in exports {
                self.text(name);
                self.export(export);
            }
        }
    }

    fn result(&mut self, result: &StepResult) {
        match result {
            StepResult::Returned(values) => {
                self.tag(10);
                self.values(values);
            }
            StepResult::Absent => self.tag(11),
            StepResult::Failed(failure) => match failure {
                StepFailure::Rejected(_) => self.tag(20),
                StepFailure::Unlinkable(_) => self.tag(21),
                StepFailure::Trapped(trap) => {
                    self.tag(22);
                    self.tag(*trap as u8);
                }
                StepFailure::Uncaught(None) => self.tag(23),
                StepFailure::Uncaught(Some(exception)) => {
                    self.tag(28);
                    self.text(exception.tag.as_deref().unwrap_or_default());
                    self.values(&exception.values);
                }
                StepFailure::HostError => self.tag(24),
                StepFailure::Limit(limit) => {
                    self.tag(25);
                    self.tag(*limit as u8);
                }
                StepFailure::Unsupported(_) => self.tag(26),
                StepFailure::Fault(_) => self.tag(27),
            },
        }
    }

    fn export(&mut self, export: &ExportState) {
        match export {
            ExportState::Global { value } => {
                self.tag(30);
                self.value(value);
            }
            ExportState::Memory { bytes, hash } => {
                self.tag(31);
                self.number(*bytes);
                self.number(*hash);
            }
            ExportState::Table { size, hash } => {
                self.tag(32);
                self.number(*size);
                self.number(*hash);
            }
        }
    }

    fn values(&mut self, values: &[Value]) {
        self.number(values.len() as u64);
        values.iter().for_each(|value| self.value(value));
    }

    fn value(&mut self, value: &Value) {
        match *value {
            Value::F32(_) if value.is_nan() => self.tag(40),
            Value::F64(_) if value.is_nan() => self.tag(41),
            Value::I32(number) => self.tagged(42, u64::from(number as u32)),
            Value::I64(number) => self.tagged(43, number as u64),
            Value::F32(bits) => self.tagged(44, u64::from(bits)),
            Value::F64(bits) => self.tagged(45, bits),
            Value::V128(bits) => {
                self.tag(46);
                self.0.update(&bits.to_le_bytes());
            }
            Value::Null(kind) => self.tagged(47, ref_kind(kind)),
            Value::Extern(number) => self.tagged(48, u64::from(number)),
            Value::Opaque(kind) => self.tagged(49, ref_kind(kind)),
            Value::Host(number) => self.tagged(50, u64::from(number)),
            Value::I31(number) => self.tagged(51, u64::from(number)),
            Value::Struct(number) => self.tagged(52, u64::from(number)),
            Value::Array(number) => self.tagged(53, u64::from(number)),
        }
    }

    fn tagged(&mut self, tag: u8, number: u64) {
        self.tag(tag);
        self.number(number);
    }
}

fn ref_kind(kind: RefKind) -> u64 {
    match kind {
        RefKind::Func => 0,
        RefKind::Extern => 1,
        RefKind::Any => 2,
        RefKind::Exn => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gainsay_case::StepOutcome;

    fn returning(value: Value) -> u64 {
        let result = StepResult::Returned(vec![value]);
        let steps = vec![StepOutcome { result, trace: Vec::new() }];
        outcome_hash(&Outcome { steps, ..Outcome::default() }, &RunEnding::Completed)
    }

    #[test]
    fn the_order_of_outcomes_does_not_change_a_digest() {
        let (mut forth, mut back) = (Digest::default(), Digest::default());
        for index in 0..10 {
            forth.add(index, "a", index);
            back.add(9 - index, "a", 9 - index);
        }
        assert_eq!(forth, back);
        assert_ne!(forth, Digest::default());
    }

    #[test]
    fn which_engine_said_it_changes_a_digest() {
        let (mut one, mut other) = (Digest::default(), Digest::default());
        one.add(1, "a", 5);
        one.add(1, "b", 6);
        other.add(1, "b", 5);
        other.add(1, "a", 6);
        assert_ne!(one, other);
    }

    #[test]
    fn nans_are_one_and_zeros_are_two() {
        assert_eq!(returning(Value::F32(0x7fc0_0000)), returning(Value::F32(0xffff_ffff)));
        assert_ne!(returning(Value::F32(0)), returning(Value::F32(0x8000_0000)));
        assert_ne!(returning(Value::I32(0)), returning(Value::F32(0)));
    }

    #[test]
    fn a_digest_survives_its_text_form() {
        let mut digest = Digest::default();
        digest.add(1, "a", 2);
        assert_eq!(Digest::try_from(digest.to_string()), Ok(digest));
    }
}
