//! The module that the scripts of the test suite import from.

use crate::engine::{Capabilities, Proposal, Session};
use crate::outcome::Failure;

/// The name that scripts import from.
const NAME: &str = "spectest";

/// What every script may import. The suite's interpreter prints the arguments of
/// the functions; nobody looks at that.
const FIELDS: &str = r#"
    (func (export "print"))
    (func (export "print_i32") (param i32))
    (func (export "print_i64") (param i64))
    (func (export "print_f32") (param f32))
    (func (export "print_f64") (param f64))
    (func (export "print_i32_f32") (param i32 f32))
    (func (export "print_f64_f64") (param f64 f64))
    (global (export "global_i32") i32 (i32.const 666))
    (global (export "global_i64") i64 (i64.const 666))
    (global (export "global_f32") f32 (f32.const 666.6))
    (global (export "global_f64") f64 (f64.const 666.6))
    (memory (export "memory") 1 2)
    (table (export "table") 10 20 funcref)
"#;

/// The memory among them.
const MEMORY: &str = r#"(memory (export "memory") 1 2)"#;

/// For scripts about 64-bit tables; a second table.
const TABLE64: (&[Proposal], &str) = (
    &[Proposal::Memory64, Proposal::ReferenceTypes],
    r#"(table (export "table64") i64 10 20 funcref)"#,
);

/// For scripts about threads; a second memory.
const SHARED_MEMORY: (&[Proposal], &str) = (
    &[Proposal::Threads, Proposal::MultiMemory],
    r#"(memory (export "shared_memory") 1 2 shared)"#,
);

/// The session's name for the instance that has the shared memory in place of the
/// other one, where a module can have only one.
const SHARED: &str = "spectest with a shared memory";

/// Makes and registers the module, with as much of it as the engine can do.
///
/// # Errors
/// What the engine says to it.
pub fn install(capabilities: &Capabilities, session: &mut dyn Session) -> Result<(), Failure> {
    let can = |needed: &[Proposal]| needed.iter().all(|one| capabilities.contains(one));
    let optional = [TABLE64, SHARED_MEMORY].into_iter().filter(|(needed, _)| can(needed));
    let more: String = optional.map(|(_, field)| field).collect();
    if can(&[Proposal::Threads]) && !can(SHARED_MEMORY.0) {
        let fields = FIELDS.replace(MEMORY, SHARED_MEMORY.1);
        make(session, SHARED, &fields)?;
    }
    make(session, NAME, &(FIELDS.to_owned() + &more))?;
    session.register(NAME, NAME)
}

fn make(session: &mut dyn Session, name: &str, fields: &str) -> Result<(), Failure> {
    let bytes = wat::parse_str(format!("(module {fields})"));
    let bytes = bytes.map_err(|error| Failure::Fault(error.to_string()))?;
    session.define(name, &bytes)?;
    session.instantiate(name, name)
}

/// Instantiate a module, with the shared memory on offer if it speaks of one: on engines
/// where the module `spectest` cannot have two memories. Others have no such instance.
///
/// # Errors
/// As [`Session::instantiate`].
pub fn instantiate(
    session: &mut dyn Session,
    (module, bytes): (&str, &[u8]),
    instance: &str,
) -> Result<(), Failure> {
    let shared = b"shared_memory";
    let needs_it = bytes.windows(shared.len()).any(|window| window == shared);
    let is_offered = needs_it && session.register(SHARED, NAME).is_ok();
    let ended = session.instantiate(module, instance);
    if is_offered {
        session.register(NAME, NAME)?;
    }
    ended
}
