//! Memory instructions (§ exec/instructions, memory instructions); those that
//! need more than one memory's bytes are in [`crate::exec::bulk`].

use crate::exec::handlers::{Slots, handlers};
use crate::exec::machine::{Halt, Machine};
use crate::exec::stack::Window;
use crate::ir::Instr;
use crate::trap::Trap;

handlers! {
    MemorySize => |m, f, i| f.set(i.d, memory_size(m, i.imm));
    MemoryGrow => |_, _, _| Halt::Memory;
    MemoryFill => |_, _, _| Halt::Memory;
    MemoryCopy => |_, _, _| Halt::Memory;
    MemoryInit => |_, _, _| Halt::Memory;
    DataDrop => |_, _, _| Halt::Memory;
    // The first memory, with 32-bit addresses.
    I32Load => |m, f, i| load(near(m, f, i), f, i, |bytes| u64::from(u32::from_le_bytes(bytes)));
    I64Load => |m, f, i| load(near(m, f, i), f, i, u64::from_le_bytes);
    I32Load8S => |m, f, i| load(near(m, f, i), f, i, |bytes| signed32(i8::from_le_bytes(bytes)));
    I32Load8U => |m, f, i| load(near(m, f, i), f, i, |bytes| u64::from(u8::from_le_bytes(bytes)));
    I32Load16S => |m, f, i| load(near(m, f, i), f, i, |bytes| signed32(i16::from_le_bytes(bytes)));
    I32Load16U => |m, f, i| load(near(m, f, i), f, i, |bytes| u64::from(u16::from_le_bytes(bytes)));
    I64Load8S => |m, f, i| load(near(m, f, i), f, i, |bytes| signed64(i8::from_le_bytes(bytes)));
    I64Load8U => |m, f, i| load(near(m, f, i), f, i, |bytes| u64::from(u8::from_le_bytes(bytes)));
    I64Load16S => |m, f, i| load(near(m, f, i), f, i, |bytes| signed64(i16::from_le_bytes(bytes)));
    I64Load16U => |m, f, i| load(near(m, f, i), f, i, |bytes| u64::from(u16::from_le_bytes(bytes)));
    I64Load32S => |m, f, i| load(near(m, f, i), f, i, |bytes| signed64(i32::from_le_bytes(bytes)));
    I64Load32U => |m, f, i| load(near(m, f, i), f, i, |bytes| u64::from(u32::from_le_bytes(bytes)));
    I32Store => |m, f, i| store(near(m, f, i), (f.u64(i.b) as u32).to_le_bytes());
    I64Store => |m, f, i| store(near(m, f, i), f.u64(i.b).to_le_bytes());
    I32Store8 => |m, f, i| store(near(m, f, i), (f.u64(i.b) as u8).to_le_bytes());
    I32Store16 => |m, f, i| store(near(m, f, i), (f.u64(i.b) as u16).to_le_bytes());
    I64Store8 => |m, f, i| store(near(m, f, i), (f.u64(i.b) as u8).to_le_bytes());
    I64Store16 => |m, f, i| store(near(m, f, i), (f.u64(i.b) as u16).to_le_bytes());
    I64Store32 => |m, f, i| store(near(m, f, i), (f.u64(i.b) as u32).to_le_bytes());
    // Any memory.
    I32LoadAt => |m, f, i| load(far(m, f, i, i.b), f, i, |bytes| u64::from(u32::from_le_bytes(bytes)));
    I64LoadAt => |m, f, i| load(far(m, f, i, i.b), f, i, u64::from_le_bytes);
    I32Load8SAt => |m, f, i| load(far(m, f, i, i.b), f, i, |bytes| signed32(i8::from_le_bytes(bytes)));
    I32Load8UAt => |m, f, i| load(far(m, f, i, i.b), f, i, |bytes| u64::from(u8::from_le_bytes(bytes)));
    I32Load16SAt => |m, f, i| load(far(m, f, i, i.b), f, i, |bytes| signed32(i16::from_le_bytes(bytes)));
    I32Load16UAt => |m, f, i| load(far(m, f, i, i.b), f, i, |bytes| u64::from(u16::from_le_bytes(bytes)));
    I64Load8SAt => |m, f, i| load(far(m, f, i, i.b), f, i, |bytes| signed64(i8::from_le_bytes(bytes)));
    I64Load8UAt => |m, f, i| load(far(m, f, i, i.b), f, i, |bytes| u64::from(u8::from_le_bytes(bytes)));
    I64Load16SAt => |m, f, i| load(far(m, f, i, i.b), f, i, |bytes| signed64(i16::from_le_bytes(bytes)));
    I64Load16UAt => |m, f, i| load(far(m, f, i, i.b), f, i, |bytes| u64::from(u16::from_le_bytes(bytes)));
    I64Load32SAt => |m, f, i| load(far(m, f, i, i.b), f, i, |bytes| signed64(i32::from_le_bytes(bytes)));
    I64Load32UAt => |m, f, i| load(far(m, f, i, i.b), f, i, |bytes| u64::from(u32::from_le_bytes(bytes)));
    I32StoreAt => |m, f, i| store(far(m, f, i, i.d), (f.u64(i.b) as u32).to_le_bytes());
    I64StoreAt => |m, f, i| store(far(m, f, i, i.d), f.u64(i.b).to_le_bytes());
    I32Store8At => |m, f, i| store(far(m, f, i, i.d), (f.u64(i.b) as u8).to_le_bytes());
    I32Store16At => |m, f, i| store(far(m, f, i, i.d), (f.u64(i.b) as u16).to_le_bytes());
    I64Store8At => |m, f, i| store(far(m, f, i, i.d), (f.u64(i.b) as u8).to_le_bytes());
    I64Store16At => |m, f, i| store(far(m, f, i, i.d), (f.u64(i.b) as u16).to_le_bytes());
    I64Store32At => |m, f, i| store(far(m, f, i, i.d), (f.u64(i.b) as u32).to_le_bytes());
}

