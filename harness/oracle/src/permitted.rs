//! Judges where the specification leaves open what an engine does, with the help of an
//! implementation that can be told what to choose.
//!
//! Two freedoms are of two kinds. Relaxed vector instructions (§ exec/numerics, relaxed
//! operations) may do one of a few things, but each engine the same each time: an engine is
//! right if one such choice explains all that it did. Which NaN an operation results in
//! (§ exec/numerics, NaN propagation) is chosen anew each time, from more NaNs than can be
//! tried: what depends on that is not compared.

use gainsay_case::{Alternatives, Case, Choice, Outcome};

use crate::divergence::DivergenceKind;
use crate::judge::{judge, judge_where};
use crate::judgement::{Judgement, StepVerdict};
use crate::nan_dependence::NanDependence;
use crate::rules::Rules;
use crate::run::{Run, RunEnding};
use crate::verdict::{AllowedReason, Verdict};

/// Ways to choose NaNs, beside the first, that are tried together with each way to execute
/// relaxed instructions but the first, with which all are.
pub const NANS_WITH_RELAXED: usize = 2;

/// A judgement that knows what is permitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The judgement.
    pub judgement: Judgement,
    /// Which of the ways to execute relaxed instructions explained an engine that none
    /// before did.
    pub useful: Vec<usize>,
}

/// Judge a case where engines may make choices. `alternatives` is asked for no more than is
/// needed, and for nothing if no engine differs.
///
/// A difference that rests on the choice of NaNs is allowed. If each engine agrees with one
/// way to execute relaxed instructions, the difference is allowed too. Otherwise engines
/// that agree with another one than the first are left out, for what they do is right and
/// hides who is wrong.
///
/// # Errors
/// Those of `alternatives`.
pub fn judge_permitting<A: Alternatives>(
    case: &Case,
    runs: &[Run<'_>],
    rules: &Rules,
    alternatives: &mut A,
) -> Result<Permission, A::Error> {
    let judgement = judge(case, runs, rules);
    let Verdict::Diverge(divergence) = &judgement.verdict else { return Ok(settled(judgement)) };
    // No choice makes an engine crash or contradict itself.
    let is_fault = matches!(divergence.kind, DivergenceKind::Crash | DivergenceKind::Fault);
    let has_nans = !is_fault && alternatives.nans() > 1;
    if !has_nans && alternatives.relaxed() <= 1 {
        return Ok(settled(judgement));
    }
    let Some(first) = alternatives.outcome(Choice::default())? else {
        return Ok(settled(judgement));
    };
    let (judgement, nans) = match has_nans {
        true => {
            let ways = alternatives.nans();
            let nans = dependence(case, &first, 0, ways, alternatives)?;
            (judge_where(case, runs, rules, &nans), nans)
        }
        false => (judgement, NanDependence::default()),
    };
    if !matches!(judgement.verdict, Verdict::Diverge(_)) || alternatives.relaxed() <= 1 {
        return Ok(settled(judgement));
    }
    let mut explained = Explained::new(case, runs, rules);
    explained.consider(0, &first, &nans);
    explained.consider_all(alternatives, false)?;
    if has_nans {
        explained.consider_all(alternatives, true)?;
    }
    let is_formal =
        |relaxed: &Option<usize>| relaxed.is_none_or(|relaxed| alternatives.is_formal(relaxed));
    let reason = match explained.agreed.iter().all(is_formal) {
        true => AllowedReason::RelaxedSimd,
        false => AllowedReason::RelaxedSuite,
    };
    Ok(explained.conclude(judgement, &nans, reason))
}

fn settled(judgement: Judgement) -> Permission {
    Permission { judgement, useful: Vec::new() }
}

/// What depends on the choice of NaNs, where relaxed instructions are executed in this way,
/// which leads to `first` with the first choice.
fn dependence<A: Alternatives>(
    case: &Case,
    first: &Outcome,
    relaxed: usize,
    ways: usize,
    alternatives: &mut A,
) -> Result<NanDependence, A::Error> {
    let mut dependence = NanDependence::default();
    for nans in 1..ways {
        let Some(outcome) = alternatives.outcome(Choice { relaxed, nans })? else { break };
        dependence.add(case, first, &outcome);
    }
    Ok(dependence)
}

/// Which way to execute relaxed instructions explains which engine.
struct Explained<'a> {
    case: &'a Case,
    runs: &'a [Run<'a>],
    rules: &'a Rules,
    /// Per engine, the first way that it agrees with.
    agreed: Vec<Option<usize>>,
    useful: Vec<usize>,
}

