//! Every operator: its immediates, and which rule applies (§ binary/instructions).

use crate::decode::reader::{Checked, Fault, Reader, malformed};
use crate::lower::{Lower, memory, numeric};
use crate::validate::ty::Ty;

impl Lower {
    /// Validate and lower one operator. One dense `match`, without conditions, so that
    /// it becomes one jump; short rules are inlined into it, the others are calls.
    #[inline(always)]
    pub(super) fn operator(&mut self, opcode: u8, r: &mut Reader<'_>) -> Checked<()> {
        match opcode {
            0x00 => self.unreachable(),
            0x01 => Ok(()),
            0x02 => self.block(r),
            0x03 => self.loop_(r),
            0x04 => self.if_(r),
            0x05 => self.else_(),
            0x08 => self.throw(r),
            0x0a => self.throw_ref(),
            0x0b => self.end(),
            0x0c => self.br(r),
            0x0d => self.br_if(r),
            0x0e => self.br_table(r),
            0x0f => self.return_(),
            0x10 => self.call(r),
            0x11 => self.call_indirect(r),
            0x12 => self.return_call(r),
            0x13 => self.return_call_indirect(r),
            0x14 => self.call_ref(r),
            0x15 => self.return_call_ref(r),
            0x1a => self.drop_operand(),
            0x1b => self.select(),
            0x1c => self.typed_select(r),
            0x1f => self.try_table(r),
            0x20 => self.local_get(r),
            0x21 => self.local_set(r),
            0x22 => self.local_tee(r),
            0x23 => self.global_get(r),
            0x24 => self.global_set(r),
            0x25 => self.table_get(r),
            0x26 => self.table_set(r),
            0x28..=0x35 => self.load(&memory::LOADS[(opcode - 0x28) as usize], r),
            0x36..=0x3e => self.store(&memory::STORES[(opcode - 0x36) as usize], r),
            0x3f => self.memory_size(r),
            0x40 => self.memory_grow(r),
            0x41 => self.i32_const(r),
            0x42 => self.i64_const(r),
            0x43 => self.f32_const(r),
            0x44 => self.f64_const(r),
            0x45 => self.i32_eqz(),
            0x46..=0x4f | 0x51..=0x5a | 0x6a..=0x78 | 0x7c..=0x8a => {
                self.integer_binary(numeric::of(opcode))
            }
            0x5b..=0x66 | 0x92..=0x98 | 0xa0..=0xa6 => self.binary(numeric::of(opcode)),
            0x50
            | 0x67..=0x69
            | 0x79..=0x7b
            | 0x8b..=0x91
            | 0x99..=0x9f
            | 0xa7..=0xac
            | 0xae..=0xbb => self.unary(numeric::of(opcode)),
            0xad | 0xbc..=0xbf => self.retype(numeric::of(opcode)),
            0xc0..=0xc4 => self.sign_extension(opcode),
            0xd0 => self.ref_null(r),
            0xd1 => self.ref_is_null(),
            0xd2 => self.ref_func(r),
            0xd3 => self.ref_eq(),
            0xd4 => self.ref_as_non_null(),
            0xd5 => self.br_on_null(r),
            0xd6 => self.br_on_non_null(r),
            0xfb => self.aggregate(r),
            0xfc => self.prefixed(r),
            0xfd => self.vector(r),
            0xfe => self.atomic(r),
            0x06 | 0x07 | 0x09 | 0x18 | 0x19 => Err(self.legacy_exceptions(opcode)),
            _ => Err(self.illegal(u32::from(opcode))),
        }
    }

    /// Refuse an operator of a proposal that is switched off.
    #[inline]
    pub(super) fn require(&self, on: bool, opcode: u32) -> Checked<()> {
        if on { Ok(()) } else { Err(self.illegal(opcode)) }
    }

    #[inline]
    pub(super) fn i32_const(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let value = r.s32()?;
        self.push_const(Ty::I32, u64::from(value as u32))
    }

    #[inline]
    pub(super) fn i64_const(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let value = r.s64()?;
        self.push_const(Ty::I64, value as u64)
    }

    #[inline]
    pub(super) fn f32_const(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let bits = r.f32_bits()?;
        self.push_const(Ty::F32, u64::from(bits))
    }

    #[inline]
    pub(super) fn f64_const(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let bits = r.f64_bits()?;
        self.push_const(Ty::F64, bits)
    }

    #[inline]
    fn drop_operand(&mut self) -> Checked<()> {
        self.pop_any()?;
        Ok(())
    }

    /// § binary/instructions: the operators behind the prefix 0xFC.
    #[inline(never)]
    fn prefixed(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let features = self.context.features;
        let opcode = r.u32()?;
        let on = match opcode {
            0..=7 => features.saturating_float_to_int,
            8..=14 => features.bulk_memory,
            15..=17 => features.reference_types,
            19..=22 => features.wide_arithmetic,
            _ => false,
        };
        self.require(on, 0xfc00 | opcode)?;
        match opcode {
            0..=7 => self.unary(&numeric::SATURATING[opcode as usize]),
            8..=11 => self.bulk_memory(opcode, r),
            12..=14 => self.bulk_table(opcode, r),
            15..=17 => self.table_operator(opcode, r),
            19..=22 => self.wide_arithmetic(opcode),
            _ => Err(self.illegal(0xfc00 | opcode)),
        }
    }

    /// A table index; a zero byte as long as there is but one table.
    pub(super) fn table_index(&mut self, r: &mut Reader<'_>) -> Checked<u32> {
        if self.context.features.reference_types { r.u32() } else { zero(r) }
    }

    /// A memory index; a zero byte as long as there is but one memory.
    pub(super) fn memory_index(&mut self, r: &mut Reader<'_>) -> Checked<u32> {
        if self.context.features.multi_memory { r.u32() } else { zero(r) }
    }

    #[cold]
    pub(super) fn illegal(&self, opcode: u32) -> Fault {
        self.malformed(format!("illegal opcode {opcode:02x}"))
    }
}

fn zero(r: &mut Reader<'_>) -> Checked<u32> {
    let at = r.pos();
    match r.byte()? {
        0 => Ok(0),
        _ => Err(malformed(at, "binary/instructions", "zero byte expected")),
    }
}
