//! The runtime's one source of synchronisation, so that a model checker can
//! stand in for it.
//!
//! What a checker must see is `Mutex`, `Condvar` and atomics with acquire and release.
//! The accesses of a shared memory that are sequentially consistent are the guest's
//! own, see [`crate::shared`]. `OnceLock` only keeps what is written once: who may
//! read it is decided by other means, so that a checker need not know it.
//!
//! The checkers are dependencies only where `--cfg loom` or `--cfg shuttle` asks for
//! them. They have no clock: there, a sleep with a time lasts until it is signalled.

use std::time::Duration;

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

/// Sleep until `condvar` is signalled, for no reason, or when the time is over; without
/// a time, perhaps for ever.
pub(crate) fn sleep<'a, T>(
    condvar: &Condvar,
    guard: MutexGuard<'a, T>,
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
