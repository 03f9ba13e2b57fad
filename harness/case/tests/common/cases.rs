//! Strategies for cases, shared by the tests.

use gainsay_case::{Case, RefKind, Step, Value};
use proptest::prelude::*;

/// A value of any type.
pub fn value() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![
        Just(RefKind::Func),
        Just(RefKind::Extern),
        Just(RefKind::Any),
        Just(RefKind::Exn)
    ];
    prop_oneof![
        any::<i32>().prop_map(Value::I32),
        any::<i64>().prop_map(Value::I64),
        prop_oneof![any::<u32>(), special_bits().prop_map(|bits| (bits >> 32) as u32)]
            .prop_map(Value::F32),
        prop_oneof![any::<u64>(), special_bits()].prop_map(Value::F64),
        any::<u128>().prop_map(Value::V128),
        any::<u32>().prop_map(Value::Extern),
        any::<u32>().prop_map(Value::Host),
        (0..1u32 << 31).prop_map(Value::I31),
        any::<u32>().prop_map(Value::Struct),
        any::<u32>().prop_map(Value::Array),
        kind.clone().prop_map(Value::Null),
        kind.prop_map(Value::Opaque),
    ]
}

/// Bits near the borders between zeros, subnormals, infinities and NaNs; the
/// high halves are so for the smaller width.
fn special_bits() -> impl Strategy<Value = u64> {
    let edge = prop_oneof![
        Just(0u64),
        Just(0x7f80_0000_0000_0000),
        Just(0x7fc0_0000_0000_0000),
        Just(0x7ff0_0000_0000_0000),
        Just(0x7ff8_0000_0000_0000),
        Just(0x0010_0000_0000_0000),
    ];
    (edge, any::<bool>(), 0u64..3).prop_map(|(edge, negative, more)| {
        edge.wrapping_add(more | more << 32) | u64::from(negative) << 63
    })
}

/// A WAST identifier without its `$`.
pub fn name() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9_.]{0,6}"
}

/// The name of an export or a registered instance: any string.
pub fn field() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,6}", any::<String>()]
}

/// A case over binaries from `bytes`, whose steps need not make sense together.
pub fn case(bytes: impl Strategy<Value = Vec<u8>> + 'static) -> impl Strategy<Value = Case> {
    let step = prop_oneof![
        (name(), bytes).prop_map(|(module, bytes)| Step::Define { module, bytes: bytes.into() }),
        (name(), name()).prop_map(|(module, instance)| Step::Instantiate { module, instance }),
        (name(), field()).prop_map(|(instance, name)| Step::Register { instance, name }),
        (name(), field(), prop::collection::vec(value(), 0..4))
            .prop_map(|(instance, field, args)| Step::Invoke { instance, field, args }),
        (name(), field()).prop_map(|(instance, field)| Step::Get { instance, field }),
    ];
    prop::collection::vec(step, 0..8).prop_map(|steps| Case { steps })
}
