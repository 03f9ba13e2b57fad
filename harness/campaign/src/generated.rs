//! One case as a campaign generates it, without running it.

use gainsay_case::text::{Header, Script};
use gainsay_case::{CaseKind, Limits};
use gainsay_findings::{CaseRef, GAINSAY, GeneratedRef, StoredCases};
use gainsay_supervisor::WorkerSpec;

use crate::cases::Cases;
use crate::error::CampaignError;
use crate::fingerprint::fingerprint;
use crate::setup;

/// Which case is wanted.
#[derive(Clone, Debug)]
pub struct GeneratedOptions {
    /// Ids of the engines of the campaign; empty means all the embedded ones.
    pub engines: Vec<String>,
    /// The campaign's seed.
    pub seed: u64,
    /// Its index among the cases of the seed.
    pub index: u64,
    /// How workers are started: they say what the engines can do, which decides the case.
    pub worker: WorkerSpec,
}

/// The case that a campaign over modules with this seed and these engines has, with a header
/// that says which one it is and for which engines it is meant.
///
/// # Errors
/// [`CampaignError::NotGenerated`] if the generator gave up on it; [`CampaignError`] if an
/// engine is missing.
pub fn generated(options: &GeneratedOptions) -> Result<Script, CampaignError> {
    let GeneratedOptions { seed, index, .. } = *options;
    let engines = setup::engines(&options.worker, &options.engines, &Limits::default())?;
    let generator = fingerprint(CaseKind::Modules);
    let stored = StoredCases::default();
    let cases = Cases::new(&engines, seed, generator, &stored);
    let origin = CaseRef::Generated(GeneratedRef { seed, index, generator });
    let case = cases.case(origin).map(|generated| generated.case).unwrap_or_default();
    if case.steps.is_empty() {
        return Err(CampaignError::NotGenerated { seed, index });
    }
    let mut header = Header::default();
    origin.describe(&mut header);
    header.push("gainsay", GAINSAY);
    for engine in engines.iter().filter(|engine| cases.group(origin).ids.contains(&engine.id)) {
        header.push("engine", &format!("{}@{}", engine.id, engine.version));
    }
    Ok(Script { header, case, ..Script::default() })
}
