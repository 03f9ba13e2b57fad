//! References say what they refer to, and nothing of an engine's own.

use gainsay_case::{ExportState, Proposal, RefKind, Value};

use crate::script::{Script, Want, same};
use crate::{Clause, Subject};

pub const CLAUSES: &[Clause] = &[
    Clause {
        name: "internal_references_tell_their_shape",
        needs: &[Proposal::Gc],
        check: internal_shapes,
    },
    Clause {
        name: "one_object_is_told_from_two",
        needs: &[Proposal::Gc, Proposal::MultiValue],
        check: identity,
    },
    Clause {
        name: "external_references_become_internal_ones_and_return",
        needs: &[Proposal::Gc],
        check: host_references,
    },
    Clause {
        name: "internal_references_become_external_ones_and_return",
        needs: &[Proposal::Gc],
        check: externalised,
    },
    Clause {
        name: "tables_and_globals_of_internal_references_are_observed",
        needs: &[Proposal::Gc],
        check: observed,
    },
    Clause { name: "nulls_are_of_the_kind_of_their_type", needs: &[Proposal::Gc], check: nulls },
    Clause {
        name: "typed_function_references_are_opaque",
        needs: &[Proposal::FunctionReferences],
        check: typed_functions,
    },
    Clause {
        name: "references_to_exceptions_are_opaque_or_null",
        needs: &[Proposal::ExceptionHandling],
        check: exceptions,
    },
    Clause {
        name: "host_functions_take_and_return_internal_references",
        needs: &[Proposal::Gc],
        check: host_functions,
    },
];

fn internal_shapes(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (type $s (struct (field i32))) (type $a (array i8))
        (func (export "i31") (param i32) (result anyref) (ref.i31 (local.get 0)))
        (func (export "struct") (result (ref $s)) (struct.new $s (i32.const 1)))
        (func (export "array") (result eqref) (array.new $a (i32.const 1) (i32.const 3)))
        (func (export "null") (result (ref null $s)) (ref.null $s)))"#;
    Script::of(text)
        .returns("i31", &[Value::I32(5)], &[Value::I31(5)])
        .returns("i31", &[Value::I32(-1)], &[Value::I31(0x7fff_ffff)])
        .returns("i31", &[Value::I32(i32::MIN)], &[Value::I31(0)])
        .returns("struct", &[], &[Value::Struct(0)])
        .returns("array", &[], &[Value::Array(0)])
        .returns("null", &[], &[Value::Null(RefKind::Any)])
        .check(engine)
}

fn identity(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (type $s (struct (field i32))) (type $a (array i8))
        (func (export "four") (result anyref eqref (ref $s) structref arrayref)
          (local $x (ref null $s)) (local $y (ref null $s))
          (local.set $x (struct.new $s (i32.const 1)))
          (local.set $y (struct.new $s (i32.const 1)))
          (local.get $x) (array.new_default $a (i32.const 0)) (ref.as_non_null (local.get $x))
          (local.get $y) (array.new_default $a (i32.const 0))))"#;
    let values =
        [Value::Struct(0), Value::Array(1), Value::Struct(0), Value::Struct(2), Value::Array(3)];
    Script::of(text).returns("four", &[], &values).returns("four", &[], &values).check(engine)
}

fn host_references(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module
        (func (export "in") (param externref) (result anyref) (any.convert_extern (local.get 0)))
        (func (export "out") (param anyref) (result externref) (extern.convert_any (local.get 0)))
        (func (export "same") (param anyref) (result anyref) (local.get 0))
        (func (export "eq") (param anyref) (result i32) (ref.test (ref eq) (local.get 0))))"#;
    let (external, internal) = (Value::Null(RefKind::Extern), Value::Null(RefKind::Any));
    Script::of(text)
        .returns("in", &[Value::Extern(7)], &[Value::Host(7)])
        .returns("out", &[Value::Host(u32::MAX)], &[Value::Extern(u32::MAX)])
        .returns("same", &[Value::Host(0)], &[Value::Host(0)])
        .returns("eq", &[Value::Host(0)], &[Value::I32(0)])
        .returns("in", &[external], &[internal])
        .returns("out", &[internal], &[external])
        .check(engine)
}

