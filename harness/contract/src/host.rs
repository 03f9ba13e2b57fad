//! Imports from the harness: their answers and the record of their calls.

use gainsay_case::host::{MODULE, constant};
use gainsay_case::{HostCall, Proposal, RefKind, TrapKind, Value, ValueType};

use crate::script::{Script, Want, same};
use crate::{Clause, Subject};

pub const CLAUSES: &[Clause] = &[
    Clause { name: "host_calls_are_recorded_in_order", needs: &[], check: recorded },
    Clause { name: "host_functions_echo_or_give_constants", needs: &[], check: answers },
    Clause { name: "a_failing_host_function_is_a_host_error", needs: &[], check: failing },
    Clause { name: "a_trap_keeps_the_calls_before_it", needs: &[], check: before_a_trap },
    Clause { name: "one_name_may_be_imported_with_two_types", needs: &[], check: two_types },
    Clause { name: "a_host_function_can_be_called_through_a_table", needs: &[], check: in_table },
    Clause { name: "a_host_function_can_be_exported_again", needs: &[], check: exported_again },
    Clause {
        name: "host_functions_give_several_results",
        needs: &[Proposal::MultiValue],
        check: several_results,
    },
    Clause {
        name: "host_functions_echo_references",
        needs: &[Proposal::ReferenceTypes],
        check: references,
    },
    Clause { name: "host_functions_echo_vectors", needs: &[Proposal::Simd], check: vectors },
];

fn call(name: &str, args: &[Value]) -> HostCall {
    HostCall { name: name.to_owned(), args: args.to_vec() }
}

fn recorded(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (import "gainsay" "a" (func $a (param i32 f64)))
        (import "gainsay" "b" (func $b (param i64 f32))) (start $s)
        (func $s (call $a (i32.const 1) (f64.const 2)))
        (func (export "f") (call $b (i64.const 3) (f32.const -nan:0x200001))
          (call $a (i32.const 4) (f64.const 0.5))))"#;
    let outcome = Script::of(text).returns("f", &[], &[]).outcome(engine)?;
    let traces: Vec<_> = outcome.steps.into_iter().map(|step| step.trace).collect();
    let wanted = vec![
        vec![],
        vec![call("a", &[Value::I32(1), Value::F64(2f64.to_bits())])],
        vec![
            call("b", &[Value::I64(3), Value::F32(0xffa0_0001)]),
            call("a", &[Value::I32(4), Value::F64(0.5f64.to_bits())]),
        ],
    ];
    same("traces", traces, wanted)
}

fn answers(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (import "gainsay" "e" (func $e (param i32 i32 i64) (result i32)))
        (import "gainsay" "c32" (func $c32 (result i32)))
        (import "gainsay" "c64" (func $c64 (param i32) (result i64)))
        (import "gainsay" "d32" (func $d32 (result f32)))
        (import "gainsay" "d64" (func $d64 (result f64)))
        (func (export "echo") (result i32)
          (call $e (i32.const 5) (i32.const 6) (i64.const 7)))
        (func (export "i32") (result i32) (call $c32))
        (func (export "i64") (result i64) (call $c64 (i32.const 1)))
        (func (export "f32") (result f32) (call $d32))
        (func (export "f64") (result f64) (call $d64)))"#;
    Script::of(text)
        .returns("echo", &[], &[Value::I32(6)])
        .returns("i32", &[], &[constant(ValueType::I32)])
        .returns("i64", &[], &[constant(ValueType::I64)])
        .returns("f32", &[], &[constant(ValueType::F32)])
        .returns("f64", &[], &[constant(ValueType::F64)])
        .check(engine)
}

fn failing(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (import "gainsay" "fail_a" (func $f (param i32) (result i32)))
        (func (export "f") (result i32) (call $f (i32.const 9)))
        (func (export "g") (result i32) i32.const 1))"#;
    let outcome = Script::of(text)
        .invoke("f", &[], Want::HostError)
        .returns("g", &[], &[Value::I32(1)])
        .invoke("f", &[], Want::HostError)
        .outcome(engine)?;
    same("trace", &outcome.steps[4].trace, &vec![call("fail_a", &[Value::I32(9)])])
}

fn before_a_trap(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (import "gainsay" "a" (func $a))
        (func (export "f") (call $a) unreachable))"#;
    let script = Script::of(text).invoke("f", &[], Want::Trap(TrapKind::Unreachable));
    same("trace", &script.outcome(engine)?.steps[2].trace, &vec![call("a", &[])])
}

fn two_types(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (import "gainsay" "f" (func $i (result i32)))
        (import "gainsay" "f" (func $l (param i64) (result i64)))
        (func (export "f") (result i64) (call $l (i64.extend_i32_s (call $i)))))"#;
    Script::of(text).returns("f", &[], &[Value::I64(42)]).check(engine)
}

fn in_table(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (type $t (func (result i32)))
        (import "gainsay" "f" (func $f (type $t))) (table 1 funcref) (elem (i32.const 0) $f)
        (func (export "f") (result i32) (call_indirect (type $t) (i32.const 0))))"#;
    Script::of(text).returns("f", &[], &[Value::I32(42)]).check(engine)
}

fn exported_again(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (import "gainsay" "f" (func $f (param i32) (result i32)))
        (export "f" (func $f)))"#;
    let outcome =
        Script::of(text).returns("f", &[Value::I32(3)], &[Value::I32(3)]).outcome(engine)?;
    same("trace", &outcome.steps[2].trace, &vec![call("f", &[Value::I32(3)])])
}

fn several_results(engine: &dyn Subject) -> Result<(), String> {
    let text = format!(
        r#"(module (import "{MODULE}" "f" (func $f (param i32 f64) (result f64 i64 i32)))
        (func (export "f") (result f64 i64 i32) (call $f (i32.const 1) (f64.const 8))))"#
    );
    let results = [Value::F64(8f64.to_bits()), constant(ValueType::I64), Value::I32(1)];
    Script::of(&text).returns("f", &[], &results).check(engine)
}

fn references(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module
        (import "gainsay" "x" (func $x (param externref funcref) (result externref)))
        (import "gainsay" "y" (func $y (param externref funcref) (result funcref)))
        (func $g (export "g") (result i32) i32.const 11)
        (table $t 1 funcref)
        (func (export "extern") (param externref) (result externref)
          (call $x (local.get 0) (ref.null func)))
        (func (export "func") (result i32)
          (table.set $t (i32.const 0) (call $y (ref.null extern) (ref.func $g)))
          (call_indirect (result i32) (i32.const 0))))"#;
    let outcome = Script::of(text)
        .returns("extern", &[Value::Extern(6)], &[Value::Extern(6)])
        .returns("func", &[], &[Value::I32(11)])
        .outcome(engine)?;
    let args = [Value::Null(RefKind::Extern), Value::Opaque(RefKind::Func)];
    same("trace", &outcome.steps[3].trace, &vec![call("y", &args)])
}

fn vectors(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (import "gainsay" "v" (func $v (param v128) (result v128)))
        (import "gainsay" "c" (func $c (result v128)))
        (func (export "echo") (param v128) (result v128) (call $v (local.get 0)))
        (func (export "constant") (result v128) (call $c)))"#;
    Script::of(text)
        .returns("echo", &[Value::V128(5 << 100)], &[Value::V128(5 << 100)])
        .returns("constant", &[], &[constant(ValueType::V128)])
        .check(engine)
}
