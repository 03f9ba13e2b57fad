//! Globals are read, observed and shared.

use gainsay_case::{ExportState, Proposal, RefKind, Value};

use crate::script::{Script, Want, same};
use crate::{Clause, Subject};

pub const CLAUSES: &[Clause] = &[
    Clause { name: "globals_of_every_number_type_can_be_read", needs: &[], check: read },
    Clause {
        name: "a_mutable_global_shows_what_was_set",
        needs: &[Proposal::MutableGlobal],
        check: mutable,
    },
    Clause {
        name: "an_imported_mutable_global_is_shared",
        needs: &[Proposal::MutableGlobal],
        check: shared,
    },
    Clause {
        name: "globals_hold_references",
        needs: &[Proposal::ReferenceTypes],
        check: references,
    },
    Clause { name: "globals_hold_vectors", needs: &[Proposal::Simd], check: vectors },
    Clause { name: "a_global_that_is_not_exported_is_unsupported", needs: &[], check: missing },
    Clause { name: "globals_are_observed", needs: &[], check: observed },
];

fn value(value: Value) -> Want {
    Want::Values(vec![value])
}

fn read(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (global (export "a") i32 (i32.const -7))
        (global (export "b") i64 (i64.const 0x123456789abcdef))
        (global (export "c") f32 (f32.const -nan:0x200001))
        (global (export "d") f64 (f64.const -0)))"#;
    Script::of(text)
        .get("a", value(Value::I32(-7)))
        .get("b", value(Value::I64(0x0123_4567_89ab_cdef)))
        .get("c", value(Value::F32(0xffa0_0001)))
        .get("d", value(Value::F64(1 << 63)))
        .check(engine)
}

fn mutable(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (global $g (export "g") (mut i64) (i64.const 1))
        (func (export "set") (param i64) (global.set $g (local.get 0))))"#;
    Script::of(text)
        .get("g", value(Value::I64(1)))
        .returns("set", &[Value::I64(-9)], &[])
        .get("g", value(Value::I64(-9)))
        .check(engine)
}

fn shared(engine: &dyn Subject) -> Result<(), String> {
    let owner = r#"(module (global (export "g") (mut i32) (i32.const 1)))"#;
    let user = r#"(module (import "o" "g" (global $g (mut i32)))
        (func (export "set") (param i32) (global.set $g (local.get 0))))"#;
    Script::of(owner)
        .register("m", "o")
        .define("u", user)
        .instantiate("u", "u")
        .returns("u.set", &[Value::I32(77)], &[])
        .get("g", value(Value::I32(77)))
        .check(engine)
}

fn references(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (func $f) (global (export "f") funcref (ref.func $f))
        (global (export "n") funcref (ref.null func))
        (global $x (export "x") (mut externref) (ref.null extern))
        (func (export "set") (param externref) (global.set $x (local.get 0))))"#;
    Script::of(text)
        .get("f", value(Value::Opaque(RefKind::Func)))
        .get("n", value(Value::Null(RefKind::Func)))
        .get("x", value(Value::Null(RefKind::Extern)))
        .returns("set", &[Value::Extern(3)], &[])
        .get("x", value(Value::Extern(3)))
        .check(engine)
}

fn vectors(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (global (export "v") v128 (v128.const i64x2 1 2)))"#;
    Script::of(text).get("v", value(Value::V128(1 | 2 << 64))).check(engine)
}

fn missing(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (global i32 (i32.const 0)) (func (export "f")))"#;
    Script::of(text).get("g", Want::Unsupported).get("f", Want::Unsupported).check(engine)
}

fn observed(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (global $g (export "g") i32 (i32.const 4)) (func (export "f"))
        (export "h" (global $g)))"#;
    let outcome = Script::of(text).outcome(engine)?;
    let state = ExportState::Global { value: Value::I32(4) };
    let wanted = [("g".to_owned(), state.clone()), ("h".to_owned(), state)];
    same("state", outcome.state.get("m"), Some(&wanted.into_iter().collect()))
}
