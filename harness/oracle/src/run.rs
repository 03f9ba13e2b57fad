//! What one engine made of a case, and how that came to its end.

use gainsay_case::{EngineInfo, Outcome};
use serde::{Deserialize, Serialize};

/// One engine's part in a judgement.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// Implementation and configuration, without a version: signatures are made
    /// of it and must outlive a release.
    pub id: &'a str,
    /// Implementation: runs that share one are not independent witnesses.
    pub implementation: &'a str,
    /// What it made of the case; shorter than the case if it was cut off.
    pub outcome: &'a Outcome,
    /// How the run ended.
    pub ending: &'a RunEnding,
}

impl<'a> Run<'a> {
    /// The run of the engine that `info` describes.
    pub fn new(info: &'a EngineInfo, outcome: &'a Outcome, ending: &'a RunEnding) -> Run<'a> {
        Run { id: &info.id, implementation: &info.implementation, outcome, ending }
    }

    /// A run that came to its regular end.
    pub fn completed(info: &'a EngineInfo, outcome: &'a Outcome) -> Run<'a> {
        Run::new(info, outcome, &RunEnding::Completed)
    }
}

/// How a run ended. Anything but [`RunEnding::Completed`] happened during the first
/// step that the outcome lacks, or, if it lacks none, after the last one.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ending")]
pub enum RunEnding {
    /// Every step has its outcome, and the final state was observed.
    #[default]
    Completed,
    /// The process died.
    Crashed {
        /// What killed it, in the same words each time: `SIGSEGV`, `exit status 101`.
        signal: String,
    },
    /// It was killed because it timed out.
    Hung,
    /// It ran out of memory.
    OutOfMemory,
}
