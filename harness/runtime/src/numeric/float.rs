//! Floating-point operations (§ exec/numerics, floating-point operations).

use std::hint::black_box;
use std::ops::{Add, Div, Mul, Sub};

use super::int::Int;
use super::nans::Nans;

/// An `fN`: Rust's `f32` or `f64`.
pub(crate) trait Float:
    Copy
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
{
    /// The integer of the same width.
    type Bits: Int;
    /// § syntax/values, floating-point: the canonical NaN, positive.
    const CANONICAL_NAN: Self;
    const ZERO: Self;
    const ONE: Self;
    /// 2^M for M bits of significand: from here on every number is integral.
    const INTEGRAL: Self;
    fn bits(self) -> Self::Bits;
    fn from_bits(bits: Self::Bits) -> Self;
    fn is_nan(self) -> bool;
    fn square_root(self) -> Self;
    /// `self * factor + addend`, rounded once.
    fn multiply_add(self, factor: Self, addend: Self) -> Self;
    /// The integral part of a number below [`Float::INTEGRAL`] (the sign of zero is lost).
    fn integral_part(self) -> Self;
}

impl Float for f32 {
    type Bits = u32;
    const CANONICAL_NAN: f32 = f32::from_bits(0x7fc0_0000);
    const ZERO: f32 = 0.0;
    const ONE: f32 = 1.0;
    const INTEGRAL: f32 = 8_388_608.0;
    #[inline]
    fn bits(self) -> u32 {
        self.to_bits()
    }
    #[inline]
    fn from_bits(bits: u32) -> f32 {
        f32::from_bits(bits)
    }
    #[inline]
    fn is_nan(self) -> bool {
        f32::is_nan(self)
    }
    #[inline]
    fn square_root(self) -> f32 {
        self.sqrt()
    }
    #[inline]
    fn multiply_add(self, factor: f32, addend: f32) -> f32 {
        self.mul_add(factor, addend)
    }
    #[inline]
    fn integral_part(self) -> f32 {
        self as i32 as f32
    }
}

impl Float for f64 {
    type Bits = u64;
    const CANONICAL_NAN: f64 = f64::from_bits(0x7ff8_0000_0000_0000);
    const ZERO: f64 = 0.0;
    const ONE: f64 = 1.0;
    const INTEGRAL: f64 = 4_503_599_627_370_496.0;
    #[inline]
    fn bits(self) -> u64 {
        self.to_bits()
    }
    #[inline]
    fn from_bits(bits: u64) -> f64 {
        f64::from_bits(bits)
    }
    #[inline]
    fn is_nan(self) -> bool {
        f64::is_nan(self)
    }
    #[inline]
    fn square_root(self) -> f64 {
        self.sqrt()
    }
    #[inline]
    fn multiply_add(self, factor: f64, addend: f64) -> f64 {
        self.mul_add(factor, addend)
    }
    #[inline]
    fn integral_part(self) -> f64 {
        self as i64 as f64
    }
}

/// `number`, or if the hardware made some NaN of it, the one that is chosen.
#[inline]
fn settle<F: Float, const N: usize>(nans: &mut Nans, number: F, operands: [F; N]) -> F {
    if number.is_nan() { nans.of(operands) } else { number }
}

/// § exec/numerics, `fadd_N`.
#[inline]
pub(crate) fn fadd<F: Float>(nans: &mut Nans, z1: F, z2: F) -> F {
    settle(nans, z1 + z2, [z1, z2])
}

/// § exec/numerics, `fsub_N`.
#[inline]
pub(crate) fn fsub<F: Float>(nans: &mut Nans, z1: F, z2: F) -> F {
    settle(nans, z1 - z2, [z1, z2])
}

/// § exec/numerics, `fmul_N`.
#[inline]
pub(crate) fn fmul<F: Float>(nans: &mut Nans, z1: F, z2: F) -> F {
    settle(nans, z1 * z2, [z1, z2])
}

