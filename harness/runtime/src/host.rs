//! What the user of a store provides: host functions.

use std::fmt;

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
    /// A [`HostError`] ends the whole invocation.
    fn call(&mut self, store: &mut Store, id: u32, args: &[Value])
    -> Result<Vec<Value>, HostError>;
}

/// A host without functions: for stores that import none.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHost;

impl Host for NoHost {
    fn call(&mut self, _: &mut Store, id: u32, _: &[Value]) -> Result<Vec<Value>, HostError> {
        Err(HostError(format!("there is no host function {id}")))
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
