//! The test suite's messages for traps.

use crate::outcome::TrapKind;

/// Message prefixes and what they mean. The first message of a kind is the one
/// that is written; longer prefixes stand before shorter ones that they contain.
const MESSAGES: &[(&str, TrapKind)] = &[
    ("unreachable", TrapKind::Unreachable),
    ("integer divide by zero", TrapKind::DivideByZero),
    ("integer overflow", TrapKind::IntegerOverflow),
    ("invalid conversion to integer", TrapKind::InvalidConversion),
    ("out of bounds memory access", TrapKind::MemoryOutOfBounds),
    ("out of bounds table access", TrapKind::TableOutOfBounds),
    ("undefined element", TrapKind::TableOutOfBounds),
    ("undefined", TrapKind::TableOutOfBounds),
    ("uninitialized element", TrapKind::UninitializedElement),
    ("uninitialized", TrapKind::UninitializedElement),
    ("indirect call type mismatch", TrapKind::IndirectCallTypeMismatch),
    ("indirect call", TrapKind::IndirectCallTypeMismatch),
    ("null reference", TrapKind::NullReference),
    ("null function", TrapKind::NullReference),
    ("null structure", TrapKind::NullReference),
    ("null array", TrapKind::NullReference),
    ("null i31", TrapKind::NullReference),
    ("null exception", TrapKind::NullReference),
    ("cast failure", TrapKind::CastFailure),
    ("cast", TrapKind::CastFailure),
    ("out of bounds array access", TrapKind::ArrayOutOfBounds),
    ("unaligned atomic", TrapKind::UnalignedAtomic),
    ("expected shared memory", TrapKind::ExpectedSharedMemory),
];

/// What the suite says when the call stack is exhausted.
pub const EXHAUSTION_MESSAGE: &str = "call stack exhausted";

/// The suite's message for a trap.
pub fn trap_message(kind: TrapKind) -> &'static str {
    let message = MESSAGES.iter().find(|(_, known)| *known == kind).map(|(message, _)| *message);
    message.unwrap_or("unreachable")
}

/// The trap that a message of the suite stands for.
pub fn trap_kind(message: &str) -> Option<TrapKind> {
    MESSAGES.iter().find(|(prefix, _)| message.starts_with(prefix)).map(|(_, kind)| *kind)
}
