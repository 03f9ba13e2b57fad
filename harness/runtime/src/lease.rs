//! What is lent to a store and goes back when it is no longer used.

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::sync::Arc;

/// Takes back what it has lent.
pub trait Home<T>: fmt::Debug + Send + Sync {
    /// Called once for each lease, with the number it was made with, when it ends.
    fn take_back(&self, number: usize, value: T);
}

/// A value until it is no longer used, in whatever way that comes about: there is no
/// path on which it has to be remembered to give it back.
#[derive(Debug)]
pub struct Lease<T: Default> {
    value: T,
    /// How large the value may become.
    room: u64,
    home: Option<(Arc<dyn Home<T>>, usize)>,
}

impl<T: Default> Lease<T> {
    /// Lend `value`, which goes back to `home` under this number. Storage must be empty;
    /// the borrower may let it grow to a length of `room`.
    pub fn new(value: T, room: u64, home: Arc<dyn Home<T>>, number: usize) -> Lease<T> {
        Lease { value, room, home: Some((home, number)) }
    }

    /// How large the value may become: bytes of a memory or heap, elements of a table.
    pub fn room(&self) -> u64 {
        self.room
    }

    /// The number that its home knows it by, if it has a home.
    pub fn number(&self) -> Option<usize> {
        self.home.as_ref().map(|(_, number)| *number)
    }
}

/// What belongs to nobody: an empty value that may become as large as there is room.
impl<T: Default> Default for Lease<T> {
    fn default() -> Lease<T> {
        Lease { value: T::default(), room: u64::MAX, home: None }
    }
}

impl<T: Default> Deref for Lease<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Default> DerefMut for Lease<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: Default> Drop for Lease<T> {
    fn drop(&mut self) {
        if let Some((home, number)) = self.home.take() {
            home.take_back(number, std::mem::take(&mut self.value));
        }
    }
}
