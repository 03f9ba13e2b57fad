//! Campaigns: seeded runs over many cases in worker processes, and what is made
//! of their findings.

mod audience;
mod batch;
mod bench;
mod canary;
mod corpus;
mod error;
mod evaluate;
mod hunt;
mod in_process;
mod judge;
mod lane;
mod lifecycle;
mod merge;
mod minimise;
mod options;
mod presentation;
mod process;
mod progress;
mod protocol;
mod record;
mod registry;
mod remark;
mod replay;
mod reporting;
mod running;
mod scripts;
mod setup;
mod shrink;
mod source;
mod supervised;
pub mod worker;

pub use bench::{BenchOptions, BenchReport, Measure, bench};
pub use error::CampaignError;
pub use hunt::hunt;
pub use in_process::judge_in_process;
pub use lifecycle::{LifecycleOptions, hunt as hunt_lifecycle};
pub use merge::merge;
pub use options::{HuntOptions, WorkerOptions};
pub use process::resident_bytes;
pub use progress::{Phase, Progress};
pub use protocol::{MissingEngine, PROTOCOL};
pub use record::{RecordOptions, Recorded, record};
pub use replay::{ReplayOptions, replay};
pub use shrink::{ShrinkOptions, ShrinkResult, shrink};
pub use supervised::{Supervised, SupervisedRun};
