//! What becomes of storage that came back.

use std::fmt;

use gainsay_runtime::Stack;

/// Makes storage ready for somebody else.
pub(super) trait Clean<T>: fmt::Debug + Send + Sync {
    /// Nothing of what it was used for may be found in it afterwards.
    fn clean(&self, storage: &mut T);
}

/// Of instances, which are only counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token;

impl Clean<()> for Token {
    fn clean(&self, (): &mut ()) {}
}

/// Of memories, tables and heaps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Larger storage goes back to the system.
    pub(super) resident_bytes_max: u64,
}

impl<E: Copy> Clean<Vec<E>> for Room {
    /// Empty: who takes it writes all that it then makes of it.
    fn clean(&self, storage: &mut Vec<E>) {
        let bytes = storage.capacity().saturating_mul(size_of::<E>());
        match bytes as u64 > self.resident_bytes_max {
            true => *storage = Vec::new(),
            false => storage.clear(),
        }
    }
}

/// Of stacks.
#[derive(Clone, Copy, Debug)]
pub(super) struct StackRoom {
    /// Whether their slots are cleared as well.
    pub(super) zeroing: bool,
}

impl Clean<Stack> for StackRoom {
    fn clean(&self, stack: &mut Stack) {
        match self.zeroing {
            true => *stack = Stack::default(),
            false => stack.clear(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_storage_is_empty_and_large_storage_is_not_kept() {
        let room = Room { resident_bytes_max: 64 };
        let mut small: Vec<u64> = vec![7; 8];
        let before = small.as_ptr();
        room.clean(&mut small);
        assert_eq!((small.len(), small.capacity(), small.as_ptr()), (0, 8, before));
        let mut large: Vec<u64> = vec![7; 9];
        room.clean(&mut large);
        assert_eq!((large.len(), large.capacity()), (0, 0));
    }
}
