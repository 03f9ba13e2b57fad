//! The module that the scripts of the test suite import from.

use gainsay_case::StepFailure;
use gainsay_case::{Capabilities, Proposal, Session};

/// The name that scripts import from.
pub const NAME: &str = "spectest";

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

/// A field that not every engine can have beside the others.
struct Optional {
    name: &'static str,
    field: &'static str,
    /// What it is.
    needs: Proposal,
    /// What it takes to have it beside the one that it is another of.
    beside: Proposal,
    /// The one that it is another of, in whose place it is otherwise.
    other: &'static str,
    /// The session's name for the instance that has it in that place.
    instance: &'static str,
}

const OPTIONAL: &[Optional] = &[
    Optional {
        name: "table64",
        field: r#"(table (export "table64") i64 10 20 funcref)"#,
        needs: Proposal::Memory64,
        beside: Proposal::ReferenceTypes,
        other: r#"(table (export "table") 10 20 funcref)"#,
        instance: "spectest with a 64-bit table",
    },
    Optional {
        name: "shared_memory",
        field: r#"(memory (export "shared_memory") 1 2 shared)"#,
        needs: Proposal::Threads,
        beside: Proposal::MultiMemory,
        other: r#"(memory (export "memory") 1 2)"#,
        instance: "spectest with a shared memory",
    },
];

/// The binary of the module, with as much in it as the engine can have beside each other.
///
/// # Panics
/// Never: the text is this program's own.
pub fn binary(capabilities: &Capabilities) -> Vec<u8> {
    let mut fields = FIELDS.to_owned();
    for optional in OPTIONAL {
        if capabilities.contains(&optional.needs) && capabilities.contains(&optional.beside) {
            fields += optional.field;
        }
    }
    wat::parse_str(format!("(module {fields})")).expect("a module")
}

/// Makes and registers the module, with as much of it as the engine can do.
///
/// # Errors
/// What the engine says to it.
pub fn install(capabilities: &Capabilities, session: &mut dyn Session) -> Result<(), StepFailure> {
    let mut fields = FIELDS.to_owned();
    for optional in OPTIONAL.iter().filter(|optional| capabilities.contains(&optional.needs)) {
        if capabilities.contains(&optional.beside) {
            fields += optional.field;
        } else {
            let instead = FIELDS.replace(optional.other, optional.field);
            // An engine that cannot do it after all lacks it; that is said where it is asked for.
            let _ = make(session, optional.instance, &instead);
        }
    }
    make(session, NAME, &fields)?;
    session.register(NAME, NAME)
}

/// Makes an instance with these fields.
///
/// # Errors
/// What the engine says to it.
pub fn make(session: &mut dyn Session, name: &str, fields: &str) -> Result<(), StepFailure> {
    let bytes = wat::parse_str(format!("(module {fields})"));
    let bytes = bytes.map_err(|error| StepFailure::Fault(error.to_string()))?;
    session.define(name, &bytes)?;
    session.instantiate(name, name)
}

/// Instantiate a module, with what it speaks of on offer where the module `spectest` cannot
/// have it beside the others. That it does not link because this engine cannot have that at
/// all is for want of a feature.
///
/// # Errors
/// As [`Session::instantiate`].
pub fn instantiate(
    session: &mut dyn Session,
    capabilities: &Capabilities,
    (module, bytes): (&str, &[u8]),
    instance: &str,
) -> Result<(), StepFailure> {
    let speaks = |name: &str| bytes.windows(name.len()).any(|window| window == name.as_bytes());
    let is_whole = |optional: &Optional| {
        capabilities.contains(&optional.needs) && capabilities.contains(&optional.beside)
    };
    let wanted = OPTIONAL.iter().find(|optional| !is_whole(optional) && speaks(optional.name));
    let Some(optional) = wanted else { return session.instantiate(module, instance) };
    let is_offered = session.register(optional.instance, NAME).is_ok();
    let ended = session.instantiate(module, instance);
    if is_offered {
        session.register(NAME, NAME)?;
    }
    match ended {
        Err(StepFailure::Unlinkable(_)) if !is_offered => Err(StepFailure::Unsupported(format!(
            "the engine cannot have {NAME}.{}, which the script imports",
            optional.name
        ))),
        ended => ended,
    }
}
