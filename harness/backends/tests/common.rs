//! What the tests share.

use gainsay_backends::{known, open};
use gainsay_lifecycle::{Backend, Run, Scenario, run};

/// The sequence of these lines.
pub fn scenario(lines: &str) -> Scenario {
    Scenario::parse(&format!("scenario 1\n{lines}")).unwrap_or_else(|error| panic!("{error}"))
}

/// The usual backends.
pub fn usual() -> Vec<Box<dyn Backend>> {
    known().iter().filter(|kind| kind.is_default).map(open).collect()
}

/// How a sequence ends on a backend; it must be as the model says.
pub fn agreed(backend: &mut dyn Backend, scenario: &Scenario) -> Run {
    let ran = run(scenario, backend);
    if let Some(failure) = &ran.failure {
        panic!("{failure}\n{scenario}");
    }
    ran
}
