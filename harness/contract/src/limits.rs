//! A limit that is hit is told from a result, and the session lives on.

use gainsay_case::{LimitKind, Limits, Value};

use crate::script::{Script, Want};
use crate::{Clause, Subject};

pub const CLAUSES: &[Clause] = &[
    Clause { name: "endless_recursion_exhausts_the_stack", needs: &[], check: recursion },
    Clause { name: "recursion_with_large_frames_exhausts_the_stack", needs: &[], check: frames },
    Clause { name: "a_stack_is_deep_enough_for_a_thousand_calls", needs: &[], check: deep_enough },
    Clause { name: "fuel_ends_an_endless_loop_and_is_given_anew", needs: &[], check: fuel },
    Clause { name: "endless_host_calls_end", needs: &[], check: host_calls },
];

fn recursion(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module
        (func $f (export "forever") (result i32) (i32.add (call $f) (i32.const 1)))
        (func (export "one") (result i32) i32.const 1))"#;
    Script::of(text)
        .invoke("forever", &[], Want::Limit(LimitKind::Stack))
        .returns("one", &[], &[Value::I32(1)])
        .invoke("forever", &[], Want::Limit(LimitKind::Stack))
        .instantiate("m", "again")
        .returns("again.one", &[], &[Value::I32(1)])
        .check(engine)
}

fn frames(engine: &dyn Subject) -> Result<(), String> {
    let locals = "i64 ".repeat(200);
    let uses: String = (1..201)
        .map(|index| format!("(local.set {index} (i64.add (local.get 0) (i64.const {index})))"))
        .collect();
    let sum: String = (1..201).map(|index| format!("local.get {index} i64.xor ")).collect();
    let text = format!(
        r#"(module (func $f (export "forever") (param i64) (result i64) (local {locals})
            {uses} (call $f (local.get 0)) {sum}))"#
    );
    let argument = [Value::I64(1)];
    Script::of(&text)
        .invoke("forever", &argument, Want::Limit(LimitKind::Stack))
        .invoke("forever", &argument, Want::Limit(LimitKind::Stack))
        .check(engine)
}

fn deep_enough(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (func $f (export "sum") (param i32) (result i32)
        (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 0))
          (else (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1))))))))"#;
    Script::of(text).returns("sum", &[Value::I32(1000)], &[Value::I32(1000)]).check(engine)
}

/// What the end of a worker is called whose case ran too long.
const TIMED_OUT: &str = "timed out";

/// Only some engines can count fuel; the host's time limit ends a loop of the others.
fn fuel(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (func (export "forever") (loop (br 0)))
        (func (export "some") (param i32) (result i32) (loop
          (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 0)))"#;
    let limits = Limits { fuel_per_call: Some(100_000), ..Limits::default() };
    let script = Script::of(text).limits(limits);
    (0..20)
        .fold(script, |script, _| script.returns("some", &[Value::I32(2000)], &[Value::I32(0)]))
        .invoke("forever", &[], Want::Limit(LimitKind::Fuel))
        .returns("some", &[Value::I32(2000)], &[Value::I32(0)])
        .check(engine)
        .or_else(|error| if error.contains(TIMED_OUT) { Ok(()) } else { Err(error) })
}

fn host_calls(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (import "gainsay" "f" (func $f))
        (func (export "forever") (loop (call $f) (br 0)))
        (func (export "once") (call $f)))"#;
    let script = Script::of(text).invoke("forever", &[], Want::Limit(LimitKind::Fuel)).returns(
        "once",
        &[],
        &[],
    );
    let outcome = script.outcome(engine)?;
    crate::script::same("calls of the last step", outcome.steps[3].trace.len(), 1)
}
