//! What is said of a case, step by step.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::verdict::{AllowedReason, InconclusiveReason, Verdict};

/// The verdict on a case and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// One per step of the case.
    pub steps: Vec<StepVerdict>,
    /// Calls whose outcome was compared among at least two implementations.
    pub calls_compared: u64,
    /// Those of them that returned on every engine.
    pub calls_returned: u64,
    /// Differences that the specification leaves open, by reason: one per step,
    /// and one per instance of the final state.
    pub allowed: BTreeMap<AllowedReason, u64>,
    /// Outcomes that were left out, by reason: one per engine and step, and one
    /// per engine and instance of the final state.
    pub left_out: BTreeMap<InconclusiveReason, u64>,
}

/// What is said of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict", content = "about")]
pub enum StepVerdict {
    /// At least two engines were compared, and all of them agree.
    Agree,
    /// They differ as the specification allows.
    Allowed(AllowedReason),
    /// They differ; this is the step of the divergence.
    Diverge,
    /// Fewer than two engines could be compared.
    Inconclusive(InconclusiveReason),
    /// No engine tried it: what it needs failed to come about on all alike.
    Absent,
    /// It comes after the divergence.
    NotJudged,
}
