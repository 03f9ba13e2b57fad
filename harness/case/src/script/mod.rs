//! Runs WAST scripts, the form of the official test suite, with their assertions.
//!
//! Unlike [`crate::text::read`], which makes a case of a script, this takes every
//! directive that there is, whether or not a case could say it.

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
