//! Imports find their exports, or the module does not link.

use gainsay_case::{Proposal, TrapKind, Value};

use crate::script::{Script, Want};
use crate::{Clause, Subject};

pub const CLAUSES: &[Clause] = &[
    Clause { name: "a_function_of_a_registered_instance_is_called", needs: &[], check: function },
    Clause { name: "an_import_that_nothing_offers_does_not_link", needs: &[], check: unknown },
    Clause { name: "an_import_of_another_kind_does_not_link", needs: &[], check: kinds },
    Clause { name: "an_import_of_another_type_does_not_link", needs: &[], check: types },
    Clause { name: "only_functions_are_imported_from_the_host", needs: &[], check: host_kinds },
    Clause { name: "a_registered_instance_comes_before_the_host", needs: &[], check: shadowing },
    Clause { name: "a_later_registration_replaces_an_earlier_one", needs: &[], check: replacing },
    Clause { name: "the_start_function_runs_once", needs: &[], check: start },
    Clause { name: "a_start_function_that_traps_leaves_no_instance", needs: &[], check: bad_start },
    Clause {
        name: "a_module_that_does_not_link_leaves_no_trace",
        needs: &[Proposal::MutableGlobal],
        check: no_trace,
    },
];

const LIBRARY: &str = r#"(module (func (export "f") (param i32) (result i32)
      (i32.add (local.get 0) (i32.const 1)))
    (memory (export "m") 1 2) (table (export "t") 2 3 funcref)
    (global (export "g") i32 (i32.const 5)))"#;

fn library() -> Script {
    Script::of(LIBRARY).register("m", "lib")
}

fn links(engine: &dyn Subject, import: &str, want: Want) -> Result<(), String> {
    let text = format!("(module {import})");
    let script = library().define("u", &text).instantiate_to("u", "u", want);
    script.check(engine).map_err(|error| format!("{import}: {error}"))
}

fn function(engine: &dyn Subject) -> Result<(), String> {
    let user = r#"(module (import "lib" "f" (func $f (param i32) (result i32)))
        (func (export "twice") (param i32) (result i32) (call $f (call $f (local.get 0)))))"#;
    library()
        .define("u", user)
        .instantiate("u", "u")
        .returns("u.twice", &[Value::I32(40)], &[Value::I32(42)])
        .check(engine)
}

