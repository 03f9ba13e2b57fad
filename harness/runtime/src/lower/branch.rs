//! Branches (§ valid/instructions, control instructions; § appendix/algorithm).
//!
//! A branch whose target is not known yet holds, in the low half of its `imm`, the
//! branch to the same label before it; an entry of a branch table holds that too.

use crate::decode::reader::{Checked, Reader};
use crate::ir::{Op, pack};
use crate::lower::control::{Frame, Kind};
use crate::lower::operand::Place;
use crate::lower::relation::Condition;
use crate::lower::{Lower, NONE};
use crate::validate::context::Types;
use crate::validate::ty::Ty;

/// Set in fixups that are entries of branch tables.
const TABLE_ENTRY: u32 = 1 << 31;

impl Lower {
    /// Let all branches of a list go to `target`.
    pub(super) fn patch(&mut self, list: u32, target: u32) {
        let mut next = list;
        while next != NONE {
            if next & TABLE_ENTRY != 0 {
                let entry = &mut self.code.targets[(next & !TABLE_ENTRY) as usize];
                next = std::mem::replace(entry, target);
            } else {
                let imm = &mut self.code.instrs[next as usize].imm;
                next = *imm as u32;
                *imm = pack(target, (*imm >> 32) as u32);
            }
        }
    }

    /// Position on the control stack of the label that a branch names.
    pub(super) fn label(&self, r: &mut Reader<'_>) -> Checked<usize> {
        let depth = r.u32()?;
        self.label_at(depth)
    }

    /// Position of the label at this depth on the control stack.
    pub(super) fn label_at(&self, depth: u32) -> Checked<usize> {
        match self.frames.len().checked_sub(depth as usize + 1) {
            Some(position) => Ok(position),
            None => Err(self.invalid(format!("unknown label {depth}"))),
        }
    }

    /// The target of a branch emitted next: an instruction, or the list it joins.
    fn link(&mut self, position: usize) -> u32 {
        let link = self.here();
        let frame = &mut self.frames[position];
        match frame.kind {
            Kind::Loop => frame.target,
            _ => std::mem::replace(&mut frame.target, link),
        }
    }

    /// The place in [`crate::module::Code::targets`] of the target of exceptions that a
    /// label catches.
    pub(super) fn link_entry(&mut self, position: usize) -> u32 {
        let entry = self.code.targets.len() as u32;
        let frame = &mut self.frames[position];
        let target = match frame.kind {
            Kind::Loop => frame.target,
            _ => std::mem::replace(&mut frame.target, entry | TABLE_ENTRY),
        };
        self.code.targets.push(target);
        entry
    }

    /// Whether a branch to this label must move values, or return them.
    fn moves_values(&self, frame: &Frame) -> bool {
        let count = frame.label().len as usize;
        if count == 0 {
            return false;
        }
        let first = self.operands.len() - count;
        frame.kind == Kind::Func
            || u32::from(self.operands[first].canonical) != frame.base
            || self.operands[first..].iter().any(|operand| operand.place != Place::Canonical)
    }

    /// Branch with the topmost operands, which stay as they are.
    fn branch(&mut self, position: usize) {
        let frame = self.frames[position];
        let types = frame.label();
        if frame.kind == Kind::Func && types.len > 0 {
            return self.emit_return(types);
        }
        self.carry(types, frame.base as u16);
        let target = self.link(position);
        self.emit(Op::Br, 0, 0, 0, u64::from(target));
    }

    /// Copy the topmost operands to consecutive slots from `to` on, at or below
    /// their canonical slots; hence ascending copies overwrite nothing still needed.
    fn carry(&mut self, types: Types, to: u16) {
        let count = types.len as usize;
        let first = self.operands.len() - count;
        let is_canonical = |operand: &super::operand::Operand| operand.place == Place::Canonical;
        if count > 1 && self.operands[first..].iter().all(is_canonical) {
            let from = self.operands[first].canonical;
            if from != to {
                let slots = self.context.slots(types);
                self.emit(Op::CopyMany, to, from, 0, u64::from(slots));
            }
            return;
        }
        let mut slot = u32::from(to);
        for position in first..first + count {
            let operand = self.operands[position];
            self.move_to(slot as u16, operand);
            slot += operand.ty.slots();
        }
    }

