//! Modules and instances under one name, as people write them.

use std::collections::{BTreeMap, BTreeSet};

use gainsay_case::{Case, Outcome, Step, StepResult};

/// The case with each definition that has one instance right before it and under
/// its name, which WAST says in one directive and can assert to fail. An instance
/// that does not come to be gets a definition of its own, for the same reason.
///
/// `outcome` is what a correct engine makes of the case. `None` if nothing would
/// change, or if names would clash.
pub fn one_name_each(case: &Case, outcome: &Outcome) -> Option<Case> {
    let definitions = definitions(case);
    let uses = |define: usize| definitions.values().filter(|known| **known == define).count();
    let has_failed = |step: usize| {
        let step = outcome.steps.get(step);
        step.is_some_and(|step| !matches!(step.result, StepResult::Returned(_)))
    };
    let is_joined =
        |instantiate: usize, define: usize| uses(define) == 1 || has_failed(instantiate);
    let mut joined: BTreeMap<usize, usize> = definitions.clone();
    joined.retain(|instantiate, define| is_joined(*instantiate, *define));
    // A definition stays if something else uses it, or nothing at all.
    let mut gone: BTreeSet<usize> = joined.values().copied().collect();
    let others = definitions.iter().filter(|(instantiate, _)| !joined.contains_key(instantiate));
    others.for_each(|(_, define)| {
        gone.remove(define);
    });
    let renamed = Case { steps: steps(case, &gone, &joined)? };
    (renamed != *case && !clash(case, &gone, &renamed)).then_some(renamed)
}

/// The step that defines the module of each instantiation.
fn definitions(case: &Case) -> BTreeMap<usize, usize> {
    let mut modules: BTreeMap<&str, usize> = BTreeMap::new();
    let mut definitions = BTreeMap::new();
    for (index, step) in case.steps.iter().enumerate() {
        match step {
            Step::Define { module, .. } => {
                modules.insert(module, index);
            }
            Step::Instantiate { module, .. } => {
                definitions.extend(modules.get(&**module).map(|define| (index, *define)));
            }
            _ => {}
        }
    }
    definitions
}

fn steps(
    case: &Case,
    gone: &BTreeSet<usize>,
    joined: &BTreeMap<usize, usize>,
) -> Option<Vec<Step>> {
    let mut steps = Vec::with_capacity(case.steps.len());
    for (index, step) in case.steps.iter().enumerate() {
        match (step, joined.get(&index)) {
            (Step::Instantiate { instance, .. }, Some(define)) => {
                let Step::Define { bytes, .. } = &case.steps[*define] else { return None };
                let (module, bytes) = (instance.clone(), bytes.clone());
                steps.push(Step::Define { module: module.clone(), bytes });
                steps.push(Step::Instantiate { module, instance: instance.clone() });
            }
            _ if gone.contains(&index) => {}
            _ => steps.push(step.clone()),
        }
    }
    Some(steps)
}

/// Whether a definition that stays would be hidden by a new one of its name.
fn clash(case: &Case, gone: &BTreeSet<usize>, renamed: &Case) -> bool {
    let staying = case.steps.iter().enumerate().filter(|(index, _)| !gone.contains(index));
    let staying: BTreeSet<&str> = staying
        .filter_map(|(_, step)| match step {
            Step::Define { module, .. } => Some(module.as_str()),
            _ => None,
        })
        .collect();
    renamed.steps.windows(2).any(|pair| match pair {
        [Step::Define { module, .. }, Step::Instantiate { module: of, instance }] => {
            module == of && module == instance && staying.contains(module.as_str())
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use gainsay_case::{StepFailure, StepOutcome};

    use super::*;

    fn define(module: &str, byte: u8) -> Step {
        Step::Define { module: module.to_owned(), bytes: [byte].into() }
    }

    fn instantiate(module: &str, instance: &str) -> Step {
        Step::Instantiate { module: module.to_owned(), instance: instance.to_owned() }
    }

    /// The renamed steps where all succeeds but the steps of these indices.
    fn named(steps: Vec<Step>, failing: &[usize]) -> Option<Vec<Step>> {
        let result = |index: usize| match failing.contains(&index) {
            true => StepResult::Failed(StepFailure::Uncaught(None)),
            false => StepResult::Returned(Vec::new()),
        };
        let outcomes = (0..steps.len())
            .map(|index| StepOutcome { result: result(index), trace: Vec::new() })
            .collect();
        let outcome = Outcome { steps: outcomes, state: BTreeMap::new() };
        one_name_each(&Case { steps }, &outcome).map(|case| case.steps)
    }

    #[test]
    fn a_definition_goes_to_its_only_instance_and_takes_its_name() {
        let steps =
            vec![define("A", 1), define("B", 2), instantiate("B", "b"), instantiate("A", "a")];
        let expected =
            vec![define("b", 2), instantiate("b", "b"), define("a", 1), instantiate("a", "a")];
        assert_eq!(named(steps, &[]), Some(expected.clone()));
        assert_eq!(named(expected, &[]), None);
    }

    #[test]
    fn a_definition_with_several_instances_stays() {
        let steps = vec![define("A", 1), instantiate("A", "a"), instantiate("A", "b")];
        assert_eq!(named(steps, &[]), None);
    }

    #[test]
    fn an_instance_that_does_not_come_to_be_has_its_own_definition() {
        let steps = vec![define("A", 1), instantiate("A", "a"), instantiate("A", "b")];
        let expected =
            vec![define("A", 1), instantiate("A", "a"), define("b", 1), instantiate("b", "b")];
        assert_eq!(named(steps, &[2]), Some(expected));
    }

    #[test]
    fn a_name_that_a_staying_definition_has_is_not_taken() {
        let steps = vec![
            define("a", 1),
            define("B", 2),
            instantiate("B", "a"),
            instantiate("a", "x"),
            instantiate("a", "y"),
        ];
        assert_eq!(named(steps, &[]), None);
    }

    #[test]
    fn a_name_may_be_used_again() {
        let steps =
            vec![define("A", 1), instantiate("A", "a"), define("A", 2), instantiate("A", "a")];
        let expected =
            vec![define("a", 1), instantiate("a", "a"), define("a", 2), instantiate("a", "a")];
        assert_eq!(named(steps, &[]), Some(expected));
    }
}
