//! When two values count as equal.
//!
//! Bit for bit, except that any NaN stands for any other of its width: an
//! operation may give any of a set of NaNs (§ exec/numerics, NaN propagation).
//! Vectors are compared bit for bit, since nobody can say which of their lanes
//! are floats; generated code makes the NaNs in them canonical.

use gainsay_case::Value;

/// Whether the values are equal up to the choice of NaN.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    left == right || (left.ty() == right.ty() && left.is_nan() && right.is_nan())
}

/// Whether both lists are equal up to the choice of NaN.
pub(crate) fn same_all(left: &[Value], right: &[Value]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
}

/// The values as a person reads them.
pub(crate) fn describe(values: &[Value]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
    values.join(" ")
}

#[cfg(test)]
mod tests {
    use gainsay_case::RefKind;

    use super::*;

    #[test]
    fn any_nan_equals_any_nan_of_its_width() {
        assert!(same(&Value::F32(0x7fc0_0000), &Value::F32(0xffa0_0001)));
        assert!(same(&Value::F64(0x7ff8 << 48), &Value::F64((0xfff0 << 48) | 1)));
        assert!(!same(&Value::F32(0x7fc0_0000), &Value::F64(0x7ff8 << 48)));
    }

    #[test]
    fn an_infinity_is_no_nan() {
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
    fn lists_of_different_length_differ() {
        assert!(!same_all(&[Value::I32(1)], &[Value::I32(1), Value::I32(1)]));
        assert!(!same_all(&[], &[Value::I32(1)]));
    }
}
