//! Constants, names and strings of the text format.

use std::fmt;

use wast::core::{AbstractHeapType, HeapType, WastArgCore};

use crate::value::{RefKind, Value};

/// A value as an argument or a result is written: `(i32.const 7)`.
///
/// A reference that the harness cannot make is written as the pattern of results
/// that any such reference matches; no script can state one as an argument.
pub fn constant(value: Value) -> String {
    match value {
        Value::I32(number) => format!("(i32.const {number})"),
        Value::I64(number) => format!("(i64.const {number})"),
        Value::F32(bits) => format!("(f32.const {})", float32(bits)),
        Value::F64(bits) => format!("(f64.const {})", float64(bits)),
        Value::V128(bits) => {
            let lanes = [0, 32, 64, 96].map(|shift| format!("{:#010x}", (bits >> shift) as u32));
            format!("(v128.const i32x4 {})", lanes.join(" "))
        }
        Value::Null(kind) => format!("(ref.null {})", heap_type(kind)),
        Value::Extern(number) => format!("(ref.extern {number})"),
        Value::Host(number) => format!("(ref.host {number})"),
        Value::I31(_) => "(ref.i31)".to_owned(),
        Value::Struct(_) => "(ref.struct)".to_owned(),
        Value::Array(_) => "(ref.array)".to_owned(),
        Value::Opaque(kind) => format!("(ref.{})", heap_type(kind)),
    }
}

/// As a script writes it, with what no script can say in a comment: `(ref.struct (;1;))`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::I31(number) => write!(f, "(ref.i31 (;{number};))"),
            Value::Struct(number) => write!(f, "(ref.struct (;{number};))"),
            Value::Array(number) => write!(f, "(ref.array (;{number};))"),
            value => f.write_str(&constant(*value)),
        }
    }
}

/// A 32-bit float: the shortest decimal that reads back as the same bits, or a
/// NaN with its payload.
pub fn float32(bits: u32) -> String {
    let float = f32::from_bits(bits);
    let sign = if float.is_sign_negative() { "-" } else { "" };
    if float.is_nan() { format!("{sign}nan:{:#x}", bits & 0x7f_ffff) } else { format!("{float:?}") }
}

/// A 64-bit float, as [`float32`].
pub fn float64(bits: u64) -> String {
    let float = f64::from_bits(bits);
    let sign = if float.is_sign_negative() { "-" } else { "" };
    if float.is_nan() {
        format!("{sign}nan:{:#x}", bits & 0xf_ffff_ffff_ffff)
    } else {
        format!("{float:?}")
    }
}

/// The name of a kind of references.
pub fn heap_type(kind: RefKind) -> &'static str {
    match kind {
        RefKind::Func => "func",
        RefKind::Extern => "extern",
        RefKind::Any => "any",
        RefKind::Exn => "exn",
    }
}

/// An identifier with its `$`, quoted where it must be.
pub fn identifier(name: &str) -> String {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-./:<=>?@\\^_`|~".contains(&byte);
    if !name.is_empty() && name.bytes().all(plain) {
        format!("${name}")
    } else {
        format!("${}", string(name))
    }
}

/// A string literal.
pub fn string(text: &str) -> String {
    let mut literal = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => literal.extend(['\\', char]),
            ' '..='~' => literal.push(char),
            // Some characters outside ASCII are refused where they could deceive a reader.
            _ => literal.push_str(&format!("\\u{{{:x}}}", u32::from(char))),
        }
    }
    literal.push('"');
    literal
}

/// The argument that a script states.
///
/// # Errors
/// What it is, if no value of the harness is the same.
pub fn argument(arg: &WastArgCore<'_>) -> Result<Value, &'static str> {
    match arg {
        WastArgCore::I32(number) => Ok(Value::I32(*number)),
        WastArgCore::I64(number) => Ok(Value::I64(*number)),
        WastArgCore::F32(float) => Ok(Value::F32(float.bits)),
        WastArgCore::F64(float) => Ok(Value::F64(float.bits)),
        WastArgCore::V128(vector) => Ok(Value::V128(u128::from_le_bytes(vector.to_le_bytes()))),
        WastArgCore::RefNull(heap) => {
            ref_kind(heap).map(Value::Null).ok_or("a null reference to a defined type")
        }
        WastArgCore::RefExtern(number) => Ok(Value::Extern(*number)),
        WastArgCore::RefHost(number) => Ok(Value::Host(*number)),
    }
}

/// The kind of references that a heap type belongs to; `None` for defined types,
/// whose kind the script does not say.
pub fn ref_kind(heap: &HeapType<'_>) -> Option<RefKind> {
    let HeapType::Abstract { ty, .. } = heap else { return None };
    match ty {
        AbstractHeapType::Func | AbstractHeapType::NoFunc => Some(RefKind::Func),
        AbstractHeapType::Extern | AbstractHeapType::NoExtern => Some(RefKind::Extern),
        AbstractHeapType::Exn | AbstractHeapType::NoExn => Some(RefKind::Exn),
        AbstractHeapType::Any
        | AbstractHeapType::Eq
        | AbstractHeapType::Struct
        | AbstractHeapType::Array
        | AbstractHeapType::I31
        | AbstractHeapType::None => Some(RefKind::Any),
        AbstractHeapType::Cont | AbstractHeapType::NoCont => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_scripts_write_them() {
        let written = |value: Value| value.to_string();
        assert_eq!(written(Value::I32(-1)), "(i32.const -1)");
        assert_eq!(written(Value::F32(0xffc0_0001)), "(f32.const -nan:0x400001)");
        assert_eq!(written(Value::Null(RefKind::Func)), "(ref.null func)");
        assert_eq!(written(Value::Struct(2)), "(ref.struct (;2;))");
    }
}
