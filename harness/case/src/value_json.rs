//! The JSON form of values and their types, as `wast2json` writes them.
//!
//! | value | JSON |
//! |---|---|
//! | numbers | `{"type":"i64","value":"18446744073709551615"}`, the unsigned bits in decimal |
//! | vectors | `{"type":"v128","lane_type":"i32","value":["0","1","2","3"]}` |
//! | null | `{"type":"funcref","value":"null"}` |
//! | external reference | `{"type":"externref","value":"7"}` |
//! | external reference as an internal one | `{"type":"anyref","value":"7"}` |
//! | 31-bit integer | `{"type":"i31ref","value":"5"}`, without its sign |
//! | structure, array | `{"type":"structref","value":"0"}`, `arrayref`: its number in the list of values |
//! | opaque reference | `{"type":"funcref"}` |
//!
//! All numbers are strings because JavaScript's numbers have 53 bits. A reader
//! takes negative integers and any integer or float lane type too.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::value::{RefKind, Value, ValueType};

/// Types that are narrower than those of [`ValueType`].
const I31: &str = "i31ref";
const STRUCT: &str = "structref";
const ARRAY: &str = "arrayref";

impl Serialize for ValueType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for ValueType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ValueType, D::Error> {
        let Text(name) = Text::deserialize(deserializer)?;
        name.parse().map_err(D::Error::custom)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = match self {
            Value::Opaque(_) => 1,
            Value::V128(_) => 3,
            _ => 2,
        };
        let mut object = serializer.serialize_struct("Value", fields)?;
        match self {
            Value::I31(_) => object.serialize_field("type", I31)?,
            Value::Struct(_) => object.serialize_field("type", STRUCT)?,
            Value::Array(_) => object.serialize_field("type", ARRAY)?,
            _ => object.serialize_field("type", &self.ty())?,
        }
        match *self {
            Value::I32(number) => {
                object.serialize_field("value", &Decimal(number as u32 as u64))?
            }
            Value::I64(number) => object.serialize_field("value", &Decimal(number as u64))?,
            Value::F32(bits) => object.serialize_field("value", &Decimal(u64::from(bits)))?,
            Value::F64(bits) => object.serialize_field("value", &Decimal(bits))?,
            Value::Extern(number)
            | Value::Host(number)
            | Value::I31(number)
            | Value::Struct(number)
            | Value::Array(number) => {
                object.serialize_field("value", &Decimal(u64::from(number)))?
            }
            Value::Null(_) => object.serialize_field("value", "null")?,
            Value::V128(bits) => {
                object.serialize_field("lane_type", "i32")?;
                let lanes = [0, 32, 64, 96].map(|shift| Decimal((bits >> shift) as u32 as u64));
                object.serialize_field("value", &lanes)?;
            }
            Value::Opaque(_) => {}
        }
        object.end()
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        Object::deserialize(deserializer)?.value().map_err(D::Error::custom)
    }
}

/// A value as it stands in JSON, whatever the order of its fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Object<'a> {
    #[serde(borrow, rename = "type")]
    ty: Text<'a>,
    #[serde(borrow, default)]
    lane_type: Option<Text<'a>>,
    #[serde(borrow, default)]
    value: Option<Payload<'a>>,
}

