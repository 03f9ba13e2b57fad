//! Values as people write and read them.

use crate::value::{RefKind, Value, ValueType};
use wast::core::{AbstractHeapType, HeapType, WastArgCore};
use wast::parser::{self, ParseBuffer};

/// Read an argument of type `ty`: any literal of the text format (§ text/values),
/// with references as `null` or, for `externref` and `anyref`, the number of an
/// external reference. A vector is also `v128:0x…`, all of its bits as one number, or
/// `i32x4:1,2,3,4`, which no shell takes apart.
///
/// # Errors
/// Why the text is no value of that type.
pub fn parse(ty: ValueType, text: &str) -> Result<Value, String> {
    let refuse = || format!("{text:?} is not a value of type {ty}");
    if ty == ValueType::V128 {
        if let Some(bits) = text.strip_prefix("v128:0x") {
            let bits = u128::from_str_radix(&bits.replace('_', ""), 16);
            return bits.map(Value::V128).map_err(|_| refuse());
        }
        // Shapes have an `x` in them, and a colon may stand in a NaN too.
        if let Some((shape, lanes)) = text.split_once(':')
            && SHAPES.contains(&shape)
        {
            return parse(ty, &format!("{shape} {}", lanes.replace(',', " ")));
        }
    }
    // One argument must stay one literal, or the parser would see other tokens.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "+-._: ".contains(c);
    if text.is_empty() || !text.chars().all(is_plain) {
        return Err(refuse());
    }
    let source = match ty {
        ValueType::Ref(kind) if text == "null" => return Ok(Value::Null(kind)),
        ValueType::Ref(RefKind::Extern) => format!("ref.extern {text}"),
        ValueType::Ref(RefKind::Any) => format!("ref.host {text}"),
        ValueType::Ref(_) => return Err(refuse()),
        number => format!("{number}.const {text}"),
    };
    let buffer = ParseBuffer::new(&source).map_err(|_| refuse())?;
    let literal = parser::parse::<WastArgCore<'_>>(&buffer).map_err(|_| refuse())?;
    match literal {
        WastArgCore::I32(number) => Ok(Value::I32(number)),
        WastArgCore::I64(number) => Ok(Value::I64(number)),
        WastArgCore::F32(number) => Ok(Value::F32(number.bits)),
        WastArgCore::F64(number) => Ok(Value::F64(number.bits)),
        WastArgCore::V128(vector) => Ok(Value::V128(u128::from_le_bytes(vector.to_le_bytes()))),
        WastArgCore::RefExtern(number) => Ok(Value::Extern(number)),
        WastArgCore::RefHost(number) => Ok(Value::Host(number)),
        WastArgCore::RefNull(HeapType::Abstract { ty: AbstractHeapType::Extern, .. }) => {
            Ok(Value::Null(RefKind::Extern))
        }
        _ => Err(refuse()),
    }
}

/// § text/instructions, shapes of vectors.
const SHAPES: [&str; 6] = ["i8x16", "i16x8", "i32x4", "i64x2", "f32x4", "f64x2"];

/// Write a value so that [`parse`] reads it back, as far as it can be written.
pub fn text(value: Value) -> String {
    match value {
        Value::I32(number) => number.to_string(),
        Value::I64(number) => number.to_string(),
        Value::F32(bits) => {
            let number = f32::from_bits(bits);
            if number.is_nan() {
                return nan(number.is_sign_negative(), u64::from(bits & 0x7f_ffff));
            }
            format!("{number:?}")
        }
        Value::F64(bits) => {
            let number = f64::from_bits(bits);
            if number.is_nan() {
                return nan(number.is_sign_negative(), bits & 0xf_ffff_ffff_ffff);
            }
            format!("{number:?}")
        }
        Value::V128(bits) => {
            let lanes = [0, 32, 64, 96].map(|shift| format!("{:#010x}", (bits >> shift) as u32));
            format!("i32x4:{}", lanes.join(","))
        }
        Value::Null(_) => "null".to_owned(),
        Value::Extern(number) | Value::Host(number) => number.to_string(),
        Value::I31(number) => format!("ref.i31 {number}"),
        Value::Struct(number) => format!("ref.struct #{number}"),
        Value::Array(number) => format!("ref.array #{number}"),
        Value::Opaque(kind) => format!("ref.{}", kind_name(kind)),
    }
}

