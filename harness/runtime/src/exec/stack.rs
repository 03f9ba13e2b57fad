//! Stacks: the slots and frames of an activation, and what keeps unused ones.

use crate::allocator::Allocator;
use crate::buffer;
use crate::ir::FRAME_SLOTS_MAX;
use crate::lease::{Home, Lease};
use crate::limit::LimitError;
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
pub struct Stack {
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

    /// Make this a stack of exactly `slots_max` slots; `false` if there is no room for it.
    pub(super) fn fit(&mut self, slots_max: usize) -> bool {
        if self.slots_max() == slots_max && !self.slots.is_empty() {
            return true;
        }
        // The old one first, so that both need not be there at once.
        *self = Stack::default();
        Stack::new(slots_max).map(|stack| *self = stack).is_some()
    }

    /// How many slots all frames together may use.
    pub fn slots_max(&self) -> usize {
        self.slots.len().saturating_sub(FRAME_SLOTS_MAX)
    }

    /// Forget the frames; what the slots hold is anybody's guess, and no call can see it.
    pub fn clear(&mut self) {
        self.frames.clear();
    }

    /// Whether there are no frames left of the last call.
    pub fn is_clear(&self) -> bool {
        self.frames.is_empty()
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

/// Makes everything when it is needed, but keeps a few stacks for others, shared by its
/// clones: making a stack costs several microseconds, most of it for returning its pages
/// to the system.
#[derive(Clone, Debug, Default)]
pub struct StackPool(Arc<Unused>);

/// Stacks that nobody uses.
#[derive(Debug, Default)]
struct Unused(Mutex<Vec<Stack>>);

impl StackPool {
    /// How many unused stacks are kept: as many as are often in use together.
    const UNUSED_MAX: usize = 8;
}

impl Allocator for StackPool {
    fn stack(&self, _: usize) -> Result<Lease<Stack>, LimitError> {
        let unused = lock(&self.0.0).pop().unwrap_or_default();
        Ok(Lease::new(unused, u64::MAX, Arc::clone(&self.0) as Arc<dyn Home<Stack>>, 0))
    }
}

impl Home<Stack> for Unused {
    fn take_back(&self, _: usize, mut stack: Stack) {
        stack.clear();
        let mut unused = lock(&self.0);
        if unused.len() < StackPool::UNUSED_MAX && !stack.slots.is_empty() {
            unused.push(stack);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack(pool: &StackPool, slots_max: usize) -> Option<Lease<Stack>> {
        let mut stack = pool.stack(slots_max).expect("it refuses nothing");
        stack.fit(slots_max).then_some(stack)
    }

    #[test]
    fn a_stack_is_reused_only_for_the_same_limit() {
        let pool = StackPool::default();
        let mut first = stack(&pool, 10).unwrap();
        assert_eq!(first.slots_max(), 10);
        first.slots[3] = 42;
        drop(first);
        let again = stack(&pool, 10).unwrap();
        assert_eq!(again.slots[3], 42, "the same one");
        drop(again);
        assert_eq!(stack(&pool, 11).unwrap().slots[3], 0, "another one");
    }

    #[test]
    fn a_stack_without_slots_is_made_as_well() {
        let pool = StackPool::default();
        assert_eq!(stack(&pool, 0).unwrap().slots.len(), FRAME_SLOTS_MAX);
    }

    #[test]
    fn no_more_stacks_are_kept_than_said() {
        let pool = StackPool::default();
        let stacks: Vec<Lease<Stack>> = (0..20).map(|_| stack(&pool, 1).unwrap()).collect();
        drop(stacks);
        assert_eq!(lock(&pool.0.0).len(), StackPool::UNUSED_MAX);
    }

    #[test]
    fn a_stack_that_cannot_be_addressed_is_refused() {
        assert!(stack(&StackPool::default(), usize::MAX).is_none());
        assert!(stack(&StackPool::default(), u32::MAX as usize).is_none());
    }
}
