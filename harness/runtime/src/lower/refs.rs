//! References (§ valid/instructions, reference instructions and the branches on them).

use crate::decode::reader::{Checked, Reader};
use crate::ir::Op;
use crate::lower::Lower;
use crate::lower::operand::{Operand, Place};
use crate::lower::relation::Condition;
use crate::validate::ty::Ty;

impl Lower {
    /// Pop a reference of any type (§ appendix/algorithm, `pop_ref`).
    pub(super) fn pop_reference(&mut self) -> Checked<Operand> {
        let operand = self.pop_any()?;
        match operand.ty {
            Ty::BOTTOM => Ok(Operand { ty: Ty::BOTTOM_REF, ..operand }),
            ty if ty.is_ref() => Ok(operand),
            ty => Err(self.mismatch(Ty::ANYREF, ty)),
        }
    }

    /// Push an operand that was popped just before back as a value of another type;
    /// if `loaded`, then it is in its canonical slot even if it was a constant.
    pub(super) fn push_again(&mut self, operand: Operand, ty: Ty, loaded: bool) -> Checked<()> {
        match operand.place {
            Place::Local => self.push_local(ty, operand.value as u16),
            Place::Const if !loaded => self.push_const(ty, operand.value),
            Place::Canonical | Place::Const => self.push(ty),
        }
    }

    /// § valid/instructions, `ref.as_non_null`.
    #[inline(never)]
    pub(super) fn ref_as_non_null(&mut self) -> Checked<()> {
        self.require(self.context.features.function_references, 0xd4)?;
        let operand = self.pop_reference()?;
        let a = self.slot(operand);
        self.define(Op::RefAsNonNull, a, 0, 0, operand.ty.with_null(false))
    }

    /// § valid/instructions, `ref.eq`.
    #[inline(never)]
    pub(super) fn ref_eq(&mut self) -> Checked<()> {
        self.require(self.context.features.gc, 0xd3)?;
        let second = self.pop(Ty::EQREF)?;
        let first = self.pop(Ty::EQREF)?;
        let (a, b) = (self.slot(first), self.slot(second));
        self.define(Op::RefEq, a, b, 0, Ty::I32)
    }

    /// § valid/instructions, `br_on_null`: the reference goes on if it is not null.
    #[inline(never)]
    pub(super) fn br_on_null(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        self.require(self.context.features.function_references, 0xd5)?;
        let position = self.label(r)?;
        let operand = self.pop_reference()?;
        self.retype_top(self.frames[position].label())?;
        if self.live {
            let a = self.slot(operand);
            self.branch_if(position, Condition::null(a));
        }
        self.push_again(operand, operand.ty.with_null(false), true)
    }

    /// § valid/instructions, `br_on_non_null`: the reference is the last of the label's
    /// values.
    #[inline(never)]
    pub(super) fn br_on_non_null(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        self.require(self.context.features.function_references, 0xd6)?;
        let position = self.label(r)?;
        let operand = self.pop_reference()?;
        let a = if self.live { self.slot(operand) } else { 0 };
        self.push_again(operand, operand.ty.with_null(false), true)?;
        let types = self.frames[position].label();
        if types.len == 0 {
            return Err(self.invalid("type mismatch: the label takes no reference"));
        }
        self.retype_top(types)?;
        if self.live {
            self.branch_if(position, Condition::null(a).inverse());
        }
        self.pop_any()?;
        Ok(())
    }
}