/// § exec/numerics, `fdiv_N`.
#[inline]
pub(crate) fn fdiv<F: Float>(nans: &mut Nans, z1: F, z2: F) -> F {
    settle(nans, z1 / z2, [z1, z2])
}

/// § exec/numerics, `fsqrt_N`.
///
/// To the compiler the root of a negative number is as good a NaN as the one
/// that [`settle`] would put in its place, so that it leaves the hardware's,
/// which is negative; unless it cannot see that the number is a root.
#[inline]
pub(crate) fn fsqrt<F: Float>(nans: &mut Nans, z: F) -> F {
    settle(nans, black_box(z.square_root()), [z])
}

/// § exec/numerics, `fmin_N`: NaN if either is one; -0 is less than +0.
#[inline]
pub(crate) fn fmin<F: Float>(nans: &mut Nans, z1: F, z2: F) -> F {
    if z1 < z2 {
        z1
    } else if z2 < z1 {
        z2
    } else if z1 == z2 {
        F::from_bits(z1.bits().or(z2.bits()))
    } else {
        nans.of([z1, z2])
    }
}

/// § exec/numerics, `fmax_N`: NaN if either is one; +0 is greater than -0.
#[inline]
pub(crate) fn fmax<F: Float>(nans: &mut Nans, z1: F, z2: F) -> F {
    if z1 > z2 {
        z1
    } else if z2 > z1 {
        z2
    } else if z1 == z2 {
        F::from_bits(z1.bits().and(z2.bits()))
    } else {
        nans.of([z1, z2])
    }
}

/// § exec/numerics, `fpmin_N`: the second only if it is less, else the first as it is.
#[inline]
pub(crate) fn fpmin<F: Float>(z1: F, z2: F) -> F {
    if z2 < z1 { z2 } else { z1 }
}

/// § exec/numerics, `fpmax_N`: the second only if it is greater, else the first as it is.
#[inline]
pub(crate) fn fpmax<F: Float>(z1: F, z2: F) -> F {
    if z1 < z2 { z2 } else { z1 }
}

/// § exec/numerics, `fma_N`: the sum of a product, rounded once.
#[inline]
pub(crate) fn fma<F: Float>(nans: &mut Nans, z1: F, z2: F, z3: F) -> F {
    settle(nans, z1.multiply_add(z2, z3), [z1, z2, z3])
}

/// § exec/numerics, `fneg_N`: only the sign changes, of a NaN too.
#[inline]
pub(crate) fn fneg<F: Float>(z: F) -> F {
    F::from_bits(z.bits().xor(F::Bits::SIGN))
}

/// § exec/numerics, `fabs_N`: only the sign changes, of a NaN too.
#[inline]
pub(crate) fn fabs<F: Float>(z: F) -> F {
    F::from_bits(z.bits().and(F::Bits::SIGN.wrapping_sub(F::Bits::ONE)))
}

/// § exec/numerics, `fcopysign_N`: only the sign changes, of a NaN too.
#[inline]
pub(crate) fn fcopysign<F: Float>(z1: F, z2: F) -> F {
    F::from_bits(fabs(z1).bits().or(z2.bits().and(F::Bits::SIGN)))
}

/// The four roundings below: those of NaNs and of integral numbers are the same
/// for all, and each keeps the sign, of a zero too.
#[inline]
fn round<F: Float>(nans: &mut Nans, z: F, small: impl FnOnce(F) -> F) -> F {
    if fabs(z) < F::INTEGRAL { fcopysign(small(z), z) } else { settle(nans, z, [z]) }
}

/// § exec/numerics, `ftrunc_N`: towards zero.
#[inline]
pub(crate) fn ftrunc<F: Float>(nans: &mut Nans, z: F) -> F {
    round(nans, z, F::integral_part)
}

/// § exec/numerics, `fceil_N`: upwards.
#[inline]
pub(crate) fn fceil<F: Float>(nans: &mut Nans, z: F) -> F {
    round(nans, z, |z| {
        let part = z.integral_part();
        if part < z { part + F::ONE } else { part }
    })
}

