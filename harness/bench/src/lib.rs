//! Measures the speed of the harness and of the reference, as ratios within one run.
//!
//! It measures the other crates, so it may know campaigns, engines, the host, the runtime and
//! sequences of operations; only the command line depends on it.
#![forbid(unsafe_code)]

mod bench;
mod cache;
mod engines;
mod error;
mod hunting;
mod instance_memory;
mod kernels;
mod lifecycle;
mod measure;
mod memory;
mod options;
mod overhead;
mod per_module;
mod pool;
mod rate;
mod validation;

pub use bench::{bench, names};
pub use error::BenchError;
pub use measure::{BenchReport, Measure};
pub use options::BenchOptions;
