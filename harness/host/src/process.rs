//! A process: threads of a guest that share memories, and end together.
//!
//! The threads are those of wasi-threads: each has an instance of the same module in a
//! store of its own, with the same shared memories. A trap, or an exit, in any of them ends
//! all of them; so does the return of the main thread. The first reason there was is the
//! one that counts.
//!
//! A process runs on threads of the host ([`Process::run`]), or all of it on one thread
//! under a chosen schedule ([`Process::run_scheduled`]).

mod clock;
mod environment;
mod exit;
mod guest_thread;
mod identifiers;
mod program;
mod pthread;
mod schedule;
mod scheduled;
mod shared;
mod spawn;
mod threads;

use std::fmt;

use crate::defect::{Defect, planted};
use crate::process::guest_thread::Entry;
use crate::process::program::Kind;
use crate::process::shared::{Shared, ThreadGuard};
use crate::process::spawn::{Mode, Path, SpawnRequest};
use crate::sync::Arc;

pub use environment::{EnvError, EnvId, ExecEnv, Token, current};
pub use exit::{ProcessExit, ThreadFailure};
pub use program::{ProcessLimits, Program, ProgramError};
pub use schedule::{Choice, Every, Replay, RoundRobin, Schedule, Seeded};
pub use scheduled::{BlockedOn, ScheduledRun};
pub use spawn::SpawnError;

/// A process; a clone is the same one. When the last is dropped, the process is ended.
#[derive(Clone)]
pub struct Process(Arc<Owner>);

/// What all handles of a process share.
struct Owner(Arc<Shared>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.end(ProcessExit::Killed);
    }
}

/// Why a process was not run; nothing of the guest has run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunError {
    /// Its main thread was started before.
    AlreadyRun,
    /// `run` of a reactor.
    NotACommand,
    /// `initialize` of a command.
    NotAReactor,
    /// The host has started threads of it, which no schedule can have part in.
    HasThreads,
    /// It was ended before it began, or, of a reactor, by its initialization.
    Ended(ProcessExit),
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::AlreadyRun => f.write_str("the process was run before"),
            RunError::NotACommand => f.write_str("the module has no _start"),
            RunError::NotAReactor => f.write_str("the module is a command: it can only be run"),
            RunError::HasThreads => f.write_str("the process has threads of the host"),
            RunError::Ended(exit) => write!(f, "the process has ended: {exit}"),
        }
    }
}

impl std::error::Error for RunError {}

/// Why there is no environment of a reactor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReactorError {
    /// Nothing of the guest has run.
    Run(RunError),
    /// There is no room for an environment.
    Spawn(SpawnError),
    /// The start function or `_initialize` did not return.
    Env(EnvError),
}

