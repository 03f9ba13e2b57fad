//! What the caller knows about the engines as a whole.

use serde::{Deserialize, Serialize};

/// Circumstances of a comparison that change what counts as a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Whether engines must agree on which growth succeeds.
    pub growth: Growth,
}

/// Whether growth is comparable. `memory.grow` and `table.grow` may fail where
/// they could succeed (§ exec/instructions, `memory.grow`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Growth {
    /// All engines enforce the same [`gainsay_case::Limits`] exactly, so that a
    /// growth which one refuses and another grants is a difference.
    #[default]
    Aligned,
    /// Some engine has limits that the harness cannot set: what a refused growth
    /// explains is allowed, and that instance is not compared further.
    Free,
}
