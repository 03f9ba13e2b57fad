//! Judges what engines in this process made of a case, and makes a case small that they
//! differ about.

use gainsay_case::text::{Header, Script};
use gainsay_case::{
    Case, Engine, EngineInfo, LimitKind, Limits, Outcome, Step, StepFailure, StepResult,
};
use gainsay_engines::freedom::InProcess;
use gainsay_findings::{CaseRef, Fingerprint, Minimised, Signature, hazard, opcodes};
use gainsay_oracle::{
    Divergence, DivergenceKind, Judgement, Rules, Run, Verdict, judge_permitting,
};
use gainsay_reduce::{Answer, one_name_each, reduce};

/// Units of the reference's fuel that a call may use. Generated calls end long before;
/// mutated ones may never, and then no other engine is asked to run them. An allocation
/// costs a unit here and a microsecond elsewhere, so that this is a bound of time as well.
const FUEL_PER_CALL: u64 = 100_000;

/// Candidates that are tried while a case is made small. Each costs up to two milliseconds
/// on an optimising compiler, and a campaign goes on afterwards.
const ATTEMPTS_MAX: u32 = 800;

/// What engines made of a case.
pub(crate) struct EngineRuns<'g> {
    pub(crate) engines: Vec<&'g dyn Engine>,
    pub(crate) outcomes: Vec<Outcome>,
    /// Known bugs for whose sake an engine was left out.
    pub(crate) avoided: Vec<&'static str>,
}

impl<'g> EngineRuns<'g> {
    /// Run a case on the reference, which comes first, and on the others.
    ///
    /// # Errors
    /// Why the case is not for engines in this process.
    pub(crate) fn of(
        case: &Case,
        engines: impl IntoIterator<Item = &'g dyn Engine>,
    ) -> Result<EngineRuns<'g>, &'static str> {
        let mut ran = EngineRuns { engines: Vec::new(), outcomes: Vec::new(), avoided: Vec::new() };
        let limits = Limits { fuel_per_call: Some(FUEL_PER_CALL), ..Limits::default() };
        for engine in engines {
            match ran.outcomes.first() {
                None => {
                    let outcome = gainsay_case::execute(engine, case, &limits);
                    if is_endless(&outcome) {
                        return Err("endless");
                    }
                    ran.outcomes.push(outcome);
                }
                Some(expected) => {
                    if let Some(bug) = hazard(case, expected, engine.info()) {
                        ran.avoided.push(bug);
                        continue;
                    }
                    ran.outcomes.push(gainsay_case::execute(engine, case, &Limits::default()));
                }
            }
            ran.engines.push(engine);
        }
        Ok(ran)
    }

    /// Who made which outcome.
    pub(crate) fn outcomes(&self) -> impl Iterator<Item = (&'g EngineInfo, &Outcome)> {
        self.engines.iter().map(|engine| engine.info()).zip(&self.outcomes)
    }
}

/// Whether a call used up its fuel or its time.
fn is_endless(outcome: &Outcome) -> bool {
    outcome.steps.iter().any(|step| {
        matches!(
            &step.result,
            StepResult::Failed(StepFailure::Limit(LimitKind::Fuel | LimitKind::Time))
        )
    })
}

/// A case made small, and how engines differ about it.
#[derive(Clone, Debug)]
pub struct Small {
    /// What is left.
    pub case: Case,
    /// How its engines differ.
    pub divergence: Divergence,
    /// The outcome of the reference.
    pub expected: Outcome,
}

impl Small {
    /// The finding that it is.
    pub(crate) fn minimised(&self) -> Minimised {
        let base = Signature::of(&self.divergence);
        // It is compared with known ones only, and never kept.
        let witness = CaseRef::Stored { hash: Fingerprint::default() };
        let generated = Minimised::as_generated(self.case.clone(), &base, witness);
        Minimised {
            classes: self.divergence.classes.clone(),
            opcodes: opcodes(&self.case).set,
            detail: self.divergence.to_string(),
            is_minimised: true,
            ..generated
        }
    }

