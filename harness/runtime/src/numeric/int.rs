//! Integer operations (§ exec/numerics, integer operations).

use crate::trap::Trap;

/// An `iN`: the unsigned Rust integer of that width.
pub(crate) trait Int: Copy + Eq + Ord {
    /// N.
    const BITS: u32;
    /// The two's complement reading (§ exec/numerics, `signed`).
    type Signed: Copy + Ord;
    const ZERO: Self;
    const ONE: Self;
    /// The number with only the sign bit set.
    const SIGN: Self;
    fn signed(self) -> Self::Signed;
    /// The number modulo 2^32: distances of shifts.
    fn low32(self) -> u32;
    /// A small number: the distance of a shift.
    fn wrap(number: u32) -> Self;
    fn wrapping_add(self, other: Self) -> Self;
    fn wrapping_sub(self, other: Self) -> Self;
    fn wrapping_mul(self, other: Self) -> Self;
    fn checked_div(self, other: Self) -> Option<Self>;
    fn checked_rem(self, other: Self) -> Option<Self>;
    fn wrapping_div_s(self, other: Self) -> Self;
    fn wrapping_rem_s(self, other: Self) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn xor(self, other: Self) -> Self;
    fn shl(self, distance: u32) -> Self;
    fn shr(self, distance: u32) -> Self;
    fn shr_signed(self, distance: u32) -> Self;
    fn rotate_left(self, distance: u32) -> Self;
    fn rotate_right(self, distance: u32) -> Self;
    fn leading_zeros(self) -> Self;
    fn trailing_zeros(self) -> Self;
    fn count_ones(self) -> Self;
}

macro_rules! int {
    ($unsigned:ident, $signed:ident) => {
        impl Int for $unsigned {
            const BITS: u32 = $unsigned::BITS;
            type Signed = $signed;
            const ZERO: Self = 0;
            const ONE: Self = 1;
            const SIGN: Self = 1 << ($unsigned::BITS - 1);
            #[inline]
            fn signed(self) -> $signed {
                self as $signed
            }
            #[inline]
            fn low32(self) -> u32 {
                self as u32
            }
            #[inline]
            fn wrap(number: u32) -> Self {
                number as $unsigned
            }
            #[inline]
            fn wrapping_add(self, other: Self) -> Self {
                $unsigned::wrapping_add(self, other)
            }
            #[inline]
            fn wrapping_sub(self, other: Self) -> Self {
                $unsigned::wrapping_sub(self, other)
            }
            #[inline]
            fn wrapping_mul(self, other: Self) -> Self {
                $unsigned::wrapping_mul(self, other)
            }
            #[inline]
            fn checked_div(self, other: Self) -> Option<Self> {
                $unsigned::checked_div(self, other)
            }
            #[inline]
            fn checked_rem(self, other: Self) -> Option<Self> {
                $unsigned::checked_rem(self, other)
            }
            #[inline]
            fn wrapping_div_s(self, other: Self) -> Self {
                $signed::wrapping_div(self as $signed, other as $signed) as $unsigned
            }
            #[inline]
            fn wrapping_rem_s(self, other: Self) -> Self {
                $signed::wrapping_rem(self as $signed, other as $signed) as $unsigned
            }
            #[inline]
            fn and(self, other: Self) -> Self {
                self & other
            }
            #[inline]
            fn or(self, other: Self) -> Self {
                self | other
            }
            #[inline]
            fn xor(self, other: Self) -> Self {
                self ^ other
            }
            #[inline]
            fn shl(self, distance: u32) -> Self {
                self.wrapping_shl(distance)
            }
            #[inline]
            fn shr(self, distance: u32) -> Self {
                self.wrapping_shr(distance)
            }
            #[inline]
            fn shr_signed(self, distance: u32) -> Self {
                (self as $signed).wrapping_shr(distance) as $unsigned
            }
            #[inline]
            fn rotate_left(self, distance: u32) -> Self {
                $unsigned::rotate_left(self, distance % $unsigned::BITS)
            }
            #[inline]
            fn rotate_right(self, distance: u32) -> Self {
                $unsigned::rotate_right(self, distance % $unsigned::BITS)
            }
            #[inline]
            fn leading_zeros(self) -> Self {
                $unsigned::leading_zeros(self) as $unsigned
            }
            #[inline]
            fn trailing_zeros(self) -> Self {
                $unsigned::trailing_zeros(self) as $unsigned
            }
            #[inline]
            fn count_ones(self) -> Self {
                $unsigned::count_ones(self) as $unsigned
            }
        }
    };
}

int!(u8, i8);
int!(u16, i16);
int!(u32, i32);
int!(u64, i64);

