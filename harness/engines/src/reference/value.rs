//! Values between the harness and the reference.

use gainsay_case::{Failure, RefKind, Value, ValueType};
use gainsay_runtime::{HeapType, Store, ValType};

/// The harness's name for a type of the store's.
pub(super) fn value_type(store: &Store, ty: ValType) -> ValueType {
    match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::Ref(ty) => ValueType::Ref(ref_kind(store, ty.heap)),
    }
}

fn ref_kind(store: &Store, heap: HeapType) -> RefKind {
    match store.top(heap) {
        HeapType::Func => RefKind::Func,
        HeapType::Extern => RefKind::Extern,
        HeapType::Exn => RefKind::Exn,
        _ => RefKind::Any,
    }
}

/// Into the runtime.
///
/// # Errors
/// `Unsupported` for what it has no value for.
pub(super) fn lower(value: Value) -> Result<gainsay_runtime::Value, Failure> {
    Ok(match value {
        Value::I32(v) => gainsay_runtime::Value::I32(v),
        Value::I64(v) => gainsay_runtime::Value::I64(v),
        Value::F32(bits) => gainsay_runtime::Value::F32(bits),
        Value::F64(bits) => gainsay_runtime::Value::F64(bits),
        Value::V128(bits) => gainsay_runtime::Value::V128(bits),
        Value::Null(RefKind::Func) => gainsay_runtime::Value::Null(HeapType::Func),
        Value::Null(RefKind::Extern) => gainsay_runtime::Value::Null(HeapType::Extern),
        Value::Null(RefKind::Exn) => gainsay_runtime::Value::Null(HeapType::Exn),
        Value::Extern(n) => gainsay_runtime::Value::Extern(n),
        Value::Null(RefKind::Any) => gainsay_runtime::Value::Null(HeapType::Any),
        Value::Host(n) => gainsay_runtime::Value::Extern(n),
        Value::I31(_) | Value::Struct(_) | Value::Array(_) | Value::Opaque(_) => {
            return Err(Failure::Unsupported(format!("the reference has no value {value:?}")));
        }
    })
}

/// Out of the runtime: one list of values of these types (see [`Value`] for the
/// numbers in it).
pub(super) fn lift_all(
    store: &Store,
    types: &[ValType],
    values: &[gainsay_runtime::Value],
) -> Vec<Value> {
    let lift = |(ty, value): (&ValType, &_)| lift(store, *ty, *value);
    types.iter().zip(values).map(lift).collect()
}

/// Out of the runtime: a value of type `ty` by itself.
pub(super) fn lift(store: &Store, ty: ValType, value: gainsay_runtime::Value) -> Value {
    match value {
        gainsay_runtime::Value::I32(v) => Value::I32(v),
        gainsay_runtime::Value::I64(v) => Value::I64(v),
        gainsay_runtime::Value::F32(bits) => Value::F32(bits),
        gainsay_runtime::Value::F64(bits) => Value::F64(bits),
        gainsay_runtime::Value::V128(bits) => Value::V128(bits),
        gainsay_runtime::Value::Null(heap) => Value::Null(ref_kind(store, heap)),
        gainsay_runtime::Value::Func(_) => Value::Opaque(RefKind::Func),
        gainsay_runtime::Value::Exn(_) => Value::Opaque(RefKind::Exn),
        // An external reference stays itself when it is made an internal one.
        gainsay_runtime::Value::Extern(n) => match value_type(store, ty) {
            ValueType::Ref(RefKind::Any) => Value::Host(n),
            _ => Value::Extern(n),
        },
    }
}
