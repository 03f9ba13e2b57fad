//! Structures (§ exec/instructions, aggregate instructions).

use crate::exec::handlers::{Slots, handlers};
use crate::exec::machine::{Flow, Halt, Machine};
use crate::exec::stack::Window;
use crate::heap::{New, size};
use crate::ir::Instr;
use crate::refs::NULL;
use crate::trap::Trap;

handlers! {
    StructNew => struct_new;
    StructNewDefault => struct_new_default;
    StructGet8S => |m, f, i| get(m, f, i, |bytes| i32::from(i8::from_le_bytes(bytes)) as u32);
    StructGet8U => |m, f, i| get(m, f, i, u8::from_le_bytes);
    StructGet16S => |m, f, i| get(m, f, i, |bytes| i32::from(i16::from_le_bytes(bytes)) as u32);
    StructGet16U => |m, f, i| get(m, f, i, u16::from_le_bytes);
    StructGet32 => |m, f, i| get(m, f, i, u32::from_le_bytes);
    StructGet64 => |m, f, i| get(m, f, i, u64::from_le_bytes);
    StructGet128 => get_vector;
    StructSet8 => |m, f, i| set(m, f, i, [f.u64(i.b) as u8]);
    StructSet16 => |m, f, i| set(m, f, i, (f.u64(i.b) as u16).to_le_bytes());
    StructSet32 => |m, f, i| set(m, f, i, f.u32(i.b).to_le_bytes());
    StructSet64 => |m, f, i| set(m, f, i, f.u64(i.b).to_le_bytes());
    StructSet128 => |m, f, i| set(m, f, i, f.v128(i.b));
}

/// Make room for an object with so many bytes of fields, and try again.
#[cold]
#[inline(never)]
pub(super) fn collect(machine: &mut Machine<'_>, bytes: u64) -> Flow {
    machine.size = size(bytes);
    Flow::Halt(Halt::Collect)
}

/// § exec/instructions, `struct.new`.
#[inline(always)]
fn struct_new(machine: &mut Machine<'_>, frame: &mut Window, instr: &Instr) -> Flow {
    let ty = machine.instance.types[instr.imm as usize];
    let layout = machine.store.types.layout(ty);
    let bytes = u64::from(layout.bytes);
    let Some(New { reference, fields }) = machine.store.heap.allocate(ty, None, bytes) else {
        return collect(machine, bytes);
    };
    let mut rest = machine.store.heap.bytes_mut(fields, bytes as usize);
    let mut slot = usize::from(instr.a);
    for width in &layout.widths {
        let (field, others) = rest.split_at_mut(width.bytes());
        let next = slot + usize::from(width.slots());
        width.write([frame[slot], frame[next - 1]], field);
        (rest, slot) = (others, next);
    }
    frame.set(instr.d, reference);
    Flow::Next
}

/// § exec/instructions, `struct.new_default`.
fn struct_new_default(machine: &mut Machine<'_>, frame: &mut Window, instr: &Instr) -> Flow {
    let ty = machine.instance.types[instr.imm as usize];
    let bytes = u64::from(machine.store.types.layout(ty).bytes);
    let Some(New { reference, fields }) = machine.store.heap.allocate(ty, None, bytes) else {
        return collect(machine, bytes);
    };
    machine.store.heap.bytes_mut(fields, bytes as usize).fill(0);
    frame.set(instr.d, reference);
    Flow::Next
}

/// The position of a field of the structure in slot `a`.
#[inline(always)]
fn field(machine: &Machine<'_>, frame: &Window, instr: &Instr) -> Result<usize, Trap> {
    match frame.u64(instr.a) {
        NULL => Err(Trap::NullStructure),
        reference => Ok(machine.store.heap.fields(reference) + instr.imm as usize),
    }
}

/// § exec/instructions, `struct.get_sx`.
#[inline(always)]
fn get<const N: usize, T: Into<u64>>(
    machine: &mut Machine<'_>,
    frame: &mut Window,
    instr: &Instr,
    unpack: impl Fn([u8; N]) -> T,
) -> Result<(), Trap> {
    let at = field(machine, frame, instr)?;
    frame.set(instr.d, unpack(machine.store.heap.load(at)));
    Ok(())
}

/// § exec/instructions, `struct.get`, of a vector.
#[inline(always)]
fn get_vector(machine: &mut Machine<'_>, frame: &mut Window, instr: &Instr) -> Result<(), Trap> {
    let at = field(machine, frame, instr)?;
    frame.set_v128(instr.d, machine.store.heap.load(at));
    Ok(())
}

/// § exec/instructions, `struct.set`.
#[inline(always)]
fn set<const N: usize>(
    machine: &mut Machine<'_>,
    frame: &mut Window,
    instr: &Instr,
    value: [u8; N],
) -> Result<(), Trap> {
    let at = field(machine, frame, instr)?;
    machine.store.heap.store(at, value);
    Ok(())
}
