//! The interpreter's loop.

use crate::exec::stack::{Frame, Stack, Window, window};
use crate::exec::tables;
use crate::instance::InstanceData;
use crate::ir::{Op, unpack};
use crate::module::Body;
use crate::numeric::*;
use crate::store::{FuncCode, Store};
use crate::trap::Trap;
use crate::types::{NULL, func_addr, func_ref};

/// Why the loop was left. The frame it was left with tells where to go on.
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
    /// The instruction at the frame's pc needs more fuel.
    OutOfFuel,
    Trap(Trap),
    StackExhausted,
}

/// Run instructions of `instance` from `current` on until the loop must be left.
///
/// `memory` is the instance's first memory, which the store lends for so long.
/// What an instruction needs often is held in locals: the program counter, the
/// window of the frame, the memory. One `match` over all operations, one line
/// each, is what makes it fast, so that this function is as long as the
/// instruction set; all that is rare or large stands elsewhere.
pub(super) fn interpret(
    store: &mut Store,
    instance: &InstanceData,
    memory: &mut [u8],
    stack: &mut Stack,
    current: &mut Frame,
) -> Exit {
    let code = &instance.module.0.code;
    let instrs = &code.instrs[..];
    let slots_max = stack.slots_max();
    let frames_max = store.limits.frames_max;
    let Stack { slots, frames } = stack;
    let slots = &mut slots[..];
    let mut pc = current.pc as usize;
    let mut base = current.base as usize;
    let mut frame = window(slots, base);

    let exit = loop {
        let instr = &instrs[pc];
        pc += 1;

        // Operands, by the instruction's fields.
        macro_rules! r64 {
            ($field:ident) => {
                frame[usize::from(instr.$field)]
            };
        }
        macro_rules! r32 {
            ($field:ident) => {
                r64!($field) as u32
            };
        }
        macro_rules! f32 {
            ($field:ident) => {
                f32::from_bits(r32!($field))
            };
        }
        macro_rules! f64 {
            ($field:ident) => {
                f64::from_bits(r64!($field))
            };
        }
        macro_rules! imm32 {
            () => {
                instr.imm as u32
            };
        }
        macro_rules! imm64 {
            () => {
                instr.imm
            };
        }
        // Effects.
        macro_rules! set {
            ($value:expr) => {{
                let value: u64 = $value;
                frame[usize::from(instr.d)] = value
            }};
        }
        macro_rules! checked {
            ($result:expr) => {
                match $result {
                    Ok(value) => value,
                    Err(trap) => break Exit::Trap(trap),
                }
            };
        }
        macro_rules! branch_if {
            ($condition:expr) => {
                if $condition {
                    pc = instr.imm as usize
                }
            };
        }
        macro_rules! branch_if_imm32 {
            ($relation:ident) => {{
                let (target, constant) = unpack(instr.imm);
                if $relation(r32!(a), constant) {
                    pc = target as usize
                }
            }};
        }
        macro_rules! branch_if_imm64 {
            ($relation:ident) => {{
                let (target, constant) = unpack(instr.imm);
                if $relation(r64!(a), extend_s(constant)) {
                    pc = target as usize
                }
            }};
        }
        macro_rules! load {
            ($memory:expr, $type:ident, $extend:expr) => {{
                let address = r64!(a);
                match load($memory, address, instr.imm) {
                    Some(bytes) => set!($extend($type::from_le_bytes(bytes))),
                    None => break Exit::Trap(Trap::MemoryOutOfBounds),
                }
            }};
        }
        macro_rules! store {
            ($memory:expr, $type:ident) => {{
                let (address, value) = (r64!(a), r64!(b));
                match bytes_at($memory, address, instr.imm) {
                    Some(bytes) => *bytes = (value as $type).to_le_bytes(),
                    None => break Exit::Trap(Trap::MemoryOutOfBounds),
                }
            }};
        }
        macro_rules! nth {
            ($field:ident) => {
                nth_memory(store, instance, memory, instr.$field)
            };
        }
        // § exec/instructions, function calls: enter the body with its frame at
        // slot `$at` of the current one.
        macro_rules! enter {
            ($body:expr, $at:expr) => {{
                let body: &Body = $body;
                base += usize::from($at);
                if base + body.frame_slots as usize > slots_max || frames.len() >= frames_max {
                    break Exit::StackExhausted;
                }
                frame = window(slots, base);
                zero_locals(frame, body);
                pc = body.start as usize;
            }};
        }
        macro_rules! call {
            ($body:expr) => {{
                frames.push(Frame { pc: pc as u32, base: base as u32, instance: instance.index });
                enter!($body, instr.a)
            }};
        }
        macro_rules! tail_call {
            ($body:expr) => {{
                move_arguments(frame, instr.a, instr.d);
                enter!($body, 0u16)
            }};
        }
        // Call the function at a store address.
        macro_rules! call_address {
            ($func:expr, $enter:ident, $tail:expr) => {{
                let func: u32 = $func;
                match store.funcs[func as usize].code {
                    FuncCode::Wasm { instance: of, body } if of == instance.index => {
                        $enter!(&code.bodies[body as usize])
                    }
                    _ => {
                        let mut at = instr.a;
                        if $tail {
                            move_arguments(frame, instr.a, instr.d);
                            at = 0;
                        }
                        break Exit::Call { func, at, tail: $tail };
                    }
                }
            }};
        }
        // § exec/instructions, returning from a function.
        macro_rules! leave {
            () => {
                match frames.pop() {
                    None => break Exit::Finished,
                    Some(caller) if caller.instance == instance.index => {
                        pc = caller.pc as usize;
                        base = caller.base as usize;
                        frame = window(slots, base);
                    }
                    Some(caller) => {
                        *current = caller;
                        return Exit::Switched;
                    }
                }
            };
        }

        match instr.op {
            // § exec/instructions, control instructions.
            Op::Unreachable => break Exit::Trap(Trap::Unreachable),
            Op::Fuel => {
                if store.fuel < instr.imm {
                    pc -= 1;
                    break Exit::OutOfFuel;
                }
                store.fuel -= instr.imm;
            }
            Op::Br => pc = instr.imm as usize,
            Op::BrIf => branch_if!(r32!(a) != 0),
            Op::BrIfNot => branch_if!(r32!(a) == 0),
            Op::BrTable => {
                let (first, count) = unpack(instr.imm);
                let target = first + r32!(a).min(count - 1);
                pc = code.targets[target as usize] as usize;
            }
            Op::BrIfNull => branch_if!(r64!(a) == NULL),
            Op::BrIfNonNull => branch_if!(r64!(a) != NULL),
            Op::BrIfI32Eq => branch_if!(ieq(r32!(a), r32!(b))),
            Op::BrIfI32Ne => branch_if!(ine(r32!(a), r32!(b))),
            Op::BrIfI32LtS => branch_if!(ilt_s(r32!(a), r32!(b))),
            Op::BrIfI32LtU => branch_if!(ilt_u(r32!(a), r32!(b))),
            Op::BrIfI32GtS => branch_if!(igt_s(r32!(a), r32!(b))),
            Op::BrIfI32GtU => branch_if!(igt_u(r32!(a), r32!(b))),
            Op::BrIfI32LeS => branch_if!(ile_s(r32!(a), r32!(b))),
            Op::BrIfI32LeU => branch_if!(ile_u(r32!(a), r32!(b))),
            Op::BrIfI32GeS => branch_if!(ige_s(r32!(a), r32!(b))),
            Op::BrIfI32GeU => branch_if!(ige_u(r32!(a), r32!(b))),
            Op::BrIfI64Eq => branch_if!(ieq(r64!(a), r64!(b))),
            Op::BrIfI64Ne => branch_if!(ine(r64!(a), r64!(b))),
            Op::BrIfI64LtS => branch_if!(ilt_s(r64!(a), r64!(b))),
            Op::BrIfI64LtU => branch_if!(ilt_u(r64!(a), r64!(b))),
            Op::BrIfI64GtS => branch_if!(igt_s(r64!(a), r64!(b))),
            Op::BrIfI64GtU => branch_if!(igt_u(r64!(a), r64!(b))),
            Op::BrIfI64LeS => branch_if!(ile_s(r64!(a), r64!(b))),
            Op::BrIfI64LeU => branch_if!(ile_u(r64!(a), r64!(b))),
            Op::BrIfI64GeS => branch_if!(ige_s(r64!(a), r64!(b))),
            Op::BrIfI64GeU => branch_if!(ige_u(r64!(a), r64!(b))),
            Op::BrIfI32EqImm => branch_if_imm32!(ieq),
            Op::BrIfI32NeImm => branch_if_imm32!(ine),
            Op::BrIfI32LtSImm => branch_if_imm32!(ilt_s),
            Op::BrIfI32LtUImm => branch_if_imm32!(ilt_u),
            Op::BrIfI32GtSImm => branch_if_imm32!(igt_s),
            Op::BrIfI32GtUImm => branch_if_imm32!(igt_u),
            Op::BrIfI32LeSImm => branch_if_imm32!(ile_s),
            Op::BrIfI32LeUImm => branch_if_imm32!(ile_u),
            Op::BrIfI32GeSImm => branch_if_imm32!(ige_s),
            Op::BrIfI32GeUImm => branch_if_imm32!(ige_u),
            Op::BrIfI64EqImm => branch_if_imm64!(ieq),
            Op::BrIfI64NeImm => branch_if_imm64!(ine),
            Op::BrIfI64LtSImm => branch_if_imm64!(ilt_s),
            Op::BrIfI64LtUImm => branch_if_imm64!(ilt_u),
            Op::BrIfI64GtSImm => branch_if_imm64!(igt_s),
            Op::BrIfI64GtUImm => branch_if_imm64!(igt_u),
            Op::BrIfI64LeSImm => branch_if_imm64!(ile_s),
            Op::BrIfI64LeUImm => branch_if_imm64!(ile_u),
            Op::BrIfI64GeSImm => branch_if_imm64!(ige_s),
            Op::BrIfI64GeUImm => branch_if_imm64!(ige_u),
            Op::Return => leave!(),
            Op::Return1 => {
                frame[0] = r64!(a);
                leave!()
            }
            Op::ReturnMany => {
                let first = usize::from(instr.a);
                frame.copy_within(first..first + instr.imm as usize, 0);
                leave!()
            }
            Op::Call => call!(&code.bodies[instr.imm as usize]),
            Op::CallImport => {
                call_address!(instance.funcs[instr.imm as usize], call, false)
            }
            Op::CallIndirect => {
                let func = checked!(indirect(store, instance, instr.imm, r64!(b)));
                call_address!(func, call, false)
            }
            Op::CallRef => {
                let func = checked!(referenced(r64!(b)));
                call_address!(func, call, false)
            }
            Op::ReturnCall => tail_call!(&code.bodies[instr.imm as usize]),
            Op::ReturnCallImport => {
                call_address!(instance.funcs[instr.imm as usize], tail_call, true)
            }
            Op::ReturnCallIndirect => {
                let func = checked!(indirect(store, instance, instr.imm, r64!(b)));
                call_address!(func, tail_call, true)
            }
            Op::ReturnCallRef => {
                let func = checked!(referenced(r64!(b)));
                call_address!(func, tail_call, true)
            }

            // § exec/instructions, parametric and variable instructions.
            Op::Copy => set!(r64!(a)),
            Op::Copy2 => {
                let (from, to) = (usize::from(instr.a), usize::from(instr.d));
                frame.copy_within(from..from + 2, to);
            }
            Op::CopyMany => {
                let (from, to) = (usize::from(instr.a), usize::from(instr.d));
                frame.copy_within(from..from + instr.imm as usize, to);
            }
            Op::Const => set!(instr.imm),
            Op::Select => {
                let condition = frame[usize::from(instr.imm as u16)] as u32;
                set!(if condition != 0 { r64!(a) } else { r64!(b) })
            }
            Op::Select2 => {
                let condition = frame[usize::from(instr.imm as u16)] as u32;
                let from = usize::from(if condition != 0 { instr.a } else { instr.b });
                frame.copy_within(from..from + 2, usize::from(instr.d));
            }
            Op::GlobalGet => set!(global(store, instance, instr.imm)[0]),
            Op::GlobalSet => global(store, instance, instr.imm)[0] = r64!(a),
            Op::GlobalGet2 => {
                let to = usize::from(instr.d);
                frame[to..to + 2].copy_from_slice(global(store, instance, instr.imm));
            }
            Op::GlobalSet2 => {
                let from = usize::from(instr.a);
                global(store, instance, instr.imm).copy_from_slice(&frame[from..from + 2]);
            }

            // § exec/instructions, reference and table instructions.
            Op::RefFunc => set!(func_ref(instance.funcs[instr.imm as usize])),
            Op::RefIsNull => set!((r64!(a) == NULL).into()),
            Op::RefAsNonNull => match r64!(a) {
                NULL => break Exit::Trap(Trap::NullReference),
                reference => set!(reference),
            },
            Op::RefEq => set!((r64!(a) == r64!(b)).into()),
            Op::TableGet => {
                let element = elements(store, instance, instr.imm).get(r64!(a) as usize);
                set!(*checked!(element.ok_or(Trap::TableOutOfBounds)))
            }
            Op::TableSet => {
                let element = elements(store, instance, instr.imm).get_mut(r64!(a) as usize);
                *checked!(element.ok_or(Trap::TableOutOfBounds)) = r64!(b);
            }
            Op::TableSize => set!(elements(store, instance, instr.imm).len() as u64),
            Op::TableGrow | Op::TableFill | Op::TableCopy | Op::TableInit | Op::ElemDrop => {
                checked!(tables::execute(store, instance, *instr, frame))
            }

            // § exec/instructions, memory instructions.
            Op::MemorySize => set!(memory_size(store, instance, memory, instr.imm)),
            Op::MemoryGrow | Op::MemoryFill | Op::MemoryCopy | Op::MemoryInit | Op::DataDrop => {
                break Exit::Memory;
            }
            Op::I32Load => load!(memory, u32, u64::from),
            Op::I64Load => load!(memory, u64, u64::from),
            Op::I32Load8S => load!(memory, i8, signed32),
            Op::I32Load8U => load!(memory, u8, u64::from),
            Op::I32Load16S => load!(memory, i16, signed32),
            Op::I32Load16U => load!(memory, u16, u64::from),
            Op::I64Load8S => load!(memory, i8, signed64),
            Op::I64Load8U => load!(memory, u8, u64::from),
            Op::I64Load16S => load!(memory, i16, signed64),
            Op::I64Load16U => load!(memory, u16, u64::from),
            Op::I64Load32S => load!(memory, i32, signed64),
            Op::I64Load32U => load!(memory, u32, u64::from),
            Op::I32Store => store!(memory, u32),
            Op::I64Store => store!(memory, u64),
            Op::I32Store8 => store!(memory, u8),
            Op::I32Store16 => store!(memory, u16),
            Op::I64Store8 => store!(memory, u8),
            Op::I64Store16 => store!(memory, u16),
            Op::I64Store32 => store!(memory, u32),
            Op::I32LoadAt => load!(nth!(b), u32, u64::from),
            Op::I64LoadAt => load!(nth!(b), u64, u64::from),
            Op::I32Load8SAt => load!(nth!(b), i8, signed32),
            Op::I32Load8UAt => load!(nth!(b), u8, u64::from),
            Op::I32Load16SAt => load!(nth!(b), i16, signed32),
            Op::I32Load16UAt => load!(nth!(b), u16, u64::from),
            Op::I64Load8SAt => load!(nth!(b), i8, signed64),
            Op::I64Load8UAt => load!(nth!(b), u8, u64::from),
            Op::I64Load16SAt => load!(nth!(b), i16, signed64),
            Op::I64Load16UAt => load!(nth!(b), u16, u64::from),
            Op::I64Load32SAt => load!(nth!(b), i32, signed64),
            Op::I64Load32UAt => load!(nth!(b), u32, u64::from),
            Op::I32StoreAt => store!(nth!(d), u32),
            Op::I64StoreAt => store!(nth!(d), u64),
            Op::I32Store8At => store!(nth!(d), u8),
            Op::I32Store16At => store!(nth!(d), u16),
            Op::I64Store8At => store!(nth!(d), u8),
            Op::I64Store16At => store!(nth!(d), u16),
            Op::I64Store32At => store!(nth!(d), u32),

            // § exec/instructions, numeric instructions: i32.
            Op::I32Eqz => set!(ieqz(r32!(a)).into()),
            Op::I32Eq => set!(ieq(r32!(a), r32!(b)).into()),
            Op::I32Ne => set!(ine(r32!(a), r32!(b)).into()),
            Op::I32LtS => set!(ilt_s(r32!(a), r32!(b)).into()),
            Op::I32LtU => set!(ilt_u(r32!(a), r32!(b)).into()),
            Op::I32GtS => set!(igt_s(r32!(a), r32!(b)).into()),
            Op::I32GtU => set!(igt_u(r32!(a), r32!(b)).into()),
            Op::I32LeS => set!(ile_s(r32!(a), r32!(b)).into()),
            Op::I32LeU => set!(ile_u(r32!(a), r32!(b)).into()),
            Op::I32GeS => set!(ige_s(r32!(a), r32!(b)).into()),
            Op::I32GeU => set!(ige_u(r32!(a), r32!(b)).into()),
            Op::I32Clz => set!(iclz(r32!(a)).into()),
            Op::I32Ctz => set!(ictz(r32!(a)).into()),
            Op::I32Popcnt => set!(ipopcnt(r32!(a)).into()),
            Op::I32Add => set!(iadd(r32!(a), r32!(b)).into()),
            Op::I32Sub => set!(isub(r32!(a), r32!(b)).into()),
            Op::I32Mul => set!(imul(r32!(a), r32!(b)).into()),
            Op::I32And => set!(iand(r32!(a), r32!(b)).into()),
            Op::I32Or => set!(ior(r32!(a), r32!(b)).into()),
            Op::I32Xor => set!(ixor(r32!(a), r32!(b)).into()),
            Op::I32Shl => set!(ishl(r32!(a), r32!(b)).into()),
            Op::I32ShrS => set!(ishr_s(r32!(a), r32!(b)).into()),
            Op::I32ShrU => set!(ishr_u(r32!(a), r32!(b)).into()),
            Op::I32Rotl => set!(irotl(r32!(a), r32!(b)).into()),
            Op::I32Rotr => set!(irotr(r32!(a), r32!(b)).into()),
            Op::I32DivS => set!(checked!(idiv_s(r32!(a), r32!(b))).into()),
            Op::I32DivU => set!(checked!(idiv_u(r32!(a), r32!(b))).into()),
            Op::I32RemS => set!(checked!(irem_s(r32!(a), r32!(b))).into()),
            Op::I32RemU => set!(checked!(irem_u(r32!(a), r32!(b))).into()),
            Op::I32EqImm => set!(ieq(r32!(a), imm32!()).into()),
            Op::I32NeImm => set!(ine(r32!(a), imm32!()).into()),
            Op::I32LtSImm => set!(ilt_s(r32!(a), imm32!()).into()),
            Op::I32LtUImm => set!(ilt_u(r32!(a), imm32!()).into()),
            Op::I32GtSImm => set!(igt_s(r32!(a), imm32!()).into()),
            Op::I32GtUImm => set!(igt_u(r32!(a), imm32!()).into()),
            Op::I32LeSImm => set!(ile_s(r32!(a), imm32!()).into()),
            Op::I32LeUImm => set!(ile_u(r32!(a), imm32!()).into()),
            Op::I32GeSImm => set!(ige_s(r32!(a), imm32!()).into()),
            Op::I32GeUImm => set!(ige_u(r32!(a), imm32!()).into()),
            Op::I32AddImm => set!(iadd(r32!(a), imm32!()).into()),
            Op::I32SubImm => set!(isub(r32!(a), imm32!()).into()),
            Op::I32MulImm => set!(imul(r32!(a), imm32!()).into()),
            Op::I32AndImm => set!(iand(r32!(a), imm32!()).into()),
            Op::I32OrImm => set!(ior(r32!(a), imm32!()).into()),
            Op::I32XorImm => set!(ixor(r32!(a), imm32!()).into()),
            Op::I32ShlImm => set!(ishl(r32!(a), imm32!()).into()),
            Op::I32ShrSImm => set!(ishr_s(r32!(a), imm32!()).into()),
            Op::I32ShrUImm => set!(ishr_u(r32!(a), imm32!()).into()),
            Op::I32RotlImm => set!(irotl(r32!(a), imm32!()).into()),
            Op::I32RotrImm => set!(irotr(r32!(a), imm32!()).into()),
            Op::I32DivSImm => set!(checked!(idiv_s(r32!(a), imm32!())).into()),
            Op::I32DivUImm => set!(checked!(idiv_u(r32!(a), imm32!())).into()),
            Op::I32RemSImm => set!(checked!(irem_s(r32!(a), imm32!())).into()),
            Op::I32RemUImm => set!(checked!(irem_u(r32!(a), imm32!())).into()),
            // § exec/instructions, numeric instructions: i64.
            Op::I64Eqz => set!(ieqz(r64!(a)).into()),
            Op::I64Eq => set!(ieq(r64!(a), r64!(b)).into()),
            Op::I64Ne => set!(ine(r64!(a), r64!(b)).into()),
            Op::I64LtS => set!(ilt_s(r64!(a), r64!(b)).into()),
            Op::I64LtU => set!(ilt_u(r64!(a), r64!(b)).into()),
            Op::I64GtS => set!(igt_s(r64!(a), r64!(b)).into()),
            Op::I64GtU => set!(igt_u(r64!(a), r64!(b)).into()),
            Op::I64LeS => set!(ile_s(r64!(a), r64!(b)).into()),
            Op::I64LeU => set!(ile_u(r64!(a), r64!(b)).into()),
            Op::I64GeS => set!(ige_s(r64!(a), r64!(b)).into()),
            Op::I64GeU => set!(ige_u(r64!(a), r64!(b)).into()),
            Op::I64Clz => set!(iclz(r64!(a)).into()),
            Op::I64Ctz => set!(ictz(r64!(a)).into()),
            Op::I64Popcnt => set!(ipopcnt(r64!(a)).into()),
            Op::I64Add => set!(iadd(r64!(a), r64!(b)).into()),
            Op::I64Sub => set!(isub(r64!(a), r64!(b)).into()),
            Op::I64Mul => set!(imul(r64!(a), r64!(b)).into()),
            Op::I64And => set!(iand(r64!(a), r64!(b)).into()),
            Op::I64Or => set!(ior(r64!(a), r64!(b)).into()),
            Op::I64Xor => set!(ixor(r64!(a), r64!(b)).into()),
            Op::I64Shl => set!(ishl(r64!(a), r64!(b)).into()),
            Op::I64ShrS => set!(ishr_s(r64!(a), r64!(b)).into()),
            Op::I64ShrU => set!(ishr_u(r64!(a), r64!(b)).into()),
            Op::I64Rotl => set!(irotl(r64!(a), r64!(b)).into()),
            Op::I64Rotr => set!(irotr(r64!(a), r64!(b)).into()),
            Op::I64DivS => set!(checked!(idiv_s(r64!(a), r64!(b))).into()),
            Op::I64DivU => set!(checked!(idiv_u(r64!(a), r64!(b))).into()),
            Op::I64RemS => set!(checked!(irem_s(r64!(a), r64!(b))).into()),
            Op::I64RemU => set!(checked!(irem_u(r64!(a), r64!(b))).into()),
            Op::I64EqImm => set!(ieq(r64!(a), imm64!()).into()),
            Op::I64NeImm => set!(ine(r64!(a), imm64!()).into()),
            Op::I64LtSImm => set!(ilt_s(r64!(a), imm64!()).into()),
            Op::I64LtUImm => set!(ilt_u(r64!(a), imm64!()).into()),
            Op::I64GtSImm => set!(igt_s(r64!(a), imm64!()).into()),
            Op::I64GtUImm => set!(igt_u(r64!(a), imm64!()).into()),
            Op::I64LeSImm => set!(ile_s(r64!(a), imm64!()).into()),
            Op::I64LeUImm => set!(ile_u(r64!(a), imm64!()).into()),
            Op::I64GeSImm => set!(ige_s(r64!(a), imm64!()).into()),
            Op::I64GeUImm => set!(ige_u(r64!(a), imm64!()).into()),
            Op::I64AddImm => set!(iadd(r64!(a), imm64!()).into()),
            Op::I64SubImm => set!(isub(r64!(a), imm64!()).into()),
            Op::I64MulImm => set!(imul(r64!(a), imm64!()).into()),
            Op::I64AndImm => set!(iand(r64!(a), imm64!()).into()),
            Op::I64OrImm => set!(ior(r64!(a), imm64!()).into()),
            Op::I64XorImm => set!(ixor(r64!(a), imm64!()).into()),
            Op::I64ShlImm => set!(ishl(r64!(a), imm64!()).into()),
            Op::I64ShrSImm => set!(ishr_s(r64!(a), imm64!()).into()),
            Op::I64ShrUImm => set!(ishr_u(r64!(a), imm64!()).into()),
            Op::I64RotlImm => set!(irotl(r64!(a), imm64!()).into()),
            Op::I64RotrImm => set!(irotr(r64!(a), imm64!()).into()),
            Op::I64DivSImm => set!(checked!(idiv_s(r64!(a), imm64!())).into()),
            Op::I64DivUImm => set!(checked!(idiv_u(r64!(a), imm64!())).into()),
            Op::I64RemSImm => set!(checked!(irem_s(r64!(a), imm64!())).into()),
            Op::I64RemUImm => set!(checked!(irem_u(r64!(a), imm64!())).into()),
            // f32.
            Op::F32Eq => set!(feq(f32!(a), f32!(b)).into()),
            Op::F32Ne => set!(fne(f32!(a), f32!(b)).into()),
            Op::F32Lt => set!(flt(f32!(a), f32!(b)).into()),
            Op::F32Gt => set!(fgt(f32!(a), f32!(b)).into()),
            Op::F32Le => set!(fle(f32!(a), f32!(b)).into()),
            Op::F32Ge => set!(fge(f32!(a), f32!(b)).into()),
            Op::F32Abs => set!(fabs(f32!(a)).bits().into()),
            Op::F32Neg => set!(fneg(f32!(a)).bits().into()),
            Op::F32Ceil => set!(fceil(f32!(a)).bits().into()),
            Op::F32Floor => set!(ffloor(f32!(a)).bits().into()),
            Op::F32Trunc => set!(ftrunc(f32!(a)).bits().into()),
            Op::F32Nearest => set!(fnearest(f32!(a)).bits().into()),
            Op::F32Sqrt => set!(fsqrt(f32!(a)).bits().into()),
            Op::F32Add => set!(fadd(f32!(a), f32!(b)).bits().into()),
            Op::F32Sub => set!(fsub(f32!(a), f32!(b)).bits().into()),
            Op::F32Mul => set!(fmul(f32!(a), f32!(b)).bits().into()),
            Op::F32Div => set!(fdiv(f32!(a), f32!(b)).bits().into()),
            Op::F32Min => set!(fmin(f32!(a), f32!(b)).bits().into()),
            Op::F32Max => set!(fmax(f32!(a), f32!(b)).bits().into()),
            Op::F32Copysign => set!(fcopysign(f32!(a), f32!(b)).bits().into()),
            // f64.
            Op::F64Eq => set!(feq(f64!(a), f64!(b)).into()),
            Op::F64Ne => set!(fne(f64!(a), f64!(b)).into()),
            Op::F64Lt => set!(flt(f64!(a), f64!(b)).into()),
            Op::F64Gt => set!(fgt(f64!(a), f64!(b)).into()),
            Op::F64Le => set!(fle(f64!(a), f64!(b)).into()),
            Op::F64Ge => set!(fge(f64!(a), f64!(b)).into()),
            Op::F64Abs => set!(fabs(f64!(a)).bits().into()),
            Op::F64Neg => set!(fneg(f64!(a)).bits().into()),
            Op::F64Ceil => set!(fceil(f64!(a)).bits().into()),
            Op::F64Floor => set!(ffloor(f64!(a)).bits().into()),
            Op::F64Trunc => set!(ftrunc(f64!(a)).bits().into()),
            Op::F64Nearest => set!(fnearest(f64!(a)).bits().into()),
            Op::F64Sqrt => set!(fsqrt(f64!(a)).bits().into()),
            Op::F64Add => set!(fadd(f64!(a), f64!(b)).bits().into()),
            Op::F64Sub => set!(fsub(f64!(a), f64!(b)).bits().into()),
            Op::F64Mul => set!(fmul(f64!(a), f64!(b)).bits().into()),
            Op::F64Div => set!(fdiv(f64!(a), f64!(b)).bits().into()),
            Op::F64Min => set!(fmin(f64!(a), f64!(b)).bits().into()),
            Op::F64Max => set!(fmax(f64!(a), f64!(b)).bits().into()),
            Op::F64Copysign => set!(fcopysign(f64!(a), f64!(b)).bits().into()),
            // Conversions.
            Op::I32WrapI64 => set!(wrap(r64!(a)).into()),
            Op::I64ExtendI32S => set!(extend_s(r32!(a))),
            Op::I32TruncF32S => set!(checked!(trunc_s::<u32, f32>(f32!(a))).into()),
            Op::I32TruncF32U => set!(checked!(trunc_u::<u32, f32>(f32!(a))).into()),
            Op::I32TruncF64S => set!(checked!(trunc_s::<u32, f64>(f64!(a))).into()),
            Op::I32TruncF64U => set!(checked!(trunc_u::<u32, f64>(f64!(a))).into()),
            Op::I64TruncF32S => set!(checked!(trunc_s::<u64, f32>(f32!(a))).into()),
            Op::I64TruncF32U => set!(checked!(trunc_u::<u64, f32>(f32!(a))).into()),
            Op::I64TruncF64S => set!(checked!(trunc_s::<u64, f64>(f64!(a))).into()),
            Op::I64TruncF64U => set!(checked!(trunc_u::<u64, f64>(f64!(a))).into()),
            Op::I32TruncSatF32S => set!(trunc_sat_s::<u32, f32>(f32!(a)).into()),
            Op::I32TruncSatF32U => set!(trunc_sat_u::<u32, f32>(f32!(a)).into()),
            Op::I32TruncSatF64S => set!(trunc_sat_s::<u32, f64>(f64!(a)).into()),
            Op::I32TruncSatF64U => set!(trunc_sat_u::<u32, f64>(f64!(a)).into()),
            Op::I64TruncSatF32S => set!(trunc_sat_s::<u64, f32>(f32!(a)).into()),
            Op::I64TruncSatF32U => set!(trunc_sat_u::<u64, f32>(f32!(a)).into()),
            Op::I64TruncSatF64S => set!(trunc_sat_s::<u64, f64>(f64!(a)).into()),
            Op::I64TruncSatF64U => set!(trunc_sat_u::<u64, f64>(f64!(a)).into()),
            Op::F32ConvertI32S => set!(convert_s::<u32, f32>(r32!(a)).bits().into()),
            Op::F32ConvertI32U => set!(convert_u::<u32, f32>(r32!(a)).bits().into()),
            Op::F32ConvertI64S => set!(convert_s::<u64, f32>(r64!(a)).bits().into()),
            Op::F32ConvertI64U => set!(convert_u::<u64, f32>(r64!(a)).bits().into()),
            Op::F64ConvertI32S => set!(convert_s::<u32, f64>(r32!(a)).bits().into()),
            Op::F64ConvertI32U => set!(convert_u::<u32, f64>(r32!(a)).bits().into()),
            Op::F64ConvertI64S => set!(convert_s::<u64, f64>(r64!(a)).bits().into()),
            Op::F64ConvertI64U => set!(convert_u::<u64, f64>(r64!(a)).bits().into()),
            Op::F32DemoteF64 => set!(demote(f64!(a)).bits().into()),
            Op::F64PromoteF32 => set!(promote(f32!(a)).bits()),
            Op::I32Extend8S => set!(iextend_s(8, r32!(a)).into()),
            Op::I32Extend16S => set!(iextend_s(16, r32!(a)).into()),
            Op::I64Extend8S => set!(iextend_s(8, r64!(a)).into()),
            Op::I64Extend16S => set!(iextend_s(16, r64!(a)).into()),
            Op::I64Extend32S => set!(iextend_s(32, r64!(a)).into()),
        }
    };
    *current = Frame { pc: pc as u32, base: base as u32, instance: instance.index };
    exit
}

