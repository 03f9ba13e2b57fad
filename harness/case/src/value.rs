//! Values that cross the border between harness and engine, bit-exact.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The type of a value at the border (§ syntax/types, value types).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit IEEE 754 float.
    F32,
    /// 64-bit IEEE 754 float.
    F64,
    /// 128-bit vector.
    V128,
    /// A reference, of the kind given.
    Ref(RefKind),
}

/// The heap type of a reference as far as the harness tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RefKind {
    /// `func` and its subtypes.
    Func,
    /// `extern` and its subtypes.
    Extern,
    /// `any` and its subtypes (structs, arrays, i31).
    Any,
    /// `exn`.
    Exn,
}

/// A value, held as bits: two values are equal iff their bits are.
///
/// References are opaque. Of a function only its being non-null is visible; an
/// external reference carries the number that the harness put in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "type", content = "value")]
pub enum Value {
    /// 32-bit integer.
    I32(i32),
    /// 64-bit integer.
    I64(i64),
    /// Bits of a 32-bit float.
    F32(u32),
    /// Bits of a 64-bit float.
    F64(u64),
    /// 128 bits, lane 0 in the least significant ones; in JSON as 32 hexadecimal digits.
    V128(#[serde(with = "hex128")] u128),
    /// The null reference of a kind.
    Null(RefKind),
    /// A non-null external reference made by the harness.
    Extern(u32),
    /// A non-null reference whose identity the harness cannot see.
    Opaque(RefKind),
}

impl Value {
    /// The type of this value.
    pub fn ty(&self) -> ValueType {
        match self {
            Value::I32(_) => ValueType::I32,
            Value::I64(_) => ValueType::I64,
            Value::F32(_) => ValueType::F32,
            Value::F64(_) => ValueType::F64,
            Value::V128(_) => ValueType::V128,
            Value::Null(kind) | Value::Opaque(kind) => ValueType::Ref(*kind),
            Value::Extern(_) => ValueType::Ref(RefKind::Extern),
        }
    }

    /// Whether this is a NaN of either width.
    pub fn is_nan(&self) -> bool {
        match *self {
            Value::F32(bits) => f32::from_bits(bits).is_nan(),
            Value::F64(bits) => f64::from_bits(bits).is_nan(),
            _ => false,
        }
    }

    /// The zero of a numeric type, the null of a reference type.
    pub fn default_of(ty: ValueType) -> Value {
        match ty {
            ValueType::I32 => Value::I32(0),
            ValueType::I64 => Value::I64(0),
            ValueType::F32 => Value::F32(0),
            ValueType::F64 => Value::F64(0),
            ValueType::V128 => Value::V128(0),
            ValueType::Ref(kind) => Value::Null(kind),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Value::I32(v) => write!(f, "i32:{v}"),
            Value::I64(v) => write!(f, "i64:{v}"),
            Value::F32(bits) => write!(f, "f32:{}({bits:#010x})", f32::from_bits(bits)),
            Value::F64(bits) => write!(f, "f64:{}({bits:#018x})", f64::from_bits(bits)),
            Value::V128(bits) => write!(f, "v128:{bits:#034x}"),
            Value::Null(kind) => write!(f, "ref.null:{kind:?}"),
            Value::Extern(n) => write!(f, "ref.extern:{n}"),
            Value::Opaque(kind) => write!(f, "ref:{kind:?}"),
        }
    }
}

mod hex128 {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bits: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{bits:032x}"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
        let digits = String::deserialize(deserializer)?;
        u128::from_str_radix(&digits, 16).map_err(D::Error::custom)
    }
}
