//! Table instructions on more than one element (§ exec/instructions, table
//! instructions). They stay out of the interpreter's loop, where they would
//! only cost registers.

use crate::buffer::span;
use crate::exec::bulk::minus_one;
use crate::exec::machine::Machine;
use crate::exec::stack::Window;
use crate::instance::InstanceData;
use crate::ir::{Instr, Op, unpack};
use crate::store::Store;
use crate::table::TableInst;
use crate::trap::Trap;

/// What an element takes; there are fewer than 2^61 of them.
const ELEMENT_BYTES: u64 = 8;

/// Execute one of the operations on many elements.
#[cold]
#[inline(never)]
pub(super) fn execute(
    machine: &mut Machine<'_>,
    instr: &Instr,
    frame: &mut Window,
) -> Result<(), Trap> {
    let (store, instance) = (&mut *machine.store, machine.instance);
    let read = |slot: u16| frame[usize::from(slot)];
    let (d, a, b) = (read(instr.d), read(instr.a), read(instr.b));
    let (low, high) = unpack(instr.imm);
    match instr.op {
        Op::TableGrow => {
            frame[usize::from(instr.d)] = table_grow(table(store, instance, low), b, a);
            Ok(())
        }
        Op::ElemDrop => {
            elem_drop(store, instance, low);
            Ok(())
        }
        op => {
            match op {
                Op::TableFill => table_fill(table(store, instance, low), d, a, b),
                Op::TableCopy => table_copy(store, instance, [low, high], d, a, b),
                Op::TableInit => table_init(store, instance, low, high, d, a, b),
                other => unreachable!("{other:?} is executed elsewhere"),
            }?;
            store.charge(&instance.module.0.code, b * ELEMENT_BYTES);
            Ok(())
        }
    }
}

fn table<'a>(store: &'a mut Store, instance: &InstanceData, index: u32) -> &'a mut TableInst {
    &mut store.tables[instance.tables[index as usize] as usize]
}

/// § exec/instructions, `table.grow`: the old size, or -1.
fn table_grow(table: &mut TableInst, delta: u64, init: u64) -> u64 {
    table.grow(delta, init).unwrap_or_else(|| minus_one(table.addr()))
}

/// § exec/instructions, `table.fill`.
fn table_fill(table: &mut TableInst, start: u64, value: u64, count: u64) -> Result<(), Trap> {
    let target = span(table.elements.len(), start, count).ok_or(Trap::TableOutOfBounds)?;
    table.elements[target].fill(value);
    Ok(())
}

/// § exec/instructions, `table.copy`: to the first of `tables` from the second.
fn table_copy(
    store: &mut Store,
    instance: &InstanceData,
    tables: [u32; 2],
    target: u64,
    source: u64,
    count: u64,
) -> Result<(), Trap> {
    let [to, from] = tables.map(|index| instance.tables[index as usize] as usize);
    let target = span(store.tables[to].elements.len(), target, count);
    let source = span(store.tables[from].elements.len(), source, count);
    let (Some(target), Some(source)) = (target, source) else {
        return Err(Trap::TableOutOfBounds);
    };
    match store.tables.get_disjoint_mut([to, from]) {
        Ok([to, from]) => to.elements[target].copy_from_slice(&from.elements[source]),
        Err(_) => store.tables[to].elements.copy_within(source, target.start),
    }
    Ok(())
}

/// § exec/instructions, `table.init`; a dropped segment has no references.
fn table_init(
    store: &mut Store,
    instance: &InstanceData,
    table_index: u32,
    elem_index: u32,
    target: u64,
    source: u64,
    count: u64,
) -> Result<(), Trap> {
    let references = &store.elems[(instance.elems + elem_index) as usize];
    let table = &mut store.tables[instance.tables[table_index as usize] as usize];
    let source = span(references.len(), source, count).ok_or(Trap::TableOutOfBounds)?;
    let target = span(table.elements.len(), target, count).ok_or(Trap::TableOutOfBounds)?;
    table.elements[target].copy_from_slice(&references[source]);
    Ok(())
}

/// § exec/instructions, `elem.drop`.
fn elem_drop(store: &mut Store, instance: &InstanceData, elem_index: u32) {
    store.elems[(instance.elems + elem_index) as usize] = Vec::new();
}
