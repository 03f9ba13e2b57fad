//! Floating-point instructions and conversions (§ exec/instructions, numeric
//! instructions).

use crate::exec::handlers::{Slots, arithmetic_handlers, handlers, try_set};
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
}

arithmetic_handlers! {
    F32Ceil => |n, f, i| f.set(i.d, fceil(n, f.f32(i.a)).bits());
    F32Floor => |n, f, i| f.set(i.d, ffloor(n, f.f32(i.a)).bits());
    F32Trunc => |n, f, i| f.set(i.d, ftrunc(n, f.f32(i.a)).bits());
    F32Nearest => |n, f, i| f.set(i.d, fnearest(n, f.f32(i.a)).bits());
    F32Sqrt => |n, f, i| f.set(i.d, fsqrt(n, f.f32(i.a)).bits());
    F32Add => |n, f, i| f.set(i.d, fadd(n, f.f32(i.a), f.f32(i.b)).bits());
    F32Sub => |n, f, i| f.set(i.d, fsub(n, f.f32(i.a), f.f32(i.b)).bits());
    F32Mul => |n, f, i| f.set(i.d, fmul(n, f.f32(i.a), f.f32(i.b)).bits());
    F32Div => |n, f, i| f.set(i.d, fdiv(n, f.f32(i.a), f.f32(i.b)).bits());
    F32Min => |n, f, i| f.set(i.d, fmin(n, f.f32(i.a), f.f32(i.b)).bits());
    F32Max => |n, f, i| f.set(i.d, fmax(n, f.f32(i.a), f.f32(i.b)).bits());
    F64Ceil => |n, f, i| f.set(i.d, fceil(n, f.f64(i.a)).bits());
    F64Floor => |n, f, i| f.set(i.d, ffloor(n, f.f64(i.a)).bits());
    F64Trunc => |n, f, i| f.set(i.d, ftrunc(n, f.f64(i.a)).bits());
    F64Nearest => |n, f, i| f.set(i.d, fnearest(n, f.f64(i.a)).bits());
    F64Sqrt => |n, f, i| f.set(i.d, fsqrt(n, f.f64(i.a)).bits());
    F64Add => |n, f, i| f.set(i.d, fadd(n, f.f64(i.a), f.f64(i.b)).bits());
    F64Sub => |n, f, i| f.set(i.d, fsub(n, f.f64(i.a), f.f64(i.b)).bits());
    F64Mul => |n, f, i| f.set(i.d, fmul(n, f.f64(i.a), f.f64(i.b)).bits());
    F64Div => |n, f, i| f.set(i.d, fdiv(n, f.f64(i.a), f.f64(i.b)).bits());
    F64Min => |n, f, i| f.set(i.d, fmin(n, f.f64(i.a), f.f64(i.b)).bits());
    F64Max => |n, f, i| f.set(i.d, fmax(n, f.f64(i.a), f.f64(i.b)).bits());
    F32DemoteF64 => |n, f, i| f.set(i.d, demote(n, f.f64(i.a)).bits());
    F64PromoteF32 => |n, f, i| f.set(i.d, promote(n, f.f32(i.a)).bits());
}
