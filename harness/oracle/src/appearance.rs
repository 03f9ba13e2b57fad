//! How an engine appears in a step: as a witness, excused, or as an offender.

use gainsay_case::{LimitKind, StepOutcome};

use crate::divergence::DivergenceKind;
use crate::normal_outcome::NormalOutcome;
use crate::run::RunEnding;
use crate::steps;
use crate::verdict::InconclusiveReason;

/// What became of one engine in one step, as far as this decides what it is
/// compared with.
pub(crate) enum Appearance<'a> {
    /// It can be compared with others.
    Comparable(&'a StepOutcome),
    /// It cannot, for a reason that is no fault.
    LeftOut(InconclusiveReason),
    /// It stands against the rest whatever they did.
    Offence(DivergenceKind, NormalOutcome),
    /// It did not come to an end: an offence if another did.
    Stalled(DivergenceKind, InconclusiveReason),
}

/// How an engine appears in the step in which its run ended.
pub(crate) fn ending<'a>(ending: &RunEnding) -> Appearance<'a> {
    match ending {
        // It says that it is done, and is not.
        RunEnding::Completed => Appearance::Offence(
            DivergenceKind::Fault,
            NormalOutcome::Fault("outcome ends early".to_owned()),
        ),
        RunEnding::Crashed { signal } => {
            let summary = NormalOutcome::Crash(steps::cut(signal));
            Appearance::Offence(DivergenceKind::Crash, summary)
        }
        RunEnding::Hung => Appearance::Stalled(DivergenceKind::Hang, InconclusiveReason::TimeOut),
        RunEnding::OutOfMemory => {
            Appearance::Stalled(DivergenceKind::MemoryExhaustion, InconclusiveReason::Memory)
        }
    }
}

pub(crate) fn limit_reason(kind: LimitKind) -> InconclusiveReason {
    match kind {
        LimitKind::Stack => InconclusiveReason::Stack,
        LimitKind::Fuel => InconclusiveReason::Fuel,
        LimitKind::Time => InconclusiveReason::TimeOut,
        LimitKind::Memory => InconclusiveReason::Memory,
        LimitKind::Table => InconclusiveReason::Table,
        LimitKind::Heap => InconclusiveReason::Heap,
        LimitKind::Module => InconclusiveReason::Module,
    }
}
