//! Conversions (§ exec/numerics, conversions).

use super::float::{Float, ftrunc};
use super::int::Int;
use super::nans::Nans;
use crate::trap::Trap;

/// A float that converts to and from the integer `I`.
pub(crate) trait Convert<I: Int>: Float {
    /// -2^(N-1), exactly.
    const SIGNED_MIN: Self;
    /// 2^(N-1), exactly.
    const SIGNED_END: Self;
    /// 2^N, exactly.
    const UNSIGNED_END: Self;
    fn to_unsigned_saturating(self) -> I;
    fn to_signed_saturating(self) -> I;
    fn from_unsigned(i: I) -> Self;
    fn from_signed(i: I) -> Self;
}

macro_rules! convert {
    ($float:ident, $unsigned:ident, $signed:ident) => {
        impl Convert<$unsigned> for $float {
            const SIGNED_MIN: $float = $signed::MIN as $float;
            const SIGNED_END: $float = -($signed::MIN as $float);
            const UNSIGNED_END: $float = -2.0 * ($signed::MIN as $float);
            #[inline]
            fn to_unsigned_saturating(self) -> $unsigned {
                self as $unsigned
            }
            #[inline]
            fn to_signed_saturating(self) -> $unsigned {
                self as $signed as $unsigned
            }
            #[inline]
            fn from_unsigned(i: $unsigned) -> $float {
                i as $float
            }
            #[inline]
            fn from_signed(i: $unsigned) -> $float {
                i as $signed as $float
            }
        }
    };
}

convert!(f32, u32, i32);
convert!(f32, u64, i64);
convert!(f64, u32, i32);
convert!(f64, u64, i64);

/// § exec/numerics, `wrap_M,N`: i64 modulo 2^32.
#[inline]
pub(crate) fn wrap(i: u64) -> u32 {
    i as u32
}

/// § exec/numerics, `extend_s_M,N`: i32 to i64.
#[inline]
pub(crate) fn extend_s(i: u32) -> u64 {
    i as i32 as i64 as u64
}

/// § exec/numerics, `trunc_u_M,N`: undefined for NaN and out of range.
#[inline]
pub(crate) fn trunc_u<I: Int, F: Convert<I>>(z: F) -> Result<I, Trap> {
    let truncated = truncated(z);
    if truncated >= F::ZERO && truncated < F::UNSIGNED_END {
        return Ok(z.to_unsigned_saturating());
    }
    Err(not_representable(z))
}

/// § exec/numerics, `trunc_s_M,N`: undefined for NaN and out of range.
#[inline]
pub(crate) fn trunc_s<I: Int, F: Convert<I>>(z: F) -> Result<I, Trap> {
    let truncated = truncated(z);
    if truncated >= F::SIGNED_MIN && truncated < F::SIGNED_END {
        return Ok(z.to_signed_saturating());
    }
    Err(not_representable(z))
}

/// Towards zero; a NaN stays one, whose bits nobody sees.
#[inline]
fn truncated<F: Float>(z: F) -> F {
    ftrunc(&mut Nans::default(), z)
}

#[cold]
fn not_representable<F: Float>(z: F) -> Trap {
    if z.is_nan() { Trap::InvalidConversion } else { Trap::IntegerOverflow }
}

/// § exec/numerics, `trunc_sat_u_M,N`: 0 for NaN, else the nearest in range.
#[inline]
pub(crate) fn trunc_sat_u<I: Int, F: Convert<I>>(z: F) -> I {
    z.to_unsigned_saturating()
}

/// § exec/numerics, `trunc_sat_s_M,N`: 0 for NaN, else the nearest in range.
#[inline]
pub(crate) fn trunc_sat_s<I: Int, F: Convert<I>>(z: F) -> I {
    z.to_signed_saturating()
}

/// § exec/numerics, `convert_u_M,N`: rounded to nearest, ties to even.
#[inline]
pub(crate) fn convert_u<I: Int, F: Convert<I>>(i: I) -> F {
    F::from_unsigned(i)
}

/// § exec/numerics, `convert_s_M,N`: rounded to nearest, ties to even.
#[inline]
pub(crate) fn convert_s<I: Int, F: Convert<I>>(i: I) -> F {
    F::from_signed(i)
}

/// § exec/numerics, `demote_M,N`.
#[inline]
pub(crate) fn demote(nans: &mut Nans, z: f64) -> f32 {
    if z.is_nan() { nans.of([narrow_nan(z)]) } else { z as f32 }
}

/// The NaN with the high bits of its payload, the highest set lest nothing be left.
#[inline]
fn narrow_nan(z: f64) -> f32 {
    let (sign, payload) = ((z.to_bits() >> 32) as u32 & 1 << 31, (z.to_bits() >> 29) as u32);
    f32::from_bits(sign | 0x7fc0_0000 | payload & 0x003f_ffff)
}

/// § exec/numerics, `promote_M,N`.
#[inline]
pub(crate) fn promote(nans: &mut Nans, z: f32) -> f64 {
    if z.is_nan() { nans.of([widen_nan(z)]) } else { f64::from(z) }
}