    /// The script that asserts what the reference does.
    pub fn text(&self) -> String {
        let mut script = Script::new(self.case.clone(), Some(&self.expected));
        let mut header = Header::default();
        header.push("signature", &self.divergence.signature().to_string());
        for class in &self.divergence.classes {
            header.push("seen", &format!("{}: {}", class.engines.join(", "), class.detail));
        }
        header.push("asserts", "reference");
        script.header = header;
        script.to_text()
    }
}

/// Judge what engines made of a case, with everything that the specification permits.
pub(crate) fn judged(case: &Case, ran: &EngineRuns<'_>) -> Judgement {
    let runs: Vec<Run<'_>> =
        ran.outcomes().map(|(info, outcome)| Run::completed(info, outcome)).collect();
    let limits = Limits { fuel_per_call: Some(FUEL_PER_CALL), ..Limits::default() };
    let mut reference = InProcess::new(case, &limits);
    match judge_permitting(case, &runs, &Rules::default(), &mut reference) {
        Ok(permission) => permission.judgement,
        Err(never) => match never {},
    }
}

/// How these engines differ about a case, if they do.
fn look<'g>(
    case: &Case,
    engines: impl IntoIterator<Item = &'g dyn Engine>,
) -> Option<(Divergence, Outcome)> {
    let mut ran = EngineRuns::of(case, engines).ok()?;
    match judged(case, &ran).verdict {
        Verdict::Diverge(divergence) => Some((divergence, ran.outcomes.swap_remove(0))),
        _ => None,
    }
}

/// Make a case small about which engines differ. One engine of each class is enough for
/// that, with the reference; if the result shows something else on all of them, all are
/// asked each time.
pub(crate) fn small(case: &Case, engines: &[&dyn Engine], divergence: &Divergence) -> Small {
    let shown = divergence.signature();
    let few: Vec<&dyn Engine> = representatives(engines, divergence);
    for asked in [&few[..], engines] {
        let Some((target, _)) = look(case, asked.iter().copied()) else { continue };
        let target = target.signature();
        let mut keeps = |candidate: &Case| match look(candidate, asked.iter().copied()) {
            Some((seen, _)) if seen.signature() == target => Answer::Keeps,
            _ => Answer::Loses,
        };
        let reduced = reduce(case, divergence.step, ATTEMPTS_MAX, &mut keeps).case;
        if let Some((seen, expected)) = look(&reduced, engines.iter().copied())
            && seen.signature() == shown
        {
            let small = named(Small { case: reduced, divergence: seen, expected }, engines);
            return with_global_read(small, engines);
        }
    }
    let expected = look(case, engines.iter().copied()).map(|(_, expected)| expected);
    Small {
        case: case.clone(),
        divergence: divergence.clone(),
        expected: expected.unwrap_or_default(),
    }
}

/// The reference, and one engine of each class that it is not in.
fn representatives<'g>(engines: &[&'g dyn Engine], divergence: &Divergence) -> Vec<&'g dyn Engine> {
    let is_of = |engine: &dyn Engine, ids: &[String]| ids.contains(&engine.info().id);
    let mut few: Vec<&dyn Engine> = engines.iter().take(1).copied().collect();
    for class in &divergence.classes {
        if !few.iter().any(|engine| is_of(*engine, &class.engines)) {
            few.extend(engines.iter().find(|engine| is_of(**engine, &class.engines)));
        }
    }
    few
}

/// With a step that reads the global that differs at the end, so that the script asserts it.
fn with_global_read(small: Small, engines: &[&dyn Engine]) -> Small {
    let Divergence { kind, step, instance, export, .. } = &small.divergence;
    let (DivergenceKind::Global, None, Some(instance), Some(field)) =
        (kind, step, instance, export)
    else {
        return small;
    };
    let mut case = small.case.clone();
    case.steps.push(Step::Get { instance: instance.clone(), field: field.clone() });
    match look(&case, engines.iter().copied()) {
        Some((divergence, expected)) => Small { case, divergence, expected },
        None => small,
    }
}

/// With one name for a module and its instance, if that shows the same.
fn named(small: Small, engines: &[&dyn Engine]) -> Small {
    let Some(case) = one_name_each(&small.case, &small.expected) else { return small };
    match look(&case, engines.iter().copied()) {
        Some((divergence, expected)) if divergence.signature() == small.divergence.signature() => {
            Small { case, divergence, expected }
        }
        _ => small,
    }
}
