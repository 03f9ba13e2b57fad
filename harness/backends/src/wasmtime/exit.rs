//! How a guest that calls `proc_exit` comes out of wasmtime.

use std::fmt;

/// `proc_exit` was called.
#[derive(Debug)]
pub(super) struct Exit(pub(super) u32);

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit status {}", self.0)
    }
}

impl std::error::Error for Exit {}
