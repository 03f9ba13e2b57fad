//! The embedded worker: serves the engines of this build over the worker protocol, in a
//! process that may crash.
//!
//! This crate links the engines. The rest of the harness talks to it as a process, so only the
//! command line and tests depend on it.
#![forbid(unsafe_code)]

mod embedded;
mod output;
mod reporting;
mod sequences;
mod serve;

pub use embedded::FoundEngines;
pub use serve::{Find, serve, serve_with};
