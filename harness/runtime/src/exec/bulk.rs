//! Memory instructions that need the memory itself rather than its bytes, or
//! more than one memory (§ exec/instructions, memory instructions).

use crate::buffer::span;
use crate::exec::stack::Window;
use crate::instance::InstanceData;
use crate::ir::{Instr, Op, unpack};
use crate::memory::MemoryInst;
use crate::store::Store;
use crate::trap::Trap;
use crate::types::AddrType;

/// Execute one of the operations for which the interpreter gives the memory back.
pub(super) fn execute(
    store: &mut Store,
    instance: &InstanceData,
    instr: Instr,
    frame: &mut Window,
) -> Result<(), Trap> {
    let read = |slot: u16| frame[usize::from(slot)];
    let (d, a, b) = (read(instr.d), read(instr.a), read(instr.b));
    let (low, high) = unpack(instr.imm);
    match instr.op {
        Op::MemoryGrow => {
            frame[usize::from(instr.d)] = memory_grow(memory(store, instance, low), a);
            Ok(())
        }
        Op::DataDrop => {
            data_drop(store, instance, low);
            Ok(())
        }
        op => {
            match op {
                Op::MemoryFill => memory_fill(memory(store, instance, low), d, a as u8, b),
                Op::MemoryCopy => memory_copy(store, instance, [low, high], d, a, b),
                Op::MemoryInit => memory_init(store, instance, low, high, d, a, b),
                other => unreachable!("{other:?} is executed elsewhere"),
            }?;
            store.charge(&instance.module.0.code, b);
            Ok(())
        }
    }
}

fn memory<'a>(store: &'a mut Store, instance: &InstanceData, index: u32) -> &'a mut MemoryInst {
    &mut store.memories[instance.memories[index as usize] as usize]
}

/// § exec/instructions, `memory.grow`: the old size in pages, or -1.
fn memory_grow(memory: &mut MemoryInst, delta: u64) -> u64 {
    memory.grow(delta).unwrap_or_else(|| minus_one(memory.addr()))
}

/// -1 as a slot of the address type.
pub(super) fn minus_one(addr: AddrType) -> u64 {
    match addr {
        AddrType::I32 => u64::from(u32::MAX),
        AddrType::I64 => u64::MAX,
    }
}

/// § exec/instructions, `memory.fill`.
fn memory_fill(memory: &mut MemoryInst, start: u64, value: u8, count: u64) -> Result<(), Trap> {
    within(memory.fill(start, value, count))
}

/// Whether the bytes were there.
fn within(done: bool) -> Result<(), Trap> {
    if done { Ok(()) } else { Err(Trap::MemoryOutOfBounds) }
}

/// § exec/instructions, `memory.copy`: to the first of `memories` from the second.
fn memory_copy(
    store: &mut Store,
    instance: &InstanceData,
    memories: [u32; 2],
    target: u64,
    source: u64,
    count: u64,
) -> Result<(), Trap> {
    let [to, from] = memories.map(|index| instance.memories[index as usize] as usize);
    within(match store.memories.get_disjoint_mut([to, from]) {
        Ok([to, from]) => to.copy_from(target, from, source, count),
        Err(_) => store.memories[to].copy_within(target, source, count),
    })
}

/// § exec/instructions, `memory.init`; a dropped segment has no bytes.
fn memory_init(
    store: &mut Store,
    instance: &InstanceData,
    memory_index: u32,
    data_index: u32,
    target: u64,
    source: u64,
    count: u64,
) -> Result<(), Trap> {
    let dropped = store.datas_dropped[(instance.datas + data_index) as usize];
    let data: &[u8] =
        if dropped { &[] } else { &instance.module.0.datas[data_index as usize].bytes };
    let source = span(data.len(), source, count).ok_or(Trap::MemoryOutOfBounds)?;
    within(memory(store, instance, memory_index).write(target, &data[source]))
}

/// § exec/instructions, `data.drop`.
fn data_drop(store: &mut Store, instance: &InstanceData, data_index: u32) {
    store.datas_dropped[(instance.datas + data_index) as usize] = true;
}