/// § exec/numerics, `ffloor_N`: downwards.
#[inline]
pub(crate) fn ffloor<F: Float>(nans: &mut Nans, z: F) -> F {
    round(nans, z, |z| {
        let part = z.integral_part();
        if part > z { part - F::ONE } else { part }
    })
}

/// § exec/numerics, `fnearest_N`: to the nearest integral number, ties to even.
///
/// Adding 2^M leaves no bits for a fraction, so that the sum rounds as wanted.
#[inline]
pub(crate) fn fnearest<F: Float>(nans: &mut Nans, z: F) -> F {
    round(nans, z, |z| fabs(z) + F::INTEGRAL - F::INTEGRAL)
}

/// § exec/numerics, `feq_N`.
#[inline]
pub(crate) fn feq<F: Float>(z1: F, z2: F) -> bool {
    z1 == z2
}

/// § exec/numerics, `fne_N`.
#[inline]
pub(crate) fn fne<F: Float>(z1: F, z2: F) -> bool {
    z1 != z2
}

/// § exec/numerics, `flt_N`.
#[inline]
pub(crate) fn flt<F: Float>(z1: F, z2: F) -> bool {
    z1 < z2
}

/// § exec/numerics, `fgt_N`.
#[inline]
pub(crate) fn fgt<F: Float>(z1: F, z2: F) -> bool {
    z1 > z2
}

/// § exec/numerics, `fle_N`.
#[inline]
pub(crate) fn fle<F: Float>(z1: F, z2: F) -> bool {
    z1 <= z2
}

