//! What wasmtime's errors mean.

use gainsay_lifecycle::{Refusal, Seen, Trap};
use wasmtime::{Error, PoolConcurrencyLimitError, Trap as Code};

use super::exit::Exit;

/// What a module is refused for that is too large for a pool or a store.
const TOO_LARGE: [&str; 3] = ["exceeds the limit of", "exceeds memory limits", "pooling allocator"];

pub(super) fn compilation(error: &Error) -> Seen {
    let message = format!("{error:#}");
    match is_too_large(&message) {
        true => Seen::Refused(Refusal::Limit),
        false => Seen::Refused(Refusal::Rejected),
    }
}

pub(super) fn execution(error: &Error) -> Seen {
    if let Some(Exit(status)) = error.downcast_ref::<Exit>() {
        return Seen::Exit(*status);
    }
    if let Some(code) = error.downcast_ref::<Code>() {
        return match code {
            Code::UnreachableCodeReached => Seen::Trap(Trap::Unreachable),
            Code::IntegerDivisionByZero => Seen::Trap(Trap::DivideByZero),
            Code::MemoryOutOfBounds => Seen::Trap(Trap::MemoryBounds),
            Code::TableOutOfBounds => Seen::Trap(Trap::TableBounds),
            Code::IndirectCallToNull => Seen::Trap(Trap::NullElement),
            other => Seen::Broken(other.to_string()),
        };
    }
    let message = format!("{error:#}");
    if error.is::<PoolConcurrencyLimitError>() || is_too_large(&message) {
        return Seen::Refused(Refusal::Limit);
    }
    // There is no type for this.
    match message.contains("cross-`Engine` instantiation") {
        true => Seen::Refused(Refusal::Foreign),
        false => Seen::Broken(message),
    }
}

fn is_too_large(message: &str) -> bool {
    TOO_LARGE.iter().any(|words| message.contains(words))
}
