//! Where a store gets its storage from.

use std::fmt;

use crate::exec::Stack;
use crate::lease::Lease;
use crate::limit::LimitError;

/// Gives stores what they need of each kind, and gets it back when a [`Lease`] ends.
///
/// Each method gives storage of its own to be filled as need be. Sizes are those wanted
/// at first: what is larger than [`Lease::room`] can become is to be refused at once.
///
/// # Errors
/// [`LimitError`] when there is no more of the kind, or never was anything so large. The
/// store passes it on and has changed nothing.
pub trait Allocator: fmt::Debug + Send + Sync {
    /// The right to have an instance.
    fn instance(&self) -> Result<Lease<()>, LimitError> {
        Ok(Lease::default())
    }

    /// An empty vector for a memory of so many bytes. That of a shared memory is only
    /// counted, and lent until no store has the memory any more.
    fn memory(&self, bytes: u64) -> Result<Lease<Vec<u8>>, LimitError> {
        let _ = bytes;
        Ok(Lease::default())
    }

    /// An empty vector for a table of so many elements.
    fn table(&self, elements: u64) -> Result<Lease<Vec<u64>>, LimitError> {
        let _ = elements;
        Ok(Lease::default())
    }

    /// A stack for an activation, which replaces it unless it has exactly so many slots.
    fn stack(&self, slots: usize) -> Result<Lease<Stack>, LimitError> {
        let _ = slots;
        Ok(Lease::default())
    }

    /// An empty vector for the structures and arrays of a store, when it makes the first.
    fn heap(&self) -> Result<Lease<Vec<u8>>, LimitError> {
        Ok(Lease::default())
    }
}

/// Makes everything when it is needed, and keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnDemand;

impl Allocator for OnDemand {}
