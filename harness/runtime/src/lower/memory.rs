//! Memory operators (§ valid/instructions, memory instructions).

use crate::decode::reader::{Checked, Reader, limit, malformed};
use crate::ir::{Op, pack};
use crate::lower::Lower;
use crate::types::AddrType;
use crate::validate::context::unknown;
use crate::validate::ty::Ty;

/// A load or store.
pub(super) struct Access {
    /// The type of the value.
    ty: Ty,
    /// Logarithm of the width in bytes.
    pub(super) width: u32,
    /// On memory 0, unshared, with 32-bit addresses; and on any other.
    op: Op,
    op_at: Op,
}

const fn access(ty: Ty, width: u32, op: Op, op_at: Op) -> Access {
    Access { ty, width, op, op_at }
}

/// Opcodes 0x28 to 0x35.
pub(super) static LOADS: [Access; 14] = [
    access(Ty::I32, 2, Op::I32Load, Op::I32LoadAt),
    access(Ty::I64, 3, Op::I64Load, Op::I64LoadAt),
    access(Ty::F32, 2, Op::I32Load, Op::I32LoadAt),
    access(Ty::F64, 3, Op::I64Load, Op::I64LoadAt),
    access(Ty::I32, 0, Op::I32Load8S, Op::I32Load8SAt),
    access(Ty::I32, 0, Op::I32Load8U, Op::I32Load8UAt),
    access(Ty::I32, 1, Op::I32Load16S, Op::I32Load16SAt),
    access(Ty::I32, 1, Op::I32Load16U, Op::I32Load16UAt),
    access(Ty::I64, 0, Op::I64Load8S, Op::I64Load8SAt),
    access(Ty::I64, 0, Op::I64Load8U, Op::I64Load8UAt),
    access(Ty::I64, 1, Op::I64Load16S, Op::I64Load16SAt),
    access(Ty::I64, 1, Op::I64Load16U, Op::I64Load16UAt),
    access(Ty::I64, 2, Op::I64Load32S, Op::I64Load32SAt),
    access(Ty::I64, 2, Op::I64Load32U, Op::I64Load32UAt),
];

/// Opcodes 0x36 to 0x3E.
pub(super) static STORES: [Access; 9] = [
    access(Ty::I32, 2, Op::I32Store, Op::I32StoreAt),
    access(Ty::I64, 3, Op::I64Store, Op::I64StoreAt),
    access(Ty::F32, 2, Op::I32Store, Op::I32StoreAt),
    access(Ty::F64, 3, Op::I64Store, Op::I64StoreAt),
    access(Ty::I32, 0, Op::I32Store8, Op::I32Store8At),
    access(Ty::I32, 1, Op::I32Store16, Op::I32Store16At),
    access(Ty::I64, 0, Op::I64Store8, Op::I64Store8At),
    access(Ty::I64, 1, Op::I64Store16, Op::I64Store16At),
    access(Ty::I64, 2, Op::I64Store32, Op::I64Store32At),
];

impl Access {
    /// The instruction for an access there, and the memory it names.
    #[inline]
    pub(super) fn on(&self, arg: &MemArg) -> (Op, u16) {
        (if arg.near { self.op } else { self.op_at }, arg.memory as u16)
    }
}

/// Where an access goes.
pub(super) struct MemArg {
    pub(super) offset: u64,
    pub(super) memory: u32,
    pub(super) addr: Ty,
    /// Logarithm of the alignment.
    pub(super) align: u32,
    /// Whether the short instructions reach it.
    pub(super) near: bool,
}

impl Lower {
    /// § binary/instructions, memory instructions, and § valid/instructions, memarg.
    #[inline]
    pub(super) fn mem_arg(&mut self, width: u32, r: &mut Reader<'_>) -> Checked<MemArg> {
        let mut align = r.u32()?;
        let mut memory = 0;
        if align >= 0x20 && !self.context.features.multi_memory || align >= 0x80 {
            return Err(self.malformed("malformed memop flags"));
        }
        if align >= 0x40 {
            align -= 0x40;
            memory = r.u32()?;
        }
        let offset_at = r.pos();
        let offset = if self.context.features.memory64 { r.u64()? } else { u64::from(r.u32()?) };
        let ty = self.context.memory(memory, self.at)?;
        let (addr, shared) = (ty.addr, ty.shared);
        if align > width {
            return Err(self.invalid("alignment must not be larger than natural"));
        }
        if addr == AddrType::I32 && offset > u64::from(u32::MAX) {
            return Err(crate::decode::reader::invalid(
                offset_at,
                "valid/instructions, memory instructions",
                "offset out of range",
            ));
        }
        if memory > u32::from(u16::MAX) {
            return Err(limit(self.at, "access to a memory with an index above 65535"));
        }
        let near = memory == 0 && !shared && addr == AddrType::I32;
        Ok(MemArg { offset, memory, addr: Ty::addr(addr), align, near })
    }

