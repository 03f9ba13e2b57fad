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
    /// Files whose engines agree.
    pub agreed: u64,
    /// Files whose engines diverge.
    pub diverged: u64,
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
        self.agreed += u64::from(file.agrees);
        self.diverged += u64::from(!file.divergences.is_empty());
        self.files.push(file);
    }
}
