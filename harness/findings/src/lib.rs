//! The results that a campaign keeps.
//!
//! [`Totals`] are sums over judged cases. They can be added in any order, so jobs,
//! interruptions and shards do not change the result. [`Minimised`] is a minimised witness;
//! [`triage`] groups findings by cause; [`report`] makes [`Finding`]s and a [`Summary`];
//! [`Directory`] keeps everything on disk, and [`merge`] combines campaigns.
//!
//! This crate knows cases, the verdicts of an oracle, and how to measure a reduced case
//! (`gainsay-reduce`, which can take modules apart). It knows no generator, worker, engine or
//! campaign: where a case has to be generated again, the caller passes a closure.
#![forbid(unsafe_code)]

mod budget;
mod case_ref;
mod digest;
mod directory;
mod directory_error;
mod finding;
mod fingerprint;
mod hazard;
mod known_bug;
mod known_shapes;
mod merge;
mod minimised;
mod opcodes;
mod progress;
mod ranges;
mod reach_tally;
mod replay_summary;
pub mod report;
mod shard;
mod signature;
mod sink;
mod state;
mod stored;
mod summary;
mod totals;
mod triage;

pub use budget::{Budget, ShrinkBounds};
pub use case_ref::{CaseRef, GeneratedRef};
pub use digest::{Digest, outcome_hash};
pub use directory::Directory;
pub use directory_error::DirectoryError;
pub use finding::{EngineVersion, Finding, KnownFinding, shell_word};
pub use fingerprint::Fingerprint;
pub use hazard::{damage, hazard};
pub use known_bug::{KnownBug, expected_to_fail};
pub use known_shapes::{DocumentedBug, KnownBugRef, KnownShape, documented_bugs, recognise};
pub use merge::{Generators, MergeError, merge};
pub use minimised::{Minimised, Shortfall, header};
pub use opcodes::{Opcodes, opcodes};
pub use progress::{Phase, Progress};
pub use ranges::Ranges;
pub use reach_tally::{ProposalReach, ReachTally};
pub use replay_summary::{
    ReplayAssertions, ReplayDivergence, ReplayFate, ReplayFile, ReplaySummary,
};
pub use report::{Findings, Witnesses};
pub use shard::{Shard, ShardError};
pub use signature::Signature;
pub use sink::{CampaignEvent, Quiet, Sink};
pub use state::{
    COMMIT, GAINSAY, Manifest, Origin, Part, PartId, State, common_capabilities, versions,
};
pub use stored::{Inserted, StoredCases, StoredSet};
pub use summary::{Calls, CanaryReport, EngineRun, FORMAT, Summary, Verdicts};
pub use totals::{Bucket, EngineTotals, Totals, WITNESSES_MAX};
pub use triage::{Cause, causes, has_cause_of};
