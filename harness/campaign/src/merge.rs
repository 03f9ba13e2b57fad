//! Several campaigns into one.

use std::path::{Path, PathBuf};

use gainsay_case::CaseKind;
use gainsay_findings::{
    Fingerprint, GeneratedRef, Generators, Manifest, MergeError, Minimised, Signature, Summary,
};

use crate::fingerprint::fingerprint;
use crate::kinds;

/// Merge campaign directories into a new one; see [`gainsay_findings::merge`].
///
/// # Errors
/// [`MergeError`].
pub fn merge(campaigns: &[PathBuf], out: &Path) -> Result<Summary, MergeError> {
    gainsay_findings::merge(campaigns, out, &Own)
}

/// The generators of this program.
struct Own;

impl Generators for Own {
    fn fingerprint(&self, kind: CaseKind) -> Fingerprint {
        fingerprint(kind)
    }

    fn witness(&self, manifest: &Manifest, base: &Signature, witness: GeneratedRef) -> Minimised {
        kinds::as_generated(manifest.kind, &manifest.engines, base, witness)
    }
}
