//! Mutates a value: another one of its type.

use gainsay_case::Value;

use super::constant;
use crate::rng::Rng;

/// Another value of the same type. References stay as they are.
pub(crate) fn mutate(value: Value, rng: &mut Rng) -> Value {
    match value {
        Value::I32(number) => Value::I32(constant::i32(number, rng)),
        Value::I64(number) => Value::I64(constant::i64(number, rng)),
        Value::F32(bits) => Value::F32(constant::f32(bits, rng)),
        Value::F64(bits) => Value::F64(constant::f64(bits, rng)),
        Value::V128(bits) => Value::V128(constant::v128(bits, rng)),
        reference => reference,
    }
}
