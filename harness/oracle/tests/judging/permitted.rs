//! What the specification permits is no divergence.

use std::convert::Infallible;

use gainsay_case::{
    Alternatives, Case, Choice, ExportState, LimitKind, Outcome, StepFailure, StepOutcome, Value,
};
use gainsay_oracle::{
    AllowedReason, InconclusiveReason, Judgement, Permission, Rules, Run, RunEnding, StepVerdict,
    Verdict, judge_permitting,
};

use crate::common::{calls, define, failed, instantiate, invoke, one, outcome, returned};

/// Outcomes by the way to execute relaxed instructions, and in each by the way to choose NaNs.
#[derive(Default)]
struct Reference {
    outcomes: Vec<Vec<Outcome>>,
    asked: Vec<(usize, usize)>,
    /// The way to execute relaxed instructions that only the test suite admits.
    informal: Option<usize>,
}

impl Reference {
    fn of_nans(outcomes: Vec<Outcome>) -> Reference {
        Reference { outcomes: vec![outcomes], ..Reference::default() }
    }

    fn of_relaxed(outcomes: Vec<Outcome>) -> Reference {
        let outcomes = outcomes.into_iter().map(|outcome| vec![outcome]).collect();
        Reference { outcomes, ..Reference::default() }
    }
}

impl Alternatives for Reference {
    type Error = Infallible;

    fn relaxed(&self) -> usize {
        self.outcomes.len()
    }

    fn is_formal(&self, relaxed: usize) -> bool {
        self.informal != Some(relaxed)
    }

    fn nans(&self) -> usize {
        self.outcomes.first().map_or(1, Vec::len)
    }

    fn outcome(&mut self, Choice { relaxed, nans }: Choice) -> Result<Option<Outcome>, Infallible> {
        self.asked.push((relaxed, nans));
        Ok(self.outcomes.get(relaxed).and_then(|outcomes| outcomes.get(nans)).cloned())
    }
}

fn permitted(case: &Case, engines: &[(&str, Outcome)], reference: &mut Reference) -> Permission {
    let endings: Vec<RunEnding> = engines
        .iter()
        .map(|(_, outcome)| match outcome.steps.len() < case.steps.len() {
            true => RunEnding::Hung,
            false => RunEnding::Completed,
        })
        .collect();
    let runs: Vec<Run<'_>> = std::iter::zip(engines, &endings)
        .map(|((id, outcome), ending)| Run { id, implementation: id, outcome, ending })
        .collect();
    let Ok(permission) = judge_permitting(case, &runs, &Rules::default(), reference);
    permission
}

/// Judge one call on engines that returned these numbers, where `relaxed` may be returned.
fn judged(engines: &[(&str, i32)], relaxed: &[i32]) -> (Permission, usize) {
    let of = |value: &i32| outcome(vec![one(*value)]);
    let engines: Vec<_> = engines.iter().map(|(id, value)| (*id, of(value))).collect();
    let mut reference = Reference::of_relaxed(relaxed.iter().map(of).collect());
    let permission = permitted(&calls(1), &engines, &mut reference);
    (permission, reference.asked.len())
}

/// Judge calls on two engines, where the reference comes to these outcomes with different
/// NaNs.
fn by_nans(calls_made: usize, engines: [&[StepOutcome]; 2], nans: &[&[StepOutcome]]) -> Judgement {
    let of = |calls: &&[StepOutcome]| outcome(calls.to_vec());
    let engines: Vec<_> = ["a", "b"].into_iter().zip(engines.iter().map(of)).collect();
    let mut reference = Reference::of_nans(nans.iter().map(of).collect());
    permitted(&calls(calls_made), &engines, &mut reference).judgement
}

const NANS: AllowedReason = AllowedReason::NanPayload;

#[test]
fn permitted_choices_may_differ() {
    let (permission, asked) = judged(&[("a", 1), ("b", 2), ("c", 1)], &[1, 3, 2, 4]);
    assert_eq!(permission.judgement.verdict, Verdict::Allowed(AllowedReason::RelaxedSimd));
    assert_eq!(permission.judgement.steps[2], StepVerdict::Allowed(AllowedReason::RelaxedSimd));
    assert_eq!(permission.useful, [0, 2]);
    assert_eq!(asked, 3);
}

#[test]
fn results_that_only_the_test_suite_admits_are_counted_separately() {
    let of = |value: i32| outcome(vec![one(value)]);
    for (other, reason) in [(2, AllowedReason::RelaxedSimd), (3, AllowedReason::RelaxedSuite)] {
        let mut reference = Reference::of_relaxed(vec![of(1), of(2), of(3)]);
        reference.informal = Some(2);
        let permission = permitted(&calls(1), &[("a", of(1)), ("b", of(other))], &mut reference);
        assert_eq!(permission.judgement.verdict, Verdict::Allowed(reason));
        assert_eq!(permission.judgement.allowed, [(reason, 1)].into());
    }
}

