//! Campaigns: seeded runs over many cases in worker processes.
//!
//! A campaign hands out ordinals to worker slots, judges the results, minimises findings while
//! it runs, and keeps everything in a directory. A `Workload` is what it has to know about a
//! kind of case; there are two, modules and sequences of operations. Corpus files are replayed,
//! shrunk and recorded with the same evaluator and judge.
//!
//! This crate may know cases, generators, oracles and the crates below it: `findings`,
//! `reduce`, `protocol`, `supervisor`. It links no engine: ids and capabilities come from
//! workers.

mod batch;
mod canary;
mod cases;
mod corpus;
mod engine_group;
mod error;
mod evaluate;
mod fingerprint;
mod finishing;
mod generated;
mod hunt;
mod incident;
mod judge;
mod kinds;
mod known_bugs;
mod merge;
mod minimal;
mod minimise;
mod modules;
mod observation;
mod options;
mod ordinals;
mod predicate;
mod record;
mod replay;
mod running;
mod scripts;
mod sequences;
mod setup;
mod shrink;
mod source;
mod supervised;
mod unasserted;
mod witnesses;
mod worker_slot;
mod workload;

pub use error::CampaignError;
pub use generated::{GeneratedOptions, generated};
pub use hunt::hunt;
pub use merge::merge;
pub use options::{DEFAULT_BUDGET, HuntOptions};
pub use predicate::{PredicateOptions, PredicateResult, shrink_by_predicate};
pub use record::{RecordOptions, Recorded, record};
pub use replay::{ReplayOptions, replay};
pub use shrink::{ShrinkEvent, ShrinkOptions, ShrinkResult, shrink};
pub use supervised::{Supervised, SupervisedRun};
