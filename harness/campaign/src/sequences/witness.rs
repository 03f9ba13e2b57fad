//! Sequences that show something, as findings have them.

use std::collections::BTreeSet;

use gainsay_findings::{CaseRef, GeneratedRef, Minimised, Signature};
use gainsay_lifecycle::{Scenario, SequenceFailure, generate};
use gainsay_reduce::CaseSize;

/// How the names of scenario files end.
pub(crate) const EXTENSION: &str = "scenario";

/// What makes it the same finding as another.
pub(super) fn signature(failure: &SequenceFailure) -> Signature {
    Signature::Sequence { kind: failure.kind.name().to_owned(), text: failure.signature() }
}

/// A witness as it was generated.
pub(crate) fn as_generated(base: &Signature, witness: GeneratedRef) -> Minimised {
    let scenario = generate(witness.seed, witness.index);
    let size = size(&scenario);
    Minimised {
        witness: CaseRef::Generated(witness),
        base: base.clone(),
        signature: base.clone(),
        kind: base.kind().to_owned(),
        classes: Vec::new(),
        opcodes: BTreeSet::new(),
        detail: format!("{base} (as generated)"),
        is_minimised: false,
        shortfall: None,
        damage: None,
        before: size,
        after: size,
        attempts: 0,
        timed_out: 0,
        stderr: String::new(),
        text: text(None, base, witness, &scenario),
        engines: Vec::new(),
        extension: EXTENSION.to_owned(),
    }
}

/// A witness made small, and what it shows.
pub(super) fn minimised(
    base: &Signature,
    witness: GeneratedRef,
    smallest: &Scenario,
    failure: &SequenceFailure,
) -> Minimised {
    Minimised {
        kind: failure.kind.name().to_owned(),
        detail: failure.to_string(),
        is_minimised: true,
        after: size(smallest),
        text: text(Some(failure), base, witness, smallest),
        engines: vec![failure.backend.clone()],
        ..as_generated(base, witness)
    }
}

fn text(
    failure: Option<&SequenceFailure>,
    base: &Signature,
    witness: GeneratedRef,
    scenario: &Scenario,
) -> String {
    let GeneratedRef { seed, index, generator } = witness;
    let first = failure.map(|failure| format!("; {failure}\n")).unwrap_or_default();
    format!("{first}; {base}\n; seed {seed}, sequence {index}, generator {generator}\n{scenario}")
}

/// The text of a sequence as it is generated.
pub(crate) fn generated_text(seed: u64, index: u64) -> String {
    generate(seed, index).to_string()
}

fn size(scenario: &Scenario) -> CaseSize {
    let steps = scenario.ops.len() as u64;
    CaseSize { steps, lines: steps + 1, ..CaseSize::default() }
}
