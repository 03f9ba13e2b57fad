//! Tables grow up to the limit and are observed element by element.

use gainsay_case::{ExportState, LimitKind, Limits, Proposal, RefKind, TrapKind, Value};

use crate::script::{Script, Want, same};
use crate::{Clause, Subject};

pub const CLAUSES: &[Clause] = &[
    Clause {
        name: "a_table_grows_to_the_limit_exactly",
        needs: &[Proposal::ReferenceTypes],
        check: grows,
    },
    Clause { name: "a_table_declared_beyond_the_limit_is_a_limit", needs: &[], check: declared },
    Clause { name: "a_table_of_functions_is_observed", needs: &[], check: observed },
    Clause {
        name: "a_table_of_external_references_is_observed_with_their_numbers",
        needs: &[Proposal::ReferenceTypes],
        check: observed_externs,
    },
    Clause { name: "an_element_segment_out_of_bounds_traps", needs: &[], check: segment },
    Clause { name: "an_imported_table_is_shared", needs: &[], check: shared },
];

fn elements(count: u64) -> Limits {
    Limits { table_elements_max: count, ..Limits::default() }
}

fn grows(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (table 1 funcref)
        (func (export "grow") (param i32) (result i32)
          (table.grow (ref.null func) (local.get 0)))
        (func (export "size") (result i32) table.size))"#;
    let grow = |script: Script, by: i32, size: i32| {
        script.returns("grow", &[Value::I32(by)], &[Value::I32(size)])
    };
    let script = Script::of(text).limits(elements(100));
    let script = grow(grow(grow(grow(script, 100, -1), 99, 1), 1, -1), -1, -1);
    script.returns("size", &[], &[Value::I32(100)]).check(engine)
}

fn declared(engine: &dyn Subject) -> Result<(), String> {
    let bytes = crate::script::binary("(module (table 101 funcref))");
    let at_instantiation = Script::new()
        .define_binary("m", bytes.clone(), Want::Values(Vec::new()))
        .instantiate_to("m", "m", Want::Limit(LimitKind::Table))
        .limits(elements(100))
        .check(engine);
    let Err(reason) = at_instantiation else { return Ok(()) };
    Script::new()
        .define_binary("m", bytes, Want::Limit(LimitKind::Table))
        .limits(elements(100))
        .check(engine)
        .map_err(|error| format!("{reason}; {error}"))
}

fn observed(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (table (export "t") 5 funcref) (func $f)
        (elem (i32.const 1) $f $f) (elem (i32.const 4) $f))"#;
    let outcome = Script::of(text).outcome(engine)?;
    let (null, function) = (Value::Null(RefKind::Func), Value::Opaque(RefKind::Func));
    let wanted = ExportState::table([null, function, function, null, function].into_iter());
    let state = outcome.state.get("m").and_then(|state| state.get("t"));
    same("table", state, Some(&wanted))
}

fn observed_externs(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (table (export "t") 3 externref)
        (func (export "set") (param i32 externref)
          (table.set 0 (local.get 0) (local.get 1))))"#;
    let outcome = Script::of(text)
        .returns("set", &[Value::I32(1), Value::Extern(40)], &[])
        .returns("set", &[Value::I32(2), Value::Extern(0)], &[])
        .outcome(engine)?;
    let wanted = [Value::Null(RefKind::Extern), Value::Extern(40), Value::Extern(0)];
    let state = outcome.state.get("m").and_then(|state| state.get("t"));
    same("table", state, Some(&ExportState::table(wanted.into_iter())))
}

fn segment(engine: &dyn Subject) -> Result<(), String> {
    Script::new()
        .define("m", "(module (table 2 funcref) (func $f) (elem (i32.const 1) $f $f))")
        .instantiate_to("m", "m", Want::Trap(TrapKind::TableOutOfBounds))
        .check(engine)
}

fn shared(engine: &dyn Subject) -> Result<(), String> {
    let owner = r#"(module (table (export "t") 2 funcref)
        (func (export "call") (param i32) (result i32)
          (call_indirect (result i32) (local.get 0))))"#;
    let user = r#"(module (import "o" "t" (table 2 funcref)) (global $g (mut i32) (i32.const 20))
        (func $f (result i32) (global.set $g (i32.add (global.get $g) (i32.const 1)))
          (global.get $g))
        (elem (i32.const 1) $f))"#;
    Script::of(owner)
        .register("m", "o")
        .define("u", user)
        .instantiate("u", "u")
        .returns("call", &[Value::I32(1)], &[Value::I32(21)])
        .returns("call", &[Value::I32(1)], &[Value::I32(22)])
        .invoke("call", &[Value::I32(0)], Want::Trap(TrapKind::UninitializedElement))
        .check(engine)
}
