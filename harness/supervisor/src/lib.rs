//! Worker processes as their host sees them: how they are started and watched, and how
//! they end.
//!
//! A [`WorkerSpec`] says how a worker is started and what it may take. A [`WorkerProcess`]
//! runs, in a process group of its own, so that whatever it started goes with it. However
//! that ends, it ends as a [`WorkerEnd`]. A [`Fleet`] says which
//! worker serves which engine.
//!
//! This crate knows the protocol and cases. What an end means for a case that was being
//! run, it leaves to others: no oracle is known here, nor any engine.
#![forbid(unsafe_code)]

mod ask;
mod error;
mod fleet;
mod group;
mod memory;
mod predicate;
mod processor;
mod signals;
mod spec;
mod worker_end;
mod worker_process;

pub use ask::{MEMORY_POLL, Reply, Watch};
pub use error::SupervisorError;
pub use fleet::{Fleet, Roster, ServedEngine};
pub use memory::resident_bytes;
pub use predicate::{Predicate, PredicateEnd};
pub use spec::WorkerSpec;
pub use worker_end::WorkerEnd;
pub use worker_process::{EndedWorker, WorkerEvent, WorkerProcess};
