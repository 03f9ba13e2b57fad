//! A script from its text to its report.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::dialect::Dialect;
use crate::form::{Lines, assertions, forms};
use crate::report::FileReport;
use crate::runner::Runner;
use gainsay_case::{Engine, Limits};

/// A script and how it is to be taken.
#[derive(Clone, Copy, Debug)]
pub struct Script<'s> {
    /// Its text.
    pub source: &'s str,
    /// Whose scripts it is like.
    pub dialect: Dialect,
    /// Whether any trap will do where one is asserted.
    pub ignores_messages: bool,
}

impl<'s> Script<'s> {
    /// A script in the dialect that it says it is in.
    pub fn of(source: &'s str) -> Script<'s> {
        Script { source, dialect: Dialect::of(source), ignores_messages: false }
    }
}

/// Where to go on with a script whose engine ended in the middle of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumption {
    /// The first form that was not begun.
    pub form: usize,
    /// Why what was made before is not there: `the engine ended at line 11`.
    pub reason: String,
}

/// What a script asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScriptCounts {
    /// Directives, those of threads among them.
    pub directives: u64,
    /// How many of them are assertions.
    pub assertions: u64,
}

/// Counts the directives of a script without running it.
pub fn count(source: &str) -> ScriptCounts {
    let mut count = ScriptCounts::default();
    for form in forms(source) {
        count.directives += 1 + form.thread().len() as u64;
        count.assertions += assertions(form);
    }
    count
}

/// Count the directives from the form of this number on as skipped.
pub fn left_over(source: &str, from: usize, reason: &str, report: &mut FileReport) {
    let lines = Lines::of(source);
    for form in forms(source).into_iter().skip(from) {
        report.skip(assertions(form).max(1), lines.place(form.place_offset()), reason);
    }
}

/// Run a script on an engine with the module `spectest` there.
///
/// `path` is only how the report calls the script. What cannot be read as a directive costs
/// that directive alone. When the engine panics, the rest of the script goes on in a new
/// session where a new module starts.
///
/// Assertions about custom sections and about suspensions are skipped, and those of
/// threads by engines without sessions for them. Malformed text is refused by the `wast`
/// crate, and counted apart; what that takes is put to the engine.
pub fn run(engine: &dyn Engine, limits: &Limits, path: &str, source: &str) -> FileReport {
    let mut report = FileReport::of(path);
    run_from(engine, limits, &Script::of(source), None, &mut |_, part| report.add(part));
    report
}

/// Run a script, or what is left of it, as [`run`] does. `tell` gets what came of each form,
/// with its number, as soon as it is known.
pub fn run_from(
    engine: &dyn Engine,
    limits: &Limits,
    script: &Script<'_>,
    from: Option<&Resumption>,
    tell: &mut dyn FnMut(usize, FileReport),
) {
    let forms = forms(script.source);
    let lines = Arc::new(Lines::of(script.source));
    let mut runner = Runner::new(*script, lines, &engine.info().capabilities);
    let first = match from {
        Some(resumption) => {
            let first = resumption.form.min(forms.len());
            runner.resume(&forms[..first], &resumption.reason);
            first
        }
        None => 0,
    };
    runner.begin(engine, limits);
    runner.run(&forms, first, tell);
}
