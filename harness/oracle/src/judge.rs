//! Walks a case's steps over all engines at once, up to the first divergence.

use std::collections::BTreeMap;

use gainsay_case::{Case, Step, StepFailure, StepOutcome, StepResult};

use crate::appearance::{Appearance, ending, limit_reason};
use crate::classes::{classes, sorted};
use crate::divergence::{Class, Divergence, DivergenceKind};
use crate::judgement::{Judgement, StepVerdict};
use crate::links::Links;
use crate::nan_dependence::NanDependence;
use crate::normal_outcome::NormalOutcome;
use crate::rules::{Growth, Rules};
use crate::run::Run;
use crate::signature::normalised_message;
use crate::steps;
use crate::values::Sameness;
use crate::verdict::{AllowedReason, InconclusiveReason, Verdict};

/// Judge what engines made of a case. The order of `runs` does not matter.
///
/// The walk ends at the first step that diverges: what comes after it may be its
/// consequence. The final state is judged only if no step diverges.
pub fn judge(case: &Case, runs: &[Run<'_>], rules: &Rules) -> Judgement {
    judge_where(case, runs, rules, &NanDependence::default())
}

/// [`judge`], where some of what is left depends on the choice of NaNs.
pub(crate) fn judge_where(
    case: &Case,
    runs: &[Run<'_>],
    rules: &Rules,
    nans: &NanDependence,
) -> Judgement {
    let mut runs = runs.to_vec();
    runs.sort_by_key(|run| run.id);
    let mut walk = Walk::new(case, &runs, rules, nans);
    for index in 0..case.steps.len() {
        let verdict = match walk.divergence {
            Some(_) => StepVerdict::NotJudged,
            None => walk.step(index),
        };
        walk.steps.push(verdict);
    }
    if walk.divergence.is_none() {
        walk.final_state();
    }
    walk.conclude()
}

/// What is known up to some step.
pub(crate) struct Walk<'a> {
    case: &'a Case,
    pub(crate) runs: &'a [Run<'a>],
    pub(crate) rules: &'a Rules,
    pub(crate) nans: &'a NanDependence,
    pub(crate) values: Sameness,
    pub(crate) links: Links,
    /// Engines whose process ended in an earlier step.
    pub(crate) gone: Vec<bool>,
    steps: Vec<StepVerdict>,
    calls_compared: u64,
    calls_returned: u64,
    allowed: BTreeMap<AllowedReason, u64>,
    left_out: BTreeMap<InconclusiveReason, u64>,
    pub(crate) divergence: Option<Divergence>,
}

