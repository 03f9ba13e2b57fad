//! Stacks: the slots and frames of an activation, and a pool of them.

use crate::buffer;
use crate::ir::FRAME_SLOTS_MAX;
use crate::sync::{Arc, Mutex, lock};

/// The slots that one frame can address. A `u16` index into it needs no check.
pub(super) type Window = [u64; FRAME_SLOTS_MAX];

/// Where a function goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Index of the next instruction in its module.
    pub(super) pc: u32,
    /// The stack slot where its window starts.
    pub(super) base: u32,
    /// Its instance.
    pub(super) instance: u32,
}

/// The storage of one activation.
///
/// Past the limit there are [`FRAME_SLOTS_MAX`] more slots, so that every frame has
/// a whole window; they are pages that nobody touches. Slots are not cleared
/// between calls: a frame writes each of its slots before it reads it.
#[derive(Debug, Default)]
pub(super) struct Stack {
    pub(super) slots: Vec<u64>,
    /// The callers of the current function, the outermost first.
    pub(super) frames: Vec<Frame>,
}

impl Stack {
    /// A stack of `slots_max` slots, if there is room for it.
    fn new(slots_max: usize) -> Option<Stack> {
        let length = slots_max.checked_add(FRAME_SLOTS_MAX)?;
        // Bases are held as u32.
        u32::try_from(length).ok()?;
        Some(Stack { slots: buffer::filled(0, length as u64)?, frames: Vec::new() })
    }

    /// How many slots all frames together may use.
    pub(super) fn slots_max(&self) -> usize {
        self.slots.len() - FRAME_SLOTS_MAX
    }
}

/// The window of the frame at `base`.
///
/// # Panics
/// Not for a base within the stack's limit.
#[inline]
pub(super) fn window(slots: &mut [u64], base: usize) -> &mut Window {
    slots[base..].first_chunk_mut().expect("there is a window past the limit")
}

/// Unused stacks, shared by its clones: making a stack costs several
/// microseconds, most of it for returning its pages to the system.
#[derive(Clone, Debug, Default)]
pub struct StackPool(Arc<Mutex<Vec<Stack>>>);

impl StackPool {
    /// How many unused stacks are kept: as many as are often in use together.
    const UNUSED_MAX: usize = 8;

    /// A stack of exactly `slots_max` slots without frames; what its slots hold
    /// is anybody's guess. `None` if there is no room for it.
    pub(super) fn take(&self, slots_max: usize) -> Option<Stack> {
        let unused = lock(&self.0).pop();
        match unused.filter(|stack| stack.slots_max() == slots_max) {
            Some(stack) => Some(stack),
            None => Stack::new(slots_max),
        }
    }

    /// Take back a stack that is no longer used.
    pub(super) fn put(&self, mut stack: Stack) {
        stack.frames.clear();
        let mut unused = lock(&self.0);
        if unused.len() < StackPool::UNUSED_MAX {
            unused.push(stack);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_is_reused_only_for_the_same_limit() {
        let pool = StackPool::default();
        let mut stack = pool.take(10).unwrap();
        assert_eq!(stack.slots_max(), 10);
        stack.slots[3] = 42;
        pool.put(stack);
        let stack = pool.take(10).unwrap();
        assert_eq!(stack.slots[3], 42, "the same one");
        pool.put(stack);
        assert_eq!(pool.take(11).unwrap().slots[3], 0, "another one");
    }

    #[test]
    fn no_more_stacks_are_kept_than_said() {
        let pool = StackPool::default();
        let stacks: Vec<Stack> = (0..20).map(|_| pool.take(1).unwrap()).collect();
        stacks.into_iter().for_each(|stack| pool.put(stack));
        assert_eq!(lock(&pool.0).len(), StackPool::UNUSED_MAX);
    }

    #[test]
    fn a_stack_that_cannot_be_addressed_is_refused() {
        assert!(StackPool::default().take(usize::MAX).is_none());
        assert!(StackPool::default().take(u32::MAX as usize).is_none());
    }
}
