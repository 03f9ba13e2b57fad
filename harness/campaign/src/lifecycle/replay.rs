//! Scenario files, run again.

use std::path::Path;

use gainsay_findings::{ReplayDivergence, ReplayFile};
use gainsay_lifecycle::Scenario;
use gainsay_supervisor::WorkerSpec;

use super::minimise::Runner;
use super::options::{LifecycleOptions, ids};
use crate::corpus;
use crate::error::CampaignError;

/// How the names of scenario files end.
pub(crate) const EXTENSION: &str = "scenario";

/// How the backends are to be found among the ids of engines: those that have none for
/// sequences are left out.
fn backends(engines: &[String]) -> Vec<String> {
    let known = |id: &String| gainsay_lifecycle::find(id).is_some();
    ids(engines).into_iter().filter(known).collect()
}

/// Run scenario files on the backends among these engines; those that cannot be read are
/// failures.
pub(crate) fn replay(
    paths: &[&Path],
    engines: &[String],
    worker: &WorkerSpec,
) -> Result<Vec<ReplayFile>, CampaignError> {
    let ids = backends(engines);
    if ids.is_empty() || paths.is_empty() {
        return Ok(Vec::new());
    }
    let worker = for_sequences(worker);
    let mut runner = Runner::new(&worker, &ids);
    paths.iter().map(|path| file(path, &ids, &mut runner)).collect()
}

fn file(path: &Path, ids: &[String], runner: &mut Runner<'_>) -> Result<ReplayFile, CampaignError> {
    let mut file = ReplayFile { path: path.to_owned(), ..ReplayFile::default() };
    let text = corpus::read_text(path).map_err(|error| error.to_string());
    let scenario = text.and_then(|text| Scenario::parse(&text).map_err(|error| error.to_string()));
    let scenario = match scenario {
        Ok(scenario) => scenario,
        Err(error) => {
            file.error = Some(error);
            return Ok(file);
        }
    };
    let ran = runner.run(&scenario, ids, 1)?;
    file.agrees = ran.failures.is_empty();
    let divergence = |failure: &gainsay_lifecycle::Failure| ReplayDivergence {
        signature: failure.signature(),
        kind: failure.kind.name().to_owned(),
        detail: failure.to_string(),
    };
    file.divergences = ran.failures.iter().map(divergence).collect();
    Ok(file)
}

/// Workers of the same program that serve sequences.
fn for_sequences(worker: &WorkerSpec) -> WorkerSpec {
    let args = LifecycleOptions::WORKER_ARGS.map(str::to_owned).to_vec();
    WorkerSpec { args, ..worker.clone() }
}
