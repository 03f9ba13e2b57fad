//! The machine: one handler per operation, each of which goes on to the next.
//!
//! A handler ends with a call of the next instruction's handler. An optimising
//! compiler makes a jump of it, so that instructions follow each other without
//! a loop between them and each jump is predicted by itself. Nothing relies on
//! that: handlers return to [`crate::exec::interpret`] after [`STRAIGHT_MAX`]
//! instructions in a row or [`JUMPS_MAX`] jumps, so that even if every one of them
//! took a frame of the host's stack, these would be few.

use std::hint::black_box;
use std::slice::Iter;

use crate::exec::handlers::HANDLERS;
use crate::exec::stack::{Frame, Window};
use crate::instance::InstanceData;
use crate::ir::{CODE_PADDING, Instr};
use crate::store::Store;
use crate::trap::Trap;

/// Instructions executed in a row, at most, before handlers return.
const STRAIGHT_MAX: usize = CODE_PADDING;

/// Jumps made, at most, before handlers return.
const JUMPS_MAX: u32 = 32;

/// What handlers share beside the frame and the instruction.
pub(super) struct Machine<'a> {
    pub(super) store: &'a mut Store,
    pub(super) instance: &'a InstanceData,
    pub(super) instrs: &'a [Instr],
    /// The instance's first memory, which the store lends for so long.
    pub(super) memory: &'a mut [u8],
    pub(super) frames: &'a mut Vec<Frame>,
    /// Whether NaNs may be others than the deterministic profile's.
    pub(super) has_free_nans: bool,
    /// Jumps until handlers return.
    pub(super) jumps_left: u32,
    /// Where to go on, once handlers returned.
    pub(super) pc: u32,
    /// The function to call, for [`Halt::CallAddress`].
    pub(super) callee: u32,
    /// The bytes of an object, for [`Halt::Collect`].
    pub(super) size: u64,
    /// For [`Halt::Trap`].
    pub(super) trap: Trap,
}

/// Executes one instruction and those after it. The iterator has the rest of
/// the straight run.
pub(super) type Handler = fn(&mut Machine<'_>, &mut Window, &Instr, Iter<'_, Instr>) -> Halt;

/// Why handlers returned. The instruction concerned is the one before
/// [`Machine::pc`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// To go on, after a while.
    Continue,
    /// To call the module's own function `imm`.
    Call,
    /// To call [`Machine::callee`].
    CallAddress,
    /// To call the module's own function `imm` in place of the current one.
    TailCall,
    /// To call [`Machine::callee`] in place of the current one.
    TailCallAddress,
    /// The results are in the frame's first slots.
    Return,
    /// An operation of [`crate::exec::bulk`].
    Memory,
    /// `memory.atomic.wait`.
    Wait,
    /// `throw` or `throw_ref`.
    Throw,
    /// To let others go on before the next instruction.
    Yield,
    /// There is not enough fuel for the instruction at the program counter.
    OutOfFuel,
    /// To make room for an object of [`Machine::size`] bytes, and try again.
    Collect,
    /// [`Machine::trap`].
    Trap,
}

/// What follows an instruction.
pub(super) enum Flow {
    /// The next one.
    Next,
    /// The one with this index.
    Jump(u32),
    /// The one after the next, or the next, which then changes nothing.
    Skip,
    Trap(Trap),
    Halt(Halt),
}

impl From<()> for Flow {
    #[inline(always)]
    fn from((): ()) -> Flow {
        Flow::Next
    }
}

impl From<Result<(), Trap>> for Flow {
    #[inline(always)]
    fn from(result: Result<(), Trap>) -> Flow {
        match result {
            Ok(()) => Flow::Next,
            Err(trap) => Flow::Trap(trap),
        }
    }
}

impl From<Halt> for Flow {
    #[inline(always)]
    fn from(halt: Halt) -> Flow {
        Flow::Halt(halt)
    }
}

/// Execute `instr` by `step`, then what follows it: the whole of a handler.
#[inline(always)]
pub(super) fn handle<F: Into<Flow>>(
    step: impl FnOnce(&mut Machine<'_>, &mut Window, &Instr) -> F,
    machine: &mut Machine<'_>,
    frame: &mut Window,
    instr: &Instr,
    mut rest: Iter<'_, Instr>,
) -> Halt {
    match step(machine, frame, instr).into() {
        Flow::Next => next(machine, frame, rest),
        Flow::Jump(target) => jump(machine, frame, target),
        Flow::Skip => {
            rest.next();
            next(machine, frame, rest)
        }
        Flow::Trap(trap) => trapped(machine, rest, trap),
        Flow::Halt(halt) => leave(machine, rest, halt),
    }
}

/// Go on with the next instruction of the straight run.
#[inline(always)]
fn next(machine: &mut Machine<'_>, frame: &mut Window, mut rest: Iter<'_, Instr>) -> Halt {
    let Some(instr) = rest.next() else { return leave(machine, rest, Halt::Continue) };
    HANDLERS[instr.op as usize](machine, frame, instr, rest)
}

/// Go on with the instruction `target`, in a straight run of its own.
#[inline(always)]
fn jump(machine: &mut Machine<'_>, frame: &mut Window, target: u32) -> Halt {
    machine.jumps_left -= 1;
    if machine.jumps_left == 0 {
        return pause(machine, target);
    }
    let instrs = machine.instrs;
    let start = target as usize;
    match instrs.get(start..start + STRAIGHT_MAX) {
        Some(run) => next(machine, frame, run.iter()),
        None => pause(machine, target),
    }
}

/// Go on with the instruction at [`Machine::pc`].
#[inline(always)]
pub(super) fn run(machine: &mut Machine<'_>, frame: &mut Window) -> Halt {
    machine.jumps_left = JUMPS_MAX;
    let run = &machine.instrs[machine.pc as usize..];
    next(machine, frame, run.get(..STRAIGHT_MAX).unwrap_or(run).iter())
}

/// Return, to go on at `target` after a while.
#[cold]
#[inline(never)]
fn pause(machine: &mut Machine<'_>, target: u32) -> Halt {
    machine.pc = target;
    opaque(Halt::Continue)
}

/// `halt`, which the compiler cannot know. Otherwise it would put the number into
/// callers, which then could not end with a jump.
#[inline(always)]
fn opaque(halt: Halt) -> Halt {
    black_box(halt)
}

/// Return, to go on after what `halt` says with the rest of the straight run.
#[inline(never)]
fn leave(machine: &mut Machine<'_>, rest: Iter<'_, Instr>, halt: Halt) -> Halt {
    let offset = rest.as_slice().as_ptr().addr() - machine.instrs.as_ptr().addr();
    machine.pc = (offset / size_of::<Instr>()) as u32;
    opaque(halt)
}

#[cold]
#[inline(never)]
fn trapped(machine: &mut Machine<'_>, rest: Iter<'_, Instr>, trap: Trap) -> Halt {
    machine.trap = trap;
    leave(machine, rest, Halt::Trap)
}
