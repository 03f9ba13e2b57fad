//! The JSON form of cases and values.

#[path = "common/cases.rs"]
mod common;

use gainsay_case::json::{from_json, to_json};
use gainsay_case::{Case, RefKind, Step, Value};
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_case_read_back_from_json_is_the_same(
        case in common::case(prop::collection::vec(any::<u8>(), 0..64))
    ) {
        prop_assert_eq!(from_json(&to_json(&case)).unwrap(), case);
    }

    #[test]
    fn a_value_read_back_from_json_is_the_same(value in common::value()) {
        let text = serde_json::to_string(&value).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        // The order of the fields does not matter, nor whether the text is borrowed.
        let reversed = serde_json::to_value(value).unwrap();
        prop_assert_eq!(serde_json::from_value::<Value>(reversed).unwrap(), value);
    }

    #[test]
    fn any_text_is_a_case_or_an_error(text: String) {
        let _ = from_json(&text);
    }
}

#[test]
fn values_are_written_as_wast2json_writes_them() {
    let check = |value: Value, text: &str| {
        assert_eq!(serde_json::to_string(&value).unwrap(), text);
    };
    check(Value::I32(-1), r#"{"type":"i32","value":"4294967295"}"#);
    check(Value::I64(-1), r#"{"type":"i64","value":"18446744073709551615"}"#);
    check(Value::F32(1f32.to_bits()), r#"{"type":"f32","value":"1065353216"}"#);
    check(Value::F64(1f64.to_bits()), r#"{"type":"f64","value":"4607182418800017408"}"#);
    check(
        Value::V128(0x0f0e0d0c_0b0a0908_07060504_03020100),
        r#"{"type":"v128","lane_type":"i32","value":["50462976","117835012","185207048","252579084"]}"#,
    );
    check(Value::Null(RefKind::Func), r#"{"type":"funcref","value":"null"}"#);
    check(Value::Extern(7), r#"{"type":"externref","value":"7"}"#);
    check(Value::Opaque(RefKind::Func), r#"{"type":"funcref"}"#);
    check(Value::Host(7), r#"{"type":"anyref","value":"7"}"#);
    check(Value::I31(0x7fff_ffff), r#"{"type":"i31ref","value":"2147483647"}"#);
    check(Value::Struct(0), r#"{"type":"structref","value":"0"}"#);
    check(Value::Array(3), r#"{"type":"arrayref","value":"3"}"#);
}

#[test]
fn a_reader_takes_signed_integers_and_every_lane_type() {
    let check = |text: &str, value: Value| {
        assert_eq!(serde_json::from_str::<Value>(text).unwrap(), value);
    };
    check(r#"{"type":"i32","value":"-1"}"#, Value::I32(-1));
    check(r#"{"type":"i32","value":"-2147483648"}"#, Value::I32(i32::MIN));
    check(r#"{"type":"i64","value":"-9223372036854775808"}"#, Value::I64(i64::MIN));
    check(
        r#"{"value":["-1","2"],"lane_type":"i64","type":"v128"}"#,
        Value::V128(2 << 64 | u128::from(u64::MAX)),
    );
    check(
        r#"{"type":"v128","lane_type":"i8","value":["1","0","0","0","0","0","0","0","0","0","0","0","0","0","0","255"]}"#,
        Value::V128(1 | 0xff << 120),
    );
}

#[test]
fn a_wrong_value_is_refused_with_a_reason() {
    let check = |text: &str, message: &str| {
        let error = serde_json::from_str::<Value>(text).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    };
    check(r#"{"type":"i32","value":"4294967296"}"#, "does not fit 32 bits");
    check(r#"{"type":"i32","value":"-2147483649"}"#, "does not fit 32 bits");
    check(r#"{"type":"i64","value":"18446744073709551616"}"#, "too large");
    check(r#"{"type":"i32","value":7}"#, "expected a string or an array of strings");
    check(r#"{"type":"i33","value":"7"}"#, "no value type named \"i33\"");
    check(r#"{"type":"i32"}"#, "without a \"value\"");
    check(r#"{"type":"funcref","value":"7"}"#, "is not a value of type funcref");
    check(r#"{"type":"v128","lane_type":"i64","value":["1"]}"#, "1 lanes of type i64");
}

#[test]
fn a_case_is_one_command_per_step() {
    let case = Case {
        steps: vec![
            Step::Define { module: "m".into(), bytes: b"\0asm\x01\0\0\0"[..].into() },
            Step::Instantiate { module: "m".into(), instance: "i".into() },
            Step::Register { instance: "i".into(), name: "a".into() },
            Step::Invoke { instance: "i".into(), field: "f".into(), args: vec![Value::I32(7)] },
            Step::Get { instance: "i".into(), field: "g".into() },
        ],
    };
    insta::assert_snapshot!(to_json(&case).replace("},{\"type\":\"", "},\n{\"type\":\""), @r#"
    [{"type":"module_definition","name":"$m","binary":"AGFzbQEAAAA="},
    {"type":"module_instance","instance":"$i","module":"$m"},
    {"type":"register","name":"$i","as":"a"},
    {"type":"action","action":{"type":"invoke","module":"$i","field":"f","args":[{"type":"i32","value":"7"}]}},
    {"type":"action","action":{"type":"get","module":"$i","field":"g"}}]
    "#);
}

#[test]
fn a_module_command_defines_and_instantiates() {
    let case = from_json(r#"[{"type":"module","name":"$m","binary":"AGFzbQEAAAA="}]"#).unwrap();
    let bytes = b"\0asm\x01\0\0\0"[..].into();
    let define = Step::Define { module: "m".into(), bytes };
    let instantiate = Step::Instantiate { module: "m".into(), instance: "m".into() };
    assert_eq!(case.steps, [define, instantiate]);
}

#[test]
fn a_text_that_is_not_a_case_is_refused_with_a_reason_and_a_place() {
    let check = |text: &str, message: &str| {
        let error = from_json(text).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
        assert!(error.contains("line 1 column"), "{error}");
    };
    check("7", "expected an array of commands");
    check(r#"[{"type":"modul"}]"#, "no command of type \"modul\"");
    check(r#"[{"type":"module","name":"m","binary":""}]"#, "does not begin with $");
    check(r#"[{"type":"module","name":"$m","binary":"?"}]"#, "is not base64");
    check(r#"[{"type":"register","name":"$m"}]"#, "missing field `as`");
    check(r#"[{"type":"action"}]"#, "missing field `action`");
    check(r#"[{"type":"action","action":{"type":"invoke","module":"$m","field":"f"}}]"#, "`args`");
    check(r#"[{"type":"action","action":{"type":"set","module":"$m","field":"f"}}]"#, "\"set\"");
}
