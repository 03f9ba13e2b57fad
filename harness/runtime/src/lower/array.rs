//! Arrays (§ valid/instructions, aggregate reference instructions).

use crate::decode::reader::{Checked, Reader, limit};
use crate::heap::Width;
use crate::ir::{Op, pack};
use crate::lower::Lower;
use crate::lower::aggregate::Extension;
use crate::lower::operand::Operand;
use crate::types::{StorageType, ValType};
use crate::validate::ty::Ty;
use crate::validate::typespace::Field;

/// Operands of one `array.new_fixed` (§ js-api, limits).
const FIXED_MAX: u32 = 10_000;

/// The instruction that reads an element of such an array.
fn get(storage: StorageType, extension: Extension) -> Op {
    match (Width::of(storage), extension) {
        (Width::Bits8, Extension::Signed) => Op::ArrayGet8S,
        (Width::Bits8, _) => Op::ArrayGet8U,
        (Width::Bits16, Extension::Signed) => Op::ArrayGet16S,
        (Width::Bits16, _) => Op::ArrayGet16U,
        (Width::Bits32, _) => Op::ArrayGet32,
        (Width::Bits64, _) => Op::ArrayGet64,
        (Width::Bits128, _) => Op::ArrayGet128,
    }
}

/// The instruction that writes an element of such an array.
fn set(storage: StorageType) -> Op {
    match Width::of(storage) {
        Width::Bits8 => Op::ArraySet8,
        Width::Bits16 => Op::ArraySet16,
        Width::Bits32 => Op::ArraySet32,
        Width::Bits64 => Op::ArraySet64,
        Width::Bits128 => Op::ArraySet128,
    }
}

impl Lower {
    /// An array type and its elements.
    fn array_type(&mut self, r: &mut Reader<'_>) -> Checked<(u32, Field)> {
        let ty = r.u32()?;
        Ok((ty, self.context.array(ty, self.at)?))
    }

    /// Pop a reference to an array of this type.
    fn pop_array(&mut self, ty: u32) -> Checked<Operand> {
        self.pop(self.context.concrete(ty).with_null(true))
    }

    /// § valid/instructions, `array.new`.
    pub(super) fn array_new(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let (ty, element) = self.array_type(r)?;
        let count = self.pop(Ty::I32)?;
        let value = self.pop(element.ty)?;
        let (a, b) = (self.slot(value), self.slot(count));
        self.define(Op::ArrayNew, a, b, u64::from(ty), self.context.concrete(ty))
    }

    /// § valid/instructions, `array.new_default`.
    pub(super) fn array_new_default(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let (ty, _) = self.array_type(r)?;
        self.check_defaultable(ty)?;
        let count = self.pop(Ty::I32)?;
        let b = self.slot(count);
        self.define(Op::ArrayNewDefault, 0, b, u64::from(ty), self.context.concrete(ty))
    }

    /// § valid/instructions, `array.new_fixed`.
    pub(super) fn array_new_fixed(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let (ty, element) = self.array_type(r)?;
        let count = r.u32()?;
        if count > FIXED_MAX {
            return Err(limit(self.at, format!("array.new_fixed of {count} elements")));
        }
        let a = self.take_values(count as usize, |_, _| element.ty)?;
        self.define(Op::ArrayNewFixed, a, 0, pack(ty, count), self.context.concrete(ty))
    }

    /// § valid/instructions, `array.new_data`.
    pub(super) fn array_new_data(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let (ty, element) = self.array_type(r)?;
        let data = self.data_index(r)?;
        self.check_data(&element, data)?;
        self.array_new_from(Op::ArrayNewData, ty, data)
    }

    /// § valid/instructions, `array.new_elem`.
    pub(super) fn array_new_elem(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let (ty, element) = self.array_type(r)?;
        let elem = r.u32()?;
        self.check_elem(&element, elem)?;
        self.array_new_from(Op::ArrayNewElem, ty, elem)
    }

    fn array_new_from(&mut self, op: Op, ty: u32, segment: u32) -> Checked<()> {
        let count = self.pop(Ty::I32)?;
        let start = self.pop(Ty::I32)?;
        let (a, b) = (self.slot(start), self.slot(count));
        self.define(op, a, b, pack(ty, segment), self.context.concrete(ty))
    }

    /// Refuse a data segment that there is not, or for elements that are no numbers.
    fn check_data(&self, element: &Field, data: u32) -> Checked<()> {
        self.known_data(data)?;
        match element.ty.is_ref() {
            true => Err(self.invalid("array type is not numeric or vector")),
            false => Ok(()),
        }
    }

