//! Structures (§ valid/instructions, aggregate reference instructions).

use crate::decode::reader::{Checked, Reader};
use crate::heap::Width;
use crate::ir::Op;
use crate::lower::Lower;
use crate::lower::aggregate::Extension;
use crate::types::StorageType;
use crate::validate::ty::Ty;
use crate::validate::typespace::Field;

/// The instruction that reads such a field of a structure.
fn get(storage: StorageType, extension: Extension) -> Op {
    match (Width::of(storage), extension) {
        (Width::Bits8, Extension::Signed) => Op::StructGet8S,
        (Width::Bits8, _) => Op::StructGet8U,
        (Width::Bits16, Extension::Signed) => Op::StructGet16S,
        (Width::Bits16, _) => Op::StructGet16U,
        (Width::Bits32, _) => Op::StructGet32,
        (Width::Bits64, _) => Op::StructGet64,
        (Width::Bits128, _) => Op::StructGet128,
    }
}

/// The instruction that writes such a field of a structure.
fn set(storage: StorageType) -> Op {
    match Width::of(storage) {
        Width::Bits8 => Op::StructSet8,
        Width::Bits16 => Op::StructSet16,
        Width::Bits32 => Op::StructSet32,
        Width::Bits64 => Op::StructSet64,
        Width::Bits128 => Op::StructSet128,
    }
}

impl Lower {
    /// § valid/instructions, `struct.new`.
    pub(super) fn struct_new(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let ty = r.u32()?;
        let count = self.context.structure(ty, self.at)?.len();
        let a = self.take_values(count, |context, position| {
            context.definitions.structure(ty).map_or(Ty::BOTTOM, |fields| fields[position].ty)
        })?;
        self.define(Op::StructNew, a, 0, u64::from(ty), self.context.concrete(ty))
    }

    /// § valid/instructions, `struct.new_default`.
    pub(super) fn struct_new_default(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let ty = r.u32()?;
        self.context.structure(ty, self.at)?;
        self.check_defaultable(ty)?;
        self.define(Op::StructNewDefault, 0, 0, u64::from(ty), self.context.concrete(ty))
    }

    /// Refuse to make objects of a type without giving values for their fields.
    pub(super) fn check_defaultable(&self, ty: u32) -> Checked<()> {
        match self.context.definitions.is_defaultable(ty) {
            true => Ok(()),
            false => Err(self.invalid(format!("type {ty} is not defaultable"))),
        }
    }

    /// A structure type and one of its fields.
    fn struct_field(&mut self, r: &mut Reader<'_>) -> Checked<(u32, Field)> {
        let (ty, index) = (r.u32()?, r.u32()?);
        match self.context.structure(ty, self.at)?.get(index as usize) {
            Some(field) => Ok((ty, *field)),
            None => Err(self.invalid(format!("unknown field {index}"))),
        }
    }

    /// § valid/instructions, `struct.get_sx`.
    pub(super) fn struct_get(&mut self, r: &mut Reader<'_>, extension: Extension) -> Checked<()> {
        let (ty, field) = self.struct_field(r)?;
        self.check_extension(&field, extension)?;
        let structure = self.pop(self.context.concrete(ty).with_null(true))?;
        let a = self.slot(structure);
        self.define(get(field.storage, extension), a, 0, u64::from(field.offset), field.ty)
    }

    /// § valid/instructions, `struct.set`.
    pub(super) fn struct_set(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let (ty, field) = self.struct_field(r)?;
        self.check_mutable(&field, "field")?;
        let value = self.pop(field.ty)?;
        let structure = self.pop(self.context.concrete(ty).with_null(true))?;
        if self.live {
            let (a, b) = (self.slot(structure), self.slot(value));
            self.emit(set(field.storage), 0, a, b, u64::from(field.offset));
        }
        Ok(())
    }
}
