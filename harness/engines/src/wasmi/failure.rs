//! What wasmi's errors mean.

use gainsay_case::{LimitKind, StepFailure, TrapKind};
use wasmi::TrapCode;
use wasmi::errors::{ErrorKind, HostError, InstantiationError};

use crate::trace::HostStop;

impl HostError for HostStop {}

/// Classify an error of anything but [`wasmi::Module::new`]'s parser.
pub(super) fn failure(error: wasmi::Error) -> StepFailure {
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
            StepFailure::Limit(LimitKind::Module)
        }
        // What its bytecode has no room for: too many registers, too far a branch.
        ErrorKind::Translation(_) | ErrorKind::Ir(_) => StepFailure::Unsupported(message),
        // Arguments that do not fit the function.
        ErrorKind::Func(_) => StepFailure::Unsupported(message),
        _ => StepFailure::Fault(message),
    }
}

fn trap(code: TrapCode) -> StepFailure {
    StepFailure::Trapped(match code {
        TrapCode::UnreachableCodeReached => TrapKind::Unreachable,
        TrapCode::MemoryOutOfBounds => TrapKind::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds => TrapKind::TableOutOfBounds,
        TrapCode::IndirectCallToNull => TrapKind::UninitializedElement,
        TrapCode::IntegerDivisionByZero => TrapKind::DivideByZero,
        TrapCode::IntegerOverflow => TrapKind::IntegerOverflow,
        TrapCode::BadConversionToInteger => TrapKind::InvalidConversion,
        TrapCode::BadSignature => TrapKind::IndirectCallTypeMismatch,
        TrapCode::StackOverflow => return StepFailure::Limit(LimitKind::Stack),
        TrapCode::OutOfFuel => return StepFailure::Limit(LimitKind::Fuel),
        TrapCode::GrowthOperationLimited | TrapCode::OutOfSystemMemory => {
            return StepFailure::Limit(LimitKind::Memory);
        }
    })
}

fn instantiation(error: &InstantiationError, message: String) -> StepFailure {
    match error {
        InstantiationError::MismatchedNumberOfImports { .. }
        | InstantiationError::ImportTypeMismatch { .. }
        | InstantiationError::GlobalTypeMismatch { .. }
        | InstantiationError::FuncTypeMismatch { .. }
        | InstantiationError::TableTypeMismatch { .. }
        | InstantiationError::MemoryTypeMismatch { .. } => StepFailure::Unlinkable(message),
        InstantiationError::ElementSegmentDoesNotFit { .. } => {
            StepFailure::Trapped(TrapKind::TableOutOfBounds)
        }
        InstantiationError::TooManyInstances
        | InstantiationError::TooManyTables
        | InstantiationError::TooManyMemories => StepFailure::Limit(LimitKind::Module),
        InstantiationError::FailedToInstantiateMemory(_) => StepFailure::Limit(LimitKind::Memory),
        InstantiationError::FailedToInstantiateTable(_) => StepFailure::Limit(LimitKind::Table),
        InstantiationError::UnexpectedStartFn { .. } => StepFailure::Fault(message),
    }
}
