//! How references are held in slots.
//!
//! The four highest bits say what is referred to, unless they are all 0, as they are
//! of null and of functions. Equal references are equal words, so that `ref.eq` is one
//! comparison; `any.convert_extern` and `extern.convert_any` change nothing.
//!
//! | highest bits | the others |
//! |---|---|
//! | `0000` | 0: null; else the function at this address, plus 1 |
//! | `0001` | the number of an exception, in the lowest 32 bits |
//! | `001_` | a 31-bit integer, in the lowest bits |
//! | `01__` | the number of an external reference of the host, in the lowest 32 bits |
//! | `1000` | a structure: its generation (28 bits) and its handle (32 bits) |
//! | `1001` | an array, likewise |
//!
//! A handle is used again once its object has died, with the next generation: what an
//! earlier one left in a slot is no reference to the later one.

use crate::types::{HeapType, RefType};

/// The slot contents of the null reference, of every type.
pub(crate) const NULL: u64 = 0;

const EXN_TAG: u64 = 1 << 60;
const I31_TAG: u64 = 1 << 61;
const EXTERN_TAG: u64 = 1 << 62;
const OBJECT_TAG: u64 = 1 << 63;
const ARRAY_BIT: u64 = 1 << 60;

/// Generations are below this.
pub(crate) const GENERATIONS: u32 = 1 << 28;

/// The slot contents of a reference to the store's function `addr`.
pub(crate) const fn func_ref(addr: u32) -> u64 {
    addr as u64 + 1
}

/// The function address in a non-null function reference.
pub(crate) const fn func_addr(slot: u64) -> u32 {
    (slot - 1) as u32
}

/// The slot contents of the host's external reference `number`.
pub(crate) const fn extern_ref(number: u32) -> u64 {
    EXTERN_TAG | number as u64
}

/// The slot contents of a reference to the store's exception `number`.
pub(crate) const fn exn_ref(number: u32) -> u64 {
    EXN_TAG | number as u64
}

/// The number of the exception in a non-null reference to one.
pub(crate) const fn exn_number(slot: u64) -> u32 {
    slot as u32
}

/// § exec/instructions, `ref.i31`: the lowest 31 bits.
pub(crate) const fn i31_ref(number: u32) -> u64 {
    I31_TAG | (number & 0x7fff_ffff) as u64
}

/// The slot contents of a reference to an object of the heap.
#[inline(always)]
pub(crate) const fn object_ref(handle: u32, generation: u32, array: bool) -> u64 {
    let kind = if array { OBJECT_TAG | ARRAY_BIT } else { OBJECT_TAG };
    kind | (generation as u64) << 32 | handle as u64
}

/// Whether a slot holds what could be a reference to an object of the heap.
#[inline(always)]
pub(crate) const fn is_object(slot: u64) -> bool {
    slot >> 61 == OBJECT_TAG >> 61
}

/// Whether a slot holds what could be a reference to an exception.
#[inline(always)]
pub(crate) const fn is_exn(slot: u64) -> bool {
    slot >> 60 == EXN_TAG >> 60
}

/// The handle in a reference to an object.
#[inline(always)]
pub(crate) const fn handle(slot: u64) -> usize {
    slot as u32 as usize
}

/// The generation in a reference to an object.
pub(crate) const fn generation(slot: u64) -> u32 {
    (slot >> 32) as u32 & (GENERATIONS - 1)
}

/// What a reference refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Referent {
    Null,
    Func,
    Exn,
    Extern,
    I31,
    Struct,
    Array,
}

/// What the reference in a slot refers to.
#[inline(always)]
pub(crate) const fn referent(slot: u64) -> Referent {
    match slot >> 60 {
        0 if slot == NULL => Referent::Null,
        0 => Referent::Func,
        1 => Referent::Exn,
        2 | 3 => Referent::I31,
        4..=7 => Referent::Extern,
        8 => Referent::Struct,
        _ => Referent::Array,
    }
}

/// The type that a cast asks for, in one word: which [`Referent`]s are of it, a bit each,
/// or, with [`Target::CONCRETE`], the index of a type, and null if [`Target::NULLABLE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target(pub(crate) u32);

impl Target {
    const CONCRETE: u32 = 1 << 31;
    const NULLABLE: u32 = 1 << 30;

