//! Scenario files, run again.

use std::path::Path;

use gainsay_findings::{ReplayDivergence, ReplayFile};
use gainsay_lifecycle::{Scenario, SequenceFailure};
use gainsay_supervisor::WorkerSpec;

use super::runner::Runner;
use crate::corpus;
use crate::error::CampaignError;

/// Run scenario files on those of these engines that carry sequences out; files that cannot
/// be read are failures.
pub(crate) fn replay(
    paths: &[&Path],
    engines: &[String],
    worker: &WorkerSpec,
) -> Result<Vec<ReplayFile>, CampaignError> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let mut runner = Runner::new(worker, engines, None);
    let ids: Vec<String> = runner.engines()?.into_iter().map(|engine| engine.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    paths.iter().map(|path| file(path, &ids, &mut runner, worker)).collect()
}

fn file(
    path: &Path,
    ids: &[String],
    runner: &mut Runner<'_>,
    worker: &WorkerSpec,
) -> Result<ReplayFile, CampaignError> {
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
    let ran = runner.run(&scenario, ids, 1, worker.case_time_max)?;
    if let Some(end) = ran.incident {
        file.error = Some(format!("it did not run: its worker {end}"));
        return Ok(file);
    }
    file.agrees = ran.result.failures.is_empty();
    let divergence = |failure: &SequenceFailure| ReplayDivergence {
        signature: failure.signature(),
        kind: failure.kind.name().to_owned(),
        line: None,
        detail: failure.to_string(),
    };
    file.divergences = ran.result.failures.iter().map(divergence).collect();
    Ok(file)
}