impl<'a> Walk<'a> {
    fn new(
        case: &'a Case,
        runs: &'a [Run<'a>],
        rules: &'a Rules,
        nans: &'a NanDependence,
    ) -> Walk<'a> {
        Walk {
            case,
            runs,
            rules,
            nans,
            values: Sameness::of(case),
            links: Links::new(runs.len()),
            gone: vec![false; runs.len()],
            steps: Vec::with_capacity(case.steps.len()),
            calls_compared: 0,
            calls_returned: 0,
            allowed: BTreeMap::new(),
            left_out: BTreeMap::new(),
            divergence: None,
        }
    }

    fn step(&mut self, index: usize) -> StepVerdict {
        self.links.enter(self.case, index);
        let appearances: Vec<Appearance<'a>> =
            (0..self.runs.len()).map(|engine| self.appearance(index, engine)).collect();
        let completed = appearances.iter().any(|appearance| match appearance {
            Appearance::Comparable(outcome) => outcome.result != StepResult::Absent,
            _ => false,
        });
        let mut offences = Vec::new();
        let mut comparable = Vec::new();
        let mut excuses = Vec::new();
        for (engine, appearance) in appearances.into_iter().enumerate() {
            match appearance {
                Appearance::Comparable(outcome) => comparable.push((engine, outcome)),
                Appearance::Offence(kind, summary) => offences.push((engine, kind, summary)),
                // A loop whose end depends on a NaN may end on some engines only.
                Appearance::Stalled(kind, _) if completed && !self.nans.has_step(index) => {
                    offences.push((engine, kind, NormalOutcome::named(kind.name())));
                }
                Appearance::Stalled(_, reason) | Appearance::LeftOut(reason) => {
                    excuses.push(reason);
                }
            }
        }
        self.leave_out(&excuses);
        if !offences.is_empty() {
            let rest = comparable.iter().map(|(engine, outcome)| (*engine, steps::detail(outcome)));
            self.accuse(Some(index), offences, rest.collect());
            return StepVerdict::Diverge;
        }
        if comparable.len() < 2 {
            let reason = excuses.iter().min().copied().unwrap_or(InconclusiveReason::Alone);
            return StepVerdict::Inconclusive(reason);
        }
        self.compare(index, &comparable)
    }

    /// What became of `engine` in the step, with its consequences for later ones.
    fn appearance(&mut self, index: usize, engine: usize) -> Appearance<'a> {
        if self.gone[engine] {
            return Appearance::LeftOut(InconclusiveReason::Gone);
        }
        let step = &self.case.steps[index];
        let unsettled = self.links.is_unsettled(step, engine);
        let Some(outcome) = self.runs[engine].outcome.steps.get(index) else {
            self.gone[engine] = true;
            return match ending(self.runs[engine].ending) {
                Appearance::Stalled(_, reason) if unsettled => Appearance::LeftOut(reason),
                appearance => appearance,
            };
        };
        let reason = match &outcome.result {
            StepResult::Failed(StepFailure::Fault(message)) => {
                let summary = NormalOutcome::Fault(normalised_message(message));
                return Appearance::Offence(DivergenceKind::Fault, summary);
            }
            StepResult::Failed(StepFailure::Limit(kind)) => limit_reason(*kind),
            StepResult::Failed(StepFailure::Unsupported(_)) => InconclusiveReason::Unsupported,
            _ if unsettled => InconclusiveReason::Unsettled,
            _ => return Appearance::Comparable(outcome),
        };
        self.links.unsettle(step, engine);
        Appearance::LeftOut(reason)
    }

    pub(crate) fn leave_out(&mut self, reasons: &[InconclusiveReason]) {
        for reason in reasons {
            *self.left_out.entry(*reason).or_default() += 1;
        }
    }

    /// Sort the outcomes into classes of equal ones. There are two or more.
    fn compare(&mut self, index: usize, outcomes: &[(usize, &'a StepOutcome)]) -> StepVerdict {
        if outcomes.iter().all(|(_, outcome)| outcome.result == StepResult::Absent) {
            return StepVerdict::Absent;
        }
        self.count_call(index, outcomes);
        let classes =
            classes(outcomes, |left, right| steps::same_outcome(self.values, left, right));
        if classes.len() > 1 {
            if self.nans.has_step(index) {
                // Engines that chose differently are in different states from here on.
                let step = &self.case.steps[index];
                (0..self.runs.len()).for_each(|engine| self.links.unsettle(step, engine));
                return self.allow(AllowedReason::NanPayload);
            }
            if self.rules.growth == Growth::Free && self.excuse_growth(index, &classes) {
                return self.allow(AllowedReason::GrowRefused);
            }
            if classes.iter().all(|(outcome, _)| steps::is_atomic_trap(outcome)) {
                return self.allow(AllowedReason::TrapOrder);
            }
            self.divergence = Some(self.step_divergence(index, &classes));
            return StepVerdict::Diverge;
        }
        let first = outcomes[0].1;
        if outcomes.iter().any(|(_, outcome)| steps::nan_bits_differ(first, outcome)) {
            return self.allow(AllowedReason::NanPayload);
        }
        StepVerdict::Agree
    }

    pub(crate) fn allow(&mut self, reason: AllowedReason) -> StepVerdict {
        *self.allowed.entry(reason).or_default() += 1;
        StepVerdict::Allowed(reason)
    }

    fn count_call(&mut self, index: usize, outcomes: &[(usize, &StepOutcome)]) {
        let first = self.runs[outcomes[0].0].implementation;
        let independent =
            outcomes.iter().any(|(engine, _)| self.runs[*engine].implementation != first);
        if matches!(self.case.steps[index], Step::Invoke { .. }) && independent {
            self.calls_compared += 1;
            let returned = |o: &StepOutcome| matches!(o.result, StepResult::Returned(_));
            self.calls_returned += u64::from(outcomes.iter().all(|(_, o)| returned(o)));
        }
    }

    /// Whether the difference is that some engines refused a growth that others
    /// granted; if so, those who refused are not compared on this instance again.
    fn excuse_growth(&mut self, index: usize, classes: &[(&'a StepOutcome, Vec<usize>)]) -> bool {
        let granted = classes.iter().position(|(granted, _)| {
            classes.iter().all(|(refused, _)| {
                std::ptr::eq(*refused, *granted)
                    || steps::refuses_growth(self.values, refused, granted)
            })
        });
        let Some(granted) = granted else { return false };
        for (class, (_, engines)) in classes.iter().enumerate() {
            if class != granted {
                for engine in engines {
                    self.links.unsettle(&self.case.steps[index], *engine);
                }
            }
        }
        true
    }

    fn step_divergence(
        &self,
        index: usize,
        classes: &[(&'a StepOutcome, Vec<usize>)],
    ) -> Divergence {
        let step = &self.case.steps[index];
        let outcomes: Vec<&StepOutcome> = classes.iter().map(|(outcome, _)| *outcome).collect();
        let class = |(outcome, engines): &(&'a StepOutcome, Vec<usize>)| {
            let others: Vec<&StepOutcome> =
                outcomes.iter().copied().filter(|other| !std::ptr::eq(*other, *outcome)).collect();
            let summary = steps::summarise(self.values, step, outcome, &others);
            self.class(engines, summary, steps::detail(outcome))
        };
        Divergence {
            kind: steps::kind_of_difference(self.values, step, &outcomes),
            step: Some(index),
            instance: step.instance().map(str::to_owned),
            export: None,
            classes: sorted(classes.iter().map(class).collect()),
        }
    }

    /// Record a divergence of engines that stand against the rest.
    pub(crate) fn accuse(
        &mut self,
        step: Option<usize>,
        offences: Vec<(usize, DivergenceKind, NormalOutcome)>,
        rest: Vec<(usize, String)>,
    ) {
        // A dead process explains more than a slow one.
        const GRAVEST_FIRST: [DivergenceKind; 4] = [
            DivergenceKind::Crash,
            DivergenceKind::Fault,
            DivergenceKind::MemoryExhaustion,
            DivergenceKind::Hang,
        ];
        let committed = |kind: &&DivergenceKind| offences.iter().any(|offence| offence.1 == **kind);
        let kind = GRAVEST_FIRST.iter().find(committed).copied().unwrap_or(DivergenceKind::Fault);
        let mut groups: BTreeMap<NormalOutcome, Vec<usize>> = BTreeMap::new();
        for (engine, _, summary) in offences {
            groups.entry(summary).or_default().push(engine);
        }
        let mut classes: Vec<Class> = groups
            .into_iter()
            .map(|(summary, engines)| self.class(&engines, summary.clone(), summary.to_string()))
            .collect();
        if let Some((_, detail)) = rest.first() {
            let engines: Vec<usize> = rest.iter().map(|(engine, _)| *engine).collect();
            classes.push(self.class(&engines, NormalOutcome::Completed, detail.clone()));
        }
        let instance = step.and_then(|index| self.case.steps[index].instance());
        self.divergence = Some(Divergence {
            kind,
            step,
            instance: instance.map(str::to_owned),
            export: None,
            classes: sorted(classes),
        });
    }

    pub(crate) fn class(&self, engines: &[usize], summary: NormalOutcome, detail: String) -> Class {
        let mut engines: Vec<String> =
            engines.iter().map(|engine| self.runs[*engine].id.to_owned()).collect();
        engines.sort();
        Class { engines, summary, detail }
    }

    fn conclude(self) -> Judgement {
        let judged =
            |verdict: &StepVerdict| matches!(verdict, StepVerdict::Agree | StepVerdict::Allowed(_));
        let calls: Vec<&StepVerdict> = std::iter::zip(&self.case.steps, &self.steps)
            .filter(|(step, _)| matches!(step, Step::Invoke { .. }))
            .map(|(_, verdict)| verdict)
            .collect();
        let inconclusive = self.steps.iter().find_map(|verdict| match verdict {
            StepVerdict::Inconclusive(reason) => Some(*reason),
            _ => None,
        });
        let conclusive = match calls.is_empty() {
            true => self.steps.iter().any(judged),
            false => calls.into_iter().any(judged),
        };
        let verdict = match (self.divergence, inconclusive, self.allowed.keys().next()) {
            (Some(divergence), _, _) => Verdict::Diverge(divergence),
            (None, Some(reason), _) if !conclusive => Verdict::Inconclusive(reason),
            (None, _, Some(reason)) => Verdict::Allowed(*reason),
            (None, _, None) => Verdict::Agree,
        };
        Judgement {
            verdict,
            steps: self.steps,
            calls_compared: self.calls_compared,
            calls_returned: self.calls_returned,
            allowed: self.allowed,
            left_out: self.left_out,
        }
    }
}
