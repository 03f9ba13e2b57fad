//! Relaxed operations (§ exec/numerics, relaxed operations): each takes the choice
//! among its permitted results as a parameter.

use super::convert::{Convert, trunc_s, trunc_sat_s, trunc_sat_u, trunc_u};
use super::float::{Float, fadd, fma, fmax, fmin, fmul, fneg};
use super::int::{Int, ishr_s};
use super::lane_int::{Saturate, Widen, ibitselect, iq15mulr_sat_s};
use super::lane_wide::{vdot, vextadd_pairwise};
use super::lanes::{Lane, V128, vbinop, vswizzle};
use super::nans::Nans;
use crate::relaxed::{
    RelaxedDot, RelaxedLaneselect, RelaxedMadd, RelaxedMinMax, RelaxedQ15mulr, RelaxedSwizzle,
    RelaxedTruncS, RelaxedTruncU,
};

/// § exec/numerics, `frelaxed_madd_N`.
#[inline]
pub(crate) fn frelaxed_madd<F: Float>(
    choice: RelaxedMadd,
    nans: &mut Nans,
    z1: F,
    z2: F,
    z3: F,
) -> F {
    match choice {
        RelaxedMadd::Unfused => {
            let product = fmul(nans, z1, z2);
            fadd(nans, product, z3)
        }
        RelaxedMadd::Fused => fma(nans, z1, z2, z3),
    }
}

/// § exec/numerics, `frelaxed_nmadd_N`.
#[inline]
pub(crate) fn frelaxed_nmadd<F: Float>(
    choice: RelaxedMadd,
    nans: &mut Nans,
    z1: F,
    z2: F,
    z3: F,
) -> F {
    frelaxed_madd(choice, nans, fneg(z1), z2, z3)
}

/// The operands for which a relaxed minimum or maximum is open: what `choice` makes
/// of them, or `strict`, which is `fmin` or `fmax` of them. The spec drops the sign of
/// a NaN that it returns; here the operand is returned as it is.
#[inline]
fn frelaxed_extremum<F: Float>(choice: RelaxedMinMax, z1: F, z2: F, strict: F) -> F {
    let zeros = z1 == F::ZERO && z2 == F::ZERO;
    if !(zeros || z1.is_nan() || z2.is_nan()) {
        return strict;
    }
    match choice {
        RelaxedMinMax::Strict => strict,
        RelaxedMinMax::First => z1,
        RelaxedMinMax::Second => z2,
        RelaxedMinMax::Number if zeros => strict,
        RelaxedMinMax::Number if z1.is_nan() => z2,
        RelaxedMinMax::Number => z1,
    }
}

/// § exec/numerics, `frelaxed_min_N`.
#[inline]
pub(crate) fn frelaxed_min<F: Float>(choice: RelaxedMinMax, nans: &mut Nans, z1: F, z2: F) -> F {
    frelaxed_extremum(choice, z1, z2, fmin(nans, z1, z2))
}

/// § exec/numerics, `frelaxed_max_N`.
#[inline]
pub(crate) fn frelaxed_max<F: Float>(choice: RelaxedMinMax, nans: &mut Nans, z1: F, z2: F) -> F {
    frelaxed_extremum(choice, z1, z2, fmax(nans, z1, z2))
}

/// § exec/numerics, `relaxed_trunc_u_M,N`.
#[inline]
pub(crate) fn relaxed_trunc_u<I: Int, F: Convert<I>>(choice: RelaxedTruncU, z: F) -> I {
    let most = I::ZERO.wrapping_sub(I::ONE);
    trunc_u(z).unwrap_or_else(|_| match choice {
        RelaxedTruncU::Saturating => trunc_sat_u(z),
        RelaxedTruncU::Most => most,
        RelaxedTruncU::MostButOne => most.wrapping_sub(I::ONE),
        RelaxedTruncU::SignBit => I::SIGN,
    })
}

/// § exec/numerics, `relaxed_trunc_s_M,N`.
#[inline]
pub(crate) fn relaxed_trunc_s<I: Int, F: Convert<I>>(choice: RelaxedTruncS, z: F) -> I {
    trunc_s(z).unwrap_or_else(|_| match choice {
        RelaxedTruncS::Saturating => trunc_sat_s(z),
        RelaxedTruncS::SignBit => I::SIGN,
    })
}

/// § exec/numerics, `irelaxed_q15mulr_s_16`.
#[inline]
pub(crate) fn irelaxed_q15mulr_s(choice: RelaxedQ15mulr, i1: u16, i2: u16) -> u16 {
    match choice {
        RelaxedQ15mulr::Wrapping if i1 == u16::SIGN && i2 == u16::SIGN => u16::SIGN,
        _ => iq15mulr_sat_s(i1, i2),
    }
}

/// § exec/numerics, `irelaxed_laneselect_N`.
#[inline]
pub(crate) fn irelaxed_laneselect<I: Int>(choice: RelaxedLaneselect, i1: I, i2: I, i3: I) -> I {
    let mask = match choice {
        RelaxedLaneselect::Bits => i3,
        RelaxedLaneselect::HighestBit => ishr_s(i3, I::wrap(I::BITS - 1)),
    };
    ibitselect(i1, i2, mask)
}

/// § exec/numerics, `ivrelaxed_swizzle`: an index with the sign bit gives 0 always.
#[inline]
pub(crate) fn vrelaxed_swizzle(choice: RelaxedSwizzle, v1: V128, v2: V128) -> V128 {
    match choice {
        RelaxedSwizzle::Zero => vswizzle(v1, v2),
        RelaxedSwizzle::Modulo => vswizzle(v1, v2.map(|index| index & 0x8f)),
    }
}

/// § exec/numerics, `relaxed_dot`, from 8 to 16 bits.
#[inline]
pub(crate) fn vrelaxed_dot(choice: RelaxedDot, v1: V128, v2: V128) -> V128 {
    match choice {
        RelaxedDot::Signed => vdot([u8::extend_s, u8::extend_s], u16::iadd_sat_s, v1, v2),
        RelaxedDot::Unsigned => vdot([u8::extend_s, u8::extend_u], u16::iadd_sat_s, v1, v2),
        RelaxedDot::UnsignedExact => vdot([u8::extend_s, u8::extend_u], u16::wrapping_add, v1, v2),
    }
}

/// § exec/numerics, `relaxed_dot_add`, from 8 to 32 bits.
#[inline]
pub(crate) fn vrelaxed_dot_add(choice: RelaxedDot, v1: V128, v2: V128, v3: V128) -> V128 {
    let sums = match choice {
        RelaxedDot::Signed | RelaxedDot::Unsigned => {
            vextadd_pairwise(u16::extend_s, vrelaxed_dot(choice, v1, v2))
        }
        RelaxedDot::UnsignedExact => dot4(v1, v2),
    };
    vbinop(u32::wrapping_add, sums, v3)
}

/// Sums of four products of a byte with a sign and one without, exactly.
#[inline]
fn dot4(v1: V128, v2: V128) -> V128 {
    let mut sums = <u32 as Lane>::Lanes::default();
    for (number, (a, b)) in v1.iter().zip(v2).enumerate() {
        let sum = &mut sums[number / 4];
        *sum = sum.wrapping_add_signed(i32::from(*a as i8) * i32::from(b));
    }
    u32::inv_lanes(sums)
}
