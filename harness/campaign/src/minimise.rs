//! From a witness to the smallest case that shows the same.

use std::iter;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gainsay_case::text::Script;
use gainsay_case::{Case, EngineInfo, Limits};
use gainsay_findings::{CaseRef, Manifest, Minimised, Opcodes, ShrinkBounds, Signature, header, opcodes};
use gainsay_oracle::{Divergence, DivergenceKind, RunEnding, Verdict};
use gainsay_reduce::{Answer, Reduced, canonical_nans, reduce, size};
use gainsay_supervisor::WorkerSpec;

use crate::cases::Cases;
use crate::error::CampaignError;
use crate::evaluate::Evaluator;
use crate::finishing::{named, with_state_read};
use crate::judge::Judge;
use crate::observation::Observation;
use crate::unasserted::unasserted_difference;
use crate::workload::Minimise;

/// A candidate that takes longer hangs. Cases take milliseconds; the result of a
/// hang's minimisation is confirmed with the full time.
const CANDIDATE_TIME_MAX: Duration = Duration::from_secs(1);

/// Candidates that may hang, where what is minimised is no hang and where it is.
/// Each costs [`CANDIDATE_TIME_MAX`] and a worker.
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

    /// Minimise a case that is given, on all engines. `None` if they agree on it or
    /// if it was told to stop. What a case shows that depends on the choice of NaNs is
    /// looked for without that choice.
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
            if minimised.is_some() || self.stops.load(Ordering::Relaxed) {
                return Ok(minimised);
            }
        }
        Ok(None)
    }

    /// Minimise a case on these engines. `None` if it does not show `base`, or
    /// nothing if that is `None`, or if it was told to stop.
    fn minimise_for(
        &mut self,
        case: &Case,
        all: &[String],
        base: Option<&Signature>,
        witness: CaseRef,
        smaller: &mut dyn FnMut(&Case),
    ) -> Result<Option<Minimised>, CampaignError> {
        let Some(first) = self.look(case, all, self.time_max)? else { return Ok(None) };
        let shown = Signature::of(&first.divergence);
        if base.is_some_and(|base| *base != shown) {
            return Ok(None);
        }
        let few = representatives(&first.divergence, all);
        let mut attempts = 0;
        for engines in [&few[..], all] {
            let Some(reduced) = self.reduce(case, engines, &first.divergence, smaller)? else {
                continue;
            };
            attempts += reduced.attempts;
            if !reduced.is_finished {
                return Ok(None);
            }
            let seen = self.look(&reduced.case, all, self.time_max)?;
            let Some(seen) = seen else { continue };
            // With few engines it may have slid to another difference.
            if Signature::of(&seen.divergence) == shown {
                let minimal = self.finish(reduced.case, seen, all)?;
                return Ok(Some(conclude(case, minimal, witness, attempts)));
            }
        }
        let minimal = self.finish(case.clone(), first, all)?;
        Ok(Some(conclude(case, minimal, witness, attempts)))
    }

    /// Make a minimal case presentable.
    fn finish(
        &mut self,
        case: Case,
        seen: Observation,
        all: &[String],
    ) -> Result<Minimal, CampaignError> {
        let base = Signature::of(&seen.divergence);
        let time_max = self.time_max;
        let mut look = |case: &Case| self.look(case, all, time_max);
        let (case, seen) = named(case, seen, &mut look)?;
        // What is added to read a state is no part of the cause.
        let opcodes = opcodes(&case);
        let (case, seen) = with_state_read(case, seen, &mut look)?;
        Ok(Minimal { base, case, seen, opcodes })
    }

    fn reduce(
        &mut self,
        case: &Case,
        engines: &[String],
        divergence: &Divergence,
        smaller: &mut dyn FnMut(&Case),
    ) -> Result<Option<Reduced>, CampaignError> {
        let time_max = self.time_max.min(CANDIDATE_TIME_MAX);
        let hung_max = match divergence.kind {
            DivergenceKind::Hang => HUNG_MAX_OF_HANGS,
            _ => HUNG_MAX,
        };
        let Some(target) = self.look(case, engines, time_max)? else { return Ok(None) };
        let target = target.divergence.signature();
        self.hung = 0;
        let mut fault = None;
        let (stops, bounds) = (self.stops, self.bounds);
        let mut keeps = |candidate: &Case| {
            if stops.load(Ordering::Relaxed) {
                return Answer::Stop;
            }
            if self.hung >= hung_max {
                return Answer::Enough;
            }
            match self.look(candidate, engines, time_max) {
                Ok(Some(seen)) if seen.divergence.signature() == target => {
                    smaller(candidate);
                    Answer::Keeps
                }
                Ok(_) => Answer::Loses,
                Err(error) => {
                    fault = Some(error);
                    Answer::Stop
                }
            }
        };
        let attempts_max = bounds.attempts_max;
        let reduced = reduce(case, divergence.step, attempts_max, &mut keeps);
        match fault {
            Some(error) => Err(error),
            None => Ok(Some(reduced)),
        }
    }

    /// How a case diverges on some engines, if it does.
    fn look(
        &mut self,
        case: &Case,
        engines: &[String],
        time_max: Duration,
    ) -> Result<Option<Observation>, CampaignError> {
        let runs = self.evaluator.run_on(case, engines, time_max)?;
        self.hung += u32::from(runs.iter().any(|(_, ran)| ran.ending == RunEnding::Hung));
        let judgement = self.judge.judge(case, runs.iter().map(|(engine, ran)| (engine, ran)))?;
        let Verdict::Diverge(divergence) = judgement.verdict else {
            return Ok(None);
        };
        Ok(Some(Observation { divergence, runs }))
    }
}