#[test]
fn nothing_is_asked_where_all_agree() {
    let (permission, asked) = judged(&[("a", 5), ("b", 5)], &[1, 2]);
    assert_eq!(permission.judgement.verdict, Verdict::Agree);
    assert_eq!((permission.useful, asked), (Vec::new(), 0));
}

#[test]
fn nothing_is_asked_where_nothing_is_open() {
    let (permission, asked) = judged(&[("a", 5), ("b", 6)], &[5]);
    assert!(matches!(permission.judgement.verdict, Verdict::Diverge(_)), "{permission:?}");
    assert_eq!(asked, 0);
}

#[test]
fn an_unexplained_difference_diverges_from_the_deterministic_profile() {
    let (permission, _) = judged(&[("a", 1), ("b", 2), ("c", 9)], &[1, 2]);
    let Verdict::Diverge(divergence) = &permission.judgement.verdict else {
        panic!("{permission:?}");
    };
    let engines: Vec<_> = divergence.classes.iter().map(|class| class.engines.concat()).collect();
    assert_eq!(engines, ["a", "c"]);
    assert_eq!(permission.judgement.allowed.get(&AllowedReason::RelaxedSimd), Some(&1));
}

#[test]
fn engines_alone_with_their_mistakes_are_still_accused() {
    let (permission, _) = judged(&[("b", 2), ("c", 9)], &[1, 2]);
    assert!(matches!(permission.judgement.verdict, Verdict::Diverge(_)), "{permission:?}");
}

#[test]
fn one_choice_must_explain_all_steps() {
    let pair = |first, second| outcome(vec![one(first), returned(&[Value::I32(second)])]);
    let engines = [("a", pair(1, 1)), ("b", pair(2, 1))];
    let mut reference = Reference::of_relaxed(vec![pair(1, 1), pair(2, 2)]);
    let permission = permitted(&calls(2), &engines, &mut reference);
    assert!(matches!(permission.judgement.verdict, Verdict::Diverge(_)), "{permission:?}");
}

#[test]
fn a_result_that_depends_on_a_nan_is_allowed_even_if_no_choice_gives_it() {
    let judgement = by_nans(1, [&[one(1)], &[one(7)]], &[&[one(1)], &[one(2)]]);
    assert_eq!(judgement.verdict, Verdict::Allowed(NANS));
    assert_eq!(judgement.steps[2], StepVerdict::Allowed(NANS));
}

#[test]
fn a_difference_that_no_nan_explains_diverges() {
    let judgement = by_nans(1, [&[one(1)], &[one(7)]], &[&[one(1)], &[one(1)]]);
    assert!(matches!(judgement.verdict, Verdict::Diverge(_)), "{judgement:?}");
}

#[test]
fn a_trap_may_depend_on_a_nan() {
    let trap = failed(StepFailure::Trapped(gainsay_case::TrapKind::Unreachable));
    let engines: [&[StepOutcome]; 2] = [&[one(1)], std::slice::from_ref(&trap)];
    let judgement = by_nans(1, engines, &[&[one(1)], std::slice::from_ref(&trap)]);
    assert_eq!(judgement.verdict, Verdict::Allowed(NANS));
}

#[test]
fn an_endless_loop_may_depend_on_a_nan() {
    let judgement = by_nans(1, [&[one(1)], &[]], &[&[one(1)], &[]]);
    assert!(!matches!(judgement.verdict, Verdict::Diverge(_)), "{judgement:?}");
    let judgement = by_nans(1, [&[one(1)], &[]], &[&[one(1)], &[one(1)]]);
    assert!(matches!(judgement.verdict, Verdict::Diverge(_)), "{judgement:?}");
}

#[test]
fn where_the_reference_does_not_get_on_nothing_is_known() {
    let limit = failed(StepFailure::Limit(LimitKind::Stack));
    let nans: [&[StepOutcome]; 2] = [std::slice::from_ref(&limit), std::slice::from_ref(&limit)];
    let judgement = by_nans(1, [&[one(1)], &[one(2)]], &nans);
    assert_eq!(judgement.verdict, Verdict::Allowed(NANS));
}

#[test]
fn an_instance_is_not_compared_after_a_difference_that_depends_on_a_nan() {
    let engines: [&[StepOutcome]; 2] = [&[one(1), one(3)], &[one(2), one(4)]];
    let judgement = by_nans(2, engines, &[&[one(1), one(3)], &[one(2), one(3)]]);
    assert_eq!(judgement.verdict, Verdict::Allowed(NANS));
    let unsettled = StepVerdict::Inconclusive(InconclusiveReason::Unsettled);
    assert_eq!(judgement.steps[3], unsettled);
}

