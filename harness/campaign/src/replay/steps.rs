//! The steps of a case in a file: where each stands there, and what the file expects of it.

use std::collections::HashMap;

use gainsay_case::text::{Expected, Script};
use gainsay_case::{LimitKind, Request, Step, StepFailure, StepResult, mistake, words};
use gainsay_findings::{ReplayAssertions, ReplayDivergence};
use gainsay_oracle::{Divergence, RunEnding};
use gainsay_script::Lines;

use crate::evaluate::EngineRun;
use crate::supervised::describe;

/// Failures of one engine on one file that are told.
pub(super) const FAILURES_MAX: usize = 10;

/// The reason of assertions that nobody came to the end of.
pub(super) const TIME: &str = "time used up";

/// A case with the lines of its steps.
pub(super) struct Steps<'a> {
    pub(super) script: &'a Script,
    lines: Vec<usize>,
    /// The binary of the instance that each step asks something of.
    asked: Vec<Option<&'a [u8]>>,
}

impl<'a> Steps<'a> {
    /// Those of a script whose directives stand at these offsets of its source.
    pub(super) fn new(script: &'a Script, offsets: &[usize], source: &str) -> Steps<'a> {
        let places = Lines::of(source);
        let lines = offsets.iter().map(|offset| places.place(*offset).line).collect();
        let (mut modules, mut instances) = (HashMap::new(), HashMap::new());
        let mut asked = Vec::new();
        for step in &script.case.steps {
            let mut instance_asked = None;
            match step {
                Step::Define { module, bytes } => drop(modules.insert(module, &**bytes)),
                Step::Instantiate { module, instance } => {
                    if let Some(bytes) = modules.get(module) {
                        instances.insert(instance, *bytes);
                    }
                }
                Step::Invoke { instance, .. } | Step::Get { instance, .. } => {
                    instance_asked = instances.get(instance).copied();
                }
                Step::Register { .. } => {}
            }
            asked.push(instance_asked);
        }
        Steps { script, lines, asked }
    }

    fn line(&self, step: usize) -> String {
        self.lines.get(step).map_or_else(|| format!("step {step}"), |line| format!("line {line}"))
    }

    /// A divergence, with the line of its step.
    pub(super) fn divergence(&self, divergence: &Divergence) -> ReplayDivergence {
        let line = divergence.step.map(|step| self.line(step));
        ReplayDivergence {
            signature: divergence.signature().to_string(),
            kind: divergence.kind.to_string(),
            line: divergence.step.and_then(|step| self.lines.get(step)).copied(),
            detail: divergence.told_at(line.as_deref()),
        }
    }

    /// What kept an engine from being compared, if anything did.
    pub(super) fn obstacle(&self, engine: &str, ran: &EngineRun) -> Option<String> {
        let failures = ran.outcome.steps.iter().enumerate();
        let first = failures.filter_map(|(step, outcome)| match &outcome.result {
            StepResult::Failed(StepFailure::Limit(kind)) => {
                let detail = ran.detail.as_ref().map(|detail| detail.message.clone());
                let which = detail.unwrap_or_else(|| kind.to_string());
                Some((step, format!("a limit was hit: {which}")))
            }
            StepResult::Failed(StepFailure::Unsupported(why)) => Some((step, why.clone())),
            _ => None,
        });
        let stopped = (ran.ending != RunEnding::Completed)
            .then(|| (ran.outcome.steps.len(), describe(&ran.ending)));
        let (step, why) = first.chain(stopped).next()?;
        Some(format!("{}: {engine}: {}", self.line(step), words::cut(&why)))
    }

    /// What the file expects, against what an engine did. `hangs`: no engine came to the end
    /// of the case.
    pub(super) fn assertions(
        &self,
        engine: &str,
        ran: &EngineRun,
        hangs: bool,
    ) -> ReplayAssertions {
        let mut counts = ReplayAssertions {
            engine: engine.to_owned(),
            death: (ran.ending != RunEnding::Completed).then(|| describe(&ran.ending)),
            ..Default::default()
        };
        for step in 0..self.script.case.steps.len() {
            match self.assertion(step, ran, (hangs, !counts.skipped.is_empty())) {
                Answer::Silent => {}
                Answer::Passed => counts.passed += 1,
                Answer::Skipped(reason) => *counts.skipped.entry(reason).or_default() += 1,
                Answer::Failed(message) => {
                    counts.failed += 1;
                    if counts.failures.len() < FAILURES_MAX {
                        let line = self.lines.get(step).copied().unwrap_or_default();
                        counts.failures.push(format!("{line}: {message}"));
                    }
                }
            }
        }
        counts
    }

    fn assertion(
        &self,
        step: usize,
        ran: &EngineRun,
        (hangs, is_skipping): (bool, bool),
    ) -> Answer {
        let of = &self.script.case.steps[step];
        let expected = self.script.expected(step);
        let Some(result) = ran.outcome.steps.get(step).map(|outcome| &outcome.result) else {
            let is_first = step == ran.outcome.steps.len();
            return match &ran.ending {
                RunEnding::Hung if hangs && is_first => Answer::Skipped(TIME.to_owned()),
                RunEnding::OutOfMemory if is_first => limit(LimitKind::Memory),
                ending if is_first => Answer::Failed(describe(ending)),
                _ if expected.is_none() => Answer::Silent,
                _ => {
                    let line = self.line(ran.outcome.steps.len());
                    Answer::Skipped(format!("the engine ended at {line}"))
                }
            };
        };
        if let Some(mistake) = self.mistake(step, result) {
            return Answer::Failed(mistake);
        }
        let Some(expected) = expected else { return Answer::Silent };
        if expected.admits(result) {
            // That a module can be instantiated is said by no assertion.
            let is_silent = !matches!(of, Step::Invoke { .. } | Step::Get { .. })
                && matches!(expected, Expected::Returned(_));
            return if is_silent { Answer::Silent } else { Answer::Passed };
        }
        match result {
            StepResult::Failed(StepFailure::Limit(kind)) => limit(*kind),
            StepResult::Failed(StepFailure::Unsupported(_)) => {
                Answer::Skipped("unsupported".to_owned())
            }
            // What a skipped step should have made is missing from then on.
            StepResult::Absent | StepResult::Failed(StepFailure::Unlinkable(_)) if is_skipping => {
                Answer::Skipped("absent".to_owned())
            }
            seen => Answer::Failed(words::cut(&format!(
                "expected {expected}, saw {}",
                words::result(seen)
            ))),
        }
    }

    /// What is wrong with what the step asks for, or the engine lost.
    fn mistake(&self, step: usize, result: &StepResult) -> Option<String> {
        let StepResult::Failed(failure) = result else { return None };
        let request = match &self.script.case.steps[step] {
            Step::Invoke { field, args, .. } => Request::Invoke { field, args },
            Step::Get { field, .. } => Request::Get { field },
            _ => return None,
        };
        mistake(failure, self.asked[step]?, request)
    }
}

/// What came of one step.
enum Answer {
    /// The file asserts nothing of it.
    Silent,
    Passed,
    Failed(String),
    Skipped(String),
}

fn limit(kind: LimitKind) -> Answer {
    Answer::Skipped(format!("limit: {}", kind.name()))
}
