//! The verdict for each kind of agreement and disagreement.

use std::collections::BTreeMap;

use crate::common::*;
use gainsay_case::{
    Case, ExportState, HostCall, LimitKind, Outcome, Step, StepFailure, StepOutcome, TrapKind,
    Value,
};
use gainsay_oracle::{
    AllowedReason, Divergence, DivergenceKind, Growth, InconclusiveReason, Judgement, Rules,
    RunEnding, StepVerdict, Verdict,
};

fn divergence(judgement: &Judgement) -> &Divergence {
    match &judgement.verdict {
        Verdict::Diverge(divergence) => divergence,
        other => panic!("no divergence but {other:?}"),
    }
}

fn engines<'a>(x: Vec<StepOutcome>, y: Vec<StepOutcome>) -> [Engine<'a>; 2] {
    [done("x", outcome(x)), done("y", outcome(y))]
}

#[test]
fn equal_outcomes_agree_and_count() {
    let trap = || failed(StepFailure::Trapped(TrapKind::DivideByZero));
    let judgement = judged(&calls(2), &engines(vec![one(1), trap()], vec![one(1), trap()]));
    assert_eq!(judgement.verdict, Verdict::Agree);
    assert_eq!((judgement.calls_compared, judgement.calls_returned), (2, 1));
    assert_eq!(judgement.steps, [StepVerdict::Agree; 4]);
}

#[test]
fn configurations_of_one_implementation_are_one_witness() {
    let same = [done("x-fast", outcome(vec![one(1)])), done("x-slow", outcome(vec![one(1)]))];
    let judgement = judged(&calls(1), &same);
    assert_eq!(judgement.verdict, Verdict::Agree);
    assert_eq!(judgement.calls_compared, 0);

    let differ = [done("x-fast", outcome(vec![one(1)])), done("x-slow", outcome(vec![one(2)]))];
    assert_eq!(divergence(&judged(&calls(1), &differ)).kind, DivergenceKind::Result);
}

#[test]
fn different_values_diverge_and_group_the_engines() {
    let case = calls(2);
    let judgement = judged(
        &case,
        &[
            done("z", outcome(vec![one(1), one(5)])),
            done("x", outcome(vec![one(1), one(6)])),
            done("y", outcome(vec![one(1), one(5)])),
        ],
    );
    let divergence = divergence(&judgement);
    assert_eq!(divergence.kind, DivergenceKind::Result);
    assert_eq!((divergence.step, divergence.instance.as_deref()), (Some(3), Some("a")));
    assert_eq!(divergence.signature().to_string(), "result x=returned:i32|y,z=returned:i32");
    assert_eq!(divergence.classes[0].detail, "returned (i32.const 6)");
}

#[test]
fn steps_after_a_divergence_are_not_judged() {
    let judgement =
        judged(&calls(3), &engines(vec![one(1), one(2), one(3)], vec![one(0), one(0), one(0)]));
    assert_eq!(divergence(&judgement).step, Some(2));
    assert_eq!(judgement.steps[3..], [StepVerdict::NotJudged; 2]);
    assert_eq!(judgement.calls_compared, 1);
}

#[test]
fn a_trap_against_a_value_is_a_trap_divergence() {
    let trap = failed(StepFailure::Trapped(TrapKind::MemoryOutOfBounds));
    let judgement = judged(&calls(1), &engines(vec![one(1)], vec![trap]));
    let divergence = divergence(&judgement);
    assert_eq!(divergence.kind, DivergenceKind::Trap);
    assert_eq!(divergence.signature().to_string(), "trap x=returned|y=trap:memory_out_of_bounds");
}

#[test]
fn rejecting_what_another_accepts_diverges() {
    let rejected = || Outcome {
        steps: vec![failed(StepFailure::Rejected("type mismatch".into())), absent(), absent()],
        ..Outcome::default()
    };
    let judgement = judged(&calls(1), &[done("x", rejected()), done("y", outcome(vec![one(1)]))]);
    assert_eq!(divergence(&judgement).kind, DivergenceKind::Rejects);

    let judgement = judged(&calls(1), &[done("x", rejected()), done("y", rejected())]);
    assert_eq!(judgement.verdict, Verdict::Agree);
    assert_eq!(judgement.steps[2], StepVerdict::Absent);
    assert_eq!(judgement.calls_compared, 0);
}

