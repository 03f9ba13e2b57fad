//! Values that cross the border between harness and engine, bit-exact.

use std::fmt;
use std::str::FromStr;

/// The type of a value at the border (§ syntax/types, value types).
///
/// Written as the text format writes it: `i32`, `funcref`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
/// References are opaque: no engine's own representation is visible. Of a function
/// or an exception only its being non-null is; an external reference carries the
/// number that the harness put in. Structures and arrays are numbered, both
/// together, in the order in which they first appear in a list of values (results,
/// arguments of one host call), so that what is one object on one engine and two on
/// another differs: nothing else of identity can be seen from outside (§ valid,
/// `ref.eq` is of internal references alone).
///
/// Its serde form is that of `wast2json`, where every number is a decimal string
/// of the unsigned bits: `{"type":"f32","value":"1065353216"}`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// 32-bit integer.
    I32(i32),
    /// 64-bit integer.
    I64(i64),
    /// Bits of a 32-bit float.
    F32(u32),
    /// Bits of a 64-bit float.
    F64(u64),
    /// 128 bits, lane 0 in the least significant ones.
    V128(u128),
    /// The null reference of a kind.
    Null(RefKind),
    /// A non-null external reference made by the harness.
    Extern(u32),
    /// A non-null internal reference that was made of the harness's external one of
    /// this number (`any.convert_extern`).
    Host(u32),
    /// A reference to a 31-bit integer, without its sign: less than 2^31.
    I31(u32),
    /// A reference to a structure, by its number in the list of values.
    Struct(u32),
    /// A reference to an array, by its number in the list of values.
    Array(u32),
    /// A non-null reference of which nothing else can be seen.
    Opaque(RefKind),
}

impl ValueType {
    /// All of them.
    pub const ALL: &[ValueType] = &[
        ValueType::I32,
        ValueType::I64,
        ValueType::F32,
        ValueType::F64,
        ValueType::V128,
        ValueType::Ref(RefKind::Func),
        ValueType::Ref(RefKind::Extern),
        ValueType::Ref(RefKind::Any),
        ValueType::Ref(RefKind::Exn),
    ];

    /// The name in the text format.
    pub fn name(self) -> &'static str {
        match self {
            ValueType::I32 => "i32",
            ValueType::I64 => "i64",
            ValueType::F32 => "f32",
            ValueType::F64 => "f64",
            ValueType::V128 => "v128",
            ValueType::Ref(RefKind::Func) => "funcref",
            ValueType::Ref(RefKind::Extern) => "externref",
            ValueType::Ref(RefKind::Any) => "anyref",
            ValueType::Ref(RefKind::Exn) => "exnref",
        }
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ValueType {
    type Err = String;

    fn from_str(name: &str) -> Result<ValueType, String> {
        ValueType::ALL
            .iter()
            .copied()
            .find(|ty| ty.name() == name)
            .ok_or_else(|| format!("there is no value type named {name:?}"))
    }
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
            Value::Host(_) | Value::I31(_) | Value::Struct(_) | Value::Array(_) => {
                ValueType::Ref(RefKind::Any)
            }
        }
    }

    /// Whether only the engine that it came from could make this value: what the
    /// harness can hold, but not build.
    pub fn is_foreign(&self) -> bool {
        matches!(self, Value::Opaque(_) | Value::Struct(_) | Value::Array(_))
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
            Value::F32(bits) => write!(f, "f32:{}({bits:#010x})", Shortest(f32::from_bits(bits))),
            Value::F64(bits) => write!(f, "f64:{}({bits:#018x})", Shortest(f64::from_bits(bits))),
            Value::V128(bits) => write!(f, "v128:{bits:#034x}"),
            Value::Null(kind) => write!(f, "ref.null:{kind:?}"),
            Value::Extern(n) => write!(f, "ref.extern:{n}"),
            Value::Host(n) => write!(f, "ref.host:{n}"),
            Value::I31(n) => write!(f, "ref.i31:{n}"),
            Value::Struct(n) => write!(f, "ref.struct:#{n}"),
            Value::Array(n) => write!(f, "ref.array:#{n}"),
            Value::Opaque(kind) => write!(f, "ref:{kind:?}"),
        }
    }
}

/// A float in as few characters as its value needs: `-1`, `7.4e200`. In decimal
/// alone, the largest ones take hundreds of digits.
struct Shortest<T>(T);

impl<T: fmt::Display + fmt::Debug> fmt::Display for Shortest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scientific = format!("{:?}", self.0);
        f.write_str(scientific.strip_suffix(".0").unwrap_or(&scientific))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_of_any_size_are_written_in_few_characters() {
        let written = |float: f64| format!("{:?}", Value::F64(float.to_bits()));
        assert_eq!(written(-1.0), "f64:-1(0xbff0000000000000)");
        assert_eq!(written(0.5), "f64:0.5(0x3fe0000000000000)");
        assert_eq!(written(-0.0), "f64:-0(0x8000000000000000)");
        assert_eq!(written(f64::MAX), "f64:1.7976931348623157e308(0x7fefffffffffffff)");
        assert_eq!(written(f64::from_bits(1)), "f64:5e-324(0x0000000000000001)");
        assert_eq!(format!("{:?}", Value::F32(0x7f80_0000)), "f32:inf(0x7f800000)");
        assert_eq!(format!("{:?}", Value::F32(0xffc0_0001)), "f32:NaN(0xffc00001)");
    }
}