fn unknown(engine: &dyn Subject) -> Result<(), String> {
    links(engine, r#"(import "lib" "nothing" (func))"#, Want::Unlinkable)?;
    links(engine, r#"(import "nobody" "f" (func (param i32) (result i32)))"#, Want::Unlinkable)?;
    links(engine, r#"(import "m" "f" (func (param i32) (result i32)))"#, Want::Unlinkable)
}

fn kinds(engine: &dyn Subject) -> Result<(), String> {
    links(engine, r#"(import "lib" "f" (global i32))"#, Want::Unlinkable)?;
    links(engine, r#"(import "lib" "m" (table 1 funcref))"#, Want::Unlinkable)?;
    links(engine, r#"(import "lib" "t" (memory 1))"#, Want::Unlinkable)?;
    links(engine, r#"(import "lib" "g" (func))"#, Want::Unlinkable)
}

fn types(engine: &dyn Subject) -> Result<(), String> {
    let fits = || Want::Values(Vec::new());
    links(engine, r#"(import "lib" "f" (func (param i32)))"#, Want::Unlinkable)?;
    links(engine, r#"(import "lib" "f" (func (param i64) (result i32)))"#, Want::Unlinkable)?;
    links(engine, r#"(import "lib" "g" (global i64))"#, Want::Unlinkable)?;
    links(engine, r#"(import "lib" "g" (global (mut i32)))"#, Want::Unlinkable)?;
    links(engine, r#"(import "lib" "m" (memory 1 2))"#, fits())?;
    links(engine, r#"(import "lib" "m" (memory 1))"#, fits())?;
    links(engine, r#"(import "lib" "m" (memory 0 3))"#, fits())?;
    links(engine, r#"(import "lib" "m" (memory 2))"#, Want::Unlinkable)?;
    links(engine, r#"(import "lib" "m" (memory 1 1))"#, Want::Unlinkable)?;
    links(engine, r#"(import "lib" "t" (table 2 3 funcref))"#, fits())?;
    links(engine, r#"(import "lib" "t" (table 3 funcref))"#, Want::Unlinkable)?;
    links(engine, r#"(import "lib" "t" (table 0 2 funcref))"#, Want::Unlinkable)
}

fn host_kinds(engine: &dyn Subject) -> Result<(), String> {
    links(engine, r#"(import "gainsay" "anything" (func (param f32)))"#, Want::Values(Vec::new()))?;
    links(engine, r#"(import "gainsay" "m" (memory 0))"#, Want::Unlinkable)?;
    links(engine, r#"(import "gainsay" "t" (table 0 funcref))"#, Want::Unlinkable)?;
    links(engine, r#"(import "gainsay" "g" (global i32))"#, Want::Unlinkable)
}

fn shadowing(engine: &dyn Subject) -> Result<(), String> {
    let user = r#"(module (import "gainsay" "f" (func $f (param i32) (result i32)))
        (import "gainsay" "other" (func $other (result i32)))
        (func (export "f") (result i32) (call $f (i32.const 1)))
        (func (export "other") (result i32) (call $other)))"#;
    Script::of(LIBRARY)
        .register("m", "gainsay")
        .define("u", user)
        .instantiate("u", "u")
        .returns("u.f", &[], &[Value::I32(2)])
        .returns("u.other", &[], &[Value::I32(42)])
        .check(engine)
}

fn replacing(engine: &dyn Subject) -> Result<(), String> {
    let answer = |value| format!(r#"(module (func (export "f") (result i32) i32.const {value}))"#);
    let user = r#"(module (import "lib" "f" (func (result i32))) (export "f" (func 0)))"#;
    Script::of(&answer(1))
        .define("n", &answer(2))
        .instantiate("n", "n")
        .register("m", "lib")
        .define("u", user)
        .instantiate("u", "first")
        .register("n", "lib")
        .instantiate("u", "second")
        .returns("first.f", &[], &[Value::I32(1)])
        .returns("second.f", &[], &[Value::I32(2)])
        .check(engine)
}

fn start(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (global $g (mut i32) (i32.const 0)) (start $s)
        (func $s (global.set $g (i32.add (global.get $g) (i32.const 1))))
        (func (export "g") (result i32) global.get $g))"#;
    Script::of(text)
        .returns("g", &[], &[Value::I32(1)])
        .instantiate("m", "again")
        .returns("again.g", &[], &[Value::I32(1)])
        .returns("g", &[], &[Value::I32(1)])
        .check(engine)
}

fn bad_start(engine: &dyn Subject) -> Result<(), String> {
    let user = r#"(module (import "lib" "m" (memory 1)) (start $s)
        (func $s (i32.store8 (i32.const 9) (i32.const 1)) unreachable))"#;
    let peek = r#"(module (import "lib" "m" (memory 1)) (func (export "peek") (result i32)
        (i32.load8_u (i32.const 9))))"#;
    library()
        .define("u", user)
        .instantiate_to("u", "u", Want::Trap(TrapKind::Unreachable))
        .invoke("u.f", &[], Want::Absent)
        .define("p", peek)
        .instantiate("p", "p")
        .returns("p.peek", &[], &[Value::I32(1)])
        .check(engine)
}

/// Linking is checked before anything is written (§ exec/modules, instantiation).
fn no_trace(engine: &dyn Subject) -> Result<(), String> {
    let user = r#"(module (import "lib" "m" (memory 1)) (import "lib" "nothing" (func))
        (data (i32.const 9) "\01"))"#;
    let peek = r#"(module (import "lib" "m" (memory 1)) (func (export "peek") (result i32)
        (i32.load8_u (i32.const 9))))"#;
    library()
        .define("u", user)
        .instantiate_to("u", "u", Want::Unlinkable)
        .define("p", peek)
        .instantiate("p", "p")
        .returns("p.peek", &[], &[Value::I32(0)])
        .check(engine)
}
