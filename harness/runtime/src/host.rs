//! What the user of a store provides: host functions.

use std::fmt;

use crate::exception::Exception;
use crate::store::Store;
use crate::value::Value;

/// Serves the calls of host functions (§ exec/instructions, host functions).
pub trait Host {
    /// Call the host function that was made with the number `id`.
    ///
    /// `store` may be used freely, also to call back into it. The results must
    /// be of the function's type.
    ///
    /// # Errors
    /// A [`HostError`] ends the whole invocation, an [`Exception`] is thrown to the
    /// caller.
    fn call(&mut self, store: &mut Store, id: u32, args: &[Value]) -> Result<Vec<Value>, HostStop>;
}

/// A host without functions: for stores that import none.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHost;

impl Host for NoHost {
    fn call(&mut self, _: &mut Store, id: u32, _: &[Value]) -> Result<Vec<Value>, HostStop> {
        Err(HostError(format!("there is no host function {id}")).into())
    }
}

/// Why a host function ended without results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostStop {
    /// It failed.
    Error(HostError),
    /// It threw an exception of the store, or one that escaped from a call that it
    /// made goes on through it.
    Exception(Exception),
}

impl From<HostError> for HostStop {
    fn from(error: HostError) -> HostStop {
        HostStop::Error(error)
    }
}

impl From<Exception> for HostStop {
    fn from(exception: Exception) -> HostStop {
        HostStop::Exception(exception)
    }
}

/// A host function failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostError(pub String);

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a host function failed: {}", self.0)
    }
}

impl std::error::Error for HostError {}
