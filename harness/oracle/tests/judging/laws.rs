//! What must hold for all outcomes.

use crate::common::{absent, calls, judged, outcome};
use gainsay_case::{
    Exception, ExportState, HostCall, LimitKind, Outcome, RefKind, StepFailure, StepOutcome,
    StepResult, TrapKind, Value,
};
use gainsay_oracle::{RunEnding, Tally, Verdict};
use proptest::collection::vec;
use proptest::prelude::*;

const CALLS: usize = 4;

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i32>().prop_map(Value::I32),
        any::<i64>().prop_map(Value::I64),
        any::<u32>().prop_map(Value::F32),
        any::<u64>().prop_map(Value::F64),
        Just(Value::F32(0x7fc0_0000)),
        Just(Value::F32(0xffc0_0000)),
        any::<u128>().prop_map(Value::V128),
        Just(Value::Null(RefKind::Func)),
        (0..4u32).prop_map(Value::Extern),
        Just(Value::Opaque(RefKind::Func)),
        (0..4u32).prop_map(Value::I31),
        (0..4u32).prop_map(Value::Struct),
        (0..4u32).prop_map(Value::Array),
        (0..4u32).prop_map(Value::Host),
    ]
}

fn failure() -> impl Strategy<Value = StepFailure> {
    prop_oneof![
        Just(StepFailure::Trapped(TrapKind::Unreachable)),
        Just(StepFailure::Trapped(TrapKind::DivideByZero)),
        Just(StepFailure::Uncaught(None)),
        value().prop_map(|value| {
            StepFailure::Uncaught(Some(Exception { tag: None, values: vec![value] }))
        }),
        Just(StepFailure::HostError),
        Just(StepFailure::Limit(LimitKind::Stack)),
        Just(StepFailure::Limit(LimitKind::Fuel)),
        Just(StepFailure::Unsupported("it".into())),
        Just(StepFailure::Fault("broken 12".into())),
    ]
}

fn step() -> impl Strategy<Value = StepOutcome> {
    let result = prop_oneof![
        // Few values, so that engines agree often enough to get on.
        4 => Just(StepResult::Returned(vec![Value::I32(7)])),
        2 => vec(value(), 0..3).prop_map(StepResult::Returned),
        2 => failure().prop_map(StepResult::Failed),
    ];
    let call = vec(value(), 0..2).prop_map(|args| HostCall { name: "h".into(), args });
    let trace = prop_oneof![4 => Just(Vec::new()), 1 => vec(call, 0..2)];
    (result, trace).prop_map(|(result, trace)| StepOutcome { result, trace })
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    (vec(step(), CALLS), any::<bool>()).prop_map(|(calls, byte)| {
        let mut outcome = outcome(calls);
        let memory = ExportState::memory(&[u8::from(byte)]);
        outcome.state.insert("a".into(), [("m".to_owned(), memory)].into());
        outcome
    })
}

fn run() -> impl Strategy<Value = (Outcome, RunEnding)> {
    let cut = prop_oneof![
        Just(RunEnding::Hung),
        Just(RunEnding::OutOfMemory),
        Just(RunEnding::Crashed { signal: "SIGSEGV".into() }),
    ];
    (any_outcome(), prop_oneof![8 => Just(None), 1 => (2..CALLS + 3, cut).prop_map(Some)]).prop_map(
        |(mut outcome, cut)| match cut {
            None => (outcome, RunEnding::Completed),
            Some((length, ending)) => {
                outcome.steps.truncate(length);
                outcome.state.clear();
                (outcome, ending)
            }
        },
    )
}

const IDS: [&str; 4] = ["w-one", "w-two", "x", "y"];

fn numbered(runs: &[(Outcome, RunEnding)]) -> Vec<crate::common::Engine<'static>> {
    let runs = IDS.into_iter().zip(runs.iter().cloned());
    runs.map(|(id, (outcome, ending))| (id, outcome, ending)).collect()
}

fn tally(runs: &[Vec<(Outcome, RunEnding)>]) -> Tally {
    let mut tally = Tally::default();
    for runs in runs {
        tally.record(&judged(&calls(CALLS), &numbered(runs)));
    }
    tally
}

fn merged(left: &Tally, right: &Tally) -> Tally {
    let mut sum = left.clone();
    sum.merge(right);
    sum
}

