//! What a campaign keeps of itself.

use std::collections::BTreeMap;
use std::fmt;

use gainsay_case::{Capabilities, CaseKind, EngineInfo, Limits};
use serde::{Deserialize, Serialize};

use crate::budget::{Budget, ShrinkBounds};
use crate::fingerprint::Fingerprint;
use crate::ranges::Ranges;
use crate::shard::Shard;
use crate::stored::StoredSet;
use crate::summary::{CanaryReport, FORMAT};
use crate::totals::Totals;

/// `campaign.json`: what the campaign is. Written before any work starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// What the cases are made of.
    #[serde(default)]
    pub kind: CaseKind,
    /// Version and commit of this program.
    pub gainsay: String,
    /// The commit, if the build was told.
    pub commit: Option<String>,
    /// The generator that makes the cases: with another one a seed means other cases.
    pub generator: Fingerprint,
    /// Seeds and shards; several for a merged campaign.
    pub parts: Vec<PartId>,
    /// The engines compared, as their worker described them.
    pub engines: Vec<EngineInfo>,
    /// Command lines of the workers beside the embedded one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workers: Vec<Vec<String>>,
    /// What all the engines can do: within it cases are generated.
    pub capabilities: Capabilities,
    /// The limits that every engine is given.
    pub limits: Limits,
    /// How hard findings are made small.
    pub shrink: ShrinkBounds,
    /// When it ends.
    pub budget: Budget,
    /// If it was merged, the circumstances of each seed, which may differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<Origin>,
}

/// Which cases a part of a campaign has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartId {
    /// The seed.
    pub seed: u64,
    /// The shard.
    pub shard: Shard,
    /// The stored cases, which are the first ones of the whole.
    #[serde(default, skip_serializing_if = "StoredSet::is_empty")]
    pub stored: StoredSet,
}

/// As a part is named among several: `3/1/2` is shard 1/2 of seed 3.
impl fmt::Display for PartId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.seed, self.shard)
    }
}

/// In what circumstances the cases of a seed were run. All shards of a seed have the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// The seed.
    pub seed: u64,
    /// Version and commit of the program.
    pub gainsay: String,
    /// The commit, if the build was told.
    pub commit: Option<String>,
    /// The ids of the engines compared.
    pub engines: Vec<String>,
    /// Within what the cases were generated.
    pub capabilities: Capabilities,
    /// The limits that every engine was given.
    pub limits: Limits,
    /// How hard findings were made small.
    pub shrink: ShrinkBounds,
}

impl Manifest {
    /// The circumstances of each seed.
    pub fn origins(&self) -> BTreeMap<u64, Origin> {
        let own = self.parts.iter().map(|part| Origin {
            seed: part.seed,
            gainsay: self.gainsay.clone(),
            commit: self.commit.clone(),
            engines: self.engines.iter().map(|engine| engine.id.clone()).collect(),
            capabilities: self.capabilities.clone(),
            limits: self.limits.clone(),
            shrink: self.shrink,
        });
        let own = own.map(|origin| (origin.seed, origin));
        own.chain(self.merged.iter().map(|origin| (origin.seed, origin.clone()))).collect()
    }
}

/// `progress.json`: how far the campaign is. Rewritten about once a second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// [`FORMAT`].
    pub format: u32,
    /// One per seed and shard; several for a merged campaign.
    pub parts: Vec<Part>,
}

/// One seed and shard, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Its seed and shard.
    pub id: PartId,
    /// Ordinals, within the shard, of the cases that are in `totals`.
    pub done: Ranges,
    /// Sums over those cases.
    pub totals: Totals,
    /// Wall time, summed over interruptions.
    pub seconds: f64,
    /// Whether it was stopped before its budget was used up.
    pub interrupted: bool,
    /// How the planted wrong engine fared.
    pub canary: CanaryReport,
}

impl Part {
    /// A part of which nothing is done yet.
    pub fn new(id: PartId) -> Part {
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
    /// The state that these parts make.
    pub fn new(parts: Vec<Part>) -> State {
        State { format: FORMAT, parts }
    }

    /// The sums of all parts.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        self.parts.iter().for_each(|part| totals.merge(&part.totals));
        totals
    }
}

/// Version of this program.
pub const GAINSAY: &str = env!("CARGO_PKG_VERSION");

/// Commit that this program was built from, if the build was told.
pub const COMMIT: Option<&str> = option_env!("GAINSAY_COMMIT");

/// What all of these engines can do.
pub fn common_capabilities(engines: &[EngineInfo]) -> Capabilities {
    let mut sets = engines.iter().map(|engine| &engine.capabilities);
    let first = sets.next().cloned().unwrap_or_default();
    sets.fold(first, |common, set| common.intersection(set).copied().collect())
}

/// Versions by id, to compare engines of two campaigns.
pub fn versions(engines: &[EngineInfo]) -> BTreeMap<&str, &str> {
    engines.iter().map(|engine| (engine.id.as_str(), engine.version.as_str())).collect()
}
