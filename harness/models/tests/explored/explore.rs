//! Runs a model under every schedule within its bound.

use gainsay_host::sync::model;
use loom::model::Builder;

use crate::common::report::Report;

/// Accesses of the checker in one schedule; a model with more is too large.
const BRANCHES_MAX: usize = 20_000;

/// Schedules of one model; one with more has to be made smaller, not cut off.
const EXECUTIONS_MAX: u64 = 100_000_000;

/// Explore the model that the catalogue has under this name.
///
/// No limit of time or number is set, because loom takes both for success. All answers
/// to what the model asks the world are tried, one after the other.
pub fn explore(name: &str, body: fn()) {
    let report = Report::of(name);
    let questions_max = report.model.questions;
    for answers in 0..1u32 << questions_max {
        let count = report.counter();
        let mut builder = Builder::new();
        builder.max_threads = report.model.threads;
        builder.max_branches = BRANCHES_MAX;
        builder.preemption_bound = report.bound().map(|bound| bound as usize);
        builder.max_duration = None;
        builder.max_permutations = None;
        builder.checkpoint_file = None;
        builder.check(move || {
            assert!(count() <= EXECUTIONS_MAX, "the model was cut off");
            model::begin(answers);
            body();
            assert!(model::questions() <= questions_max, "a question was not in the catalogue");
        });
    }
    report.passed();
}
