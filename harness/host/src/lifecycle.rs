//! When an instance may be entered: a command once, a reactor again and again.
//!
//! WASI preview 1 has two kinds of modules. A *command* exports `_start`, which is
//! called once, and nothing is called after it. A *reactor* may export `_initialize`,
//! which is called once and before anything else. An instance is entered by one caller
//! at a time, and never again after it trapped: what it left half done is unknown.
//!
//! ```text
//!   command   fresh --run--> running ----------> finished
//!   reactor   fresh --initialize--> running ---> ready <--call--> running
//!                                      |  trap, or the caller was lost
//!   both                               +-------> poisoned
//! ```
//!
//! A refusal is decided, and the entrance noted, under one lock: nothing of the guest
//! has run when it is refused, and of several callers one is let in.

use std::fmt;

use crate::defect::{Defect, planted};
use crate::sync::{Mutex, MutexGuard};

/// What an instance is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstanceKind {
    /// To be run once.
    Command,
    /// To be called again and again, after `_initialize` if it has one.
    Reactor {
        /// Whether it has one.
        initializer: bool,
    },
}

/// The entrances of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entrance {
    /// `_start`.
    Run,
    /// `_initialize`.
    Initialize,
    /// Any other export.
    Call,
}

/// Where an instance is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It was never entered.
    Fresh,
    /// Somebody is in it.
    Running,
    /// A reactor that may be called.
    Ready,
    /// It has done what it was for.
    Finished,
    /// It was left by a trap.
    Poisoned,
}

/// How an instance was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryEnding {
    /// By returning.
    Returned,
    /// By `proc_exit`: the end of a command and of a reactor.
    Exited,
    /// By a trap, or by anything else that may leave something half done.
    Trapped,
    /// Before anything of the guest had run: as if it had not been entered.
    Unentered,
}

/// Why an instance was not entered. No code of the guest has run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// `run` of a reactor.
    NotACommand,
    /// `initialize` or `call` of a command.
    NotAReactor,
    /// `initialize` of a reactor without `_initialize`.
    NothingToInitialize,
    /// Somebody else is in it.
    Busy,
    /// A command was run, or a reactor has exited.
    Finished,
    /// `initialize` for the second time.
    AlreadyInitialized,
    /// `call` before `initialize`.
    NotInitialized,
    /// It has trapped.
    Poisoned,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::NotACommand => "the instance is no command: it has no _start",
            Refusal::NotAReactor => "the instance is a command: only _start may be called",
            Refusal::NothingToInitialize => "the instance has no _initialize",
            Refusal::Busy => "the instance is running",
            Refusal::Finished => "the instance has finished: make another one to run it again",
            Refusal::AlreadyInitialized => "the instance is initialized already",
            Refusal::NotInitialized => "the instance is not initialized yet",
            Refusal::Poisoned => "the instance has trapped and may not be entered again",
        })
    }
}

impl std::error::Error for Refusal {}

/// The life of one instance; shared by those who want to enter it.
#[derive(Debug)]
pub struct Lifecycle {
    kind: InstanceKind,
    phase: Mutex<Phase>,
}

impl Lifecycle {
    /// That of an instance which was never entered.
    pub fn new(kind: InstanceKind) -> Lifecycle {
        Lifecycle { kind, phase: Mutex::new(kind.beginning()) }
    }

    /// What the instance is meant for.
    pub fn kind(&self) -> InstanceKind {
        self.kind
    }

    /// Where it is now.
    pub fn phase(&self) -> Phase {
        *self.phase.lock()
    }

    /// Be let in, until the [`Permit`] is given back.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn enter(&self, entrance: Entrance) -> Result<Permit<'_>, Refusal> {
        let mut phase = self.phase.lock();
        let before = *phase;
        self.kind.admits(before, entrance)?;
        if planted(Defect::CheckThenSet) {
            drop(phase);
            phase = self.phase.lock();
        }
        if !planted(Defect::SetAfterCall) {
            *phase = Phase::Running;
        }
        Ok(Permit { lifecycle: self, before, ended: false })
    }

    fn leave(&self, ending: EntryEnding, before: Phase) {
        let mut phase: MutexGuard<'_, Phase> = self.phase.lock();
        *phase = match (ending, self.kind) {
            (EntryEnding::Trapped, _) if planted(Defect::ResetOnTrap) => Phase::Fresh,
            (EntryEnding::Trapped, _) => Phase::Poisoned,
            (EntryEnding::Unentered, _) => before,
            (EntryEnding::Exited, _) | (EntryEnding::Returned, InstanceKind::Command) => {
                Phase::Finished
            }
            (EntryEnding::Returned, InstanceKind::Reactor { .. }) => Phase::Ready,
        };
    }
}

impl InstanceKind {
    fn beginning(self) -> Phase {
        match self {
            InstanceKind::Reactor { initializer: false } => Phase::Ready,
            InstanceKind::Command | InstanceKind::Reactor { initializer: true } => Phase::Fresh,
        }
    }

    /// What is wrong with the entrance comes before what is wrong with the moment.
    fn admits(self, phase: Phase, entrance: Entrance) -> Result<(), Refusal> {
        match (self, entrance) {
            (InstanceKind::Reactor { .. }, Entrance::Run) => return Err(Refusal::NotACommand),
            (InstanceKind::Command, Entrance::Initialize | Entrance::Call) => {
                return Err(Refusal::NotAReactor);
            }
            (InstanceKind::Reactor { initializer: false }, Entrance::Initialize) => {
                return Err(Refusal::NothingToInitialize);
            }
            _ => {}
        }
        match (phase, entrance) {
            (Phase::Running, _) => Err(Refusal::Busy),
            (Phase::Finished, _) => Err(Refusal::Finished),
            (Phase::Poisoned, _) => Err(Refusal::Poisoned),
            (Phase::Ready, Entrance::Initialize) => Err(Refusal::AlreadyInitialized),
            (Phase::Fresh, Entrance::Call) => Err(Refusal::NotInitialized),
            (Phase::Fresh, Entrance::Run | Entrance::Initialize) => Ok(()),
            (Phase::Ready, Entrance::Run | Entrance::Call) => Ok(()),
        }
    }
}

/// Somebody is in the instance. Dropped without [`Permit::end`], by a panic or a call
/// that is given up while it is suspended, it counts as a trap.
#[derive(Debug)]
pub struct Permit<'a> {
    lifecycle: &'a Lifecycle,
    before: Phase,
    ended: bool,
}

impl Permit<'_> {
    /// The instance was left.
    pub fn end(mut self, ending: EntryEnding) {
        self.ended = true;
        self.lifecycle.leave(ending, self.before);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.lifecycle.leave(EntryEnding::Trapped, self.before);
        }
    }
}

#[cfg(test)]
mod tests;
