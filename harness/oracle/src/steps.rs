//! When two outcomes of a step count as equal, and what kind of difference they
//! make if they do not.

use gainsay_case::{HostCall, Step, StepFailure, StepOutcome, StepResult, TrapKind, Value};

use crate::divergence::DivergenceKind;
use crate::normal_outcome::NormalOutcome;
use crate::values::{Sameness, describe};

/// Whether two comparable outcomes are equal up to the choice of NaN. Texts are
/// an engine's own and not compared; malformed and invalid are one (`Rejected`).
///
/// The specification knows only one trap; its test suite tells the kinds apart,
/// and every engine runs that suite, so the kinds must be equal.
pub(crate) fn same_outcome(values: Sameness, left: &StepOutcome, right: &StepOutcome) -> bool {
    same_result(values, &left.result, &right.result)
        && same_trace(values, &left.trace, &right.trace)
}

fn same_result(values: Sameness, left: &StepResult, right: &StepResult) -> bool {
    use StepFailure::*;
    match (left, right) {
        (StepResult::Returned(left), StepResult::Returned(right)) => values.same_all(left, right),
        (StepResult::Absent, StepResult::Absent) => true,
        (StepResult::Failed(left), StepResult::Failed(right)) => match (left, right) {
            (Trapped(left), Trapped(right)) => left == right,
            (Uncaught(left), Uncaught(right)) => values.same_exception(left, right),
            (Rejected(_), Rejected(_))
            | (Unlinkable(_), Unlinkable(_))
            | (HostError, HostError) => true,
            _ => false,
        },
        _ => false,
    }
}

fn same_trace(values: Sameness, left: &[HostCall], right: &[HostCall]) -> bool {
    left.len() == right.len()
        && left.iter().zip(right).all(|(left, right)| {
            left.name == right.name && values.same_all(&left.args, &right.args)
        })
}

/// Whether this is one of the two ways in which an atomic access traps. Those who give
/// different ones differ in nothing but the order of their checks, unless one of them
/// is wrong about alignment, which then shows where the access is in bounds.
pub(crate) fn is_atomic_trap(outcome: &StepOutcome) -> bool {
    matches!(
        outcome.result,
        StepResult::Failed(StepFailure::Trapped(
            TrapKind::UnalignedAtomic | TrapKind::MemoryOutOfBounds
        ))
    )
}

/// Whether outcomes that are the same differ in the bits of a NaN.
pub(crate) fn nan_bits_differ(left: &StepOutcome, right: &StepOutcome) -> bool {
    let values_differ = match (&left.result, &right.result) {
        (StepResult::Returned(left), StepResult::Returned(right)) => left != right,
        (
            StepResult::Failed(StepFailure::Uncaught(Some(left))),
            StepResult::Failed(StepFailure::Uncaught(Some(right))),
        ) => left != right,
        _ => false,
    };
    values_differ || left.trace != right.trace
}

/// The kind of difference among these outcomes of `step`, one per class.
pub(crate) fn kind_of_difference(
    values: Sameness,
    step: &Step,
    classes: &[&StepOutcome],
) -> DivergenceKind {
    let any = |test: fn(&StepFailure) -> bool| {
        classes.iter().any(|o| matches!(&o.result, StepResult::Failed(failure) if test(failure)))
    };
    let results_differ =
        !classes.windows(2).all(|w| same_result(values, &w[0].result, &w[1].result));
    if !results_differ {
        DivergenceKind::Trace
    } else if any(|failure| matches!(failure, StepFailure::Rejected(_))) {
        DivergenceKind::Rejects
    } else if any(|failure| matches!(failure, StepFailure::Unlinkable(_))) {
        DivergenceKind::Links
    } else if any(|_| true) {
        DivergenceKind::Trap
    } else if classes.iter().any(|o| matches!(o.result, StepResult::Absent)) {
        DivergenceKind::Exports
    } else if matches!(step, Step::Get { .. }) {
        DivergenceKind::Global
    } else {
        DivergenceKind::Result
    }
}

