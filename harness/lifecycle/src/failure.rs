//! What a sequence has shown.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// An operation ended otherwise than it may.
    Result,
    /// Something was still held when all was given up.
    Leak,
    /// The backend panicked.
    Panic,
    /// The process died.
    Crash,
    /// It did not come to an end.
    Hang,
    /// The process took too much memory.
    Memory,
}

impl FailureKind {
    /// Its word in signatures.
    pub fn name(self) -> &'static str {
        match self {
            FailureKind::Result => "result",
            FailureKind::Leak => "leak",
            FailureKind::Panic => "panic",
            FailureKind::Crash => "crash",
            FailureKind::Hang => "hang",
            FailureKind::Memory => "memory_exhaustion",
        }
    }
}

/// The first failure of a sequence on a backend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceFailure {
    /// What kind.
    pub kind: FailureKind,
    /// The backend.
    pub backend: String,
    /// The operation's number, from 0; that behind the last one when all was given up.
    pub at: usize,
    /// The operation, without names: `instantiate plain`; `the end`.
    pub operation: String,
    /// How it may end, in classes.
    pub expected: String,
    /// How it did, in classes.
    pub class: String,
    /// How it did, in full.
    pub seen: String,
}

impl SequenceFailure {
    /// What failures with one cause have in common: no names, no numbers.
    pub fn signature(&self) -> String {
        let SequenceFailure { kind, backend, operation, expected, class, .. } = self;
        format!("{} {backend} {operation}: expected {expected}, saw {class}", kind.name())
    }
}

impl fmt::Display for SequenceFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SequenceFailure { backend, at, operation, expected, seen, .. } = self;
        write!(f, "{backend}, operation {at} ({operation}): expected {expected}, saw {seen}")
    }
}
