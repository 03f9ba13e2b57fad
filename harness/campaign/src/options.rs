//! What a user asks of a campaign.

use std::path::PathBuf;
use std::time::Duration;

use gainsay_case::{Capabilities, Limits};
use gainsay_findings::{Budget, Shard, ShrinkBounds};

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
