//! From a case that diverges to the smallest one that shows the same.
//!
//! What is spent is counted in executions, and a candidate's time in what the processor did
//! for it, so that other work on the machine changes nothing. A candidate that shows the same
//! to a few engines, in a worker that has run others before it, may show something else to
//! all of them in a fresh one; then the way that led to it is walked back.

use std::iter;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gainsay_case::{Case, EngineInfo, Limits};
use gainsay_findings::{CaseRef, Minimised, Shortfall, ShrinkBounds, Signature, opcodes};
use gainsay_oracle::{Divergence, DivergenceKind, RunEnding, Verdict};
use gainsay_reduce::{Answer, Reduced, ReductionEnd, canonical_nans, reduce};
use gainsay_supervisor::{WorkerEnd, WorkerSpec};

use crate::error::CampaignError;
use crate::evaluate::{CaseTime, Evaluator};
use crate::finishing::{named, with_state_read};
use crate::judge::Judge;
use crate::minimal::{Minimal, conclude};
use crate::observation::{Observation, alone};

/// Processor time after which a candidate hangs. Cases take milliseconds; the result of a
/// hang's minimisation is confirmed with the full time.
const CANDIDATE_PROCESSOR_MAX: Duration = Duration::from_secs(1);

/// By the clock, where what is minimised is a hang: one that sleeps uses no processor.
const HANG_WALL_MAX: Duration = Duration::from_secs(2);

/// Candidates that may hang, where what is minimised is no hang and where it is.
/// Each costs [`CANDIDATE_PROCESSOR_MAX`] and a worker.
const HUNG_MAX: u32 = 12;
const HUNG_MAX_OF_HANGS: u32 = 60;

/// Minimises cases, one at a time.
pub(crate) struct Minimiser<'a> {
    evaluator: Evaluator,
    judge: Judge,
    bounds: ShrinkBounds,
    time_max: Duration,
    stops: &'a AtomicBool,
    /// Runs that had to be killed because their time was up.
    hung: u32,
}

/// A case on its way down, between two reductions.
struct Descent {
    case: Case,
    /// What it shows on all engines.
    seen: Observation,
    attempts: u32,
    shortfall: Option<Shortfall>,
    timed_out: u32,
}

/// What a reduction left.
struct Outcome {
    reduced: Reduced,
    /// What the last accepted candidate showed to the engines of the reduction.
    last: Option<Observation>,
}

