//! Integer operations that only vectors have (§ exec/numerics, integer operations).

use super::int::{Int, iand, ilt_s, ilt_u, ior, ishr_u, isub, ixor};

/// § exec/numerics, `inot_N`.
#[inline(always)]
pub(crate) fn inot<I: Int>(i: I) -> I {
    ixor(i, isub(I::ZERO, I::ONE))
}

/// § exec/numerics, `iandnot_N`: `i1` where `i2` has no bits.
#[inline(always)]
pub(crate) fn iandnot<I: Int>(i1: I, i2: I) -> I {
    iand(i1, inot(i2))
}

/// § exec/numerics, `ibitselect_N`: bits of `i1` where `i3` has them, else of `i2`.
#[inline(always)]
pub(crate) fn ibitselect<I: Int>(i1: I, i2: I, i3: I) -> I {
    ior(iand(i1, i3), iandnot(i2, i3))
}

/// § exec/numerics, `ineg_N`: modulo 2^N.
#[inline(always)]
pub(crate) fn ineg<I: Int>(i: I) -> I {
    isub(I::ZERO, i)
}

/// § exec/numerics, `iabs_N`: modulo 2^N, so that the most negative number stays.
#[inline(always)]
pub(crate) fn iabs<I: Int>(i: I) -> I {
    if ilt_s(i, I::ZERO) { ineg(i) } else { i }
}

/// § exec/numerics, `imin_u_N`.
#[inline(always)]
pub(crate) fn imin_u<I: Int>(i1: I, i2: I) -> I {
    if ilt_u(i1, i2) { i1 } else { i2 }
}

/// § exec/numerics, `imin_s_N`.
#[inline(always)]
pub(crate) fn imin_s<I: Int>(i1: I, i2: I) -> I {
    if ilt_s(i1, i2) { i1 } else { i2 }
}

/// § exec/numerics, `imax_u_N`.
#[inline(always)]
pub(crate) fn imax_u<I: Int>(i1: I, i2: I) -> I {
    if ilt_u(i1, i2) { i2 } else { i1 }
}

/// § exec/numerics, `imax_s_N`.
#[inline(always)]
pub(crate) fn imax_s<I: Int>(i1: I, i2: I) -> I {
    if ilt_s(i1, i2) { i2 } else { i1 }
}

/// § exec/numerics, `iavgr_u_N`: half the sum, rounded up. The bits that both have
/// count once; of the others it is half that the sum exceeds.
#[inline(always)]
pub(crate) fn iavgr_u<I: Int>(i1: I, i2: I) -> I {
    isub(ior(i1, i2), ishr_u(ixor(i1, i2), I::ONE))
}

/// An integer whose sums are wanted saturated.
pub(crate) trait Saturate: Int {
    /// § exec/numerics, `iadd_sat_u_N`.
    fn iadd_sat_u(i1: Self, i2: Self) -> Self;
    /// § exec/numerics, `iadd_sat_s_N`.
    fn iadd_sat_s(i1: Self, i2: Self) -> Self;
    /// § exec/numerics, `isub_sat_u_N`.
    fn isub_sat_u(i1: Self, i2: Self) -> Self;
    /// § exec/numerics, `isub_sat_s_N`.
    fn isub_sat_s(i1: Self, i2: Self) -> Self;
}

macro_rules! saturate {
    ($unsigned:ident, $signed:ident) => {
        impl Saturate for $unsigned {
            #[inline(always)]
            fn iadd_sat_u(i1: Self, i2: Self) -> Self {
                i1.saturating_add(i2)
            }
            #[inline(always)]
            fn iadd_sat_s(i1: Self, i2: Self) -> Self {
                (i1 as $signed).saturating_add(i2 as $signed) as $unsigned
            }
            #[inline(always)]
            fn isub_sat_u(i1: Self, i2: Self) -> Self {
                i1.saturating_sub(i2)
            }
            #[inline(always)]
            fn isub_sat_s(i1: Self, i2: Self) -> Self {
                (i1 as $signed).saturating_sub(i2 as $signed) as $unsigned
            }
        }
    };
}

saturate!(u8, i8);
saturate!(u16, i16);

/// § exec/numerics, `iq15mulr_sat_s_16`: the product of two fractions of 15 bits,
/// rounded; only that of -1 and -1 is out of range.
#[inline(always)]
pub(crate) fn iq15mulr_sat_s(i1: u16, i2: u16) -> u16 {
    let product = i32::from(i1 as i16) * i32::from(i2 as i16);
    ((product + 0x4000) >> 15).min(0x7fff) as u16
}

/// An integer of which there is one of twice the width.
pub(crate) trait Widen: Int {
    type Wide: Int;
    /// § exec/numerics, `extend_u_M,N`.
    fn extend_u(i: Self) -> Self::Wide;
    /// § exec/numerics, `extend_s_M,N`.
    fn extend_s(i: Self) -> Self::Wide;
    /// § exec/numerics, `narrow_u_M,N`: of a signed number, saturating.
    fn narrow_u(i: Self::Wide) -> Self;
    /// § exec/numerics, `narrow_s_M,N`: of a signed number, saturating.
    fn narrow_s(i: Self::Wide) -> Self;
}

macro_rules! widen {
    ($unsigned:ident, $signed:ident, $wide:ident, $wide_signed:ident) => {
        impl Widen for $unsigned {
            type Wide = $wide;
            #[inline(always)]
            fn extend_u(i: Self) -> $wide {
                $wide::from(i)
            }
            #[inline(always)]
            fn extend_s(i: Self) -> $wide {
                $wide_signed::from(i as $signed) as $wide
            }
            #[inline(always)]
            fn narrow_u(i: $wide) -> Self {
                (i as $wide_signed).clamp(0, $unsigned::MAX as $wide_signed) as $unsigned
            }
            #[inline(always)]
            fn narrow_s(i: $wide) -> Self {
                let (min, max) = ($signed::MIN as $wide_signed, $signed::MAX as $wide_signed);
                (i as $wide_signed).clamp(min, max) as $unsigned
            }
        }
    };
}

widen!(u8, i8, u16, i16);
widen!(u16, i16, u32, i32);
widen!(u32, i32, u64, i64);
