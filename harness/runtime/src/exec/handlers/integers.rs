//! Integer instructions (§ exec/instructions, numeric instructions), and what
//! branches on them.

use crate::exec::handlers::{Slots, branch_if, handlers, try_set};
use crate::exec::machine::Flow;
use crate::exec::stack::Window;
use crate::ir::{Instr, unpack};
use crate::numeric::*;

handlers! {
    // i32.
    I32Eqz => |_, f, i| f.set(i.d, ieqz(f.u32(i.a)));
    I32Clz => |_, f, i| f.set(i.d, iclz(f.u32(i.a)));
    I32Ctz => |_, f, i| f.set(i.d, ictz(f.u32(i.a)));
    I32Popcnt => |_, f, i| f.set(i.d, ipopcnt(f.u32(i.a)));
    I32Eq => |_, f, i| f.set(i.d, ieq(f.u32(i.a), f.u32(i.b)));
    I32Ne => |_, f, i| f.set(i.d, ine(f.u32(i.a), f.u32(i.b)));
    I32LtS => |_, f, i| f.set(i.d, ilt_s(f.u32(i.a), f.u32(i.b)));
    I32LtU => |_, f, i| f.set(i.d, ilt_u(f.u32(i.a), f.u32(i.b)));
    I32GtS => |_, f, i| f.set(i.d, igt_s(f.u32(i.a), f.u32(i.b)));
    I32GtU => |_, f, i| f.set(i.d, igt_u(f.u32(i.a), f.u32(i.b)));
    I32LeS => |_, f, i| f.set(i.d, ile_s(f.u32(i.a), f.u32(i.b)));
    I32LeU => |_, f, i| f.set(i.d, ile_u(f.u32(i.a), f.u32(i.b)));
    I32GeS => |_, f, i| f.set(i.d, ige_s(f.u32(i.a), f.u32(i.b)));
    I32GeU => |_, f, i| f.set(i.d, ige_u(f.u32(i.a), f.u32(i.b)));
    I32Add => |_, f, i| f.set(i.d, iadd(f.u32(i.a), f.u32(i.b)));
    I32Sub => |_, f, i| f.set(i.d, isub(f.u32(i.a), f.u32(i.b)));
    I32Mul => |_, f, i| f.set(i.d, imul(f.u32(i.a), f.u32(i.b)));
    I32And => |_, f, i| f.set(i.d, iand(f.u32(i.a), f.u32(i.b)));
    I32Or => |_, f, i| f.set(i.d, ior(f.u32(i.a), f.u32(i.b)));
    I32Xor => |_, f, i| f.set(i.d, ixor(f.u32(i.a), f.u32(i.b)));
    I32Shl => |_, f, i| f.set(i.d, ishl(f.u32(i.a), f.u32(i.b)));
    I32ShrS => |_, f, i| f.set(i.d, ishr_s(f.u32(i.a), f.u32(i.b)));
    I32ShrU => |_, f, i| f.set(i.d, ishr_u(f.u32(i.a), f.u32(i.b)));
    I32Rotl => |_, f, i| f.set(i.d, irotl(f.u32(i.a), f.u32(i.b)));
    I32Rotr => |_, f, i| f.set(i.d, irotr(f.u32(i.a), f.u32(i.b)));
    I32DivS => |_, f, i| try_set(f, i, idiv_s(f.u32(i.a), f.u32(i.b)));
    I32DivU => |_, f, i| try_set(f, i, idiv_u(f.u32(i.a), f.u32(i.b)));
    I32RemS => |_, f, i| try_set(f, i, irem_s(f.u32(i.a), f.u32(i.b)));
    I32RemU => |_, f, i| try_set(f, i, irem_u(f.u32(i.a), f.u32(i.b)));
    I32EqImm => |_, f, i| f.set(i.d, ieq(f.u32(i.a), i.imm as u32));
    I32NeImm => |_, f, i| f.set(i.d, ine(f.u32(i.a), i.imm as u32));
    I32LtSImm => |_, f, i| f.set(i.d, ilt_s(f.u32(i.a), i.imm as u32));
    I32LtUImm => |_, f, i| f.set(i.d, ilt_u(f.u32(i.a), i.imm as u32));
    I32GtSImm => |_, f, i| f.set(i.d, igt_s(f.u32(i.a), i.imm as u32));
    I32GtUImm => |_, f, i| f.set(i.d, igt_u(f.u32(i.a), i.imm as u32));
    I32LeSImm => |_, f, i| f.set(i.d, ile_s(f.u32(i.a), i.imm as u32));
    I32LeUImm => |_, f, i| f.set(i.d, ile_u(f.u32(i.a), i.imm as u32));
    I32GeSImm => |_, f, i| f.set(i.d, ige_s(f.u32(i.a), i.imm as u32));
    I32GeUImm => |_, f, i| f.set(i.d, ige_u(f.u32(i.a), i.imm as u32));
    I32AddImm => |_, f, i| f.set(i.d, iadd(f.u32(i.a), i.imm as u32));
    I32SubImm => |_, f, i| f.set(i.d, isub(f.u32(i.a), i.imm as u32));
    I32MulImm => |_, f, i| f.set(i.d, imul(f.u32(i.a), i.imm as u32));
    I32AndImm => |_, f, i| f.set(i.d, iand(f.u32(i.a), i.imm as u32));
    I32OrImm => |_, f, i| f.set(i.d, ior(f.u32(i.a), i.imm as u32));
    I32XorImm => |_, f, i| f.set(i.d, ixor(f.u32(i.a), i.imm as u32));
    I32ShlImm => |_, f, i| f.set(i.d, ishl(f.u32(i.a), i.imm as u32));
    I32ShrSImm => |_, f, i| f.set(i.d, ishr_s(f.u32(i.a), i.imm as u32));
    I32ShrUImm => |_, f, i| f.set(i.d, ishr_u(f.u32(i.a), i.imm as u32));
    I32RotlImm => |_, f, i| f.set(i.d, irotl(f.u32(i.a), i.imm as u32));
    I32RotrImm => |_, f, i| f.set(i.d, irotr(f.u32(i.a), i.imm as u32));
    I32DivSImm => |_, f, i| try_set(f, i, idiv_s(f.u32(i.a), i.imm as u32));
    I32DivUImm => |_, f, i| try_set(f, i, idiv_u(f.u32(i.a), i.imm as u32));
    I32RemSImm => |_, f, i| try_set(f, i, irem_s(f.u32(i.a), i.imm as u32));
    I32RemUImm => |_, f, i| try_set(f, i, irem_u(f.u32(i.a), i.imm as u32));
    BrIfI32Eq => |_, f, i| branch_if(i, ieq(f.u32(i.a), f.u32(i.b)));
    BrIfI32Ne => |_, f, i| branch_if(i, ine(f.u32(i.a), f.u32(i.b)));
    BrIfI32LtS => |_, f, i| branch_if(i, ilt_s(f.u32(i.a), f.u32(i.b)));
    BrIfI32LtU => |_, f, i| branch_if(i, ilt_u(f.u32(i.a), f.u32(i.b)));
    BrIfI32GtS => |_, f, i| branch_if(i, igt_s(f.u32(i.a), f.u32(i.b)));
    BrIfI32GtU => |_, f, i| branch_if(i, igt_u(f.u32(i.a), f.u32(i.b)));
    BrIfI32LeS => |_, f, i| branch_if(i, ile_s(f.u32(i.a), f.u32(i.b)));
    BrIfI32LeU => |_, f, i| branch_if(i, ile_u(f.u32(i.a), f.u32(i.b)));
    BrIfI32GeS => |_, f, i| branch_if(i, ige_s(f.u32(i.a), f.u32(i.b)));
    BrIfI32GeU => |_, f, i| branch_if(i, ige_u(f.u32(i.a), f.u32(i.b)));
    BrIfI32EqImm => |_, f, i| branch_if_imm32(ieq, f, i);
    BrIfI32NeImm => |_, f, i| branch_if_imm32(ine, f, i);
    BrIfI32LtSImm => |_, f, i| branch_if_imm32(ilt_s, f, i);
    BrIfI32LtUImm => |_, f, i| branch_if_imm32(ilt_u, f, i);
    BrIfI32GtSImm => |_, f, i| branch_if_imm32(igt_s, f, i);
    BrIfI32GtUImm => |_, f, i| branch_if_imm32(igt_u, f, i);
    BrIfI32LeSImm => |_, f, i| branch_if_imm32(ile_s, f, i);
    BrIfI32LeUImm => |_, f, i| branch_if_imm32(ile_u, f, i);
    BrIfI32GeSImm => |_, f, i| branch_if_imm32(ige_s, f, i);
    BrIfI32GeUImm => |_, f, i| branch_if_imm32(ige_u, f, i);
    // i64.
    I64Eqz => |_, f, i| f.set(i.d, ieqz(f.u64(i.a)));
    I64Clz => |_, f, i| f.set(i.d, iclz(f.u64(i.a)));
    I64Ctz => |_, f, i| f.set(i.d, ictz(f.u64(i.a)));
    I64Popcnt => |_, f, i| f.set(i.d, ipopcnt(f.u64(i.a)));
    I64Eq => |_, f, i| f.set(i.d, ieq(f.u64(i.a), f.u64(i.b)));
    I64Ne => |_, f, i| f.set(i.d, ine(f.u64(i.a), f.u64(i.b)));
    I64LtS => |_, f, i| f.set(i.d, ilt_s(f.u64(i.a), f.u64(i.b)));
    I64LtU => |_, f, i| f.set(i.d, ilt_u(f.u64(i.a), f.u64(i.b)));
    I64GtS => |_, f, i| f.set(i.d, igt_s(f.u64(i.a), f.u64(i.b)));
    I64GtU => |_, f, i| f.set(i.d, igt_u(f.u64(i.a), f.u64(i.b)));
    I64LeS => |_, f, i| f.set(i.d, ile_s(f.u64(i.a), f.u64(i.b)));
    I64LeU => |_, f, i| f.set(i.d, ile_u(f.u64(i.a), f.u64(i.b)));
    I64GeS => |_, f, i| f.set(i.d, ige_s(f.u64(i.a), f.u64(i.b)));
    I64GeU => |_, f, i| f.set(i.d, ige_u(f.u64(i.a), f.u64(i.b)));
    I64Add => |_, f, i| f.set(i.d, iadd(f.u64(i.a), f.u64(i.b)));
    I64Sub => |_, f, i| f.set(i.d, isub(f.u64(i.a), f.u64(i.b)));
    I64Mul => |_, f, i| f.set(i.d, imul(f.u64(i.a), f.u64(i.b)));
    I64And => |_, f, i| f.set(i.d, iand(f.u64(i.a), f.u64(i.b)));
    I64Or => |_, f, i| f.set(i.d, ior(f.u64(i.a), f.u64(i.b)));
    I64Xor => |_, f, i| f.set(i.d, ixor(f.u64(i.a), f.u64(i.b)));
    I64Shl => |_, f, i| f.set(i.d, ishl(f.u64(i.a), f.u64(i.b)));
    I64ShrS => |_, f, i| f.set(i.d, ishr_s(f.u64(i.a), f.u64(i.b)));
    I64ShrU => |_, f, i| f.set(i.d, ishr_u(f.u64(i.a), f.u64(i.b)));
    I64Rotl => |_, f, i| f.set(i.d, irotl(f.u64(i.a), f.u64(i.b)));
    I64Rotr => |_, f, i| f.set(i.d, irotr(f.u64(i.a), f.u64(i.b)));
    I64DivS => |_, f, i| try_set(f, i, idiv_s(f.u64(i.a), f.u64(i.b)));
    I64DivU => |_, f, i| try_set(f, i, idiv_u(f.u64(i.a), f.u64(i.b)));
    I64RemS => |_, f, i| try_set(f, i, irem_s(f.u64(i.a), f.u64(i.b)));
    I64RemU => |_, f, i| try_set(f, i, irem_u(f.u64(i.a), f.u64(i.b)));
    I64EqImm => |_, f, i| f.set(i.d, ieq(f.u64(i.a), i.imm));
    I64NeImm => |_, f, i| f.set(i.d, ine(f.u64(i.a), i.imm));
    I64LtSImm => |_, f, i| f.set(i.d, ilt_s(f.u64(i.a), i.imm));
    I64LtUImm => |_, f, i| f.set(i.d, ilt_u(f.u64(i.a), i.imm));
    I64GtSImm => |_, f, i| f.set(i.d, igt_s(f.u64(i.a), i.imm));
    I64GtUImm => |_, f, i| f.set(i.d, igt_u(f.u64(i.a), i.imm));
    I64LeSImm => |_, f, i| f.set(i.d, ile_s(f.u64(i.a), i.imm));
    I64LeUImm => |_, f, i| f.set(i.d, ile_u(f.u64(i.a), i.imm));
    I64GeSImm => |_, f, i| f.set(i.d, ige_s(f.u64(i.a), i.imm));
    I64GeUImm => |_, f, i| f.set(i.d, ige_u(f.u64(i.a), i.imm));
    I64AddImm => |_, f, i| f.set(i.d, iadd(f.u64(i.a), i.imm));
    I64SubImm => |_, f, i| f.set(i.d, isub(f.u64(i.a), i.imm));
    I64MulImm => |_, f, i| f.set(i.d, imul(f.u64(i.a), i.imm));
    I64AndImm => |_, f, i| f.set(i.d, iand(f.u64(i.a), i.imm));
    I64OrImm => |_, f, i| f.set(i.d, ior(f.u64(i.a), i.imm));
    I64XorImm => |_, f, i| f.set(i.d, ixor(f.u64(i.a), i.imm));
    I64ShlImm => |_, f, i| f.set(i.d, ishl(f.u64(i.a), i.imm));
    I64ShrSImm => |_, f, i| f.set(i.d, ishr_s(f.u64(i.a), i.imm));
    I64ShrUImm => |_, f, i| f.set(i.d, ishr_u(f.u64(i.a), i.imm));
    I64RotlImm => |_, f, i| f.set(i.d, irotl(f.u64(i.a), i.imm));
    I64RotrImm => |_, f, i| f.set(i.d, irotr(f.u64(i.a), i.imm));
    I64DivSImm => |_, f, i| try_set(f, i, idiv_s(f.u64(i.a), i.imm));
    I64DivUImm => |_, f, i| try_set(f, i, idiv_u(f.u64(i.a), i.imm));
    I64RemSImm => |_, f, i| try_set(f, i, irem_s(f.u64(i.a), i.imm));
    I64RemUImm => |_, f, i| try_set(f, i, irem_u(f.u64(i.a), i.imm));
    BrIfI64Eq => |_, f, i| branch_if(i, ieq(f.u64(i.a), f.u64(i.b)));
    BrIfI64Ne => |_, f, i| branch_if(i, ine(f.u64(i.a), f.u64(i.b)));
    BrIfI64LtS => |_, f, i| branch_if(i, ilt_s(f.u64(i.a), f.u64(i.b)));
    BrIfI64LtU => |_, f, i| branch_if(i, ilt_u(f.u64(i.a), f.u64(i.b)));
    BrIfI64GtS => |_, f, i| branch_if(i, igt_s(f.u64(i.a), f.u64(i.b)));
    BrIfI64GtU => |_, f, i| branch_if(i, igt_u(f.u64(i.a), f.u64(i.b)));
    BrIfI64LeS => |_, f, i| branch_if(i, ile_s(f.u64(i.a), f.u64(i.b)));
    BrIfI64LeU => |_, f, i| branch_if(i, ile_u(f.u64(i.a), f.u64(i.b)));
    BrIfI64GeS => |_, f, i| branch_if(i, ige_s(f.u64(i.a), f.u64(i.b)));
    BrIfI64GeU => |_, f, i| branch_if(i, ige_u(f.u64(i.a), f.u64(i.b)));
    BrIfI64EqImm => |_, f, i| branch_if_imm64(ieq, f, i);
    BrIfI64NeImm => |_, f, i| branch_if_imm64(ine, f, i);
    BrIfI64LtSImm => |_, f, i| branch_if_imm64(ilt_s, f, i);
    BrIfI64LtUImm => |_, f, i| branch_if_imm64(ilt_u, f, i);
    BrIfI64GtSImm => |_, f, i| branch_if_imm64(igt_s, f, i);
    BrIfI64GtUImm => |_, f, i| branch_if_imm64(igt_u, f, i);
    BrIfI64LeSImm => |_, f, i| branch_if_imm64(ile_s, f, i);
    BrIfI64LeUImm => |_, f, i| branch_if_imm64(ile_u, f, i);
    BrIfI64GeSImm => |_, f, i| branch_if_imm64(ige_s, f, i);
    BrIfI64GeUImm => |_, f, i| branch_if_imm64(ige_u, f, i);
    // The ends of counting loops.
    I32AddBrIfImm => |_, f, i| latch(f, i, |sum, _| sum != 0);
    I32AddBrIfNeImm => |_, f, i| latch(f, i, ine);
    I32AddBrIfLtSImm => |_, f, i| latch(f, i, ilt_s);
    I32AddBrIfLtUImm => |_, f, i| latch(f, i, ilt_u);
    // Conversions.
    I32WrapI64 => |_, f, i| f.set(i.d, wrap(f.u64(i.a)));
    I64ExtendI32S => |_, f, i| f.set(i.d, extend_s(f.u32(i.a)));
    I32Extend8S => |_, f, i| f.set(i.d, iextend_s(8, f.u32(i.a)));
    I32Extend16S => |_, f, i| f.set(i.d, iextend_s(16, f.u32(i.a)));
    I64Extend8S => |_, f, i| f.set(i.d, iextend_s(8, f.u64(i.a)));
    I64Extend16S => |_, f, i| f.set(i.d, iextend_s(16, f.u64(i.a)));
    I64Extend32S => |_, f, i| f.set(i.d, iextend_s(32, f.u64(i.a)));
}

/// § exec/instructions, `br_if`, after a comparison with a constant that shares `imm` with the target.
#[inline(always)]
fn branch_if_imm32(relation: fn(u32, u32) -> bool, frame: &Window, instr: &Instr) -> Flow {
    let (target, constant) = unpack(instr.imm);
    if relation(frame.u32(instr.a), constant) { Flow::Jump(target) } else { Flow::Next }
}

/// The same of i64, with a constant of 32 bits, sign-extended.
#[inline(always)]
fn branch_if_imm64(relation: fn(u64, u64) -> bool, frame: &Window, instr: &Instr) -> Flow {
    let (target, constant) = unpack(instr.imm);
    if relation(frame.u64(instr.a), extend_s(constant)) { Flow::Jump(target) } else { Flow::Next }
}

/// § exec/instructions, `br_if`, after an addition to what is compared.
#[inline(always)]
fn latch(frame: &mut Window, instr: &Instr, relation: impl FnOnce(u32, u32) -> bool) -> Flow {
    let (target, increment) = unpack(instr.imm);
    let sum = iadd(frame.u32(instr.a), increment);
    frame.set(instr.d, sum);
    if relation(sum, frame.u32(instr.b)) { Flow::Jump(target) } else { Flow::Skip }
}