/// The NaN with its payload as the high bits of the wider one.
#[inline]
fn widen_nan(z: f32) -> f64 {
    let bits = u64::from(z.to_bits());
    f64::from_bits((bits & 1 << 31) << 32 | 0x7ff0 << 48 | (bits & 0x007f_ffff) << 29)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::samples;

    /// The integral part by the definition of the format: significand times a
    /// power of two. `None` for NaN; infinities and huge numbers saturate.
    fn integral(bits: u64) -> Option<i128> {
        let exponent = (bits >> 52 & 0x7ff) as i32;
        let fraction = bits & ((1 << 52) - 1);
        if exponent == 0x7ff && fraction != 0 {
            return None;
        }
        let magnitude = match exponent {
            0..1023 => 0,
            1023..1075 => (fraction | 1 << 52) as i128 >> (1075 - exponent),
            1075..1140 => ((fraction | 1 << 52) as i128) << (exponent - 1075),
            _ => i128::MAX / 2,
        };
        Some(if bits >> 63 == 1 { -magnitude } else { magnitude })
    }

    fn checked(integral: Option<i128>, min: i128, max: i128) -> Result<u64, Trap> {
        match integral {
            None => Err(Trap::InvalidConversion),
            Some(number) if number < min || number > max => Err(Trap::IntegerOverflow),
            Some(number) => Ok(number as u64),
        }
    }

    fn check<F: Convert<u32> + Convert<u64> + Into<f64>>(z: F) {
        let whole = integral(z.into().to_bits());
        let clamp = |min: i128, max: i128| whole.map_or(0, |whole| whole.clamp(min, max)) as u64;
        let (min32, max32) = (i128::from(i32::MIN), i128::from(i32::MAX));
        let (min64, max64) = (i128::from(i64::MIN), i128::from(i64::MAX));
        let (end32, end64) = (i128::from(u32::MAX), i128::from(u64::MAX));
        let low = |result: Result<u64, Trap>| result.map(|number| number as u32);
        assert_eq!(trunc_s::<u32, F>(z), low(checked(whole, min32, max32)));
        assert_eq!(trunc_u::<u32, F>(z), low(checked(whole, 0, end32)));
        assert_eq!(trunc_s::<u64, F>(z), checked(whole, min64, max64));
        assert_eq!(trunc_u::<u64, F>(z), checked(whole, 0, end64));
        assert_eq!(trunc_sat_s::<u32, F>(z), clamp(min32, max32) as u32);
        assert_eq!(trunc_sat_u::<u32, F>(z), clamp(0, end32) as u32);
        assert_eq!(trunc_sat_s::<u64, F>(z), clamp(min64, max64));
        assert_eq!(trunc_sat_u::<u64, F>(z), clamp(0, end64));
    }

    #[test]
    fn truncations_agree_with_the_bits_of_the_format() {
        samples::floats64().into_iter().for_each(|bits| check(f64::from_bits(bits)));
        samples::floats32().into_iter().for_each(|bits| check(f32::from_bits(bits)));
    }

    /// Round a magnitude to `digits` significant bits, ties to even.
    fn rounded(magnitude: u128, digits: u32) -> u128 {
        let length = 128 - magnitude.leading_zeros();
        if length <= digits {
            return magnitude;
        }
        let shift = length - digits;
        let (kept, rest, half) =
            (magnitude >> shift, magnitude & ((1 << shift) - 1), 1u128 << (shift - 1));
        let up = rest > half || (rest == half && kept & 1 == 1);
        (kept + u128::from(up)) << shift
    }

    #[test]
    fn conversions_from_integers_round_to_even() {
        for i in samples::integers() {
            let signed = i as i64;
            let magnitude = u128::from(signed.unsigned_abs());
            let exact = |z: f64| integral(z.to_bits());
            let sign = i128::from(signed.signum());
            assert_eq!(exact(convert_u::<u64, f64>(i)), Some(rounded(i.into(), 53) as i128));
            assert_eq!(
                exact(convert_s::<u64, f64>(i)),
                Some(sign * rounded(magnitude, 53) as i128)
            );
            let narrow = f64::from(convert_u::<u64, f32>(i));
            assert_eq!(exact(narrow), Some(rounded(i.into(), 24) as i128));
            let narrow = f64::from(convert_s::<u64, f32>(i));
            assert_eq!(exact(narrow), Some(sign * rounded(magnitude, 24) as i128));
            let low = i as u32;
            assert_eq!(exact(convert_u::<u32, f64>(low)), Some(i128::from(low)));
            assert_eq!(exact(convert_s::<u32, f64>(low)), Some(i128::from(low as i32)));
            let narrow = f64::from(convert_u::<u32, f32>(low));
            assert_eq!(exact(narrow), Some(rounded(low.into(), 24) as i128));
        }
    }

    #[test]
    fn demotion_and_promotion_make_canonical_nans() {
        assert_eq!(
            demote(&mut Nans::default(), f64::from_bits(0xfff0_0000_0000_0001)).to_bits(),
            0x7fc0_0000
        );
        assert_eq!(
            promote(&mut Nans::default(), f32::from_bits(0xff80_0001)).to_bits(),
            0x7ff8_0000_0000_0000
        );
        assert_eq!(demote(&mut Nans::default(), -0.0).to_bits(), 1 << 31);
        assert_eq!(demote(&mut Nans::default(), 1e300), f32::INFINITY);
        for bits in samples::floats32() {
            let number = f32::from_bits(bits);
            if !number.is_nan() {
                assert_eq!(
                    demote(&mut Nans::default(), promote(&mut Nans::default(), number)).to_bits(),
                    bits
                );
            }
        }
    }

    #[test]
    fn integers_change_width_by_their_bits() {
        for i in samples::integers() {
            assert_eq!(u64::from(wrap(i)), i % (1 << 32));
            assert_eq!(extend_s(i as u32) as i64, i64::from(i as i32));
        }
    }
}
