//! The ways in which a thread, or an environment, is made.
//!
//! A guest's thread spawns another one, in the style of POSIX or of wasi-threads: then the
//! host's thread runs in the parent's environment. Or the host wants an environment: then
//! its thread runs in none, or, in a host function, in the caller's. In each case the
//! instance is made and its start function run in the new environment, by the thread that
//! will run in it.

use std::fmt;

use crate::defect::{Defect, planted};
use crate::process::environment::{EnvError, EnvId, ExecEnv, current};
use crate::process::guest_thread::{Ending, Entry, GuestThread};
use crate::process::program::Kind;
use crate::process::shared::{Shared, State, ThreadGuard};
use crate::process::threads;
use crate::sync::Arc;

/// What threads run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// One of the host's each.
    Threads,
    /// One for all, as a schedule says.
    Scheduled,
}

/// A thread that is to begin.
#[derive(Clone, Debug)]
pub(super) struct SpawnRequest {
    pub(super) thread: u32,
    pub(super) parent: Option<EnvId>,
    pub(super) entry: Entry,
}

/// Who wants a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Path {
    /// The thread of the guest that runs in this environment.
    Guest(EnvId),
    /// The host.
    Host,
}

/// Why there is no new thread, or environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpawnError {
    /// The process has ended.
    Ended,
    /// There are as many as the limits allow.
    TooMany,
    /// The host has no room for another thread.
    NoRoom,
    /// The module does not export `wasi_thread_start`.
    NoEntry,
    /// It is a reactor that is not initialized yet.
    NotInitialized,
    /// The thread of the host runs in an environment of another process.
    Foreign,
    /// The process runs under a schedule, which the host's threads have no part in.
    Scheduled,
    /// The start function did not return.
    Env(EnvError),
}

impl fmt::Display for SpawnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SpawnError::Ended => "the process has ended",
            SpawnError::TooMany => "the process has reached its thread limit",
            SpawnError::NoRoom => "the host cannot create another thread",
            SpawnError::NoEntry => "the module does not export wasi_thread_start",
            SpawnError::NotInitialized => "the process is not initialized yet",
            SpawnError::Foreign => "the thread runs in an environment of another process",
            SpawnError::Scheduled => "the process runs under a schedule",
            SpawnError::Env(error) => return write!(f, "the start function: {error}"),
        })
    }
}

impl std::error::Error for SpawnError {}

impl Shared {
    /// In whose environment the caller runs, if in one; it must be one that may ask.
    fn parent(self: &Arc<Self>, path: Path) -> Result<Option<EnvId>, SpawnError> {
        let running = current();
        if planted(Defect::UnconditionalAssert) {
            let parent = if let Path::Guest(parent) = path { parent } else { self.env(0) };
            assert_eq!(running, Some(parent), "the current environment is not the parent's");
        }
        match (path, running) {
            (Path::Host, None) => Ok(None),
            (Path::Host, Some(env)) if env.process == self.env(0).process => Ok(running),
            (Path::Guest(parent), Some(env)) if env == parent => Ok(running),
            _ => Err(SpawnError::Foreign),
        }
    }

    /// Reserve an identifier and a place among the living.
    fn admit(&self, state: &mut State) -> Result<u32, SpawnError> {
        if self.is_ending() && !planted(Defect::SpawnDoesNotLook) {
            return Err(SpawnError::Ended);
        }
        let thread = state.identifiers.reserve(self.program.limits.threads_max);
        let thread = thread.ok_or(SpawnError::TooMany)?;
        state.live.insert(thread);
        Ok(thread)
    }

    /// Start a thread of the guest: its identifier.
    pub(super) fn spawn(self: &Arc<Self>, path: Path, entry: Entry) -> Result<u32, SpawnError> {
        let parent = self.parent(path)?;
        if matches!(entry, Entry::WasiThread(_)) && !self.program.starts_threads {
            return Err(SpawnError::NoEntry);
        }
        let mut state = self.state.lock();
        let thread = self.admit(&mut state)?;
        if matches!(entry, Entry::Routine { .. }) {
            state.results.insert(thread, None);
        }
        let request = SpawnRequest { thread, parent, entry };
        if state.mode == Mode::Scheduled {
            state.requests.push(request);
            return Ok(thread);
        }
        drop(state);
        threads::start(self, request).map_err(|_| {
            self.forget(thread);
            SpawnError::NoRoom
        })?;
        Ok(thread)
    }

    /// Make an environment that is nobody's, on the caller's thread.
    pub(super) fn environment(self: &Arc<Self>) -> Result<Arc<ExecEnv>, SpawnError> {
        let parent = self.parent(Path::Host)?;
        let mut state = self.state.lock();
        if state.mode == Mode::Scheduled {
            return Err(SpawnError::Scheduled);
        }
        if self.program.kind == (Kind::Reactor { initializer: true }) && !state.initialized {
            return Err(SpawnError::NotInitialized);
        }
        let thread = self.admit(&mut state)?;
        drop(state);
        let guard = ThreadGuard::of_environment(self, thread);
        let env = ExecEnv::new(self, thread, true);
        let token = env.take().map_err(SpawnError::Env)?;
        let mut guest = GuestThread::new(token, parent, Entry::Nothing);
        let ending = threads::drive(self, &mut guest);
        drop(guest);
        guard.leave(&ending, false);
        match ending {
            Ending::Returned(_) => Ok(env),
            Ending::Exited(status) => Err(SpawnError::Env(EnvError::Exited(status))),
            Ending::Failed(failure) => Err(SpawnError::Env(EnvError::Failed(failure))),
            Ending::Stopped => Err(SpawnError::Ended),
        }
    }
}
