//! Atomic memory instructions (threads proposal, § exec/instructions). On a memory
//! that is not shared they do the same to plain bytes.

use crate::exec::handlers::{Slots, handlers};
use crate::exec::machine::{Halt, Machine};
use crate::exec::stack::Window;
use crate::instance::InstanceData;
use crate::ir::{Instr, Op};
use crate::memory::Contents;
use crate::shared::{Place, Rmw, SharedMemory};
use crate::store::Store;
use crate::sync::{Ordering, fence};
use crate::trap::Trap;
use crate::waiting::Wait;

handlers! {
    Atomic8Load => |m, f, i| load(m, f, i, 1);
    Atomic16Load => |m, f, i| load(m, f, i, 2);
    Atomic32Load => |m, f, i| load(m, f, i, 4);
    Atomic64Load => |m, f, i| load(m, f, i, 8);
    Atomic8Store => |m, f, i| store(m, f, i, 1);
    Atomic16Store => |m, f, i| store(m, f, i, 2);
    Atomic32Store => |m, f, i| store(m, f, i, 4);
    Atomic64Store => |m, f, i| store(m, f, i, 8);
    Atomic8Add => |m, f, i| rmw(m, f, i, 1, Rmw::Add);
    Atomic16Add => |m, f, i| rmw(m, f, i, 2, Rmw::Add);
    Atomic32Add => |m, f, i| rmw(m, f, i, 4, Rmw::Add);
    Atomic64Add => |m, f, i| rmw(m, f, i, 8, Rmw::Add);
    Atomic8Sub => |m, f, i| rmw(m, f, i, 1, Rmw::Sub);
    Atomic16Sub => |m, f, i| rmw(m, f, i, 2, Rmw::Sub);
    Atomic32Sub => |m, f, i| rmw(m, f, i, 4, Rmw::Sub);
    Atomic64Sub => |m, f, i| rmw(m, f, i, 8, Rmw::Sub);
    Atomic8And => |m, f, i| rmw(m, f, i, 1, Rmw::And);
    Atomic16And => |m, f, i| rmw(m, f, i, 2, Rmw::And);
    Atomic32And => |m, f, i| rmw(m, f, i, 4, Rmw::And);
    Atomic64And => |m, f, i| rmw(m, f, i, 8, Rmw::And);
    Atomic8Or => |m, f, i| rmw(m, f, i, 1, Rmw::Or);
    Atomic16Or => |m, f, i| rmw(m, f, i, 2, Rmw::Or);
    Atomic32Or => |m, f, i| rmw(m, f, i, 4, Rmw::Or);
    Atomic64Or => |m, f, i| rmw(m, f, i, 8, Rmw::Or);
    Atomic8Xor => |m, f, i| rmw(m, f, i, 1, Rmw::Xor);
    Atomic16Xor => |m, f, i| rmw(m, f, i, 2, Rmw::Xor);
    Atomic32Xor => |m, f, i| rmw(m, f, i, 4, Rmw::Xor);
    Atomic64Xor => |m, f, i| rmw(m, f, i, 8, Rmw::Xor);
    Atomic8Xchg => |m, f, i| rmw(m, f, i, 1, Rmw::Xchg);
    Atomic16Xchg => |m, f, i| rmw(m, f, i, 2, Rmw::Xchg);
    Atomic32Xchg => |m, f, i| rmw(m, f, i, 4, Rmw::Xchg);
    Atomic64Xchg => |m, f, i| rmw(m, f, i, 8, Rmw::Xchg);
    Atomic8Cmpxchg => |m, f, i| cmpxchg(m, f, i, 1);
    Atomic16Cmpxchg => |m, f, i| cmpxchg(m, f, i, 2);
    Atomic32Cmpxchg => |m, f, i| cmpxchg(m, f, i, 4);
    Atomic64Cmpxchg => |m, f, i| cmpxchg(m, f, i, 8);
    AtomicNotify => notify;
    AtomicWait32 => |_, _, _| Halt::Wait;
    AtomicWait64 => |_, _, _| Halt::Wait;
    // The guest's fence, sequentially consistent.
    AtomicFence => |_, _, _| fence(Ordering::SeqCst);
    Yield => |_, _, _| Halt::Yield;
}

/// What an atomic instruction works on.
enum Target<'a> {
    /// As many bytes as the access is wide.
    Own(&'a mut [u8]),
    Shared(Place<'a>),
}

/// The effective address, if it is a multiple of the width. Two to the 64th is one, so
/// that a sum past all addresses can be checked, too.
#[inline(always)]
fn address(frame: &Window, instr: &Instr, width: u32) -> Result<u64, Trap> {
    let (address, overflows) = frame.u64(instr.a).overflowing_add(instr.imm);
    if !address.is_multiple_of(u64::from(width)) {
        return Err(Trap::UnalignedAtomic);
    }
    if overflows { Err(Trap::MemoryOutOfBounds) } else { Ok(address) }
}

/// Where the instruction reads and writes.
#[inline(always)]
fn target<'a>(
    machine: &'a mut Machine<'_>,
    frame: &Window,
    instr: &Instr,
    width: u32,
) -> Result<Target<'a>, Trap> {
    let address = address(frame, instr, width)?;
    let memory = machine.instance.memories[usize::from(instr.b)];
    let bytes = match machine.store.memories[memory as usize].contents() {
        Contents::Shared(shared) => return Ok(Target::Shared(place(shared, address, width)?)),
        // As in `far`: the first memory is lent.
        Contents::Own(_) if memory == machine.instance.memories[0] => &mut *machine.memory,
        Contents::Own(bytes) => bytes,
    };
    let start = usize::try_from(address).unwrap_or(usize::MAX);
    let bytes = bytes.get_mut(start..start.saturating_add(width as usize));
    bytes.map(Target::Own).ok_or(Trap::MemoryOutOfBounds)
}

