//! How a process ends.

use std::fmt;

use gainsay_runtime::{InstantiateError, Stop};

/// The one reason for which a process ended: the first there was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessExit {
    /// The main thread returned.
    Returned,
    /// A thread ended the process with this status.
    Exited(u32),
    /// A thread could not go on.
    Trapped {
        /// Its identifier; 0 for the main thread.
        thread: u32,
        /// Why.
        failure: ThreadFailure,
    },
    /// Somebody outside ended it.
    Killed,
    /// All threads waited for each other, without a deadline: under a schedule, or where
    /// [`crate::process::ProcessLimits::deadlock_ends`] says so.
    Deadlocked,
    /// The schedule allowed no more steps.
    OutOfSteps,
}

impl ProcessExit {
    /// What a shell shows: 0 for who returned, else what was said; a trap is what an
    /// abort is elsewhere (128 + 6), an end from outside what a kill is (128 + 9), and
    /// who makes no progress is what `timeout` says (124).
    pub fn status(&self) -> u32 {
        match *self {
            ProcessExit::Returned => 0,
            ProcessExit::Exited(status) => status,
            ProcessExit::Trapped { .. } => 134,
            ProcessExit::Killed => 137,
            ProcessExit::Deadlocked | ProcessExit::OutOfSteps => 124,
        }
    }
}

impl fmt::Display for ProcessExit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProcessExit::Returned => f.write_str("returned"),
            ProcessExit::Exited(status) => write!(f, "exited with status {status}"),
            ProcessExit::Trapped { thread: 0, failure } => {
                write!(f, "the main thread failed: {failure}")
            }
            ProcessExit::Trapped { thread, failure } => {
                write!(f, "thread {thread} failed: {failure}")
            }
            ProcessExit::Killed => f.write_str("ended from outside"),
            ProcessExit::Deadlocked => f.write_str("all threads wait for each other"),
            ProcessExit::OutOfSteps => f.write_str("exceeded its step limit"),
        }
    }
}

/// Why a thread could not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThreadFailure {
    /// It trapped, or whatever else stops a call.
    Stopped(Stop),
    /// There is no instance for it, or its start function did not return.
    Instantiate(InstantiateError),
    /// The host's code that ran for it panicked.
    Panicked,
}

impl fmt::Display for ThreadFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ThreadFailure::Stopped(stop) => stop.fmt(f),
            ThreadFailure::Instantiate(error) => write!(f, "not instantiated: {error}"),
            ThreadFailure::Panicked => f.write_str("the host panicked"),
        }
    }
}
