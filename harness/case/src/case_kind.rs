//! What cases are made of.

use serde::{Deserialize, Serialize};

/// What the cases of a campaign are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// Modules, and calls of what they export: a [`Case`](crate::Case).
    #[default]
    Modules,
    /// Sequences of operations on what surrounds modules: engines, stores, caches, threads.
    Sequences,
}

impl CaseKind {
    /// Whether it is the usual kind, which need not be said.
    pub fn is_modules(&self) -> bool {
        *self == CaseKind::Modules
    }
}