/// Values whose bits can be changed without leaving "the same value": none but
/// NaNs, so each of these must be noticed.
fn flipped(value: Value, bit: u32) -> Option<Value> {
    let changed = match value {
        Value::I32(v) => Value::I32(v ^ (1 << (bit % 32))),
        Value::I64(v) => Value::I64(v ^ (1 << (bit % 64))),
        Value::F32(v) => Value::F32(v ^ (1 << (bit % 32))),
        Value::F64(v) => Value::F64(v ^ (1 << (bit % 64))),
        Value::V128(v) => Value::V128(v ^ (1 << (bit % 128))),
        Value::Extern(n) => Value::Extern(n ^ 1),
        Value::Host(n) => Value::Host(n ^ 1),
        Value::I31(n) => Value::I31(n ^ 1),
        Value::Struct(n) => Value::Struct(n ^ 1),
        Value::Array(n) => Value::Struct(n),
        Value::Null(kind) => Value::Opaque(kind),
        Value::Opaque(kind) => Value::Null(kind),
    };
    (!(value.is_nan() && changed.is_nan())).then_some(changed)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_order_of_engines_does_not_matter(
        runs in vec(run(), 4),
        order in Just([0, 1, 2, 3]).prop_shuffle(),
    ) {
        let case = calls(CALLS);
        let engines = numbered(&runs);
        let shuffled: Vec<_> = order.iter().map(|place| engines[*place].clone()).collect();
        prop_assert_eq!(judged(&case, &engines), judged(&case, &shuffled));
    }

    #[test]
    fn identical_outcomes_never_diverge_without_a_fault(mut outcome in any_outcome()) {
        for step in &mut outcome.steps {
            if matches!(step.result, StepResult::Failed(StepFailure::Fault(_))) {
                *step = absent();
            }
        }
        let completed = (outcome, RunEnding::Completed);
        let judgement = judged(&calls(CALLS), &numbered(&vec![completed; 4]));
        prop_assert!(
            matches!(judgement.verdict, Verdict::Agree | Verdict::Inconclusive(_)),
            "{:?}", judgement.verdict
        );
    }

    #[test]
    fn any_flipped_bit_that_leaves_no_nan_diverges(value in value(), bit in 0..128u32) {
        if let Some(changed) = flipped(value, bit) {
            let of = |value| (outcome(vec![crate::common::returned(&[value])]), RunEnding::Completed);
            let judgement = judged(&calls(1), &numbered(&[of(value), of(changed)]));
            prop_assert!(matches!(judgement.verdict, Verdict::Diverge(_)));
        }
    }

    #[test]
    fn signatures_hold_no_more_than_kinds_and_engines(runs in vec(run(), 4)) {
        if let Verdict::Diverge(divergence) = judged(&calls(CALLS), &numbered(&runs)).verdict {
            let signature = divergence.signature().to_string();
            prop_assert!(signature.starts_with(divergence.kind.name()));
            for class in &divergence.classes {
                prop_assert!(signature.contains(&class.engines.join(",")));
            }
            prop_assert!(!signature.contains("step"), "{}", signature);
        }
    }

    #[test]
    fn returned_calls_are_among_the_compared_ones(runs in vec(run(), 4)) {
        let judgement = judged(&calls(CALLS), &numbered(&runs));
        prop_assert!(judgement.calls_returned <= judgement.calls_compared);
        prop_assert!(judgement.calls_compared <= CALLS as u64);
        prop_assert_eq!(judgement.steps.len(), CALLS + 2);
    }

    #[test]
    fn tallies_merge_in_any_order(
        a in vec(vec(run(), 3), 0..4),
        b in vec(vec(run(), 3), 0..4),
        c in vec(vec(run(), 3), 0..4),
    ) {
        let (ta, tb, tc) = (tally(&a), tally(&b), tally(&c));
        prop_assert_eq!(merged(&ta, &tb), merged(&tb, &ta));
        prop_assert_eq!(merged(&merged(&ta, &tb), &tc), merged(&ta, &merged(&tb, &tc)));
        prop_assert_eq!(&merged(&ta, &Tally::default()), &ta);
        let all: Vec<_> = [a, b, c].concat();
        prop_assert_eq!(tally(&all), merged(&merged(&ta, &tb), &tc));
    }

    #[test]
    fn a_tally_accounts_for_every_case(all in vec(vec(run(), 3), 0..6)) {
        let tally = tally(&all);
        let sum = tally.agree
            + tally.no_call_compared
            + tally.diverge.values().sum::<u64>()
            + tally.allowed.values().sum::<u64>()
            + tally.inconclusive.values().sum::<u64>();
        prop_assert_eq!(sum, tally.cases);
        prop_assert_eq!(tally.cases, all.len() as u64);
        let text = serde_json::to_string(&tally).unwrap();
        prop_assert_eq!(serde_json::from_str::<Tally>(&text).unwrap(), tally);
    }
}
