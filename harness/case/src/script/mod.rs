//! Runs WAST scripts, the form of the official test suite, with their assertions.
//!
//! Unlike [`crate::text::read`], which makes a case of a script, this takes every
//! directive that the `wast` crate knows, whether or not a case could say it.

mod directive;
mod judge;
mod names;
mod report;
mod run;
mod spectest;
mod threads;

pub use directive::{Census, census};
pub use report::{FileReport, ScriptFailure};
pub use run::run;
