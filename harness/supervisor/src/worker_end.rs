//! How a worker ended.

use std::fmt;
use std::process::ExitStatus;

use crate::signals;

/// How a worker ended, and by whose doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkerEnd {
    /// It ended by itself, with this status.
    Exited(i32),
    /// The system ended it for what it did: `SIGSEGV`.
    Signalled(String),
    /// It was killed because a case took too long.
    TimedOut,
    /// It was killed because it used too much memory.
    Memory,
    /// It was killed, or gave up, because it did not keep to the protocol; what it said.
    Protocol(String),
    /// Somebody else killed it with this signal, which says nothing about it.
    KilledFromOutside(String),
    /// It was killed because nobody waits for its answer any more.
    Interrupted,
}

impl WorkerEnd {
    /// What the status of a process says whose end the host did not bring about.
    #[cfg(unix)]
    pub fn of(status: ExitStatus) -> WorkerEnd {
        use std::os::unix::process::ExitStatusExt;
        match (status.code(), status.signal()) {
            (Some(code), _) => WorkerEnd::Exited(code),
            (None, Some(number)) if signals::is_from_outside(number) => {
                WorkerEnd::KilledFromOutside(signals::name(number))
            }
            (None, number) => WorkerEnd::Signalled(signals::name(number.unwrap_or_default())),
        }
    }

    /// What the status of a process says whose end the host did not bring about.
    #[cfg(not(unix))]
    pub fn of(status: ExitStatus) -> WorkerEnd {
        WorkerEnd::Exited(status.code().unwrap_or_default())
    }
}

/// `SIGSEGV`, `exit status 101` ...
impl fmt::Display for WorkerEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WorkerEnd::Exited(code) => write!(f, "exit status {code}"),
            WorkerEnd::Signalled(signal) => f.write_str(signal),
            WorkerEnd::TimedOut => f.write_str("killed because it timed out"),
            WorkerEnd::Memory => f.write_str("killed because it used too much memory"),
            WorkerEnd::Protocol(text) => write!(f, "broke the protocol: {text}"),
            WorkerEnd::KilledFromOutside(signal) => write!(f, "killed from outside by {signal}"),
            WorkerEnd::Interrupted => f.write_str("killed because it was interrupted"),
        }
    }
}
