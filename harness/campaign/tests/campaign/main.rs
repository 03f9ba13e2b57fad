//! Campaigns with real worker processes.
//!
//! A worker is this very program, started again with [`WORKER`] in its environment,
//! so there is no helper binary to be built or found. It serves wasmi under
//! several names, some of them with a planted defect.

mod crashes;
mod engines;
mod fleet;
mod hostile;
mod hunting;
mod merging;
mod minimising;
mod protocol;
mod replaying;
mod storage;
mod stored;
mod support;

use libtest_mimic::{Arguments, Failed, Trial};

/// Set in the environment of a worker.
const WORKER: &str = "GAINSAY_TEST_WORKER";

fn main() {
    if std::env::var_os(WORKER).is_some() {
        let (input, output) = (std::io::stdin(), std::io::stdout());
        let served = match std::env::var(hostile::HOSTILE) {
            Ok(how) => {
                let output = hostile::Twisted { output, how };
                gainsay_worker::serve_with(input, output, &engines::find)
            }
            Err(_) => gainsay_worker::serve_with(input, output, &engines::find),
        };
        std::process::exit(i32::from(served.is_err()));
    }
    let arguments = Arguments::from_args();
    let tests: Vec<Trial> = [
        protocol::TESTS,
        hunting::TESTS,
        crashes::TESTS,
        fleet::TESTS,
        hostile::TESTS,
        merging::TESTS,
        minimising::TESTS,
        replaying::TESTS,
        storage::TESTS,
        stored::TESTS,
    ]
    .into_iter()
    .flatten()
    .map(|(name, test)| {
        let run = move || -> Result<(), Failed> {
            test();
            Ok(())
        };
        Trial::test(*name, run)
    })
    .collect();
    libtest_mimic::run(&arguments, tests).exit();
}
