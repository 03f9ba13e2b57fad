//! What a script says about one result.

use std::fmt;

use wast::core::{NanPattern, V128Pattern, WastRetCore};

use super::constant::{constant, heap_type, ref_kind};
use crate::value::{RefKind, Value, ValueType};

/// A set of values, as `assert_return` states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// This value, bit for bit.
    Exact(Value),
    /// Some 32-bit NaN.
    Nan32(NanClass),
    /// Some 64-bit NaN.
    Nan64(NanClass),
    /// A vector with NaNs among its lanes: four of 32 bits.
    F32x4([Lane; 4]),
    /// A vector with NaNs among its lanes: two of 64 bits.
    F64x2([Lane; 2]),
    /// A null reference of whatever type.
    AnyNull,
    /// A reference of this kind that is not null.
    NonNull(RefKind),
    /// An internal reference to something of this shape.
    Shape(Shape),
    /// One of several.
    Either(Vec<Pattern>),
}

/// What an internal reference refers to, as far as a script says (§ syntax/types,
/// heap types).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One of the others.
    Eq,
    /// A 31-bit integer.
    I31,
    /// A structure.
    Struct,
    /// An array.
    Array,
}

impl Shape {
    fn admits(self, value: Value) -> bool {
        match value {
            Value::I31(_) => matches!(self, Shape::Eq | Shape::I31),
            Value::Struct(_) => matches!(self, Shape::Eq | Shape::Struct),
            Value::Array(_) => matches!(self, Shape::Eq | Shape::Array),
            // Of an engine that cannot tell.
            value => value == Value::Opaque(RefKind::Any),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Shape::Eq => "eq",
            Shape::I31 => "i31",
            Shape::Struct => "struct",
            Shape::Array => "array",
        }
    }
}

/// One lane of a vector of floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// These bits.
    Bits(u64),
    /// Some NaN.
    Nan(NanClass),
}

/// A set of NaNs (§ syntax/values, floating-point).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NanClass {
    /// Only the top bit of the payload is set.
    Canonical,
    /// At least the top bit of the payload is set.
    Arithmetic,
}

impl NanClass {
    fn admits32(self, bits: u32) -> bool {
        match self {
            NanClass::Canonical => bits & 0x7fff_ffff == 0x7fc0_0000,
            NanClass::Arithmetic => bits & 0x7fc0_0000 == 0x7fc0_0000,
        }
    }

    fn admits64(self, bits: u64) -> bool {
        match self {
            NanClass::Canonical => bits & !(1 << 63) == 0x7ff8 << 48,
            NanClass::Arithmetic => bits & 0x7ff8 << 48 == 0x7ff8 << 48,
        }
    }

    fn text(self) -> &'static str {
        match self {
            NanClass::Canonical => "nan:canonical",
            NanClass::Arithmetic => "nan:arithmetic",
        }
    }
}

impl Pattern {
    /// What a script should expect where a correct engine gave `value`; `None`
    /// if a script cannot say it.
    ///
    /// A quiet NaN may be any arithmetic one (§ exec/numerics, NaN propagation);
    /// no arithmetic makes a signalling one, so its bits are stated.
    pub fn of(value: Value) -> Option<Pattern> {
        match value {
            Value::F32(bits) if NanClass::Arithmetic.admits32(bits) => {
                Some(Pattern::Nan32(NanClass::Arithmetic))
            }
            Value::F64(bits) if NanClass::Arithmetic.admits64(bits) => {
                Some(Pattern::Nan64(NanClass::Arithmetic))
            }
            // The suite's scripts have no pattern for exceptions.
            Value::Opaque(RefKind::Exn) => None,
            Value::Opaque(kind) => Some(Pattern::NonNull(kind)),
            Value::I31(_) => Some(Pattern::Shape(Shape::I31)),
            Value::Struct(_) => Some(Pattern::Shape(Shape::Struct)),
            Value::Array(_) => Some(Pattern::Shape(Shape::Array)),
            value => Some(Pattern::Exact(value)),
        }
    }

    /// Whether the value is in the set.
    pub fn admits(&self, value: &Value) -> bool {
        match (self, *value) {
            (Pattern::Exact(expected), value) => *expected == value,
            (Pattern::Nan32(class), Value::F32(bits)) => class.admits32(bits),
            (Pattern::Nan64(class), Value::F64(bits)) => class.admits64(bits),
            (Pattern::F32x4(lanes), Value::V128(vector)) => {
                lanes.iter().enumerate().all(|(index, lane)| match lane {
                    Lane::Bits(bits) => *bits == u64::from((vector >> (32 * index)) as u32),
                    Lane::Nan(class) => class.admits32((vector >> (32 * index)) as u32),
                })
            }
            (Pattern::F64x2(lanes), Value::V128(vector)) => {
                lanes.iter().enumerate().all(|(index, lane)| match lane {
                    Lane::Bits(bits) => *bits == (vector >> (64 * index)) as u64,
                    Lane::Nan(class) => class.admits64((vector >> (64 * index)) as u64),
                })
            }
            (Pattern::AnyNull, Value::Null(_)) => true,
            (Pattern::NonNull(kind), value) => {
                value.ty() == ValueType::Ref(*kind) && !matches!(value, Value::Null(_))
            }
            (Pattern::Shape(shape), value) => shape.admits(value),
            (Pattern::Either(patterns), value) => {
                patterns.iter().any(|pattern| pattern.admits(&value))
            }
            _ => false,
        }
    }

