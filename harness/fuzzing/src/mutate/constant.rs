//! Mutates numbers towards those at which engines err: limits, powers of two, neighbours.

use crate::rng::Rng;

/// Another number near the old one, near a power of two, or anywhere.
pub(crate) fn i64(number: i64, rng: &mut Rng) -> i64 {
    match rng.below(6) {
        0 => number.wrapping_add(1),
        1 => number.wrapping_sub(1),
        2 => number ^ (1 << rng.below(64)),
        3 => (1i64 << rng.below(64)).wrapping_add(rng.below(3) as i64 - 1),
        4 => rng.below(3) as i64 - 1,
        _ => rng.u64() as i64,
    }
}

/// The same for 32 bits.
pub(crate) fn i32(number: i32, rng: &mut Rng) -> i32 {
    match rng.below(6) {
        0 => number.wrapping_add(1),
        1 => number.wrapping_sub(1),
        2 => number ^ (1 << rng.below(32)),
        3 => (1i32 << rng.below(32)).wrapping_add(rng.below(3) as i32 - 1),
        4 => rng.below(3) as i32 - 1,
        _ => rng.u64() as i32,
    }
}

/// Floats at which arithmetic and conversions change their minds.
const FLOATS: [f64; 16] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    2_147_483_647.0,
    2_147_483_648.0,
    -2_147_483_649.0,
    4_294_967_296.0,
    9_223_372_036_854_775_808.0,
    18_446_744_073_709_551_616.0,
    f64::MIN_POSITIVE,
    f64::MAX,
];

/// Bits of another float: a neighbour, a limit, one bit changed.
pub(crate) fn f64(bits: u64, rng: &mut Rng) -> u64 {
    match rng.below(4) {
        0 => bits.wrapping_add(1),
        1 => bits.wrapping_sub(1),
        2 => bits ^ (1 << rng.below(64)),
        _ => FLOATS[rng.below(FLOATS.len())].to_bits(),
    }
}

/// The same for 32 bits.
pub(crate) fn f32(bits: u32, rng: &mut Rng) -> u32 {
    match rng.below(4) {
        0 => bits.wrapping_add(1),
        1 => bits.wrapping_sub(1),
        2 => bits ^ (1 << rng.below(32)),
        _ => (FLOATS[rng.below(FLOATS.len())] as f32).to_bits(),
    }
}

/// One half changed as an integer or as a float.
pub(crate) fn v128(bits: u128, rng: &mut Rng) -> u128 {
    let shift = 64 * rng.below(2);
    let half = (bits >> shift) as u64;
    let mutated = if rng.one_in(2) { i64(half as i64, rng) as u64 } else { f64(half, rng) };
    (bits & !(u128::from(u64::MAX) << shift)) | (u128::from(mutated) << shift)
}
