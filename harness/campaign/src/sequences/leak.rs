//! Sequences that make their process grow.

use gainsay_lifecycle::{FailureKind, ResourceSnapshot, Scenario, SequenceFailure};

use super::runner::Runner;
use crate::error::CampaignError;

/// How often a sequence is repeated to see whether it leaks.
const REPEATS: u32 = 40;

/// What of the system a process has more of than before, if anything.
pub(super) fn growth(
    before: Option<ResourceSnapshot>,
    after: Option<ResourceSnapshot>,
) -> Option<String> {
    after?.growth_since(&before?)
}

/// Whether a sequence that is repeated makes its process have more of `what` each time.
pub(super) fn leak(
    runner: &mut Runner<'_>,
    scenario: &Scenario,
    engine: &String,
    what: &str,
    time_max: std::time::Duration,
) -> Result<Option<SequenceFailure>, CampaignError> {
    runner.renew();
    let engines = std::slice::from_ref(engine);
    let before = runner.run(scenario, engines, REPEATS, time_max)?.resources;
    let after = runner.run(scenario, engines, 2 * REPEATS, time_max)?.resources;
    let grows = growth(before, after).is_some_and(|grown| grown == what);
    Ok(grows.then(|| SequenceFailure {
        kind: FailureKind::Leak,
        backend: engine.clone(),
        at: scenario.ops.len(),
        operation: "the process".to_owned(),
        expected: "nothing".to_owned(),
        class: what.to_owned(),
        seen: format!("{before:?}, then {after:?}"),
    }))
}
