//! What the programs do.

use super::interleavings::trap;
use super::objects::{Instance, Phase};

use crate::op_outcome::{OpOutcome, Refusal, Trap};
use crate::program::Program;
use crate::word::{Cause, Rule};

/// Pages that the memory of a program may have.
const PAGES_MAX: u32 = 4;

/// A call of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Export {
    Bump,
    Pick(u8),
    Grow(u8),
    Trap(Cause),
    Run,
    Initialize,
    Exit(u8),
    Ask,
}

impl Export {
    fn is_of(self, program: Program) -> bool {
        match self {
            Export::Bump => program.is_common() || program == Program::Lean,
            Export::Grow(_) | Export::Trap(_) => program.is_common(),
            Export::Pick(_) => program == Program::Tabler,
            Export::Run => program.is_command(),
            Export::Initialize => program.is_initialized(),
            Export::Exit(_) => program == Program::Exiter,
            Export::Ask => program == Program::Asker,
        }
    }
}

impl Instance {
    pub(super) fn new(store: usize, program: Program, rule: Rule) -> Instance {
        let is_fresh = program.is_command() || program.is_initialized();
        Instance {
            store,
            program,
            rule,
            phase: if is_fresh { Phase::Fresh } else { Phase::Ready },
            bumps: 0,
            pages: 1,
            written: Default::default(),
            was_started: false,
        }
    }

    /// Why this export is not entered now, if so.
    pub(super) fn refusal(&self, export: Export) -> Option<Refusal> {
        let is_there = export.is_of(self.program);
        if self.rule == Rule::Raw {
            return (!is_there).then_some(Refusal::NoExport);
        }
        match (export, self.program.is_command()) {
            (Export::Run, false) => return Some(Refusal::NotACommand),
            (Export::Run, true) => {}
            (_, true) => return Some(Refusal::NotAReactor),
            (_, false) if !is_there => return Some(Refusal::NoExport),
            (_, false) => {}
        }
        match (self.phase, export) {
            (Phase::Finished, _) => Some(Refusal::Finished),
            (Phase::Poisoned, _) => Some(Refusal::Poisoned),
            (Phase::Ready, Export::Initialize) => Some(Refusal::AlreadyInitialized),
            (Phase::Fresh, Export::Run | Export::Initialize) => None,
            (Phase::Fresh, _) => Some(Refusal::NotInitialized),
            (Phase::Ready, _) => None,
        }
    }

    /// Call the export, which is entered. A call that asks the host gets only so far.
    pub(super) fn call(&mut self, export: Export) -> OpOutcome {
        let outcome = self.execute(export);
        self.leave(&outcome);
        outcome
    }

    fn execute(&mut self, export: Export) -> OpOutcome {
        match export {
            Export::Bump => OpOutcome::value(self.bump()),
            Export::Pick(0) => OpOutcome::value(10),
            Export::Pick(1) => OpOutcome::value(11),
            Export::Pick(2 | 3) => OpOutcome::Trap(Trap::NullElement),
            Export::Pick(_) => OpOutcome::Trap(Trap::TableBounds),
            Export::Grow(pages) => OpOutcome::value(self.grow(u32::from(pages))),
            Export::Trap(cause) => OpOutcome::Trap(trap(cause)),
            Export::Initialize => {
                self.bump();
                OpOutcome::DONE
            }
            Export::Exit(status) => OpOutcome::Exit(u32::from(status)),
            Export::Run => self.run(),
            Export::Ask => {
                self.bump();
                OpOutcome::Suspended
            }
        }
    }

    fn run(&mut self) -> OpOutcome {
        if self.program == Program::Once && std::mem::replace(&mut self.was_started, true) {
            return OpOutcome::Trap(Trap::Unreachable);
        }
        self.bump();
        if self.program == Program::Exiter { OpOutcome::Exit(3) } else { OpOutcome::DONE }
    }

    /// `common.wat` and what is in [`Program::Lean`].
    fn bump(&mut self) -> i64 {
        self.bumps += 1;
        if self.program == Program::Lean {
            return i64::from(self.bumps);
        }
        let was_written = !self.written.insert(self.pages);
        i64::from(self.bumps) * 1_001 + i64::from(was_written) * 500
    }

    fn grow(&mut self, pages: u32) -> i64 {
        if self.pages + pages > PAGES_MAX {
            return -1;
        }
        let before = self.pages;
        self.pages += pages;
        i64::from(before)
    }

    /// The instance was left so.
    fn leave(&mut self, outcome: &OpOutcome) {
        self.phase = match outcome {
            OpOutcome::Ok(_) if self.program.is_command() => Phase::Finished,
            OpOutcome::Ok(_) => Phase::Ready,
            OpOutcome::Exit(_) => Phase::Finished,
            OpOutcome::Trap(_) => Phase::Poisoned,
            _ => self.phase,
        };
    }

    /// A suspended call was given up: what it left half done is unknown.
    pub(super) fn abandon(&mut self) {
        self.phase = Phase::Poisoned;
    }
}
