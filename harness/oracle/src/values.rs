//! When two values count as equal.
//!
//! Bit for bit, except that any NaN stands for any other of its width: an
//! operation may give any of a set of NaNs (§ exec/numerics, NaN propagation).
//! That holds for the lanes of vectors too, but nobody can say which lanes of a
//! vector are floats: in a case that has operations on vectors of floats, any of
//! their NaNs stands for any other, be the lanes 32 or 64 bits wide; in other cases
//! vectors are compared bit for bit.

use gainsay_case::{Case, Exception, Value};

/// How the values of a case are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sameness {
    /// Whether vectors may hold floats.
    float_lanes: bool,
}

impl Sameness {
    /// What the case's modules let vectors hold.
    pub(crate) fn of(case: &Case) -> Sameness {
        Sameness { float_lanes: case.modules().any(|(_, bytes)| has_float_lanes(bytes)) }
    }

    /// Whether the values are equal up to the choice of NaN.
    pub(crate) fn same(self, left: &Value, right: &Value) -> bool {
        match (left, right) {
            (Value::V128(left), Value::V128(right)) if left != right => {
                self.float_lanes && (same_lanes32(*left, *right) || same_lanes64(*left, *right))
            }
            _ => left == right || (left.ty() == right.ty() && left.is_nan() && right.is_nan()),
        }
    }

    /// Whether both lists are equal up to the choice of NaN.
    pub(crate) fn same_all(self, left: &[Value], right: &[Value]) -> bool {
        left.len() == right.len()
            && left.iter().zip(right).all(|(left, right)| self.same(left, right))
    }

    /// Whether both exceptions are of one tag and have equal values. One of which an
    /// engine could say nothing is like any other.
    pub(crate) fn same_exception(
        self,
        left: &Option<Exception>,
        right: &Option<Exception>,
    ) -> bool {
        match (left, right) {
            (Some(left), Some(right)) => {
                left.tag == right.tag && self.same_all(&left.values, &right.values)
            }
            _ => true,
        }
    }
}

fn same_lanes32(left: u128, right: u128) -> bool {
    (0..4).all(|lane| {
        let (left, right) = ((left >> (32 * lane)) as u32, (right >> (32 * lane)) as u32);
        left == right || (f32::from_bits(left).is_nan() && f32::from_bits(right).is_nan())
    })
}

fn same_lanes64(left: u128, right: u128) -> bool {
    (0..2).all(|lane| {
        let (left, right) = ((left >> (64 * lane)) as u64, (right >> (64 * lane)) as u64);
        left == right || (f64::from_bits(left).is_nan() && f64::from_bits(right).is_nan())
    })
}

/// The first byte of vector instructions (§ binary/instructions, vector instructions).
const VECTOR_PREFIX: u8 = 0xfd;

/// Whether a binary may have an instruction that puts a float into a vector. Other
/// bytes that look like one make the comparison more lenient than it need be.
fn has_float_lanes(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|window| match *window {
        [VECTOR_PREFIX, low @ 0..0x80, _] => gives_float_lanes(u32::from(low)),
        [VECTOR_PREFIX, low, high] => {
            gives_float_lanes(u32::from(low & 0x7f) | u32::from(high & 0x7f) << 7)
        }
        _ => false,
    })
}

/// Splats, replaced lanes, conversions between floats, roundings, arithmetic, and the
/// relaxed operations of floats. What compares floats or makes integers of them gives none.
fn gives_float_lanes(opcode: u32) -> bool {
    matches!(
        opcode,
        0x13 | 0x14
            | 0x20
            | 0x22
            | 0x5e
            | 0x5f
            | 0x67..=0x6a
            | 0x74
            | 0x75
            | 0x7a
            | 0x94
            | 0xe0..=0xf7
            | 0x105..=0x108
            | 0x10d..=0x110
    )
}

/// The values as a person reads them.
pub(crate) fn describe(values: &[Value]) -> String {
    gainsay_case::words::values(values)
}

#[cfg(test)]
mod tests {
    use gainsay_case::{RefKind, Step};

    use super::*;

    const INTEGERS: Sameness = Sameness { float_lanes: false };
    const FLOATS: Sameness = Sameness { float_lanes: true };

    fn same(left: &Value, right: &Value) -> bool {
        INTEGERS.same(left, right)
    }

    #[test]
    fn any_nan_equals_any_nan_of_its_width() {
        assert!(same(&Value::F32(0x7fc0_0000), &Value::F32(0xffa0_0001)));
        assert!(same(&Value::F64(0x7ff8 << 48), &Value::F64((0xfff0 << 48) | 1)));
        assert!(!same(&Value::F32(0x7fc0_0000), &Value::F64(0x7ff8 << 48)));
    }

