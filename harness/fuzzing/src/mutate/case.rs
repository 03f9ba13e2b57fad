//! Mutates the steps of a case, and what is in them.

use gainsay_case::{Case, Step};

use super::{module, value};
use crate::rng::Rng;

/// No case grows beyond this many steps.
const STEPS_MAX: usize = 64;

/// The case with something changed; `None` if what was drawn cannot be changed in it.
pub(crate) fn mutate(case: &Case, rng: &mut Rng) -> Option<Case> {
    let mut mutated = case.clone();
    let steps = &mut mutated.steps;
    match rng.below(10) {
        0..=5 => a_module(steps, rng)?,
        6 | 7 => an_argument(steps, rng)?,
        8 => a_call_again(steps, rng)?,
        _ if rng.one_in(2) => a_call_away(steps, rng)?,
        _ => two_calls_swapped(steps, rng)?,
    }
    (mutated != *case).then_some(mutated)
}

/// The places of the steps that satisfy this.
fn places(steps: &[Step], is_it: impl Fn(&Step) -> bool) -> Vec<usize> {
    (0..steps.len()).filter(|at| is_it(&steps[*at])).collect()
}

fn is_call(step: &Step) -> bool {
    matches!(step, Step::Invoke { .. })
}

fn a_module(steps: &mut [Step], rng: &mut Rng) -> Option<()> {
    let definitions = places(steps, |step| matches!(step, Step::Define { .. }));
    let at = *rng.one_of(&definitions)?;
    let Step::Define { bytes, .. } = &mut steps[at] else { return None };
    *bytes = module::mutate(bytes, rng)?.into();
    Some(())
}

fn an_argument(steps: &mut [Step], rng: &mut Rng) -> Option<()> {
    let with_arguments =
        places(steps, |step| matches!(step, Step::Invoke { args, .. } if !args.is_empty()));
    let at = *rng.one_of(&with_arguments)?;
    let Step::Invoke { args, .. } = &mut steps[at] else { return None };
    let argument = rng.below(args.len());
    args[argument] = value::mutate(args[argument], rng);
    Some(())
}

/// A call is made again, later, perhaps with other arguments.
fn a_call_again(steps: &mut Vec<Step>, rng: &mut Rng) -> Option<()> {
    if steps.len() >= STEPS_MAX {
        return None;
    }
    let at = *rng.one_of(&places(steps, is_call))?;
    let mut again = steps[at].clone();
    if let Step::Invoke { args, .. } = &mut again {
        args.iter_mut().for_each(|arg| *arg = value::mutate(*arg, rng));
    }
    let to = at + 1 + rng.below(steps.len() - at);
    steps.insert(to, again);
    Some(())
}

fn a_call_away(steps: &mut Vec<Step>, rng: &mut Rng) -> Option<()> {
    let calls = places(steps, is_call);
    if calls.len() < 2 {
        return None;
    }
    steps.remove(*rng.one_of(&calls)?);
    Some(())
}

fn two_calls_swapped(steps: &mut [Step], rng: &mut Rng) -> Option<()> {
    let calls = places(steps, is_call);
    let (one, other) = (*rng.one_of(&calls)?, *rng.one_of(&calls)?);
    // A call before its instance is made would come to nothing.
    steps[one].instance().eq(&steps[other].instance()).then(|| steps.swap(one, other))
}
