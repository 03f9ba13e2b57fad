//! Parametric and variable instructions (§ exec/instructions), and moves.

use crate::exec::handlers::{Slots, handlers};
use crate::exec::machine::Machine;
use crate::exec::stack::Window;
use crate::ir::Instr;

handlers! {
    Copy => |_, f, i| f.set(i.d, f.u64(i.a));
    Copy2 => |_, f, i| copy(f, i.d, i.a, 2);
    CopyMany => |_, f, i| copy(f, i.d, i.a, i.imm as usize);
    Const => |_, f, i| f.set(i.d, i.imm);
    Select => |_, f, i| f.set(i.d, f.u64(selected(f, i)));
    Select2 => |_, f, i| copy(f, i.d, selected(f, i), 2);
    GlobalGet => |m, f, i| f.set(i.d, global(m, i)[0]);
    GlobalSet => |m, f, i| global(m, i)[0] = f.u64(i.a);
    GlobalGet2 => |m, f, i| f[usize::from(i.d)..][..2].copy_from_slice(global(m, i));
    GlobalSet2 => |m, f, i| global(m, i).copy_from_slice(&f[usize::from(i.a)..][..2]);
}

#[inline(always)]
fn copy(frame: &mut Window, to: u16, from: u16, count: usize) {
    let from = usize::from(from);
    frame.copy_within(from..from + count, to.into());
}

/// § exec/instructions, `select`: the slot of the operand selected.
#[inline(always)]
fn selected(frame: &Window, instr: &Instr) -> u16 {
    if frame.u32(instr.imm as u16) != 0 { instr.a } else { instr.b }
}

#[inline(always)]
fn global<'a>(machine: &'a mut Machine<'_>, instr: &Instr) -> &'a mut [u64; 2] {
    let address = machine.instance.globals[instr.imm as usize];
    &mut machine.store.globals[address as usize].slots
}
