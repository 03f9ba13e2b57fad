//! The embedded worker: the engines of this build behind the worker protocol, in a process
//! that may die of them.
//!
//! This crate links the engines. Whoever hunts with them knows it only as a process, so
//! nothing but the command line and tests depends on it.
#![forbid(unsafe_code)]

mod embedded;
mod output;
mod reporting;
mod sequences;
mod serve;

pub use embedded::FoundEngines;
pub use serve::{Find, serve, serve_with};
