//! Campaigns: seeded runs over many cases in worker processes, and what is made
//! of their findings.

mod audience;
mod batch;
mod bench;
mod canary;
mod cause;
mod corpus;
mod digest;
mod directory;
mod error;
mod evaluate;
mod finding;
mod hunt;
mod known_bug;
mod lane;
mod lifecycle;
mod merge;
mod minimise;
mod minimised;
mod opcodes;
mod options;
mod permitted;
mod presentation;
mod process;
mod progress;
mod protocol;
mod ranges;
mod reach_tally;
mod record;
mod registry;
mod remark;
mod replay;
mod report;
mod reporting;
mod running;
mod setup;
mod shard;
mod shrink;
mod source;
mod state;
mod summary;
mod supervised;
mod totals;
pub mod worker;

pub use bench::{BenchOptions, BenchReport, Measure, bench};
pub use error::CampaignError;
pub use finding::{EngineVersion, Finding};
pub use gainsay_reduce::CaseSize;
pub use hunt::hunt;
pub use lifecycle::{LifecycleOptions, hunt as hunt_lifecycle};
pub use merge::{MergeError, merge};
pub use options::{Budget, HuntOptions, ShrinkBounds, WorkerOptions};
pub use progress::{Phase, Progress};
pub use protocol::{MissingEngine, PROTOCOL};
pub use reach_tally::{ProposalReach, ReachTally};
pub use record::{RecordOptions, Recorded, record};
pub use replay::{
    ReplayAssertions, ReplayDivergence, ReplayFile, ReplayOptions, ReplaySummary, replay,
};
pub use shard::{Shard, ShardError};
pub use shrink::{ShrinkOptions, ShrinkResult, shrink};
pub use summary::{Calls, CanaryReport, EngineRun, FORMAT, Summary, Verdicts};
pub use supervised::{Supervised, SupervisedRun};