impl<'a> Explained<'a> {
    fn new(case: &'a Case, runs: &'a [Run<'a>], rules: &'a Rules) -> Explained<'a> {
        Explained { case, runs, rules, agreed: vec![None; runs.len()], useful: Vec::new() }
    }

    fn is_complete(&self) -> bool {
        self.agreed.iter().all(Option::is_some)
    }

    /// Consider all ways but the first, until every engine is explained; if so asked, with
    /// what depends on NaNs in each of them.
    fn consider_all<A: Alternatives>(
        &mut self,
        alternatives: &mut A,
        with_nans: bool,
    ) -> Result<(), A::Error> {
        for relaxed in 1..alternatives.relaxed() {
            if self.is_complete() {
                break;
            }
            let Some(outcome) = alternatives.outcome(Choice { relaxed, nans: 0 })? else { break };
            let nans = match with_nans {
                true => {
                    let ways = alternatives.nans().min(1 + NANS_WITH_RELAXED);
                    dependence(self.case, &outcome, relaxed, ways, alternatives)?
                }
                false => NanDependence::default(),
            };
            self.consider(relaxed, &outcome, &nans);
        }
        Ok(())
    }

    fn consider(&mut self, relaxed: usize, outcome: &Outcome, nans: &NanDependence) {
        let mut is_useful = false;
        for (run, agreed) in self.runs.iter().zip(&mut self.agreed) {
            if agreed.is_none() && agrees(self.case, run, self.rules, outcome, nans) {
                *agreed = Some(relaxed);
                is_useful = true;
            }
        }
        self.useful.extend(is_useful.then_some(relaxed));
    }

    fn conclude(
        self,
        judgement: Judgement,
        nans: &NanDependence,
        reason: AllowedReason,
    ) -> Permission {
        let judgement = match self.is_complete() {
            true => allowed(judgement, reason),
            false => self.without_explained(judgement, nans, reason),
        };
        Permission { judgement, useful: self.useful }
    }

    /// The judgement of engines that nothing explains and those that agree with the first
    /// way, which is that of the deterministic profile.
    fn without_explained(
        &self,
        judgement: Judgement,
        nans: &NanDependence,
        reason: AllowedReason,
    ) -> Judgement {
        let is_kept = |agreed: &Option<usize>| matches!(agreed, None | Some(0));
        let kept: Vec<Run<'_>> = std::iter::zip(self.runs, &self.agreed)
            .filter(|(_, agreed)| is_kept(agreed))
            .map(|(run, _)| *run)
            .collect();
        if kept.len() == self.runs.len() {
            return judgement;
        }
        let mut narrower = judge_where(self.case, &kept, self.rules, nans);
        if !matches!(narrower.verdict, Verdict::Diverge(_)) {
            // Whoever is wrong had nobody left to stand against.
            return judgement;
        }
        *narrower.allowed.entry(reason).or_default() += 1;
        narrower
    }
}

/// Whether nothing that can be compared contradicts a permitted outcome.
fn agrees(
    case: &Case,
    run: &Run<'_>,
    rules: &Rules,
    outcome: &Outcome,
    nans: &NanDependence,
) -> bool {
    let (id, ending) = ("permitted", &RunEnding::Completed);
    let permitted = Run { id, implementation: id, outcome, ending };
    let judgement = judge_where(case, &[*run, permitted], rules, nans);
    !matches!(judgement.verdict, Verdict::Diverge(_))
}

fn allowed(mut judgement: Judgement, reason: AllowedReason) -> Judgement {
    judgement.verdict = Verdict::Allowed(reason);
    for step in &mut judgement.steps {
        if *step == StepVerdict::Diverge {
            *step = StepVerdict::Allowed(reason);
        }
    }
    *judgement.allowed.entry(reason).or_default() += 1;
    judgement
}