impl fmt::Display for ReactorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReactorError::Run(error) => error.fmt(f),
            ReactorError::Spawn(error) => error.fmt(f),
            ReactorError::Env(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ReactorError {}

impl Process {
    /// One that has not begun.
    ///
    /// # Errors
    /// [`ProgramError::Limit`] when its shared memories do not fit.
    pub fn new(program: Program) -> Result<Process, ProgramError> {
        let memories = program.memories().map_err(ProgramError::Limit)?;
        let shared = Arc::new(Shared::new(program, memories));
        let weak = Arc::downgrade(&shared);
        shared.program.system.on_input(Arc::new(move || {
            if let Some(shared) = weak.upgrade() {
                shared.input();
            }
        }));
        Ok(Process(Arc::new(Owner(shared))))
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.0.0
    }

    /// Run a command on this thread, and its other threads on others, until all are gone.
    ///
    /// # Errors
    /// [`RunError`].
    pub fn run(&self) -> Result<ProcessExit, RunError> {
        if self.shared().program.kind != Kind::Command {
            return Err(RunError::NotACommand);
        }
        let guard = self.begin(Mode::Threads)?;
        threads::live(self.shared(), guard, main("_start"), true);
        if planted(Defect::RunDoesNotReap) {
            return Ok(self.exit().expect("the main thread has ended it"));
        }
        Ok(self.join())
    }

    /// Run a command, with all of its threads on this one, until it has ended; after so
    /// many steps, [`ProcessExit::OutOfSteps`]. A schedule that makes the same choices makes the
    /// same run, if the system does the same.
    ///
    /// # Errors
    /// [`RunError`].
    pub fn run_scheduled(
        &self,
        schedule: &mut dyn Schedule,
        steps_max: u64,
    ) -> Result<ScheduledRun, RunError> {
        if self.shared().program.kind != Kind::Command {
            return Err(RunError::NotACommand);
        }
        let guard = self.begin(Mode::Scheduled)?;
        Ok(scheduled::run(self.shared(), guard, main("_start"), schedule, steps_max))
    }

    /// Run the start function of a reactor, and its `_initialize` if it has one, on this
    /// thread: once, and in no other environment.
    ///
    /// # Errors
    /// [`RunError`].
    pub fn initialize(&self) -> Result<(), RunError> {
        let Kind::Reactor { initializer } = self.shared().program.kind else {
            return Err(RunError::NotAReactor);
        };
        let guard = self.begin(Mode::Threads)?;
        let entry = if initializer { Entry::Export("_initialize") } else { Entry::Nothing };
        threads::live(self.shared(), guard, SpawnRequest { entry, ..main("") }, false);
        let mut state = self.shared().state.lock();
        state.initialized = true;
        state.exit.clone().map_or(Ok(()), |exit| Err(RunError::Ended(exit)))
    }

    /// An environment of a reactor in which its `_initialize`, if it has one, has returned:
    /// for a host that calls functions of one instance, which keeps its globals. The other
    /// environments are instances of their own, as ever.
    ///
    /// # Errors
    /// [`ReactorError`]. A trap or `proc_exit` ends the process.
    pub fn reactor(&self) -> Result<Arc<ExecEnv>, ReactorError> {
        let Kind::Reactor { initializer } = self.shared().program.kind else {
            return Err(ReactorError::Run(RunError::NotAReactor));
        };
        {
            let mut state = self.shared().state.lock();
            if state.begun {
                return Err(ReactorError::Run(RunError::AlreadyRun));
            }
            if let Some(exit) = &state.exit {
                return Err(ReactorError::Run(RunError::Ended(exit.clone())));
            }
            (state.begun, state.initialized) = (true, true);
        }
        let env = self.environment().map_err(|error| match error {
            SpawnError::Env(error) => ReactorError::Env(error),
            other => ReactorError::Spawn(other),
        })?;
        if initializer {
            env.call("_initialize", &[]).map_err(ReactorError::Env)?;
        }
        Ok(env)
    }

    /// Let the main thread be among the living.
    fn begin(&self, mode: Mode) -> Result<ThreadGuard, RunError> {
        let mut state = self.shared().state.lock();
        if state.begun {
            return Err(RunError::AlreadyRun);
        }
        if let Some(exit) = &state.exit {
            return Err(RunError::Ended(exit.clone()));
        }
        if mode == Mode::Scheduled && !state.live.is_empty() {
            return Err(RunError::HasThreads);
        }
        state.begun = true;
        state.mode = mode;
        state.live.insert(0);
        Ok(ThreadGuard::reserved(self.shared(), 0))
    }

    /// Start a thread with `wasi_thread_start`, as the guest's `thread-spawn` does: its
    /// identifier.
    ///
    /// # Errors
    /// [`SpawnError`].
    pub fn spawn(&self, arg: i32) -> Result<u32, SpawnError> {
        self.shared().spawn(Path::Host, Entry::WasiThread(arg))
    }

    /// An environment for this thread of the host, or for another one. The module's start
    /// function is run in it, here.
    ///
    /// # Errors
    /// [`SpawnError`].
    pub fn environment(&self) -> Result<Arc<ExecEnv>, SpawnError> {
        self.shared().environment()
    }

    /// End it from outside, if it has not ended: [`ProcessExit::Killed`].
    pub fn kill(&self) {
        self.shared().end(ProcessExit::Killed);
    }

    /// Sleep until it has ended and none of its threads is left.
    pub fn join(&self) -> ProcessExit {
        self.shared().join()
    }

    /// How it ended, if it has; some threads may not have noticed yet.
    pub fn exit(&self) -> Option<ProcessExit> {
        self.shared().state.lock().exit.clone()
    }

    /// How many threads run, or may: the main one, those that were spawned, and those of
    /// the host that run in an environment.
    pub fn threads(&self) -> usize {
        self.shared().state.lock().live.len()
    }
}

/// The main thread, which begins with this export.
fn main(export: &'static str) -> SpawnRequest {
    SpawnRequest { thread: 0, parent: None, entry: Entry::Export(export) }
}

impl fmt::Debug for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Process").field("exit", &self.exit()).finish_non_exhaustive()
    }
}
