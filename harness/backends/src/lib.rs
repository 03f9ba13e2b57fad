//! The backends that carry out sequences of operations.
//!
//! Each is a [`Backend`](gainsay_lifecycle::Backend) on an engine of this build or on our host.
//! `gainsay-lifecycle`, which knows none of them, defines what a sequence is and how its
//! operations may end.
#![forbid(unsafe_code)]

mod contention;
mod reference;
mod registry;
mod slots;
mod wasmi;
mod wasmtime;

pub use registry::{KnownBackend, canary, find, full_id, known, open};
