//! Casts, and references to small integers (§ valid/instructions, reference instructions).

use crate::decode::reader::{Checked, Reader};
use crate::decode::types::heap_type;
use crate::ir::Op;
use crate::lower::Lower;
use crate::lower::aggregate::Extension;
use crate::lower::operand::{Operand, Place};
use crate::lower::relation::Condition;
use crate::refs::{Target, i31_ref};
use crate::subtype::Hierarchy;
use crate::types::{HeapType, RefType, ValType};
use crate::validate::ty::Ty;

/// What a `br_on_cast` says of its operand.
struct Cast {
    /// Position on the control stack of the label that it names.
    label: usize,
    /// The type that the operand has, and that it is cast to.
    from: Ty,
    to: RefType,
    /// The type of operands that are not of type `to`.
    rest: Ty,
}

impl Lower {
    fn ref_ty(&self, nullable: bool, heap: HeapType) -> Ty {
        self.context.ty(ValType::Ref(RefType { nullable, heap }))
    }

    /// The type that a cast is to, and its operand, which is of the same hierarchy.
    fn cast_operand(&mut self, r: &mut Reader<'_>, nullable: bool) -> Checked<(RefType, Operand)> {
        let heap = heap_type(r, &self.context)?;
        let top = self.context.definitions.top(heap);
        let operand = self.pop(self.ref_ty(true, top))?;
        Ok((RefType { nullable, heap }, operand))
    }

    /// § valid/instructions, `ref.test`.
    pub(super) fn ref_test(&mut self, r: &mut Reader<'_>, nullable: bool) -> Checked<()> {
        let (ty, operand) = self.cast_operand(r, nullable)?;
        let a = self.slot(operand);
        self.define(Op::RefTest, a, 0, u64::from(Target::new(ty).0), Ty::I32)
    }

    /// § valid/instructions, `ref.cast`.
    pub(super) fn ref_cast(&mut self, r: &mut Reader<'_>, nullable: bool) -> Checked<()> {
        let (ty, operand) = self.cast_operand(r, nullable)?;
        let a = self.slot(operand);
        let result = self.context.ty(ValType::Ref(ty));
        self.define(Op::RefCast, a, 0, u64::from(Target::new(ty).0), result)
    }

    /// § binary/instructions, `br_on_cast`, and what it and `br_on_cast_fail` have in common.
    fn cast_branch(&mut self, r: &mut Reader<'_>) -> Checked<Cast> {
        let flags = r.byte()?;
        if flags > 3 {
            return Err(self.malformed("malformed br_on_cast flags"));
        }
        let label = self.label(r)?;
        let [from, to] = [(flags & 1 != 0), (flags & 2 != 0)];
        let from = RefType { nullable: from, heap: heap_type(r, &self.context)? };
        let to = RefType { nullable: to, heap: heap_type(r, &self.context)? };
        let (from_ty, to_ty) =
            (self.context.ty(ValType::Ref(from)), self.context.ty(ValType::Ref(to)));
        if !self.context.fits(to_ty, from_ty) {
            return Err(self.mismatch(from_ty, to_ty));
        }
        let rest = from_ty.with_null(from.nullable && !to.nullable);
        Ok(Cast { label, from: from_ty, to, rest })
    }

    /// § valid/instructions, `br_on_cast`.
    pub(super) fn br_on_cast(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let cast = self.cast_branch(r)?;
        let to = self.context.ty(ValType::Ref(cast.to));
        self.branch_on_cast(&cast, true, to, cast.rest)
    }

    /// § valid/instructions, `br_on_cast_fail`.
    pub(super) fn br_on_cast_fail(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let cast = self.cast_branch(r)?;
        let to = self.context.ty(ValType::Ref(cast.to));
        self.branch_on_cast(&cast, false, cast.rest, to)
    }

    /// Branch if the operand is of the type cast to, or if it is not; it is of type
    /// `taken` at the label, where it is the last value, and of type `left` here.
    fn branch_on_cast(&mut self, cast: &Cast, wanted: bool, taken: Ty, left: Ty) -> Checked<()> {
        let operand = self.pop(cast.from)?;
        let a = if self.live { self.slot(operand) } else { 0 };
        self.push_again(operand, taken, true)?;
        let types = self.frames[cast.label].label();
        if types.len == 0 {
            return Err(self.invalid("type mismatch: the label takes no reference"));
        }
        self.retype_top(types)?;
        if self.live {
            let condition = Condition::cast(a, Target::new(cast.to));
            self.branch_if(cast.label, if wanted { condition } else { condition.inverse() });
        }
        let operand = self.pop_any()?;
        self.push_again(operand, left, true)
    }

    /// § valid/instructions, `any.convert_extern`: another type for the same reference.
    pub(super) fn any_convert_extern(&mut self) -> Checked<()> {
        self.convert(HeapType::Extern, HeapType::Any)
    }

    /// § valid/instructions, `extern.convert_any`.
    pub(super) fn extern_convert_any(&mut self) -> Checked<()> {
        self.convert(HeapType::Any, HeapType::Extern)
    }

    fn convert(&mut self, from: HeapType, to: HeapType) -> Checked<()> {
        let operand = self.pop_reference()?;
        let wanted = self.ref_ty(true, from);
        if !self.context.fits(operand.ty, wanted) {
            return Err(self.mismatch(wanted, operand.ty));
        }
        self.push_again(operand, self.ref_ty(operand.ty.is_nullable(), to), false)
    }

    /// § valid/instructions, `ref.i31`.
    pub(super) fn ref_i31(&mut self) -> Checked<()> {
        let number = self.pop(Ty::I32)?;
        let ty = self.ref_ty(false, HeapType::I31);
        if number.place == Place::Const {
            return self.push_const(ty, i31_ref(number.value as u32));
        }
        let a = self.slot(number);
        self.define(Op::RefI31, a, 0, 0, ty)
    }

    /// § valid/instructions, `i31.get_sx`.
    pub(super) fn i31_get(&mut self, extension: Extension) -> Checked<()> {
        let reference = self.pop(self.ref_ty(true, HeapType::I31))?;
        let a = self.slot(reference);
        let op = if extension == Extension::Signed { Op::I31GetS } else { Op::I31GetU };
        self.define(op, a, 0, 0, Ty::I32)
    }
}
