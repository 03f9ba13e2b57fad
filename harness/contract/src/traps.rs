//! Each kind of trap is told from the others.

use gainsay_case::{Proposal, TrapKind, Value};

use crate::script::{Script, Want};
use crate::{Clause, Subject};

pub const CLAUSES: &[Clause] = &[
    Clause { name: "unreachable_traps", needs: &[], check: unreachable_traps },
    Clause { name: "division_traps_as_the_two_kinds", needs: &[], check: division_traps },
    Clause { name: "truncation_traps_as_the_two_kinds", needs: &[], check: truncation_traps },
    Clause { name: "memory_accesses_out_of_bounds_trap", needs: &[], check: memory_traps },
    Clause { name: "indirect_calls_trap_as_the_three_kinds", needs: &[], check: indirect_calls },
    Clause {
        name: "bulk_operations_out_of_bounds_trap",
        needs: &[Proposal::BulkMemory],
        check: bulk_operations,
    },
    Clause {
        name: "table_accesses_out_of_bounds_trap",
        needs: &[Proposal::ReferenceTypes],
        check: table_accesses,
    },
    Clause {
        name: "null_function_references_trap",
        needs: &[Proposal::FunctionReferences],
        check: null_references,
    },
    Clause { name: "casts_and_arrays_trap", needs: &[Proposal::Gc], check: casts_and_arrays },
    Clause {
        name: "null_internal_references_trap",
        needs: &[Proposal::Gc],
        check: null_internal_references,
    },
    Clause {
        name: "null_exceptions_trap",
        needs: &[Proposal::ExceptionHandling],
        check: null_exceptions,
    },
    Clause { name: "waits_that_end_say_how", needs: &[Proposal::Threads], check: waits },
    Clause {
        name: "an_exception_shows_its_tag_and_values",
        needs: &[Proposal::ExceptionHandling],
        check: shown_exceptions,
    },
    Clause { name: "atomic_accesses_trap", needs: &[Proposal::Threads], check: atomics },
    Clause {
        name: "an_uncaught_exception_is_no_trap",
        needs: &[Proposal::ExceptionHandling],
        check: uncaught,
    },
    Clause {
        name: "a_trap_leaves_the_instance_and_what_was_done_before",
        needs: &[],
        check: a_trap_leaves_the_instance,
    },
    Clause { name: "tail_calls_return", needs: &[Proposal::TailCall], check: tail_calls_return },
];

