//! Operands for the numerics' tests: the edges, and pseudo-random ones.

/// Integers around every power of two, and some in between.
pub(crate) fn integers() -> Vec<u64> {
    let mut samples = vec![0];
    for bit in [0, 1, 7, 8, 15, 16, 23, 24, 30, 31, 32, 33, 47, 52, 53, 62, 63] {
        for delta in [-1i64, 0, 1] {
            let value = (1u64 << bit).wrapping_add_signed(delta);
            samples.extend([value, value.wrapping_neg()]);
        }
    }
    samples.extend(random(60));
    samples
}

/// Bits of 64-bit floats: zeros, subnormals, halves, the borders of the integer
/// types, infinities, NaNs with payloads, and pseudo-random bits.
pub(crate) fn floats64() -> Vec<u64> {
    let numbers = [
        0.0,
        5e-324,
        2.2250738585072014e-308,
        1e-300,
        0.25,
        0.49999999999999994,
        0.5,
        0.75,
        1.0,
        1.5,
        2.0,
        2.5,
        3.5,
        127.5,
        8388608.5,
        16777217.0,
        2147483646.5,
        2147483647.0,
        2147483647.5,
        2147483648.0,
        2147483648.5,
        2147483649.0,
        4294967294.5,
        4294967295.0,
        4294967295.5,
        4294967296.0,
        4503599627370495.5,
        4503599627370496.0,
        9007199254740993.0,
        9223372036854774784.0,
        9223372036854775808.0,
        9223372036854777856.0,
        18446744073709549568.0,
        18446744073709551616.0,
        3.4028235677973366e38,
        1e39,
        1.7976931348623157e308,
        f64::INFINITY,
    ];
    let nans = [0x7ff8_0000_0000_0000, 0x7ff0_0000_0000_0001, 0x7ffc_0000_dead_beef];
    let positive = numbers.into_iter().map(f64::to_bits).chain(nans);
    let mut samples: Vec<u64> = positive.flat_map(|bits| [bits, bits | 1 << 63]).collect();
    samples.extend(random(200));
    samples
}

/// Bits of 32-bit floats, alike.
pub(crate) fn floats32() -> Vec<u32> {
    let nans = [0x7fc0_0000, 0x7f80_0001, 0x7fe0_beef, 0xff80_0001];
    let rounded = floats64().into_iter().map(|bits| (f64::from_bits(bits) as f32).to_bits());
    rounded.chain(nans).chain(random(200).map(|bits| bits as u32)).collect()
}

/// Pseudo-random numbers, the same ones always (xorshift64).
pub(crate) fn random(count: usize) -> impl Iterator<Item = u64> {
    let step = |state: &u64| {
        let mut next = *state;
        next ^= next << 13;
        next ^= next >> 7;
        next ^= next << 17;
        Some(next)
    };
    std::iter::successors(Some(0x9e37_79b9_7f4a_7c15), step).skip(1).take(count)
}
