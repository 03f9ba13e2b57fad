//! What wasmtime's errors mean.

use gainsay_lifecycle::{OpOutcome, Refusal, Trap};
use wasmtime::{Error, PoolConcurrencyLimitError, Trap as Code};

use super::exit::Exit;

/// What a module is refused for that is too large for a pool or a store.
const TOO_LARGE: [&str; 3] = ["exceeds the limit of", "exceeds memory limits", "pooling allocator"];

pub(super) fn compilation(error: &Error) -> OpOutcome {
    let message = format!("{error:#}");
    match is_too_large(&message) {
        true => OpOutcome::Refused(Refusal::Limit),
        false => OpOutcome::Refused(Refusal::Rejected),
    }
}

pub(super) fn execution(error: &Error) -> OpOutcome {
    if let Some(Exit(status)) = error.downcast_ref::<Exit>() {
        return OpOutcome::Exit(*status);
    }
    if let Some(code) = error.downcast_ref::<Code>() {
        return match code {
            Code::UnreachableCodeReached => OpOutcome::Trap(Trap::Unreachable),
            Code::IntegerDivisionByZero => OpOutcome::Trap(Trap::DivideByZero),
            Code::MemoryOutOfBounds => OpOutcome::Trap(Trap::MemoryBounds),
            Code::TableOutOfBounds => OpOutcome::Trap(Trap::TableBounds),
            Code::IndirectCallToNull => OpOutcome::Trap(Trap::NullElement),
            other => OpOutcome::Broken(other.to_string()),
        };
    }
    let message = format!("{error:#}");
    if error.is::<PoolConcurrencyLimitError>() || is_too_large(&message) {
        return OpOutcome::Refused(Refusal::Limit);
    }
    // There is no type for this.
    match message.contains("cross-`Engine` instantiation") {
        true => OpOutcome::Refused(Refusal::Foreign),
        false => OpOutcome::Broken(message),
    }
}

fn is_too_large(message: &str) -> bool {
    TOO_LARGE.iter().any(|words| message.contains(words))
}