#[test]
fn failing_to_link_what_another_links_diverges() {
    let mut unlinkable = outcome(vec![absent()]);
    unlinkable.steps[1] = failed(StepFailure::Unlinkable("no such import".into()));
    let judgement = judged(&calls(1), &[done("x", unlinkable), done("y", outcome(vec![one(1)]))]);
    assert_eq!(divergence(&judgement).kind, DivergenceKind::Links);
    assert_eq!(divergence(&judgement).step, Some(1));
}

#[test]
fn host_calls_are_compared() {
    let calling = |argument: i32| StepOutcome {
        trace: vec![HostCall { name: "h".into(), args: vec![Value::I32(argument)] }],
        ..one(1)
    };
    let judgement = judged(&calls(1), &engines(vec![calling(1)], vec![calling(2)]));
    assert_eq!(divergence(&judgement).kind, DivergenceKind::Trace);
    let judgement = judged(&calls(1), &engines(vec![calling(1)], vec![one(1)]));
    assert_eq!(divergence(&judgement).kind, DivergenceKind::Trace);
}

#[test]
fn nan_payloads_are_allowed_and_counted() {
    let nan = |bits| returned(&[Value::F32(bits)]);
    let judgement =
        judged(&calls(2), &engines(vec![nan(0x7fc0_0000), one(1)], vec![nan(0xffc0_0001), one(1)]));
    assert_eq!(judgement.verdict, Verdict::Allowed(AllowedReason::NanPayload));
    assert_eq!(judgement.allowed, BTreeMap::from([(AllowedReason::NanPayload, 1)]));
    assert_eq!(judgement.calls_compared, 2);

    let judgement =
        judged(&calls(2), &engines(vec![nan(0x7fc0_0000), one(1)], vec![nan(0xffc0_0001), one(2)]));
    assert_eq!(divergence(&judgement).step, Some(3));
}

#[test]
fn a_limit_makes_the_rest_of_the_instance_inconclusive_on_that_engine() {
    let overflow = failed(StepFailure::Limit(LimitKind::Stack));
    let judgement = judged(
        &calls(3),
        &[
            done("x", outcome(vec![one(1), overflow, one(99)])),
            done("y", outcome(vec![one(1), one(2), one(3)])),
        ],
    );
    assert_eq!(judgement.verdict, Verdict::Agree);
    assert_eq!(judgement.calls_compared, 1);
    assert_eq!(judgement.steps[3], StepVerdict::Inconclusive(InconclusiveReason::Stack));
    assert_eq!(judgement.steps[4], StepVerdict::Inconclusive(InconclusiveReason::Unsettled));
    // The third is the state at the end.
    let expected = [(InconclusiveReason::Stack, 1), (InconclusiveReason::Unsettled, 2)];
    assert_eq!(judgement.left_out, BTreeMap::from(expected));
}

#[test]
fn others_are_still_compared_when_one_hits_a_limit() {
    let overflow = || failed(StepFailure::Limit(LimitKind::Stack));
    let judgement = judged(
        &calls(1),
        &[
            done("x", outcome(vec![overflow()])),
            done("y", outcome(vec![one(2)])),
            done("z", outcome(vec![one(3)])),
        ],
    );
    assert_eq!(
        divergence(&judgement).signature().to_string(),
        "result y=returned:i32|z=returned:i32"
    );
}

#[test]
fn limits_everywhere_are_inconclusive() {
    let fuel = || failed(StepFailure::Limit(LimitKind::Fuel));
    let judgement = judged(&calls(1), &engines(vec![fuel()], vec![fuel()]));
    assert_eq!(judgement.verdict, Verdict::Inconclusive(InconclusiveReason::Fuel));
    assert_eq!(judgement.calls_compared, 0);
}

