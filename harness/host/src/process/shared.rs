//! What the threads of a process share, and how it ends.
//!
//! One lock guards who lives, who waits and how the process ended. Whoever ends it does
//! all under that lock: sets the exit if there is none, and wakes whoever sleeps. Whoever
//! goes to sleep, or starts a thread, looks under the same lock whether the process has
//! ended. So nobody is missed, and nobody has to look again after some time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use gainsay_runtime::{SharedMemory, Wait};

use crate::defect::{Defect, planted};
use crate::process::clock::Clock;
use crate::process::environment::{EnvError, EnvId};
use crate::process::exit::{ProcessExit, ThreadFailure};
use crate::process::guest_thread::Ending;
use crate::process::identifiers::Identifiers;
use crate::process::program::Program;
use crate::process::spawn::{Mode, SpawnRequest};
use crate::sync::{Arc, Condvar, Flag, Mutex};

/// What the threads of a process share.
pub(super) struct Shared {
    pub(super) program: Program,
    /// Those that the module imports, in order.
    pub(super) memories: Vec<SharedMemory>,
    pub(super) state: Mutex<State>,
    /// Somebody has left, or the process has ended.
    left: Condvar,
    /// There is input, or the process has ended.
    paused: Condvar,
    /// The process has ended: as the exit in the state, for who does not hold the lock.
    ending: Flag,
}

/// What the lock guards.
pub(super) struct State {
    /// Set once.
    pub(super) exit: Option<ProcessExit>,
    pub(super) mode: Mode,
    /// Whether the main thread was started.
    pub(super) begun: bool,
    /// Whether a reactor's main thread has returned.
    pub(super) initialized: bool,
    /// Threads that run, or may.
    pub(super) live: BTreeSet<u32>,
    /// Those in use. A thread that can be joined uses its own until it is.
    pub(super) identifiers: Identifiers,
    /// Threads at `memory.atomic.wait`.
    waits: BTreeMap<u32, Wait>,
    /// Threads that join another one, which has not returned.
    joins: BTreeMap<u32, u32>,
    /// What threads that can be joined returned, until they are; nothing of those that
    /// run.
    pub(super) results: BTreeMap<u32, Option<i32>>,
    /// How often there was input.
    inputs: u64,
    pub(super) clock: Clock,
    /// Threads that a schedule has not begun with.
    pub(super) requests: Vec<SpawnRequest>,
}

/// What a system is told of the world.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) now: Duration,
    pub(super) inputs: u64,
}

impl Shared {
    pub(super) fn new(program: Program, memories: Vec<SharedMemory>) -> Shared {
        Shared {
            program,
            memories,
            state: Mutex::new(State {
                exit: None,
                mode: Mode::Threads,
                begun: false,
                initialized: false,
                live: BTreeSet::new(),
                identifiers: Identifiers::default(),
                waits: BTreeMap::new(),
                joins: BTreeMap::new(),
                results: BTreeMap::new(),
                inputs: 0,
                clock: Clock::start(),
                requests: Vec::new(),
            }),
            left: Condvar::new(),
            paused: Condvar::new(),
            ending: Flag::new(),
        }
    }

    /// The name of a thread's environment.
    pub(super) fn env(self: &Arc<Self>, thread: u32) -> EnvId {
        EnvId { process: Arc::as_ptr(self) as usize, thread }
    }

    /// Whether the process has ended; who lives is to stop.
    pub(super) fn is_ending(&self) -> bool {
        self.ending.is_up()
    }

    /// End the process, if it has not ended.
    pub(super) fn end(&self, exit: ProcessExit) {
        if planted(Defect::FlagWithoutLock) {
            self.ending.raise();
            self.paused.notify_all();
        }
        self.end_locked(&mut self.state.lock(), exit);
    }

    fn end_locked(&self, state: &mut State, exit: ProcessExit) {
        if state.exit.is_none() || planted(Defect::LastWriterWins) {
            state.exit = Some(exit);
        }
        if !self.ending.raise() {
            return;
        }
        for wait in std::mem::take(&mut state.waits).into_values() {
            wait.interrupt();
        }
        if !planted(Defect::OnlyPolled) {
            self.paused.notify_all();
        }
        self.left.notify_all();
    }

    /// Wait until the process has ended and nobody lives any more.
    pub(super) fn join(&self) -> ProcessExit {
        let mut state = self.state.lock();
        loop {
            match &state.exit {
                Some(exit) if state.live.is_empty() => return exit.clone(),
                _ => state = self.left.wait(state),
            }
        }
    }

    /// The time, and how much input there was.
    pub(super) fn moment(&self) -> Moment {
        let state = self.state.lock();
        Moment { now: state.clock.now(), inputs: state.inputs }
    }

    /// There is input.
    pub(super) fn input(&self) {
        self.state.lock().inputs += 1;
        self.paused.notify_all();
    }

    /// A thread has begun to wait: from here on the process's end interrupts it.
    pub(super) fn begin_wait(&self, thread: u32, wait: &Wait) {
        let mut state = self.state.lock();
        if !self.is_ending() || planted(Defect::WaitDoesNotLook) {
            state.waits.insert(thread, wait.clone());
            self.end_deadlock(&mut state);
            return;
        }
        drop(state);
        wait.interrupt();
    }

    /// It waits no more.
    pub(super) fn end_wait(&self, thread: u32) {
        self.state.lock().waits.remove(&thread);
    }

