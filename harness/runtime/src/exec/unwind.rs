//! Exceptions on their way out of frames (§ exec/instructions, `throw_ref`).

use crate::catch::Clause;
use crate::exception::{Exception, ExnInst};
use crate::exec::activation::{Activation, State};
use crate::exec::stack::window;
use crate::exec::stop::Stop;
use crate::handle::Tag;
use crate::instance::InstanceData;
use crate::ir::Op;
use crate::refs::{NULL, exn_number, exn_ref};
use crate::store::Store;
use crate::trap::Trap;
use crate::value::slot_count;

/// An exception that is looking for a handler.
struct Thrown {
    exn: ExnInst,
    /// Its number, if there is a reference to it.
    number: Option<u32>,
}

impl Activation {
    /// § exec/instructions, `throw` and `throw_ref`: the one before the program counter.
    pub(super) fn throw_instruction(
        &mut self,
        store: &mut Store,
        instance: &InstanceData,
    ) -> Result<(), Stop> {
        let instr = instance.module.0.code.instrs[self.current.pc as usize - 1];
        let frame = window(&mut self.stack.slots, self.current.base as usize);
        let first = usize::from(instr.a);
        if instr.op == Op::Throw {
            let tag = instance.tags[instr.imm as usize];
            let count = slot_count(&store.tag_type(Tag(tag)).params);
            let exn = ExnInst { tag, slots: frame[first..first + count].into() };
            return self.unwind(store, Thrown { exn, number: None });
        }
        if frame[first] == NULL {
            return Err(Stop::Trap(Trap::NullExceptionReference));
        }
        let number = exn_number(frame[first]);
        let exn = store.exceptions.get(number).expect("references refer to something").clone();
        self.unwind(store, Thrown { exn, number: Some(number) })
    }

    /// Let the host function that was called throw an exception;
    /// [`Activation::run`] goes on where it is caught, or reports that it is not.
    ///
    /// # Errors
    /// [`Stop::Mismatch`] if the values are not of the tag's type or there is no call
    /// to leave; nothing has changed then.
    pub fn throw(&mut self, store: &mut Store, exception: &Exception) -> Result<(), Stop> {
        let State::Waiting(waiting) = &self.state else {
            return Err(Stop::Mismatch("no host function was called".into()));
        };
        let exn = store.lower_exception(exception)?;
        let returns = waiting.returns;
        self.resume_stack();
        let caught = match returns {
            true => self.unwind(store, Thrown { exn, number: None }),
            false => Err(Stop::Exception(exception.clone())),
        };
        self.state = caught.map_or_else(State::Stopped, |()| State::Ready);
        self.suspend_stack(store);
        Ok(())
    }

    /// Leave frames up to the one with a handler around the instruction that it
    /// executed last.
    fn unwind(&mut self, store: &mut Store, thrown: Thrown) -> Result<(), Stop> {
        loop {
            let instance = &store.instances[self.current.instance as usize];
            let code = &instance.module.0.code;
            let is = |tag: u32| instance.tags[tag as usize] == thrown.exn.tag;
            if let Some(clause) = code.catches.find(self.current.pc - 1, is) {
                self.current.pc = code.targets[clause.target as usize];
                return self.catch(store, clause, thrown);
            }
            if !self.leave() {
                return Err(Stop::Exception(store.lift_exception(&thrown.exn)));
            }
        }
    }

    /// Put what a clause takes where its label expects it.
    fn catch(&mut self, store: &mut Store, clause: Clause, thrown: Thrown) -> Result<(), Stop> {
        let live = self.slots_live(store);
        let base = self.current.base as usize;
        let mut next = usize::from(clause.slot);
        if clause.tag.is_some() {
            let slots = &thrown.exn.slots;
            let frame = window(&mut self.stack.slots, base);
            frame[next..next + slots.len()].copy_from_slice(slots);
            next += slots.len();
        }
        if clause.reference {
            let number = match thrown.number {
                Some(number) => number,
                None => store.keep_exception(thrown.exn, &self.stack.slots[..live])?,
            };
            window(&mut self.stack.slots, base)[next] = exn_ref(number);
        }
        Ok(())
    }
}