#[test]
fn an_instance_is_compared_on_while_engines_choose_alike() {
    let engines: [&[StepOutcome]; 2] = [&[one(1), one(3)], &[one(1), one(4)]];
    let judgement = by_nans(2, engines, &[&[one(1), one(3)], &[one(2), one(3)]]);
    assert!(matches!(judgement.verdict, Verdict::Diverge(_)), "{judgement:?}");
}

#[test]
fn other_instances_are_compared_on() {
    let steps = vec![
        define("A", b"\0asm"),
        instantiate("A", "a"),
        instantiate("A", "b"),
        invoke("a"),
        invoke("b"),
    ];
    let case = Case { steps };
    let of = |a: i32, b: i32| Outcome {
        steps: vec![returned(&[]), returned(&[]), returned(&[]), one(a), one(b)],
        ..Outcome::default()
    };
    let mut reference = Reference::of_nans(vec![of(1, 3), of(2, 3)]);
    let permission = permitted(&case, &[("a", of(1, 3)), ("b", of(2, 4))], &mut reference);
    let Verdict::Diverge(divergence) = &permission.judgement.verdict else {
        panic!("{permission:?}");
    };
    assert_eq!(divergence.step, Some(4));
    assert_eq!(permission.judgement.allowed.get(&NANS), Some(&1));
}

#[test]
fn the_final_memory_may_depend_on_a_nan() {
    let with = |byte: u8| {
        let mut outcome = outcome(vec![one(1)]);
        let memory = ExportState::memory(&[byte]);
        outcome.state.insert("a".to_owned(), [("m".to_owned(), memory)].into());
        outcome
    };
    let engines = [("a", with(1)), ("b", with(2))];
    let mut reference = Reference::of_nans(vec![with(1), with(3)]);
    let permission = permitted(&calls(1), &engines, &mut reference);
    assert_eq!(permission.judgement.verdict, Verdict::Allowed(NANS));
    let mut reference = Reference::of_nans(vec![with(1), with(1)]);
    let permission = permitted(&calls(1), &engines, &mut reference);
    assert!(matches!(permission.judgement.verdict, Verdict::Diverge(_)), "{permission:?}");
}

#[test]
fn no_choice_excuses_a_crash_or_a_fault() {
    let fault = failed(StepFailure::Fault("contradicts itself".to_owned()));
    let engines = [("a", outcome(vec![one(1)])), ("b", outcome(vec![fault]))];
    let mut reference = Reference::of_nans(vec![outcome(vec![one(1)]), outcome(vec![one(2)])]);
    let permission = permitted(&calls(1), &engines, &mut reference);
    assert!(matches!(permission.judgement.verdict, Verdict::Diverge(_)), "{permission:?}");
    assert_eq!(reference.asked, []);
}

#[test]
fn a_nan_may_depend_on_a_way_to_execute_relaxed_instructions() {
    let of = |value: i32| outcome(vec![one(value)]);
    let outcomes = vec![vec![of(1), of(1), of(1)], vec![of(2), of(3), of(4)]];
    let mut reference = Reference { outcomes, ..Reference::default() };
    let permission = permitted(&calls(1), &[("a", of(1)), ("b", of(5))], &mut reference);
    assert_eq!(permission.judgement.verdict, Verdict::Allowed(AllowedReason::RelaxedSimd));
    let outcomes = vec![vec![of(1), of(1), of(1)], vec![of(2), of(2), of(2)]];
    let mut reference = Reference { outcomes, ..Reference::default() };
    let permission = permitted(&calls(1), &[("a", of(1)), ("b", of(5))], &mut reference);
    assert!(matches!(permission.judgement.verdict, Verdict::Diverge(_)), "{permission:?}");
}

#[test]
fn modules_are_not_judged_by_what_the_reference_lacks() {
    let case = Case { steps: vec![define("A", b"\0asm")] };
    let of = |step| Outcome { steps: vec![step], ..Outcome::default() };
    let lacking = of(failed(StepFailure::Unsupported(String::new())));
    let rejected = of(failed(StepFailure::Rejected(String::new())));
    let mut reference = Reference::of_nans(vec![lacking.clone(), lacking]);
    let engines = [("a", of(returned(&[]))), ("b", rejected)];
    let permission = permitted(&case, &engines, &mut reference);
    assert!(matches!(permission.judgement.verdict, Verdict::Diverge(_)), "{permission:?}");
}
