//! Every operator: its immediates, and which rule applies (§ binary/instructions).

use crate::decode::reader::{Checked, Fault, Reader, malformed};
use crate::decode::types::{heap_type, val_type};
use crate::ir::Op;
use crate::lower::numeric::{self, NUMERIC, SATURATING};
use crate::lower::{Lower, memory};
use crate::types::{NULL, RefType};
use crate::validate::ty::Ty;

impl Lower {
    /// Validate and lower one operator.
    #[inline]
    pub(super) fn operator(&mut self, opcode: u8, r: &mut Reader<'_>) -> Checked<()> {
        match opcode {
            0x20 => {
                let index = r.u32()?;
                self.local_get(index)
            }
            0x21 => {
                let index = r.u32()?;
                self.local_set(index)
            }
            0x22 => {
                let index = r.u32()?;
                self.local_tee(index)
            }
            0x41 => {
                let value = r.s32()?;
                self.push_const(Ty::I32, u64::from(value as u32))
            }
            0x42 => {
                let value = r.s64()?;
                self.push_const(Ty::I64, value as u64)
            }
            0x43 => {
                let bits = r.f32_bits()?;
                self.push_const(Ty::F32, u64::from(bits))
            }
            0x44 => {
                let bits = r.f64_bits()?;
                self.push_const(Ty::F64, bits)
            }
            0x45..=0xbf => self.numeric(NUMERIC[(opcode - numeric::FIRST) as usize]),
            0xc0..=0xc4 if self.context.features.sign_extension => {
                self.numeric(NUMERIC[(opcode - numeric::FIRST) as usize])
            }
            0x28..=0x35 => self.load(&memory::LOADS[(opcode - 0x28) as usize], r),
            0x36..=0x3e => self.store(&memory::STORES[(opcode - 0x36) as usize], r),
            0x00..=0x13 => self.control(opcode, r),
            0x3f | 0x40 => self.memory_size_or_grow(opcode, r),
            0xfc => self.prefixed(r),
            _ => self.other(opcode, r),
        }
    }

    /// § binary/instructions, control instructions.
    fn control(&mut self, opcode: u8, r: &mut Reader<'_>) -> Checked<()> {
        match opcode {
            0x00 => {
                if self.live {
                    self.emit(Op::Unreachable, 0, 0, 0, 0);
                }
                self.set_unreachable();
                Ok(())
            }
            0x01 => Ok(()),
            0x02 => self.block(r),
            0x03 => self.loop_(r),
            0x04 => self.if_(r),
            0x05 => self.else_(),
            0x0b => self.end(),
            0x0c => {
                let depth = r.u32()?;
                self.br(depth)
            }
            0x0d => {
                let depth = r.u32()?;
                self.br_if(depth)
            }
            0x0e => self.br_table(r),
            0x0f => self.return_(),
            0x10 => {
                let index = r.u32()?;
                self.call(index)
            }
            0x11 => {
                let ty = r.u32()?;
                let table = self.table_index(r)?;
                self.call_indirect(ty, table)
            }
            0x12 if self.context.features.tail_call => {
                let index = r.u32()?;
                self.return_call(index)
            }
            0x13 if self.context.features.tail_call => {
                let ty = r.u32()?;
                let table = self.table_index(r)?;
                self.return_call_indirect(ty, table)
            }
            _ => Err(self.illegal(u32::from(opcode))),
        }
    }

    /// Parametric, global, table and reference operators.
    fn other(&mut self, opcode: u8, r: &mut Reader<'_>) -> Checked<()> {
        match opcode {
            0x1a => self.pop_any().map(|_| ()),
            0x1b => self.select(),
            0x23 => {
                let index = r.u32()?;
                self.global_get(index)
            }
            0x24 => {
                let index = r.u32()?;
                self.global_set(index)
            }
            0x1c | 0x25 | 0x26 | 0xd0..=0xd2 if self.context.features.reference_types => {
                self.reference(opcode, r)
            }
            _ => Err(self.illegal(u32::from(opcode))),
        }
    }

    /// What the reference types proposal brought.
    fn reference(&mut self, opcode: u8, r: &mut Reader<'_>) -> Checked<()> {
        match opcode {
            0x1c => {
                let count = r.u32()?;
                if count != 1 {
                    return Err(self.invalid(format!("invalid result arity: {count}")));
                }
                let ty = val_type(r, self.context.features)?;
                self.typed_select(Ty::value(ty))
            }
            0x25 => {
                let index = r.u32()?;
                self.table_get(index)
            }
            0x26 => {
                let index = r.u32()?;
                self.table_set(index)
            }
            0xd0 => {
                let heap = heap_type(r)?;
                self.push_const(Ty::reference(RefType { nullable: true, heap }), NULL)
            }
            0xd1 => self.ref_is_null(),
            _ => {
                let index = r.u32()?;
                self.ref_func(index)
            }
        }
    }

    /// § binary/instructions: the operators behind the prefix 0xFC.
    fn prefixed(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let features = self.context.features;
        let opcode = r.u32()?;
        match opcode {
            0..=7 if features.saturating_float_to_int => self.numeric(SATURATING[opcode as usize]),
            8..=11 if features.bulk_memory => self.bulk_memory(opcode, r),
            12..=14 if features.bulk_memory => self.bulk_table(opcode, r),
            15..=17 if features.reference_types => {
                let table = r.u32()?;
                self.table_operator(opcode, table)
            }
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
    fn illegal(&self, opcode: u32) -> Fault {
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
