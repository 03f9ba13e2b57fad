//! Control instructions (§ exec/instructions, control instructions). Calls and
//! returns change frames, which only [`crate::exec::interpret`] can, and exceptions
//! leave them ([`crate::exec::unwind`]).

use crate::exec::handlers::{Slots, branch_if, handlers};
use crate::exec::machine::{Flow, Halt, Machine};
use crate::exec::stack::Window;
use crate::ir::{Instr, unpack};
use crate::refs::{NULL, func_addr};
use crate::subtype::Hierarchy;
use crate::trap::Trap;

handlers! {
    Unreachable => |_, _, _| Flow::Trap(Trap::Unreachable);
    Fuel => |m, _, i| charge(m, i);
    Br => |_, _, i| Flow::Jump(i.imm as u32);
    BrIf => |_, f, i| branch_if(i, f.u32(i.a) != 0);
    BrIfNot => |_, f, i| branch_if(i, f.u32(i.a) == 0);
    BrTable => |m, f, i| branch_table(m, f, i);
    BrIfNull => |_, f, i| branch_if(i, f.u64(i.a) == NULL);
    BrIfNonNull => |_, f, i| branch_if(i, f.u64(i.a) != NULL);
    Return => |_, _, _| Halt::Return;
    Return1 => |_, f, i| { f[0] = f.u64(i.a); Halt::Return };
    ReturnMany => |_, f, i| { move_down(f, i.a, i.imm as usize); Halt::Return };
    Call => |_, _, _| Halt::Call;
    CallImport => |m, _, i| call(m, Ok(m.instance.funcs[i.imm as usize]));
    CallIndirect => |m, f, i| call(m, indirect(m, f, i));
    CallRef => |m, f, i| call(m, referenced(f, i));
    ReturnCall => |_, f, i| { move_down(f, i.a, i.d.into()); Halt::TailCall };
    ReturnCallImport => |m, f, i| tail_call(m, f, i, Ok(m.instance.funcs[i.imm as usize]));
    ReturnCallIndirect => |m, f, i| tail_call(m, f, i, indirect(m, f, i));
    ReturnCallRef => |m, f, i| tail_call(m, f, i, referenced(f, i));
    Throw => |_, _, _| Halt::Throw;
    ThrowRef => |_, _, _| Halt::Throw;
}

/// Charge for the block that follows, before it runs.
#[inline(always)]
fn charge(machine: &mut Machine<'_>, instr: &Instr) -> Flow {
    match machine.store.fuel.checked_sub(instr.imm) {
        Some(left) => {
            machine.store.fuel = left;
            Flow::Next
        }
        None => Flow::Halt(Halt::OutOfFuel),
    }
}

/// § exec/instructions, `br_table`.
#[inline(always)]
fn branch_table(machine: &Machine<'_>, frame: &Window, instr: &Instr) -> Flow {
    let (first, count) = unpack(instr.imm);
    let target = first + frame.u32(instr.a).min(count - 1);
    Flow::Jump(machine.instance.module.0.code.targets[target as usize])
}

/// Make `count` slots from `from` on the frame's first: results, or a tail
/// call's arguments.
#[inline(always)]
fn move_down(frame: &mut Window, from: u16, count: usize) {
    let from = usize::from(from);
    frame.copy_within(from..from + count, 0);
}

#[inline(always)]
fn call(machine: &mut Machine<'_>, callee: Result<u32, Trap>) -> Flow {
    match callee {
        Ok(callee) => {
            machine.callee = callee;
            Flow::Halt(Halt::CallAddress)
        }
        Err(trap) => Flow::Trap(trap),
    }
}

#[inline(always)]
fn tail_call(
    machine: &mut Machine<'_>,
    frame: &mut Window,
    instr: &Instr,
    callee: Result<u32, Trap>,
) -> Flow {
    match callee {
        Ok(callee) => {
            machine.callee = callee;
            move_down(frame, instr.a, instr.d.into());
            Flow::Halt(Halt::TailCallAddress)
        }
        Err(trap) => Flow::Trap(trap),
    }
}

/// § exec/instructions, `call_indirect`: the address of the function in an
/// element of a table, which must be of a type.
#[inline(always)]
fn indirect(machine: &Machine<'_>, frame: &Window, instr: &Instr) -> Result<u32, Trap> {
    let (ty, table) = unpack(instr.imm);
    let table = &machine.store.tables[machine.instance.tables[table as usize] as usize];
    let element = table.elements.get(frame.u64(instr.b) as usize);
    let reference = *element.ok_or(Trap::UndefinedElement)?;
    if reference == NULL {
        return Err(Trap::UninitializedElement);
    }
    let func = func_addr(reference);
    let (found, wanted) =
        (machine.store.funcs[func as usize].ty, machine.instance.types[ty as usize]);
    if !machine.store.types.extends(found, wanted) {
        return Err(Trap::IndirectCallTypeMismatch);
    }
    Ok(func)
}

/// § exec/instructions, `call_ref`: the address of the function referred to.
#[inline(always)]
fn referenced(frame: &Window, instr: &Instr) -> Result<u32, Trap> {
    match frame.u64(instr.b) {
        NULL => Err(Trap::NullFunctionReference),
        reference => Ok(func_addr(reference)),
    }
}
