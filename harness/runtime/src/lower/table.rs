//! Tables, references and globals (§ valid/instructions).

use crate::decode::reader::{Checked, Reader};
use crate::decode::types::heap_type;
use crate::ir::{Op, pack};
use crate::lower::Lower;
use crate::lower::memory::shorter;
use crate::refs::NULL;
use crate::types::{RefType, ValType};
use crate::validate::ty::Ty;

impl Lower {
    /// Address type and element type of a table.
    fn table_types(&self, index: u32) -> Checked<(Ty, Ty)> {
        let table = self.context.table(index, self.at)?;
        Ok((Ty::addr(table.addr), self.context.ty(ValType::Ref(table.element))))
    }

    #[inline(never)]
    pub(super) fn table_get(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        self.require(self.context.features.reference_types, 0x25)?;
        let table = r.u32()?;
        let (addr, element) = self.table_types(table)?;
        let index = self.pop(addr)?;
        let a = self.slot(index);
        self.define(Op::TableGet, a, 0, u64::from(table), element)
    }

    #[inline(never)]
    pub(super) fn table_set(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        self.require(self.context.features.reference_types, 0x26)?;
        let table = r.u32()?;
        let (addr, element) = self.table_types(table)?;
        let value = self.pop(element)?;
        let index = self.pop(addr)?;
        if self.live {
            let (a, b) = (self.slot(index), self.slot(value));
            self.emit(Op::TableSet, 0, a, b, u64::from(table));
        }
        Ok(())
    }

    /// Operators 15 to 17 behind the prefix 0xFC.
    #[inline(never)]
    pub(super) fn table_operator(&mut self, opcode: u32, r: &mut Reader<'_>) -> Checked<()> {
        let table = r.u32()?;
        let (addr, element) = self.table_types(table)?;
        match opcode {
            15 => {
                let count = self.pop(addr)?;
                let value = self.pop(element)?;
                let (a, b) = (self.slot(value), self.slot(count));
                self.define(Op::TableGrow, a, b, u64::from(table), addr)
            }
            16 => self.define(Op::TableSize, 0, 0, u64::from(table), addr),
            17 => self.ternary(Op::TableFill, [addr, element, addr], u64::from(table)),
            _ => Err(self.illegal(0xfc00 | opcode)),
        }
    }

    /// Operators 12 to 14 behind the prefix 0xFC.
    #[inline(never)]
    pub(super) fn bulk_table(&mut self, opcode: u32, r: &mut Reader<'_>) -> Checked<()> {
        match opcode {
            12 => {
                let elem = r.u32()?;
                let table = self.table_index(r)?;
                let (addr, element) = self.table_types(table)?;
                let found = self.context.ty(ValType::Ref(self.context.elem(elem, self.at)?));
                if !self.context.fits(found, element) {
                    return Err(self.mismatch(element, found));
                }
                self.ternary(Op::TableInit, [addr, Ty::I32, Ty::I32], pack(table, elem))
            }
            13 => {
                let elem = r.u32()?;
                self.context.elem(elem, self.at)?;
                if self.live {
                    self.emit(Op::ElemDrop, 0, 0, 0, u64::from(elem));
                }
                Ok(())
            }
            14 => {
                let to = self.table_index(r)?;
                let from = self.table_index(r)?;
                let (to_addr, to_element) = self.table_types(to)?;
                let (from_addr, from_element) = self.table_types(from)?;
                if !self.context.fits(from_element, to_element) {
                    return Err(self.mismatch(to_element, from_element));
                }
                let types = [to_addr, from_addr, shorter(to_addr, from_addr)];
                self.ternary(Op::TableCopy, types, pack(to, from))
            }
            _ => Err(self.illegal(0xfc00 | opcode)),
        }
    }

    #[inline(never)]
    pub(super) fn ref_null(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        self.require(self.context.features.reference_types, 0xd0)?;
        let heap = heap_type(r, &self.context)?;
        let ty = self.context.ty(ValType::Ref(RefType { nullable: true, heap }));
        self.push_const(ty, NULL)
    }

    #[inline(never)]
    pub(super) fn ref_is_null(&mut self) -> Checked<()> {
        self.require(self.context.features.reference_types, 0xd1)?;
        let operand = self.pop_any()?;
        if !operand.ty.is_ref() && operand.ty != Ty::BOTTOM {
            return Err(self.mismatch(Ty::FUNCREF, operand.ty));
        }
        let a = self.slot(operand);
        self.define(Op::RefIsNull, a, 0, 0, Ty::I32)
    }

    /// § valid/instructions, `ref.func`; const expressions declare what they name.
    #[inline(never)]
    pub(super) fn ref_func(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        self.require(self.context.features.reference_types, 0xd2)?;
        let index = r.u32()?;
        self.ref_func_at(index)
    }

    pub(super) fn ref_func_at(&mut self, index: u32) -> Checked<()> {
        let ty = self.context.func(index, self.at)?;
        if !self.context.declared[index as usize] {
            return Err(self.invalid(format!("undeclared function reference {index}")));
        }
        let ty = self.context.concrete(ty);
        self.define(Op::RefFunc, 0, 0, u64::from(index), ty)
    }

    pub(super) fn global_get(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let index = r.u32()?;
        self.global_get_at(index)
    }

    pub(super) fn global_get_at(&mut self, index: u32) -> Checked<()> {
        let (ty, _) = self.context.global(index, self.at)?;
        let op = if ty.slots() == 1 { Op::GlobalGet } else { Op::GlobalGet2 };
        self.define(op, 0, 0, u64::from(index), ty)
    }

    pub(super) fn global_set(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let index = r.u32()?;
        let (ty, mutable) = self.context.global(index, self.at)?;
        if !mutable {
            return Err(self.invalid("immutable global"));
        }
        let value = self.pop(ty)?;
        if self.live {
            let a = self.slot(value);
            let op = if ty.slots() == 1 { Op::GlobalSet } else { Op::GlobalSet2 };
            self.emit(op, 0, a, 0, u64::from(index));
        }
        Ok(())
    }
}