/// § text/values, floating point: `nan:0x` and the payload.
fn nan(negative: bool, payload: u64) -> String {
    format!("{}nan:{payload:#x}", if negative { "-" } else { "" })
}

fn kind_name(kind: RefKind) -> &'static str {
    match kind {
        RefKind::Func => "func",
        RefKind::Extern => "extern",
        RefKind::Any => "any",
        RefKind::Exn => "exn",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(value: Value) {
        assert_eq!(parse(value.ty(), &text(value)), Ok(value));
    }

    #[test]
    fn values_survive_their_text_form() {
        for bits in [0, 1, 0x8000_0000, 0x7f80_0000, 0xff80_0000, 0x7fc0_0000, 0xff80_0001] {
            round_trip(Value::F32(bits));
            round_trip(Value::I32(bits as i32));
        }
        for bits in [0, 1, 1 << 63, 0x7ff0 << 48, 0xfff0 << 48, (0x7ff8 << 48) + 5, 0x3fb9_9999] {
            round_trip(Value::F64(bits));
            round_trip(Value::I64(bits as i64));
        }
        round_trip(Value::V128(0x0f0e_0d0c_0b0a_0908_0706_0504_0302_0100));
        round_trip(Value::Null(RefKind::Func));
        round_trip(Value::Extern(7));
        round_trip(Value::Host(7));
    }

    #[test]
    fn vectors_are_read_in_one_word_too() {
        let vector = |text: &str| parse(ValueType::V128, text);
        let bits = 0x0000_0004_0000_0003_0000_0002_0000_0001;
        assert_eq!(vector("i32x4:1,2,3,4"), Ok(Value::V128(bits)));
        assert_eq!(vector("i32x4 1 2 3 4"), Ok(Value::V128(bits)));
        assert_eq!(vector("v128:0x4_00000003_00000002_00000001"), Ok(Value::V128(bits)));
        let nan = Value::V128(0x7ff8_0000_0000_0001 << 64);
        assert_eq!(vector("f64x2:0,nan:0x8000000000001"), Ok(nan));
        for text in ["i32x4:1,2,3", "i32x5:1", "v128:0x", "v128:1", "i32x4:1,2,3,x", "7"] {
            assert!(vector(text).is_err(), "{text}");
        }
    }

    #[test]
    fn literals_of_the_text_format_are_read() {
        assert_eq!(parse(ValueType::I32, "-1"), Ok(Value::I32(-1)));
        assert_eq!(parse(ValueType::I32, "0xffff_ffff"), Ok(Value::I32(-1)));
        assert_eq!(parse(ValueType::F32, "0x1p-1"), Ok(Value::F32(0.5f32.to_bits())));
        assert_eq!(parse(ValueType::F64, "-inf"), Ok(Value::F64(f64::NEG_INFINITY.to_bits())));
        assert_eq!(parse(ValueType::F32, "nan:0x200000"), Ok(Value::F32(0x7fa0_0000)));
    }

    #[test]
    fn a_literal_of_another_type_is_refused() {
        for (ty, text) in [
            (ValueType::I32, "4294967296"),
            (ValueType::I32, "1.5"),
            (ValueType::I32, ""),
            (ValueType::I32, "1) (i32.const 2"),
            (ValueType::I32, "1 2"),
            (ValueType::Ref(RefKind::Func), "1"),
        ] {
            let error = parse(ty, text).unwrap_err();
            assert!(error.contains("is not a value of type"), "{error}");
        }
    }
}