#[test]
fn a_linked_instance_is_inconclusive_too_and_a_stranger_is_not() {
    let steps = vec![
        define("A", b"\0asm"),
        define("B", b"\0asm env"),
        define("C", b"\0asm"),
        instantiate("A", "a"),
        register("a", "env"),
        instantiate("B", "b"),
        instantiate("C", "c"),
        invoke("b"),
        invoke("a"),
        invoke("c"),
    ];
    let case = Case { steps };
    let of = |last: [StepOutcome; 3]| {
        let mut steps = vec![returned(&[]); 7];
        steps.extend(last);
        Outcome { steps, ..Outcome::default() }
    };
    let overflow = failed(StepFailure::Limit(LimitKind::Stack));
    let x = of([overflow.clone(), one(1), one(7)]);
    let judgement = judged(&case, &[done("x", x), done("y", of([one(0), one(2), one(7)]))]);
    assert_eq!(judgement.verdict, Verdict::Agree);
    assert_eq!(judgement.steps[8], StepVerdict::Inconclusive(InconclusiveReason::Unsettled));
    assert_eq!(judgement.steps[9], StepVerdict::Agree);

    let x = of([overflow, one(1), one(8)]);
    let judgement = judged(&case, &[done("x", x), done("y", of([one(0), one(2), one(7)]))]);
    assert_eq!(divergence(&judgement).step, Some(9));
}

#[test]
fn a_fault_is_a_divergence_even_if_all_have_it() {
    let fault = || failed(StepFailure::Fault("index 17 out of range for slice of length 3".into()));
    let judgement = judged(&calls(1), &engines(vec![fault()], vec![fault()]));
    let divergence = divergence(&judgement);
    assert_eq!(divergence.kind, DivergenceKind::Fault);
    assert_eq!(
        divergence.signature().to_string(),
        "fault x,y=fault:index N out of range for slice of length N"
    );
}

#[test]
fn a_fault_after_a_limit_is_still_one() {
    let overflow = failed(StepFailure::Limit(LimitKind::Stack));
    let fault = failed(StepFailure::Fault("broken".into()));
    let judgement = judged(&calls(2), &engines(vec![overflow, fault], vec![one(1), one(2)]));
    assert_eq!(divergence(&judgement).kind, DivergenceKind::Fault);
    assert_eq!(divergence(&judgement).signature().to_string(), "fault x=fault:broken|y=completed");
}

#[test]
fn a_crash_is_a_divergence_at_the_step_that_is_missing() {
    let crashed = RunEnding::Crashed { signal: "SIGSEGV".into() };
    let engines = [("x", outcome(vec![one(1)]), crashed), done("y", outcome(vec![one(1), one(2)]))];
    let judgement = judged(&calls(2), &engines);
    let divergence = divergence(&judgement);
    assert_eq!((divergence.kind, divergence.step), (DivergenceKind::Crash, Some(3)));
    assert_eq!(divergence.signature().to_string(), "crash x=crash:SIGSEGV|y=completed");
}

#[test]
fn a_crash_after_the_last_step_has_no_step() {
    let crashed = RunEnding::Crashed { signal: "SIGABRT".into() };
    let engines = [("x", outcome(vec![one(1)]), crashed), done("y", outcome(vec![one(1)]))];
    let judgement = judged(&calls(1), &engines);
    assert_eq!(divergence(&judgement).kind, DivergenceKind::Crash);
    assert_eq!(divergence(&judgement).step, None);
}

#[test]
fn hanging_where_another_completes_diverges() {
    let engines = [("x", outcome(vec![]), RunEnding::Hung), done("y", outcome(vec![one(1)]))];
    let judgement = judged(&calls(1), &engines);
    assert_eq!(divergence(&judgement).kind, DivergenceKind::Hang);
    assert_eq!(divergence(&judgement).signature().to_string(), "hang x=hang|y=completed");
}

#[test]
fn hanging_everywhere_is_inconclusive() {
    let engines =
        [("x", outcome(vec![]), RunEnding::Hung), ("y", outcome(vec![]), RunEnding::Hung)];
    let judgement = judged(&calls(2), &engines);
    assert_eq!(judgement.verdict, Verdict::Inconclusive(InconclusiveReason::TimeOut));
    assert_eq!(judgement.steps[3], StepVerdict::Inconclusive(InconclusiveReason::Gone));
}

#[test]
fn a_hang_in_an_unsettled_instance_is_not_a_divergence() {
    let overflow = failed(StepFailure::Limit(LimitKind::Stack));
    let engines = [
        ("x", outcome(vec![overflow]), RunEnding::Hung),
        done("y", outcome(vec![one(1), one(2)])),
        done("z", outcome(vec![one(1), one(2)])),
    ];
    assert_eq!(judged(&calls(2), &engines).verdict, Verdict::Agree);
}