/// § exec/numerics, `fge_N`.
#[inline]
pub(crate) fn fge<F: Float>(z1: F, z2: F) -> bool {
    z1 >= z2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::samples;

    /// Those of the deterministic profile.
    fn nans() -> Nans {
        Nans::default()
    }

    /// Bits, with every NaN replaced by the one the deterministic profile wants.
    fn expected64(number: f64) -> u64 {
        if number.is_nan() { 0x7ff8_0000_0000_0000 } else { number.to_bits() }
    }

    fn expected32(number: f32) -> u32 {
        if number.is_nan() { 0x7fc0_0000 } else { number.to_bits() }
    }

    #[test]
    fn roundings_agree_with_the_standard_library() {
        for z in samples::floats64().into_iter().map(f64::from_bits) {
            assert_eq!(ftrunc(&mut nans(), z).to_bits(), expected64(z.trunc()), "trunc {z}");
            assert_eq!(fceil(&mut nans(), z).to_bits(), expected64(z.ceil()), "ceil {z}");
            assert_eq!(ffloor(&mut nans(), z).to_bits(), expected64(z.floor()), "floor {z}");
            assert_eq!(
                fnearest(&mut nans(), z).to_bits(),
                expected64(z.round_ties_even()),
                "nearest {z}"
            );
            assert_eq!(
                fsqrt(&mut nans(), z).to_bits(),
                expected64(black_box(z.sqrt())),
                "sqrt {z}"
            );
        }
        for z in samples::floats32().into_iter().map(f32::from_bits) {
            assert_eq!(ftrunc(&mut nans(), z).to_bits(), expected32(z.trunc()), "trunc {z}");
            assert_eq!(fceil(&mut nans(), z).to_bits(), expected32(z.ceil()), "ceil {z}");
            assert_eq!(ffloor(&mut nans(), z).to_bits(), expected32(z.floor()), "floor {z}");
            assert_eq!(
                fnearest(&mut nans(), z).to_bits(),
                expected32(z.round_ties_even()),
                "nearest {z}"
            );
            assert_eq!(
                fsqrt(&mut nans(), z).to_bits(),
                expected32(black_box(z.sqrt())),
                "sqrt {z}"
            );
        }
    }

    #[test]
    fn arithmetic_of_32_bits_is_the_rounded_arithmetic_of_64_bits() {
        // Sums, differences, products and quotients of two f32 are exact enough
        // in f64 that rounding them twice cannot differ from rounding once.
        let samples = samples::floats32();
        for (a, b) in samples.iter().flat_map(|a| samples.iter().map(move |b| (*a, *b))) {
            let (a, b) = (f32::from_bits(a), f32::from_bits(b));
            let (wide_a, wide_b) = (f64::from(a), f64::from(b));
            assert_eq!(fadd(&mut nans(), a, b).to_bits(), expected32((wide_a + wide_b) as f32));
            assert_eq!(fsub(&mut nans(), a, b).to_bits(), expected32((wide_a - wide_b) as f32));
            assert_eq!(fmul(&mut nans(), a, b).to_bits(), expected32((wide_a * wide_b) as f32));
            assert_eq!(fdiv(&mut nans(), a, b).to_bits(), expected32((wide_a / wide_b) as f32));
        }
    }

    #[test]
    fn minimum_and_maximum_order_zeros_and_prefer_nan() {
        let samples = samples::floats64();
        for (a, b) in samples.iter().flat_map(|a| samples.iter().map(move |b| (*a, *b))) {
            let (a, b) = (f64::from_bits(a), f64::from_bits(b));
            let (least, greatest) = if a.is_nan() || b.is_nan() {
                (f64::NAN, f64::NAN)
            } else if a.total_cmp(&b).is_lt() {
                (a, b)
            } else {
                (b, a)
            };
            assert_eq!(fmin(&mut nans(), a, b).to_bits(), expected64(least), "min {a} {b}");
            assert_eq!(fmax(&mut nans(), a, b).to_bits(), expected64(greatest), "max {a} {b}");
        }
    }

    #[test]
    fn sign_operations_keep_the_payload_of_a_nan() {
        let signaling = f64::from_bits(0xfff0_0000_0000_0001);
        assert_eq!(fabs(signaling).to_bits(), 0x7ff0_0000_0000_0001);
        assert_eq!(fneg(signaling).to_bits(), 0x7ff0_0000_0000_0001);
        assert_eq!(fcopysign(signaling, 1.0).to_bits(), 0x7ff0_0000_0000_0001);
        assert_eq!(fcopysign(fabs(signaling), -0.0).to_bits(), signaling.to_bits());
        let quiet = f32::from_bits(0x7fe0_beef);
        assert_eq!(fneg(quiet).to_bits(), 0xffe0_beef);
    }

    #[test]
    fn every_nan_that_arithmetic_makes_is_the_positive_canonical_one() {
        let odd = f64::from_bits(0xfffc_0000_dead_beef);
        for made in [
            fadd(&mut nans(), odd, 1.0),
            fsub(&mut nans(), 1.0, odd),
            fmul(&mut nans(), 0.0, f64::INFINITY),
            fdiv(&mut nans(), 0.0, 0.0),
            fsqrt(&mut nans(), -1.0),
            fmin(&mut nans(), odd, 1.0),
            fmax(&mut nans(), 1.0, odd),
            fceil(&mut nans(), odd),
            fnearest(&mut nans(), odd),
        ] {
            assert_eq!(made.to_bits(), 0x7ff8_0000_0000_0000);
        }
    }

    #[test]
    fn comparisons_with_nan_are_false_but_for_inequality() {
        let samples = samples::floats64();
        for (a, b) in samples.iter().flat_map(|a| samples.iter().map(move |b| (*a, *b))) {
            let (a, b) = (f64::from_bits(a), f64::from_bits(b));
            let order = a.partial_cmp(&b);
            assert_eq!(feq(a, b), order.is_some_and(|order| order.is_eq()));
            assert_eq!(fne(a, b), order.is_none_or(|order| order.is_ne()));
            assert_eq!(flt(a, b), order.is_some_and(|order| order.is_lt()));
            assert_eq!(fgt(a, b), order.is_some_and(|order| order.is_gt()));
            assert_eq!(fle(a, b), order.is_some_and(|order| order.is_le()));
            assert_eq!(fge(a, b), order.is_some_and(|order| order.is_ge()));
        }
    }
}
