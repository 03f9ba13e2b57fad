//! Values between the harness and the reference.

use gainsay_case::{RefKind, StepFailure, Value, ValueType};
use gainsay_runtime::{HeapType, Object, Store, ValType};

use crate::identities::Identities;

/// The harness's name for a type, the concrete ones of which are the store's.
pub(super) fn value_type(ty: ValType, store: &Store) -> ValueType {
    match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::Ref(ty) => ValueType::Ref(match store.top(ty.heap) {
            HeapType::Func => RefKind::Func,
            HeapType::Extern => RefKind::Extern,
            HeapType::Exn => RefKind::Exn,
            _ => RefKind::Any,
        }),
    }
}

/// Into the runtime.
///
/// # Errors
/// `Unsupported` for what it has no value for.
pub(super) fn lower(value: Value) -> Result<gainsay_runtime::Value, StepFailure> {
    Ok(match value {
        Value::I32(v) => gainsay_runtime::Value::I32(v),
        Value::I64(v) => gainsay_runtime::Value::I64(v),
        Value::F32(bits) => gainsay_runtime::Value::F32(bits),
        Value::F64(bits) => gainsay_runtime::Value::F64(bits),
        Value::V128(bits) => gainsay_runtime::Value::V128(bits),
        Value::Null(RefKind::Func) => gainsay_runtime::Value::Null(HeapType::Func),
        Value::Null(RefKind::Extern) => gainsay_runtime::Value::Null(HeapType::Extern),
        Value::Null(RefKind::Any) => gainsay_runtime::Value::Null(HeapType::Any),
        Value::Null(RefKind::Exn) => gainsay_runtime::Value::Null(HeapType::Exn),
        Value::Extern(n) => gainsay_runtime::Value::Extern(n),
        Value::Host(n) => gainsay_runtime::Value::Extern(n),
        Value::I31(n) => gainsay_runtime::Value::I31(n),
        Value::Struct(_) | Value::Array(_) | Value::Opaque(_) => {
            return Err(StepFailure::Unsupported(format!("the reference has no value {value}")));
        }
    })
}

/// Out of the runtime: one list of values that stood for values of these types (see
/// [`Value`] for the numbers in it).
pub(super) fn lift_all<'a>(
    store: &Store,
    types: impl IntoIterator<Item = &'a ValType>,
    values: &[gainsay_runtime::Value],
) -> Vec<Value> {
    let mut objects = Identities::new();
    let types = types.into_iter().map(|ty| value_type(*ty, store));
    types.zip(values).map(|(ty, value)| lift_into(*value, ty, &mut objects)).collect()
}

/// Out of the runtime, where it stood for a value of this type.
pub(super) fn lift(value: gainsay_runtime::Value, ty: ValueType) -> Value {
    lift_into(value, ty, &mut Identities::new())
}

/// A reference keeps what the harness can see of it where it stands: nothing of an
/// internal one in the place of an external one, which is what it is then.
fn lift_into(
    value: gainsay_runtime::Value,
    ty: ValueType,
    objects: &mut Identities<Object>,
) -> Value {
    let mut number = |object| objects.number(object, |left, right| left == right);
    match (value, ty) {
        (gainsay_runtime::Value::I32(v), _) => Value::I32(v),
        (gainsay_runtime::Value::I64(v), _) => Value::I64(v),
        (gainsay_runtime::Value::F32(bits), _) => Value::F32(bits),
        (gainsay_runtime::Value::F64(bits), _) => Value::F64(bits),
        (gainsay_runtime::Value::V128(bits), _) => Value::V128(bits),
        (gainsay_runtime::Value::Null(_), ValueType::Ref(kind)) => Value::Null(kind),
        (gainsay_runtime::Value::Extern(n), ValueType::Ref(RefKind::Extern)) => Value::Extern(n),
        (gainsay_runtime::Value::Extern(n), ValueType::Ref(RefKind::Any)) => Value::Host(n),
        (gainsay_runtime::Value::I31(n), ValueType::Ref(RefKind::Any)) => Value::I31(n),
        (gainsay_runtime::Value::Struct(object), ValueType::Ref(RefKind::Any)) => {
            Value::Struct(number(object))
        }
        (gainsay_runtime::Value::Array(object), ValueType::Ref(RefKind::Any)) => {
            Value::Array(number(object))
        }
        (_, ValueType::Ref(kind)) => Value::Opaque(kind),
        // No reference is of another type.
        _ => Value::Opaque(RefKind::Any),
    }
}
