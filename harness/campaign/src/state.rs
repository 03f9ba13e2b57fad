//! What a campaign keeps of itself.

use std::collections::BTreeMap;

use gainsay_case::{Capabilities, EngineInfo, Limits};
use serde::{Deserialize, Serialize};

use crate::options::{Budget, ShrinkBounds};
use crate::ranges::Ranges;
use crate::shard::Shard;
use crate::summary::{CanaryReport, FORMAT};
use crate::totals::Totals;

/// `campaign.json`: what the campaign is. Written before any work starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    /// Version and commit of this program.
    pub(crate) gainsay: String,
    pub(crate) commit: Option<String>,
    /// Seeds and shards; several for a merged campaign.
    pub(crate) parts: Vec<PartId>,
    pub(crate) engines: Vec<EngineInfo>,
    /// What all the engines can do: within it cases are generated.
    pub(crate) capabilities: Capabilities,
    pub(crate) limits: Limits,
    pub(crate) shrink: ShrinkBounds,
    pub(crate) budget: Budget,
}

/// Which cases a part of a campaign has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct PartId {
    pub(crate) seed: u64,
    pub(crate) shard: Shard,
}

/// `progress.json`: how far the campaign is. Rewritten about once a second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) format: u32,
    pub(crate) parts: Vec<Part>,
}

/// One seed and shard, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) id: PartId,
    /// Ordinals, within the shard, of the cases that are in `totals`.
    pub(crate) done: Ranges,
    pub(crate) totals: Totals,
    pub(crate) seconds: f64,
    pub(crate) interrupted: bool,
    pub(crate) canary: CanaryReport,
}

impl Part {
    pub(crate) fn new(id: PartId) -> Part {
        Part {
            id,
            done: Ranges::default(),
            totals: Totals::default(),
            seconds: 0.0,
            interrupted: false,
            canary: CanaryReport::default(),
        }
    }
}

impl State {
    pub(crate) fn new(parts: Vec<Part>) -> State {
        State { format: FORMAT, parts }
    }

    /// The sums of all parts.
    pub(crate) fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        self.parts.iter().for_each(|part| totals.merge(&part.totals));
        totals
    }
}

/// Version of this program.
pub(crate) const GAINSAY: &str = env!("CARGO_PKG_VERSION");

/// Commit that this program was built from, if the build was told.
pub(crate) const COMMIT: Option<&str> = option_env!("GAINSAY_COMMIT");

/// What all of these engines can do.
pub(crate) fn common_capabilities(engines: &[EngineInfo]) -> Capabilities {
    let mut sets = engines.iter().map(|engine| &engine.capabilities);
    let first = sets.next().cloned().unwrap_or_default();
    sets.fold(first, |common, set| common.intersection(set).copied().collect())
}

/// Versions by id, to compare engines of two campaigns.
pub(crate) fn versions(engines: &[EngineInfo]) -> BTreeMap<&str, &str> {
    engines.iter().map(|engine| (engine.id.as_str(), engine.version.as_str())).collect()
}
