//! What came of one script.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::Place;

/// What came of the directives of one script.
///
/// Every assertion (`assert_…`) counts in exactly one of `passed`, `failed` and
/// `skipped`. The other directives (modules, registrations, bare actions) count in
/// `directives` if they did what they should, else in `failed` or `skipped` too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// How the caller calls the file.
    pub path: String,
    /// Assertions that held.
    pub passed: u64,
    /// Directives that did not end as they should.
    pub failed: u64,
    /// Directives that could not be tried or judged. Never a pass.
    pub skipped: u64,
    /// How many of those that passed are about text that does not parse. The `wast`
    /// crate refuses it, so they say nothing about the engine.
    pub text: u64,
    /// Directives without an assertion that succeeded, as they must.
    pub directives: u64,
    /// Where and how directives failed. When the engine panics, one entry stands
    /// for all that follow.
    pub failures: Vec<ScriptFailure>,
    /// Why directives were skipped, and how often; they add up to `skipped`.
    pub skip_reasons: BTreeMap<String, u64>,
}

/// One directive that did not end as it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptFailure {
    /// Its line, from 1.
    pub line: usize,
    /// Its column, from 1.
    pub column: usize,
    /// What was expected and what was seen.
    pub message: String,
}

/// Characters of a reason that are kept.
const REASON_LENGTH_MAX: usize = 100;

impl FileReport {
    /// Count what a thread's report counts.
    pub(super) fn add(&mut self, other: FileReport) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.text += other.text;
        self.directives += other.directives;
        self.failures.extend(other.failures);
        for (reason, count) in other.skip_reasons {
            *self.skip_reasons.entry(reason).or_default() += count;
        }
    }

    pub(super) fn fail(&mut self, count: u64, place: Place, message: String) {
        self.failed += count;
        self.failures.push(ScriptFailure { line: place.line, column: place.column, message });
    }

    /// Counts skipped directives under their reason, with what differs from module
    /// to module (offsets, indices) taken out of it.
    pub(super) fn skip(&mut self, count: u64, reason: &str) {
        let general = reason.split(" (at offset").next().unwrap_or_default();
        let mut key = String::new();
        for char in general.chars().take(REASON_LENGTH_MAX) {
            let char = if char.is_ascii_digit() { '#' } else { char };
            if char != '#' || !key.ends_with('#') {
                key.push(char);
            }
        }
        self.skipped += count;
        *self.skip_reasons.entry(key).or_default() += count;
    }
}
