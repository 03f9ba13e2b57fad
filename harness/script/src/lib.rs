//! Runs WAST scripts, the format of the official test suite, with their assertions.
//!
//! Unlike [`gainsay_case::text::read`], which turns a script into a case, this runs every
//! directive, whether or not a case could express it.
//!
//! This crate knows cases, the interface of engines and the text format. It knows no engine,
//! worker or file: the caller passes a session's engine and the text of a script.
#![forbid(unsafe_code)]

mod actions;
mod decode;
mod dialect;
mod directive;
mod form;
mod judge;
mod names;
mod outside;
mod report;
mod run;
mod runner;
mod spectest;
mod threads;
mod trap_message;

pub use dialect::Dialect;
pub use form::{Lines, place};
pub use report::{FileReport, ScriptFailure, ScriptSkip, reason_group};
pub use run::{Resumption, Script, ScriptCounts, count, left_over, run, run_from};
pub use spectest::{NAME as SPECTEST, binary as spectest};
