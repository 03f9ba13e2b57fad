//! What wasmtime's errors mean.

use gainsay_case::{Capabilities, LimitKind, StepFailure, TrapKind};
use wasmtime::{GcHeapOutOfMemory, PoolConcurrencyLimitError, ThrownException, Trap};
use wasmtime_environ::{CompileError, WasmError};

use crate::refusal::{self, Refused};
use crate::trace::HostStop;

/// Classify an error of instantiation. `refused`: what the limiter refused meanwhile, which
/// is an error for the first size of a memory or table only.
pub(super) fn instantiation(error: &wasmtime::Error, refused: Option<LimitKind>) -> StepFailure {
    match (execution(error), refused) {
        (StepFailure::Fault(_), Some(kind)) => StepFailure::Limit(kind),
        (failure, _) => linking(failure),
    }
}

fn linking(failure: StepFailure) -> StepFailure {
    match failure {
        // Import matching has no error type of its own.
        StepFailure::Fault(message) if message.starts_with("incompatible import type") => {
            StepFailure::Unlinkable(message)
        }
        StepFailure::Fault(message) if message.starts_with("resource limit exceeded") => {
            StepFailure::Limit(LimitKind::Module)
        }
        failure => failure,
    }
}

/// Classify an error of a call.
pub(super) fn execution(error: &wasmtime::Error) -> StepFailure {
    if let Some(code) = error.downcast_ref::<Trap>() {
        return trap(*code);
    }
    if let Some(stop) = error.downcast_ref::<HostStop>() {
        return stop.failure();
    }
    if error.is::<ThrownException>() {
        // The store has it.
        return StepFailure::Uncaught(None);
    }
    if error.is::<GcHeapOutOfMemory<()>>() {
        return StepFailure::Limit(LimitKind::Heap);
    }
    if error.is::<PoolConcurrencyLimitError>() || error.is::<wasmtime::OutOfMemory>() {
        return StepFailure::Limit(LimitKind::Memory);
    }
    StepFailure::Fault(format!("{error:#}"))
}

fn trap(code: Trap) -> StepFailure {
    StepFailure::Trapped(match code {
        Trap::UnreachableCodeReached => TrapKind::Unreachable,
        Trap::MemoryOutOfBounds => TrapKind::MemoryOutOfBounds,
        Trap::TableOutOfBounds => TrapKind::TableOutOfBounds,
        Trap::IndirectCallToNull => TrapKind::UninitializedElement,
        Trap::BadSignature => TrapKind::IndirectCallTypeMismatch,
        Trap::IntegerDivisionByZero => TrapKind::DivideByZero,
        Trap::IntegerOverflow => TrapKind::IntegerOverflow,
        Trap::BadConversionToInteger => TrapKind::InvalidConversion,
        Trap::NullReference => TrapKind::NullReference,
        Trap::ArrayOutOfBounds => TrapKind::ArrayOutOfBounds,
        Trap::CastFailure => TrapKind::CastFailure,
        Trap::HeapMisaligned => TrapKind::UnalignedAtomic,
        Trap::AtomicWaitNonSharedMemory => TrapKind::ExpectedSharedMemory,
        Trap::StackOverflow => return StepFailure::Limit(LimitKind::Stack),
        Trap::OutOfFuel => return StepFailure::Limit(LimitKind::Fuel),
        Trap::Interrupt => return StepFailure::Limit(LimitKind::Time),
        Trap::AllocationTooLarge => return StepFailure::Limit(LimitKind::Heap),
        other => return StepFailure::Fault(other.to_string()),
    })
}

/// Classify why a module did not compile.
pub(super) fn compilation(
    error: &wasmtime::Error,
    bytes: &[u8],
    capabilities: &Capabilities,
) -> StepFailure {
    let message = format!("{error:#}");
    let wasm_error = match error.downcast_ref::<CompileError>() {
        Some(CompileError::Wasm(inner)) => Some(inner),
        _ => error.downcast_ref::<WasmError>(),
    };
    match wasm_error {
        Some(WasmError::InvalidWebAssembly { .. }) => {
            refusal::failure(bytes, capabilities, message)
        }
        Some(WasmError::Unsupported(_)) => StepFailure::Unsupported(message),
        Some(WasmError::ImplLimitExceeded) => StepFailure::Limit(LimitKind::Module),
        Some(WasmError::User(_)) | None => code_generation(message, bytes, capabilities),
    }
}

/// What compilers and the pooling allocator say, beyond error types, of code that
/// they do not implement.
const UNIMPLEMENTED: &[&str] = &[
    "Unsupported",
    "Unimplemented",
    "not implemented for CPUs",
    "is shared which is not supported",
];

/// The same of what is too large for them.
const TOO_LARGE: &[&str] = &[
    "Implementation limit exceeded",
    "Code for function is too large",
    "exceeds the implementation limit",
    "pooling allocator",
    "exceeds the limit of",
];

/// What the pooling allocator says of a memory, and of a table, that has no place in it.
const POOLED_MEMORY: &str = "has a minimum byte size";
const POOLED_TABLE: &str = "has a minimum element size";

fn code_generation(message: String, bytes: &[u8], capabilities: &Capabilities) -> StepFailure {
    let says = |fragments: &[&str]| fragments.iter().any(|fragment| message.contains(fragment));
    // Winch says of the parser's limits that they are unsupported.
    if refusal::is_size_limit(&message) {
        return StepFailure::Limit(LimitKind::Module);
    }
    // The pooling allocator names itself in what it lacks, too.
    if says(UNIMPLEMENTED) {
        return StepFailure::Unsupported(message);
    }
    if says(TOO_LARGE) {
        return StepFailure::Limit(match message {
            message if message.contains(POOLED_MEMORY) => LimitKind::Memory,
            message if message.contains(POOLED_TABLE) => LimitKind::Table,
            _ => LimitKind::Module,
        });
    }
    // Winch validates while it generates and reports both alike.
    match refusal::reason(bytes, capabilities, &message) {
        Refused::Invalid => StepFailure::Rejected(message),
        Refused::Lacking => StepFailure::Unsupported(message),
        Refused::TooLarge => StepFailure::Limit(LimitKind::Module),
        Refused::Valid => StepFailure::Fault(message),
    }
}
