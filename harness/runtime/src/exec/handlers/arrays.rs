//! Elements of arrays (§ exec/instructions, aggregate instructions); what is done to many
//! of them is in [`crate::exec::arrays`].

use crate::exec::arrays;
use crate::exec::handlers::{Slots, handlers};
use crate::exec::machine::Machine;
use crate::exec::stack::Window;
use crate::ir::Instr;
use crate::refs::NULL;
use crate::trap::Trap;

handlers! {
    ArrayNew => arrays::make;
    ArrayNewDefault => arrays::make;
    ArrayNewFixed => arrays::make;
    ArrayNewData => arrays::make;
    ArrayNewElem => arrays::make;
    ArrayGet8S => |m, f, i| get(m, f, i, |bytes| i32::from(i8::from_le_bytes(bytes)) as u32);
    ArrayGet8U => |m, f, i| get(m, f, i, u8::from_le_bytes);
    ArrayGet16S => |m, f, i| get(m, f, i, |bytes| i32::from(i16::from_le_bytes(bytes)) as u32);
    ArrayGet16U => |m, f, i| get(m, f, i, u16::from_le_bytes);
    ArrayGet32 => |m, f, i| get(m, f, i, u32::from_le_bytes);
    ArrayGet64 => |m, f, i| get(m, f, i, u64::from_le_bytes);
    ArrayGet128 => get_vector;
    ArraySet8 => |m, f, i| set(m, f, i, [f.u64(i.b) as u8]);
    ArraySet16 => |m, f, i| set(m, f, i, (f.u64(i.b) as u16).to_le_bytes());
    ArraySet32 => |m, f, i| set(m, f, i, f.u32(i.b).to_le_bytes());
    ArraySet64 => |m, f, i| set(m, f, i, f.u64(i.b).to_le_bytes());
    ArraySet128 => |m, f, i| set(m, f, i, f.v128(i.b));
    ArrayLen => array_len;
    ArrayFill => arrays::change;
    ArrayCopy => arrays::change;
    ArrayInitData => arrays::change;
    ArrayInitElem => arrays::change;
}

/// The position of an element of `N` bytes.
#[inline(always)]
fn element<const N: usize>(
    machine: &Machine<'_>,
    reference: u64,
    index: u32,
) -> Result<usize, Trap> {
    if reference == NULL {
        return Err(Trap::NullArray);
    }
    let (first, count) = machine.store.heap.elements(reference);
    if index >= count {
        return Err(Trap::ArrayOutOfBounds);
    }
    Ok(first + index as usize * N)
}

/// § exec/instructions, `array.get_sx`.
#[inline(always)]
fn get<const N: usize, T: Into<u64>>(
    machine: &mut Machine<'_>,
    frame: &mut Window,
    instr: &Instr,
    unpack: impl Fn([u8; N]) -> T,
) -> Result<(), Trap> {
    let at = element::<N>(machine, frame.u64(instr.a), frame.u32(instr.b))?;
    frame.set(instr.d, unpack(machine.store.heap.load(at)));
    Ok(())
}

/// § exec/instructions, `array.get`, of a vector.
#[inline(always)]
fn get_vector(machine: &mut Machine<'_>, frame: &mut Window, instr: &Instr) -> Result<(), Trap> {
    let at = element::<16>(machine, frame.u64(instr.a), frame.u32(instr.b))?;
    frame.set_v128(instr.d, machine.store.heap.load(at));
    Ok(())
}

/// § exec/instructions, `array.set`.
#[inline(always)]
fn set<const N: usize>(
    machine: &mut Machine<'_>,
    frame: &mut Window,
    instr: &Instr,
    value: [u8; N],
) -> Result<(), Trap> {
    let at = element::<N>(machine, frame.u64(instr.d), frame.u32(instr.a))?;
    machine.store.heap.store(at, value);
    Ok(())
}

/// § exec/instructions, `array.len`.
#[inline(always)]
fn array_len(machine: &mut Machine<'_>, frame: &mut Window, instr: &Instr) -> Result<(), Trap> {
    match frame.u64(instr.a) {
        NULL => Err(Trap::NullArray),
        reference => {
            let (_, count) = machine.store.heap.elements(reference);
            frame.set(instr.d, count);
            Ok(())
        }
    }
}