/// A module whose export `f` has this body and no parameters or results.
fn traps(engine: &dyn Subject, fields: &str, body: &str, kind: TrapKind) -> Result<(), String> {
    let text = format!(r#"(module {fields} (func (export "f") {body}))"#);
    let result = Script::of(&text).invoke("f", &[], Want::Trap(kind)).check(engine);
    result.map_err(|error| format!("{body}: {error}"))
}

fn unreachable_traps(engine: &dyn Subject) -> Result<(), String> {
    traps(engine, "", "unreachable", TrapKind::Unreachable)
}

fn division_traps(engine: &dyn Subject) -> Result<(), String> {
    for ty in ["i32", "i64"] {
        for operation in ["div_s", "div_u", "rem_s", "rem_u"] {
            let body = format!("({ty}.{operation} ({ty}.const 1) ({ty}.const 0)) drop");
            traps(engine, "", &body, TrapKind::DivideByZero)?;
        }
    }
    let smallest = "(i32.div_s (i32.const 0x80000000) (i32.const -1)) drop";
    traps(engine, "", smallest, TrapKind::IntegerOverflow)?;
    let smallest = "(i64.div_s (i64.const 0x8000000000000000) (i64.const -1)) drop";
    traps(engine, "", smallest, TrapKind::IntegerOverflow)
}

fn truncation_traps(engine: &dyn Subject) -> Result<(), String> {
    for to in ["i32", "i64"] {
        for from in ["f32", "f64"] {
            for sign in ["s", "u"] {
                let nan = format!("({to}.trunc_{from}_{sign} ({from}.const nan)) drop");
                traps(engine, "", &nan, TrapKind::InvalidConversion)?;
                let huge = format!("({to}.trunc_{from}_{sign} ({from}.const 1e30)) drop");
                traps(engine, "", &huge, TrapKind::IntegerOverflow)?;
            }
        }
    }
    Ok(())
}

fn memory_traps(engine: &dyn Subject) -> Result<(), String> {
    for body in [
        "(i32.load (i32.const 65536)) drop",
        "(i32.load (i32.const 65533)) drop",
        "(i32.load8_u offset=0xffffffff (i32.const -1)) drop",
        "(i64.load offset=1 (i32.const 65528)) drop",
        "(i32.store (i32.const -1) (i32.const 0))",
        "(f64.store offset=65535 (i32.const 0) (f64.const 0))",
    ] {
        traps(engine, "(memory 1)", body, TrapKind::MemoryOutOfBounds)?;
    }
    Ok(())
}

fn indirect_calls(engine: &dyn Subject) -> Result<(), String> {
    let fields = "(type $t (func)) (table 3 funcref) (elem (i32.const 0) $g $h)
        (func $g) (func $h (result i32) i32.const 0)";
    let call = |index: i32| format!("(call_indirect (type $t) (i32.const {index}))");
    traps(engine, fields, &call(1), TrapKind::IndirectCallTypeMismatch)?;
    traps(engine, fields, &call(2), TrapKind::UninitializedElement)?;
    traps(engine, fields, &call(3), TrapKind::TableOutOfBounds)?;
    traps(engine, fields, &call(-1), TrapKind::TableOutOfBounds)
}

fn bulk_operations(engine: &dyn Subject) -> Result<(), String> {
    let fields = r#"(memory 1) (data $d "abc") (table 4 funcref) (elem $e func $g) (func $g)"#;
    for body in [
        "(memory.fill (i32.const 65530) (i32.const 0) (i32.const 7))",
        "(memory.copy (i32.const 0) (i32.const 65530) (i32.const 7))",
        "(memory.init $d (i32.const 0) (i32.const 1) (i32.const 3))",
        "(data.drop $d) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1))",
        "(memory.copy (i32.const 65537) (i32.const 0) (i32.const 0))",
    ] {
        traps(engine, fields, body, TrapKind::MemoryOutOfBounds)?;
    }
    for body in [
        "(table.init $e (i32.const 4) (i32.const 0) (i32.const 1))",
        "(table.copy (i32.const 0) (i32.const 2) (i32.const 3))",
        "(elem.drop $e) (table.init $e (i32.const 0) (i32.const 0) (i32.const 1))",
    ] {
        traps(engine, fields, body, TrapKind::TableOutOfBounds)?;
    }
    Ok(())
}

fn table_accesses(engine: &dyn Subject) -> Result<(), String> {
    let fields = "(table 2 funcref)";
    for body in [
        "(table.get 0 (i32.const 2)) drop",
        "(table.set 0 (i32.const -1) (ref.null func))",
        "(table.fill 0 (i32.const 1) (ref.null func) (i32.const 2))",
    ] {
        traps(engine, fields, body, TrapKind::TableOutOfBounds)?;
    }
    Ok(())
}

fn null_references(engine: &dyn Subject) -> Result<(), String> {
    let fields = "(type $t (func))";
    traps(engine, fields, "(call_ref $t (ref.null $t))", TrapKind::NullReference)?;
    traps(engine, fields, "(ref.as_non_null (ref.null func)) drop", TrapKind::NullReference)
}

fn casts_and_arrays(engine: &dyn Subject) -> Result<(), String> {
    let fields = "(type $s (struct (field i32))) (type $a (array (mut i32)))";
    let cast = "(ref.cast (ref $s) (ref.i31 (i32.const 1))) drop";
    traps(engine, fields, cast, TrapKind::CastFailure)?;
    let array = "(array.get $a (array.new_default $a (i32.const 3)) (i32.const 3)) drop";
    traps(engine, fields, array, TrapKind::ArrayOutOfBounds)?;
    let null = "(struct.get $s 0 (ref.null $s)) drop";
    traps(engine, fields, null, TrapKind::NullReference)
}

fn null_internal_references(engine: &dyn Subject) -> Result<(), String> {
    let fields = "(type $s (struct (field (mut i32)))) (type $a (array (mut i32)))";
    for body in [
        "(struct.set $s 0 (ref.null $s) (i32.const 1))",
        "(array.len (ref.null array)) drop",
        "(array.get $a (ref.null $a) (i32.const 0)) drop",
        "(i31.get_u (ref.null i31)) drop",
    ] {
        traps(engine, fields, body, TrapKind::NullReference)?;
    }
    let cast = "(ref.cast (ref $s) (ref.null any)) drop";
    traps(engine, fields, cast, TrapKind::CastFailure)
}

fn null_exceptions(engine: &dyn Subject) -> Result<(), String> {
    traps(engine, "", "(throw_ref (ref.null exn))", TrapKind::NullReference)
}

/// On one thread: not equal is 1, timed out is 2 (§ exec/instructions,
/// `memory.atomic.wait`).
fn waits(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (memory 1 1 shared)
        (func (export "wait") (param i32 i64) (result i32)
          (memory.atomic.wait32 (i32.const 8) (local.get 0) (local.get 1)))
        (func (export "wait64") (param i64 i64) (result i32)
          (memory.atomic.wait64 (i32.const 8) (local.get 0) (local.get 1)))
        (func (export "notify") (result i32)
          (memory.atomic.notify (i32.const 8) (i32.const 1))))"#;
    Script::of(text)
        .returns("wait", &[Value::I32(1), Value::I64(-1)], &[Value::I32(1)])
        .returns("wait", &[Value::I32(0), Value::I64(1000)], &[Value::I32(2)])
        .returns("wait64", &[Value::I64(0), Value::I64(0)], &[Value::I32(2)])
        .returns("notify", &[], &[Value::I32(0)])
        .check(engine)
}

