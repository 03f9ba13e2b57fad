//! Campaigns: seeded runs over many cases in worker processes, and what is made
//! of their findings.

mod bench;
mod error;
mod exit_code;
mod finding;
mod hunt;
mod merge;
mod options;
mod progress;
mod replay;
mod shard;
mod shrink;
mod summary;
pub mod worker;

pub use bench::{BenchOptions, BenchReport, Measure, bench};
pub use error::CampaignError;
pub use exit_code::ExitCode;
pub use finding::{CaseSize, EngineVersion, Finding};
pub use hunt::hunt;
pub use merge::{MergeError, merge};
pub use options::{Budget, HuntOptions, ShrinkBounds, WorkerOptions};
pub use progress::{Phase, Progress};
pub use replay::{
    ReplayAssertions, ReplayDivergence, ReplayFile, ReplayOptions, ReplaySummary, replay,
};
pub use shard::{Shard, ShardError};
pub use shrink::{ShrinkOptions, ShrinkResult, shrink};
pub use summary::{Calls, CanaryReport, EngineRun, FORMAT, Summary, Verdicts};
