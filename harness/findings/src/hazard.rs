//! Known bugs that damage the memory of the process: what an engine does after one may be
//! anything, a wrong result as well as a crash, and another thing each time. So the bug is
//! known by the case that meets it, not by what comes of it. A fuzz target does not give such
//! a case to the engine; a campaign, whose workers may die, knows the bug again by it.

use gainsay_case::{Case, EngineInfo, Outcome, Step, StepFailure, StepResult};
use gainsay_oracle::SignatureClass;
use wasmparser::{ElementKind, Parser, Payload};

use crate::signature::Signature;

/// A bug that damages the process.
struct Hazard {
    implementation: &'static str,
    version: &'static str,
    /// The name of its file in `corpus/`.
    bug: &'static str,
    /// Whether the case meets it, going by what the reference made of the case.
    meets: fn(&Case, &Outcome) -> bool,
}

const HAZARDS: &[Hazard] = &[Hazard {
    implementation: "wasmi",
    version: "2.0.0",
    bug: "wasmi-2.0.0-function-of-a-failed-instance",
    meets: a_failed_instance_left_its_functions,
}];

/// The bug of this engine that the case would meet, if it is one that damages the process.
pub fn hazard(case: &Case, expected: &Outcome, engine: &EngineInfo) -> Option<&'static str> {
    let is_of = |hazard: &&Hazard| {
        hazard.implementation == engine.implementation && hazard.version == engine.version
    };
    let mut met = HAZARDS.iter().filter(is_of).filter(|hazard| (hazard.meets)(case, expected));
    met.next().map(|hazard| hazard.bug)
}

/// The bug of this kind that explains who stands against whom: all sides but one are engines
/// that the case damages. `expected` is what an engine made of it that is not damaged.
pub fn damage(
    case: &Case,
    expected: &Outcome,
    engines: &[EngineInfo],
    signature: &Signature,
) -> Option<&'static str> {
    let bug_of = |id: &String| {
        let engine = engines.iter().find(|engine| engine.id == *id)?;
        hazard(case, expected, engine)
    };
    let is_sound = |class: &&SignatureClass| class.engines.iter().any(|id| bug_of(id).is_none());
    let sound = signature.classes().iter().filter(is_sound).count();
    let bugs = signature.classes().iter().flat_map(|class| &class.engines).filter_map(bug_of);
    if sound <= 1 { bugs.min() } else { None }
}

/// An instantiation failed whose module has active element segments: what they wrote stays
/// in the table (§ exec/modules, instantiation), and the functions there are of an instance
/// that the engine has given up.
fn a_failed_instance_left_its_functions(case: &Case, expected: &Outcome) -> bool {
    std::iter::zip(&case.steps, &expected.steps).enumerate().any(|(at, (step, outcome))| {
        let Step::Instantiate { module, .. } = step else { return false };
        let has_begun = matches!(
            outcome.result,
            StepResult::Failed(
                StepFailure::Trapped(_)
                    | StepFailure::Uncaught(_)
                    | StepFailure::HostError
                    | StepFailure::Limit(_)
            )
        );
        has_begun && definition(case, module, at).is_some_and(writes_a_table)
    })
}

/// The binary that `module` names before the step of this index.
fn definition<'c>(case: &'c Case, module: &str, before: usize) -> Option<&'c [u8]> {
    case.steps[..before].iter().rev().find_map(|step| match step {
        Step::Define { module: name, bytes } if name == module => Some(&**bytes),
        _ => None,
    })
}

fn writes_a_table(binary: &[u8]) -> bool {
    Parser::new(0).parse_all(binary).map_while(Result::ok).any(|payload| match payload {
        Payload::ElementSection(elements) => elements
            .into_iter()
            .map_while(Result::ok)
            .any(|element| matches!(element.kind, ElementKind::Active { .. })),
        _ => false,
    })
}