/// The kind of an outcome, stable from case to case. `others` are the outcomes of
/// the other classes: of returned and thrown values it names the type of the first that
/// differs. A global that is read differs as it does where it is left after the last step.
pub(crate) fn summarise(
    values: Sameness,
    step: &Step,
    outcome: &StepOutcome,
    others: &[&StepOutcome],
) -> NormalOutcome {
    let ty = || first_difference(values, outcome, others).map(|value| type_name(&value));
    match &outcome.result {
        StepResult::Returned(_) if matches!(step, Step::Get { .. }) => match ty() {
            Some(ty) => NormalOutcome::Named(format!("global:{ty}")),
            None => NormalOutcome::Returned(None),
        },
        StepResult::Returned(_) => NormalOutcome::Returned(ty()),
        StepResult::Failed(StepFailure::Uncaught(_)) => match ty() {
            Some(ty) => NormalOutcome::Named(format!("uncaught:{ty}")),
            None => NormalOutcome::named("uncaught"),
        },
        StepResult::Failed(failure) => NormalOutcome::Named(failure_name(failure)),
        StepResult::Absent => NormalOutcome::named("absent"),
    }
}

/// The values that a step ended with: whether they were thrown, and which.
fn values_of(outcome: &StepOutcome) -> Option<(bool, &[Value])> {
    match &outcome.result {
        StepResult::Returned(values) => Some((false, values)),
        StepResult::Failed(StepFailure::Uncaught(Some(exception))) => {
            Some((true, &exception.values))
        }
        _ => None,
    }
}

fn first_difference(
    sameness: Sameness,
    outcome: &StepOutcome,
    others: &[&StepOutcome],
) -> Option<Value> {
    let (thrown, values) = values_of(outcome)?;
    let lists = others.iter().filter_map(|other| values_of(other));
    let index = lists
        .filter(|(also_thrown, _)| *also_thrown == thrown)
        .filter_map(|(_, other)| {
            values.iter().zip(other).position(|(left, right)| !sameness.same(left, right))
        })
        .min()?;
    Some(values[index])
}

fn type_name(value: &Value) -> String {
    format!("{:?}", value.ty()).to_lowercase()
}

/// The failure's kind, without its text.
fn failure_name(failure: &StepFailure) -> String {
    match failure {
        StepFailure::Rejected(_) => "rejected".to_owned(),
        StepFailure::Unlinkable(_) => "unlinkable".to_owned(),
        StepFailure::Trapped(kind) => format!("trap:{}", snake_case(&format!("{kind:?}"))),
        StepFailure::Uncaught(_) => "uncaught".to_owned(),
        StepFailure::HostError => "host_error".to_owned(),
        StepFailure::Limit(kind) => format!("limit:{}", snake_case(&format!("{kind:?}"))),
        StepFailure::Unsupported(_) => "unsupported".to_owned(),
        StepFailure::Fault(_) => "fault".to_owned(),
    }
}

