//! An artefact and how many hold it.

use crate::cache::Artefact;
use crate::sync::Mutex;

/// An artefact with a count of its holders: its entry in the cache, which stands for all
/// handles, and each instance that uses it.
#[derive(Debug)]
pub(super) struct Built<V> {
    value: V,
    holders: Mutex<usize>,
}

impl<V: Artefact> Built<V> {
    /// Held once.
    pub(super) fn new(value: V) -> Built<V> {
        Built { value, holders: Mutex::new(1) }
    }

    pub(super) fn value(&self) -> &V {
        &self.value
    }

    pub(super) fn complete(&self) {
        self.value.complete();
    }

    /// One holder more; whether that was still possible.
    pub(super) fn hold(&self) -> bool {
        let mut holders = self.holders.lock();
        let held = *holders > 0;
        *holders += usize::from(held);
        held
    }

    /// One holder less; the last releases it, outside of the lock.
    pub(super) fn let_go(&self) {
        let mut holders = self.holders.lock();
        *holders -= 1;
        let last = *holders == 0;
        drop(holders);
        if last {
            self.value.release();
        }
    }
}
