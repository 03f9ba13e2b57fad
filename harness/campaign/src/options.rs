//! What a user asks of a campaign.

use std::path::PathBuf;
use std::time::Duration;

use gainsay_case::Limits;
use gainsay_findings::{Budget, Shard, ShrinkBounds, StoredCases};
use gainsay_supervisor::WorkerSpec;

/// How long a campaign is if nobody says so.
pub const DEFAULT_BUDGET: Budget = Budget::Time(Duration::from_secs(60));

/// What to hunt, for how long, and where to keep it.
#[derive(Clone, Debug)]
pub struct HuntOptions {
    /// Ids of the engines; empty means all the embedded ones.
    pub engines: Vec<String>,
    /// When to stop: after so many cases, or so much time, in all runs of the campaign. `None`
    /// is what a resumed campaign had, and [`DEFAULT_BUDGET`] for a new one.
    pub budget: Option<Budget>,
    /// Everything that is generated follows from it.
    pub seed: u64,
    /// Cases that come first, before those that are generated. They are kept in the
    /// campaign's directory.
    pub stored: StoredCases,
    /// Which of the campaign's cases to run.
    pub shard: Shard,
    /// Worker processes; 0 means one per core.
    pub jobs: usize,
    /// The campaign's directory: its state and its API.
    pub out: PathBuf,
    /// Go on with the campaign in `out`. Engines, seed, shard and limits are then
    /// those of that campaign, and so are stored cases; the jobs are those given here.
    pub resume: bool,
    /// The limits that every engine is given.
    pub limits: Limits,
    /// How workers are started and watched.
    pub worker: WorkerSpec,
    /// Whether the planted wrong engine runs beside the reference.
    pub canary: bool,
    /// Bounds of the minimisation of each witness.
    pub shrink: ShrinkBounds,
}

impl Default for HuntOptions {
    fn default() -> HuntOptions {
        HuntOptions {
            engines: Vec::new(),
            budget: None,
            seed: 0,
            stored: StoredCases::default(),
            shard: Shard::WHOLE,
            jobs: 0,
            out: PathBuf::from("campaign"),
            resume: false,
            limits: Limits::default(),
            worker: WorkerSpec::default(),
            canary: true,
            shrink: ShrinkBounds::default(),
        }
    }
}