fn externalised(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (type $s (struct))
        (func (export "out") (result externref) (extern.convert_any (struct.new $s)))
        (func (export "small") (result externref) (extern.convert_any (ref.i31 (i32.const 3))))
        (func (export "back") (result anyref)
          (any.convert_extern (extern.convert_any (struct.new $s)))))"#;
    let opaque = Value::Opaque(RefKind::Extern);
    Script::of(text)
        .returns("out", &[], &[opaque])
        .returns("small", &[], &[opaque])
        .returns("back", &[], &[Value::Struct(0)])
        .check(engine)
}

fn observed(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (type $s (struct)) (type $a (array i32))
        (global (export "g") anyref (ref.i31 (i32.const 9)))
        (global (export "s") (ref $s) (struct.new $s))
        (table (export "t") 4 anyref)
        (func (export "set") (param externref)
          (table.set (i32.const 1) (ref.i31 (i32.const 7)))
          (table.set (i32.const 2) (array.new_default $a (i32.const 1)))
          (table.set (i32.const 3) (any.convert_extern (local.get 0)))))"#;
    let outcome = Script::of(text)
        .get("g", Want::Values(vec![Value::I31(9)]))
        .returns("set", &[Value::Extern(4)], &[])
        .outcome(engine)?;
    let elements =
        [Value::Null(RefKind::Any), Value::I31(7), Value::Array(0), Value::Host(4)].into_iter();
    let state = outcome.state.get("m").ok_or("no state")?;
    same("table", state.get("t"), Some(&ExportState::table(elements)))?;
    same("global", state.get("s"), Some(&ExportState::Global { value: Value::Struct(0) }))
}

fn nulls(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (type $s (struct)) (type $f (func))
        (func (export "struct") (result (ref null $s)) (ref.null none))
        (func (export "func") (result (ref null $f)) (ref.null nofunc))
        (func (export "extern") (result nullexternref) (ref.null noextern))
        (global (export "g") (ref null $s) (ref.null $s)))"#;
    let null = |kind| [Value::Null(kind)];
    Script::of(text)
        .returns("struct", &[], &null(RefKind::Any))
        .returns("func", &[], &null(RefKind::Func))
        .returns("extern", &[], &null(RefKind::Extern))
        .get("g", Want::Values(null(RefKind::Any).to_vec()))
        .check(engine)
}

fn typed_functions(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (type $t (func (result i32)))
        (func $f (export "f") (type $t) (i32.const 1))
        (func (export "self") (result (ref $t)) (ref.func $f))
        (func (export "null") (result (ref null $t)) (ref.null $t))
        (func (export "isnull") (param (ref null $t)) (result i32) (ref.is_null (local.get 0))))"#;
    let null = Value::Null(RefKind::Func);
    Script::of(text)
        .returns("self", &[], &[Value::Opaque(RefKind::Func)])
        .returns("null", &[], &[null])
        .returns("isnull", &[null], &[Value::I32(1)])
        .check(engine)
}

fn exceptions(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (tag $e)
        (func (export "caught") (result exnref)
          (block $h (result exnref) (try_table (catch_all_ref $h) (throw $e)) (unreachable)))
        (func (export "null") (result exnref) (ref.null exn)))"#;
    Script::of(text)
        .returns("caught", &[], &[Value::Opaque(RefKind::Exn)])
        .returns("null", &[], &[Value::Null(RefKind::Exn)])
        .check(engine)
}

/// A host function returns the last of its arguments, itself and no copy.
fn host_functions(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (type $s (struct (field i32)))
        (import "gainsay" "pass" (func $pass (param anyref anyref) (result anyref)))
        (func (export "f") (result i32 anyref) (local $x eqref)
          (local.set $x (struct.new $s (i32.const 1)))
          (ref.eq (local.get $x) (ref.cast eqref (call $pass (ref.i31 (i32.const 2)) (local.get $x))))
          (call $pass (local.get $x) (ref.i31 (i32.const 3)))))"#;
    let outcome =
        Script::of(text).returns("f", &[], &[Value::I32(1), Value::I31(3)]).outcome(engine)?;
    let trace = &outcome.steps[2].trace;
    let args: Vec<_> = trace.iter().map(|call| call.args.as_slice()).collect();
    let first = [Value::I31(2), Value::Struct(0)];
    let second = [Value::Struct(0), Value::I31(3)];
    same("host calls", args, vec![&first[..], &second[..]])
}
