//! Campaigns: seeded runs over many cases in worker processes, and what is made
//! of their findings.

mod audience;
mod batch;
mod canary;
mod corpus;
mod error;
mod evaluate;
mod hunt;
mod incident;
mod lane;
mod merge;
mod minimise;
mod modules;
mod observation;
mod options;
mod ordinals;
mod permitted;
mod presentation;
mod progress;
mod record;
mod remark;
mod replay;
mod running;
mod sequences;
mod setup;
mod shrink;
mod source;
mod supervised;
mod workload;

pub use error::CampaignError;
pub use gainsay_supervisor::WorkerSpec as WorkerOptions;
pub use hunt::hunt;
pub use merge::merge;
pub use options::HuntOptions;
pub use progress::{Phase, Progress};
pub use record::{RecordOptions, Recorded, record};
pub use replay::{ReplayOptions, replay};
pub use shrink::{ShrinkOptions, ShrinkResult, shrink};
pub use supervised::{Supervised, SupervisedRun};
