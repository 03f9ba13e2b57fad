//! What wasmi's errors mean.

use gainsay_case::{Failure, LimitKind, TrapKind};
use wasmi::TrapCode;
use wasmi::errors::{ErrorKind, HostError, InstantiationError};

use crate::trace::HostStop;

impl HostError for HostStop {}

/// Classify an error of anything but [`wasmi::Module::new`]'s parser.
pub(super) fn failure(error: wasmi::Error) -> Failure {
    if let Some(stop) = error.downcast_ref::<HostStop>() {
        return stop.failure();
    }
    if let Some(code) = error.as_trap_code() {
        return trap(code);
    }
    let message = error.to_string();
    match error.kind() {
        ErrorKind::Instantiation(error) => instantiation(error, message),
        ErrorKind::UserLimits(_) | ErrorKind::ImplementationLimits(_) => {
            Failure::Limit(LimitKind::Memory)
        }
        // What its bytecode has no room for: too many registers, too far a branch.
        ErrorKind::Translation(_) | ErrorKind::Ir(_) => Failure::Unsupported(message),
        // Arguments that do not fit the function.
        ErrorKind::Func(_) => Failure::Unsupported(message),
        _ => Failure::Fault(message),
    }
}

fn trap(code: TrapCode) -> Failure {
    Failure::Trapped(match code {
        TrapCode::UnreachableCodeReached => TrapKind::Unreachable,
        TrapCode::MemoryOutOfBounds => TrapKind::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds => TrapKind::TableOutOfBounds,
        TrapCode::IndirectCallToNull => TrapKind::UninitializedElement,
        TrapCode::IntegerDivisionByZero => TrapKind::DivideByZero,
        TrapCode::IntegerOverflow => TrapKind::IntegerOverflow,
        TrapCode::BadConversionToInteger => TrapKind::InvalidConversion,
        TrapCode::BadSignature => TrapKind::IndirectCallTypeMismatch,
        TrapCode::StackOverflow => return Failure::Limit(LimitKind::Stack),
        TrapCode::OutOfFuel => return Failure::Limit(LimitKind::Fuel),
        TrapCode::GrowthOperationLimited | TrapCode::OutOfSystemMemory => {
            return Failure::Limit(LimitKind::Memory);
        }
    })
}

fn instantiation(error: &InstantiationError, message: String) -> Failure {
    match error {
        InstantiationError::MismatchedNumberOfImports { .. }
        | InstantiationError::ImportTypeMismatch { .. }
        | InstantiationError::GlobalTypeMismatch { .. }
        | InstantiationError::FuncTypeMismatch { .. }
        | InstantiationError::TableTypeMismatch { .. }
        | InstantiationError::MemoryTypeMismatch { .. } => Failure::Unlinkable(message),
        InstantiationError::ElementSegmentDoesNotFit { .. } => {
            Failure::Trapped(TrapKind::TableOutOfBounds)
        }
        InstantiationError::TooManyInstances
        | InstantiationError::TooManyTables
        | InstantiationError::TooManyMemories
        | InstantiationError::FailedToInstantiateMemory(_)
        | InstantiationError::FailedToInstantiateTable(_) => Failure::Limit(LimitKind::Memory),
        InstantiationError::UnexpectedStartFn { .. } => Failure::Fault(message),
    }
}
