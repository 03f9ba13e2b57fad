//! Array instructions on many elements (§ exec/instructions, aggregate instructions).

use crate::buffer::span;
use crate::exec::machine::{Flow, Halt, Machine};
use crate::exec::stack::Window;
use crate::heap::{New, size};
use crate::instance::InstanceData;
use crate::ir::{Instr, Op, unpack};
use crate::refs::NULL;
use crate::store::Store;
use crate::trap::Trap;

/// Execute one of the operations that make an array.
#[inline(never)]
pub(super) fn make(machine: &mut Machine<'_>, frame: &mut Window, instr: &Instr) -> Flow {
    match contents(machine, frame, instr) {
        Err(trap) => Flow::Trap(trap),
        Ok((ty, count, contents)) => {
            let width = u64::from(machine.store.types.layout(ty).bytes);
            let bytes = u64::from(count) * width;
            let Some(new) = machine.store.heap.allocate(ty, Some(count), bytes) else {
                machine.size = size(bytes);
                return Flow::Halt(Halt::Collect);
            };
            fill_new(machine, frame, &new, bytes as usize, contents);
            machine.store.charge(&machine.instance.module.0.code, bytes);
            frame[usize::from(instr.d)] = new.reference;
            Flow::Next
        }
    }
}

/// What a new array has for elements.
enum Contents {
    /// Zeros or nulls.
    Default,
    /// The value in the slots from here on, each.
    Same(u16),
    /// The values in the slots from here on.
    Values(u16),
    /// Those bytes of a data segment.
    Data(u32, std::ops::Range<usize>),
    /// Those references of an element segment.
    Elem(u32, std::ops::Range<usize>),
}

/// The type of a new array, how many elements it has, and which.
fn contents(
    machine: &Machine<'_>,
    frame: &Window,
    instr: &Instr,
) -> Result<(u32, u32, Contents), Trap> {
    let (index, high) = unpack(instr.imm);
    let ty = machine.instance.types[index as usize];
    let (first, second) = (frame[usize::from(instr.a)], frame[usize::from(instr.b)]);
    let count = second as u32;
    Ok(match instr.op {
        Op::ArrayNew => (ty, count, Contents::Same(instr.a)),
        Op::ArrayNewDefault => (ty, count, Contents::Default),
        Op::ArrayNewFixed => (ty, high, Contents::Values(instr.a)),
        Op::ArrayNewData => {
            let bytes = u64::from(count) * u64::from(machine.store.types.layout(ty).bytes);
            let length = data(machine.store, machine.instance, high).len();
            let span = span(length, first, bytes).ok_or(Trap::MemoryOutOfBounds)?;
            (ty, count, Contents::Data(high, span))
        }
        Op::ArrayNewElem => {
            let length = elem(machine.store, machine.instance, high).len();
            let span = span(length, first, u64::from(count)).ok_or(Trap::TableOutOfBounds)?;
            (ty, count, Contents::Elem(high, span))
        }
        other => unreachable!("{other:?} makes no array"),
    })
}

/// § exec/instructions, `array.new`, `array.new_default`, `array.new_fixed`,
/// `array.new_data`, `array.new_elem`, once there is an array.
fn fill_new(
    machine: &mut Machine<'_>,
    frame: &Window,
    new: &New,
    bytes: usize,
    contents: Contents,
) {
    let store = &mut *machine.store;
    let width = store.types.layout(store.heap.ty(new.reference)).widths[0];
    let elements = store.heap.bytes_mut(new.fields, bytes);
    match contents {
        Contents::Default => elements.fill(0),
        Contents::Same(slot) => fill(elements, value(frame, slot, width.slots()), width),
        Contents::Values(first) => {
            let slots = (first..).step_by(width.slots().into());
            for (element, slot) in elements.chunks_exact_mut(width.bytes()).zip(slots) {
                width.write(value(frame, slot, width.slots()), element);
            }
        }
        Contents::Data(index, span) => {
            let data = data(store, machine.instance, index).get(span);
            machine.store.heap.bytes_mut(new.fields, bytes).copy_from_slice(data.unwrap_or(&[]));
        }
        Contents::Elem(index, span) => {
            let address = (machine.instance.elems + index) as usize;
            write_references(elements, &store.elems[address][span]);
        }
    }
}

/// The value in the slots from `slot` on.
fn value(frame: &Window, slot: u16, slots: u16) -> [u64; 2] {
    let slot = usize::from(slot);
    [frame[slot], frame[slot + usize::from(slots) - 1]]
}

