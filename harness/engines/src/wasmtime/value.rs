//! Values between the harness and wasmtime, bit by bit.

use gainsay_case::{RefKind, StepFailure, Value, ValueType};
use wasmtime::{
    AnyRef, AsContext, AsContextMut, ExternRef, HeapType, I31, Rooted, V128, Val, ValType,
};

use crate::identities::Identities;

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
pub(super) fn lower(mut store: impl AsContextMut, value: Value) -> Result<Val, StepFailure> {
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
            Val::ExternRef(Some(made.map_err(|error| StepFailure::Unsupported(error.to_string()))?))
        }
        Value::Host(n) => {
            let made = ExternRef::new(&mut store, n)
                .and_then(|external| AnyRef::convert_extern(&mut store, external));
            Val::AnyRef(Some(made.map_err(|error| StepFailure::Unsupported(error.to_string()))?))
        }
        Value::I31(n) => Val::AnyRef(Some(AnyRef::from_i31(store, I31::wrapping_u32(n)))),
        Value::Struct(_) | Value::Array(_) | Value::Opaque(_) => {
            return Err(StepFailure::Unsupported(format!("{value} cannot be made outside")));
        }
    })
}

/// Out of the engine: one list of values (see [`Value`] for the numbers in it).
pub(super) fn lift_all(mut store: impl AsContextMut, values: &[Val]) -> Vec<Value> {
    let mut objects = Identities::new();
    values.iter().map(|value| lift_into(&mut store, value, &mut objects)).collect()
}

/// Out of the engine: a value by itself.
pub(super) fn lift(store: impl AsContextMut, value: &Val) -> Value {
    lift_into(store, value, &mut Identities::new())
}

type Objects = Identities<Rooted<AnyRef>>;

fn lift_into(store: impl AsContextMut, value: &Val, objects: &mut Objects) -> Value {
    match value {
        Val::I32(v) => Value::I32(*v),
        Val::I64(v) => Value::I64(*v),
        Val::F32(bits) => Value::F32(*bits),
        Val::F64(bits) => Value::F64(*bits),
        Val::V128(v) => Value::V128(v.as_u128()),
        Val::FuncRef(function) => opaque(RefKind::Func, function.is_none()),
        Val::ExternRef(None) => Value::Null(RefKind::Extern),
        Val::ExternRef(Some(object)) => {
            number(store, object).map_or(Value::Opaque(RefKind::Extern), Value::Extern)
        }
        Val::AnyRef(None) => Value::Null(RefKind::Any),
        Val::AnyRef(Some(object)) => internal(store, *object, objects),
        Val::ExnRef(object) => opaque(RefKind::Exn, object.is_none()),
        // The harness has no kind for them and no case makes them.
        Val::ContRef(object) => opaque(RefKind::Any, object.is_none()),
    }
}

fn opaque(kind: RefKind, is_null: bool) -> Value {
    if is_null { Value::Null(kind) } else { Value::Opaque(kind) }
}

/// The number of an external reference that the harness made.
fn number(store: impl AsContext, object: &Rooted<ExternRef>) -> Option<u32> {
    let data = object.data(store.as_context()).ok().flatten();
    data.and_then(|data| data.downcast_ref::<u32>()).copied()
}

fn internal(mut store: impl AsContextMut, object: Rooted<AnyRef>, objects: &mut Objects) -> Value {
    if let Ok(Some(number)) = object.as_i31(&store) {
        return Value::I31(number.get_u32());
    }
    let one = |left: &Rooted<AnyRef>, right: &Rooted<AnyRef>| {
        Rooted::ref_eq(&store, left, right).unwrap_or(false)
    };
    if object.is_struct(&store).unwrap_or(false) {
        return Value::Struct(objects.number(object, one));
    }
    if object.is_array(&store).unwrap_or(false) {
        return Value::Array(objects.number(object, one));
    }
    let external = ExternRef::convert_any(&mut store, object).ok();
    let host = external.and_then(|external| number(&store, &external));
    host.map_or(Value::Opaque(RefKind::Any), Value::Host)
}
