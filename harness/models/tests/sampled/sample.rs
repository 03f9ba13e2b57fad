//! Runs a model under many drawn schedules.

use shuttle::scheduler::RandomScheduler;
use shuttle::{Config, Runner};

use crate::common::report::Report;

/// Stack of a model's thread, in bytes; the default is too small for a map's insertion
/// with all its checks.
const STACK_BYTES: usize = 256 << 10;

/// Always the same schedules: who wants others asks for more of them.
const SEED: u64 = 1;

/// Threads beside the first one.
pub const THREADS: usize = 8;

/// What each of them does, so many times.
pub const ACTIONS: usize = 20;

/// Sample the model that the catalogue has under this name.
pub fn sample(name: &str, body: fn()) {
    let report = Report::of(name);
    assert_eq!(report.model.threads, THREADS + 1);
    let schedules = report.bound().expect("the catalogue says how many");
    let mut config = Config::new();
    config.stack_size = STACK_BYTES;
    let scheduler = RandomScheduler::new_from_seed(SEED, schedules as usize);
    let count = report.counter();
    Runner::new(scheduler, config).run(move || {
        count();
        body();
    });
    report.passed();
}
