//! The cases of a shard that are still to be run.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use gainsay_findings::{PartId, Ranges};

/// Hands out ordinals that are not done, in ascending order, to any number of workers.
pub(crate) struct Ordinals<'a> {
    part: PartId,
    done: Ranges,
    /// First ordinal beyond the budget.
    end: u64,
    next: Mutex<u64>,
    /// Set when no further cases are to be begun.
    is_over: &'a AtomicBool,
}

impl<'a> Ordinals<'a> {
    pub(crate) fn new(
        part: PartId,
        done: Ranges,
        end: u64,
        is_over: &'a AtomicBool,
    ) -> Ordinals<'a> {
        Ordinals { part, done, end, next: Mutex::new(0), is_over }
    }

    /// The next ones, at most `count`; `None` if there are no more.
    pub(crate) fn next(&self, count: u64) -> Option<Range<u64>> {
        if self.is_over.load(Ordering::Relaxed) {
            return None;
        }
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let ordinals = self.done.gap(*next, count, self.end)?;
        *next = ordinals.end;
        Some(ordinals)
    }

    /// The campaign-wide index of a case.
    pub(crate) fn index(&self, ordinal: u64) -> u64 {
        self.part.shard.index(ordinal)
    }
}