impl<'a> Minimiser<'a> {
    /// A minimiser for cases on these engines.
    pub(crate) fn new(
        engines: &[EngineInfo],
        limits: &Limits,
        worker: &WorkerSpec,
        bounds: ShrinkBounds,
        stops: &'a AtomicBool,
    ) -> Minimiser<'a> {
        Minimiser {
            evaluator: Evaluator::new(worker, limits, engines),
            judge: Judge::new(worker, limits),
            bounds,
            time_max: worker.case_time_max,
            stops,
            hung: 0,
        }
    }

    /// Whether it was told to stop.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stops.load(Ordering::Relaxed)
    }

    /// Ends of workers that nobody can be blamed for, since this was last asked.
    pub(crate) fn take_incidents(&mut self) -> Vec<WorkerEnd> {
        let mut incidents = self.evaluator.take_incidents();
        incidents.extend(self.judge.take_incidents());
        incidents
    }

    /// Minimise a case that is given, on all engines. `None` if they agree on it. What a case
    /// shows that depends on the choice of NaNs is looked for without that choice.
    pub(crate) fn minimise_case(
        &mut self,
        case: &Case,
        witness: CaseRef,
        smaller: &mut dyn FnMut(&Case),
    ) -> Result<Option<Minimised>, CampaignError> {
        let all: Vec<String> =
            self.evaluator.engines.iter().map(|engine| engine.id.clone()).collect();
        for case in iter::once(case.clone()).chain(canonical_nans(case)) {
            let minimised = self.minimise_for(&case, &all, None, witness, smaller)?;
            if minimised.is_some() || self.is_stopped() {
                return Ok(minimised);
            }
        }
        Ok(None)
    }

    /// Minimise a case on these engines. `None` if it does not show `base`, or
    /// nothing if that is `None`. If it is told to stop, the smallest case so far.
    pub(crate) fn minimise_for(
        &mut self,
        case: &Case,
        all: &[String],
        base: Option<&Signature>,
        witness: CaseRef,
        smaller: &mut dyn FnMut(&Case),
    ) -> Result<Option<Minimised>, CampaignError> {
        let Some(seen) = self.look_again(case, all)? else { return Ok(None) };
        if base.is_some_and(|base| *base != Signature::of(&seen.divergence)) {
            return Ok(None);
        }
        let case_before = case;
        let few = representatives(&seen.divergence, all);
        let (case, shortfall) = (case.clone(), None);
        let mut descent = Descent { case, seen, attempts: 0, shortfall, timed_out: 0 };
        let mut is_smallest = false;
        for engines in [&few[..], all] {
            is_smallest = self.descend(&mut descent, engines, all, smaller)?;
            if is_smallest {
                break;
            }
        }
        if !is_smallest {
            descent.shortfall.get_or_insert(Shortfall::NotShownAgain);
        }
        let minimal = self.finish(descent, all)?;
        Ok(Some(conclude(case_before, minimal, witness, &self.evaluator.engines)))
    }

    /// Reduce with these engines, and keep what shows the same on all of them. True if there
    /// is nothing more to be had.
    fn descend(
        &mut self,
        descent: &mut Descent,
        engines: &[String],
        all: &[String],
        smaller: &mut dyn FnMut(&Case),
    ) -> Result<bool, CampaignError> {
        let Some(Outcome { reduced, last }) = self.reduce(descent, engines, smaller)? else {
            return Ok(false);
        };
        descent.attempts += reduced.attempts;
        // Where a hang is minimised, those are what is looked for.
        if descent.seen.divergence.kind != DivergenceKind::Hang {
            descent.timed_out += self.hung;
        }
        descent.shortfall = match reduced.end {
            ReductionEnd::Finished => None,
            ReductionEnd::BudgetSpent => Some(Shortfall::Budget(self.bounds.attempts_max.into())),
            ReductionEnd::Enough => Some(Shortfall::TimedOut(self.hung.into())),
            ReductionEnd::Stopped => Some(Shortfall::Interrupted),
        };
        if let (Some(Shortfall::Interrupted), Some(seen)) = (descent.shortfall, last) {
            // There is no time to look at it on all engines.
            (descent.case, descent.seen) = (reduced.case, seen);
            return Ok(true);
        }
        let shown = Signature::of(&descent.seen.divergence);
        let smallest = reduced.case;
        for candidate in reduced.accepted.into_iter().rev().chain([smallest.clone()]) {
            if self.is_stopped() {
                descent.shortfall = Some(Shortfall::Interrupted);
                return Ok(true);
            }
            if candidate == descent.case {
                break;
            }
            let Some(seen) = self.look_again(&candidate, all)? else { continue };
            // With few engines it may have slid to another difference.
            if Signature::of(&seen.divergence) == shown {
                (descent.case, descent.seen) = (candidate, seen);
                break;
            }
        }
        Ok(descent.case == smallest)
    }

    /// Make a minimal case presentable.
    fn finish(&mut self, descent: Descent, all: &[String]) -> Result<Minimal, CampaignError> {
        let Descent { case, seen, attempts, shortfall, timed_out } = descent;
        // What is added to read a state is no part of the cause.
        let opcodes = opcodes(&case);
        let base = Signature::of(&seen.divergence);
        if shortfall == Some(Shortfall::Interrupted) {
            return Ok(Minimal { base, case, seen, opcodes, attempts, shortfall, timed_out });
        }
        let time_max = self.time_max;
        let mut look = |case: &Case| self.look(case, all, time_max.into());
        let (case, seen) = named(case, seen, &mut look)?;
        let (case, seen) = with_state_read(case, seen, &mut look)?;
        Ok(Minimal { base, case, seen, opcodes, attempts, shortfall, timed_out })
    }

    fn reduce(
        &mut self,
        descent: &Descent,
        engines: &[String],
        smaller: &mut dyn FnMut(&Case),
    ) -> Result<Option<Outcome>, CampaignError> {
        let Divergence { kind, step, .. } = descent.seen.divergence;
        let (wall_max, hung_max) = match kind {
            DivergenceKind::Hang => (self.time_max.min(HANG_WALL_MAX), HUNG_MAX_OF_HANGS),
            _ => (self.time_max, HUNG_MAX),
        };
        let time = CaseTime { wall_max, processor_max: Some(CANDIDATE_PROCESSOR_MAX) };
        let Some(target) = self.look(&descent.case, engines, time)? else { return Ok(None) };
        let target = target.divergence.signature();
        self.hung = 0;
        let attempts_max = self.bounds.attempts_max.saturating_sub(descent.attempts);
        let (mut fault, mut last) = (None, None);
        let mut keeps = |candidate: &Case| {
            if self.is_stopped() {
                return Answer::Stop;
            }
            if self.hung >= hung_max {
                return Answer::Enough;
            }
            match self.look(candidate, engines, time) {
                Ok(Some(seen)) if seen.divergence.signature() == target => {
                    smaller(candidate);
                    last = Some(seen);
                    Answer::Keeps
                }
                Ok(_) => Answer::Loses,
                Err(error) => {
                    fault = Some(error);
                    Answer::Stop
                }
            }
        };
        let reduced = reduce(&descent.case, step, attempts_max, &mut keeps);
        match fault {
            Some(error) => Err(error),
            None => Ok(Some(Outcome { reduced, last })),
        }
    }

    /// How a case diverges on some engines, if it does.
    fn look(
        &mut self,
        case: &Case,
        engines: &[String],
        time: CaseTime,
    ) -> Result<Option<Observation>, CampaignError> {
        let runs = self.evaluator.run_on_all(case, engines, time)?;
        self.hung += u32::from(runs.iter().any(|(_, ran)| ran.ending == RunEnding::Hung));
        let judgement = self.judge.judge(case, runs.iter().map(|(engine, ran)| (engine, ran)))?;
        let divergence = match judgement.verdict {
            Verdict::Diverge(divergence) => Some(divergence),
            _ => alone(&runs),
        };
        Ok(divergence.map(|divergence| Observation { divergence, runs }))
    }

    /// The same with all the time that there is, in workers that have run nothing else.
    fn look_again(
        &mut self,
        case: &Case,
        engines: &[String],
    ) -> Result<Option<Observation>, CampaignError> {
        self.evaluator.renew();
        self.look(case, engines, self.time_max.into())
    }

    /// What the engines make of a case, however they differ.
    pub(crate) fn runs(
        &mut self,
        case: &Case,
        engines: &[String],
    ) -> Result<Vec<(EngineInfo, crate::evaluate::EngineRun)>, CampaignError> {
        self.evaluator.run_on_all(case, engines, self.time_max)
    }
}

/// One engine of each class: the one that comes first in the campaign.
fn representatives(divergence: &Divergence, all: &[String]) -> Vec<String> {
    let first_of = |engines: &[String]| all.iter().find(|id| engines.contains(id)).cloned();
    divergence.classes.iter().filter_map(|class| first_of(&class.engines)).collect()
}
