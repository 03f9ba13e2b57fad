//! The processes of the reference by name, and what is left of those that were given up.

use gainsay_lifecycle::{Op, OpOutcome};

use super::plan::Role;
use super::process::{Left, Process};
use crate::slots::Slots;

pub(super) struct Processes {
    slots: Slots<Process>,
    left: Left,
}

impl Processes {
    pub(super) fn new() -> Processes {
        Processes { slots: Slots::new("process"), left: Left::default() }
    }

    /// Carry out an operation on the process of this name.
    pub(super) fn apply(&mut self, name: u8, op: &Op) -> Result<OpOutcome, OpOutcome> {
        match *op {
            Op::ProcessNew { limit, deed, .. } => {
                self.slots.put(name, Process::new(limit, deed)?);
                return Ok(OpOutcome::DONE);
            }
            Op::DropProcess { .. } => {
                self.left.add(self.slots.take(name)?.drop_handle());
                return Ok(OpOutcome::DONE);
            }
            _ => {}
        }
        let process = self.slots.get_mut(name)?;
        Ok(match *op {
            Op::Plan { parent, style, deed, .. } => process.plan(Role { parent, style, deed }),
            Op::Start { runs_on, .. } => process.start(runs_on),
            Op::AddThread { deed, .. } => process.add_thread(deed),
            Op::Enter { deed, .. } => process.enter(deed),
            Op::Kill { .. } => process.kill(),
            Op::CountProcess { .. } => process.count(),
            _ => process.join(),
        })
    }

    /// End all of them: what is left of these and of those that were given up before.
    pub(super) fn end_all(&mut self) -> Left {
        for process in self.slots.take_all() {
            self.left.add(process.end());
        }
        self.left
    }
}
