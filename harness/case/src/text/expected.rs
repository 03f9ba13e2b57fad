//! What a script says about one step.

use std::fmt;

use super::message::trap_message;
use super::pattern::Pattern;
use crate::outcome::{LimitKind, StepFailure, StepResult, TrapKind};

/// How a step should end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It succeeds, with one value per pattern.
    Returned(Vec<Pattern>),
    /// It traps.
    Trapped(TrapKind),
    /// An exception leaves it.
    Uncaught,
    /// A host function fails in it.
    HostError,
    /// The module is malformed or invalid.
    Rejected,
    /// The module does not link.
    Unlinkable,
    /// The call stack is exhausted.
    Exhausted,
    /// It is not tried, because what it needs does not exist.
    Absent,
}

impl Expected {
    /// What to expect where a correct engine did `result`; `None` where that is
    /// no guide (limits other than the stack's, missing features, faults) or
    /// where no script can say it.
    pub fn of(result: &StepResult) -> Option<Expected> {
        match result {
            StepResult::Returned(values) => {
                let patterns =
                    values.iter().map(|value| Pattern::of(*value)).collect::<Option<_>>();
                patterns.map(Expected::Returned)
            }
            StepResult::Absent => Some(Expected::Absent),
            StepResult::Failed(failure) => match failure {
                StepFailure::Rejected(_) => Some(Expected::Rejected),
                StepFailure::Unlinkable(_) => Some(Expected::Unlinkable),
                StepFailure::Trapped(kind) => Some(Expected::Trapped(*kind)),
                StepFailure::Uncaught(_) => Some(Expected::Uncaught),
                StepFailure::HostError => Some(Expected::HostError),
                StepFailure::Limit(LimitKind::Stack) => Some(Expected::Exhausted),
                StepFailure::Limit(_) | StepFailure::Unsupported(_) | StepFailure::Fault(_) => None,
            },
        }
    }

    /// Whether a step that ended so did what is expected.
    pub fn admits(&self, result: &StepResult) -> bool {
        match (self, result) {
            (Expected::Returned(patterns), StepResult::Returned(values)) => {
                patterns.len() == values.len()
                    && patterns.iter().zip(values).all(|(pattern, value)| pattern.admits(value))
            }
            (Expected::Returned(_), _) | (_, StepResult::Returned(_)) => false,
            (expected, result) => Expected::of(result).as_ref() == Some(expected),
        }
    }
}

/// In words that follow "expected".
impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::Returned(patterns) if patterns.is_empty() => f.write_str("success"),
            Expected::Returned(patterns) => {
                let patterns: Vec<String> = patterns.iter().map(Pattern::to_string).collect();
                f.write_str(&patterns.join(" "))
            }
            Expected::Trapped(kind) => write!(f, "the trap {:?}", trap_message(*kind)),
            Expected::Uncaught => f.write_str("an exception"),
            Expected::HostError => f.write_str("an error of a host function"),
            Expected::Rejected => f.write_str("a module that is refused"),
            Expected::Unlinkable => f.write_str("a module that does not link"),
            Expected::Exhausted => f.write_str("exhaustion of the call stack"),
            Expected::Absent => f.write_str("nothing, because what it needs is not there"),
        }
    }
}
