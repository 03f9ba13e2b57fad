//! Corpus files, run again.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gainsay_case::script;
use gainsay_case::text::{self, Expected, Header, Script};
use gainsay_case::{EngineInfo, Limits, Step, StepFailure, StepResult};
use gainsay_findings::report::verdicts;
use gainsay_findings::{
    EngineVersion, ReplayAssertions, ReplayDivergence, ReplayFile, ReplaySummary, expected_to_fail,
};
use gainsay_oracle::{RunEnding, Tally, Verdict};
use gainsay_supervisor::WorkerSpec;

use crate::corpus;
use crate::error::CampaignError;
use crate::evaluate::{EngineRun, Evaluator};
use crate::judge::Judge;
use crate::sequences;
use crate::setup;
use crate::supervised::{describe, worker_end};

/// Failures of one engine on one file that are told.
const FAILURES_MAX: usize = 10;

/// What to replay on what.
#[derive(Clone, Debug, Default)]
pub struct ReplayOptions {
    /// Files, or directories searched for `.wast` and `.scenario` files.
    pub paths: Vec<PathBuf>,
    /// Ids of the engines; empty means all the embedded ones.
    pub engines: Vec<String>,
    /// The limits that every engine is given.
    pub limits: Limits,
    /// How workers are started and watched.
    pub worker: WorkerSpec,
}