impl Object<'_> {
    fn value(&self) -> Result<Value, String> {
        if let Some(value) = self.narrow() {
            return value;
        }
        let ty: ValueType = self.ty.0.parse()?;
        if ty == ValueType::V128 {
            return self.vector().map(Value::V128);
        }
        let text = match &self.value {
            Some(Payload::Text(text)) => text.0.as_ref(),
            Some(Payload::Lanes(_)) => return Err(format!("lanes in a value of type {ty}")),
            None => return opaque(ty),
        };
        let number = || text.parse().map_err(|error| format!("{text:?}: {error}"));
        match ty {
            ValueType::Ref(kind) if text == "null" => Ok(Value::Null(kind)),
            ValueType::Ref(RefKind::Extern) => number().map(Value::Extern),
            ValueType::Ref(RefKind::Any) => number().map(Value::Host),
            ValueType::Ref(_) => Err(format!("{text:?} is not a value of type {ty}")),
            ValueType::I32 => bits(text, 32).map(|bits| Value::I32(bits as u32 as i32)),
            ValueType::I64 => bits(text, 64).map(|bits| Value::I64(bits as i64)),
            ValueType::F32 => bits(text, 32).map(|bits| Value::F32(bits as u32)),
            ValueType::F64 => bits(text, 64).map(Value::F64),
            ValueType::V128 => self.vector().map(Value::V128),
        }
    }

    /// A value of one of the types that are narrower than those of [`ValueType`]. A
    /// number that is left out is the first.
    fn narrow(&self) -> Option<Result<Value, String>> {
        let make: fn(u32) -> Value = match self.ty.0.as_ref() {
            I31 => |number| Value::I31(number & 0x7fff_ffff),
            STRUCT => Value::Struct,
            ARRAY => Value::Array,
            _ => return None,
        };
        Some(match &self.value {
            None => Ok(make(0)),
            Some(Payload::Text(text)) if text.0 == "null" => Ok(Value::Null(RefKind::Any)),
            Some(Payload::Text(text)) => {
                text.0.parse().map(make).map_err(|error| format!("{:?}: {error}", text.0))
            }
            Some(Payload::Lanes(_)) => Err(format!("lanes in a value of type {}", self.ty.0)),
        })
    }

    fn vector(&self) -> Result<u128, String> {
        let Some(Payload::Lanes(lanes)) = &self.value else {
            return Err("the \"value\" of a v128 is an array of lanes".to_owned());
        };
        let lane_type = self.lane_type.as_ref().map_or("", |text| text.0.as_ref());
        let width = match lane_type {
            "i8" => 8,
            "i16" => 16,
            "i32" | "f32" => 32,
            "i64" | "f64" => 64,
            other => return Err(format!("{other:?} is not a lane type")),
        };
        if lanes.len() * width != 128 {
            return Err(format!("{} lanes of type {lane_type}", lanes.len()));
        }
        lanes.iter().rev().try_fold(0, |vector: u128, lane| {
            // A vector of 64-bit lanes is shifted by less than its own width.
            Ok(vector << width | u128::from(bits(&lane.0, width as u32)?))
        })
    }
}

fn opaque(ty: ValueType) -> Result<Value, String> {
    match ty {
        ValueType::Ref(kind) => Ok(Value::Opaque(kind)),
        ty => Err(format!("a value of type {ty} without a \"value\"")),
    }
}

/// The low `width` bits of a decimal number that fits them, signed or unsigned.
fn bits(text: &str, width: u32) -> Result<u64, String> {
    let spare = 64 - width;
    let bits = match text.parse::<u64>() {
        Ok(number) => Some(number).filter(|number| *number <= u64::MAX >> spare),
        Err(_) => {
            let number: i64 = text.parse().map_err(|error| format!("{text:?}: {error}"))?;
            let fits = number << spare >> spare == number;
            fits.then_some(number as u64 & (u64::MAX >> spare))
        }
    };
    bits.ok_or_else(|| format!("{text} does not fit {width} bits"))
}

/// A number as a decimal string.
struct Decimal(u64);

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A string, borrowed from the input where it has no escapes, also where it is
/// optional: serde borrows no other string there.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Text<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// The `value` of a number or reference, or of a vector.
enum Payload<'a> {
    Text(Text<'a>),
    Lanes(Vec<Text<'a>>),
}

impl<'de: 'a, 'a> Deserialize<'de> for Payload<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Payload<'a>, D::Error> {
        deserializer.deserialize_any(PayloadVisitor)
    }
}

struct PayloadVisitor;

impl<'de> Visitor<'de> for PayloadVisitor {
    type Value = Payload<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or an array of strings")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Payload<'de>, E> {
        Ok(Payload::Text(Text(Cow::Borrowed(text))))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Payload<'de>, E> {
        Ok(Payload::Text(Text(Cow::Owned(text.to_owned()))))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Payload<'de>, A::Error> {
        let mut lanes = Vec::new();
        while let Some(lane) = seq.next_element()? {
            if lanes.len() == 16 {
                return Err(A::Error::custom("a v128 has at most 16 lanes"));
            }
            lanes.push(lane);
        }
        Ok(Payload::Lanes(lanes))
    }
}