#[test]
fn running_out_of_memory_where_another_does_not_diverges() {
    let engines =
        [("x", outcome(vec![]), RunEnding::OutOfMemory), done("y", outcome(vec![one(1)]))];
    let judgement = judged(&calls(1), &engines);
    assert_eq!(divergence(&judgement).kind, DivergenceKind::MemoryExhaustion);
}

#[test]
fn claiming_to_be_done_without_being_so_is_a_fault() {
    let engines = [done("x", outcome(vec![])), done("y", outcome(vec![one(1)]))];
    let judgement = judged(&calls(1), &engines);
    assert_eq!(divergence(&judgement).kind, DivergenceKind::Fault);
}

#[test]
fn one_engine_alone_says_nothing() {
    let judgement = judged(&calls(1), &[done("x", outcome(vec![one(1)]))]);
    assert_eq!(judgement.verdict, Verdict::Inconclusive(InconclusiveReason::Alone));
}

#[test]
fn an_engine_that_cannot_is_left_out_and_the_others_compared() {
    let unsupported = Outcome {
        steps: vec![failed(StepFailure::Unsupported("gc".into())), absent(), absent()],
        ..Outcome::default()
    };
    let engines = [
        done("x", unsupported),
        done("y", outcome(vec![one(1)])),
        done("z", outcome(vec![one(1)])),
    ];
    let judgement = judged(&calls(1), &engines);
    assert_eq!(judgement.verdict, Verdict::Agree);
    assert_eq!(judgement.calls_compared, 1);
    assert_eq!(judgement.left_out[&InconclusiveReason::Unsupported], 1);
}

#[test]
fn an_instance_that_is_missing_without_a_reason_diverges() {
    let judgement = judged(&calls(1), &engines(vec![one(1)], vec![absent()]));
    assert_eq!(divergence(&judgement).kind, DivergenceKind::Exports);
}

fn with_state(mut outcome: Outcome, exports: &[(&str, ExportState)]) -> Outcome {
    let exports = exports.iter().map(|(name, state)| (String::from(*name), state.clone()));
    outcome.state.insert("a".into(), exports.collect());
    outcome
}

fn judged_states(x: ExportState, y: ExportState) -> Judgement {
    let of = |state| with_state(outcome(vec![one(1)]), &[("e", state)]);
    judged(&calls(1), &[done("x", of(x)), done("y", of(y))])
}

#[test]
fn final_memories_globals_and_tables_are_compared() {
    let global = |number| ExportState::Global { value: Value::I64(number) };
    let memory = |byte| ExportState::memory(&[byte; 8]);
    let table = |number| ExportState::table([Value::Extern(number)].into_iter());
    assert_eq!(judged_states(memory(1), memory(1)).verdict, Verdict::Agree);
    for (x, y, kind, summary) in [
        (global(1), global(2), DivergenceKind::Global, "global x=global:i64|y=global:i64"),
        (memory(1), memory(2), DivergenceKind::Memory, "memory x=memory|y=memory"),
        (table(1), table(2), DivergenceKind::Table, "table x=table|y=table"),
    ] {
        let judgement = judged_states(x, y);
        let divergence = divergence(&judgement);
        assert_eq!(divergence.kind, kind);
        assert_eq!(divergence.step, None);
        assert_eq!(divergence.export.as_deref(), Some("e"));
        assert_eq!(divergence.signature().to_string(), summary);
    }
}

#[test]
fn nan_globals_at_the_end_are_allowed() {
    let nan = |bits| ExportState::Global { value: Value::F64(bits) };
    let judgement = judged_states(nan(0x7ff8 << 48), nan((0x7ff8 << 48) | 1));
    assert_eq!(judgement.verdict, Verdict::Allowed(AllowedReason::NanPayload));
}

#[test]
fn the_state_of_an_unsettled_instance_is_not_compared() {
    let overflow = failed(StepFailure::Limit(LimitKind::Stack));
    let x = with_state(outcome(vec![one(1), overflow]), &[("e", ExportState::memory(&[1]))]);
    let y = with_state(outcome(vec![one(1), one(1)]), &[("e", ExportState::memory(&[2]))]);
    let judgement = judged(&calls(2), &[done("x", x), done("y", y)]);
    assert_eq!(judgement.verdict, Verdict::Agree);
}

