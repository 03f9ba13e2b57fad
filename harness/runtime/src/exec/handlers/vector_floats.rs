//! Vectors of floats, lane by lane, and their conversions (§ exec/instructions, vector
//! instructions).

use crate::exec::handlers::handlers;
use crate::exec::handlers::vectors::{binary, unary};
use crate::numeric::*;

handlers! {
    // f32x4.
    F32x4Eq => |_, f, i| binary(f, i, |a, b| vrelop::<f32>(feq, a, b));
    F32x4Ne => |_, f, i| binary(f, i, |a, b| vrelop::<f32>(fne, a, b));
    F32x4Lt => |_, f, i| binary(f, i, |a, b| vrelop::<f32>(flt, a, b));
    F32x4Gt => |_, f, i| binary(f, i, |a, b| vrelop::<f32>(fgt, a, b));
    F32x4Le => |_, f, i| binary(f, i, |a, b| vrelop::<f32>(fle, a, b));
    F32x4Ge => |_, f, i| binary(f, i, |a, b| vrelop::<f32>(fge, a, b));
    F32x4Ceil => |_, f, i| unary(f, i, |v| vunop::<f32>(fceil, v));
    F32x4Floor => |_, f, i| unary(f, i, |v| vunop::<f32>(ffloor, v));
    F32x4Trunc => |_, f, i| unary(f, i, |v| vunop::<f32>(ftrunc, v));
    F32x4Nearest => |_, f, i| unary(f, i, |v| vunop::<f32>(fnearest, v));
    F32x4Abs => |_, f, i| unary(f, i, |v| vunop::<f32>(fabs, v));
    F32x4Neg => |_, f, i| unary(f, i, |v| vunop::<f32>(fneg, v));
    F32x4Sqrt => |_, f, i| unary(f, i, |v| vunop::<f32>(fsqrt, v));
    F32x4Add => |_, f, i| binary(f, i, |a, b| vbinop::<f32>(fadd, a, b));
    F32x4Sub => |_, f, i| binary(f, i, |a, b| vbinop::<f32>(fsub, a, b));
    F32x4Mul => |_, f, i| binary(f, i, |a, b| vbinop::<f32>(fmul, a, b));
    F32x4Div => |_, f, i| binary(f, i, |a, b| vbinop::<f32>(fdiv, a, b));
    F32x4Min => |_, f, i| binary(f, i, |a, b| vbinop::<f32>(fmin, a, b));
    F32x4Max => |_, f, i| binary(f, i, |a, b| vbinop::<f32>(fmax, a, b));
    F32x4Pmin => |_, f, i| binary(f, i, |a, b| vbinop::<f32>(fpmin, a, b));
    F32x4Pmax => |_, f, i| binary(f, i, |a, b| vbinop::<f32>(fpmax, a, b));
    // f64x2.
    F64x2Eq => |_, f, i| binary(f, i, |a, b| vrelop::<f64>(feq, a, b));
    F64x2Ne => |_, f, i| binary(f, i, |a, b| vrelop::<f64>(fne, a, b));
    F64x2Lt => |_, f, i| binary(f, i, |a, b| vrelop::<f64>(flt, a, b));
    F64x2Gt => |_, f, i| binary(f, i, |a, b| vrelop::<f64>(fgt, a, b));
    F64x2Le => |_, f, i| binary(f, i, |a, b| vrelop::<f64>(fle, a, b));
    F64x2Ge => |_, f, i| binary(f, i, |a, b| vrelop::<f64>(fge, a, b));
    F64x2Ceil => |_, f, i| unary(f, i, |v| vunop::<f64>(fceil, v));
    F64x2Floor => |_, f, i| unary(f, i, |v| vunop::<f64>(ffloor, v));
    F64x2Trunc => |_, f, i| unary(f, i, |v| vunop::<f64>(ftrunc, v));
    F64x2Nearest => |_, f, i| unary(f, i, |v| vunop::<f64>(fnearest, v));
    F64x2Abs => |_, f, i| unary(f, i, |v| vunop::<f64>(fabs, v));
    F64x2Neg => |_, f, i| unary(f, i, |v| vunop::<f64>(fneg, v));
    F64x2Sqrt => |_, f, i| unary(f, i, |v| vunop::<f64>(fsqrt, v));
    F64x2Add => |_, f, i| binary(f, i, |a, b| vbinop::<f64>(fadd, a, b));
    F64x2Sub => |_, f, i| binary(f, i, |a, b| vbinop::<f64>(fsub, a, b));
    F64x2Mul => |_, f, i| binary(f, i, |a, b| vbinop::<f64>(fmul, a, b));
    F64x2Div => |_, f, i| binary(f, i, |a, b| vbinop::<f64>(fdiv, a, b));
    F64x2Min => |_, f, i| binary(f, i, |a, b| vbinop::<f64>(fmin, a, b));
    F64x2Max => |_, f, i| binary(f, i, |a, b| vbinop::<f64>(fmax, a, b));
    F64x2Pmin => |_, f, i| binary(f, i, |a, b| vbinop::<f64>(fpmin, a, b));
    F64x2Pmax => |_, f, i| binary(f, i, |a, b| vbinop::<f64>(fpmax, a, b));
    // Conversions.
    F32x4DemoteF64x2Zero => |_, f, i| unary(f, i, |v| vcvtop(0, demote, v));
    F64x2PromoteLowF32x4 => |_, f, i| unary(f, i, |v| vcvtop(0, promote, v));
    I32x4TruncSatF32x4S => |_, f, i| unary(f, i, |v| vcvtop(0, trunc_sat_s::<u32, f32>, v));
    I32x4TruncSatF32x4U => |_, f, i| unary(f, i, |v| vcvtop(0, trunc_sat_u::<u32, f32>, v));
    I32x4TruncSatF64x2SZero => |_, f, i| unary(f, i, |v| vcvtop(0, trunc_sat_s::<u32, f64>, v));
    I32x4TruncSatF64x2UZero => |_, f, i| unary(f, i, |v| vcvtop(0, trunc_sat_u::<u32, f64>, v));
    F32x4ConvertI32x4S => |_, f, i| unary(f, i, |v| vcvtop(0, convert_s::<u32, f32>, v));
    F32x4ConvertI32x4U => |_, f, i| unary(f, i, |v| vcvtop(0, convert_u::<u32, f32>, v));
    F64x2ConvertLowI32x4S => |_, f, i| unary(f, i, |v| vcvtop(0, convert_s::<u32, f64>, v));
    F64x2ConvertLowI32x4U => |_, f, i| unary(f, i, |v| vcvtop(0, convert_u::<u32, f64>, v));
}
