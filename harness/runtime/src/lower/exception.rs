//! Exceptions (§ valid/instructions, control instructions).

use crate::catch::Clause;
use crate::decode::reader::{Checked, Fault, Reader, limit, malformed};
use crate::ir::Op;
use crate::lower::Lower;
use crate::lower::control::{Frame, Kind};
use crate::types::{HeapType, RefType};
use crate::validate::context::Types;
use crate::validate::ty::Ty;

/// How many clauses there may be around an instruction: an exception may have to be
/// compared with all of them, in each frame that it leaves.
const CLAUSES_MAX: u32 = 10_000;

/// What a caught exception is referred to with.
const EXN: Ty = Ty::reference(RefType { nullable: false, heap: HeapType::Exn });

impl Lower {
    /// § valid/instructions, `throw`.
    #[inline(never)]
    pub(super) fn throw(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        self.require(self.context.features.exceptions, 0x08)?;
        let tag = r.u32()?;
        let types = self.context.tag(tag, self.at)?;
        self.check_top(types)?;
        if self.live {
            self.home_top(types.len as usize);
            let slot = self.first_slot(types.len);
            self.emit(Op::Throw, 0, slot, 0, u64::from(tag));
        }
        self.set_unreachable();
        Ok(())
    }

    /// § valid/instructions, `throw_ref`.
    #[inline(never)]
    pub(super) fn throw_ref(&mut self) -> Checked<()> {
        self.require(self.context.features.exceptions, 0x0a)?;
        let operand = self.pop(Ty::EXNREF)?;
        if self.live {
            let a = self.slot(operand);
            self.emit(Op::ThrowRef, 0, a, 0, 0);
        }
        self.set_unreachable();
        Ok(())
    }

    /// § valid/instructions, `try_table`. Nothing is emitted for it.
    #[inline(never)]
    pub(super) fn try_table(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        self.require(self.context.features.exceptions, 0x1f)?;
        let signature = self.block_type(r)?;
        let table = self.live.then(|| self.code.catches.declare(self.try_table));
        let count = r.u32()?;
        for _ in 0..count {
            // They name labels as they are outside of the block.
            self.clause(r)?;
        }
        if table.is_some_and(|table| self.code.catches.around(table) > CLAUSES_MAX) {
            return Err(limit(self.at, format!("more than {CLAUSES_MAX} nested catch clauses")));
        }
        self.open(Kind::Try, signature)?;
        if table.is_some() {
            self.try_table = table;
            self.code.catches.enter(self.here(), table);
        }
        Ok(())
    }

    /// § valid/instructions, catch clauses.
    fn clause(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let at = r.pos();
        let kind = r.byte()?;
        if kind > 3 {
            return Err(malformed(at, "binary/instructions", "malformed catch clause"));
        }
        let reference = kind & 1 != 0;
        let tag = if kind < 2 { Some(r.u32()?) } else { None };
        let types = match tag {
            Some(tag) => self.context.tag(tag, at)?,
            None => Types::NONE,
        };
        let position = self.label(r)?;
        self.check_clause(types, reference, self.frames[position].label())?;
        if self.live {
            let slot = self.frames[position].base as u16;
            let target = self.link_entry(position);
            self.code.catches.add(Clause { tag, reference, slot, target });
        }
        Ok(())
    }

    /// What a clause takes must be what its label takes.
    fn check_clause(&self, types: Types, reference: bool, label: Types) -> Checked<()> {
        let last = reference.then_some(&EXN);
        let (found, wanted) = (self.context.types(types), self.context.types(label));
        if found.len() + usize::from(reference) != wanted.len() {
            return Err(self.invalid("type mismatch: a catch clause and its label differ"));
        }
        for (&found, &wanted) in found.iter().chain(last).zip(wanted) {
            if !self.context.fits(found, wanted) {
                return Err(self.mismatch(wanted, found));
            }
        }
        Ok(())
    }

    /// The end of a `try_table`.
    pub(super) fn close_try(&mut self, frame: Frame) {
        if let Some(table) = self.try_table
            && frame.entered_live
        {
            self.try_table = self.code.catches.outer(table);
            self.code.catches.enter(self.here(), self.try_table);
        }
    }

    /// Refuse what Wasm 3.0 has replaced by `try_table`.
    #[cold]
    pub(super) fn legacy_exceptions(&self, opcode: u8) -> Fault {
        let name = match opcode {
            0x06 => "try",
            0x07 => "catch",
            0x09 => "rethrow",
            0x18 => "delegate",
            _ => "catch_all",
        };
        self.malformed(format!(
            "illegal opcode {opcode:02x}: {name} of the legacy exceptions; Wasm 3.0 has try_table"
        ))
    }
}
