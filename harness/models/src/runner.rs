//! Builds the models of a checkout and runs each in a process of its own.

mod build;
mod process;

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::catalogue::{self, Explorer, KNOWN_BAD, KnownBad, MODELS, Model};
use crate::table::{Row, Table};

/// What to run and where.
#[derive(Clone, Debug)]
pub struct Options {
    /// The root of the checkout.
    pub root: PathBuf,
    /// The target directory; not that of other builds, whose flags differ.
    pub target: PathBuf,
    /// Only what has this in its name, component or report.
    pub name: Option<String>,
    /// The known-bad variants instead of the models.
    pub known_bad: bool,
    /// To the nightly bounds.
    pub nightly: bool,
    /// Processes at a time.
    pub jobs: usize,
    /// How long one may take.
    pub time_max: Duration,
}

/// What happens, as it happens.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// The models of this explorer are being built.
    Building(Explorer),
    /// One ended; so many of so many have.
    Ended {
        /// How it went.
        row: &'a Row,
        /// How many have ended, this one included.
        done: usize,
        /// How many there are.
        total: usize,
    },
}

/// Why nothing was run.
#[derive(Debug)]
pub enum RunnerError {
    /// There is no checkout at the root.
    NoCheckout(PathBuf),
    /// Nothing has this in its name.
    NoSuchModel(String),
    /// cargo could not be started, or failed; with what it said.
    Build(String),
}

impl fmt::Display for RunnerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunnerError::NoCheckout(root) => {
                write!(f, "cannot build models: {} is not a checkout of gainsay", root.display())
            }
            RunnerError::NoSuchModel(name) => write!(f, "no model is named {name:?}"),
            RunnerError::Build(message) => write!(f, "cannot build models: {message}"),
        }
    }
}

impl std::error::Error for RunnerError {}

/// One process to run.
#[derive(Clone, Copy, Debug)]
struct Task {
    model: &'static Model,
    known_bad: Option<&'static KnownBad>,
}

impl Task {
    fn matches(&self, name: &str) -> bool {
        let Model { component, report, .. } = self.model;
        let own = self.known_bad.map_or(self.model.name, |bad| bad.defect.name());
        catalogue::is_meant(name, own, component, report)
    }
}

fn tasks(options: &Options) -> Result<Vec<Task>, RunnerError> {
    let models = MODELS.iter().map(|model| Task { model, known_bad: None });
    let variants = KNOWN_BAD.iter().filter_map(|bad| {
        catalogue::model(bad.model).map(|model| Task { model, known_bad: Some(bad) })
    });
    let all: Vec<Task> = if options.known_bad { variants.collect() } else { models.collect() };
    let Some(name) = &options.name else { return Ok(all) };
    let chosen: Vec<Task> = all.into_iter().filter(|task| task.matches(name)).collect();
    if chosen.is_empty() { Err(RunnerError::NoSuchModel(name.clone())) } else { Ok(chosen) }
}

/// Build what is asked for and run it.
///
/// # Errors
/// [`RunnerError`]; a model that fails is a row of the table.
pub fn run(
    options: &Options,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Table, RunnerError> {
    let tasks = tasks(options)?;
    let mut programs = Vec::new();
    for explorer in [Explorer::Loom, Explorer::Shuttle] {
        if tasks.iter().any(|task| task.model.explorer == explorer) {
            progress(Progress::Building(explorer));
            programs.push((explorer, build::build(options, explorer)?));
        }
    }
    let program = |explorer| {
        let found = programs.iter().find(|(built, _)| *built == explorer);
        &found.expect("what is needed was built").1
    };
    let start = Instant::now();
    let (next, rows) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(at) else { return };
            let row = process::run(task, program(task.model.explorer), options);
            let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
            progress(Progress::Ended { row: &row, done: rows.len() + 1, total: tasks.len() });
            rows.push((at, row));
        }
    };
    thread::scope(|scope| {
        for _ in 0..options.jobs.max(1) {
            scope.spawn(work);
        }
    });
    let mut rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    rows.sort_by_key(|(at, _)| *at);
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    Ok(Table::new(rows, start.elapsed().as_secs_f64()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(name: Option<&str>, known_bad: bool) -> Options {
        Options {
            root: PathBuf::new(),
            target: PathBuf::new(),
            name: name.map(str::to_owned),
            known_bad,
            nightly: false,
            jobs: 1,
            time_max: Duration::from_secs(1),
        }
    }

    #[test]
    fn models_are_chosen_by_name_component_and_report() {
        let count = |name, known_bad| tasks(&options(name, known_bad)).map_or(0, |all| all.len());
        assert_eq!(count(None, false), MODELS.len());
        assert_eq!(count(None, true), KNOWN_BAD.len());
        assert_eq!(count(Some("two_threads_share_one_build"), false), 1);
        assert_eq!(count(Some("double_decrement"), true), 1);
        assert_eq!(count(Some("double_decrement"), false), 0);
        let r5 = MODELS.iter().filter(|model| model.report == "R5").count();
        assert_eq!(count(Some("r5"), false), r5);
    }

    #[test]
    fn a_directory_that_is_not_a_checkout_is_an_error() {
        let nowhere = Options { root: std::env::temp_dir(), ..options(None, false) };
        assert!(matches!(run(&nowhere, &|_| {}), Err(RunnerError::NoCheckout(_))));
    }
}