    /// Return the topmost operands, which stay as they are.
    pub(super) fn emit_return(&mut self, types: Types) {
        let slots = self.context.slots(types);
        let first = self.operands.len() - types.len as usize;
        match slots {
            0 => self.emit(Op::Return, 0, 0, 0, 0),
            1 => {
                let slot = self.slot(self.operands[first]);
                self.emit(Op::Return1, 0, slot, 0, 0);
            }
            _ => {
                let home = self.operands[first].canonical;
                self.carry(types, home);
                self.emit(Op::ReturnMany, 0, home, 0, u64::from(slots));
            }
        }
    }

    #[inline(never)]
    pub(super) fn br(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let position = self.label(r)?;
        self.check_top(self.frames[position].label())?;
        if self.live {
            self.branch(position);
        }
        self.set_unreachable();
        Ok(())
    }

    #[inline(never)]
    pub(super) fn br_if(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let position = self.label(r)?;
        let operand = self.pop(Ty::I32)?;
        self.retype_top(self.frames[position].label())?;
        if !self.live {
            return Ok(());
        }
        let condition = self.condition(operand);
        self.branch_if(position, condition);
        Ok(())
    }

    /// Branch with the topmost operands, which stay as they are, if a condition holds.
    pub(super) fn branch_if(&mut self, position: usize, condition: Condition) {
        let count = self.frames[position].label().len as usize;
        if count > 1 && self.moves_values(&self.frames[position]) {
            // Once in canonical slots they can be moved by one instruction, however many branches follow.
            self.home_top(count);
        }
        if self.moves_values(&self.frames[position]) {
            let skip = self.here();
            self.branch_unless(condition, NONE);
            self.branch(position);
            self.patch(skip, self.here());
        } else {
            let target = self.link(position);
            if self.frames[position].kind == Kind::Loop {
                self.fuse_latch(condition, target);
            }
            self.emit_condition(condition, target);
        }
        self.end_block();
    }

    #[inline(never)]
    pub(super) fn return_(&mut self) -> Checked<()> {
        let results = self.frames[0].results;
        self.check_top(results)?;
        if self.live {
            self.emit_return(results);
        }
        self.set_unreachable();
        Ok(())
    }

    /// `br_table`: the operands go to their canonical slots, so that what has to be moved
    /// for a label is one instruction; it stands once per label, in a stub.
    #[inline(never)]
    pub(super) fn br_table(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let index = self.pop(Ty::I32)?;
        let count = r.u32()?;
        self.table_stamp += 1;
        let mut checked = None;
        for entry in 0..=u64::from(count) {
            let depth = r.u32()?;
            let position = self.label_at(depth)?;
            let frame = self.frames[position];
            let types = frame.label();
            if frame.stamp != self.table_stamp {
                self.check_label(types, &mut checked)?;
            }
            if self.live {
                if entry == 0 {
                    self.home_top(types.len as usize);
                    let slot = self.slot(index);
                    let first = self.code.targets.len() as u32;
                    self.emit(Op::BrTable, 0, slot, 0, pack(first, count.saturating_add(1)));
                }
                self.table_entry(position);
            }
            self.frames[position].stamp = self.table_stamp;
        }
        self.set_unreachable();
        Ok(())
    }

    /// All labels of a table take as many values as the first one, of types that
    /// the operands match.
    fn check_label(&mut self, types: Types, checked: &mut Option<Types>) -> Checked<()> {
        if *checked == Some(types) {
            return Ok(());
        }
        if checked.is_some_and(|first| first.len != types.len) {
            return Err(self.invalid("type mismatch: labels of different arity in br_table"));
        }
        *checked = Some(types);
        self.check_top(types)
    }

    fn table_entry(&mut self, position: usize) {
        let frame = &mut self.frames[position];
        if frame.stamp != self.table_stamp {
            frame.stub = NONE;
        }
        if frame.stub != NONE {
            return self.code.targets.push(frame.stub);
        }
        let frame = *frame;
        if self.moves_values(&frame) {
            let stub = self.here();
            self.frames[position].stub = stub;
            self.code.targets.push(stub);
            return self.branch(position);
        }
        self.link_entry(position);
    }
}
