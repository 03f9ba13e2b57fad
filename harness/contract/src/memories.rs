//! Memories grow up to the limit and are observed byte by byte.

use gainsay_case::{ExportState, LimitKind, Limits, Proposal, TrapKind, Value};

use crate::script::{Script, Want, same};
use crate::{Clause, Subject};

pub const CLAUSES: &[Clause] = &[
    Clause { name: "a_memory_grows_to_the_limit_exactly", needs: &[], check: grows },
    Clause { name: "a_memory_does_not_grow_beyond_its_maximum", needs: &[], check: maximum },
    Clause {
        name: "a_64_bit_memory_grows_to_the_limit_exactly",
        needs: &[Proposal::Memory64],
        check: grows_64,
    },
    Clause { name: "a_memory_declared_beyond_the_limit_is_a_limit", needs: &[], check: declared },
    Clause {
        name: "a_64_bit_memory_declared_beyond_the_limit_is_a_limit",
        needs: &[Proposal::Memory64],
        check: declared_64,
    },
    Clause { name: "a_memory_is_observed_with_all_its_bytes", needs: &[], check: observed },
    Clause {
        name: "every_exported_memory_is_observed",
        needs: &[Proposal::MultiMemory],
        check: observed_twice,
    },
    Clause {
        name: "a_shared_memory_is_observed_like_any_other",
        needs: &[Proposal::Threads],
        check: observed_shared,
    },
    Clause {
        name: "a_memory_of_single_bytes_grows_and_is_observed",
        needs: &[Proposal::CustomPageSizes],
        check: single_bytes,
    },
    Clause { name: "a_segment_out_of_bounds_traps", needs: &[], check: segment },
    Clause {
        name: "segments_before_one_that_traps_are_written",
        needs: &[Proposal::BulkMemory],
        check: segments_before,
    },
];

const PAGE: u64 = 65536;

fn pages(count: u64) -> Limits {
    Limits { memory_bytes_max: count * PAGE, ..Limits::default() }
}

fn grow(script: Script, pages: i32, size: i32) -> Script {
    script.returns("grow", &[Value::I32(pages)], &[Value::I32(size)])
}

const GROWING: &str = r#"(func (export "grow") (param i32) (result i32)
    (memory.grow (local.get 0)))
    (func (export "size") (result i32) memory.size)
    (func (export "poke") (param i32) (i32.store8 (local.get 0) (i32.const 1)))"#;

fn grows(engine: &dyn Subject) -> Result<(), String> {
    let script = Script::of(&format!("(module (memory 1) {GROWING})")).limits(pages(10));
    let script = grow(grow(grow(script, 0, 1), 10, -1), 9, 1);
    let script = grow(grow(grow(script, 1, -1), 0, 10), -1, -1);
    script
        .returns("size", &[], &[Value::I32(10)])
        .returns("poke", &[Value::I32(10 * PAGE as i32 - 1)], &[])
        .invoke("poke", &[Value::I32(10 * PAGE as i32)], Want::Trap(TrapKind::MemoryOutOfBounds))
        .check(engine)
}

fn maximum(engine: &dyn Subject) -> Result<(), String> {
    let script = Script::of(&format!("(module (memory 0 3) {GROWING})"));
    grow(grow(grow(grow(script, 4, -1), 3, 0), 1, -1), 0, 3).check(engine)
}

fn grows_64(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (memory i64 1) (func (export "grow") (param i64) (result i64)
        (memory.grow (local.get 0))))"#;
    Script::of(text)
        .limits(pages(10))
        .returns("grow", &[Value::I64(10)], &[Value::I64(-1)])
        .returns("grow", &[Value::I64(9)], &[Value::I64(1)])
        .returns("grow", &[Value::I64(1)], &[Value::I64(-1)])
        .returns("grow", &[Value::I64(-1)], &[Value::I64(-1)])
        .returns("grow", &[Value::I64(0)], &[Value::I64(10)])
        .check(engine)
}

/// The pooling allocator says so when the module is defined, the others when it
/// is instantiated; neither is compared.
fn too_large(engine: &dyn Subject, text: &str, limits: Limits) -> Result<(), String> {
    let bytes = crate::script::binary(text);
    let instantiated = Script::new()
        .define_binary("m", bytes.clone(), Want::Values(Vec::new()))
        .instantiate_to("m", "m", Want::Limit(LimitKind::Memory))
        .limits(limits.clone())
        .check(engine);
    let Err(reason) = instantiated else { return Ok(()) };
    Script::new()
        .define_binary("m", bytes, Want::Limit(LimitKind::Memory))
        .limits(limits)
        .check(engine)
        .map_err(|error| format!("{reason}; {error}"))
}

