//! Floating-point instructions and conversions (§ exec/instructions, numeric
//! instructions).

use crate::exec::handlers::{Slots, handlers, try_set};
use crate::numeric::*;

handlers! {
    // f32.
    F32Eq => |_, f, i| f.set(i.d, feq(f.f32(i.a), f.f32(i.b)));
    F32Ne => |_, f, i| f.set(i.d, fne(f.f32(i.a), f.f32(i.b)));
    F32Lt => |_, f, i| f.set(i.d, flt(f.f32(i.a), f.f32(i.b)));
    F32Gt => |_, f, i| f.set(i.d, fgt(f.f32(i.a), f.f32(i.b)));
    F32Le => |_, f, i| f.set(i.d, fle(f.f32(i.a), f.f32(i.b)));
    F32Ge => |_, f, i| f.set(i.d, fge(f.f32(i.a), f.f32(i.b)));
    F32Abs => |_, f, i| f.set(i.d, fabs(f.f32(i.a)).bits());
    F32Neg => |_, f, i| f.set(i.d, fneg(f.f32(i.a)).bits());
    F32Ceil => |_, f, i| f.set(i.d, fceil(f.f32(i.a)).bits());
    F32Floor => |_, f, i| f.set(i.d, ffloor(f.f32(i.a)).bits());
    F32Trunc => |_, f, i| f.set(i.d, ftrunc(f.f32(i.a)).bits());
    F32Nearest => |_, f, i| f.set(i.d, fnearest(f.f32(i.a)).bits());
    F32Sqrt => |_, f, i| f.set(i.d, fsqrt(f.f32(i.a)).bits());
    F32Add => |_, f, i| f.set(i.d, fadd(f.f32(i.a), f.f32(i.b)).bits());
    F32Sub => |_, f, i| f.set(i.d, fsub(f.f32(i.a), f.f32(i.b)).bits());
    F32Mul => |_, f, i| f.set(i.d, fmul(f.f32(i.a), f.f32(i.b)).bits());
    F32Div => |_, f, i| f.set(i.d, fdiv(f.f32(i.a), f.f32(i.b)).bits());
    F32Min => |_, f, i| f.set(i.d, fmin(f.f32(i.a), f.f32(i.b)).bits());
    F32Max => |_, f, i| f.set(i.d, fmax(f.f32(i.a), f.f32(i.b)).bits());
    F32Copysign => |_, f, i| f.set(i.d, fcopysign(f.f32(i.a), f.f32(i.b)).bits());
    // f64.
    F64Eq => |_, f, i| f.set(i.d, feq(f.f64(i.a), f.f64(i.b)));
    F64Ne => |_, f, i| f.set(i.d, fne(f.f64(i.a), f.f64(i.b)));
    F64Lt => |_, f, i| f.set(i.d, flt(f.f64(i.a), f.f64(i.b)));
    F64Gt => |_, f, i| f.set(i.d, fgt(f.f64(i.a), f.f64(i.b)));
    F64Le => |_, f, i| f.set(i.d, fle(f.f64(i.a), f.f64(i.b)));
    F64Ge => |_, f, i| f.set(i.d, fge(f.f64(i.a), f.f64(i.b)));
    F64Abs => |_, f, i| f.set(i.d, fabs(f.f64(i.a)).bits());
    F64Neg => |_, f, i| f.set(i.d, fneg(f.f64(i.a)).bits());
    F64Ceil => |_, f, i| f.set(i.d, fceil(f.f64(i.a)).bits());
    F64Floor => |_, f, i| f.set(i.d, ffloor(f.f64(i.a)).bits());
    F64Trunc => |_, f, i| f.set(i.d, ftrunc(f.f64(i.a)).bits());
    F64Nearest => |_, f, i| f.set(i.d, fnearest(f.f64(i.a)).bits());
    F64Sqrt => |_, f, i| f.set(i.d, fsqrt(f.f64(i.a)).bits());
    F64Add => |_, f, i| f.set(i.d, fadd(f.f64(i.a), f.f64(i.b)).bits());
    F64Sub => |_, f, i| f.set(i.d, fsub(f.f64(i.a), f.f64(i.b)).bits());
    F64Mul => |_, f, i| f.set(i.d, fmul(f.f64(i.a), f.f64(i.b)).bits());
    F64Div => |_, f, i| f.set(i.d, fdiv(f.f64(i.a), f.f64(i.b)).bits());
    F64Min => |_, f, i| f.set(i.d, fmin(f.f64(i.a), f.f64(i.b)).bits());
    F64Max => |_, f, i| f.set(i.d, fmax(f.f64(i.a), f.f64(i.b)).bits());
    F64Copysign => |_, f, i| f.set(i.d, fcopysign(f.f64(i.a), f.f64(i.b)).bits());
    // Conversions.
    I32TruncF32S => |_, f, i| try_set(f, i, trunc_s::<u32, f32>(f.f32(i.a)));
    I32TruncF32U => |_, f, i| try_set(f, i, trunc_u::<u32, f32>(f.f32(i.a)));
    I32TruncF64S => |_, f, i| try_set(f, i, trunc_s::<u32, f64>(f.f64(i.a)));
    I32TruncF64U => |_, f, i| try_set(f, i, trunc_u::<u32, f64>(f.f64(i.a)));
    I64TruncF32S => |_, f, i| try_set(f, i, trunc_s::<u64, f32>(f.f32(i.a)));
    I64TruncF32U => |_, f, i| try_set(f, i, trunc_u::<u64, f32>(f.f32(i.a)));
    I64TruncF64S => |_, f, i| try_set(f, i, trunc_s::<u64, f64>(f.f64(i.a)));
    I64TruncF64U => |_, f, i| try_set(f, i, trunc_u::<u64, f64>(f.f64(i.a)));
    I32TruncSatF32S => |_, f, i| f.set(i.d, trunc_sat_s::<u32, f32>(f.f32(i.a)));
    I32TruncSatF32U => |_, f, i| f.set(i.d, trunc_sat_u::<u32, f32>(f.f32(i.a)));
    I32TruncSatF64S => |_, f, i| f.set(i.d, trunc_sat_s::<u32, f64>(f.f64(i.a)));
    I32TruncSatF64U => |_, f, i| f.set(i.d, trunc_sat_u::<u32, f64>(f.f64(i.a)));
    I64TruncSatF32S => |_, f, i| f.set(i.d, trunc_sat_s::<u64, f32>(f.f32(i.a)));
    I64TruncSatF32U => |_, f, i| f.set(i.d, trunc_sat_u::<u64, f32>(f.f32(i.a)));
    I64TruncSatF64S => |_, f, i| f.set(i.d, trunc_sat_s::<u64, f64>(f.f64(i.a)));
    I64TruncSatF64U => |_, f, i| f.set(i.d, trunc_sat_u::<u64, f64>(f.f64(i.a)));
    F32ConvertI32S => |_, f, i| f.set(i.d, convert_s::<u32, f32>(f.u32(i.a)).bits());
    F32ConvertI32U => |_, f, i| f.set(i.d, convert_u::<u32, f32>(f.u32(i.a)).bits());
    F32ConvertI64S => |_, f, i| f.set(i.d, convert_s::<u64, f32>(f.u64(i.a)).bits());
    F32ConvertI64U => |_, f, i| f.set(i.d, convert_u::<u64, f32>(f.u64(i.a)).bits());
    F64ConvertI32S => |_, f, i| f.set(i.d, convert_s::<u32, f64>(f.u32(i.a)).bits());
    F64ConvertI32U => |_, f, i| f.set(i.d, convert_u::<u32, f64>(f.u32(i.a)).bits());
    F64ConvertI64S => |_, f, i| f.set(i.d, convert_s::<u64, f64>(f.u64(i.a)).bits());
    F64ConvertI64U => |_, f, i| f.set(i.d, convert_u::<u64, f64>(f.u64(i.a)).bits());
    F32DemoteF64 => |_, f, i| f.set(i.d, demote(f.f64(i.a)).bits());
    F64PromoteF32 => |_, f, i| f.set(i.d, promote(f.f32(i.a)).bits());
}
