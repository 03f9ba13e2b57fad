//! Values at the border between a store and its user, and their slots.

use crate::handle::{Exn, Func};
use crate::refs::{
    NULL, Referent, exn_number, exn_ref, extern_ref, func_addr, func_ref, i31_ref, referent,
};
use crate::types::{HeapType, RefType, ValType};

/// A value (§ exec/runtime, values), held as bits: equal iff the bits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// 32-bit integer.
    I32(i32),
    /// 64-bit integer.
    I64(i64),
    /// Bits of a 32-bit float.
    F32(u32),
    /// Bits of a 64-bit float.
    F64(u64),
    /// 128 bits, lane 0 in the least significant ones.
    V128(u128),
    /// The null reference, with the heap type of the place it came from.
    Null(HeapType),
    /// A reference to a function of the store.
    Func(Func),
    /// A reference to an exception of the store.
    Exn(Exn),
    /// The external reference that the user numbered so, as such or as an internal one.
    Extern(u32),
    /// A reference to a 31-bit integer, without its sign.
    I31(u32),
    /// A reference to a structure.
    Struct(Object),
    /// A reference to an array.
    Array(Object),
}

/// A structure or array of a store: equal iff it is the same one.
///
/// It stays alive for as long as the store holds it: from when the store gave this name,
/// be it as a result, an argument of a host function or what a table or global has, until
/// [`crate::Store::release`]; those given during a call of a host function that
/// [`crate::Store::invoke`] makes, until that returns. After that it is alive if it can be
/// reached. A name whose object is gone names nothing: it is of no type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Object(pub(crate) u64);

impl Value {
    /// The default value of a type: zero or null (§ exec/runtime, `default_t`).
    /// A reference type that admits no null has none; null is given all the same.
    pub fn default_of(ty: ValType) -> Value {
        Value::from_slots(ty, [0, 0])
    }

    /// The slots of the value, the low half first; the second is 0 unless v128.
    pub(crate) fn slots(self) -> [u64; 2] {
        match self {
            Value::I32(number) => [u64::from(number as u32), 0],
            Value::I64(number) => [number as u64, 0],
            Value::F32(bits) => [u64::from(bits), 0],
            Value::F64(bits) => [bits, 0],
            Value::V128(bits) => [bits as u64, (bits >> 64) as u64],
            Value::Null(_) => [NULL, 0],
            Value::Func(func) => [func_ref(func.0), 0],
            Value::Exn(exn) => [exn_ref(exn.0), 0],
            Value::Extern(number) => [extern_ref(number), 0],
            Value::I31(number) => [i31_ref(number), 0],
            Value::Struct(object) | Value::Array(object) => [object.0, 0],
        }
    }

    /// The value of type `ty` in `slots`.
    pub(crate) fn from_slots(ty: ValType, slots: [u64; 2]) -> Value {
        let low = slots[0];
        match ty {
            ValType::I32 => Value::I32(low as i32),
            ValType::I64 => Value::I64(low as i64),
            ValType::F32 => Value::F32(low as u32),
            ValType::F64 => Value::F64(low),
            ValType::V128 => Value::V128(u128::from(low) | u128::from(slots[1]) << 64),
            ValType::Ref(reference) => Value::from_reference(reference, low),
        }
    }

    fn from_reference(ty: RefType, slot: u64) -> Value {
        match referent(slot) {
            Referent::Null => Value::Null(ty.heap),
            Referent::Func => Value::Func(Func(func_addr(slot))),
            Referent::Exn => Value::Exn(Exn(exn_number(slot))),
            Referent::Extern => Value::Extern(slot as u32),
            Referent::I31 => Value::I31(slot as u32),
            Referent::Struct => Value::Struct(Object(slot)),
            Referent::Array => Value::Array(Object(slot)),
        }
    }
}

/// Write `values` into consecutive slots from `slots[0]` on.
pub(crate) fn write_slots(values: &[Value], slots: &mut [u64]) {
    let mut next = 0;
    for value in values {
        let [low, high] = value.slots();
        slots[next] = low;
        next += 1;
        if let Value::V128(_) = value {
            slots[next] = high;
            next += 1;
        }
    }
}

/// Read values of these types from consecutive slots.
pub(crate) fn read_slots(types: &[ValType], slots: &[u64]) -> Vec<Value> {
    let mut next = 0;
    let read = |ty: &ValType| {
        let high = if ty.slots() == 2 { slots[next + 1] } else { 0 };
        let value = Value::from_slots(*ty, [slots[next], high]);
        next += ty.slots();
        value
    };
    types.iter().map(read).collect()
}

/// Number of slots that values of these types take together.
pub(crate) fn slot_count(types: &[ValType]) -> usize {
    types.iter().map(|ty| ty.slots()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refs::object_ref;

    #[test]
    fn values_survive_their_slots() {
        let values = [
            Value::I32(-1),
            Value::V128(0x0123_4567_89ab_cdef_fedc_ba98_7654_3210),
            Value::I64(-2),
            Value::F32(0x7fa0_0001),
            Value::F64(0xfff0_0000_0000_0001),
            Value::Null(HeapType::Func),
            Value::Null(HeapType::Extern),
            Value::Func(Func(0)),
            Value::Exn(Exn(7)),
            Value::Extern(u32::MAX),
            Value::I31(0x7fff_ffff),
            Value::Struct(Object(object_ref(3, 4, false))),
            Value::Array(Object(object_ref(3, 4, true))),
        ];
        let types = [
            ValType::I32,
            ValType::V128,
            ValType::I64,
            ValType::F32,
            ValType::F64,
            ValType::Ref(RefType::FUNC),
            ValType::Ref(RefType::EXTERN),
            ValType::Ref(RefType::FUNC),
            ValType::Ref(RefType::EXN),
            ValType::Ref(RefType::EXTERN),
            ValType::Ref(RefType { nullable: true, heap: HeapType::I31 }),
            ValType::Ref(RefType { nullable: true, heap: HeapType::Eq }),
            ValType::Ref(RefType::EXTERN),
        ];
        let mut slots = vec![0; slot_count(&types)];
        write_slots(&values, &mut slots);
        assert_eq!(read_slots(&types, &slots), values);
        assert_eq!(slots[0], 0xffff_ffff, "i32 is zero-extended");
    }
}