fn declared(engine: &dyn Subject) -> Result<(), String> {
    too_large(engine, "(module (memory 65536))", Limits::default())?;
    too_large(engine, "(module (memory 11))", pages(10))?;
    Script::of("(module (memory 10 65536))").limits(pages(10)).check(engine)
}

fn declared_64(engine: &dyn Subject) -> Result<(), String> {
    too_large(engine, "(module (memory i64 65537))", Limits::default())?;
    too_large(engine, "(module (memory i64 0x1000000000000))", Limits::default())
}

fn observed(engine: &dyn Subject) -> Result<(), String> {
    let text = format!(r#"(module (memory (export "m") 1) (data (i32.const 3) "abc") {GROWING})"#);
    let script = Script::of(&text).returns("poke", &[Value::I32(PAGE as i32 - 1)], &[]);
    let outcome = grow(script, 1, 1).outcome(engine)?;
    let mut bytes = vec![0; 2 * PAGE as usize];
    bytes[3..6].copy_from_slice(b"abc");
    bytes[PAGE as usize - 1] = 1;
    let state = outcome.state.get("m").and_then(|state| state.get("m"));
    same("memory", state, Some(&ExportState::memory(&bytes)))
}

fn observed_twice(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (memory (export "a") 0) (memory (export "b") 1)
        (func (export "f") (i32.store8 1 (i32.const 0) (i32.const 255))))"#;
    let outcome = Script::of(text).returns("f", &[], &[]).outcome(engine)?;
    let mut bytes = vec![0; PAGE as usize];
    bytes[0] = 255;
    let wanted =
        [("a".to_owned(), ExportState::memory(&[])), ("b".to_owned(), ExportState::memory(&bytes))];
    same("state", outcome.state.get("m"), Some(&wanted.into_iter().collect()))
}

fn segment(engine: &dyn Subject) -> Result<(), String> {
    Script::new()
        .define("m", r#"(module (memory 1) (data (i32.const 65534) "abc"))"#)
        .instantiate_to("m", "m", Want::Trap(TrapKind::MemoryOutOfBounds))
        .invoke("f", &[], Want::Absent)
        .check(engine)
}

/// Since bulk memory, instantiation writes segment by segment (§ exec/modules).
fn segments_before(engine: &dyn Subject) -> Result<(), String> {
    let owner = r#"(module (memory (export "m") 1)
        (func (export "peek") (param i32) (result i32) (i32.load8_u (local.get 0))))"#;
    let user = r#"(module (import "o" "m" (memory 1))
        (data (i32.const 1) "\07") (data (i32.const 65535) "ab"))"#;
    Script::of(owner)
        .register("m", "o")
        .define("u", user)
        .instantiate_to("u", "u", Want::Trap(TrapKind::MemoryOutOfBounds))
        .returns("peek", &[Value::I32(1)], &[Value::I32(7)])
        .returns("peek", &[Value::I32(65535)], &[Value::I32(0)])
        .check(engine)
}

fn observed_shared(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (memory (export "m") 1 3 shared) (data (i32.const 7) "x")
        (func (export "f") (drop (memory.grow (i32.const 1)))
          (i32.atomic.store8 (i32.const 65536) (i32.const 5))))"#;
    let outcome = Script::of(text).returns("f", &[], &[]).outcome(engine)?;
    let mut bytes = vec![0; 2 * PAGE as usize];
    (bytes[7], bytes[65536]) = (b'x', 5);
    let state = outcome.state.get("m").and_then(|state| state.get("m"));
    same("shared memory", state, Some(&ExportState::memory(&bytes)))
}

fn single_bytes(engine: &dyn Subject) -> Result<(), String> {
    let text = r#"(module (memory (export "m") 3 5 (pagesize 1))
        (func (export "f") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "poke") (param i32) (i32.store8 (local.get 0) (i32.const 1))))"#;
    let outcome = Script::of(text)
        .invoke("poke", &[Value::I32(3)], Want::Trap(TrapKind::MemoryOutOfBounds))
        .returns("f", &[Value::I32(3)], &[Value::I32(-1)])
        .returns("f", &[Value::I32(1)], &[Value::I32(3)])
        .returns("poke", &[Value::I32(3)], &[])
        .outcome(engine)?;
    let state = outcome.state.get("m").and_then(|state| state.get("m"));
    same("memory", state, Some(&ExportState::memory(&[0, 0, 0, 1])))
}