    /// The pattern that a script states.
    pub fn from_wast(result: &WastRetCore<'_>) -> Pattern {
        match result {
            WastRetCore::I32(number) => Pattern::Exact(Value::I32(*number)),
            WastRetCore::I64(number) => Pattern::Exact(Value::I64(*number)),
            WastRetCore::F32(float) => match lane(float, |float| u64::from(float.bits)) {
                Lane::Bits(bits) => Pattern::Exact(Value::F32(bits as u32)),
                Lane::Nan(class) => Pattern::Nan32(class),
            },
            WastRetCore::F64(float) => match lane(float, |float| float.bits) {
                Lane::Bits(bits) => Pattern::Exact(Value::F64(bits)),
                Lane::Nan(class) => Pattern::Nan64(class),
            },
            WastRetCore::V128(vector) => vector_pattern(vector),
            WastRetCore::RefNull(heap) => match heap.as_ref().and_then(ref_kind) {
                Some(kind) => Pattern::Exact(Value::Null(kind)),
                None => Pattern::AnyNull,
            },
            WastRetCore::RefExtern(Some(number)) => Pattern::Exact(Value::Extern(*number)),
            WastRetCore::RefExtern(None) => Pattern::NonNull(RefKind::Extern),
            WastRetCore::RefFunc(_) => Pattern::NonNull(RefKind::Func),
            WastRetCore::RefHost(number) => Pattern::Exact(Value::Host(*number)),
            WastRetCore::RefAny => Pattern::NonNull(RefKind::Any),
            WastRetCore::RefEq => Pattern::Shape(Shape::Eq),
            WastRetCore::RefArray => Pattern::Shape(Shape::Array),
            WastRetCore::RefStruct => Pattern::Shape(Shape::Struct),
            WastRetCore::RefI31 | WastRetCore::RefI31Shared => Pattern::Shape(Shape::I31),
            WastRetCore::Either(results) => {
                Pattern::Either(results.iter().map(Pattern::from_wast).collect())
            }
        }
    }
}

fn lane<T>(float: &NanPattern<T>, bits: impl Fn(&T) -> u64) -> Lane {
    match float {
        NanPattern::CanonicalNan => Lane::Nan(NanClass::Canonical),
        NanPattern::ArithmeticNan => Lane::Nan(NanClass::Arithmetic),
        NanPattern::Value(value) => Lane::Bits(bits(value)),
    }
}

fn vector_pattern(vector: &V128Pattern) -> Pattern {
    let exact = |lanes: &mut dyn DoubleEndedIterator<Item = u64>, width: u32| {
        let bits = lanes.rev().fold(0, |bits: u128, lane| bits << width | u128::from(lane));
        Pattern::Exact(Value::V128(bits))
    };
    let bits = |lane: Lane| match lane {
        Lane::Bits(bits) => Some(bits),
        Lane::Nan(_) => None,
    };
    match vector {
        V128Pattern::I8x16(lanes) => exact(&mut lanes.iter().map(|&lane| lane as u8 as u64), 8),
        V128Pattern::I16x8(lanes) => exact(&mut lanes.iter().map(|&lane| lane as u16 as u64), 16),
        V128Pattern::I32x4(lanes) => exact(&mut lanes.iter().map(|&lane| lane as u32 as u64), 32),
        V128Pattern::I64x2(lanes) => exact(&mut lanes.iter().map(|&lane| lane as u64), 64),
        V128Pattern::F32x4(lanes) => {
            let lanes = lanes.each_ref().map(|float| lane(float, |float| u64::from(float.bits)));
            match lanes.map(bits) {
                [Some(a), Some(b), Some(c), Some(d)] => exact(&mut [a, b, c, d].into_iter(), 32),
                _ => Pattern::F32x4(lanes),
            }
        }
        V128Pattern::F64x2(lanes) => {
            let lanes = lanes.each_ref().map(|float| lane(float, |float| float.bits));
            match lanes.map(bits) {
                [Some(a), Some(b)] => exact(&mut [a, b].into_iter(), 64),
                _ => Pattern::F64x2(lanes),
            }
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lanes = |lanes: &[Lane], float: fn(u64) -> String| {
            let text = lanes.iter().map(|lane| match lane {
                Lane::Bits(bits) => float(*bits),
                Lane::Nan(class) => class.text().to_owned(),
            });
            text.collect::<Vec<_>>().join(" ")
        };
        match self {
            Pattern::Exact(value) => f.write_str(&constant(*value)),
            Pattern::Nan32(class) => write!(f, "(f32.const {})", class.text()),
            Pattern::Nan64(class) => write!(f, "(f64.const {})", class.text()),
            Pattern::F32x4(vector) => {
                let float = |bits| super::constant::float32(bits as u32);
                write!(f, "(v128.const f32x4 {})", lanes(vector, float))
            }
            Pattern::F64x2(vector) => {
                write!(f, "(v128.const f64x2 {})", lanes(vector, super::constant::float64))
            }
            Pattern::AnyNull => f.write_str("(ref.null)"),
            Pattern::NonNull(kind) => write!(f, "(ref.{})", heap_type(*kind)),
            Pattern::Shape(shape) => write!(f, "(ref.{})", shape.name()),
            Pattern::Either(patterns) => {
                f.write_str("(either")?;
                for pattern in patterns {
                    write!(f, " {pattern}")?;
                }
                f.write_str(")")
            }
        }
    }
}