    #[test]
    fn an_infinity_is_not_a_nan() {
        assert!(!same(&Value::F32(0x7f80_0000), &Value::F32(0x7fc0_0000)));
    }

    #[test]
    fn the_two_zeros_differ() {
        assert!(!same(&Value::F64(0), &Value::F64(1 << 63)));
        assert!(!same(&Value::F32(0), &Value::F32(1 << 31)));
    }

    #[test]
    fn nulls_of_different_kinds_differ() {
        assert!(!same(&Value::Null(RefKind::Func), &Value::Null(RefKind::Extern)));
        assert!(!same(&Value::Null(RefKind::Func), &Value::Opaque(RefKind::Func)));
        assert!(!same(&Value::Extern(1), &Value::Extern(2)));
    }

    #[test]
    fn internal_references_differ_in_shape_number_and_identity() {
        let all = [Value::I31(0), Value::I31(1), Value::Struct(0), Value::Array(0)];
        let more = [Value::Struct(1), Value::Host(0), Value::Extern(0), Value::Null(RefKind::Any)];
        let all = [all, more].concat();
        for (index, left) in all.iter().enumerate() {
            for (other, right) in all.iter().enumerate() {
                assert_eq!(same(left, right), index == other, "{left:?} {right:?}");
            }
        }
    }

    #[test]
    fn lists_of_different_length_differ() {
        assert!(!INTEGERS.same_all(&[Value::I32(1)], &[Value::I32(1), Value::I32(1)]));
        assert!(!INTEGERS.same_all(&[], &[Value::I32(1)]));
    }

    #[test]
    fn nans_in_lanes_are_equal_where_there_are_floats() {
        let lanes = |high: u64, low: u64| Value::V128(u128::from(high) << 64 | u128::from(low));
        let narrow = (lanes(1, 0x7fc0_0000_0000_0005), lanes(1, 0xffc0_0001_0000_0005));
        let wide = (lanes(0x7ff8 << 48, 7), lanes((0xfff8 << 48) | 9, 7));
        for (left, right) in [narrow, wide] {
            assert!(FLOATS.same(&left, &right), "{left:?} {right:?}");
            assert!(!INTEGERS.same(&left, &right), "{left:?} {right:?}");
            assert!(INTEGERS.same(&left, &left));
        }
        // A NaN in one lane excuses no other lane.
        assert!(!FLOATS.same(&lanes(0x7ff8 << 48, 7), &lanes(0xfff8 << 48, 6)));
        // Three NaNs of 32 bits and a number that differs.
        assert!(!FLOATS.same(&lanes(0x7fc0_0000_7fc0_0000, 1), &lanes(0x7fc0_0001_7fc0_0000, 2)));
    }

    #[test]
    fn instructions_on_lanes_of_floats_are_found() {
        let case = |bytes: &[u8]| Case {
            steps: vec![Step::Define { module: "m".into(), bytes: bytes.into() }],
        };
        // f32x4.add, f64x2.splat, f64x2.relaxed_max
        for code in [&[0xfd, 0xe4, 0x01][..], &[0, 0xfd, 0x14, 0x0b], &[0xfd, 0x90, 0x02]] {
            assert_eq!(Sameness::of(&case(code)), FLOATS, "{code:x?}");
        }
        // i32x4.add, f32x4.eq, i8x16.relaxed_swizzle
        for code in [&[0xfd, 0xae, 0x01][..], &[0xfd, 0x41, 0x0b], &[0xfd, 0x80, 0x02]] {
            assert_eq!(Sameness::of(&case(code)), INTEGERS, "{code:x?}");
        }
    }

    #[test]
    fn exceptions_differ_in_tag_and_values() {
        let thrown = |tag: Option<&str>, value: Value| {
            Some(Exception { tag: tag.map(str::to_owned), values: vec![value] })
        };
        let one = thrown(Some("e"), Value::I32(1));
        assert!(INTEGERS.same_exception(&one, &one));
        assert!(INTEGERS.same_exception(&one, &None));
        assert!(!INTEGERS.same_exception(&one, &thrown(Some("e"), Value::I32(2))));
        assert!(!INTEGERS.same_exception(&one, &thrown(Some("f"), Value::I32(1))));
        assert!(!INTEGERS.same_exception(&one, &thrown(None, Value::I32(1))));
        let nan = |bits| thrown(None, Value::F32(bits));
        assert!(INTEGERS.same_exception(&nan(0x7fc0_0000), &nan(0x7fc0_0001)));
    }
}
