//! Relaxed vector instructions (§ exec/instructions, vector instructions), as the store
//! chooses.

use crate::exec::handlers::handlers;
use crate::exec::handlers::vectors::{arithmetic2, arithmetic3, binary, ternary, unary};
use crate::exec::machine::Machine;
use crate::numeric::*;
use crate::relaxed::RelaxedChoice;

handlers! {
    I8x16RelaxedSwizzle => |m, f, i| binary(f, i, |a, b| vrelaxed_swizzle(of(m).swizzle, a, b));
    I32x4RelaxedTruncF32x4S => |m, f, i| unary(f, i, |v| vcvtop(0, |z: f32| -> u32 { relaxed_trunc_s(of(m).trunc_s, z) }, v));
    I32x4RelaxedTruncF32x4U => |m, f, i| unary(f, i, |v| vcvtop(0, |z: f32| -> u32 { relaxed_trunc_u(of(m).trunc_u, z) }, v));
    I32x4RelaxedTruncF64x2SZero => |m, f, i| unary(f, i, |v| vcvtop(0, |z: f64| -> u32 { relaxed_trunc_s(of(m).trunc_s, z) }, v));
    I32x4RelaxedTruncF64x2UZero => |m, f, i| unary(f, i, |v| vcvtop(0, |z: f64| -> u32 { relaxed_trunc_u(of(m).trunc_u, z) }, v));
    F32x4RelaxedMadd => |m, f, i| {
        let choice = of(m).madd;
        arithmetic3(&mut m.store.nans, f, i, |nans, x: f32, y, z| frelaxed_madd(choice, nans, x, y, z))
    };
    F32x4RelaxedNmadd => |m, f, i| {
        let choice = of(m).madd;
        arithmetic3(&mut m.store.nans, f, i, |nans, x: f32, y, z| frelaxed_nmadd(choice, nans, x, y, z))
    };
    F64x2RelaxedMadd => |m, f, i| {
        let choice = of(m).madd;
        arithmetic3(&mut m.store.nans, f, i, |nans, x: f64, y, z| frelaxed_madd(choice, nans, x, y, z))
    };
    F64x2RelaxedNmadd => |m, f, i| {
        let choice = of(m).madd;
        arithmetic3(&mut m.store.nans, f, i, |nans, x: f64, y, z| frelaxed_nmadd(choice, nans, x, y, z))
    };
    I8x16RelaxedLaneselect => |m, f, i| {
        let choice = of(m).laneselect;
        ternary(f, i, |a, b, c| vternop(|x: u8, y, z| irelaxed_laneselect(choice, x, y, z), a, b, c))
    };
    I16x8RelaxedLaneselect => |m, f, i| {
        let choice = of(m).laneselect;
        ternary(f, i, |a, b, c| vternop(|x: u16, y, z| irelaxed_laneselect(choice, x, y, z), a, b, c))
    };
    I32x4RelaxedLaneselect => |m, f, i| {
        let choice = of(m).laneselect;
        ternary(f, i, |a, b, c| vternop(|x: u32, y, z| irelaxed_laneselect(choice, x, y, z), a, b, c))
    };
    I64x2RelaxedLaneselect => |m, f, i| {
        let choice = of(m).laneselect;
        ternary(f, i, |a, b, c| vternop(|x: u64, y, z| irelaxed_laneselect(choice, x, y, z), a, b, c))
    };
    F32x4RelaxedMin => |m, f, i| {
        let choice = of(m).min;
        arithmetic2(&mut m.store.nans, f, i, |nans, x: f32, y| frelaxed_min(choice, nans, x, y))
    };
    F32x4RelaxedMax => |m, f, i| {
        let choice = of(m).max;
        arithmetic2(&mut m.store.nans, f, i, |nans, x: f32, y| frelaxed_max(choice, nans, x, y))
    };
    F64x2RelaxedMin => |m, f, i| {
        let choice = of(m).min;
        arithmetic2(&mut m.store.nans, f, i, |nans, x: f64, y| frelaxed_min(choice, nans, x, y))
    };
    F64x2RelaxedMax => |m, f, i| {
        let choice = of(m).max;
        arithmetic2(&mut m.store.nans, f, i, |nans, x: f64, y| frelaxed_max(choice, nans, x, y))
    };
    I16x8RelaxedQ15mulrS => |m, f, i| {
        let choice = of(m).q15mulr;
        binary(f, i, |a, b| vbinop(|x, y| irelaxed_q15mulr_s(choice, x, y), a, b))
    };
    I16x8RelaxedDotI8x16I7x16S => |m, f, i| binary(f, i, |a, b| vrelaxed_dot(of(m).dot, a, b));
    I32x4RelaxedDotI8x16I7x16AddS => |m, f, i| {
        ternary(f, i, |a, b, c| vrelaxed_dot_add(of(m).dot, a, b, c))
    };
}

/// The choices.
#[inline(always)]
fn of(machine: &Machine<'_>) -> RelaxedChoice {
    machine.store.relaxed
}
