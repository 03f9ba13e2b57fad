//! Memory instructions (§ exec/instructions, memory instructions); those that
//! need more than one memory's bytes are in [`crate::exec::bulk`].

use crate::exec::handlers::{Slots, handlers};
use crate::exec::machine::{Halt, Machine};
use crate::exec::stack::Window;
use crate::ir::Instr;
use crate::memory::Contents;
use crate::shared::SharedMemory;
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

/// Bytes that a load or store names.
pub(super) trait Place {
    /// The `N` bytes there, if there are so many.
    fn read<const N: usize>(self) -> Option<[u8; N]>;
    /// Put `N` bytes there, if there are so many.
    fn write<const N: usize>(self, value: [u8; N]) -> Option<()>;
}

/// In a memory of this thread only, which has these bytes.
pub(super) struct Own<'a> {
    bytes: &'a mut [u8],
    start: usize,
}

impl Place for Own<'_> {
    #[inline(always)]
    fn read<const N: usize>(self) -> Option<[u8; N]> {
        self.bytes.get(self.start..self.start.wrapping_add(N))?.first_chunk().copied()
    }

    #[inline(always)]
    fn write<const N: usize>(self, value: [u8; N]) -> Option<()> {
        self.bytes.get_mut(self.start..self.start.wrapping_add(N))?.copy_from_slice(&value);
        Some(())
    }
}

/// In any memory.
enum Any<'a> {
    Own(Own<'a>),
    Shared(&'a SharedMemory, u64),
}

impl Place for Any<'_> {
    #[inline(always)]
    fn read<const N: usize>(self) -> Option<[u8; N]> {
        match self {
            Any::Own(own) => own.read(),
            Any::Shared(shared, start) => {
                let mut bytes = [0; N];
                shared.read(start, &mut bytes).then_some(bytes)
            }
        }
    }

    #[inline(always)]
    fn write<const N: usize>(self, value: [u8; N]) -> Option<()> {
        match self {
            Any::Own(own) => own.write(value),
            Any::Shared(shared, start) => shared.write(start, &value).then_some(()),
        }
    }
}

/// A place in the first memory, unshared, with 32-bit addresses. The sum of two 32-bit
/// numbers leaves room for the width to be added without another check.
#[inline(always)]
pub(super) fn near<'a>(machine: &'a mut Machine<'_>, frame: &Window, instr: &Instr) -> Own<'a> {
    let start = u64::from(frame.u32(instr.a)) + u64::from(instr.imm as u32);
    Own { bytes: machine.memory, start: usize::try_from(start).unwrap_or(usize::MAX) }
}

/// A place in the memory with index `memory`.
#[inline(always)]
fn far<'a>(machine: &'a mut Machine<'_>, frame: &Window, instr: &Instr, memory: u16) -> Any<'a> {
    let start = frame.u64(instr.a).saturating_add(instr.imm);
    let address = machine.instance.memories[usize::from(memory)];
    let bytes = match machine.store.memories[address as usize].contents() {
        Contents::Shared(shared) => return Any::Shared(shared, start),
        // Another index than 0 may name the first memory, which is lent, if it was imported twice.
        Contents::Own(_) if address == machine.instance.memories[0] => &mut *machine.memory,
        Contents::Own(bytes) => bytes,
    };
    Any::Own(Own { bytes, start: usize::try_from(start).unwrap_or(usize::MAX) })
}

/// § exec/instructions, `t.load` and `t.loadN_sx`.
#[inline(always)]
fn load<const N: usize>(
    place: impl Place,
    frame: &mut Window,
    instr: &Instr,
    extend: impl FnOnce([u8; N]) -> u64,
) -> Result<(), Trap> {
    frame.set(instr.d, extend(place.read().ok_or(Trap::MemoryOutOfBounds)?));
    Ok(())
}

/// § exec/instructions, `t.store` and `t.storeN`.
#[inline(always)]
fn store<const N: usize>(place: impl Place, value: [u8; N]) -> Result<(), Trap> {
    place.write(value).ok_or(Trap::MemoryOutOfBounds)
}

#[inline(always)]
fn signed32(number: impl Into<i32>) -> u64 {
    u64::from(number.into() as u32)
}

#[inline(always)]
fn signed64(number: impl Into<i64>) -> u64 {
    number.into() as u64
}

/// § exec/instructions, `memory.size`.
fn memory_size(machine: &mut Machine<'_>, index: u64) -> u64 {
    let address = machine.instance.memories[index as usize];
    let memory = &machine.store.memories[address as usize];
    if memory.shared().is_none() && address == machine.instance.memories[0] {
        return machine.memory.len() as u64 >> memory.page_log2();
    }
    memory.pages()
}
