//! What each choice makes of operands for which relaxed operations are open
//! (§ exec/numerics, relaxed operations), worked out by hand.

use gainsay_runtime::{
    Config, Module, NoHost, RelaxedChoice, RelaxedDot, RelaxedLaneselect, RelaxedMadd,
    RelaxedMinMax, RelaxedQ15mulr, RelaxedSwizzle, RelaxedTruncS, RelaxedTruncU, Store, Value,
};

/// The lanes of a vector of constants and operators, in the text format, under a choice.
fn lanes<const N: usize>(relaxed: RelaxedChoice, expression: &str) -> [u64; N] {
    let text = format!(r#"(module (func (export "run") (result v128) {expression}))"#);
    let config = Config { relaxed, ..Config::default() };
    let module = Module::new(&config, &wat::parse_str(&text).unwrap()).unwrap();
    let mut store = Store::new(&config);
    let instance = store.instantiate(&module, &[], &mut NoHost).unwrap();
    let results = store.invoke(instance.func("run").unwrap(), &[], &mut NoHost).unwrap();
    let [Value::V128(vector)] = results[..] else { panic!("{results:?}") };
    let bits = 128 / N;
    std::array::from_fn(|lane| (vector >> (bits * lane)) as u64 & u64::MAX >> (64 - bits))
}

/// An operator of constants, each given by its shape and lanes.
fn op(name: &str, operands: &[&str]) -> String {
    let operands: String = operands.iter().map(|lanes| format!("(v128.const {lanes})")).collect();
    format!("({name} {operands})")
}

const STRICT: RelaxedChoice = RelaxedChoice {
    madd: RelaxedMadd::Unfused,
    min: RelaxedMinMax::Strict,
    max: RelaxedMinMax::Strict,
    dot: RelaxedDot::Signed,
    q15mulr: RelaxedQ15mulr::Saturating,
    trunc_u: RelaxedTruncU::Saturating,
    trunc_s: RelaxedTruncS::Saturating,
    swizzle: RelaxedSwizzle::Zero,
    laneselect: RelaxedLaneselect::Bits,
};

#[test]
fn the_default_is_the_deterministic_profile() {
    assert_eq!(RelaxedChoice::default(), STRICT);
}

#[test]
fn a_product_is_rounded_before_the_sum_or_not() {
    // The square of 1 + 2^-12 is 1 + 2^-11 + 2^-24, whose last term f32 rounds off.
    let f32s = ["f32x4 0x1.001p0 0x1.001p0 1 2", "f32x4 0x1.001p0 0x1.001p0 1 3"];
    let f64s = ["f64x2 0x1.0000002p0 2", "f64x2 0x1.0000002p0 3"];
    for (madd, f32_bits, f64_bits) in [
        (RelaxedMadd::Unfused, 0, 0),
        (RelaxedMadd::Fused, 2.0_f32.powi(-24).to_bits(), 2.0_f64.powi(-54).to_bits()),
    ] {
        let choice = RelaxedChoice { madd, ..STRICT };
        let [a, b] = f32s;
        let found = lanes(choice, &op("f32x4.relaxed_madd", &[a, b, "f32x4 -0x1.002p0 0 0 1"]));
        assert_eq!(
            found,
            [f32_bits, 0x3f80_1000, 0x3f80_0000, 0x40e0_0000].map(u64::from),
            "{madd:?}"
        );
        let found = lanes(choice, &op("f32x4.relaxed_nmadd", &[a, b, "f32x4 0x1.002p0 0 0 1"]));
        let negated = if f32_bits == 0 { 0 } else { f32_bits | 1 << 31 };
        assert_eq!(
            found,
            [negated, 0xbf80_1000, 0xbf80_0000, 0xc0a0_0000].map(u64::from),
            "{madd:?}"
        );
        let [a, b] = f64s;
        let found = lanes(choice, &op("f64x2.relaxed_madd", &[a, b, "f64x2 -0x1.0000004p0 1"]));
        assert_eq!(found, [f64_bits, 7.0_f64.to_bits()], "{madd:?}");
        let found = lanes(choice, &op("f64x2.relaxed_nmadd", &[a, b, "f64x2 0x1.0000004p0 1"]));
        let negated = if f64_bits == 0 { 0 } else { f64_bits | 1 << 63 };
        assert_eq!(found, [negated, (-5.0_f64).to_bits()], "{madd:?}");
    }
}

#[test]
fn a_minimum_or_maximum_with_nan_or_zeros_is_as_chosen() {
    const NAN: u64 = 0x7fc0_0000;
    const GIVEN: u64 = 0x7fa0_0001;
    const MINUS: u64 = 0x8000_0000;
    const ONE: u64 = 0x3f80_0000;
    let f32s = ["f32x4 nan:0x200001 1 -0 0", "f32x4 1 nan:0x200001 0 -0"];
    let f64s = ["f64x2 nan:0x1 -0", "f64x2 nan:0x2 0"];
    let wide = [0x7ff8_0000_0000_0000, 0x7ff0_0000_0000_0001, 0x7ff0_0000_0000_0002, 1 << 63];
    let [wide_nan, wide_first, wide_second, wide_minus] = wide;
    for (choice, min, max, min_wide, max_wide) in [
        (
            RelaxedMinMax::Strict,
            [NAN, NAN, MINUS, MINUS],
            [NAN, NAN, 0, 0],
            [wide_nan, wide_minus],
            [wide_nan, 0],
        ),
        (
            RelaxedMinMax::First,
            [GIVEN, ONE, MINUS, 0],
            [GIVEN, ONE, MINUS, 0],
            [wide_first, wide_minus],
            [wide_first, wide_minus],
        ),
        (
            RelaxedMinMax::Second,
            [ONE, GIVEN, 0, MINUS],
            [ONE, GIVEN, 0, MINUS],
            [wide_second, 0],
            [wide_second, 0],
        ),
        (
            RelaxedMinMax::Number,
            [ONE, ONE, MINUS, MINUS],
            [ONE, ONE, 0, 0],
            [wide_second, wide_minus],
            [wide_second, 0],
        ),
    ] {
        let for_min = RelaxedChoice { min: choice, ..STRICT };
        let for_max = RelaxedChoice { max: choice, ..STRICT };
        assert_eq!(lanes(for_min, &op("f32x4.relaxed_min", &f32s)), min, "{choice:?}");
        assert_eq!(lanes(for_max, &op("f32x4.relaxed_max", &f32s)), max, "{choice:?}");
        assert_eq!(lanes(for_min, &op("f64x2.relaxed_min", &f64s)), min_wide, "{choice:?}");
        assert_eq!(lanes(for_max, &op("f64x2.relaxed_max", &f64s)), max_wide, "{choice:?}");
    }
    // Where nothing is open, no choice changes anything.
    for choice in RelaxedMinMax::ALL {
        let choice = RelaxedChoice { min: *choice, max: *choice, ..STRICT };
        let operands = ["f64x2 1 -0", "f64x2 2 3"];
        let [one, minus] = lanes(choice, &op("f64x2.relaxed_min", &operands));
        assert_eq!([one, minus], [1.0_f64.to_bits(), wide_minus]);
        let two_and_three = lanes(choice, &op("f64x2.relaxed_max", &operands));
        assert_eq!(two_and_three, [2.0_f64.to_bits(), 3.0_f64.to_bits()]);
    }
}

#[test]
fn dot_products_read_the_second_operand_and_sum_as_chosen() {
    let signed = "i64x2 0x8080808080808080 0x8080808080808080";
    let open = "i64x2 0x8080808080808080 0xffffffffffffffff";
    let one = "i32x4 1 1 1 1";
    for (dot, halves, words) in [
        (RelaxedDot::Signed, [32767, 256], [65535, 513]),
        (RelaxedDot::Unsigned, [-32768, -32768], [-65535, -65535]),
        (RelaxedDot::UnsignedExact, [-32768, 256], [-65535, -130559]),
    ] {
        let choice = RelaxedChoice { dot, ..STRICT };
        let found: [u64; 8] =
            lanes(choice, &op("i16x8.relaxed_dot_i8x16_i7x16_s", &[signed, open]));
        assert_eq!(found.map(|lane| lane as i16), [[halves[0]; 4], [halves[1]; 4]].concat()[..]);
        let operands = [signed, open, one];
        let found: [u64; 4] = lanes(choice, &op("i32x4.relaxed_dot_i8x16_i7x16_add_s", &operands));
        assert_eq!(found.map(|lane| lane as i32), [words[0], words[0], words[1], words[1]]);
    }
    // Bytes of 7 bits in the second operand leave nothing open.
    for dot in RelaxedDot::ALL {
        let choice = RelaxedChoice { dot: *dot, ..STRICT };
        let operands = [signed, "i64x2 0x7f7f7f7f7f7f7f7f 0x0101010101010101"];
        let found: [u64; 8] = lanes(choice, &op("i16x8.relaxed_dot_i8x16_i7x16_s", &operands));
        assert_eq!(found.map(|lane| lane as i16), [[-32512; 4], [-256; 4]].concat()[..]);
    }
}

#[test]
fn the_product_of_the_least_fractions_saturates_or_wraps() {
    for (q15mulr, least) in
        [(RelaxedQ15mulr::Saturating, 32767), (RelaxedQ15mulr::Wrapping, 0x8000)]
    {
        let choice = RelaxedChoice { q15mulr, ..STRICT };
        let operands =
            ["i16x8 -32768 -32768 16384 -1 0 0 0 0", "i16x8 -32768 16384 16384 1 0 0 0 0"];
        let found = lanes(choice, &op("i16x8.relaxed_q15mulr_s", &operands));
        assert_eq!(found, [least, 0xc000, 8192, 0, 0, 0, 0, 0], "{q15mulr:?}");
    }
}

#[test]
fn out_of_range_values_convert_as_chosen() {
    const MOST: u64 = u32::MAX as u64;
    const SIGN: u64 = 1 << 31;
    for (trunc_u, [nan, below, above]) in [
        (RelaxedTruncU::Saturating, [0, 0, MOST]),
        (RelaxedTruncU::Most, [MOST; 3]),
        (RelaxedTruncU::MostButOne, [MOST - 1; 3]),
        (RelaxedTruncU::SignBit, [SIGN; 3]),
    ] {
        let choice = RelaxedChoice { trunc_u, ..STRICT };
        let found = lanes(choice, &op("i32x4.relaxed_trunc_f32x4_u", &["f32x4 nan -1 0x1p32 3.7"]));
        assert_eq!(found, [nan, below, above, 3], "{trunc_u:?}");
        let found = lanes(choice, &op("i32x4.relaxed_trunc_f64x2_u_zero", &["f64x2 0x1p32 -0.9"]));
        assert_eq!(found, [above, 0, 0, 0], "{trunc_u:?}");
    }
    for (trunc_s, [nan, below, above]) in
        [(RelaxedTruncS::Saturating, [0, SIGN, SIGN - 1]), (RelaxedTruncS::SignBit, [SIGN; 3])]
    {
        let choice = RelaxedChoice { trunc_s, ..STRICT };
        let operand = "f32x4 nan -0x1.000002p31 0x1p31 -3.7";
        let found = lanes(choice, &op("i32x4.relaxed_trunc_f32x4_s", &[operand]));
        assert_eq!(found, [nan, below, above, MOST - 2], "{trunc_s:?}");
        let found = lanes(choice, &op("i32x4.relaxed_trunc_f64x2_s_zero", &["f64x2 nan 0x1p31"]));
        assert_eq!(found, [nan, above, 0, 0], "{trunc_s:?}");
    }
}

#[test]
fn lanes_that_a_swizzle_does_not_have_are_zero_or_counted_around() {
    let bytes = "i8x16 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25";
    let indices = "i8x16 0 15 16 17 31 32 127 128 143 255 1 2 3 4 5 6";
    for (swizzle, open) in
        [(RelaxedSwizzle::Zero, [0; 5]), (RelaxedSwizzle::Modulo, [10, 11, 25, 10, 25])]
    {
        let choice = RelaxedChoice { swizzle, ..STRICT };
        let found: [u64; 16] = lanes(choice, &op("i8x16.relaxed_swizzle", &[bytes, indices]));
        assert_eq!(found[..2], [10, 25]);
        assert_eq!(found[2..7], open, "{swizzle:?}");
        assert_eq!(found[7..], [0, 0, 0, 11, 12, 13, 14, 15, 16]);
    }
}

/// The selection of ones or zeros by one mask for lanes of a width.
fn select<const N: usize>(laneselect: RelaxedLaneselect, shape: &str, mask: u64) -> [u64; N] {
    let mask = format!("i64x2 {mask:#x} 0");
    let operands = ["i64x2 -1 -1", "i64x2 0 0", &mask];
    lanes(
        RelaxedChoice { laneselect, ..STRICT },
        &op(&format!("{shape}.relaxed_laneselect"), &operands),
    )
}

#[test]
fn a_mask_selects_bits_or_lanes() {
    use RelaxedLaneselect::{Bits, HighestBit};
    let mut bytes = [0; 16];
    bytes[..3].copy_from_slice(&[0x80, 0x7f, 0xc0]);
    assert_eq!(select(Bits, "i8x16", 0xc0_7f80), bytes);
    bytes[..3].copy_from_slice(&[0xff, 0, 0xff]);
    assert_eq!(select(HighestBit, "i8x16", 0xc0_7f80), bytes);
    assert_eq!(select(Bits, "i16x8", 0x7fff_8001), [0x8001, 0x7fff, 0, 0, 0, 0, 0, 0]);
    assert_eq!(select(HighestBit, "i16x8", 0x7fff_8001), [0xffff, 0, 0, 0, 0, 0, 0, 0]);
    let mask = 0x7fff_ffff_8000_0001;
    assert_eq!(select(Bits, "i32x4", mask), [0x8000_0001, 0x7fff_ffff, 0, 0]);
    assert_eq!(select(HighestBit, "i32x4", mask), [0xffff_ffff, 0, 0, 0]);
    assert_eq!(select(Bits, "i64x2", mask), [mask, 0]);
    assert_eq!(select(HighestBit, "i64x2", mask), [0, 0]);
    assert_eq!(select(HighestBit, "i64x2", 1 << 63), [u64::MAX, 0]);
}
