//! The crate's one source of synchronisation: the standard library's, or that of a
//! model checker behind the same names.
//!
//! Only a lock, a condition variable, and a flag and a counter with acquire and release:
//! that is what loom explores faithfully (it takes sequentially consistent accesses for
//! weaker ones and knows no `OnceLock`). Reference counts are the standard library's
//! own, which no model doubts; loom's would multiply the executions.
//!
//! # Timed waits in models
//! loom has no clock. There [`Condvar::wait_timeout`] asks [`model::choose`] whether
//! the time is over at once or never comes, and whoever explores a model tries both.
//! "At once" covers every later moment, because the lock is given up meanwhile. In a
//! model whose waiter nobody notifies, "never" is a deadlock: write it so that
//! somebody does.
#![cfg_attr(
    not(any(loom, shuttle)),
    expect(
        clippy::disallowed_types,
        clippy::disallowed_methods,
        reason = "this is the one place where they come from"
    )
)]

use std::cell::Cell;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

pub use std::sync::{Arc, Weak};

#[cfg(loom)]
pub(crate) use loom::thread_local;
#[cfg(shuttle)]
pub(crate) use shuttle::thread_local;
#[cfg(not(any(loom, shuttle)))]
pub(crate) use std::thread_local;

#[cfg(not(any(loom, shuttle)))]
mod imp {
    pub use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    pub use std::sync::{Condvar, Mutex, MutexGuard};
    pub use std::thread::LocalKey;
}

#[cfg(loom)]
mod imp {
    pub use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    pub use loom::sync::{Condvar, Mutex, MutexGuard};
    pub use loom::thread::LocalKey;
}

#[cfg(shuttle)]
mod imp {
    pub use shuttle::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    pub use shuttle::sync::{Condvar, Mutex, MutexGuard};
    pub use shuttle::thread::LocalKey;
}

/// Threads: the host's, or the model's.
pub mod thread {
    #[cfg(loom)]
    use loom::thread as imp;
    #[cfg(shuttle)]
    use shuttle::thread as imp;
    #[cfg(not(any(loom, shuttle)))]
    use std::thread as imp;

    pub use imp::{JoinHandle, yield_now};

    /// Start a thread.
    ///
    /// # Panics
    /// When the host has no room for another one.
    pub fn spawn<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        imp::spawn(body)
    }

    /// A small number of the current thread: what it prefers of several places that are
    /// alike. Few threads have the same one, but some may.
    #[cfg(not(any(loom, shuttle)))]
    pub fn place() -> usize {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        thread_local! {
            static PLACE: usize = THREADS.fetch_add(1, Ordering::Relaxed);
        }
        // While a thread ends it has no such number any more.
        PLACE.try_with(|place| *place).unwrap_or_default()
    }

    /// The number of the model's thread, from 0 on: the same in each execution.
    #[cfg(any(loom, shuttle))]
    pub fn place() -> usize {
        let name = format!("{:?}", imp::current().id());
        let digits = name.chars().filter(char::is_ascii_digit);
        digits.fold(0, |number, digit| 10 * number + digit as usize - '0' as usize)
    }

    /// Start a thread, if the host has room for another one.
    ///
    /// # Errors
    /// When it has not; `body` is dropped.
    pub fn try_spawn<T: Send + 'static>(
        body: impl FnOnce() -> T + Send + 'static,
    ) -> std::io::Result<JoinHandle<T>> {
        imp::Builder::new().spawn(body)
    }
}

/// A variable that each thread has for itself, and in which there is nothing at first.
pub struct ThreadVariable<T: 'static>(#[doc(hidden)] pub &'static imp::LocalKey<Cell<Option<T>>>);

impl<T: Copy> ThreadVariable<T> {
    /// What is in it.
    pub fn get(&self) -> Option<T> {
        self.0.with(Cell::get)
    }

    /// Put something else into it; what was there before.
    pub fn replace(&self, value: Option<T>) -> Option<T> {
        self.0.with(|variable| variable.replace(value))
    }
}

