//! Why a call ended without results.

use std::fmt;

use crate::exception::Exception;
use crate::host::HostError;
use crate::limit::LimitError;
use crate::trap::Trap;

/// Why a call ended without results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It trapped.
    Trap(Trap),
    /// An exception left it that nobody caught.
    Exception(Exception),
    /// It needed more stack slots, frames or nested invocations than allowed.
    StackExhausted,
    /// It needed more structures, arrays or exceptions than the store allows.
    HeapExhausted,
    /// It used up the store's fuel.
    OutOfFuel,
    /// It waited for a notification longer than the store allows.
    WaitExhausted,
    /// It was interrupted while it waited for a notification.
    Interrupted,
    /// A host function failed.
    Host(HostError),
    /// The store's allocator gave no stack, or no heap.
    Limit(LimitError),
    /// The arguments of a call, or the results of a host function, are not of
    /// the function's type.
    Mismatch(String),
}

/// Worded as in the official test suite, where it has words for it.
impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Trap(trap) => trap.fmt(f),
            Stop::Exception(exception) => exception.fmt(f),
            Stop::HeapExhausted => f.write_str("heap exhausted"),
            Stop::StackExhausted => f.write_str("call stack exhausted"),
            Stop::OutOfFuel => f.write_str("all fuel consumed"),
            Stop::WaitExhausted => f.write_str("waited too long for a notification"),
            Stop::Interrupted => f.write_str("interrupted"),
            Stop::Host(error) => error.fmt(f),
            Stop::Limit(limit) => write!(f, "over the limit: {limit}"),
            Stop::Mismatch(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Stop {}

impl From<Trap> for Stop {
    fn from(trap: Trap) -> Stop {
        Stop::Trap(trap)
    }
}

impl From<HostError> for Stop {
    fn from(error: HostError) -> Stop {
        Stop::Host(error)
    }
}
