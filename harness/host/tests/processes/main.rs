//! Processes of the reference runtime: threads that share memories and end together.
#![cfg(not(any(loom, shuttle)))]
#![expect(clippy::disallowed_types, reason = "what a test counts is not part of the host")]

mod common;
mod endings;
mod environments;
mod matrix;
mod pools;
mod refusals;
mod schedules;
mod sums;