fn signed32(number: impl Into<i32>) -> u64 {
    u64::from(number.into() as u32)
}

fn signed64(number: impl Into<i64>) -> u64 {
    number.into() as u64
}

/// § exec/instructions, memory instructions: the `N` bytes from `address` + `offset` on.
#[inline]
fn load<const N: usize>(memory: &[u8], address: u64, offset: u64) -> Option<[u8; N]> {
    let start = usize::try_from(address.checked_add(offset)?).ok()?;
    memory.get(start..)?.first_chunk().copied()
}

/// The same, to be written.
#[inline]
fn bytes_at<const N: usize>(memory: &mut [u8], address: u64, offset: u64) -> Option<&mut [u8; N]> {
    let start = usize::try_from(address.checked_add(offset)?).ok()?;
    memory.get_mut(start..)?.first_chunk_mut()
}

/// Memory `index` of the instance, when its first one is lent as `first`: another
/// index may name that memory too, if it was imported twice.
#[inline(never)]
fn nth_memory<'a>(
    store: &'a mut Store,
    instance: &InstanceData,
    first: &'a mut [u8],
    index: u16,
) -> &'a mut [u8] {
    let address = instance.memories[usize::from(index)];
    if address == instance.memories[0] {
        return first;
    }
    store.memories[address as usize].bytes_mut()
}

