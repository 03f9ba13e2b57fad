//! Activations at rest: what of their stacks is live, and copies of them.

use crate::exec::Stop;
use crate::exec::activation::{Activation, State};
use crate::exec::suspended::SuspendedStack;
use crate::instance::InstanceData;
use crate::ir::{FRAME_SLOTS_MAX, Instr, Op, unpack};
use crate::store::Store;
use crate::sync::Arc;
use crate::value::slot_count;

impl Activation {
    /// Leave the stack with the store, if it may hold references to objects.
    pub(super) fn suspend_stack(&mut self, store: &Store) {
        if store.heap.is_touched() || store.exceptions.is_touched() {
            let live = self.slots_live(store);
            let place = self.place.get_or_insert_with(|| store.suspended.place());
            *place.look() = SuspendedStack { stack: std::mem::take(&mut self.stack), live };
        }
    }

    /// Take the stack back from the store, if it is there.
    pub(super) fn resume_stack(&mut self) {
        if let Some(place) = &self.place
            && self.stack.slots.is_empty()
        {
            self.stack = std::mem::take(&mut *place.look()).stack;
        }
    }

    /// Number of slots from 0 on that may be read again.
    pub(super) fn slots_live(&self, store: &Store) -> usize {
        if let State::Waiting(waiting) = &self.state {
            // Its arguments, where the results will be, are the topmost operands.
            let ty = store.types.get(store.funcs[waiting.func as usize].ty);
            let slots = slot_count(&ty.params).max(slot_count(&ty.results));
            return waiting.at as usize + slots;
        }
        let instance = store.instances.get(self.current.instance as usize);
        let body = instance.and_then(|it| it.module.0.code.body_around(self.current.pc));
        self.current.base as usize + body.map_or(0, |body| body.frame_slots as usize)
    }

    /// The same when an instruction that makes an object is to be executed again: behind
    /// its operands, and its place on the operand stack if it has one, nothing is live.
    pub(super) fn slots_live_before(
        &self,
        store: &Store,
        instance: &InstanceData,
        instr: Instr,
    ) -> usize {
        match instance.module.0.code.body_around(self.current.pc) {
            Some(body) if instr.d >= body.local_slots => {
                let end = operands_end(store, instance, instr).max(instr.d.into());
                self.current.base as usize + end
            }
            _ => self.slots_live(store),
        }
    }

    /// Number of slots from 0 on that a copy takes along.
    fn slots_copied(&self) -> usize {
        let at = match &self.state {
            State::Waiting(waiting) => waiting.at,
            _ => 0,
        };
        at.max(self.current.base) as usize + FRAME_SLOTS_MAX
    }
}

/// The copy goes on by itself; both work on the same store. Copied are the slots up
/// to the end of the current window, hence half a megabyte at least.
///
/// So a copy is a snapshot of the call, though not of the store: who goes back to it
/// also puts back what instructions have changed there. A copy of one that waits has
/// the same place in the queue: what ends the waiting of one ends that of both.
impl Clone for Activation {
    /// # Panics
    /// Where [`Activation::try_clone`] is an error.
    fn clone(&self) -> Activation {
        self.try_clone().unwrap_or_else(|stop| panic!("a copy needs a stack: {stop}"))
    }
}

impl Activation {
    /// A copy, if there is a stack for it.
    ///
    /// # Errors
    /// [`Stop::Limit`] if the store's allocator gives it none, [`Stop::StackExhausted`] if
    /// there is no room for one.
    pub fn try_clone(&self) -> Result<Activation, Stop> {
        let resting = match &self.place {
            Some(place) if self.stack.slots.is_empty() => Some((place, place.look())),
            _ => None,
        };
        let own = resting.as_ref().map_or(&self.stack, |(_, resting)| &resting.stack);
        let slots_max = own.slots_max();
        let mut stack = self.allocator.stack(slots_max).map_err(Stop::Limit)?;
        if !stack.fit(slots_max) {
            return Err(Stop::StackExhausted);
        }
        let copied = self.slots_copied();
        stack.slots[..copied].copy_from_slice(&own.slots[..copied]);
        stack.frames.clone_from(&own.frames);
        let mut copy = Activation {
            stack,
            place: None,
            allocator: Arc::clone(&self.allocator),
            ty: Arc::clone(&self.ty),
            current: self.current,
            state: self.state.clone(),
        };
        if let Some((place, resting)) = resting {
            let place = place.another();
            let stack = std::mem::take(&mut copy.stack);
            *place.look() = SuspendedStack { stack, live: resting.live };
            copy.place = Some(place);
        }
        Ok(copy)
    }
}

/// The slot behind the operands of an instruction that makes an object.
fn operands_end(store: &Store, instance: &InstanceData, instr: Instr) -> usize {
    let (ty, count) = unpack(instr.imm);
    let layout = store.types.layout(instance.types[ty as usize]);
    let slots: usize = layout.widths.iter().map(|width| usize::from(width.slots())).sum();
    let (a, b) = (usize::from(instr.a), usize::from(instr.b));
    match instr.op {
        Op::StructNew => a + slots,
        Op::StructNewDefault => 0,
        Op::ArrayNew => (a + slots).max(b + 1),
        Op::ArrayNewDefault => b + 1,
        Op::ArrayNewFixed => a + slots * count as usize,
        _ => a.max(b) + 1,
    }
}
