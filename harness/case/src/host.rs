//! The deterministic host functions that serve a case's imports.
//!
//! Any function imported from [`MODULE`] exists, whatever its name and type.
//! Its behaviour depends only on its name, type and arguments, and is simple
//! enough to be written in WebAssembly: the text form of a case carries a module
//! that does the same, so that a finding runs in any engine's own tools.

use crate::value::{Value, ValueType};

/// The module name of host functions.
pub const MODULE: &str = "gainsay";

/// Functions whose name begins so fail instead of returning.
pub const FAILING_PREFIX: &str = "fail";

/// A step whose calls of host functions bring more than this many values, each
/// call itself counting as one, ends in [`crate::LimitKind::Fuel`]: a loop around
/// a host call must not fill the harness's memory.
pub const TRACE_VALUES_MAX: usize = 50_000;

/// What a host function returns: for each result the last argument of that type,
/// else [`constant`]. `None` if it fails, which the engine reports as
/// [`crate::StepFailure::HostError`].
pub fn answer(name: &str, results: &[ValueType], args: &[Value]) -> Option<Vec<Value>> {
    if name.starts_with(FAILING_PREFIX) {
        return None;
    }
    let echo = |ty: &ValueType| {
        args.iter().rev().find(|arg| arg.ty() == *ty).copied().unwrap_or_else(|| constant(*ty))
    };
    Some(results.iter().map(echo).collect())
}

/// The result of a host function that has no argument of its result's type.
pub fn constant(ty: ValueType) -> Value {
    match ty {
        ValueType::I32 => Value::I32(42),
        ValueType::I64 => Value::I64(-42),
        ValueType::F32 => Value::F32(1.5f32.to_bits()),
        ValueType::F64 => Value::F64((-2.5f64).to_bits()),
        ValueType::V128 => Value::V128(0x0f0e0d0c_0b0a0908_07060504_03020100),
        ValueType::Ref(kind) => Value::Null(kind),
    }
}
