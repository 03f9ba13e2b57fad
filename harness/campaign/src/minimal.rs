//! What becomes of a case that nothing can be taken from.

use gainsay_case::text::Script;
use gainsay_case::{Case, EngineInfo};
use gainsay_findings::{CaseRef, Minimised, Opcodes, Shortfall, Signature, damage, header};
use gainsay_oracle::RunEnding;
use gainsay_reduce::size;

use crate::evaluate::EngineRun;
use crate::observation::Observation;
use crate::unasserted::unasserted_difference;

/// A case that nothing can be taken from, or nothing was taken any more.
pub(crate) struct Minimal {
    /// The signature that it kept, without its instructions.
    pub(crate) base: Signature,
    pub(crate) case: Case,
    pub(crate) seen: Observation,
    pub(crate) opcodes: Opcodes,
    pub(crate) attempts: u32,
    pub(crate) shortfall: Option<Shortfall>,
    pub(crate) timed_out: u32,
}

/// What a minimised case shows, as findings have it.
pub(crate) fn conclude(
    before: &Case,
    minimal: Minimal,
    witness: CaseRef,
    engines: &[EngineInfo],
) -> Minimised {
    let Minimal { base, case, seen, opcodes, attempts, shortfall, timed_out } = minimal;
    let Opcodes { class, set } = opcodes;
    // A state that is read differs as a result does; a file has one signature
    // wherever it is run.
    let signature = Signature::of(&seen.divergence).with_opcodes(&class);
    let text = text(&case, &seen, witness, &signature, shortfall);
    let dead = seen.runs.iter().find(|(_, ran)| !ran.stderr.is_empty());
    Minimised {
        witness,
        kind: seen.divergence.kind.to_string(),
        classes: seen.divergence.classes.clone(),
        opcodes: set,
        detail: seen.divergence.to_string(),
        is_minimised: shortfall.is_none(),
        shortfall,
        damage: damaged_by(&case, &seen.runs, engines, &signature),
        before: size(before, &Script::new(before.clone(), None).to_text()),
        after: size(&case, &text),
        attempts: u64::from(attempts),
        timed_out: u64::from(timed_out),
        stderr: dead.map(|(_, ran)| ran.stderr.clone()).unwrap_or_default(),
        text,
        engines: Vec::new(),
        extension: "wast".to_owned(),
        signature,
        base,
    }
}

/// The documented bug that damages the engines at fault when they run the case, if any.
pub(crate) fn damaged_by(
    case: &Case,
    runs: &[(EngineInfo, EngineRun)],
    engines: &[EngineInfo],
    signature: &Signature,
) -> Option<String> {
    let (_, ran) = runs.iter().find(|(_, ran)| ran.ending == RunEnding::Completed)?;
    damage(case, &ran.outcome, engines, signature).map(str::to_owned)
}

fn text(
    case: &Case,
    seen: &Observation,
    witness: CaseRef,
    signature: &Signature,
    shortfall: Option<Shortfall>,
) -> String {
    let mut header = header(witness, signature);
    if let Some(shortfall) = shortfall {
        header.push("unfinished", &shortfall.to_string());
    }
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
    script.to_text()
}
