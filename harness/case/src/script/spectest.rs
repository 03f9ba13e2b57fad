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

/// Makes and registers the module, with as much of it as the engine can do.
///
/// # Errors
/// What the engine says to it.
pub fn install(capabilities: &Capabilities, session: &mut dyn Session) -> Result<(), Failure> {
    let mut text = format!("(module {FIELDS}");
    for (needed, field) in [TABLE64, SHARED_MEMORY] {
        if needed.iter().all(|proposal| capabilities.contains(proposal)) {
            text.push_str(field);
        }
    }
    text.push(')');
    let bytes = wat::parse_str(&text).map_err(|error| Failure::Fault(error.to_string()))?;
    session.define(NAME, &bytes)?;
    session.instantiate(NAME, NAME)?;
    session.register(NAME, NAME)
}