/// Where an access starts, and in which bytes.
pub(super) struct Access<'a> {
    bytes: &'a mut [u8],
    start: usize,
}

impl<'a> Access<'a> {
    #[inline(always)]
    pub(super) fn read<const N: usize>(self) -> Result<[u8; N], Trap> {
        let bytes = self.bytes.get(self.start..self.start.wrapping_add(N));
        Ok(*bytes.and_then(|bytes| bytes.first_chunk()).ok_or(Trap::MemoryOutOfBounds)?)
    }

    #[inline(always)]
    pub(super) fn write<const N: usize>(self, value: [u8; N]) -> Result<(), Trap> {
        let bytes = self.bytes.get_mut(self.start..self.start.wrapping_add(N));
        bytes.ok_or(Trap::MemoryOutOfBounds)?.copy_from_slice(&value);
        Ok(())
    }
}

/// An access of the first memory, with 32-bit addresses. The sum of two 32-bit
/// numbers leaves room for the width to be added without another check.
#[inline(always)]
pub(super) fn near<'a>(machine: &'a mut Machine<'_>, frame: &Window, instr: &Instr) -> Access<'a> {
    let start = u64::from(frame.u32(instr.a)) + u64::from(instr.imm as u32);
    Access { bytes: machine.memory, start: usize::try_from(start).unwrap_or(usize::MAX) }
}

/// An access of the memory with index `memory`.
#[inline(always)]
fn far<'a>(machine: &'a mut Machine<'_>, frame: &Window, instr: &Instr, memory: u16) -> Access<'a> {
    let start = frame.u64(instr.a).saturating_add(instr.imm);
    let bytes = nth_memory(machine, memory);
    Access { bytes, start: usize::try_from(start).unwrap_or(usize::MAX) }
}

/// § exec/instructions, `t.load` and `t.loadN_sx`.
#[inline(always)]
fn load<const N: usize>(
    access: Access<'_>,
    frame: &mut Window,
    instr: &Instr,
    extend: impl FnOnce([u8; N]) -> u64,
) -> Result<(), Trap> {
    frame.set(instr.d, extend(access.read()?));
    Ok(())
}

/// § exec/instructions, `t.store` and `t.storeN`.
#[inline(always)]
fn store<const N: usize>(access: Access<'_>, value: [u8; N]) -> Result<(), Trap> {
    access.write(value)
}

#[inline(always)]
fn signed32(number: impl Into<i32>) -> u64 {
    u64::from(number.into() as u32)
}

#[inline(always)]
fn signed64(number: impl Into<i64>) -> u64 {
    number.into() as u64
}

/// The memory with index `index`: another index than 0 may name the first memory,
/// which is lent, if it was imported twice.
fn nth_memory<'a>(machine: &'a mut Machine<'_>, index: u16) -> &'a mut [u8] {
    let address = machine.instance.memories[usize::from(index)];
    if address == machine.instance.memories[0] {
        return machine.memory;
    }
    machine.store.memories[address as usize].bytes_mut()
}

/// § exec/instructions, `memory.size`.
fn memory_size(machine: &mut Machine<'_>, index: u64) -> u64 {
    let address = machine.instance.memories[index as usize] as usize;
    let page_log2 = machine.store.memories[address].page_log2();
    nth_memory(machine, index as u16).len() as u64 >> page_log2
}
