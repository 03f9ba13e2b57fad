//! Values between the harness and wasmtime, bit by bit.

use gainsay_case::{Failure, RefKind, Value, ValueType};
use wasmtime::{AsContext, AsContextMut, ExternRef, HeapType, Rooted, V128, Val, ValType};

/// The harness's name for a type; `None` for continuations, which it does not know.
pub(super) fn value_type(ty: &ValType) -> Option<ValueType> {
    Some(match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::Ref(ty) => ValueType::Ref(ref_kind(ty.heap_type())?),
    })
}

fn ref_kind(ty: &HeapType) -> Option<RefKind> {
    match ty.top() {
        HeapType::Func => Some(RefKind::Func),
        HeapType::Extern => Some(RefKind::Extern),
        HeapType::Any => Some(RefKind::Any),
        HeapType::Exn => Some(RefKind::Exn),
        _ => None,
    }
}

/// Into the engine.
///
/// # Errors
/// `Unsupported` for what the harness cannot make here.
pub(super) fn lower(store: impl AsContextMut, value: Value) -> Result<Val, Failure> {
    Ok(match value {
        Value::I32(v) => Val::I32(v),
        Value::I64(v) => Val::I64(v),
        Value::F32(bits) => Val::F32(bits),
        Value::F64(bits) => Val::F64(bits),
        Value::V128(bits) => Val::V128(V128::from(bits)),
        Value::Null(RefKind::Func) => Val::FuncRef(None),
        Value::Null(RefKind::Extern) => Val::ExternRef(None),
        Value::Null(RefKind::Any) => Val::AnyRef(None),
        Value::Null(RefKind::Exn) => Val::ExnRef(None),
        Value::Extern(n) => {
            let made = ExternRef::new(store, n);
            Val::ExternRef(Some(made.map_err(|error| Failure::Unsupported(error.to_string()))?))
        }
        Value::Opaque(_) => {
            return Err(Failure::Unsupported(format!("{value:?} cannot be made outside")));
        }
    })
}

/// Out of the engine.
pub(super) fn lift(store: impl AsContext, value: &Val) -> Value {
    match value {
        Val::I32(v) => Value::I32(*v),
        Val::I64(v) => Value::I64(*v),
        Val::F32(bits) => Value::F32(*bits),
        Val::F64(bits) => Value::F64(*bits),
        Val::V128(v) => Value::V128(v.as_u128()),
        Val::FuncRef(function) => opaque(RefKind::Func, function.is_none()),
        Val::ExternRef(None) => Value::Null(RefKind::Extern),
        Val::ExternRef(Some(object)) => external(store, object),
        Val::AnyRef(object) => opaque(RefKind::Any, object.is_none()),
        Val::ExnRef(object) => opaque(RefKind::Exn, object.is_none()),
        // The harness has no kind for them and no case makes them.
        Val::ContRef(object) => opaque(RefKind::Any, object.is_none()),
    }
}

fn opaque(kind: RefKind, is_null: bool) -> Value {
    if is_null { Value::Null(kind) } else { Value::Opaque(kind) }
}

fn external(store: impl AsContext, object: &Rooted<ExternRef>) -> Value {
    let data = object.data(store.as_context()).ok().flatten();
    data.and_then(|data| data.downcast_ref::<u32>())
        .map_or(Value::Opaque(RefKind::Extern), |n| Value::Extern(*n))
}
