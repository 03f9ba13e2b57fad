//! The test suite's messages for traps.

use crate::outcome::TrapKind;

/// Messages in full and what they mean. The first one of a kind is written.
const MESSAGES: &[(&str, TrapKind)] = &[
    ("unreachable", TrapKind::Unreachable),
    ("integer divide by zero", TrapKind::DivideByZero),
    ("integer overflow", TrapKind::IntegerOverflow),
    ("invalid conversion to integer", TrapKind::InvalidConversion),
    ("out of bounds memory access", TrapKind::MemoryOutOfBounds),
    ("out of bounds table access", TrapKind::TableOutOfBounds),
    ("undefined element", TrapKind::TableOutOfBounds),
    ("uninitialized element", TrapKind::UninitializedElement),
    ("indirect call type mismatch", TrapKind::IndirectCallTypeMismatch),
    ("null reference", TrapKind::NullReference),
    ("null function reference", TrapKind::NullReference),
    ("null structure reference", TrapKind::NullReference),
    ("null array reference", TrapKind::NullReference),
    ("null i31 reference", TrapKind::NullReference),
    ("null exception reference", TrapKind::NullReference),
    ("null descriptor reference", TrapKind::NullReference),
    ("cast failure", TrapKind::CastFailure),
    ("descriptor cast failure", TrapKind::CastFailure),
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

/// The trap that a message of the suite stands for; the first if it is short
/// enough to stand for several.
pub fn trap_kind(message: &str) -> Option<TrapKind> {
    trap_kinds(message).next()
}

/// Every trap that a message of the suite may stand for. A script may shorten a
/// message (`out of bounds`) and say more than it (`uninitialized element 2`).
pub fn trap_kinds(message: &str) -> impl Iterator<Item = TrapKind> {
    MESSAGES
        .iter()
        .filter(move |(full, _)| full.starts_with(message) || message.starts_with(full))
        .map(|(_, kind)| *kind)
}
