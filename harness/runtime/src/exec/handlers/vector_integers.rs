//! Vectors of integers, lane by lane (§ exec/instructions, vector instructions).

use crate::exec::handlers::vectors::{binary, unary};
use crate::exec::handlers::{Slots, handlers};
use crate::exec::stack::Window;
use crate::ir::Instr;
use crate::numeric::*;

handlers! {
    // i8x16.
    I8x16Eq => |_, f, i| binary(f, i, |a, b| vrelop::<u8>(ieq, a, b));
    I8x16Ne => |_, f, i| binary(f, i, |a, b| vrelop::<u8>(ine, a, b));
    I8x16LtS => |_, f, i| binary(f, i, |a, b| vrelop::<u8>(ilt_s, a, b));
    I8x16LtU => |_, f, i| binary(f, i, |a, b| vrelop::<u8>(ilt_u, a, b));
    I8x16GtS => |_, f, i| binary(f, i, |a, b| vrelop::<u8>(igt_s, a, b));
    I8x16GtU => |_, f, i| binary(f, i, |a, b| vrelop::<u8>(igt_u, a, b));
    I8x16LeS => |_, f, i| binary(f, i, |a, b| vrelop::<u8>(ile_s, a, b));
    I8x16LeU => |_, f, i| binary(f, i, |a, b| vrelop::<u8>(ile_u, a, b));
    I8x16GeS => |_, f, i| binary(f, i, |a, b| vrelop::<u8>(ige_s, a, b));
    I8x16GeU => |_, f, i| binary(f, i, |a, b| vrelop::<u8>(ige_u, a, b));
    I8x16Shl => |_, f, i| shift::<u8>(f, i, ishl);
    I8x16ShrS => |_, f, i| shift::<u8>(f, i, ishr_s);
    I8x16ShrU => |_, f, i| shift::<u8>(f, i, ishr_u);
    I8x16Abs => |_, f, i| unary(f, i, |v| vunop::<u8>(iabs, v));
    I8x16Neg => |_, f, i| unary(f, i, |v| vunop::<u8>(ineg, v));
    I8x16Popcnt => |_, f, i| unary(f, i, |v| vunop::<u8>(ipopcnt, v));
    I8x16AllTrue => |_, f, i| f.set(i.d, vall_true::<u8>(f.v128(i.a)));
    I8x16Bitmask => |_, f, i| f.set(i.d, vbitmask::<u8>(f.v128(i.a)));
    I8x16Add => |_, f, i| binary(f, i, |a, b| vbinop::<u8>(iadd, a, b));
    I8x16Sub => |_, f, i| binary(f, i, |a, b| vbinop::<u8>(isub, a, b));
    I8x16AddSatS => |_, f, i| binary(f, i, |a, b| vbinop::<u8>(u8::iadd_sat_s, a, b));
    I8x16AddSatU => |_, f, i| binary(f, i, |a, b| vbinop::<u8>(u8::iadd_sat_u, a, b));
    I8x16SubSatS => |_, f, i| binary(f, i, |a, b| vbinop::<u8>(u8::isub_sat_s, a, b));
    I8x16SubSatU => |_, f, i| binary(f, i, |a, b| vbinop::<u8>(u8::isub_sat_u, a, b));
    I8x16AvgrU => |_, f, i| binary(f, i, |a, b| vbinop::<u8>(iavgr_u, a, b));
    I8x16MinS => |_, f, i| binary(f, i, |a, b| vbinop::<u8>(imin_s, a, b));
    I8x16MinU => |_, f, i| binary(f, i, |a, b| vbinop::<u8>(imin_u, a, b));
    I8x16MaxS => |_, f, i| binary(f, i, |a, b| vbinop::<u8>(imax_s, a, b));
    I8x16MaxU => |_, f, i| binary(f, i, |a, b| vbinop::<u8>(imax_u, a, b));
    // i16x8.
    I16x8Eq => |_, f, i| binary(f, i, |a, b| vrelop::<u16>(ieq, a, b));
    I16x8Ne => |_, f, i| binary(f, i, |a, b| vrelop::<u16>(ine, a, b));
    I16x8LtS => |_, f, i| binary(f, i, |a, b| vrelop::<u16>(ilt_s, a, b));
    I16x8LtU => |_, f, i| binary(f, i, |a, b| vrelop::<u16>(ilt_u, a, b));
    I16x8GtS => |_, f, i| binary(f, i, |a, b| vrelop::<u16>(igt_s, a, b));
    I16x8GtU => |_, f, i| binary(f, i, |a, b| vrelop::<u16>(igt_u, a, b));
    I16x8LeS => |_, f, i| binary(f, i, |a, b| vrelop::<u16>(ile_s, a, b));
    I16x8LeU => |_, f, i| binary(f, i, |a, b| vrelop::<u16>(ile_u, a, b));
    I16x8GeS => |_, f, i| binary(f, i, |a, b| vrelop::<u16>(ige_s, a, b));
    I16x8GeU => |_, f, i| binary(f, i, |a, b| vrelop::<u16>(ige_u, a, b));
    I16x8Shl => |_, f, i| shift::<u16>(f, i, ishl);
    I16x8ShrS => |_, f, i| shift::<u16>(f, i, ishr_s);
    I16x8ShrU => |_, f, i| shift::<u16>(f, i, ishr_u);
    I16x8Abs => |_, f, i| unary(f, i, |v| vunop::<u16>(iabs, v));
    I16x8Neg => |_, f, i| unary(f, i, |v| vunop::<u16>(ineg, v));
    I16x8AllTrue => |_, f, i| f.set(i.d, vall_true::<u16>(f.v128(i.a)));
    I16x8Bitmask => |_, f, i| f.set(i.d, vbitmask::<u16>(f.v128(i.a)));
    I16x8Add => |_, f, i| binary(f, i, |a, b| vbinop::<u16>(iadd, a, b));
    I16x8Sub => |_, f, i| binary(f, i, |a, b| vbinop::<u16>(isub, a, b));
    I16x8Mul => |_, f, i| binary(f, i, |a, b| vbinop::<u16>(imul, a, b));
    I16x8AddSatS => |_, f, i| binary(f, i, |a, b| vbinop::<u16>(u16::iadd_sat_s, a, b));
    I16x8AddSatU => |_, f, i| binary(f, i, |a, b| vbinop::<u16>(u16::iadd_sat_u, a, b));
    I16x8SubSatS => |_, f, i| binary(f, i, |a, b| vbinop::<u16>(u16::isub_sat_s, a, b));
    I16x8SubSatU => |_, f, i| binary(f, i, |a, b| vbinop::<u16>(u16::isub_sat_u, a, b));
    I16x8AvgrU => |_, f, i| binary(f, i, |a, b| vbinop::<u16>(iavgr_u, a, b));
    I16x8MinS => |_, f, i| binary(f, i, |a, b| vbinop::<u16>(imin_s, a, b));
    I16x8MinU => |_, f, i| binary(f, i, |a, b| vbinop::<u16>(imin_u, a, b));
    I16x8MaxS => |_, f, i| binary(f, i, |a, b| vbinop::<u16>(imax_s, a, b));
    I16x8MaxU => |_, f, i| binary(f, i, |a, b| vbinop::<u16>(imax_u, a, b));
    I16x8Q15mulrSatS => |_, f, i| binary(f, i, |a, b| vbinop::<u16>(iq15mulr_sat_s, a, b));
    // i32x4.
    I32x4Eq => |_, f, i| binary(f, i, |a, b| vrelop::<u32>(ieq, a, b));
    I32x4Ne => |_, f, i| binary(f, i, |a, b| vrelop::<u32>(ine, a, b));
    I32x4LtS => |_, f, i| binary(f, i, |a, b| vrelop::<u32>(ilt_s, a, b));
    I32x4LtU => |_, f, i| binary(f, i, |a, b| vrelop::<u32>(ilt_u, a, b));
    I32x4GtS => |_, f, i| binary(f, i, |a, b| vrelop::<u32>(igt_s, a, b));
    I32x4GtU => |_, f, i| binary(f, i, |a, b| vrelop::<u32>(igt_u, a, b));
    I32x4LeS => |_, f, i| binary(f, i, |a, b| vrelop::<u32>(ile_s, a, b));
    I32x4LeU => |_, f, i| binary(f, i, |a, b| vrelop::<u32>(ile_u, a, b));
    I32x4GeS => |_, f, i| binary(f, i, |a, b| vrelop::<u32>(ige_s, a, b));
    I32x4GeU => |_, f, i| binary(f, i, |a, b| vrelop::<u32>(ige_u, a, b));
    I32x4Shl => |_, f, i| shift::<u32>(f, i, ishl);
    I32x4ShrS => |_, f, i| shift::<u32>(f, i, ishr_s);
    I32x4ShrU => |_, f, i| shift::<u32>(f, i, ishr_u);
    I32x4Abs => |_, f, i| unary(f, i, |v| vunop::<u32>(iabs, v));
    I32x4Neg => |_, f, i| unary(f, i, |v| vunop::<u32>(ineg, v));
    I32x4AllTrue => |_, f, i| f.set(i.d, vall_true::<u32>(f.v128(i.a)));
    I32x4Bitmask => |_, f, i| f.set(i.d, vbitmask::<u32>(f.v128(i.a)));
    I32x4Add => |_, f, i| binary(f, i, |a, b| vbinop::<u32>(iadd, a, b));
    I32x4Sub => |_, f, i| binary(f, i, |a, b| vbinop::<u32>(isub, a, b));
    I32x4Mul => |_, f, i| binary(f, i, |a, b| vbinop::<u32>(imul, a, b));
    I32x4MinS => |_, f, i| binary(f, i, |a, b| vbinop::<u32>(imin_s, a, b));
    I32x4MinU => |_, f, i| binary(f, i, |a, b| vbinop::<u32>(imin_u, a, b));
    I32x4MaxS => |_, f, i| binary(f, i, |a, b| vbinop::<u32>(imax_s, a, b));
    I32x4MaxU => |_, f, i| binary(f, i, |a, b| vbinop::<u32>(imax_u, a, b));
    // i64x2.
    I64x2Eq => |_, f, i| binary(f, i, |a, b| vrelop::<u64>(ieq, a, b));
    I64x2Ne => |_, f, i| binary(f, i, |a, b| vrelop::<u64>(ine, a, b));
    I64x2LtS => |_, f, i| binary(f, i, |a, b| vrelop::<u64>(ilt_s, a, b));
    I64x2GtS => |_, f, i| binary(f, i, |a, b| vrelop::<u64>(igt_s, a, b));
    I64x2LeS => |_, f, i| binary(f, i, |a, b| vrelop::<u64>(ile_s, a, b));
    I64x2GeS => |_, f, i| binary(f, i, |a, b| vrelop::<u64>(ige_s, a, b));
    I64x2Shl => |_, f, i| shift::<u64>(f, i, ishl);
    I64x2ShrS => |_, f, i| shift::<u64>(f, i, ishr_s);
    I64x2ShrU => |_, f, i| shift::<u64>(f, i, ishr_u);
    I64x2Abs => |_, f, i| unary(f, i, |v| vunop::<u64>(iabs, v));
    I64x2Neg => |_, f, i| unary(f, i, |v| vunop::<u64>(ineg, v));
    I64x2AllTrue => |_, f, i| f.set(i.d, vall_true::<u64>(f.v128(i.a)));
    I64x2Bitmask => |_, f, i| f.set(i.d, vbitmask::<u64>(f.v128(i.a)));
    I64x2Add => |_, f, i| binary(f, i, |a, b| vbinop::<u64>(iadd, a, b));
    I64x2Sub => |_, f, i| binary(f, i, |a, b| vbinop::<u64>(isub, a, b));
    I64x2Mul => |_, f, i| binary(f, i, |a, b| vbinop::<u64>(imul, a, b));
}

/// § exec/instructions, `shape.vshiftop`.
#[inline(always)]
fn shift<T: Lane + Int>(frame: &mut Window, instr: &Instr, op: fn(T, T) -> T) {
    let distance = frame.u32(instr.b);
    unary(frame, instr, |v| vshiftop(op, v, distance));
}
