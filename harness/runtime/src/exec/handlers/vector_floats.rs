//! Vectors of floats, lane by lane, and their conversions (§ exec/instructions, vector
//! instructions).

use crate::exec::handlers::vectors::{arithmetic1, arithmetic2, binary, unary};
use crate::exec::handlers::{arithmetic_handlers, handlers};
use crate::numeric::*;

handlers! {
    // f32x4.
    F32x4Eq => |_, f, i| binary(f, i, |a, b| vrelop::<f32>(feq, a, b));
    F32x4Ne => |_, f, i| binary(f, i, |a, b| vrelop::<f32>(fne, a, b));
    F32x4Lt => |_, f, i| binary(f, i, |a, b| vrelop::<f32>(flt, a, b));
    F32x4Gt => |_, f, i| binary(f, i, |a, b| vrelop::<f32>(fgt, a, b));
    F32x4Le => |_, f, i| binary(f, i, |a, b| vrelop::<f32>(fle, a, b));
    F32x4Ge => |_, f, i| binary(f, i, |a, b| vrelop::<f32>(fge, a, b));
    F32x4Abs => |_, f, i| unary(f, i, |v| vunop::<f32>(fabs, v));
    F32x4Neg => |_, f, i| unary(f, i, |v| vunop::<f32>(fneg, v));
    F32x4Pmin => |_, f, i| binary(f, i, |a, b| vbinop::<f32>(fpmin, a, b));
    F32x4Pmax => |_, f, i| binary(f, i, |a, b| vbinop::<f32>(fpmax, a, b));
    // f64x2.
    F64x2Eq => |_, f, i| binary(f, i, |a, b| vrelop::<f64>(feq, a, b));
    F64x2Ne => |_, f, i| binary(f, i, |a, b| vrelop::<f64>(fne, a, b));
    F64x2Lt => |_, f, i| binary(f, i, |a, b| vrelop::<f64>(flt, a, b));
    F64x2Gt => |_, f, i| binary(f, i, |a, b| vrelop::<f64>(fgt, a, b));
    F64x2Le => |_, f, i| binary(f, i, |a, b| vrelop::<f64>(fle, a, b));
    F64x2Ge => |_, f, i| binary(f, i, |a, b| vrelop::<f64>(fge, a, b));
    F64x2Abs => |_, f, i| unary(f, i, |v| vunop::<f64>(fabs, v));
    F64x2Neg => |_, f, i| unary(f, i, |v| vunop::<f64>(fneg, v));
    F64x2Pmin => |_, f, i| binary(f, i, |a, b| vbinop::<f64>(fpmin, a, b));
    F64x2Pmax => |_, f, i| binary(f, i, |a, b| vbinop::<f64>(fpmax, a, b));
    // Conversions.
    I32x4TruncSatF32x4S => |_, f, i| unary(f, i, |v| vcvtop(0, trunc_sat_s::<u32, f32>, v));
    I32x4TruncSatF32x4U => |_, f, i| unary(f, i, |v| vcvtop(0, trunc_sat_u::<u32, f32>, v));
    I32x4TruncSatF64x2SZero => |_, f, i| unary(f, i, |v| vcvtop(0, trunc_sat_s::<u32, f64>, v));
    I32x4TruncSatF64x2UZero => |_, f, i| unary(f, i, |v| vcvtop(0, trunc_sat_u::<u32, f64>, v));
    F32x4ConvertI32x4S => |_, f, i| unary(f, i, |v| vcvtop(0, convert_s::<u32, f32>, v));
    F32x4ConvertI32x4U => |_, f, i| unary(f, i, |v| vcvtop(0, convert_u::<u32, f32>, v));
    F64x2ConvertLowI32x4S => |_, f, i| unary(f, i, |v| vcvtop(0, convert_s::<u32, f64>, v));
    F64x2ConvertLowI32x4U => |_, f, i| unary(f, i, |v| vcvtop(0, convert_u::<u32, f64>, v));
}

arithmetic_handlers! {
    F32x4Ceil => |n, f, i| arithmetic1::<f32>(n, f, i, fceil);
    F32x4Floor => |n, f, i| arithmetic1::<f32>(n, f, i, ffloor);
    F32x4Trunc => |n, f, i| arithmetic1::<f32>(n, f, i, ftrunc);
    F32x4Nearest => |n, f, i| arithmetic1::<f32>(n, f, i, fnearest);
    F32x4Sqrt => |n, f, i| arithmetic1::<f32>(n, f, i, fsqrt);
    F32x4Add => |n, f, i| arithmetic2::<f32>(n, f, i, fadd);
    F32x4Sub => |n, f, i| arithmetic2::<f32>(n, f, i, fsub);
    F32x4Mul => |n, f, i| arithmetic2::<f32>(n, f, i, fmul);
    F32x4Div => |n, f, i| arithmetic2::<f32>(n, f, i, fdiv);
    F32x4Min => |n, f, i| arithmetic2::<f32>(n, f, i, fmin);
    F32x4Max => |n, f, i| arithmetic2::<f32>(n, f, i, fmax);
    F64x2Ceil => |n, f, i| arithmetic1::<f64>(n, f, i, fceil);
    F64x2Floor => |n, f, i| arithmetic1::<f64>(n, f, i, ffloor);
    F64x2Trunc => |n, f, i| arithmetic1::<f64>(n, f, i, ftrunc);
    F64x2Nearest => |n, f, i| arithmetic1::<f64>(n, f, i, fnearest);
    F64x2Sqrt => |n, f, i| arithmetic1::<f64>(n, f, i, fsqrt);
    F64x2Add => |n, f, i| arithmetic2::<f64>(n, f, i, fadd);
    F64x2Sub => |n, f, i| arithmetic2::<f64>(n, f, i, fsub);
    F64x2Mul => |n, f, i| arithmetic2::<f64>(n, f, i, fmul);
    F64x2Div => |n, f, i| arithmetic2::<f64>(n, f, i, fdiv);
    F64x2Min => |n, f, i| arithmetic2::<f64>(n, f, i, fmin);
    F64x2Max => |n, f, i| arithmetic2::<f64>(n, f, i, fmax);
    F32x4DemoteF64x2Zero => |n, f, i| unary(f, i, |v| vcvtop(0, |z| demote(n, z), v));
    F64x2PromoteLowF32x4 => |n, f, i| unary(f, i, |v| vcvtop(0, |z| promote(n, z), v));
}
