//! Calls (§ valid/instructions, control instructions).

use crate::config::Features;
use crate::decode::reader::{Checked, Reader};
use crate::ir::{Op, pack};
use crate::lower::Lower;
use crate::types::ValType;
use crate::validate::context::Signature;
use crate::validate::ty::Ty;

/// A call before its arguments are in place.
#[derive(Clone, Copy)]
struct Callee {
    op: Op,
    /// The slot of the table index.
    b: u16,
    imm: u64,
}

impl Lower {
    fn direct(&self, index: u32, own: Op, imported: Op) -> Callee {
        let imports = self.context.module.func_imports as u32;
        match index.checked_sub(imports) {
            Some(body) => Callee { op: own, b: 0, imm: u64::from(body) },
            None => Callee { op: imported, b: 0, imm: u64::from(index) },
        }
    }

    #[inline(never)]
    pub(super) fn call(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let index = r.u32()?;
        let signature = self.callee_signature(index)?;
        let callee = self.direct(index, Op::Call, Op::CallImport);
        self.emit_call(signature, callee)
    }

    #[inline(never)]
    pub(super) fn return_call(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        self.require(self.context.features.tail_call, 0x12)?;
        let index = r.u32()?;
        let signature = self.callee_signature(index)?;
        let callee = self.direct(index, Op::ReturnCall, Op::ReturnCallImport);
        self.emit_return_call(signature, callee)
    }

    fn callee_signature(&self, index: u32) -> Checked<Signature> {
        self.context.signature(self.context.func(index, self.at)?, self.at)
    }

    #[inline(never)]
    pub(super) fn call_indirect(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let (signature, callee) = self.indirect(r, Op::CallIndirect)?;
        self.emit_call(signature, callee)
    }

    #[inline(never)]
    pub(super) fn return_call_indirect(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        self.require(self.context.features.tail_call, 0x13)?;
        let (signature, callee) = self.indirect(r, Op::ReturnCallIndirect)?;
        self.emit_return_call(signature, callee)
    }

    fn indirect(&mut self, r: &mut Reader<'_>, op: Op) -> Checked<(Signature, Callee)> {
        let ty = r.u32()?;
        let table = self.table_index(r)?;
        let table_type = self.context.table(table, self.at)?;
        let element = self.context.ty(ValType::Ref(table_type.element));
        if !self.context.fits(element, Ty::FUNCREF) {
            return Err(self.mismatch(Ty::FUNCREF, element));
        }
        let signature = self.context.signature(ty, self.at)?;
        let index = self.pop(Ty::addr(table_type.addr))?;
        let b = if self.live { self.slot(index) } else { 0 };
        Ok((signature, Callee { op, b, imm: pack(ty, table) }))
    }

    /// § valid/instructions, `call_ref`.
    #[inline(never)]
    pub(super) fn call_ref(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        self.require(self.context.features.function_references, 0x14)?;
        let (signature, callee) = self.referenced(r, Op::CallRef)?;
        self.emit_call(signature, callee)
    }

    /// § valid/instructions, `return_call_ref`.
    #[inline(never)]
    pub(super) fn return_call_ref(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let Features { tail_call, function_references, .. } = self.context.features;
        self.require(tail_call && function_references, 0x15)?;
        let (signature, callee) = self.referenced(r, Op::ReturnCallRef)?;
        self.emit_return_call(signature, callee)
    }

    fn referenced(&mut self, r: &mut Reader<'_>, op: Op) -> Checked<(Signature, Callee)> {
        let ty = r.u32()?;
        let signature = self.context.signature(ty, self.at)?;
        let reference = self.pop(self.context.concrete(ty).with_null(true))?;
        let b = if self.live { self.slot(reference) } else { 0 };
        Ok((signature, Callee { op, b, imm: u64::from(ty) }))
    }

    /// The slot of the first of the topmost operands, or of the next one.
    pub(super) fn first_slot(&self, count: u32) -> u16 {
        let first = self.operands.len() - count as usize;
        self.operands.get(first).map_or(self.top as u16, |operand| operand.canonical)
    }

    fn emit_call(&mut self, signature: Signature, callee: Callee) -> Checked<()> {
        let count = signature.params.len;
        self.check_top(signature.params)?;
        if self.live {
            self.home_top(count as usize);
            let slot = self.first_slot(count);
            self.emit(callee.op, 0, slot, callee.b, callee.imm);
        }
        self.drop_top(count as usize);
        self.push_types(signature.results)
    }

    fn emit_return_call(&mut self, signature: Signature, callee: Callee) -> Checked<()> {
        let results = self.frames[0].results;
        if !self.context.matches(signature.results, results) {
            return Err(self.invalid("type mismatch: results of the callee of a tail call"));
        }
        self.check_top(signature.params)?;
        if self.live {
            self.home_top(signature.params.len as usize);
            let slot = self.first_slot(signature.params.len);
            let slots = self.context.slots(signature.params);
            self.emit(callee.op, slots as u16, slot, callee.b, callee.imm);
        }
        self.set_unreachable();
        Ok(())
    }
}
