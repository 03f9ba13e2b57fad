//! Corpus files, run again.

mod steps;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gainsay_case::text::{self, Header, TextError};
use gainsay_case::{EngineInfo, Limits, words};
use gainsay_findings::report::verdicts;
use gainsay_findings::{
    EngineVersion, ReplayAssertions, ReplayFile, ReplaySummary, expected_to_fail,
};
use gainsay_oracle::{InconclusiveReason, RunEnding, Tally, Verdict};
use gainsay_supervisor::WorkerSpec;

use self::steps::{FAILURES_MAX, Steps, TIME};

use crate::corpus;
use crate::error::CampaignError;
use crate::evaluate::Evaluator;
use crate::judge::Judge;
use crate::scripts::ScriptRun;
use crate::sequences;
use crate::setup;
use crate::supervised::worker_end;

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
/// What a file has of a case is run step by step and judged. One with directives that are
/// not steps of a case (threads, malformed text) has its assertions run as `wast` runs them,
/// and says so in [`ReplayFile::notes`].
///
/// `stop` ends it at once, with what there is of the summary.
///
/// # Errors
/// [`CampaignError`] if a path cannot be read or is that of a binary, or an engine is
/// missing. A file that is not a script is [`ReplayFile::error`].
pub fn replay(
    options: &ReplayOptions,
    stop: &Arc<AtomicBool>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<ReplaySummary, CampaignError> {
    let found = corpus::find(&options.paths)?;
    for path in &options.paths {
        corpus::refuse_binary(path)?;
    }
    let worker = WorkerSpec { stop: Some(Arc::clone(stop)), ..options.worker.clone() };
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
        evaluator: Evaluator::new(&worker, &options.limits, &engines),
        judge: Judge::new(&worker, &options.limits),
        ids: engines.iter().map(|engine| engine.id.clone()).collect(),
        time_max: options.worker.case_time_max,
        tally: Tally::default(),
    };
    let mut summary =
        ReplaySummary { engines: engines.iter().map(version).collect(), ..Default::default() };
    for (done, path) in paths.iter().enumerate() {
        progress(done, found.len());
        match replayer.file(path) {
            Ok(file) => summary.add(file),
            Err(CampaignError::Interrupted) => break,
            Err(error) => return Err(error),
        }
    }
    let scenarios: Vec<&Path> = scenarios.into_iter().map(PathBuf::as_path).collect();
    if !stop.load(Ordering::Relaxed) {
        let files = sequences::replay(&scenarios, &options.engines, &worker)?;
        files.into_iter().for_each(|file| summary.add(file));
    }
    summary.interrupted = stop.load(Ordering::Relaxed);
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
        if gainsay_script::count(&source).directives == 0 {
            file.notes.push("nothing to run: it has no directive".to_owned());
            return Ok(file);
        }
        let header = Header::of(&source).unwrap_or_default();
        let bugs = expected_to_fail(&header, &self.evaluator.engines);
        let known: Vec<String> = bugs.iter().map(|bug| bug.engine.clone()).collect();
        match text::read_partly(&source) {
            Ok(read) => {
                let steps = Steps::new(&read.script, &read.offsets, &source);
                if !read.script.case.steps.is_empty() {
                    self.case(&steps, &known, &mut file)?;
                }
                if let Some(first) = read.left_out.first() {
                    file.notes.push(left_out(read.left_out.len(), first));
                    // What the rest of the script asserts may depend on them.
                    self.script(&source, &mut file)?;
                }
            }
            Err(error) => {
                let note = format!("not compared, its assertions were only run: {error}");
                file.notes.push(words::cut(&note));
                self.script(&source, &mut file)?;
            }
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
        steps: &Steps<'_>,
        known: &[String],
        file: &mut ReplayFile,
    ) -> Result<(), CampaignError> {
        let (known, judged): (Vec<String>, Vec<String>) =
            self.ids.iter().cloned().partition(|id| known.contains(id));
        let case = &steps.script.case;
        let mut runs = self.evaluator.run_on(case, &judged, self.time_max)?;
        let mut judgement =
            self.judge.judge(case, runs.iter().map(|(engine, ran)| (engine, ran)))?;
        runs.extend(self.evaluator.run_on(case, &known, self.time_max)?);
        let is_missing = |id: &&String| !runs.iter().any(|(engine, _)| engine.id == **id);
        if let Some(id) = self.ids.iter().find(is_missing) {
            let end = self.evaluator.incident().map(worker_end).unwrap_or_default();
            file.error = Some(format!("{id} did not run: {end}"));
        }
        // What the engines did before one of them was stopped is not all of the case.
        let stalled = runs.iter().find_map(|(_, ran)| stalled(&ran.ending));
        if let (Some(reason), false) = (stalled, matches!(judgement.verdict, Verdict::Diverge(_))) {
            judgement.verdict = Verdict::Inconclusive(reason);
        }
        self.tally.record(&judgement);
        let hangs = matches!(judgement.verdict, Verdict::Inconclusive(InconclusiveReason::TimeOut));
        file.assertions =
            runs.iter().map(|(engine, ran)| steps.assertions(&engine.id, ran, hangs)).collect();
        match judgement.verdict {
            Verdict::Agree | Verdict::Allowed(_) => file.agrees = true,
            Verdict::Inconclusive(InconclusiveReason::Alone) if self.ids.len() == 1 => {}
            Verdict::Inconclusive(reason) => {
                file.inconclusive = Some(reason.to_string());
                file.notes.extend(
                    runs.iter().filter_map(|(engine, ran)| steps.obstacle(&engine.id, ran)),
                );
            }
            Verdict::Diverge(divergence) => {
                file.divergences.push(steps.divergence(&divergence));
            }
        }
        Ok(())
    }

    fn script(&mut self, source: &str, file: &mut ReplayFile) -> Result<(), CampaignError> {
        let path = file.path.to_string_lossy().into_owned();
        let mut runs = Vec::new();
        for engine in &self.ids.clone() {
            runs.push(self.evaluator.run_script(
                engine,
                &path,
                &gainsay_script::Script::of(source),
            )?);
        }
        // If no engine reaches the end of a form, that is not a failure of any of them.
        let hangs = runs.iter().all(|run| run.hung.failed > 0);
        let of_engine = |(engine, run): (&String, ScriptRun)| {
            let ScriptRun { mut report, hung, deaths } = run;
            match hangs {
                true => *report.skip_reasons.entry(TIME.to_owned()).or_default() += hung.failed,
                false => report.add(hung),
            }
            if report.text > 0 {
                *report.skip_reasons.entry(TEXT.to_owned()).or_default() += report.text;
            }
            report.failures.sort_by_key(|failure| failure.line);
            let told = report.failures.iter().take(FAILURES_MAX);
            ReplayAssertions {
                engine: engine.clone(),
                passed: report.passed,
                failed: report.failed,
                known: 0,
                death: deaths.into_iter().next(),
                failures: told
                    .map(|failure| format!("{}: {}", failure.line, failure.message))
                    .collect(),
                skipped: report.skip_reasons,
            }
        };
        file.assertions = self.ids.iter().zip(runs).map(of_engine).collect();
        if hangs {
            file.inconclusive = Some(InconclusiveReason::TimeOut.to_string());
            file.agrees = false;
        }
        Ok(())
    }
}

/// Why an assertion about malformed text is not a pass: the parser refuses the text as the script
/// says, and no engine sees it.
const TEXT: &str = "malformed text, which no engine sees";

/// Why a run was stopped, if it was, for a reason that is no fault by itself.
fn stalled(ending: &RunEnding) -> Option<InconclusiveReason> {
    match ending {
        RunEnding::Hung => Some(InconclusiveReason::TimeOut),
        RunEnding::OutOfMemory => Some(InconclusiveReason::Memory),
        RunEnding::Completed | RunEnding::Crashed { .. } => None,
    }
}

/// What is said of directives that were not compared.
fn left_out(number: usize, first: &TextError) -> String {
    let what = match number {
        1 => "1 directive is".to_owned(),
        number => format!("{number} directives are"),
    };
    words::cut(&format!("{what} not compared, but run as in `wast` ({first})"))
}