/// `MemoryOutOfBounds` as `memory_out_of_bounds`.
fn snake_case(camel: &str) -> String {
    let mut snake = String::new();
    for c in camel.chars() {
        if c.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// An outcome as a person reads it, cut to a length that fits a report.
pub(crate) fn detail(outcome: &StepOutcome) -> String {
    const CALLS_MAX: usize = 4;
    let mut text = match &outcome.result {
        StepResult::Returned(values) if values.is_empty() => "returned".to_owned(),
        StepResult::Returned(values) => format!("returned {}", describe(values)),
        StepResult::Failed(StepFailure::Rejected(message)) => format!("rejected: {}", cut(message)),
        StepResult::Failed(StepFailure::Unlinkable(message)) => {
            format!("unlinkable: {}", cut(message))
        }
        StepResult::Failed(StepFailure::Uncaught(Some(exception))) => {
            let tag = exception.tag.as_deref().unwrap_or("a tag without a name");
            let tag = cut(tag);
            format!("threw {tag} {}", describe(&exception.values)).trim_end().to_owned()
        }
        StepResult::Failed(failure) => failure_name(failure),
        StepResult::Absent => "absent".to_owned(),
    };
    let calls = outcome.trace.len();
    if calls > 0 {
        let shown: Vec<String> = outcome.trace.iter().take(CALLS_MAX).map(describe_call).collect();
        let rest = if calls > CALLS_MAX { " …" } else { "" };
        text.push_str(&format!(
            " after {calls} host call{}: {}{rest}",
            if calls == 1 { "" } else { "s" },
            shown.join(", ")
        ));
    }
    text
}

fn describe_call(call: &HostCall) -> String {
    format!("{} {}", cut(&call.name), describe(&call.args)).trim_end().to_owned()
}

/// The beginning of a text that may be of any length.
pub(crate) fn cut(text: &str) -> String {
    const CHARS_MAX: usize = 200;
    text.chars().take(CHARS_MAX).collect()
}

/// Whether the outcomes differ only in that one has -1 where the other has a
/// size: what a refused growth explains (§ exec/instructions, `memory.grow`).
pub(crate) fn refuses_growth(
    values: Sameness,
    refused: &StepOutcome,
    granted: &StepOutcome,
) -> bool {
    let (StepResult::Returned(refused), StepResult::Returned(granted)) =
        (&refused.result, &granted.result)
    else {
        return false;
    };
    let mut refusals = 0;
    let explained = refused.len() == granted.len()
        && refused.iter().zip(granted).all(|(refused, granted)| match (refused, granted) {
            _ if values.same(refused, granted) => true,
            (Value::I32(-1), Value::I32(0..)) | (Value::I64(-1), Value::I64(0..)) => {
                refusals += 1;
                true
            }
            _ => false,
        });
    explained && refusals > 0
}

#[cfg(test)]
mod tests {
    use gainsay_case::{LimitKind, TrapKind};

    use super::*;

    fn sameness() -> Sameness {
        Sameness::of(&gainsay_case::Case::default())
    }

    fn same_outcome(left: &StepOutcome, right: &StepOutcome) -> bool {
        super::same_outcome(sameness(), left, right)
    }

    fn refuses_growth(refused: &StepOutcome, granted: &StepOutcome) -> bool {
        super::refuses_growth(sameness(), refused, granted)
    }

    fn outcome(result: StepResult) -> StepOutcome {
        StepOutcome { result, trace: Vec::new() }
    }

    fn failed(failure: StepFailure) -> StepOutcome {
        outcome(StepResult::Failed(failure))
    }

    fn returned(values: &[Value]) -> StepOutcome {
        outcome(StepResult::Returned(values.to_vec()))
    }

    #[test]
    fn texts_of_rejections_are_not_compared() {
        let malformed = failed(StepFailure::Rejected("unexpected end".into()));
        let invalid = failed(StepFailure::Rejected("type mismatch".into()));
        assert!(same_outcome(&malformed, &invalid));
        assert!(!same_outcome(
            &malformed,
            &failed(StepFailure::Unlinkable("unexpected end".into()))
        ));
    }

    #[test]
    fn trap_kinds_are_compared() {
        let divide = failed(StepFailure::Trapped(TrapKind::DivideByZero));
        let overflow = failed(StepFailure::Trapped(TrapKind::IntegerOverflow));
        assert!(same_outcome(&divide, &divide.clone()));
        assert!(!same_outcome(&divide, &overflow));
    }

    #[test]
    fn a_host_error_is_neither_a_trap_nor_an_exception() {
        let host_error = failed(StepFailure::HostError);
        assert!(!same_outcome(&host_error, &failed(StepFailure::Uncaught(None))));
        assert!(!same_outcome(&host_error, &failed(StepFailure::Trapped(TrapKind::Unreachable))));
    }

    #[test]
    fn limits_equal_nothing_not_even_themselves() {
        let limit = failed(StepFailure::Limit(LimitKind::Stack));
        assert!(!same_outcome(&limit, &limit.clone()));
    }

    #[test]
    fn a_refused_growth_is_minus_one_against_a_size() {
        let granted = returned(&[Value::I32(7), Value::I64(3)]);
        assert!(refuses_growth(&returned(&[Value::I32(-1), Value::I64(3)]), &granted));
        assert!(!refuses_growth(&returned(&[Value::I32(-1), Value::I64(4)]), &granted));
        assert!(!refuses_growth(&granted, &granted));
        assert!(!refuses_growth(&granted, &returned(&[Value::I32(-1), Value::I64(3)])));
    }

    #[test]
    fn a_summary_names_the_type_of_the_first_differing_value() {
        let left = returned(&[Value::I32(1), Value::F64(0), Value::I64(3)]);
        let right = returned(&[Value::I32(1), Value::F64(1 << 63), Value::I64(4)]);
        let (instance, field) = (String::new(), String::new());
        let invoke = Step::Invoke { instance, field, args: Vec::new() };
        let name = |step, one, other| summarise(sameness(), step, one, &[other]).to_string();
        assert_eq!(name(&invoke, &left, &right), "returned:f64");
        let trap = failed(StepFailure::Trapped(TrapKind::MemoryOutOfBounds));
        assert_eq!(name(&invoke, &left, &trap), "returned");
        assert_eq!(name(&invoke, &trap, &left), "trap:memory_out_of_bounds");
        let get = Step::Get { instance: String::new(), field: String::new() };
        assert_eq!(name(&get, &left, &right), "global:f64");
    }

    #[test]
    fn details_of_hostile_texts_are_cut() {
        let long = failed(StepFailure::Rejected("x".repeat(1 << 20)));
        assert!(detail(&long).len() < 300);
    }
}
