//! What kind of outcome a class of engines had, without what varies from case to case.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kind of an outcome: no values, no step numbers, no names of the case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum NormalOutcome {
    /// The step ended, which others failed at: `completed`.
    Completed,
    /// The call returned: `returned`, or `returned:i32` where the first value that differs
    /// has this type.
    Returned(Option<String>),
    /// The engine broke its own rules, and said so: `fault:panic: index N`.
    Fault(String),
    /// The engine's process died of this: `crash:SIGSEGV`.
    Crash(String),
    /// Anything else by its name: `rejected`, `trap:unreachable`, `global:f32`, `hang`.
    Named(String),
}

impl NormalOutcome {
    /// Any other outcome, by its name.
    pub fn named(name: impl Into<String>) -> NormalOutcome {
        NormalOutcome::Named(name.into())
    }

    /// Whether the call returned, whatever it returned.
    pub fn has_returned(&self) -> bool {
        matches!(self, NormalOutcome::Returned(_))
    }
}

const COMPLETED: &str = "completed";
const RETURNED: &str = "returned";
const FAULT: &str = "fault:";
const CRASH: &str = "crash:";

impl fmt::Display for NormalOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NormalOutcome::Completed => f.write_str(COMPLETED),
            NormalOutcome::Returned(None) => f.write_str(RETURNED),
            NormalOutcome::Returned(Some(ty)) => write!(f, "{RETURNED}:{ty}"),
            NormalOutcome::Fault(message) => write!(f, "{FAULT}{message}"),
            NormalOutcome::Crash(signal) => write!(f, "{CRASH}{signal}"),
            NormalOutcome::Named(name) => f.write_str(name),
        }
    }
}

impl From<NormalOutcome> for String {
    fn from(outcome: NormalOutcome) -> String {
        outcome.to_string()
    }
}

/// The stored form read back.
impl From<String> for NormalOutcome {
    fn from(text: String) -> NormalOutcome {
        let rest = |prefix: &str| text.strip_prefix(prefix).map(str::to_owned);
        match text.as_str() {
            COMPLETED => return NormalOutcome::Completed,
            RETURNED => return NormalOutcome::Returned(None),
            _ => {}
        }
        if let Some(message) = rest(FAULT) {
            return NormalOutcome::Fault(message);
        }
        if let Some(signal) = rest(CRASH) {
            return NormalOutcome::Crash(signal);
        }
        match text.strip_prefix(RETURNED).and_then(|rest| rest.strip_prefix(':')) {
            Some(ty) => NormalOutcome::Returned(Some(ty.to_owned())),
            None => NormalOutcome::Named(text),
        }
    }
}
