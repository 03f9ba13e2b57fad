//! Runs one instance: handlers for what leaves frames alone, and here the calls
//! and returns, which do not.

use crate::exec::machine::{Halt, Machine, run};
use crate::exec::stack::{Frame, Stack, Window, window};
use crate::instance::InstanceData;
use crate::ir::Instr;
use crate::module::Body;
use crate::store::{FuncCode, Store};
use crate::trap::Trap;

/// Why the interpreter was left. The frame it was left with tells where to go on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Exit {
    /// The outermost function returned; results are in its first slots.
    Finished,
    /// A function of another instance goes on.
    Switched,
    /// Call a function that is not this instance's. The arguments are in the
    /// current frame from slot `at` on; a tail call drops the frame.
    Call {
        func: u32,
        at: u16,
        tail: bool,
    },
    /// The instruction before the frame's pc is for [`crate::exec::bulk`].
    Memory,
    /// The instruction before the frame's pc is `memory.atomic.wait`.
    Wait,
    /// The instruction before the frame's pc throws.
    Throw,
    /// The instruction at the frame's pc is a memory instruction.
    Yield,
    /// The instruction at the frame's pc needs more fuel.
    OutOfFuel,
    Trap(Trap),
    StackExhausted,
    /// The instruction at the frame's pc needs room for an object of so many bytes.
    Collect {
        size: u64,
    },
}

/// Run instructions of `instance` from `current` on until there is something to
/// do elsewhere. `memory` is the instance's first memory, lent by the store.
pub(super) fn interpret(
    store: &mut Store,
    instance: &InstanceData,
    memory: &mut [u8],
    stack: &mut Stack,
    current: &mut Frame,
) -> Exit {
    let code = &instance.module.0.code;
    let limits = (stack.slots_max(), store.limits.frames_max);
    let slots = &mut stack.slots[..];
    let mut base = current.base as usize;
    let mut machine = Machine {
        has_free_nans: !store.nans.is_deterministic(),
        store,
        instance,
        instrs: &code.instrs,
        memory,
        frames: &mut stack.frames,
        jumps_left: 0,
        pc: current.pc,
        callee: 0,
        size: 0,
        trap: Trap::Unreachable,
    };
    let exit = loop {
        let call = match run(&mut machine, window(slots, base)) {
            Halt::Continue => continue,
            Halt::Return => match machine.frames.pop() {
                None => break Exit::Finished,
                Some(caller) if caller.instance == instance.index => {
                    machine.pc = caller.pc;
                    base = caller.base as usize;
                    continue;
                }
                Some(caller) => {
                    *current = caller;
                    return Exit::Switched;
                }
            },
            Halt::Memory => break Exit::Memory,
            Halt::Wait => break Exit::Wait,
            Halt::Throw => break Exit::Throw,
            Halt::Yield => break Exit::Yield,
            Halt::OutOfFuel => {
                machine.pc -= 1;
                break Exit::OutOfFuel;
            }
            Halt::Collect => {
                machine.pc -= 1;
                break Exit::Collect { size: machine.size };
            }
            Halt::Trap => break Exit::Trap(machine.trap),
            call => call,
        };
        let instr = &code.instrs[machine.pc as usize - 1];
        let (body, at, tail) = match callee(&machine, call, instr) {
            Ok(callee) => callee,
            Err(exit) => break exit,
        };
        if !tail {
            let pc = machine.pc;
            machine.frames.push(Frame { pc, base: base as u32, instance: instance.index });
        }
        let body = &code.bodies[body as usize];
        base += usize::from(at);
        if base + body.frame_slots as usize > limits.0 || machine.frames.len() >= limits.1 {
            break Exit::StackExhausted;
        }
        clear_slots(window(slots, base), body);
        machine.pc = body.start;
    };
    *current = Frame { pc: machine.pc, base: base as u32, instance: instance.index };
    exit
}

/// The instance's own body that a call enters, at which slot, and whether in
/// place of the current one.
#[inline(always)]
fn callee(machine: &Machine<'_>, call: Halt, instr: &Instr) -> Result<(u32, u16, bool), Exit> {
    let tail = matches!(call, Halt::TailCall | Halt::TailCallAddress);
    let at = if tail { 0 } else { instr.a };
    if matches!(call, Halt::Call | Halt::TailCall) {
        return Ok((instr.imm as u32, at, tail));
    }
    let func = machine.callee;
    match machine.store.funcs[func as usize].code {
        FuncCode::Wasm { instance, body } if instance == machine.instance.index => {
            Ok((body, at, tail))
        }
        _ => Err(Exit::Call { func, at, tail }),
    }
}

/// § exec/instructions, function calls: locals start as zero or null.
#[inline(always)]
fn clear_slots(frame: &mut Window, body: &Body) {
    for slot in body.param_slots..body.cleared_slots {
        frame[usize::from(slot)] = 0;
    }
}
