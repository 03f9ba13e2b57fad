//! Integers of 128 bits in halves, the low one first (wide-arithmetic proposal).

/// An integer from its halves.
#[inline]
fn whole([low, high]: [u64; 2]) -> u128 {
    u128::from(low) | u128::from(high) << 64
}

/// The halves of an integer.
#[inline]
fn split(number: u128) -> [u64; 2] {
    [number as u64, (number >> 64) as u64]
}

/// `i64.add128`: the sum modulo 2^128.
#[inline]
pub(crate) fn add128(i1: [u64; 2], i2: [u64; 2]) -> [u64; 2] {
    split(whole(i1).wrapping_add(whole(i2)))
}

/// `i64.sub128`: the difference modulo 2^128.
#[inline]
pub(crate) fn sub128(i1: [u64; 2], i2: [u64; 2]) -> [u64; 2] {
    split(whole(i1).wrapping_sub(whole(i2)))
}

/// `i64.mul_wide_u`: the whole product of unsigned numbers.
#[inline]
pub(crate) fn mul_wide_u(i1: u64, i2: u64) -> [u64; 2] {
    split(u128::from(i1) * u128::from(i2))
}

/// `i64.mul_wide_s`: the whole product of signed numbers.
#[inline]
pub(crate) fn mul_wide_s(i1: u64, i2: u64) -> [u64; 2] {
    split((i128::from(i1 as i64) * i128::from(i2 as i64)) as u128)
}
