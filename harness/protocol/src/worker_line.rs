//! What a worker says to its host.
//!
//! Lines are written from borrowed parts and read into one flat struct, as those of the host.

use std::borrow::Cow;

use gainsay_case::{Capabilities, Detail, EngineInfo, Outcome, StepOutcome};
use gainsay_lifecycle::{ResourceSnapshot, SequenceFailure, Tally};
use gainsay_script::FileReport;
use serde::{Deserialize, Serialize};

use crate::known_proposals::known;

/// A line from worker to host, as it is written.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToHost<'a> {
    /// The worker is of this version.
    Hello {
        /// [`PROTOCOL`](crate::PROTOCOL).
        protocol: u32,
        /// The name of the worker.
        worker: &'a str,
        /// The version of the worker.
        version: &'a str,
    },
    /// The engines that were asked for.
    Engines {
        /// Those that are open, in the order in which they run.
        engines: &'a [EngineInfo],
        /// Those that are unavailable.
        missing: &'a [MissingEngine],
    },
    /// A step is done, in a case that is reported step by step.
    Step {
        /// The case.
        id: u64,
        /// The engine.
        engine: &'a str,
        /// How the step ended.
        step: &'a StepOutcome,
        /// What the engine says of its failure beyond the class.
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<&'a Detail>,
    },
    /// An engine is done with a case.
    Result {
        /// The case.
        id: u64,
        /// The engine.
        engine: &'a str,
        /// Microseconds spent in the engine.
        micros: u64,
        /// The engine whose outcome of the same case it equals, if it does.
        #[serde(skip_serializing_if = "Option::is_none")]
        same_as: Option<&'a str>,
        /// What the engine made of the case.
        #[serde(skip_serializing_if = "Option::is_none")]
        outcome: Option<&'a Outcome>,
    },
    /// A form of a script is done.
    Form {
        /// As it was asked.
        id: u64,
        /// Its number in the script.
        form: usize,
        /// What became of it.
        report: &'a FileReport,
    },
    /// A script is done.
    Script {
        /// As it was asked.
        id: u64,
    },
    /// A sequence begins on an engine.
    Begin {
        /// The sequence.
        id: u64,
        /// The engine.
        engine: &'a str,
    },
    /// A sequence is done on all engines.
    Sequence {
        /// The sequence.
        id: u64,
        /// Whether anything was compared between two implementations.
        compared: bool,
        /// What went wrong.
        failures: &'a [SequenceFailure],
        /// How operations ended, and why some were not carried out.
        tally: &'a Tally,
        /// Microseconds per engine.
        spent: &'a [(String, u64)],
    },
    /// All sequences that were asked for are done.
    Done {
        /// What the process has of the system now.
        resources: Option<ResourceSnapshot>,
    },
    /// The worker cannot go on.
    Error {
        /// Why.
        message: &'a str,
    },
}

/// A line from worker to host, as it is read. Which fields are there depends on `type`.
#[derive(Debug, Deserialize)]
pub struct WorkerLine<'a> {
    /// What it is.
    #[serde(borrow, rename = "type")]
    pub kind: Cow<'a, str>,
    /// `step`, `result`, `form`, `script`: of which case or script.
    #[serde(default)]
    pub id: u64,
    /// `step`, `result`: of which engine.
    #[serde(borrow, default)]
    pub engine: Cow<'a, str>,
    /// `result`: microseconds spent in the engine.
    #[serde(default)]
    pub micros: u64,
    /// `result`: the engine whose outcome it equals.
    #[serde(borrow)]
    pub same_as: Option<Cow<'a, str>>,
    /// `result`: what the engine made of the case.
    pub outcome: Option<Outcome>,
    /// `step`: how it ended.
    pub step: Option<StepOutcome>,
    /// `step`: what the engine says of its failure beyond the class.
    pub detail: Option<Detail>,
    /// `form`: its number in the script.
    #[serde(default)]
    pub form: usize,
    /// `form`: what became of it.
    pub report: Option<FileReport>,
    /// `hello`: the version.
    pub protocol: Option<u32>,
    /// `engines`: those that are open.
    #[serde(default)]
    pub engines: Vec<EngineLine>,
    /// `engines`: those that are unavailable.
    #[serde(default)]
    pub missing: Vec<MissingEngine>,
    /// `sequence`: whether anything was compared between two implementations.
    #[serde(default)]
    pub compared: bool,
    /// `sequence`: what went wrong.
    #[serde(default)]
    pub failures: Vec<SequenceFailure>,
    /// `sequence`: how operations ended, and why some were not carried out.
    pub tally: Option<Tally>,
    /// `sequence`: microseconds per engine.
    #[serde(default)]
    pub spent: Vec<(String, u64)>,
    /// `done`: what the process has of the system now.
    pub resources: Option<ResourceSnapshot>,
    /// `error`: why the worker cannot go on.
    #[serde(default)]
    pub message: String,
}

/// An engine as its worker describes it, as it is read: what this side does not know of its
/// capabilities is passed over.
#[derive(Debug, Deserialize)]
pub struct EngineLine {
    /// Implementation and configuration.
    pub id: String,
    /// The implementation.
    pub implementation: String,
    /// Its version.
    pub version: String,
    /// The proposals that it was seen to implement.
    #[serde(deserialize_with = "known")]
    pub capabilities: Capabilities,
}

impl From<EngineLine> for EngineInfo {
    fn from(line: EngineLine) -> EngineInfo {
        let EngineLine { id, implementation, version, capabilities } = line;
        EngineInfo { id, implementation, version, capabilities }
    }
}

/// An engine that was asked for and is unavailable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingEngine {
    /// The id asked for.
    pub id: String,
    /// Why there is no such engine.
    pub reason: String,
}
