//! The operators behind the prefix 0xFB: structures, arrays, casts
//! (§ binary/instructions), and what their rules have in common.

use crate::decode::reader::{Checked, Reader};
use crate::lower::Lower;
use crate::validate::context::Context;
use crate::validate::ty::Ty;
use crate::validate::typespace::Field;

/// How a field is read (§ syntax/instructions, aggregate instructions).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extension {
    None,
    Signed,
    Unsigned,
}

impl Lower {
    #[inline(never)]
    pub(super) fn aggregate(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        self.require(self.context.features.gc, 0xfb)?;
        let opcode = r.u32()?;
        match opcode {
            0 => self.struct_new(r),
            1 => self.struct_new_default(r),
            2 => self.struct_get(r, Extension::None),
            3 => self.struct_get(r, Extension::Signed),
            4 => self.struct_get(r, Extension::Unsigned),
            5 => self.struct_set(r),
            6 => self.array_new(r),
            7 => self.array_new_default(r),
            8 => self.array_new_fixed(r),
            9 => self.array_new_data(r),
            10 => self.array_new_elem(r),
            11 => self.array_get(r, Extension::None),
            12 => self.array_get(r, Extension::Signed),
            13 => self.array_get(r, Extension::Unsigned),
            14 => self.array_set(r),
            15 => self.array_len(),
            16 => self.array_fill(r),
            17 => self.array_copy(r),
            18 => self.array_init_data(r),
            19 => self.array_init_elem(r),
            20 => self.ref_test(r, false),
            21 => self.ref_test(r, true),
            22 => self.ref_cast(r, false),
            23 => self.ref_cast(r, true),
            24 => self.br_on_cast(r),
            25 => self.br_on_cast_fail(r),
            26 => self.any_convert_extern(),
            27 => self.extern_convert_any(),
            28 => self.ref_i31(),
            29 => self.i31_get(Extension::Signed),
            30 => self.i31_get(Extension::Unsigned),
            _ => Err(self.illegal(0xfb00 | opcode)),
        }
    }

    /// Take the topmost `count` operands, the types of which `ty` tells by position. They
    /// are in consecutive slots, the first of which is given.
    ///
    /// Unreachable code has those that are missing; they take no time.
    pub(super) fn take_values(
        &mut self,
        count: usize,
        ty: impl Fn(&Context, usize) -> Ty,
    ) -> Checked<u16> {
        let present = count.min(self.operands.len() - self.floor);
        for position in 0..present {
            let operand = self.operands[self.operands.len() - 1 - position];
            let wanted = ty(&self.context, count - 1 - position);
            if operand.ty != wanted && !self.context.fits(operand.ty, wanted) {
                return Err(self.mismatch(wanted, operand.ty));
            }
        }
        if present < count {
            self.drop_top(present);
            self.underflow()?;
            return Ok(0);
        }
        if self.live {
            self.home_top(count);
        }
        let slot = self.first_slot(count as u32);
        self.drop_top(count);
        Ok(slot)
    }

    /// Refuse to read a field in a way that its type does not have.
    pub(super) fn check_extension(&self, field: &Field, extension: Extension) -> Checked<()> {
        if field.is_packed() != (extension != Extension::None) {
            return Err(self.invalid(match field.is_packed() {
                true => "type mismatch: field is packed",
                false => "type mismatch: field is not packed",
            }));
        }
        Ok(())
    }

    /// Refuse to write a field that stays as it is.
    pub(super) fn check_mutable(&self, field: &Field, what: &'static str) -> Checked<()> {
        if !field.mutable {
            return Err(self.invalid(format!("immutable {what}")));
        }
        Ok(())
    }
}
