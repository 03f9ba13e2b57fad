//! The operand stack: types, and where values are (§ appendix/algorithm).

use crate::decode::reader::{Checked, Fault, limit};
use crate::ir::{FRAME_SLOTS_MAX, Op};
use crate::lower::{BORROWED, Lower, NONE};
use crate::validate::context::Types;
use crate::validate::ty::Ty;

/// One operand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operand {
    pub(super) ty: Ty,
    /// The slot that belongs to its place on the stack.
    pub(super) canonical: u16,
    pub(super) place: Place,
    /// The local's slot or the constant's bits.
    pub(super) value: u64,
}

/// Where an operand's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In its canonical slot.
    Canonical,
    /// In the slot `value` of a local.
    Local,
    /// Nowhere: it is the constant `value`.
    Const,
}

impl Operand {
    /// Whether this is the constant zero of an integer type or the like.
    pub(super) fn constant(&self) -> Option<u64> {
        (self.place == Place::Const).then_some(self.value)
    }
}

impl Lower {
    /// Push an operand that is (or will be) in its canonical slot.
    #[inline]
    pub(super) fn push(&mut self, ty: Ty) -> Checked<()> {
        self.push_at(ty, Place::Canonical, 0)
    }

    /// Push a constant; `bits` are its slot's contents.
    #[inline]
    pub(super) fn push_const(&mut self, ty: Ty, bits: u64) -> Checked<()> {
        let place = if self.live { Place::Const } else { Place::Canonical };
        self.push_at(ty, place, bits)
    }

    /// Push what is in a local, without copying it.
    #[inline]
    pub(super) fn push_local(&mut self, ty: Ty, slot: u16) -> Checked<()> {
        if !self.live {
            return self.push(ty);
        }
        self.pending.push(self.operands.len() as u32);
        self.borrowed[slot as usize % BORROWED] += 1;
        self.push_at(ty, Place::Local, u64::from(slot))
    }

    #[inline]
    fn push_at(&mut self, ty: Ty, place: Place, value: u64) -> Checked<()> {
        self.operands.push(Operand { ty, canonical: self.top as u16, place, value });
        self.top += ty.slots();
        if self.top > self.peak {
            return self.raise_peak();
        }
        Ok(())
    }

    /// Note a frame of this size.
    pub(super) fn raise_peak(&mut self) -> Checked<()> {
        self.peak = self.top;
        if self.top as usize >= FRAME_SLOTS_MAX {
            return Err(self.frame_too_large());
        }
        Ok(())
    }

    #[cold]
    pub(super) fn frame_too_large(&self) -> Fault {
        limit(self.at, format!("a frame of more than {FRAME_SLOTS_MAX} slots"))
    }

    /// Pop an operand of this type.
    #[inline]
    pub(super) fn pop(&mut self, wanted: Ty) -> Checked<Operand> {
        let operand = self.pop_any()?;
        if operand.ty == wanted || self.context.fits(operand.ty, wanted) {
            return Ok(operand);
        }
        Err(self.mismatch(wanted, operand.ty))
    }

    /// Pop an operand of any type.
    #[inline]
    pub(super) fn pop_any(&mut self) -> Checked<Operand> {
        if self.operands.len() > self.floor
            && let Some(operand) = self.operands.pop()
        {
            self.top = u32::from(operand.canonical);
            if operand.place == Place::Local {
                self.pending.pop();
                self.borrowed[operand.value as usize % BORROWED] -= 1;
            }
            return Ok(operand);
        }
        self.underflow()
    }

    /// The operand that unreachable code finds on an empty stack.
    #[cold]
    pub(super) fn underflow(&mut self) -> Checked<Operand> {
        if self.frames.last().is_some_and(|frame| frame.unreachable) {
            return Ok(Operand { ty: Ty::BOTTOM, canonical: 0, place: Place::Canonical, value: 0 });
        }
        Err(self.invalid("type mismatch: nothing on the stack"))
    }

    /// Push operands of these types, in their canonical slots.
    pub(super) fn push_types(&mut self, types: Types) -> Checked<()> {
        for position in 0..types.len {
            self.push(self.context.type_at(types, position))?;
        }
        Ok(())
    }

    /// Check the topmost operands against these types and give them these types.
    #[inline]
    pub(super) fn retype_top(&mut self, types: Types) -> Checked<()> {
        self.check_top(types)?;
        let first = self.operands.len() - types.len as usize;
        for (operand, &ty) in self.operands[first..].iter_mut().zip(self.context.types(types)) {
            operand.ty = ty;
        }
        Ok(())
    }

