//! Values between the harness and the reference.

use gainsay_case::{Failure, RefKind, Value, ValueType};
use gainsay_runtime::{HeapType, ValType};

/// The harness's name for a type.
pub(super) fn value_type(ty: ValType) -> ValueType {
    match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::Ref(ty) => ValueType::Ref(ref_kind(ty.heap)),
    }
}

fn ref_kind(heap: HeapType) -> RefKind {
    match heap {
        // Concrete types are function types here: there is no other composite.
        HeapType::Func | HeapType::Concrete(_) => RefKind::Func,
        HeapType::NoFunc => RefKind::Func,
        HeapType::Extern | HeapType::NoExtern => RefKind::Extern,
        HeapType::Exn | HeapType::NoExn => RefKind::Exn,
        HeapType::Any
        | HeapType::Eq
        | HeapType::I31
        | HeapType::Struct
        | HeapType::Array
        | HeapType::None => RefKind::Any,
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
        Value::Null(RefKind::Any) | Value::Opaque(_) => {
            return Err(Failure::Unsupported(format!("the reference has no value {value:?}")));
        }
    })
}

/// Out of the runtime.
pub(super) fn lift(value: gainsay_runtime::Value) -> Value {
    match value {
        gainsay_runtime::Value::I32(v) => Value::I32(v),
        gainsay_runtime::Value::I64(v) => Value::I64(v),
        gainsay_runtime::Value::F32(bits) => Value::F32(bits),
        gainsay_runtime::Value::F64(bits) => Value::F64(bits),
        gainsay_runtime::Value::V128(bits) => Value::V128(bits),
        gainsay_runtime::Value::Null(heap) => Value::Null(ref_kind(heap)),
        gainsay_runtime::Value::Func(_) => Value::Opaque(RefKind::Func),
        gainsay_runtime::Value::Exn(_) => Value::Opaque(RefKind::Exn),
        gainsay_runtime::Value::Extern(n) => Value::Extern(n),
    }
}
