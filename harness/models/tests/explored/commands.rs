//! Commands, run from beginning to end.

use std::collections::BTreeSet;
use std::sync::Mutex;

use gainsay_host::pool::Pool;
use gainsay_host::process::{Process, ProcessExit, ProcessLimits};
use gainsay_host::sync::Arc;

use crate::common::guests::{Stage, Text, process_of, program_within};

/// What was seen in some execution of a model: what never happens has not been checked.
pub struct Reached(Mutex<BTreeSet<String>>);

impl Reached {
    /// Nothing yet.
    pub const fn new() -> Reached {
        Reached(Mutex::new(BTreeSet::new()))
    }

    /// This has happened.
    pub fn see(&self, what: impl ToString) {
        self.0.lock().expect("no panic").insert(what.to_string());
    }

    /// All of these have, and nothing else.
    pub fn exactly(&self, expected: &[&str]) {
        let seen = self.0.lock().expect("no panic");
        let expected: BTreeSet<String> = expected.iter().map(ToString::to_string).collect();
        assert_eq!(*seen, expected, "what can happen, over all executions");
    }
}

/// A process of this text, and its system.
pub fn process(text: &'static Text) -> (Process, Arc<Stage>) {
    process_of(text, 4)
}

/// One whose stores are of a pool.
pub fn process_in(text: &'static Text, pool: &Pool) -> (Process, Arc<Stage>) {
    let (program, stage) = program_within(text, ProcessLimits::default());
    (Process::new(program.in_pool(pool)).expect("it fits"), stage)
}

/// Run a command on this thread; what holds when that is over.
pub fn run(process: &Process, stage: &Stage) -> ProcessExit {
    let exit = process.run().expect("for the first time");
    assert_eq!(process.threads(), 0, "a thread lives after its process was joined");
    stage.seal();
    assert_eq!(process.exit().as_ref(), Some(&exit), "the status has changed");
    exit
}