/// § exec/numerics, `iadd_N`: the sum modulo 2^N.
#[inline]
pub(crate) fn iadd<I: Int>(i1: I, i2: I) -> I {
    i1.wrapping_add(i2)
}

/// § exec/numerics, `isub_N`: the difference modulo 2^N.
#[inline]
pub(crate) fn isub<I: Int>(i1: I, i2: I) -> I {
    i1.wrapping_sub(i2)
}

/// § exec/numerics, `imul_N`: the product modulo 2^N.
#[inline]
pub(crate) fn imul<I: Int>(i1: I, i2: I) -> I {
    i1.wrapping_mul(i2)
}

/// § exec/numerics, `idiv_u_N`: undefined for a zero divisor.
#[inline]
pub(crate) fn idiv_u<I: Int>(i1: I, i2: I) -> Result<I, Trap> {
    i1.checked_div(i2).ok_or(Trap::DivideByZero)
}

/// § exec/numerics, `idiv_s_N`: undefined for a zero divisor, and where the
/// quotient is 2^(N-1), which is not representable.
#[inline]
pub(crate) fn idiv_s<I: Int>(i1: I, i2: I) -> Result<I, Trap> {
    if i2 == I::ZERO {
        return Err(Trap::DivideByZero);
    }
    if i1 == I::SIGN && i2 == isub(I::ZERO, I::ONE) {
        return Err(Trap::IntegerOverflow);
    }
    Ok(i1.wrapping_div_s(i2))
}

/// § exec/numerics, `irem_u_N`: undefined for a zero divisor.
#[inline]
pub(crate) fn irem_u<I: Int>(i1: I, i2: I) -> Result<I, Trap> {
    i1.checked_rem(i2).ok_or(Trap::DivideByZero)
}

/// § exec/numerics, `irem_s_N`: undefined for a zero divisor; the result has the
/// sign of the dividend, and is 0 where `idiv_s` would overflow.
#[inline]
pub(crate) fn irem_s<I: Int>(i1: I, i2: I) -> Result<I, Trap> {
    if i2 == I::ZERO {
        return Err(Trap::DivideByZero);
    }
    Ok(i1.wrapping_rem_s(i2))
}

/// § exec/numerics, `iand_N`.
#[inline]
pub(crate) fn iand<I: Int>(i1: I, i2: I) -> I {
    i1.and(i2)
}

/// § exec/numerics, `ior_N`.
#[inline]
pub(crate) fn ior<I: Int>(i1: I, i2: I) -> I {
    i1.or(i2)
}

/// § exec/numerics, `ixor_N`.
#[inline]
pub(crate) fn ixor<I: Int>(i1: I, i2: I) -> I {
    i1.xor(i2)
}

/// § exec/numerics, `ishl_N`: the distance is taken modulo N.
#[inline]
pub(crate) fn ishl<I: Int>(i1: I, i2: I) -> I {
    i1.shl(i2.low32())
}

/// § exec/numerics, `ishr_u_N`: the distance is taken modulo N.
#[inline]
pub(crate) fn ishr_u<I: Int>(i1: I, i2: I) -> I {
    i1.shr(i2.low32())
}

/// § exec/numerics, `ishr_s_N`: the distance is taken modulo N.
#[inline]
pub(crate) fn ishr_s<I: Int>(i1: I, i2: I) -> I {
    i1.shr_signed(i2.low32())
}

/// § exec/numerics, `irotl_N`: the distance is taken modulo N.
#[inline]
pub(crate) fn irotl<I: Int>(i1: I, i2: I) -> I {
    i1.rotate_left(i2.low32())
}

/// § exec/numerics, `irotr_N`: the distance is taken modulo N.
#[inline]
pub(crate) fn irotr<I: Int>(i1: I, i2: I) -> I {
    i1.rotate_right(i2.low32())
}

/// § exec/numerics, `iclz_N`: N for 0.
#[inline]
pub(crate) fn iclz<I: Int>(i: I) -> I {
    i.leading_zeros()
}

/// § exec/numerics, `ictz_N`: N for 0.
#[inline]
pub(crate) fn ictz<I: Int>(i: I) -> I {
    i.trailing_zeros()
}

/// § exec/numerics, `ipopcnt_N`.
#[inline]
pub(crate) fn ipopcnt<I: Int>(i: I) -> I {
    i.count_ones()
}

/// § exec/numerics, `iextend{M}_s_N`: bit M-1 spread over the bits above it.
#[inline]
pub(crate) fn iextend_s<I: Int>(m: u32, i: I) -> I {
    i.shl(I::BITS - m).shr_signed(I::BITS - m)
}

