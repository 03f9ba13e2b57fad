//! Several campaigns into one.

use std::path::{Path, PathBuf};

use gainsay_case::EngineInfo;
use gainsay_findings::{MergeError, Minimised, Summary, Witness};

use crate::audience::Audiences;

/// Merge campaign directories into a new one; see [`gainsay_findings::merge`].
///
/// # Errors
/// [`MergeError`].
pub fn merge(campaigns: &[PathBuf], out: &Path) -> Result<Summary, MergeError> {
    let raw = |engines: &[EngineInfo], base: &str, witness: Witness| {
        let case = Audiences::new(engines, witness.seed).case(witness.index).case;
        Minimised::as_generated(case, base, witness)
    };
    gainsay_findings::merge(campaigns, out, &raw)
}
