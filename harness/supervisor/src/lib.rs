//! Starts worker processes, watches them and reports how they end.
//!
//! A [`WorkerSpec`] says how to start a worker and which resources it may use. A
//! [`WorkerProcess`] is a running worker. It leads a process group, so everything it has
//! started ends with it. Every end is a [`WorkerEnd`]. A [`Fleet`] says which worker serves
//! which engine.
//!
//! This crate knows the protocol and cases, but no oracle and no engine: what a worker's end
//! means for the case that was running is decided elsewhere.
#![forbid(unsafe_code)]

mod ask;
mod error;
mod fleet;
mod group;
mod memory;
mod predicate;
mod processor;
mod remote_engine;
mod routes;
mod signals;
mod spec;
mod worker_end;
mod worker_process;

pub use ask::{MEMORY_POLL, Reply, Watch};
pub use error::SupervisorError;
pub use fleet::Fleet;
pub use memory::resident_bytes;
pub use predicate::{Predicate, PredicateEnd};
pub use remote_engine::{RemoteEngine, RemoteError};
pub use routes::Routes;
pub use spec::{WorkerCommand, WorkerSpec};
pub use worker_end::WorkerEnd;
pub use worker_process::{EndedWorker, WorkerEvent};