/// Minimises the witnesses of a campaign, one at a time.
pub(crate) struct WitnessMinimiser<'a> {
    minimiser: Minimiser<'a>,
    cases: &'a Cases<'a>,
}

impl<'a> WitnessMinimiser<'a> {
    pub(crate) fn new(
        manifest: &Manifest,
        worker: &WorkerSpec,
        cases: &'a Cases<'a>,
        stops: &'a AtomicBool,
    ) -> WitnessMinimiser<'a> {
        let Manifest { engines, limits, shrink, .. } = manifest;
        WitnessMinimiser {
            minimiser: Minimiser::new(engines, limits, worker, *shrink, stops),
            cases,
        }
    }
}

impl Minimise for WitnessMinimiser<'_> {
    fn minimise(
        &mut self,
        base: &Signature,
        witness: CaseRef,
    ) -> Result<Option<Minimised>, CampaignError> {
        let Some(case) = self.cases.case(witness) else { return Ok(None) };
        let (case, engines) = (case.case, &self.cases.group(witness).ids);
        let minimiser = &mut self.minimiser;
        let minimised = minimiser.minimise_for(&case, engines, Some(base), witness, &mut |_| {})?;
        Ok(match minimised {
            Some(minimised) => Some(minimised),
            None if minimiser.stops.load(Ordering::Relaxed) => None,
            None => Some(Minimised::as_generated(case, base, witness)),
        })
    }
}

/// A case that nothing can be taken from.
struct Minimal {
    /// The signature that it kept, without its instructions.
    base: Signature,
    case: Case,
    seen: Observation,
    opcodes: Opcodes,
}

/// One engine of each class: the one that comes first in the campaign.
fn representatives(divergence: &Divergence, all: &[String]) -> Vec<String> {
    let first_of = |engines: &[String]| all.iter().find(|id| engines.contains(id)).cloned();
    divergence.classes.iter().filter_map(|class| first_of(&class.engines)).collect()
}

fn conclude(before: &Case, minimal: Minimal, witness: CaseRef, attempts: u32) -> Minimised {
    let Minimal { base, case, seen, opcodes: Opcodes { class, set } } = minimal;
    // A state that is read differs as a result does; a file has one signature
    // wherever it is run.
    let signature = Signature::of(&seen.divergence).with_opcodes(&class);
    let mut header = header(witness, &signature);
    let detail = seen.divergence.to_string();
    for engine in &seen.divergence.classes {
        header.push("seen", &format!("{}: {}", engine.engines.join(", "), engine.detail));
    }
    for (engine, _) in &seen.runs {
        header.push("engine", &format!("{}@{}", engine.id, engine.version));
    }
    if let Some(difference) = unasserted_difference(&seen.divergence, &seen.runs) {
        header.push("differs", &difference);
    }
    // The script asserts what one engine did, so that any tool can say whether it
    // does the same; the first one is the reference if it takes part.
    let model = seen.runs.iter().find(|(_, ran)| ran.ending == RunEnding::Completed);
    if let Some((engine, _)) = model {
        header.push("asserts", &engine.id);
    }
    let mut script = Script::new(case.clone(), model.map(|(_, ran)| &*ran.outcome));
    script.header = header;
    let text = script.to_text();
    let dead = seen.runs.iter().find(|(_, ran)| !ran.stderr.is_empty());
    Minimised {
        witness,
        signature,
        kind: seen.divergence.kind.to_string(),
        classes: seen.divergence.classes.clone(),
        opcodes: set,
        detail,
        is_minimised: true,
        before: size(before, &Script::new(before.clone(), None).to_text()),
        after: size(&case, &text),
        attempts: u64::from(attempts),
        stderr: dead.map(|(_, ran)| ran.stderr.clone()).unwrap_or_default(),
        text,
        engines: Vec::new(),
        extension: "wast".to_owned(),
        base,
    }
}