    /// Refuse an element segment that there is not, or of another type.
    fn check_elem(&self, element: &Field, elem: u32) -> Checked<()> {
        let found = self.context.ty(ValType::Ref(self.context.elem(elem, self.at)?));
        match self.context.fits(found, element.ty) {
            true => Ok(()),
            false => Err(self.mismatch(element.ty, found)),
        }
    }

    /// § valid/instructions, `array.get_sx`.
    pub(super) fn array_get(&mut self, r: &mut Reader<'_>, extension: Extension) -> Checked<()> {
        let (ty, element) = self.array_type(r)?;
        self.check_extension(&element, extension)?;
        let index = self.pop(Ty::I32)?;
        let array = self.pop_array(ty)?;
        let (a, b) = (self.slot(array), self.slot(index));
        self.define(get(element.storage, extension), a, b, 0, element.ty)
    }

    /// § valid/instructions, `array.set`.
    pub(super) fn array_set(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let (ty, element) = self.array_type(r)?;
        self.check_mutable(&element, "array")?;
        let value = self.pop(element.ty)?;
        let index = self.pop(Ty::I32)?;
        let array = self.pop_array(ty)?;
        if self.live {
            let (d, a, b) = (self.slot(array), self.slot(index), self.slot(value));
            self.emit(set(element.storage), d, a, b, 0);
        }
        Ok(())
    }

    /// § valid/instructions, `array.len`.
    pub(super) fn array_len(&mut self) -> Checked<()> {
        let array = self.pop(Ty::ARRAYREF)?;
        let a = self.slot(array);
        self.define(Op::ArrayLen, a, 0, 0, Ty::I32)
    }

    /// § valid/instructions, `array.fill`.
    pub(super) fn array_fill(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let (ty, element) = self.array_type(r)?;
        self.check_mutable(&element, "array")?;
        let count = self.pop(Ty::I32)?;
        let value = self.pop(element.ty)?;
        self.change(Op::ArrayFill, ty, value, [Some(count), None], 0)
    }

    /// § valid/instructions, `array.copy`.
    pub(super) fn array_copy(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let (to, to_element) = self.array_type(r)?;
        let (from, from_element) = self.array_type(r)?;
        self.check_mutable(&to_element, "array")?;
        if !self.context.definitions.storage_matches(&from_element, &to_element) {
            return Err(self.invalid("array types do not match"));
        }
        let count = self.pop(Ty::I32)?;
        let start = self.pop(Ty::I32)?;
        let array = self.pop_array(from)?;
        self.change(Op::ArrayCopy, to, array, [Some(start), Some(count)], 0)
    }

    /// § valid/instructions, `array.init_data`.
    pub(super) fn array_init_data(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let (ty, element) = self.array_type(r)?;
        let data = self.data_index(r)?;
        self.check_mutable(&element, "array")?;
        self.check_data(&element, data)?;
        self.init(Op::ArrayInitData, ty, data)
    }

    /// § valid/instructions, `array.init_elem`.
    pub(super) fn array_init_elem(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let (ty, element) = self.array_type(r)?;
        let elem = r.u32()?;
        self.check_mutable(&element, "array")?;
        self.check_elem(&element, elem)?;
        self.init(Op::ArrayInitElem, ty, elem)
    }

    fn init(&mut self, op: Op, ty: u32, segment: u32) -> Checked<()> {
        let count = self.pop(Ty::I32)?;
        let source = self.pop(Ty::I32)?;
        self.change(op, ty, source, [Some(count), None], segment)
    }

    /// Change elements of an array, which is popped here, as is where they start. `more`
    /// are the operands behind the third, or else `high` is in their place.
    fn change(
        &mut self,
        op: Op,
        ty: u32,
        third: Operand,
        more: [Option<Operand>; 2],
        high: u32,
    ) -> Checked<()> {
        let start = self.pop(Ty::I32)?;
        let array = self.pop_array(ty)?;
        if self.live {
            let (d, a, b) = (self.slot(array), self.slot(start), self.slot(third));
            let [low, high] = [(more[0], 0), (more[1], high)].map(|(operand, otherwise)| {
                operand.map_or(otherwise, |operand| u32::from(self.slot(operand)))
            });
            self.emit(op, d, a, b, pack(low, high));
        }
        Ok(())
    }
}
