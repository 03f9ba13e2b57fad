//! The runtime's one source of synchronisation, so that a model checker can
//! stand in for it.

pub(crate) use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Lock `mutex`; what it guards is valid whenever it is unlocked, even by a panic.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
