//! Reference and table instructions (§ exec/instructions); those on many
//! elements are in [`crate::exec::tables`].

use crate::exec::handlers::{Slots, handlers};
use crate::exec::machine::Machine;
use crate::exec::stack::Window;
use crate::exec::tables;
use crate::ir::Instr;
use crate::refs::{NULL, func_ref};
use crate::trap::Trap;

handlers! {
    RefFunc => |m, f, i| f.set(i.d, func_ref(m.instance.funcs[i.imm as usize]));
    RefIsNull => |_, f, i| f.set(i.d, f.u64(i.a) == NULL);
    RefAsNonNull => |_, f, i| as_non_null(f, i);
    RefEq => |_, f, i| f.set(i.d, f.u64(i.a) == f.u64(i.b));
    TableGet => table_get;
    TableSet => table_set;
    TableSize => |m, f, i| f.set(i.d, elements(m, i).len() as u64);
    TableGrow => |m, f, i| tables::execute(m, i, f);
    TableFill => |m, f, i| tables::execute(m, i, f);
    TableCopy => |m, f, i| tables::execute(m, i, f);
    TableInit => |m, f, i| tables::execute(m, i, f);
    ElemDrop => |m, f, i| tables::execute(m, i, f);
}

/// § exec/instructions, `ref.as_non_null`.
#[inline(always)]
fn as_non_null(frame: &mut Window, instr: &Instr) -> Result<(), Trap> {
    match frame.u64(instr.a) {
        NULL => Err(Trap::NullReference),
        reference => {
            frame.set(instr.d, reference);
            Ok(())
        }
    }
}

#[inline(always)]
fn elements<'a>(machine: &'a mut Machine<'_>, instr: &Instr) -> &'a mut [u64] {
    let address = machine.instance.tables[instr.imm as usize];
    &mut machine.store.tables[address as usize].elements
}

/// § exec/instructions, `table.get`.
#[inline(always)]
fn table_get(machine: &mut Machine<'_>, frame: &mut Window, instr: &Instr) -> Result<(), Trap> {
    let element = elements(machine, instr).get(frame.u64(instr.a) as usize);
    frame.set(instr.d, *element.ok_or(Trap::TableOutOfBounds)?);
    Ok(())
}

/// § exec/instructions, `table.set`.
#[inline(always)]
fn table_set(machine: &mut Machine<'_>, frame: &mut Window, instr: &Instr) -> Result<(), Trap> {
    let element = elements(machine, instr).get_mut(frame.u64(instr.a) as usize);
    *element.ok_or(Trap::TableOutOfBounds)? = frame.u64(instr.b);
    Ok(())
}