    /// Check the topmost operands against these types and leave them as they are.
    #[inline]
    pub(super) fn check_top(&mut self, types: Types) -> Checked<()> {
        if types.len == 0 {
            return Ok(());
        }
        let count = types.len as usize;
        if self.operands.len() - self.floor < count {
            self.fill(count)?;
        }
        let first = self.operands.len() - count;
        let operands = self.operands[first..].iter();
        // The topmost operand is popped first, so the fault lies with it.
        for (operand, &ty) in operands.zip(self.context.types(types)).rev() {
            if operand.ty != ty && !self.context.fits(operand.ty, ty) {
                return Err(self.mismatch(ty, operand.ty));
            }
        }
        Ok(())
    }

    /// Put operands of any type below the frame's, so that there are `count`. The
    /// stack of unreachable code has as many of them as anyone wants.
    #[cold]
    fn fill(&mut self, count: usize) -> Checked<()> {
        let missing = count - (self.operands.len() - self.floor);
        let bottom = self.underflow()?;
        let floor = self.floor;
        self.operands.splice(floor..floor, std::iter::repeat_n(bottom, missing));
        Ok(())
    }

    /// The slot an operand can be read from.
    #[inline]
    pub(super) fn slot(&mut self, operand: Operand) -> u16 {
        match operand.place {
            Place::Canonical => operand.canonical,
            Place::Local => operand.value as u16,
            Place::Const => self.load_const(operand),
        }
    }

    /// A constant that an outer block pushed may be met in dead code.
    fn load_const(&mut self, operand: Operand) -> u16 {
        if self.live {
            self.emit(Op::Const, operand.canonical, 0, 0, operand.value);
        }
        operand.canonical
    }

    /// Move a value to a slot, unless it is there.
    #[inline]
    pub(super) fn move_to(&mut self, slot: u16, operand: Operand) {
        match operand.place {
            Place::Canonical => self.copy(slot, operand.canonical, operand.ty),
            Place::Local => self.copy(slot, operand.value as u16, operand.ty),
            Place::Const => self.emit(Op::Const, slot, 0, 0, operand.value),
        }
    }

    fn copy(&mut self, to: u16, from: u16, ty: Ty) {
        if to != from {
            let op = if ty.slots() == 1 { Op::Copy } else { Op::Copy2 };
            self.emit(op, to, from, 0, 0);
        }
    }

    /// Bring the topmost operands to their canonical slots.
    pub(super) fn home_top(&mut self, count: usize) {
        let first = self.operands.len() - count;
        for position in first..first + count {
            self.spill_one(position);
        }
        self.forget_pending(first);
    }

    fn spill_one(&mut self, position: usize) {
        let operand = self.operands[position];
        if operand.place != Place::Canonical {
            self.move_to(operand.canonical, operand);
            // Its borrowing of a local ends in `forget_pending`.
        }
        if operand.place == Place::Const {
            self.operands[position].place = Place::Canonical;
        }
    }

    /// The operands from this position on no longer lie in locals: they are at
    /// home now, or gone.
    pub(super) fn forget_pending(&mut self, first: usize) {
        while let Some(&position) = self.pending.last()
            && position as usize >= first
        {
            self.pending.pop();
            let operand = &mut self.operands[position as usize];
            operand.place = Place::Canonical;
            self.borrowed[operand.value as usize % BORROWED] -= 1;
        }
    }

    /// Copy all operands that lie in locals to their canonical slots. Each is copied
    /// once, however often this is asked.
    pub(super) fn spill_pending(&mut self) {
        for index in 0..self.pending.len() {
            let operand = self.operands[self.pending[index] as usize];
            self.move_to(operand.canonical, operand);
        }
        self.forget_pending(0);
    }

    /// Prepare for a join behind which the topmost `count` operands are wanted:
    /// those in canonical slots, and none below them in a local.
    pub(super) fn spill(&mut self, count: usize) {
        let first = self.operands.len() - count;
        for position in first..first + count {
            if self.operands[position].place == Place::Const {
                self.spill_one(position);
            }
        }
        self.spill_pending();
    }

    /// Drop all operands from this position on.
    pub(super) fn truncate(&mut self, len: usize) {
        if let Some(first) = self.operands.get(len) {
            self.top = u32::from(first.canonical);
            self.forget_pending(len);
            self.operands.truncate(len);
        }
    }

    /// Drop the topmost operands.
    pub(super) fn drop_top(&mut self, count: usize) {
        self.truncate(self.operands.len() - count);
    }

    /// Take back the last instruction if it computed this operand.
    #[inline]
    pub(super) fn defined_last(&self, operand: Operand) -> bool {
        operand.place == Place::Canonical
            && self.definition != NONE
            && self.definition + 1 == self.here()
            && self.code.instrs[self.definition as usize].d == operand.canonical
    }
}
