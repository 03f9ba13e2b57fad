//! Locals (§ valid/instructions, variable instructions; § binary/modules, code).

use crate::decode::reader::{Checked, Reader, malformed};
use crate::decode::types::val_type;
use crate::ir::FRAME_SLOTS_MAX;
use crate::lower::operand::{Operand, Place};
use crate::lower::{BORROWED, Lower, NONE};
use crate::validate::ty::Ty;

/// Locals by index: the first ones one by one, the others in runs of one type, so
/// that a function costs what its bytes cost.
#[derive(Debug)]
pub(super) struct Locals {
    first: [(Ty, u16); FIRST],
    /// How many of `first` there are.
    held: usize,
    runs: Vec<Run>,
    count: u64,
    slots: u64,
}

/// Consecutive locals of one type.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// Index of the first one, and its slot.
    index: u32,
    slot: u32,
    ty: Ty,
}

/// How many locals are held one by one.
const FIRST: usize = 64;

impl Locals {
    pub(super) fn new() -> Locals {
        Locals { first: [(Ty::BOTTOM, 0); FIRST], held: 0, runs: Vec::new(), count: 0, slots: 0 }
    }

    fn clear(&mut self) {
        self.held = 0;
        self.runs.clear();
        self.count = 0;
        self.slots = 0;
    }

    fn add(&mut self, count: u32, ty: Ty) {
        let width = u64::from(ty.slots());
        let end = FIRST.min(self.held + count as usize);
        for (local, i) in self.first[self.held..end].iter_mut().zip(0..) {
            *local = (ty, (self.slots + i * width) as u16);
        }
        self.held = end;
        let beyond = self.count + u64::from(count) > FIRST as u64;
        if beyond && count > 0 && self.slots < FRAME_SLOTS_MAX as u64 {
            self.runs.push(Run { index: self.count as u32, slot: self.slots as u32, ty });
        }
        self.count += u64::from(count);
        self.slots += u64::from(count) * width;
    }

    /// Type and slot of a local.
    #[inline]
    fn get(&self, index: u32) -> Option<(Ty, u16)> {
        match self.first[..self.held].get(index as usize) {
            Some(&local) => Some(local),
            None => self.find(index),
        }
    }

    #[cold]
    fn find(&self, index: u32) -> Option<(Ty, u16)> {
        if u64::from(index) >= self.count {
            return None;
        }
        let run = self.runs[self.runs.partition_point(|run| run.index <= index) - 1];
        Some((run.ty, (run.slot + (index - run.index) * run.ty.slots()) as u16))
    }
}

impl Lower {
    /// Start a function's locals with its parameters.
    pub(super) fn begin_locals(&mut self, params: crate::validate::context::Types) {
        self.locals.clear();
        for &ty in self.context.types(params) {
            self.locals.add(1, ty);
        }
    }

    /// Slots of the locals so far.
    pub(super) fn local_slots(&self) -> u64 {
        self.locals.slots
    }

    /// Read the declarations of locals.
    pub(super) fn declare_locals(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        self.at = r.pos();
        let groups = r.u32()?;
        let mut declared = 0;
        for _ in 0..groups {
            let at = r.pos();
            let count = r.u32()?;
            declared += u64::from(count);
            if declared > u64::from(u32::MAX) {
                return Err(malformed(at, "binary/modules, code section", "too many locals"));
            }
            let ty = val_type(r, &self.context)?;
            let ty = self.context.ty(ty);
            self.locals.add(count, ty);
        }
        if self.locals.slots >= FRAME_SLOTS_MAX as u64 {
            return Err(self.frame_too_large());
        }
        Ok(())
    }

    #[inline]
    fn local(&self, index: u32) -> Checked<(Ty, u16)> {
        match self.locals.get(index) {
            Some(local) => Ok(local),
            None => Err(self.invalid(format!("unknown local {index}"))),
        }
    }

    #[inline]
    pub(super) fn local_get(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let index = r.u32()?;
        let (ty, slot) = self.local(index)?;
        if !ty.is_defaultable() {
            self.check_initialized(index)?;
        }
        self.push_local(ty, slot)
    }

    #[inline]
    pub(super) fn local_set(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let index = r.u32()?;
        let (ty, slot) = self.local(index)?;
        let operand = self.pop(ty)?;
        if !ty.is_defaultable() {
            self.initialized.set(index);
        }
        self.assign(slot, operand);
        Ok(())
    }

    #[inline]
    pub(super) fn local_tee(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let index = r.u32()?;
        let (ty, slot) = self.local(index)?;
        let operand = self.pop(ty)?;
        if !ty.is_defaultable() {
            self.initialized.set(index);
        }
        self.assign(slot, operand);
        self.push_local(ty, slot)
    }

    /// Write a local, once no operand lies in it any more.
    #[inline]
    fn assign(&mut self, slot: u16, operand: Operand) {
        if !self.live || operand.place == Place::Local && operand.value == u64::from(slot) {
            return;
        }
        if self.borrowed[slot as usize % BORROWED] != 0 {
            self.spill_pending();
        }
        if self.defined_last(operand) {
            let definition = self.definition as usize;
            self.code.instrs[definition].d = slot;
            self.definition = NONE;
        } else {
            self.move_to(slot, operand);
        }
    }
}
