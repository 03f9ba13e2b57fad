//! Why a worker cannot be used.

use std::path::PathBuf;

/// Why a worker cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SupervisorError {
    /// It could not be started or does not speak the protocol.
    #[error("worker {program:?} cannot be used: {reason}")]
    Worker {
        /// The program that was started.
        program: PathBuf,
        /// What happened.
        reason: String,
    },
}
