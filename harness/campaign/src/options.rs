//! What a user asks of a campaign.

use std::path::PathBuf;
use std::time::Duration;

use gainsay_case::{Capabilities, Limits};
use serde::{Deserialize, Serialize};

use crate::shard::Shard;

/// What to hunt, for how long, and where to keep it.
#[derive(Clone, Debug)]
pub struct HuntOptions {
    /// Ids of the engines; empty means all the embedded ones.
    pub engines: Vec<String>,
    /// When to stop.
    pub budget: Budget,
    /// Everything that is generated follows from it.
    pub seed: u64,
    /// Which of the campaign's cases to run.
    pub shard: Shard,
    /// Worker processes; 0 means one per core.
    pub jobs: usize,
    /// The campaign's directory: its state and its API.
    pub out: PathBuf,
    /// Go on with the campaign in `out`. Engines, seed, shard and limits are then
    /// those of that campaign; the budget and the jobs are those given here.
    pub resume: bool,
    /// The limits that every engine is given.
    pub limits: Limits,
    /// How workers are started and watched.
    pub worker: WorkerOptions,
    /// Whether the planted wrong engine runs beside the reference.
    pub canary: bool,
    /// Bounds of the minimisation of each witness.
    pub shrink: ShrinkBounds,
}

/// When a campaign ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Budget {
    /// After so many cases of the whole campaign; a shard runs its share of them.
    Cases(u64),
    /// After so long.
    Time(Duration),
}

impl Budget {
    /// How many cases there will be, if it says so, and how long that will take yet.
    /// `share` is the part of a whole campaign's cases that is run here, `done` how many
    /// are; `rate` is in cases per second.
    pub(crate) fn outlook(
        self,
        share: impl FnOnce(u64) -> u64,
        done: u64,
        rate: f64,
        elapsed: Duration,
    ) -> (Option<u64>, Option<Duration>) {
        match self {
            Budget::Cases(cases) => {
                let cases = share(cases);
                let left = cases.saturating_sub(done) as f64 / rate;
                (Some(cases), Duration::try_from_secs_f64(left).ok())
            }
            Budget::Time(time) => (None, Some(time.saturating_sub(elapsed))),
        }
    }
}

impl Default for HuntOptions {
    fn default() -> HuntOptions {
        HuntOptions {
            engines: Vec::new(),
            budget: Budget::Time(Duration::from_secs(60)),
            seed: 0,
            shard: Shard::WHOLE,
            jobs: 0,
            out: PathBuf::from("campaign"),
            resume: false,
            limits: Limits::default(),
            worker: WorkerOptions::default(),
            canary: true,
            shrink: ShrinkBounds::default(),
        }
    }
}

/// How a worker process is started and watched.
#[derive(Clone, Debug)]
pub struct WorkerOptions {
    /// The program; `None` means the running executable.
    pub program: Option<PathBuf>,
    /// Its arguments.
    pub args: Vec<String>,
    /// Environment variables set for it, beside the inherited ones.
    pub env: Vec<(String, String)>,
    /// The proposals that its engines are held to; `None` means all that they have.
    pub language: Option<Capabilities>,
    /// Time for one case on one engine; three times as long when a hang is confirmed.
    pub case_time_max: Duration,
    /// Resident memory of the process, in bytes.
    pub resident_bytes_max: u64,
}

impl Default for WorkerOptions {
    fn default() -> WorkerOptions {
        WorkerOptions {
            program: None,
            args: vec!["worker".to_owned()],
            env: Vec::new(),
            language: None,
            case_time_max: Duration::from_secs(10),
            resident_bytes_max: 2 << 30,
        }
    }
}

/// Bounds of a minimisation, in attempts so that they are the same on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShrinkBounds {
    /// Executions of a candidate case.
    pub attempts_max: u32,
}

impl Default for ShrinkBounds {
    fn default() -> ShrinkBounds {
        ShrinkBounds { attempts_max: 3_000 }
    }
}
