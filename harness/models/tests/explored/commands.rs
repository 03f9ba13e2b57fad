//! Commands, run from beginning to end.

use gainsay_host::process::{Exit, Process};
use gainsay_host::sync::Arc;

use crate::common::guests::{Stage, Text, process_of};

/// A process of this text, and its system.
pub fn process(text: &'static Text) -> (Process, Arc<Stage>) {
    process_of(text, 4)
}

/// Run a command on this thread; what holds when that is over.
pub fn run(process: &Process, stage: &Stage) -> Exit {
    let exit = process.run().expect("for the first time");
    assert_eq!(process.threads(), 0, "a thread lives after its process was joined");
    stage.seal();
    assert_eq!(process.exit().as_ref(), Some(&exit), "the status has changed");
    exit
}
