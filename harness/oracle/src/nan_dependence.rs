//! What of a case depends on which NaN an operation results in, where the specification
//! leaves that open (§ exec/numerics, NaN propagation).
//!
//! A NaN that is a result is compared with other NaNs by its type. One whose bits became an
//! integer, an address or a condition is not; so the case is run under several choices of
//! NaNs, and what differs among them cannot be compared among engines.

use std::collections::BTreeSet;

use gainsay_case::{Case, Outcome, Step, StepFailure, StepOutcome, StepResult};

use crate::state;
use crate::steps;
use crate::values::Sameness;

/// Steps and instances that nothing can be said about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NanDependence {
    steps: BTreeSet<usize>,
    instances: BTreeSet<String>,
}

impl NanDependence {
    /// Whether the outcome of a step depends on the choice.
    pub(crate) fn has_step(&self, index: usize) -> bool {
        self.steps.contains(&index)
    }

    /// Whether what is left of an instance does.
    pub(crate) fn has_instance(&self, instance: &str) -> bool {
        self.instances.contains(instance)
    }

    /// Take in how the outcomes of two choices differ.
    pub(crate) fn add(&mut self, case: &Case, one: &Outcome, other: &Outcome) {
        let values = Sameness::of(case);
        for (index, step) in case.steps.iter().enumerate() {
            let (Some(left), Some(right)) = (one.steps.get(index), other.steps.get(index)) else {
                // Under one of the choices it did not come to an end.
                self.steps.insert(index);
                return;
            };
            if matches!(step, Step::Define { .. } | Step::Register { .. }) {
                // Nothing is executed.
                continue;
            }
            let is_known = is_known(left) && is_known(right);
            if !is_known || !steps::same_outcome(values, left, right) {
                self.steps.insert(index);
            }
        }
        for name in one.state.keys().chain(other.state.keys()) {
            if !state::same_state(values, one.state.get(name), other.state.get(name)) {
                self.instances.insert(name.clone());
            }
        }
    }
}

/// Whether the reference got far enough in the step to tell how it ends.
fn is_known(outcome: &StepOutcome) -> bool {
    !matches!(
        &outcome.result,
        StepResult::Failed(
            StepFailure::Limit(_) | StepFailure::Unsupported(_) | StepFailure::Fault(_)
        )
    )
}