#[inline(always)]
fn place(shared: &SharedMemory, address: u64, width: u32) -> Result<Place<'_>, Trap> {
    if !shared.contains(address, u64::from(width)) {
        return Err(Trap::MemoryOutOfBounds);
    }
    Ok(shared.place(address, width))
}

impl Target<'_> {
    /// Change the value by `update`, unless that gives none: the value before. The
    /// same in one thread as what [`Place`] does among several.
    fn own(bytes: &mut [u8], update: impl FnOnce(u64) -> Option<u64>) -> u64 {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        let old = u64::from_le_bytes(word);
        if let Some(new) = update(old) {
            bytes.copy_from_slice(&new.to_le_bytes()[..bytes.len()]);
        }
        old
    }
}

/// § exec/instructions, `t.atomic.load`.
#[inline(always)]
fn load(
    machine: &mut Machine<'_>,
    frame: &mut Window,
    instr: &Instr,
    width: u32,
) -> Result<(), Trap> {
    let value = match target(machine, frame, instr, width)? {
        Target::Own(bytes) => Target::own(bytes, |_| None),
        Target::Shared(place) => place.atomic_load(),
    };
    frame.set(instr.d, value);
    Ok(())
}

/// § exec/instructions, `t.atomic.store`.
#[inline(always)]
fn store(
    machine: &mut Machine<'_>,
    frame: &mut Window,
    instr: &Instr,
    width: u32,
) -> Result<(), Trap> {
    let value = frame.u64(instr.a + 1);
    match target(machine, frame, instr, width)? {
        Target::Own(bytes) => {
            Target::own(bytes, |_| Some(value));
        }
        Target::Shared(place) => place.atomic_store(value),
    }
    Ok(())
}

/// § exec/instructions, `t.atomic.rmw`.
#[inline(always)]
fn rmw(
    machine: &mut Machine<'_>,
    frame: &mut Window,
    instr: &Instr,
    width: u32,
    rmw: Rmw,
) -> Result<(), Trap> {
    let operand = frame.u64(instr.a + 1);
    let old = match target(machine, frame, instr, width)? {
        Target::Own(bytes) => Target::own(bytes, |old| Some(rmw.apply(old, operand))),
        Target::Shared(place) => place.atomic_rmw(rmw, operand),
    };
    frame.set(instr.d, old);
    Ok(())
}

/// § exec/instructions, `t.atomic.rmw.cmpxchg`. The expected value is cut to the width.
#[inline(always)]
fn cmpxchg(
    machine: &mut Machine<'_>,
    frame: &mut Window,
    instr: &Instr,
    width: u32,
) -> Result<(), Trap> {
    let (expected, replacement) = (frame.u64(instr.a + 1), frame.u64(instr.a + 2));
    let old = match target(machine, frame, instr, width)? {
        Target::Own(bytes) => Target::own(bytes, |old| {
            let equal = old == expected & (u64::MAX >> (64 - 8 * width));
            equal.then_some(replacement)
        }),
        Target::Shared(place) => place.atomic_cmpxchg(expected, replacement),
    };
    frame.set(instr.d, old);
    Ok(())
}

/// § exec/instructions, `memory.atomic.notify`. Nobody waits on a memory that is not shared.
fn notify(machine: &mut Machine<'_>, frame: &mut Window, instr: &Instr) -> Result<(), Trap> {
    let count = frame.u32(instr.a + 1);
    target(machine, frame, instr, 4)?;
    let memory = machine.instance.memories[usize::from(instr.b)];
    let shared = machine.store.memories[memory as usize].shared();
    let address = address(frame, instr, 4)?;
    let woken = shared.map_or(0, |shared| shared.notify(address, count));
    frame.set(instr.d, woken);
    Ok(())
}

/// § exec/instructions, `memory.atomic.wait`: the beginning of a wait, or `None` if the
/// value is another one.
pub(in crate::exec) fn wait(
    store: &Store,
    instance: &InstanceData,
    instr: &Instr,
    frame: &Window,
) -> Result<Option<Wait>, Trap> {
    let width = if instr.op == Op::AtomicWait32 { 4 } else { 8 };
    let address = address(frame, instr, width)?;
    let memory = &store.memories[instance.memories[usize::from(instr.b)] as usize];
    if !memory.contains(address, u64::from(width)) {
        return Err(Trap::MemoryOutOfBounds);
    }
    let shared = memory.shared().ok_or(Trap::ExpectedSharedMemory)?;
    let (expected, time) = (frame.u64(instr.a + 1), frame.u64(instr.a + 2));
    Ok(shared.wait(address, width, expected, time as i64))
}
