//! What came of one script.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use gainsay_case::text::Place;
use gainsay_case::words;

/// What came of the directives of one script.
///
/// Every assertion (`assert_…`) counts in exactly one of `passed`, `failed`, `skipped` and
/// `text`. The other directives (modules, registrations, bare actions) count in
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
    /// Assertions about malformed text, which the script's parser refuses as it should. No
    /// engine saw it, so that it says nothing about one.
    pub text: u64,
    /// Directives without an assertion that succeeded, as they must.
    pub directives: u64,
    /// How many of those that passed are about a module that was refused, by an engine
    /// that does not tell malformed from invalid.
    #[serde(default)]
    pub untold: u64,
    /// Where and how directives failed.
    pub failures: Vec<ScriptFailure>,
    /// Where and why directives were skipped; at most the first 10,000.
    #[serde(default)]
    pub skips: Vec<ScriptSkip>,
    /// Why directives were skipped, and how often; they add up to `skipped`. Reasons that
    /// differ only in numbers count under the first of them.
    pub skip_reasons: BTreeMap<String, u64>,
    /// The reason under which each group of them counts.
    #[serde(skip)]
    pub groups: BTreeMap<String, String>,
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

/// One directive that could not be tried or judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptSkip {
    /// Its line, from 1.
    pub line: usize,
    /// Its column, from 1.
    pub column: usize,
    /// How many assertions it makes; 1 if none.
    pub count: u64,
    /// Why.
    pub reason: String,
}

/// What reasons have in common that differ only in numbers and places (offsets, indices).
pub fn reason_group(reason: &str) -> String {
    let general = reason.split(" (at offset").next().unwrap_or_default();
    let mut key = String::new();
    for char in general.chars().take(GROUP_CHARS_MAX) {
        let char = if char.is_ascii_digit() { '#' } else { char };
        if char != '#' || !key.ends_with('#') {
            key.push(char);
        }
    }
    key
}

/// Characters of a reason that tell groups apart.
const GROUP_CHARS_MAX: usize = 100;
/// Skipped directives whose places are kept.
const SKIPS_MAX: usize = 10_000;

impl FileReport {
    /// Nothing yet, of the file called so.
    pub fn of(path: &str) -> FileReport {
        FileReport { path: path.to_owned(), ..FileReport::default() }
    }

    /// Count what another report counts: a part of the same file, or one of its threads.
    pub fn add(&mut self, other: FileReport) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.text += other.text;
        self.directives += other.directives;
        self.untold += other.untold;
        self.failures.extend(other.failures);
        let room = SKIPS_MAX.saturating_sub(self.skips.len());
        self.skips.extend(other.skips.into_iter().take(room));
        for (reason, count) in other.skip_reasons {
            self.count_skipped(&reason, count);
        }
    }

    fn count_skipped(&mut self, reason: &str, count: u64) {
        let first = self.groups.entry(reason_group(reason)).or_insert_with(|| reason.to_owned());
        *self.skip_reasons.entry(first.clone()).or_default() += count;
    }

    /// Count directives that failed at a place.
    pub fn fail(&mut self, count: u64, place: Place, message: String) {
        self.failed += count;
        let message = words::cut(&message);
        self.failures.push(ScriptFailure { line: place.line, column: place.column, message });
    }

    /// Count directives that were skipped at a place.
    pub fn skip(&mut self, count: u64, place: Place, reason: &str) {
        self.skipped += count;
        let reason = words::cut(reason);
        self.count_skipped(&reason, count);
        if self.skips.len() < SKIPS_MAX {
            let (line, column) = (place.line, place.column);
            self.skips.push(ScriptSkip { line, column, count, reason });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_that_differ_in_numbers_count_together_under_the_first() {
        let (mut report, mut part) = (FileReport::of("a.wast"), FileReport::default());
        let place = Place { line: 1, column: 1 };
        report.skip(1, place, "(i32.const 7) does not fit (at offset 12)");
        part.skip(2, place, "(i32.const 9) does not fit (at offset 345)");
        report.add(part);
        let counted = [("(i32.const 7) does not fit (at offset 12)".to_owned(), 3)];
        assert_eq!(report.skip_reasons, counted.into());
    }

    #[test]
    fn a_message_of_any_length_is_cut() {
        let mut report = FileReport::default();
        report.fail(1, Place { line: 1, column: 1 }, "x".repeat(1 << 20));
        assert!(report.failures[0].message.len() < 400);
    }
}
