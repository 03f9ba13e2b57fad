//! Values go in and come out bit by bit.

use gainsay_case::{Proposal, RefKind, Value};

use crate::script::Script;
use crate::{Clause, Subject};

pub const CLAUSES: &[Clause] = &[
    Clause { name: "integers_pass_unchanged", needs: &[], check: integers_pass_unchanged },
    Clause { name: "floats_pass_bit_by_bit", needs: &[], check: floats_pass_bit_by_bit },
    Clause {
        name: "vectors_pass_bit_by_bit",
        needs: &[Proposal::Simd],
        check: vectors_pass_bit_by_bit,
    },
    Clause {
        name: "external_references_keep_their_number",
        needs: &[Proposal::ReferenceTypes],
        check: external_references_keep_their_number,
    },
    Clause {
        name: "function_references_are_opaque_or_null",
        needs: &[Proposal::ReferenceTypes],
        check: function_references_are_opaque_or_null,
    },
    Clause {
        name: "many_parameters_and_results_keep_their_order",
        needs: &[Proposal::MultiValue],
        check: many_parameters_and_results_keep_their_order,
    },
    Clause {
        name: "arguments_that_do_not_fit_are_unsupported",
        needs: &[],
        check: arguments_that_do_not_fit_are_unsupported,
    },
];

fn identity(ty: &str) -> Script {
    Script::of(&format!(r#"(module (func (export "id") (param {ty}) (result {ty}) local.get 0))"#))
}

fn unchanged(engine: &dyn Subject, ty: &str, values: &[Value]) -> Result<(), String> {
    let pass = |script: Script, value: &Value| script.returns("id", &[*value], &[*value]);
    values.iter().fold(identity(ty), pass).check(engine)
}

fn integers_pass_unchanged(engine: &dyn Subject) -> Result<(), String> {
    let i32s = [0, 1, -1, i32::MIN, i32::MAX, 0x1234_5678].map(Value::I32);
    unchanged(engine, "i32", &i32s)?;
    let i64s = [0, -1, i64::MIN, i64::MAX, 1 << 32, 0x0123_4567_89ab_cdef].map(Value::I64);
    unchanged(engine, "i64", &i64s)
}

/// Quiet and signalling NaNs with payloads of either sign: reading a local is no
/// arithmetic and may not touch them (§ exec/numerics, NaN propagation).
fn floats_pass_bit_by_bit(engine: &dyn Subject) -> Result<(), String> {
    let f32s = [
        0,
        1 << 31,
        1,
        0x3f80_0000,
        0x7f80_0000,
        0xff80_0000,
        0x7fc0_0000,
        0xffc0_0001,
        0x7f80_0001,
        0xffbf_ffff,
        0x7fff_ffff,
    ];
    unchanged(engine, "f32", &f32s.map(Value::F32))?;
    let f64s = [
        0,
        1 << 63,
        1,
        0x3ff0_0000_0000_0000,
        0x7ff0_0000_0000_0000,
        0x7ff8_0000_0000_0000,
        0xfff8_0000_0000_0001,
        0x7ff0_0000_0000_0001,
        0xfff7_ffff_ffff_ffff,
    ];
    unchanged(engine, "f64", &f64s.map(Value::F64))
}

fn vectors_pass_bit_by_bit(engine: &dyn Subject) -> Result<(), String> {
    let vectors = [0, 1, u128::MAX, 1 << 127, 0x0f0e_0d0c_0b0a_0908_0706_0504_0302_0100];
    unchanged(engine, "v128", &vectors.map(Value::V128))?;
    let lanes = r#"(module (func (export "lane") (param v128) (result i32)
        local.get 0 i32x4.extract_lane 0))"#;
    Script::of(lanes).returns("lane", &[Value::V128(7)], &[Value::I32(7)]).check(engine)
}

fn external_references_keep_their_number(engine: &dyn Subject) -> Result<(), String> {
    let references = [Value::Null(RefKind::Extern), Value::Extern(0), Value::Extern(u32::MAX)];
    unchanged(engine, "externref", &references)
}

fn function_references_are_opaque_or_null(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (func $f (export "self") (result funcref) ref.func $f)
        (func (export "null") (result funcref) ref.null func)
        (func (export "isnull") (param funcref) (result i32) local.get 0 ref.is_null))"#;
    let null = Value::Null(RefKind::Func);
    Script::of(text)
        .returns("self", &[], &[Value::Opaque(RefKind::Func)])
        .returns("null", &[], &[null])
        .returns("isnull", &[null], &[Value::I32(1)])
        .check(engine)
}

fn many_parameters_and_results_keep_their_order(engine: &dyn Subject) -> Result<(), String> {
    let types = "i32 f64 i64 f32 ".repeat(8);
    let locals: String = (0..32).map(|index| format!("local.get {index} ")).collect();
    let text =
        format!(r#"(module (func (export "all") (param {types}) (result {types}) {locals}))"#);
    let value = |index: u32| match index % 4 {
        0 => Value::I32(index as i32),
        1 => Value::F64(u64::from(index)),
        2 => Value::I64(i64::from(index)),
        _ => Value::F32(index),
    };
    let values: Vec<Value> = (0..32).map(value).collect();
    Script::of(&text).returns("all", &values, &values).check(engine)
}

fn arguments_that_do_not_fit_are_unsupported(engine: &dyn Subject) -> Result<(), String> {
    use crate::script::Want::Unsupported;
    identity("i32")
        .invoke("id", &[], Unsupported)
        .invoke("id", &[Value::I64(1)], Unsupported)
        .invoke("id", &[Value::I32(1), Value::I32(2)], Unsupported)
        .invoke("nowhere", &[], Unsupported)
        .returns("id", &[Value::I32(3)], &[Value::I32(3)])
        .check(engine)
}