/// § exec/numerics, `ieqz_N`.
#[inline]
pub(crate) fn ieqz<I: Int>(i: I) -> bool {
    i == I::ZERO
}

/// § exec/numerics, `ieq_N`.
#[inline]
pub(crate) fn ieq<I: Int>(i1: I, i2: I) -> bool {
    i1 == i2
}

/// § exec/numerics, `ine_N`.
#[inline]
pub(crate) fn ine<I: Int>(i1: I, i2: I) -> bool {
    i1 != i2
}

/// § exec/numerics, `ilt_u_N`.
#[inline]
pub(crate) fn ilt_u<I: Int>(i1: I, i2: I) -> bool {
    i1 < i2
}

/// § exec/numerics, `ilt_s_N`.
#[inline]
pub(crate) fn ilt_s<I: Int>(i1: I, i2: I) -> bool {
    i1.signed() < i2.signed()
}

/// § exec/numerics, `igt_u_N`.
#[inline]
pub(crate) fn igt_u<I: Int>(i1: I, i2: I) -> bool {
    i1 > i2
}

/// § exec/numerics, `igt_s_N`.
#[inline]
pub(crate) fn igt_s<I: Int>(i1: I, i2: I) -> bool {
    i1.signed() > i2.signed()
}

/// § exec/numerics, `ile_u_N`.
#[inline]
pub(crate) fn ile_u<I: Int>(i1: I, i2: I) -> bool {
    i1 <= i2
}

/// § exec/numerics, `ile_s_N`.
#[inline]
pub(crate) fn ile_s<I: Int>(i1: I, i2: I) -> bool {
    i1.signed() <= i2.signed()
}

/// § exec/numerics, `ige_u_N`.
#[inline]
pub(crate) fn ige_u<I: Int>(i1: I, i2: I) -> bool {
    i1 >= i2
}

