//! What the specification permits is no divergence.

use gainsay_case::{Outcome, Value};
use gainsay_oracle::{
    AllowedReason, Ending, Permission, Rules, Run, StepVerdict, Verdict, judge_permitting,
};

use crate::common::{calls, one, outcome, returned};

/// Judge one call on engines that returned these numbers, where `permitted` may be returned.
fn judged(engines: &[(&str, i32)], permitted: &[i32]) -> (Permission, usize) {
    let case = calls(1);
    let outcomes: Vec<Outcome> =
        engines.iter().map(|(_, value)| outcome(vec![one(*value)])).collect();
    let runs: Vec<Run<'_>> = std::iter::zip(engines, &outcomes)
        .map(|((id, _), outcome)| Run {
            id,
            implementation: id,
            outcome,
            ending: &Ending::Completed,
        })
        .collect();
    let mut asked = 0;
    let mut values = permitted.iter();
    let permission = judge_permitting(&case, &runs, &Rules::default(), || {
        asked += 1;
        values.next().map(|value| outcome(vec![one(*value)]))
    });
    (permission, asked)
}

#[test]
fn permitted_choices_may_differ() {
    let (permission, asked) = judged(&[("a", 1), ("b", 2), ("c", 1)], &[1, 3, 2, 4]);
    assert_eq!(permission.judgement.verdict, Verdict::Allowed(AllowedReason::RelaxedSimd));
    assert_eq!(permission.judgement.steps[2], StepVerdict::Allowed(AllowedReason::RelaxedSimd));
    assert_eq!(permission.useful, [0, 2]);
    assert_eq!(asked, 3);
}

#[test]
fn nothing_is_asked_where_all_agree() {
    let (permission, asked) = judged(&[("a", 5), ("b", 5)], &[1]);
    assert_eq!(permission.judgement.verdict, Verdict::Agree);
    assert_eq!((permission.useful, asked), (Vec::new(), 0));
}

#[test]
fn what_no_choice_explains_diverges_from_what_is_deterministic() {
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
    let case = calls(2);
    let pair = |first, second| outcome(vec![one(first), returned(&[Value::I32(second)])]);
    let outcomes = [pair(1, 1), pair(2, 1)];
    let runs = ["a", "b"].into_iter().zip(&outcomes).map(|(id, outcome)| Run {
        id,
        implementation: id,
        outcome,
        ending: &Ending::Completed,
    });
    let runs: Vec<Run<'_>> = runs.collect();
    let mut permitted = [pair(1, 1), pair(2, 2)].into_iter();
    let permission = judge_permitting(&case, &runs, &Rules::default(), || permitted.next());
    assert!(matches!(permission.judgement.verdict, Verdict::Diverge(_)), "{permission:?}");
}
