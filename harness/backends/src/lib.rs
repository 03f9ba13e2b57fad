//! The implementations that sequences of operations are carried out on.
//!
//! Each is a [`Backend`](gainsay_lifecycle::Backend) that links an engine of this build or
//! the host. What a sequence is, and how it may end, is said by `gainsay-lifecycle`, which
//! knows none of them.
#![forbid(unsafe_code)]

mod contention;
mod reference;
mod registry;
mod slots;
mod wasmi;
mod wasmtime;

pub use registry::{KnownBackend, canary, find, full_id, known, open};