    #[inline(never)]
    pub(super) fn load(&mut self, access: &Access, r: &mut Reader<'_>) -> Checked<()> {
        let arg = self.mem_arg(access.width, r)?;
        let address = self.pop(arg.addr)?;
        let a = self.slot(address);
        let (op, memory) = access.on(&arg);
        self.define(op, a, memory, arg.offset, access.ty)
    }

    #[inline(never)]
    pub(super) fn store(&mut self, access: &Access, r: &mut Reader<'_>) -> Checked<()> {
        let arg = self.mem_arg(access.width, r)?;
        let value = self.pop(access.ty)?;
        let address = self.pop(arg.addr)?;
        if self.live {
            let a = self.slot(address);
            let b = self.slot(value);
            self.emit_store(access, &arg, a, b);
        }
        Ok(())
    }

    #[inline]
    pub(super) fn emit_store(&mut self, access: &Access, arg: &MemArg, a: u16, b: u16) {
        let (op, memory) = access.on(arg);
        self.emit(op, memory, a, b, arg.offset);
    }

    #[inline(never)]
    pub(super) fn memory_size(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let memory = self.memory_index(r)?;
        let addr = self.memory_addr(memory)?;
        self.define(Op::MemorySize, 0, 0, u64::from(memory), addr)
    }

    #[inline(never)]
    pub(super) fn memory_grow(&mut self, r: &mut Reader<'_>) -> Checked<()> {
        let memory = self.memory_index(r)?;
        let addr = self.memory_addr(memory)?;
        let pages = self.pop(addr)?;
        let a = self.slot(pages);
        self.define(Op::MemoryGrow, a, 0, u64::from(memory), addr)
    }

    fn memory_addr(&self, memory: u32) -> Checked<Ty> {
        Ok(Ty::addr(self.context.memory(memory, self.at)?.addr))
    }

    /// Operators 8 to 11 behind the prefix 0xFC.
    #[inline(never)]
    pub(super) fn bulk_memory(&mut self, opcode: u32, r: &mut Reader<'_>) -> Checked<()> {
        match opcode {
            8 => {
                let data = self.data_index(r)?;
                let memory = self.memory_index(r)?;
                let addr = self.memory_addr(memory)?;
                self.known_data(data)?;
                self.ternary(Op::MemoryInit, [addr, Ty::I32, Ty::I32], pack(memory, data))
            }
            9 => {
                let data = self.data_index(r)?;
                self.known_data(data)?;
                if self.live {
                    self.emit(Op::DataDrop, 0, 0, 0, u64::from(data));
                }
                Ok(())
            }
            10 => {
                let to = self.memory_index(r)?;
                let from = self.memory_index(r)?;
                let (to_addr, from_addr) = (self.memory_addr(to)?, self.memory_addr(from)?);
                let types = [to_addr, from_addr, shorter(to_addr, from_addr)];
                self.ternary(Op::MemoryCopy, types, pack(to, from))
            }
            11 => {
                let memory = self.memory_index(r)?;
                let addr = self.memory_addr(memory)?;
                self.ternary(Op::MemoryFill, [addr, Ty::I32, addr], u64::from(memory))
            }
            _ => Err(self.illegal(0xfc00 | opcode)),
        }
    }

    /// A data index, which wants a data count section (§ binary/modules).
    pub(super) fn data_index(&mut self, r: &mut Reader<'_>) -> Checked<u32> {
        let index = r.u32()?;
        if self.context.data_count.is_none() {
            return Err(malformed(self.at, "binary/modules", "data count section required"));
        }
        Ok(index)
    }

    pub(super) fn known_data(&self, index: u32) -> Checked<()> {
        match self.context.data_count {
            Some(count) if index < count => Ok(()),
            _ => Err(unknown("data segment", index, self.at)),
        }
    }

    /// An operator that takes three operands and gives nothing.
    pub(super) fn ternary(&mut self, op: Op, types: [Ty; 3], imm: u64) -> Checked<()> {
        let third = self.pop(types[2])?;
        let second = self.pop(types[1])?;
        let first = self.pop(types[0])?;
        if self.live {
            let (d, a, b) = (self.slot(first), self.slot(second), self.slot(third));
            self.emit(op, d, a, b, imm);
        }
        Ok(())
    }
}

/// The type of a size that both address types can hold.
pub(super) fn shorter(one: Ty, other: Ty) -> Ty {
    if one == Ty::I64 && other == Ty::I64 { Ty::I64 } else { Ty::I32 }
}
