//! The runtime's one source of synchronisation, so that a model checker can
//! stand in for it.
//!
//! What a checker must see is `Mutex`, `Condvar` and atomics with acquire and release.
//! The accesses of a shared memory that are sequentially consistent are the guest's
//! own, see [`crate::shared`]. `OnceLock` only keeps what is written once: who may
//! read it is decided by other means, so that a checker need not know it.
//!
//! The checkers are dependencies only where `--cfg loom` or `--cfg shuttle` asks for
//! them. They have no clock: there, a sleep with a time asks [`model::choose`] whether the
//! time is over at once or never comes. "At once" covers every later moment, because the
//! lock is given up meanwhile.

use std::time::Duration;
#[cfg(not(any(loom, shuttle)))]
use std::time::Instant;

pub(crate) use std::sync::atomic::{AtomicU64, Ordering, fence};
pub(crate) use std::sync::{Arc, OnceLock, PoisonError, Weak};

#[cfg(loom)]
pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard, atomic::AtomicU8};
#[cfg(shuttle)]
pub(crate) use shuttle::sync::{Condvar, Mutex, MutexGuard, atomic::AtomicU8};
#[cfg(not(any(loom, shuttle)))]
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, atomic::AtomicU8};

/// Lock `mutex`; what it guards is valid whenever it is unlocked, even by a panic.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Time that passes while a thread sleeps.
#[cfg(not(any(loom, shuttle)))]
pub(crate) struct Stopwatch(Instant);

/// Time that passes while a thread sleeps: none but what [`model::choose`] lets pass.
#[cfg(any(loom, shuttle))]
pub(crate) struct Stopwatch(Duration);

#[cfg(not(any(loom, shuttle)))]
impl Stopwatch {
    /// One that runs from now on.
    pub(crate) fn start() -> Stopwatch {
        Stopwatch(Instant::now())
    }

    /// What has passed.
    pub(crate) fn passed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Give up the lock until `condvar` is signalled, for no reason, or for this time;
    /// without a time, perhaps for ever.
    pub(crate) fn sleep<'a, T>(
        &mut self,
        condvar: &Condvar,
        (_, guard): (&'a Mutex<T>, MutexGuard<'a, T>),
        time: Option<Duration>,
    ) -> MutexGuard<'a, T> {
        match time {
            None => condvar.wait(guard).unwrap_or_else(PoisonError::into_inner),
            Some(time) => match condvar.wait_timeout(guard, time) {
                Ok((guard, _)) => guard,
                Err(poisoned) => poisoned.into_inner().0,
            },
        }
    }
}

#[cfg(any(loom, shuttle))]
impl Stopwatch {
    /// One that runs from now on.
    pub(crate) fn start() -> Stopwatch {
        Stopwatch(Duration::ZERO)
    }

    /// What has passed.
    pub(crate) fn passed(&self) -> Duration {
        self.0
    }

    /// Give up the lock until `condvar` is signalled or, if there is a time and
    /// [`model::choose`] says so, for a moment.
    pub(crate) fn sleep<'a, T>(
        &mut self,
        condvar: &Condvar,
        (mutex, guard): (&'a Mutex<T>, MutexGuard<'a, T>),
        time: Option<Duration>,
    ) -> MutexGuard<'a, T> {
        let Some(time) = time.filter(|_| model::choose()) else {
            return condvar.wait(guard).unwrap_or_else(PoisonError::into_inner);
        };
        drop(guard);
        model::yield_now();
        self.0 += time;
        lock(mutex)
    }
}

/// What a model decides in place of the world.
#[cfg(any(loom, shuttle))]
pub mod model {
    use std::cell::Cell;

    #[cfg(loom)]
    pub(super) use loom::thread::yield_now;
    #[cfg(shuttle)]
    pub(super) use shuttle::thread::yield_now;

    // All threads of an execution are one thread of the host.
    thread_local! {
        static ANSWERS: Cell<u32> = const { Cell::new(0) };
        static QUESTIONS: Cell<u32> = const { Cell::new(0) };
    }

    /// Begin an execution in which [`choose`] answers as the bits of `answers` say,
    /// from the lowest on, then with no. Who tries all answers to the first n questions,
    /// n being as many as are ever asked, has tried everything: executions are repeated
    /// exactly.
    pub fn begin(answers: u32) {
        ANSWERS.set(answers);
        QUESTIONS.set(0);
    }

    /// How many questions were asked in this execution.
    pub fn questions() -> u32 {
        QUESTIONS.get()
    }

    /// One of two ways that the world may go.
    pub fn choose() -> bool {
        let question = QUESTIONS.replace(QUESTIONS.get() + 1);
        ANSWERS.get().checked_shr(question).is_some_and(|bits| bits & 1 == 1)
    }
}