/// Declare a [`ThreadVariable`].
macro_rules! thread_variable {
    ($(#[$attribute:meta])* $name:ident: $type:ty) => {
        $(#[$attribute])*
        static $name: $crate::sync::ThreadVariable<$type> = {
            $crate::sync::thread_local! {
                static VARIABLE: std::cell::Cell<Option<$type>> = std::cell::Cell::new(None)
            }
            $crate::sync::ThreadVariable(&VARIABLE)
        };
    };
}
pub(crate) use thread_variable;

/// A lock. A panic while it is held does not poison it: what is guarded in this crate
/// is valid whenever it is unlocked.
#[derive(Debug, Default)]
pub struct Mutex<T>(imp::Mutex<T>);

/// What a [`Mutex`] guards, as long as this lives.
#[derive(Debug)]
pub struct MutexGuard<'a, T> {
    guard: imp::MutexGuard<'a, T>,
    /// To lock again, which the checkers' own guards do not allow.
    #[cfg(any(loom, shuttle))]
    mutex: &'a Mutex<T>,
}

impl<T> Mutex<T> {
    /// An unlocked lock around `value`.
    pub fn new(value: T) -> Mutex<T> {
        Mutex(imp::Mutex::new(value))
    }

    /// Wait until nobody else holds it.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.guard(self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
    }

    /// What it guards.
    pub fn into_inner(self) -> T {
        self.0.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn guard<'a>(&'a self, guard: imp::MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        MutexGuard {
            guard,
            #[cfg(any(loom, shuttle))]
            mutex: self,
        }
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}

/// A condition variable.
#[derive(Debug, Default)]
pub struct Condvar(imp::Condvar);

impl Condvar {
    /// One that nobody waits for.
    pub fn new() -> Condvar {
        Condvar(imp::Condvar::new())
    }

    /// Give up the lock until notified, or for no reason.
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        let waited = self.0.wait(guard.guard);
        MutexGuard {
            guard: waited.unwrap_or_else(|poisoned| poisoned.into_inner()),
            #[cfg(any(loom, shuttle))]
            mutex: guard.mutex,
        }
    }

    /// Give up the lock until notified, for no reason, or until the time is over;
    /// whether it is.
    #[cfg(not(any(loom, shuttle)))]
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        time: Duration,
    ) -> (MutexGuard<'a, T>, bool) {
        let waited = self.0.wait_timeout(guard.guard, time);
        let (guard, result) = waited.unwrap_or_else(|poisoned| poisoned.into_inner());
        (MutexGuard { guard }, result.timed_out())
    }

    /// Give up the lock for a moment or until notified, as [`model::choose`] says;
    /// whether for a moment.
    #[cfg(any(loom, shuttle))]
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        _: Duration,
    ) -> (MutexGuard<'a, T>, bool) {
        if !model::choose() {
            return (self.wait(guard), false);
        }
        let mutex = guard.mutex;
        drop(guard);
        thread::yield_now();
        (mutex.lock(), true)
    }

    /// Wake one that waits.
    pub fn notify_one(&self) {
        self.0.notify_one();
    }

    /// Wake all that wait.
    pub fn notify_all(&self) {
        self.0.notify_all();
    }
}

/// What happens once and is seen from then on, with all that came before it.
#[derive(Debug)]
pub struct Flag(imp::AtomicBool);

impl Flag {
    /// One that is down.
    pub fn new() -> Flag {
        Flag(imp::AtomicBool::new(false))
    }

    /// Put it up; whether it was down before.
    pub fn raise(&self) -> bool {
        !self.0.swap(true, imp::Ordering::AcqRel)
    }

    /// Whether it is up.
    pub fn is_up(&self) -> bool {
        self.0.load(imp::Ordering::Acquire)
    }
}

impl Default for Flag {
    fn default() -> Flag {
        Flag::new()
    }
}

/// A number that threads change together.
#[derive(Debug)]
pub struct Counter(imp::AtomicUsize);

impl Counter {
    /// One that has this value.
    pub fn new(value: usize) -> Counter {
        Counter(imp::AtomicUsize::new(value))
    }

    /// One more; how many that are.
    pub fn increment(&self) -> usize {
        self.0.fetch_add(1, imp::Ordering::AcqRel) + 1
    }

    /// One less, of at least one; how many are left.
    pub fn decrement(&self) -> usize {
        self.0.fetch_sub(1, imp::Ordering::AcqRel).wrapping_sub(1)
    }

    /// Make it `value` if it is less.
    pub fn raise_to(&self, value: usize) {
        self.0.fetch_max(value, imp::Ordering::AcqRel);
    }

    /// What it is.
    pub fn get(&self) -> usize {
        self.0.load(imp::Ordering::Acquire)
    }

    /// Make it `value`, whatever it was. Two that set what they have counted themselves
    /// count wrongly.
    pub fn set(&self, value: usize) {
        self.0.store(value, imp::Ordering::Release);
    }
}

impl Default for Counter {
    fn default() -> Counter {
        Counter::new(0)
    }
}

/// What a model decides in place of the world; the runtime's timed waits ask it, too.
#[cfg(any(loom, shuttle))]
pub use gainsay_runtime::model;
