//! Why a campaign could not be run.

use std::io;
use std::path::PathBuf;

use gainsay_findings::DirectoryError;
use gainsay_supervisor::SupervisorError;

/// Why no campaign could be run, or none could be read.
#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    /// An engine asked for is not there.
    #[error("engine {id:?} is not available: {reason}")]
    EngineMissing {
        /// The engine asked for.
        id: String,
        /// Why it is missing.
        reason: String,
    },
    /// Fewer than two engines.
    #[error("a campaign needs at least two engines to compare; you asked for: {0}")]
    TooFewEngines(String),
    /// Cases over modules were given to a campaign over sequences.
    #[error(
        "a lifecycle campaign cannot start with stored cases, which are modules: leave out --from"
    )]
    StoredKind,
    /// A worker process could not be started or does not speak the protocol.
    #[error(transparent)]
    Worker(#[from] SupervisorError),
    /// An engine's worker ends again and again in a way that says nothing about the engine.
    #[error("the engine {id:?} could not be run: its worker was {end} {times} times in a row")]
    EngineLost {
        /// The engine.
        id: String,
        /// How its worker ended last.
        end: String,
        /// How often.
        times: u32,
    },
    /// The user stopped it before there was a result.
    #[error("interrupted before there was a result")]
    Interrupted,
    /// The user's predicate does not hold of the file that is to be minimised.
    #[error(
        "{path:?} is not interesting: {command:?} {what} on it; exit status 0 means interesting"
    )]
    NotInteresting {
        /// The file.
        path: PathBuf,
        /// The command.
        command: String,
        /// What it did.
        what: &'static str,
    },
    /// A file or directory cannot be read or written.
    #[error("cannot {act} {path:?}: {source}")]
    Storage {
        /// `read`, `write`, `create` ...
        act: &'static str,
        /// What it was done to.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The campaign's directory cannot be used.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The campaign cannot be gone on with here.
    #[error("cannot resume {path:?}: {reason}")]
    Changed {
        /// The campaign's directory.
        path: PathBuf,
        /// What is different now.
        reason: String,
    },
    /// A case could not be read.
    #[error("{path:?} is not a case: {reason}")]
    Case {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The generator produces no case for this index.
    #[error(
        "the generator produces no case for index {index} of seed {seed} (campaigns count it as discarded)"
    )]
    NotGenerated {
        /// The seed.
        seed: u64,
        /// The index.
        index: u64,
    },
    /// What was to be minimised shows nothing.
    #[error(
        "{path:?} shows no divergence, crash, panic or hang on {engines}: there is nothing to \
         preserve while shrinking"
    )]
    NothingToKeep {
        /// The file.
        path: PathBuf,
        /// The engines it was run on.
        engines: String,
    },
}