fn shown_exceptions(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (tag $e (export "z") (export "e") (param i32 f64)) (tag $hidden)
        (func (export "throws") (i32.const 1) (f64.const 0.5) (throw $e))
        (func (export "hides") (throw $hidden)))"#;
    let user = r#"(module (import "o" "throws" (func $f)) (func (export "f") (call $f)))"#;
    let values = vec![Value::I32(1), Value::F64(0.5f64.to_bits())];
    Script::of(text)
        .invoke("throws", &[], Want::Throws(Some("e"), values.clone()))
        .invoke("hides", &[], Want::Throws(None, Vec::new()))
        .register("m", "o")
        .define("u", user)
        .instantiate("u", "u")
        .invoke("u.f", &[], Want::Throws(None, values))
        .check(engine)
}

fn atomics(engine: &dyn Subject) -> Result<(), String> {
    let unaligned = "(i32.atomic.load (i32.const 2)) drop";
    traps(engine, "(memory 1 1 shared)", unaligned, TrapKind::UnalignedAtomic)?;
    let wait = "(memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)) drop";
    traps(engine, "(memory 1)", wait, TrapKind::ExpectedSharedMemory)
}

fn uncaught(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (tag $e (param i32))
        (func (export "throws") i32.const 1 throw $e)
        (func (export "fine") (result i32) i32.const 2))"#;
    Script::of(text)
        .invoke("throws", &[], Want::Uncaught)
        .returns("fine", &[], &[Value::I32(2)])
        .invoke("throws", &[], Want::Uncaught)
        .check(engine)
}

fn a_trap_leaves_the_instance(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (global $g (mut i32) (i32.const 0))
        (func (export "f") (global.set $g (i32.const 5)) unreachable)
        (func (export "g") (result i32) global.get $g))"#;
    Script::of(text)
        .invoke("f", &[], Want::Trap(TrapKind::Unreachable))
        .returns("g", &[], &[Value::I32(5)])
        .check(engine)
}

fn tail_calls_return(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (type $t (func (param i32) (result i32)))
        (table 1 funcref) (elem (i32.const 0) $down)
        (func $down (export "down") (type $t)
          (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 7))
            (else (return_call_indirect (type $t)
              (i32.sub (local.get 0) (i32.const 1)) (i32.const 0))))))"#;
    Script::of(text).returns("down", &[Value::I32(1_000_000)], &[Value::I32(7)]).check(engine)
}
