//! Vector instructions without regard to what lanes hold (§ exec/instructions, vector
//! instructions), and what handlers of all vector instructions share.

use crate::exec::handlers::memory::{Place, near};
use crate::exec::handlers::{Slots, handlers};
use crate::exec::machine::Machine;
use crate::exec::stack::Window;
use crate::ir::Instr;
use crate::numeric::*;
use crate::trap::Trap;

handlers! {
    V128Load => v128_load;
    V128Store => v128_store;
    V128Const => |m, f, i| f.set_v128(i.d, kept(m, i));
    I8x16Shuffle => |m, f, i| binary(f, i, |a, b| vshuffle(kept(m, i), a, b));
    I8x16Swizzle => |_, f, i| binary(f, i, vswizzle);
    // Lanes and numbers.
    I8x16Splat => |_, f, i| f.set_v128(i.d, vsplat(f.u32(i.a) as u8));
    I16x8Splat => |_, f, i| f.set_v128(i.d, vsplat(f.u32(i.a) as u16));
    I32x4Splat => |_, f, i| f.set_v128(i.d, vsplat(f.u32(i.a)));
    I64x2Splat => |_, f, i| f.set_v128(i.d, vsplat(f.u64(i.a)));
    I8x16ExtractLaneS => |_, f, i| f.set(i.d, iextend_s(8, u32::from(lane::<u8>(f, i))));
    I8x16ExtractLaneU => |_, f, i| f.set(i.d, lane::<u8>(f, i));
    I16x8ExtractLaneS => |_, f, i| f.set(i.d, iextend_s(16, u32::from(lane::<u16>(f, i))));
    I16x8ExtractLaneU => |_, f, i| f.set(i.d, lane::<u16>(f, i));
    I32x4ExtractLane => |_, f, i| f.set(i.d, lane::<u32>(f, i));
    I8x16ReplaceLane => |_, f, i| replace_lane(f, i, f.u32(i.b) as u8);
    I16x8ReplaceLane => |_, f, i| replace_lane(f, i, f.u32(i.b) as u16);
    I32x4ReplaceLane => |_, f, i| replace_lane(f, i, f.u32(i.b));
    I64x2ReplaceLane => |_, f, i| replace_lane(f, i, f.u64(i.b));
    // Bitwise.
    V128AnyTrue => |_, f, i| f.set(i.d, vany_true(f.v128(i.a)));
    V128Not => |_, f, i| unary(f, i, |v| vunop::<u64>(inot, v));
    V128And => |_, f, i| binary(f, i, |a, b| vbinop::<u64>(iand, a, b));
    V128Andnot => |_, f, i| binary(f, i, |a, b| vbinop::<u64>(iandnot, a, b));
    V128Or => |_, f, i| binary(f, i, |a, b| vbinop::<u64>(ior, a, b));
    V128Xor => |_, f, i| binary(f, i, |a, b| vbinop::<u64>(ixor, a, b));
    V128Bitselect => |_, f, i| ternary(f, i, |a, b, c| vternop::<u64>(ibitselect, a, b, c));
}

/// Write what an operation makes of one vector.
#[inline(always)]
pub(super) fn unary(frame: &mut Window, instr: &Instr, op: impl FnOnce(V128) -> V128) {
    frame.set_v128(instr.d, op(frame.v128(instr.a)));
}

/// The same of two.
#[inline(always)]
pub(super) fn binary(frame: &mut Window, instr: &Instr, op: impl FnOnce(V128, V128) -> V128) {
    frame.set_v128(instr.d, op(frame.v128(instr.a), frame.v128(instr.b)));
}

/// The same of three.
#[inline(always)]
pub(super) fn ternary(
    frame: &mut Window,
    instr: &Instr,
    op: impl FnOnce(V128, V128, V128) -> V128,
) {
    let third = frame.v128(instr.imm as u16);
    frame.set_v128(instr.d, op(frame.v128(instr.a), frame.v128(instr.b), third));
}

/// An operation on lanes of floats, which may make NaNs.
#[inline(always)]
pub(super) fn arithmetic1<T: Lane>(
    nans: &mut Nans,
    frame: &mut Window,
    instr: &Instr,
    op: impl Fn(&mut Nans, T) -> T,
) {
    unary(frame, instr, |v| vunop(|z| op(nans, z), v));
}

/// The same of two.
#[inline(always)]
pub(super) fn arithmetic2<T: Lane>(
    nans: &mut Nans,
    frame: &mut Window,
    instr: &Instr,
    op: impl Fn(&mut Nans, T, T) -> T,
) {
    binary(frame, instr, |a, b| vbinop(|x, y| op(nans, x, y), a, b));
}

/// The same of three.
#[inline(always)]
pub(super) fn arithmetic3<T: Lane>(
    nans: &mut Nans,
    frame: &mut Window,
    instr: &Instr,
    op: impl Fn(&mut Nans, T, T, T) -> T,
) {
    ternary(frame, instr, |a, b, c| vternop(|x, y, z| op(nans, x, y, z), a, b, c));
}

/// Bytes that stand beside the code.
#[inline(always)]
fn kept(machine: &Machine<'_>, instr: &Instr) -> V128 {
    machine.instance.module.0.code.vectors[instr.imm as usize]
}

#[inline(always)]
fn lane<T: Lane>(frame: &Window, instr: &Instr) -> T {
    vextract_lane(frame.v128(instr.a), instr.imm)
}

#[inline(always)]
fn replace_lane<T: Lane>(frame: &mut Window, instr: &Instr, value: T) {
    unary(frame, instr, |v| vreplace_lane(v, instr.imm, value));
}

/// § exec/instructions, `v128.load`.
#[inline(always)]
fn v128_load(machine: &mut Machine<'_>, frame: &mut Window, instr: &Instr) -> Result<(), Trap> {
    let bytes = near(machine, frame, instr).read().ok_or(Trap::MemoryOutOfBounds)?;
    frame.set_v128(instr.d, bytes);
    Ok(())
}

/// § exec/instructions, `v128.store`.
#[inline(always)]
fn v128_store(machine: &mut Machine<'_>, frame: &mut Window, instr: &Instr) -> Result<(), Trap> {
    near(machine, frame, instr).write(frame.v128(instr.b)).ok_or(Trap::MemoryOutOfBounds)
}