/// Let all elements have a value.
fn fill(elements: &mut [u8], value: [u64; 2], width: crate::heap::Width) {
    let mut element = [0; 16];
    width.write(value, &mut element);
    match width.bytes() {
        1 => elements.fill(element[0]),
        bytes => {
            let Some(first) = elements.get_mut(..bytes) else { return };
            first.copy_from_slice(&element[..bytes]);
            // Twice as much each time: a copy of many bytes is fast, many copies are not.
            let mut done = bytes;
            while done < elements.len() {
                let (filled, rest) = elements.split_at_mut(done);
                let more = done.min(rest.len());
                rest[..more].copy_from_slice(&filled[..more]);
                done += more;
            }
        }
    }
}

fn write_references(elements: &mut [u8], references: &[u64]) {
    for (place, reference) in elements.chunks_exact_mut(8).zip(references) {
        place.copy_from_slice(&reference.to_le_bytes());
    }
}

/// The bytes of a data segment; a dropped one has none.
fn data<'a>(store: &Store, instance: &'a InstanceData, index: u32) -> &'a [u8] {
    match store.datas_dropped[(instance.datas + index) as usize] {
        true => &[],
        false => &instance.module.0.datas[index as usize].bytes,
    }
}

/// The references of an element segment.
fn elem<'a>(store: &'a Store, instance: &InstanceData, index: u32) -> &'a [u64] {
    &store.elems[(instance.elems + index) as usize]
}

/// Execute one of the operations on an array that there is.
#[inline(never)]
pub(super) fn change(
    machine: &mut Machine<'_>,
    frame: &mut Window,
    instr: &Instr,
) -> Result<(), Trap> {
    let read = |slot: u16| frame[usize::from(slot)];
    let (array, start) = (read(instr.d), read(instr.a));
    let (low, high) = unpack(instr.imm);
    let count = match instr.op {
        Op::ArrayCopy => read(high as u16),
        _ => read(low as u16),
    };
    let store = &mut *machine.store;
    let moved = match instr.op {
        Op::ArrayFill => {
            let (at, bytes) = elements(store, array, start, count)?;
            let width = store.types.layout(store.heap.ty(array)).widths[0];
            let value = value(frame, instr.b, width.slots());
            fill(store.heap.bytes_mut(at, bytes), value, width);
            bytes
        }
        Op::ArrayCopy => {
            array_copy(store, [array, read(instr.b)], [start, read(low as u16)], count)?
        }
        Op::ArrayInitData => {
            let source = read(instr.b);
            let (at, bytes) = elements(store, array, start, count)?;
            let data = data(store, machine.instance, high);
            let span = span(data.len(), source, bytes as u64).ok_or(Trap::MemoryOutOfBounds)?;
            store.heap.bytes_mut(at, bytes).copy_from_slice(&data[span]);
            bytes
        }
        Op::ArrayInitElem => {
            let source = read(instr.b);
            let (at, bytes) = elements(store, array, start, count)?;
            let references = &store.elems[(machine.instance.elems + high) as usize];
            let span = span(references.len(), source, count).ok_or(Trap::TableOutOfBounds)?;
            write_references(store.heap.bytes_mut(at, bytes), &references[span]);
            bytes
        }
        other => unreachable!("{other:?} changes no array"),
    };
    store.charge(&machine.instance.module.0.code, moved as u64);
    Ok(())
}

/// The position of `count` elements of an array from `start` on, and their bytes.
fn elements(store: &Store, array: u64, start: u64, count: u64) -> Result<(usize, usize), Trap> {
    if array == NULL {
        return Err(Trap::NullArray);
    }
    let (first, length) = store.heap.elements(array);
    let span = span(length as usize, start, count).ok_or(Trap::ArrayOutOfBounds)?;
    let width = store.types.layout(store.heap.ty(array)).bytes as usize;
    Ok((first + span.start * width, span.len() * width))
}

/// § exec/instructions, `array.copy`: to the first of `arrays` from the second; how many bytes.
fn array_copy(
    store: &mut Store,
    arrays: [u64; 2],
    starts: [u64; 2],
    count: u64,
) -> Result<usize, Trap> {
    if arrays.contains(&NULL) {
        return Err(Trap::NullArray);
    }
    let (to, bytes) = elements(store, arrays[0], starts[0], count)?;
    let (from, _) = elements(store, arrays[1], starts[1], count)?;
    store.heap.copy(from, to, bytes);
    Ok(bytes)
}
