//! Why something could not be measured.

use gainsay_campaign::CampaignError;
use gainsay_engines::registry::UnknownEngine;

/// Why something could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A campaign that is measured could not be run.
    #[error(transparent)]
    Campaign(#[from] CampaignError),
    /// An engine is missing in this build.
    #[error(transparent)]
    Engine(#[from] UnknownEngine),
    /// A backend does not have what is measured.
    #[error("backend {id:?} cannot be measured: {reason}")]
    Backend {
        /// Its id.
        id: String,
        /// What happened.
        reason: String,
    },
    /// A kernel does not do what it should.
    #[error("kernel {name:?} cannot be measured: {reason}")]
    Kernel {
        /// Its name.
        name: String,
        /// What happened.
        reason: String,
    },
}
