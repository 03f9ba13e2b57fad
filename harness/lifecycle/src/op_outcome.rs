//! How operations end.

use std::fmt;

/// How one operation ended on a backend.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OpOutcome {
    /// It did what it should, with these numbers.
    Ok(Vec<i64>),
    /// The guest trapped.
    Trap(Trap),
    /// The guest ended by `proc_exit` with this status.
    Exit(u32),
    /// The call waits for the host.
    Suspended,
    /// The process ended for this reason, which is none of its threads' own.
    Ended(ProcessEnd),
    /// A typed error: nothing was done.
    Refused(Refusal),
    /// Something that no engine may do: a panic, an error that says nothing.
    Broken(String),
}

/// Why a process ended whose threads neither returned, trapped nor exited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProcessEnd {
    /// It was ended from outside.
    Killed,
    /// All of its threads waited for each other.
    Deadlocked,
    /// It took more steps than its schedule allows.
    OutOfSteps,
}

/// A trap, as far as engines must agree about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trap {
    /// `unreachable` was reached.
    Unreachable,
    /// Division by zero.
    DivideByZero,
    /// A memory was accessed outside its bounds.
    MemoryBounds,
    /// A table was accessed outside its bounds.
    TableBounds,
    /// A null element was called.
    NullElement,
}

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// The object is closed.
    Closed,
    /// There is no more room: a pool is exhausted, a memory is too large.
    Limit,
    /// The bytes are not a valid module.
    Rejected,
    /// An import is missing.
    Unlinkable,
    /// The module is another engine's.
    Foreign,
    /// There is no such export.
    NoExport,
    /// The serialized module is damaged.
    Corrupt,
    /// A command was run, or a guest has exited.
    Finished,
    /// The instance has trapped.
    Poisoned,
    /// A reactor is not initialized yet.
    NotInitialized,
    /// A reactor is initialized already.
    AlreadyInitialized,
    /// Only commands are run.
    NotACommand,
    /// Only reactors are called.
    NotAReactor,
}

impl OpOutcome {
    /// `Ok` without numbers.
    pub const DONE: OpOutcome = OpOutcome::Ok(Vec::new());

    /// A call that returned this.
    pub fn value(value: i64) -> OpOutcome {
        OpOutcome::Ok(vec![value])
    }

    /// The class: what signatures and counters tell apart.
    pub fn class(&self) -> String {
        match self {
            OpOutcome::Ok(_) => "ok".to_owned(),
            OpOutcome::Trap(trap) => format!("trap:{trap:?}"),
            OpOutcome::Exit(_) => "exit".to_owned(),
            OpOutcome::Suspended => "suspended".to_owned(),
            OpOutcome::Ended(end) => format!("ended:{end:?}"),
            OpOutcome::Refused(refusal) => format!("refused:{refusal:?}"),
            OpOutcome::Broken(_) => "broken".to_owned(),
        }
    }
}

impl fmt::Display for OpOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpOutcome::Ok(values) if values.is_empty() => f.write_str("ok"),
            OpOutcome::Ok(values) => write!(f, "ok {values:?}"),
            OpOutcome::Exit(status) => write!(f, "exit {status}"),
            OpOutcome::Broken(message) => write!(f, "broken: {message}"),
            other => f.write_str(&other.class()),
        }
    }
}