    /// Sleep until the clock shows `until`, there was more input than this, or the
    /// process has ended.
    pub(super) fn pause(&self, until: Option<Duration>, inputs: u64) {
        let mut state = self.state.lock();
        while !self.is_ending() && state.inputs == inputs {
            let Some(until) = until else {
                state = self.paused.wait(state);
                continue;
            };
            let left = until.saturating_sub(state.clock.now());
            if left.is_zero() {
                return;
            }
            let (again, timed_out) = self.paused.wait_timeout(state, left);
            state = again;
            if timed_out {
                state.clock.reach(until);
            }
        }
    }

    /// Let `joiner` sleep until a thread that can be joined has returned, or the process
    /// has ended.
    pub(super) fn await_result(&self, joiner: u32, thread: u32) {
        let mut state = self.state.lock();
        state.joins.insert(joiner, thread);
        self.end_deadlock(&mut state);
        while !self.is_ending() && state.runs(thread) {
            state = self.left.wait(state);
        }
        state.joins.remove(&joiner);
    }

    /// End the process if all of its threads wait for each other, and it is to end then.
    fn end_deadlock(&self, state: &mut State) {
        let waiting = state.waits.len() + state.joins.len();
        let ends = self.program.limits.deadlock_ends && self.program.is_command();
        if ends && state.mode == Mode::Threads && state.begun && waiting >= state.live.len() {
            let blocked = |thread: &u32| match (state.waits.get(thread), state.joins.get(thread)) {
                (Some(wait), _) => wait.time().is_none() && wait.wake().is_none(),
                (_, Some(joined)) => state.runs(*joined),
                (None, None) => false,
            };
            if !state.live.is_empty() && state.live.iter().all(blocked) {
                self.end_locked(state, ProcessExit::Deadlocked);
            }
        }
    }

    /// Whether a thread that can be joined has returned, or was joined by somebody else.
    pub(super) fn has_result(&self, thread: u32) -> bool {
        !self.state.lock().runs(thread)
    }

    /// An identifier is used no more.
    pub(super) fn give_back(&self, thread: u32) {
        self.state.lock().identifiers.give_back(thread);
    }
}

impl State {
    /// Whether this is a thread that can be joined, and has not returned.
    fn runs(&self, thread: u32) -> bool {
        self.results.get(&thread) == Some(&None)
    }
}

/// A thread's place among the living. Given up without [`ThreadGuard::leave`] once the thread has
/// begun, it counts as a failure: the host's code panicked.
pub(super) struct ThreadGuard {
    shared: Arc<Shared>,
    thread: u32,
    /// Whether the identifier stays in use.
    keeps: bool,
    /// Whether its owner runs.
    begun: bool,
    left: bool,
}

impl ThreadGuard {
    /// A place for a thread of the host that runs in an environment.
    ///
    /// # Errors
    /// [`EnvError::Ended`] and [`EnvError::Scheduled`].
    pub(super) fn take(shared: &Arc<Shared>, thread: u32) -> Result<ThreadGuard, EnvError> {
        let mut state = shared.state.lock();
        if shared.is_ending() && !planted(Defect::SpawnDoesNotLook) {
            return Err(EnvError::Ended);
        }
        if state.mode == Mode::Scheduled {
            return Err(EnvError::Scheduled);
        }
        state.live.insert(thread);
        drop(state);
        Ok(ThreadGuard::of_environment(shared, thread))
    }

    /// The place of an environment's first run, whose owner is among the living.
    pub(super) fn of_environment(shared: &Arc<Shared>, thread: u32) -> ThreadGuard {
        let shared = Arc::clone(shared);
        ThreadGuard { shared, thread, keeps: true, begun: true, left: false }
    }

    /// The place of a thread that is among the living, and has not begun.
    pub(super) fn reserved(shared: &Arc<Shared>, thread: u32) -> ThreadGuard {
        ThreadGuard { shared: Arc::clone(shared), thread, keeps: false, begun: false, left: false }
    }

    /// From here on a panic counts.
    pub(super) fn begin(&mut self) {
        self.begun = true;
    }

    /// The thread has ended and runs nothing any more. `whole`: if it returned, so has the
    /// process.
    pub(super) fn leave(mut self, ending: &Ending, whole: bool) {
        self.left = true;
        let exit = match ending {
            Ending::Returned(_) if whole => Some(ProcessExit::Returned),
            Ending::Returned(_) | Ending::Stopped => None,
            Ending::Exited(status) => Some(ProcessExit::Exited(*status)),
            Ending::Failed(_) if planted(Defect::ChildTrapIgnored) && self.thread > 0 => None,
            Ending::Failed(failure) => {
                Some(ProcessExit::Trapped { thread: self.thread, failure: failure.clone() })
            }
        };
        self.end(exit, ending.result());
    }

    fn end(&self, exit: Option<ProcessExit>, result: Option<i32>) {
        let ThreadGuard { shared, thread, .. } = self;
        if let (Some(exit), true) = (&exit, planted(Defect::FlagWithoutLock)) {
            shared.end(exit.clone());
        }
        let mut state = shared.state.lock();
        if planted(Defect::TrapLooksReturned) {
            state.results.entry(*thread).and_modify(|result| *result = Some(0));
            shared.left.notify_all();
            drop(state);
            state = shared.state.lock();
        }
        if let Some(exit) = exit {
            shared.end_locked(&mut state, exit);
        }
        if let (Some(slot), Some(_)) = (state.results.get_mut(thread), result) {
            *slot = result;
        }
        state.live.remove(thread);
        if !self.keeps && !state.results.contains_key(thread) {
            state.identifiers.give_back(*thread);
        }
        shared.end_deadlock(&mut state);
        shared.left.notify_all();
    }
}

impl Drop for ThreadGuard {
    fn drop(&mut self) {
        if !self.left {
            let failed =
                ProcessExit::Trapped { thread: self.thread, failure: ThreadFailure::Panicked };
            self.end(self.begun.then_some(failed), None);
        }
    }
}
