//! Values between the harness and wasmi, bit by bit.

use gainsay_case::{RefKind, StepFailure, Value, ValueType};
use wasmi::{AsContext, AsContextMut, ExternRef, F32, F64, Func, Nullable, V128, Val, ValType};

/// The harness's name for a type.
pub(super) fn value_type(ty: ValType) -> ValueType {
    match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::FuncRef => ValueType::Ref(RefKind::Func),
        ValType::ExternRef => ValueType::Ref(RefKind::Extern),
    }
}

/// Into the engine.
///
/// # Errors
/// `Unsupported` for what wasmi has no value for.
pub(super) fn lower(store: impl AsContextMut, value: Value) -> Result<Val, StepFailure> {
    Ok(match value {
        Value::I32(v) => Val::I32(v),
        Value::I64(v) => Val::I64(v),
        Value::F32(bits) => Val::F32(F32::from_bits(bits)),
        Value::F64(bits) => Val::F64(F64::from_bits(bits)),
        Value::V128(bits) => Val::V128(V128::from(bits)),
        Value::Null(RefKind::Func) => Val::from(Nullable::<Func>::Null),
        Value::Null(RefKind::Extern) => Val::from(Nullable::<ExternRef>::Null),
        Value::Extern(n) => Val::from(ExternRef::new(store, n)),
        Value::Null(RefKind::Any | RefKind::Exn)
        | Value::Host(_)
        | Value::I31(_)
        | Value::Struct(_)
        | Value::Array(_)
        | Value::Opaque(_) => {
            return Err(StepFailure::Unsupported(format!("wasmi has no value {value}")));
        }
    })
}

/// Out of the engine.
pub(super) fn lift(store: impl AsContext, value: &Val) -> Value {
    match value {
        Val::I32(v) => Value::I32(*v),
        Val::I64(v) => Value::I64(*v),
        Val::F32(v) => Value::F32(v.to_bits()),
        Val::F64(v) => Value::F64(v.to_bits()),
        Val::V128(v) => Value::V128(v.as_u128()),
        Val::FuncRef(Nullable::Null) => Value::Null(RefKind::Func),
        Val::FuncRef(Nullable::Val(_)) => Value::Opaque(RefKind::Func),
        Val::ExternRef(Nullable::Null) => Value::Null(RefKind::Extern),
        Val::ExternRef(Nullable::Val(object)) => object
            .data(store.as_context())
            .downcast_ref::<u32>()
            .map_or(Value::Opaque(RefKind::Extern), |n| Value::Extern(*n)),
    }
}
