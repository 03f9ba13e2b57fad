//! Casts, and references to small integers (§ exec/instructions, reference instructions).

use crate::exec::handlers::{Slots, handlers};
use crate::exec::machine::{Flow, Machine};
use crate::exec::stack::Window;
use crate::ir::{Instr, unpack};
use crate::refs::{NULL, Referent, Target, func_addr, i31_ref, referent};
use crate::subtype::Hierarchy;
use crate::trap::Trap;

handlers! {
    RefTest => |m, f, i| f.set(i.d, is_of_type(m, f.u64(i.a), Target(i.imm as u32)));
    RefCast => cast;
    BrIfCast => |m, f, i| branch_if(m, f, i, true);
    BrIfNotCast => |m, f, i| branch_if(m, f, i, false);
    RefI31 => |_, f, i| f.set(i.d, i31_ref(f.u32(i.a)));
    I31GetS => |_, f, i| i31_get(f, i, |number| ((number << 1) as i32 >> 1) as u32);
    I31GetU => |_, f, i| i31_get(f, i, |number| number);
}

/// Whether a reference is of the type asked for (§ exec/values, reference typing).
#[inline(always)]
fn is_of_type(machine: &Machine<'_>, reference: u64, target: Target) -> bool {
    let referent = referent(reference);
    let Some(index) = target.concrete() else { return target.has(referent) };
    let store = &*machine.store;
    let found = match referent {
        Referent::Null => return target.is_nullable(),
        Referent::Func => store.funcs[func_addr(reference) as usize].ty,
        Referent::Struct | Referent::Array => store.heap.ty(reference),
        Referent::Extern | Referent::I31 | Referent::Exn => return false,
    };
    store.types.extends(found, machine.instance.types[index as usize])
}

/// § exec/instructions, `ref.cast`.
#[inline(always)]
fn cast(machine: &mut Machine<'_>, frame: &mut Window, instr: &Instr) -> Result<(), Trap> {
    let reference = frame.u64(instr.a);
    if !is_of_type(machine, reference, Target(instr.imm as u32)) {
        return Err(Trap::CastFailure);
    }
    frame.set(instr.d, reference);
    Ok(())
}

/// § exec/instructions, `br_on_cast` and `br_on_cast_fail`: branch if the reference is of
/// the type, or if it is not.
#[inline(always)]
fn branch_if(machine: &Machine<'_>, frame: &Window, instr: &Instr, wanted: bool) -> Flow {
    let (label, target) = unpack(instr.imm);
    match is_of_type(machine, frame.u64(instr.a), Target(target)) == wanted {
        true => Flow::Jump(label),
        false => Flow::Next,
    }
}

/// § exec/instructions, `i31.get_sx`.
#[inline(always)]
fn i31_get(frame: &mut Window, instr: &Instr, extend: impl Fn(u32) -> u32) -> Result<(), Trap> {
    match frame.u64(instr.a) {
        NULL => Err(Trap::NullI31),
        reference => {
            frame.set(instr.d, extend(reference as u32));
            Ok(())
        }
    }
}