    pub(crate) fn new(ty: RefType) -> Target {
        let bits = |of: &[Referent]| of.iter().fold(0, |bits, one| bits | 1 << *one as u32);
        let internal = [Referent::I31, Referent::Struct, Referent::Array];
        let heap = match ty.heap {
            HeapType::Concrete(index) => {
                let nullable = if ty.nullable { Target::NULLABLE } else { 0 };
                return Target(Target::CONCRETE | nullable | index);
            }
            HeapType::Func => bits(&[Referent::Func]),
            HeapType::Any | HeapType::Extern => bits(&internal) | bits(&[Referent::Extern]),
            HeapType::Eq => bits(&internal),
            HeapType::I31 => bits(&[Referent::I31]),
            HeapType::Struct => bits(&[Referent::Struct]),
            HeapType::Array => bits(&[Referent::Array]),
            HeapType::Exn => bits(&[Referent::Exn]),
            HeapType::NoFunc | HeapType::NoExtern | HeapType::None | HeapType::NoExn => 0,
        };
        Target(heap | if ty.nullable { bits(&[Referent::Null]) } else { 0 })
    }

    /// The type's index, if it is a concrete one.
    #[inline(always)]
    pub(crate) const fn concrete(self) -> Option<u32> {
        if self.0 & Target::CONCRETE == 0 {
            return None;
        }
        Some(self.0 & !(Target::CONCRETE | Target::NULLABLE))
    }

    /// Whether null is of this concrete type.
    pub(crate) const fn is_nullable(self) -> bool {
        self.0 & Target::NULLABLE != 0
    }

    /// Whether such a reference is of this type, which is not a concrete one.
    #[inline(always)]
    pub(crate) const fn has(self, referent: Referent) -> bool {
        self.0 >> referent as u32 & 1 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_tell_what_they_refer_to() {
        let samples = [
            (NULL, Referent::Null),
            (func_ref(0), Referent::Func),
            (func_ref(u32::MAX), Referent::Func),
            (exn_ref(0), Referent::Exn),
            (exn_ref(u32::MAX), Referent::Exn),
            (extern_ref(0), Referent::Extern),
            (extern_ref(u32::MAX), Referent::Extern),
            (i31_ref(0), Referent::I31),
            (i31_ref(u32::MAX), Referent::I31),
            (object_ref(0, 0, false), Referent::Struct),
            (object_ref(u32::MAX, GENERATIONS - 1, false), Referent::Struct),
            (object_ref(0, 0, true), Referent::Array),
            (object_ref(u32::MAX, GENERATIONS - 1, true), Referent::Array),
        ];
        for (slot, expected) in samples {
            assert_eq!(referent(slot), expected, "{slot:#x}");
            let object = matches!(expected, Referent::Struct | Referent::Array);
            assert_eq!(is_object(slot), object, "{slot:#x}");
        }
        let slot = object_ref(7, 9, true);
        assert_eq!((handle(slot), generation(slot)), (7, 9));
    }

    #[test]
    fn a_target_has_the_values_of_its_type() {
        use HeapType::*;
        let all = [
            Referent::Null,
            Referent::Func,
            Referent::Exn,
            Referent::Extern,
            Referent::I31,
            Referent::Struct,
            Referent::Array,
        ];
        let inner: &[Referent] = &[Referent::I31, Referent::Struct, Referent::Array];
        let outer: &[Referent] =
            &[Referent::Extern, Referent::I31, Referent::Struct, Referent::Array];
        let types: [(HeapType, &[Referent]); 12] = [
            (Exn, &[Referent::Exn]),
            (NoExn, &[]),
            (Func, &[Referent::Func]),
            (NoFunc, &[]),
            (Extern, outer),
            (NoExtern, &[]),
            (Any, outer),
            (Eq, inner),
            (I31, &[Referent::I31]),
            (Struct, &[Referent::Struct]),
            (Array, &[Referent::Array]),
            (None, &[]),
        ];
        for (heap, expected) in types {
            for nullable in [false, true] {
                let target = Target::new(RefType { nullable, heap });
                assert_eq!(target.concrete(), Option::None);
                for referent in all {
                    let is = expected.contains(&referent) || referent == Referent::Null && nullable;
                    assert_eq!(target.has(referent), is, "{heap} {nullable} {referent:?}");
                }
            }
        }
    }

    #[test]
    fn a_target_names_a_concrete_type() {
        for nullable in [false, true] {
            let target = Target::new(RefType { nullable, heap: HeapType::Concrete(12) });
            assert_eq!((target.concrete(), target.is_nullable()), (Some(12), nullable));
        }
    }
}
