#![doc = include_str!("../PROTOCOL.md")]
//!
//! ## This crate
//!
//! Messages as types, written by one side and read by the other. It knows cases,
//! sequences and outcomes, and neither how workers are started nor what is made of what they say.
#![forbid(unsafe_code)]

mod event;
mod host_line;
mod kind;
mod known_proposals;
mod line;
mod worker_line;

/// The version of the protocol. It changes when an old worker would misread a line.
pub const PROTOCOL: u32 = 1;

pub use event::{Event, ReportedOutcome, SequenceResult};
pub use host_line::{CaseLine, HostLine, OwnedCaseLine, ToWorker};
pub use line::{LINE_BYTES_MAX, line};
pub use worker_line::{EngineLine, MissingEngine, ToHost, WorkerLine};