/// § exec/numerics, `ige_s_N`.
#[inline]
pub(crate) fn ige_s<I: Int>(i1: I, i2: I) -> bool {
    i1.signed() >= i2.signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::samples;

    /// The definitions of the spec over unbounded integers, which i128 can hold.
    struct Exact {
        bits: u32,
    }

    impl Exact {
        fn wrap(&self, value: i128) -> u64 {
            (value & ((1i128 << self.bits) - 1)) as u64
        }

        fn signed(&self, value: u64) -> i128 {
            let value = value as i128;
            if value >= 1 << (self.bits - 1) { value - (1 << self.bits) } else { value }
        }
    }

    fn check_pair<I: Int + Into<u64> + std::fmt::Debug>(a: I, b: I) {
        let exact = Exact { bits: I::BITS };
        let (ua, ub) = (a.into() as i128, b.into() as i128);
        let (sa, sb) = (exact.signed(a.into()), exact.signed(b.into()));
        assert_eq!(iadd(a, b).into(), exact.wrap(ua + ub));
        assert_eq!(isub(a, b).into(), exact.wrap(ua - ub));
        let product = (ua as u128).wrapping_mul(ub as u128) as i128;
        assert_eq!(imul(a, b).into(), exact.wrap(product));
        if ub == 0 {
            for division in [idiv_u, idiv_s, irem_u, irem_s] {
                assert_eq!(division(a, b).err(), Some(Trap::DivideByZero));
            }
        } else {
            assert_eq!(idiv_u(a, b).map(Into::into), Ok(exact.wrap(ua / ub)));
            assert_eq!(irem_u(a, b).map(Into::into), Ok(exact.wrap(ua % ub)));
            assert_eq!(irem_s(a, b).map(Into::into), Ok(exact.wrap(sa % sb)));
            let quotient = sa / sb;
            let expected = if quotient == 1 << (I::BITS - 1) {
                Err(Trap::IntegerOverflow)
            } else {
                Ok(exact.wrap(quotient))
            };
            assert_eq!(idiv_s(a, b).map(Into::into), expected);
        }
        let distance = (ub % I::BITS as i128) as u32;
        assert_eq!(ishl(a, b).into(), exact.wrap(ua << distance));
        assert_eq!(ishr_u(a, b).into(), exact.wrap(ua >> distance));
        assert_eq!(ishr_s(a, b).into(), exact.wrap(sa >> distance));
        let doubled = ua | ua << I::BITS;
        assert_eq!(irotl(a, b).into(), exact.wrap((doubled << distance) >> I::BITS));
        assert_eq!(irotr(a, b).into(), exact.wrap((doubled as u128 >> distance) as i128));
        assert_eq!((ilt_u(a, b), ilt_s(a, b)), (ua < ub, sa < sb));
        assert_eq!((igt_u(a, b), igt_s(a, b)), (ua > ub, sa > sb));
        assert_eq!((ile_u(a, b), ile_s(a, b)), (ua <= ub, sa <= sb));
        assert_eq!((ige_u(a, b), ige_s(a, b)), (ua >= ub, sa >= sb));
    }

    fn check_bits<I: Int + Into<u64>>(a: I) {
        let text = format!("{:064b}", a.into());
        let text = &text[64 - I::BITS as usize..];
        let zeros = |text: &str| text.find('1').unwrap_or(text.len()) as u64;
        let backwards: String = text.chars().rev().collect();
        assert_eq!(iclz(a).into(), zeros(text));
        assert_eq!(ictz(a).into(), zeros(&backwards));
        assert_eq!(ipopcnt(a).into(), text.matches('1').count() as u64);
        assert_eq!(ieqz(a), !text.contains('1'));
        for m in [8, 16, 32].into_iter().filter(|m| *m < I::BITS) {
            let low = Exact { bits: m }.signed(a.into() & ((1 << m) - 1));
            assert_eq!(iextend_s(m, a).into(), Exact { bits: I::BITS }.wrap(low));
        }
    }

    #[test]
    fn integers_of_8_bits_are_exhaustively_those_of_the_spec() {
        for a in 0..=u8::MAX {
            check_bits(a);
            for b in 0..=u8::MAX {
                check_pair(a, b);
            }
        }
    }

    #[test]
    fn wider_integers_agree_with_unbounded_arithmetic() {
        let samples = samples::integers();
        for &a in &samples {
            check_bits(a);
            check_bits(a as u32);
            check_bits(a as u16);
            for &b in &samples {
                // 64 bits shifted by up to 63, and doubled, need more than i128.
                check_pair(a as u32, b as u32);
                check_pair(a as u16, b as u16);
            }
        }
    }

    #[test]
    fn integers_of_64_bits_agree_with_a_128_bit_computation() {
        let exact = Exact { bits: 64 };
        let samples = samples::integers();
        for (a, b) in samples.iter().flat_map(|a| samples.iter().map(move |b| (*a, *b))) {
            let (sa, sb) = (a as i64 as i128, b as i64 as i128);
            assert_eq!(iadd(a, b), exact.wrap(sa + sb));
            assert_eq!(isub(a, b), exact.wrap(sa - sb));
            assert_eq!(imul(a, b), (a as u128 * b as u128) as u64);
            if b != 0 {
                assert_eq!(idiv_u(a, b), Ok((a as u128 / b as u128) as u64));
                assert_eq!(irem_u(a, b), Ok((a as u128 % b as u128) as u64));
                assert_eq!(irem_s(a, b), Ok(exact.wrap(sa % sb)));
                let overflows = sa / sb > i64::MAX as i128;
                let quotient = Ok(exact.wrap(sa / sb)).filter_overflow(overflows);
                assert_eq!(idiv_s(a, b), quotient);
            }
            let distance = (b % 64) as u32;
            let doubled = a as u128 | (a as u128) << 64;
            assert_eq!(ishl(a, b), ((a as u128) << distance) as u64);
            assert_eq!(ishr_u(a, b), (a as u128 >> distance) as u64);
            assert_eq!(ishr_s(a, b), (sa >> distance) as u64);
            assert_eq!(irotl(a, b), (doubled >> (64 - distance)) as u64);
            assert_eq!(irotr(a, b), (doubled >> distance) as u64);
            assert_eq!((ilt_s(a, b), ige_s(a, b)), (sa < sb, sa >= sb));
        }
    }

    trait FilterOverflow {
        fn filter_overflow(self, overflows: bool) -> Self;
    }

    impl FilterOverflow for Result<u64, Trap> {
        fn filter_overflow(self, overflows: bool) -> Self {
            if overflows { Err(Trap::IntegerOverflow) } else { self }
        }
    }

    #[test]
    fn the_most_negative_number_divided_by_minus_one_overflows() {
        assert_eq!(idiv_s(1u32 << 31, u32::MAX), Err(Trap::IntegerOverflow));
        assert_eq!(idiv_s(1u64 << 63, u64::MAX), Err(Trap::IntegerOverflow));
        assert_eq!(irem_s(1u32 << 31, u32::MAX), Ok(0));
        assert_eq!(irem_s(1u64 << 63, u64::MAX), Ok(0));
        assert_eq!(idiv_s(1u64 << 31, u64::MAX), Ok((-(1i64 << 31)) as u64));
    }
}