#[test]
fn a_missing_export_diverges() {
    let x = with_state(outcome(vec![one(1)]), &[]);
    let y = with_state(outcome(vec![one(1)]), &[("e", ExportState::memory(&[2]))]);
    let judgement = judged(&calls(1), &[done("x", x), done("y", y)]);
    assert_eq!(divergence(&judgement).kind, DivergenceKind::Exports);
}

#[test]
fn a_refused_growth_is_allowed_only_where_limits_are_free() {
    let free = Rules { growth: Growth::Free };
    let refused = engines(vec![one(-1), one(7)], vec![one(3), one(8)]);
    assert_eq!(divergence(&judged(&calls(2), &refused)).kind, DivergenceKind::Result);

    let judgement = judged_by(&calls(2), &refused, free);
    assert_eq!(judgement.verdict, Verdict::Allowed(AllowedReason::GrowRefused));
    assert_eq!(judgement.steps[3], StepVerdict::Inconclusive(InconclusiveReason::Unsettled));

    let unexplained = engines(vec![one(-1)], vec![one(-3)]);
    assert!(matches!(judged_by(&calls(1), &unexplained, free).verdict, Verdict::Diverge(_)));
}

#[test]
fn sizes_at_the_end_may_differ_where_limits_are_free() {
    let of = |bytes: &[u8]| with_state(outcome(vec![one(1)]), &[("e", ExportState::memory(bytes))]);
    let engines = [done("x", of(&[0; 8])), done("y", of(&[0; 16]))];
    let judgement = judged_by(&calls(1), &engines, Rules { growth: Growth::Free });
    assert_eq!(judgement.verdict, Verdict::Allowed(AllowedReason::GrowRefused));
    let engines = [done("x", of(&[0; 8])), done("y", of(&[1; 8]))];
    let judgement = judged_by(&calls(1), &engines, Rules { growth: Growth::Free });
    assert_eq!(divergence(&judgement).kind, DivergenceKind::Memory);
}

#[test]
fn a_case_of_definitions_only_is_judged_too() {
    let case = Case { steps: vec![define("A", b"junk")] };
    let of = |outcome| Outcome { steps: vec![outcome], ..Outcome::default() };
    let accepts = || of(returned(&[]));
    let rejects = || of(failed(StepFailure::Rejected("no".into())));
    let agreed = judged(&case, &[done("x", rejects()), done("y", rejects())]);
    assert_eq!(agreed.verdict, Verdict::Agree);
    let differ = judged(&case, &[done("x", rejects()), done("y", accepts())]);
    assert_eq!(divergence(&differ).signature().to_string(), "rejects x=rejected|y=returned");
}

#[test]
fn a_judgement_survives_json() {
    let judgement = judged(&calls(1), &engines(vec![one(1)], vec![one(2)]));
    let text = serde_json::to_string(&judgement).unwrap();
    assert_eq!(serde_json::from_str::<Judgement>(&text).unwrap(), judgement);
}

#[test]
fn a_get_that_differs_is_a_global_divergence() {
    let mut case = calls(0);
    case.steps.push(Step::Get { instance: "a".into(), field: "g".into() });
    let judgement = judged(&case, &engines(vec![one(1)], vec![one(2)]));
    assert_eq!(divergence(&judgement).kind, DivergenceKind::Global);
    assert_eq!(judgement.calls_compared, 0);
}

#[test]
fn an_atomic_access_may_trap_for_either_of_its_two_reasons() {
    let trap = |kind| vec![failed(StepFailure::Trapped(kind))];
    let of = |x, y| judged(&calls(1), &engines(trap(x), trap(y))).verdict;
    let either = of(TrapKind::UnalignedAtomic, TrapKind::MemoryOutOfBounds);
    assert_eq!(either, Verdict::Allowed(AllowedReason::TrapOrder));
    let equal = of(TrapKind::MemoryOutOfBounds, TrapKind::MemoryOutOfBounds);
    assert_eq!(equal, Verdict::Agree);
    let other = of(TrapKind::UnalignedAtomic, TrapKind::Unreachable);
    assert!(matches!(other, Verdict::Diverge(_)), "{other:?}");
    let one_returns = engines(trap(TrapKind::UnalignedAtomic), vec![one(1)]);
    assert!(matches!(judged(&calls(1), &one_returns).verdict, Verdict::Diverge(_)));
}
