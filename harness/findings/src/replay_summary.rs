//! What a replay came to.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::finding::EngineVersion;
use crate::summary::Verdicts;

/// What a replay came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReplaySummary {
    /// One per file, by path.
    pub files: Vec<ReplayFile>,
    /// The engines that ran.
    pub engines: Vec<EngineVersion>,
    /// Cases per verdict and reason.
    pub verdicts: Verdicts,
    /// Files whose engines were compared and agree, and none of whose assertions failed.
    pub agreed: u64,
    /// Files whose engines diverge.
    pub diverged: u64,
    /// Files with failed assertions whose engines do not diverge, and files that could not
    /// be run.
    #[serde(default)]
    pub wrong: u64,
    /// Files of which not enough could be run to compare engines.
    #[serde(default)]
    pub inconclusive: u64,
    /// Files whose assertions held, and whose engines were not compared.
    #[serde(default)]
    pub asserted: u64,
    /// Files without anything to run.
    #[serde(default)]
    pub empty: u64,
    /// Whether it was interrupted before the last file.
    #[serde(default)]
    pub interrupted: bool,
    /// Assertions that held, over all files and engines.
    pub passed: u64,
    /// Assertions that did not.
    pub failed: u64,
    /// Assertions that could not be tried.
    pub skipped: u64,
    /// Assertions that failed because of a bug that the file is there to show.
    #[serde(default)]
    pub known: u64,
}

/// One replayed file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReplayFile {
    /// Its path as given or found.
    pub path: PathBuf,
    /// Why it could not be run at all, if so.
    pub error: Option<String>,
    /// Its assertions, per engine.
    pub assertions: Vec<ReplayAssertions>,
    /// Whether the engines were compared and agree.
    pub agrees: bool,
    /// What the engines disagree about, one signature each.
    pub divergences: Vec<ReplayDivergence>,
    /// Why the engines could not be compared, if so: `time_out`, `module`.
    #[serde(default)]
    pub inconclusive: Option<String>,
    /// What was not compared, and what kept engines from it.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// What a file came to: the gravest that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayFate {
    /// Its engines diverge.
    Diverged,
    /// It could not be run, or an assertion failed.
    Wrong,
    /// Not enough could be run.
    Inconclusive,
    /// Its engines agree.
    Agreed,
    /// Its assertions held; its engines were not compared.
    Asserted,
    /// There was nothing to run.
    Empty,
}

impl ReplayFate {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            ReplayFate::Diverged => "diverged",
            ReplayFate::Wrong => "wrong",
            ReplayFate::Inconclusive => "inconclusive",
            ReplayFate::Agreed => "agreed",
            ReplayFate::Asserted => "not compared",
            ReplayFate::Empty => "nothing to run",
        }
    }
}

impl ReplayFile {
    /// What it came to.
    pub fn fate(&self) -> ReplayFate {
        let any =
            |count: fn(&ReplayAssertions) -> u64| self.assertions.iter().any(|it| count(it) > 0);
        if !self.divergences.is_empty() {
            ReplayFate::Diverged
        } else if self.error.is_some() || any(|it| it.failed) {
            ReplayFate::Wrong
        } else if self.inconclusive.is_some() {
            ReplayFate::Inconclusive
        } else if self.agrees {
            ReplayFate::Agreed
        } else if any(|it| it.passed + it.known) {
            ReplayFate::Asserted
        } else if self.assertions.is_empty() {
            ReplayFate::Empty
        } else {
            ReplayFate::Inconclusive
        }
    }
}

/// The assertions of a file on one engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReplayAssertions {
    /// Id of the engine.
    pub engine: String,
    /// Assertions that held.
    pub passed: u64,
    /// Assertions that did not.
    pub failed: u64,
    /// Assertions that failed because of a bug that the file is there to show.
    #[serde(default)]
    pub known: u64,
    /// How the engine's process ended, if it did not live to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub death: Option<String>,
    /// Assertions that could not be tried, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// What failed, with its line; at most the first ten.
    pub failures: Vec<String>,
}

/// A disagreement seen in a replay.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReplayDivergence {
    /// The signature.
    pub signature: String,
    /// The kind.
    pub kind: String,
    /// The line of the step in which they differ; of what is left after the last step there
    /// is none.
    #[serde(default)]
    pub line: Option<usize>,
    /// What was seen, in one sentence.
    pub detail: String,
}

impl ReplaySummary {
    /// Take in a file.
    pub fn add(&mut self, file: ReplayFile) {
        for assertions in &file.assertions {
            self.passed += assertions.passed;
            self.failed += assertions.failed;
            self.known += assertions.known;
            self.skipped += assertions.skipped.values().sum::<u64>();
        }
        self.failed += u64::from(file.error.is_some());
        *match file.fate() {
            ReplayFate::Diverged => &mut self.diverged,
            ReplayFate::Wrong => &mut self.wrong,
            ReplayFate::Inconclusive => &mut self.inconclusive,
            ReplayFate::Agreed => &mut self.agreed,
            ReplayFate::Asserted => &mut self.asserted,
            ReplayFate::Empty => &mut self.empty,
        } += 1;
        self.files.push(file);
    }
}
