//! What minimisation looks at.

use gainsay_case::EngineInfo;
use gainsay_oracle::Divergence;

use crate::evaluate::EngineRun;

/// A case that diverges, and how.
pub(crate) struct Observation {
    pub(crate) divergence: Divergence,
    pub(crate) runs: Vec<(EngineInfo, EngineRun)>,
}
