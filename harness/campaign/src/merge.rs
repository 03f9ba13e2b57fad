//! Several campaigns into one.

use std::path::{Path, PathBuf};

use gainsay_findings::{Manifest, MergeError, Summary, Witness};

use crate::kinds;

/// Merge campaign directories into a new one; see [`gainsay_findings::merge`].
///
/// # Errors
/// [`MergeError`].
pub fn merge(campaigns: &[PathBuf], out: &Path) -> Result<Summary, MergeError> {
    let raw = |manifest: &Manifest, base: &str, witness: Witness| {
        kinds::as_generated(manifest.kind, &manifest.engines, base, witness)
    };
    gainsay_findings::merge(campaigns, out, &raw)
}