/// Run every file on every engine: its assertions, and the engines against each other.
///
/// A file that is a case is run step by step and judged. One that only a test
/// runner understands (`assert_invalid` ...) has its assertions run.
///
/// # Errors
/// [`CampaignError`] if a path cannot be read or an engine is missing. A file that
/// is no script is [`ReplayFile::error`].
pub fn replay(
    options: &ReplayOptions,
    stop: &AtomicBool,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<ReplaySummary, CampaignError> {
    let found = corpus::find(&options.paths)?;
    let is_scenario = |path: &&PathBuf| {
        path.extension().is_some_and(|extension| extension == sequences::EXTENSION)
    };
    let (scenarios, paths): (Vec<&PathBuf>, Vec<&PathBuf>) = found.iter().partition(is_scenario);
    let engines = setup::engines(&options.worker, &options.engines, &options.limits)?;
    let version = |engine: &EngineInfo| EngineVersion {
        id: engine.id.clone(),
        version: engine.version.clone(),
    };
    let mut replayer = Replayer {
        evaluator: Evaluator::new(&options.worker, &options.limits, &engines),
        judge: Judge::new(&options.worker, &options.limits),
        ids: engines.iter().map(|engine| engine.id.clone()).collect(),
        time_max: options.worker.case_time_max,
        tally: Tally::default(),
    };
    let mut summary =
        ReplaySummary { engines: engines.iter().map(version).collect(), ..Default::default() };
    for (done, path) in paths.iter().enumerate() {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        progress(done, found.len());
        let file = replayer.file(path)?;
        summary.add(file);
    }
    let scenarios: Vec<&Path> = scenarios.into_iter().map(PathBuf::as_path).collect();
    if !stop.load(Ordering::Relaxed) {
        let files = sequences::replay(&scenarios, &options.engines, &options.worker)?;
        files.into_iter().for_each(|file| summary.add(file));
    }
    progress(summary.files.len(), found.len());
    summary.verdicts = verdicts(&replayer.tally);
    Ok(summary)
}

struct Replayer {
    evaluator: Evaluator,
    judge: Judge,
    ids: Vec<String>,
    time_max: Duration,
    tally: Tally,
}

impl Replayer {
    fn file(&mut self, path: &Path) -> Result<ReplayFile, CampaignError> {
        let mut file = ReplayFile { path: path.to_owned(), ..ReplayFile::default() };
        let source = match corpus::read_text(path) {
            Ok(source) => source,
            Err(error) => {
                file.error = Some(error.to_string());
                return Ok(file);
            }
        };
        let header = Header::of(&source).unwrap_or_default();
        let bugs = expected_to_fail(&header, &self.evaluator.engines);
        let known: Vec<String> = bugs.iter().map(|bug| bug.engine.clone()).collect();
        match text::read(&source) {
            Ok(script) => self.case(&script, &known, &mut file)?,
            Err(_) => self.script(&source, &mut file)?,
        }
        for assertions in &mut file.assertions {
            if let Some(bug) = bugs.iter().find(|bug| bug.engine == assertions.engine)
                && let Err(error) = bug.settle(assertions)
            {
                file.error = Some(error);
            }
        }
        Ok(file)
    }

    fn case(
        &mut self,
        script: &Script,
        known: &[String],
        file: &mut ReplayFile,
    ) -> Result<(), CampaignError> {
        let (known, judged): (Vec<String>, Vec<String>) =
            self.ids.iter().cloned().partition(|id| known.contains(id));
        let case = &script.case;
        let mut runs = self.evaluator.run_on(case, &judged, self.time_max)?;
        let judgement = self.judge.judge(case, runs.iter().map(|(engine, ran)| (engine, ran)))?;
        runs.extend(self.evaluator.run_on(case, &known, self.time_max)?);
        self.tally.record(&judgement);
        let is_missing = |id: &&String| !runs.iter().any(|(engine, _)| engine.id == **id);
        if let Some(id) = self.ids.iter().find(is_missing) {
            let end = self.evaluator.incident().map(worker_end).unwrap_or_default();
            file.error = Some(format!("{id} did not run: {end}"));
        }
        file.assertions =
            runs.iter().map(|(engine, ran)| assertions(script, &engine.id, ran)).collect();
        match judgement.verdict {
            Verdict::Agree | Verdict::Allowed(_) => file.agrees = true,
            Verdict::Inconclusive(_) => {}
            Verdict::Diverge(divergence) => file.divergences.push(ReplayDivergence {
                signature: divergence.signature().to_string(),
                kind: divergence.kind.to_string(),
                detail: divergence.to_string(),
            }),
        }
        Ok(())
    }

    fn script(&mut self, source: &str, file: &mut ReplayFile) -> Result<(), CampaignError> {
        for engine in &self.ids.clone() {
            let path = file.path.to_string_lossy().into_owned();
            let run = self.evaluator.run_script(engine, &path, &script::Script::of(source))?;
            let told = run.report.failures.iter().take(FAILURES_MAX);
            file.assertions.push(ReplayAssertions {
                engine: engine.clone(),
                passed: run.report.passed,
                failed: run.report.failed,
                known: 0,
                death: run.deaths.into_iter().next(),
                failures: told
                    .map(|failure| format!("{}: {}", failure.line, failure.message))
                    .collect(),
                skipped: run.report.skip_reasons,
            });
        }
        Ok(())
    }
}

/// What a case's file expects, against what an engine did.
fn assertions(script: &Script, engine: &str, ran: &EngineRun) -> ReplayAssertions {
    let mut counts = ReplayAssertions {
        engine: engine.to_owned(),
        death: (ran.ending != RunEnding::Completed).then(|| describe(&ran.ending)),
        ..Default::default()
    };
    for (step, of) in script.case.steps.iter().enumerate() {
        let Some(expected) = script.expected(step) else { continue };
        let result = ran.outcome.steps.get(step).map(|outcome| &outcome.result);
        // That a module can be instantiated is said by no assertion.
        let is_silent = !matches!(of, Step::Invoke { .. } | Step::Get { .. })
            && matches!(expected, Expected::Returned(_));
        if is_silent && result.is_some_and(|result| expected.admits(result)) {
            continue;
        }
        let skipped = match result {
            // A stack that is exhausted may be just what is expected.
            Some(result) if expected.admits(result) => {
                counts.passed += 1;
                continue;
            }
            Some(StepResult::Failed(StepFailure::Limit(kind))) => format!("limit: {kind:?}"),
            Some(StepResult::Failed(StepFailure::Unsupported(_))) => "unsupported".to_owned(),
            // What a skipped step should have made is missing from then on.
            Some(StepResult::Absent | StepResult::Failed(StepFailure::Unlinkable(_)))
                if !counts.skipped.is_empty() =>
            {
                "absent".to_owned()
            }
            _ => String::new(),
        };
        if skipped.is_empty() {
            counts.failed += 1;
            let seen = result.map_or_else(|| describe(&ran.ending), |seen| format!("{seen:?}"));
            if counts.failures.len() < FAILURES_MAX {
                counts.failures.push(format!("step {step}: expected {expected:?}, saw {seen}"));
            }
        } else {
            *counts.skipped.entry(skipped.to_lowercase()).or_default() += 1;
        }
    }
    counts
}