/// § exec/instructions, `memory.size`.
fn memory_size(store: &mut Store, instance: &InstanceData, first: &mut [u8], index: u64) -> u64 {
    let address = instance.memories[index as usize] as usize;
    let page_log2 = store.memories[address].page_log2();
    nth_memory(store, instance, first, index as u16).len() as u64 >> page_log2
}

#[inline]
fn global<'a>(store: &'a mut Store, instance: &InstanceData, index: u64) -> &'a mut [u64; 2] {
    &mut store.globals[instance.globals[index as usize] as usize].slots
}

#[inline]
fn elements<'a>(store: &'a mut Store, instance: &InstanceData, index: u64) -> &'a mut [u64] {
    &mut store.tables[instance.tables[index as usize] as usize].elements
}

/// § exec/instructions, `call_indirect`: the address of the function in element
/// `element` of a table, which must be of a type; `imm` packs the two indices.
#[inline]
fn indirect(store: &Store, instance: &InstanceData, imm: u64, element: u64) -> Result<u32, Trap> {
    let (ty, table) = unpack(imm);
    let elements = &store.tables[instance.tables[table as usize] as usize].elements;
    let reference = *elements.get(element as usize).ok_or(Trap::UndefinedElement)?;
    if reference == NULL {
        return Err(Trap::UninitializedElement);
    }
    let func = func_addr(reference);
    if store.funcs[func as usize].ty != instance.types[ty as usize] {
        return Err(Trap::IndirectCallTypeMismatch);
    }
    Ok(func)
}

/// § exec/instructions, `call_ref`: the address of the function referred to.
#[inline]
fn referenced(reference: u64) -> Result<u32, Trap> {
    if reference == NULL { Err(Trap::NullFunctionReference) } else { Ok(func_addr(reference)) }
}

/// § exec/instructions, tail calls: the arguments become the first slots.
#[inline]
fn move_arguments(frame: &mut Window, at: u16, count: u16) {
    let at = usize::from(at);
    frame.copy_within(at..at + usize::from(count), 0);
}

/// § exec/instructions, function calls: locals start as zero or null.
#[inline]
fn zero_locals(frame: &mut Window, body: &Body) {
    for slot in body.param_slots..body.local_slots {
        frame[usize::from(slot)] = 0;
    }
}
