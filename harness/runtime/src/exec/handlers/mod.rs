//! The handlers: what each operation does, one line or function each.

mod arrays;
pub(super) mod atomic;
mod casts;
mod control;
mod floats;
mod integers;
mod memory;
mod refs;
mod relaxed;
mod structures;
mod variables;
mod vector_floats;
mod vector_integers;
mod vector_widths;
mod vectors;
mod wide;

use crate::exec::machine::{Flow, Handler};
use crate::exec::stack::Window;
use crate::ir::{Instr, Op};
use crate::numeric::{Nans, V128, halves, vector};
use crate::trap::Trap;

/// The number of operations.
const OPS: usize = Op::I64TruncSatF64U as usize + 1;

type Table = [Option<Handler>; OPS];

/// The handler of each operation, by its number.
pub(super) static HANDLERS: [Handler; OPS] = complete(&{
    let mut table: Table = [None; OPS];
    control::install(&mut table);
    variables::install(&mut table);
    refs::install(&mut table);
    casts::install(&mut table);
    structures::install(&mut table);
    arrays::install(&mut table);
    memory::install(&mut table);
    atomic::install(&mut table);
    integers::install(&mut table);
    floats::install(&mut table);
    floats::install_arithmetic(&mut table);
    vectors::install(&mut table);
    vector_integers::install(&mut table);
    vector_widths::install(&mut table);
    vector_floats::install(&mut table);
    vector_floats::install_arithmetic(&mut table);
    relaxed::install(&mut table);
    wide::install(&mut table);
    table
});

/// The table with nothing missing: checked when this is compiled.
const fn complete(table: &Table) -> [Handler; OPS] {
    let Some(first) = table[0] else { panic!("an operation has no handler") };
    let mut handlers = [first; OPS];
    let mut op = 0;
    while op < OPS {
        let Some(handler) = table[op] else { panic!("an operation has no handler") };
        handlers[op] = handler;
        op += 1;
    }
    handlers
}

/// `install` for operations, each with a function from machine, frame and
/// instruction to what follows.
macro_rules! handlers {
    ($($op:ident => $step:expr;)*) => {
        pub(super) const fn install(table: &mut crate::exec::handlers::Table) {
            $(
                #[expect(non_snake_case, reason = "profiles show operations by their own names")]
                fn $op(
                    machine: &mut crate::exec::machine::Machine<'_>,
                    frame: &mut crate::exec::stack::Window,
                    instr: &crate::ir::Instr,
                    rest: std::slice::Iter<'_, crate::ir::Instr>,
                ) -> crate::exec::machine::Halt {
                    crate::exec::machine::handle($step, machine, frame, instr, rest)
                }
                table[crate::ir::Op::$op as usize] = Some($op);
            )*
        }
    };
}
use handlers;

/// The same for operations that may result in a NaN, each with a function from the choice
/// of it, frame and instruction.
///
/// Each has two handlers. To the first one that choice is a constant, the deterministic
/// profile's; a call where another is made would cost it registers, NaN or not.
macro_rules! arithmetic_handlers {
    ($($op:ident => $step:expr;)*) => {
        pub(super) const fn install_arithmetic(table: &mut crate::exec::handlers::Table) {
            $(
                #[expect(non_snake_case, reason = "profiles show operations by their own names")]
                fn $op(
                    machine: &mut crate::exec::machine::Machine<'_>,
                    frame: &mut crate::exec::stack::Window,
                    instr: &crate::ir::Instr,
                    rest: std::slice::Iter<'_, crate::ir::Instr>,
                ) -> crate::exec::machine::Halt {
                    use crate::exec::handlers::arithmetic;
                    #[cold]
                    #[inline(never)]
                    fn free(
                        machine: &mut crate::exec::machine::Machine<'_>,
                        frame: &mut crate::exec::stack::Window,
                        instr: &crate::ir::Instr,
                        rest: std::slice::Iter<'_, crate::ir::Instr>,
                    ) -> crate::exec::machine::Halt {
                        crate::exec::machine::handle(
                            |m, f, i| arithmetic($step, &mut m.store.nans, f, i),
                            machine,
                            frame,
                            instr,
                            rest,
                        )
                    }
                    if machine.has_free_nans {
                        return free(machine, frame, instr, rest);
                    }
                    let nans = &mut crate::numeric::Nans::default();
                    crate::exec::machine::handle(
                        |_, f, i| arithmetic($step, nans, f, i),
                        machine,
                        frame,
                        instr,
                        rest,
                    )
                }

                table[crate::ir::Op::$op as usize] = Some($op);
            )*
        }
    };
}
use arithmetic_handlers;

/// Says the types of the parameters, so that handlers need not.
#[inline(always)]
fn arithmetic(
    step: impl FnOnce(&mut Nans, &mut Window, &Instr),
    nans: &mut Nans,
    frame: &mut Window,
    instr: &Instr,
) {
    step(nans, frame, instr);
}

/// The slots of a frame as what they hold.
trait Slots {
    fn u64(&self, slot: u16) -> u64;
    fn u32(&self, slot: u16) -> u32;
    fn f64(&self, slot: u16) -> f64;
    fn f32(&self, slot: u16) -> f32;
    fn v128(&self, slot: u16) -> V128;
    fn set(&mut self, slot: u16, value: impl Into<u64>);
    fn set_v128(&mut self, slot: u16, value: V128);
}

impl Slots for Window {
    #[inline(always)]
    fn u64(&self, slot: u16) -> u64 {
        self[usize::from(slot)]
    }

    #[inline(always)]
    fn u32(&self, slot: u16) -> u32 {
        self.u64(slot) as u32
    }

    #[inline(always)]
    fn f64(&self, slot: u16) -> f64 {
        f64::from_bits(self.u64(slot))
    }

    #[inline(always)]
    fn f32(&self, slot: u16) -> f32 {
        f32::from_bits(self.u32(slot))
    }

    #[inline(always)]
    fn set(&mut self, slot: u16, value: impl Into<u64>) {
        self[usize::from(slot)] = value.into();
    }

    #[inline(always)]
    fn v128(&self, slot: u16) -> V128 {
        let slot = usize::from(slot);
        vector([self[slot], self[slot + 1]])
    }

    #[inline(always)]
    fn set_v128(&mut self, slot: u16, value: V128) {
        let slot = usize::from(slot);
        [self[slot], self[slot + 1]] = halves(value);
    }
}

/// Write the result of an operation that may trap.
#[inline(always)]
fn try_set<T: Into<u64>>(
    frame: &mut Window,
    instr: &Instr,
    result: Result<T, Trap>,
) -> Result<(), Trap> {
    frame.set(instr.d, result?);
    Ok(())
}

/// § exec/instructions, `br_if`.
#[inline(always)]
fn branch_if(instr: &Instr, condition: bool) -> Flow {
    if condition { Flow::Jump(instr.imm as u32) } else { Flow::Next }
}
