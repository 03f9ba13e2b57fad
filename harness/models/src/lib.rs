//! Which models there are of the host's code, and what runs them.
//!
//! A model is a test that runs production code of `gainsay-host` under every schedule
//! that loom finds (`tests/explored`), or under many that shuttle draws
//! (`tests/sampled`). A known-bad variant is a model run with one defect planted, which
//! it must find. This library knows them by name, builds them with `--cfg loom` or
//! `--cfg shuttle`, and runs each in a process of its own: a failing model may abort.
#![forbid(unsafe_code)]

pub mod catalogue;
mod outcome;
mod page;
mod results;
mod runner;
mod studied;
mod table;

pub use outcome::{OUTCOME_PREFIX, Outcome};
pub use page::{Page, PageError, Release};
pub use results::{Results, State};
pub use runner::{Options, Progress, RunnerError, run};
pub use studied::{Named, Studied, StudiedError, pages};
pub use table::{Row, Table};
