//! Value types as the validator compares them: one word each.

use std::fmt;

use crate::subtype::Hierarchy;
use crate::types::{AddrType, HeapType, RefType, ValType};

/// A value type or *bottom*, packed so that equal types are equal words.
///
/// References have bit 31; then bit 30 says nullable, bit 29 concrete, and the rest
/// is the type index or which abstract heap type. Other types are small numbers.
/// A type index is that of the first type of the module that is the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Ty(u32);

const REF: u32 = 1 << 31;
const NULLABLE: u32 = 1 << 30;
const CONCRETE: u32 = 1 << 29;
const HEAP: u32 = CONCRETE | (CONCRETE - 1);

const FUNC: u32 = 0;
const EXTERN: u32 = 1;
/// The heap type below all others, which only references that unreachable code
/// makes of nothing have (§ valid/conventions, `bot`).
const BOTTOM_HEAP: u32 = 12;

/// The abstract heap types, at the places of their numbers.
const ABSTRACT: [HeapType; 12] = [
    HeapType::Func,
    HeapType::Extern,
    HeapType::NoFunc,
    HeapType::NoExtern,
    HeapType::Any,
    HeapType::Eq,
    HeapType::I31,
    HeapType::Struct,
    HeapType::Array,
    HeapType::None,
    HeapType::Exn,
    HeapType::NoExn,
];

/// Type indices stay below this, so that they fit in a [`Ty`].
pub(crate) const TYPES_MAX: usize = 1_000_000;

impl Ty {
    /// A value of any type: what unreachable code finds on the stack
    /// (§ appendix/algorithm, `Unknown`).
    pub(crate) const BOTTOM: Ty = Ty(0);
    pub(crate) const I32: Ty = Ty(1);
    pub(crate) const I64: Ty = Ty(2);
    pub(crate) const F32: Ty = Ty(3);
    pub(crate) const F64: Ty = Ty(4);
    pub(crate) const V128: Ty = Ty(5);
    pub(crate) const FUNCREF: Ty = Ty(REF | NULLABLE | FUNC);
    pub(crate) const EXTERNREF: Ty = Ty(REF | NULLABLE | EXTERN);

    pub(crate) const EXNREF: Ty = Ty::reference(RefType::EXN);
    pub(crate) const ANYREF: Ty = Ty(REF | NULLABLE | 4);
    pub(crate) const EQREF: Ty = Ty(REF | NULLABLE | 5);
    pub(crate) const ARRAYREF: Ty = Ty(REF | NULLABLE | 8);
    /// A non-null reference that unreachable code made of nothing.
    pub(crate) const BOTTOM_REF: Ty = Ty(REF | BOTTOM_HEAP);

    /// A reference type whose index, if it has one, is the first of equal ones.
    pub(crate) const fn reference(ty: RefType) -> Ty {
        let heap = match ty.heap {
            HeapType::Func => FUNC,
            HeapType::Extern => EXTERN,
            HeapType::NoFunc => 2,
            HeapType::NoExtern => 3,
            HeapType::Any => 4,
            HeapType::Eq => 5,
            HeapType::I31 => 6,
            HeapType::Struct => 7,
            HeapType::Array => 8,
            HeapType::None => 9,
            HeapType::Exn => 10,
            HeapType::NoExn => 11,
            HeapType::Concrete(index) => CONCRETE | index,
        };
        Ty(REF | heap | if ty.nullable { NULLABLE } else { 0 })
    }

    /// The type of the null reference, or not, to what this type refers to.
    pub(crate) const fn with_null(self, nullable: bool) -> Ty {
        Ty(self.0 & !NULLABLE | if nullable { NULLABLE } else { 0 })
    }

    /// The reference type, unless this is another type or one that has no values.
    pub(crate) fn as_reference(self) -> Option<RefType> {
        let nullable = self.is_nullable();
        let heap = match self.heap() {
            _ if !self.is_ref() => return None,
            heap if heap & CONCRETE != 0 => HeapType::Concrete(heap & !CONCRETE),
            heap => *ABSTRACT.get(heap as usize)?,
        };
        Some(RefType { nullable, heap })
    }

    /// Whether null is among the values of this reference type.
    pub(crate) const fn is_nullable(self) -> bool {
        self.0 & NULLABLE != 0
    }

    /// Whether locals of this type start with a value (§ valid/types, defaultable).
    #[inline]
    pub(crate) const fn is_defaultable(self) -> bool {
        self.0 & (REF | NULLABLE) != REF
    }

    /// A value type; of an index the same holds as in [`Ty::reference`].
    pub(crate) const fn value(ty: ValType) -> Ty {
        match ty {
            ValType::I32 => Ty::I32,
            ValType::I64 => Ty::I64,
            ValType::F32 => Ty::F32,
            ValType::F64 => Ty::F64,
            ValType::V128 => Ty::V128,
            ValType::Ref(ty) => Ty::reference(ty),
        }
    }

    /// The type of addresses and sizes (§ syntax/types, address types).
    pub(crate) const fn addr(ty: AddrType) -> Ty {
        match ty {
            AddrType::I32 => Ty::I32,
            AddrType::I64 => Ty::I64,
        }
    }

    /// Whether this is a reference type; bottom is not.
    pub(crate) const fn is_ref(self) -> bool {
        self.0 & REF != 0
    }

    /// Slots that a value takes.
    #[inline]
    pub(crate) const fn slots(self) -> u32 {
        1 + (self.0 == Ty::V128.0) as u32
    }

    const fn heap(self) -> u32 {
        self.0 & HEAP
    }
}

/// Whether a value of type `sub` may stand where `sup` is wanted
/// (§ valid/matching). The one place of validation that knows about subtyping.
#[inline]
pub(crate) fn matches(sub: Ty, sup: Ty, types: &impl Hierarchy) -> bool {
    sub == sup || matches_otherwise(sub, sup, types)
}

#[inline(never)]
fn matches_otherwise(sub: Ty, sup: Ty, types: &impl Hierarchy) -> bool {
    if sub == Ty::BOTTOM {
        return true;
    }
    if !sub.is_ref() || !sup.is_ref() || sub.is_nullable() && !sup.is_nullable() {
        return false;
    }
    match (sub.as_reference(), sup.as_reference()) {
        (Some(sub), Some(sup)) => types.heap_matches(sub.heap, sup.heap),
        (None, _) => true,
        (_, None) => false,
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Ty::BOTTOM => f.write_str("any value"),
            Ty::I32 => f.write_str("i32"),
            Ty::I64 => f.write_str("i64"),
            Ty::F32 => f.write_str("f32"),
            Ty::F64 => f.write_str("f64"),
            Ty::V128 => f.write_str("v128"),
            ty => match ty.as_reference() {
                Some(reference) => reference.fmt(f),
                None => f.write_str("any reference"),
            },
        }
    }
}

impl fmt::Debug for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subtype::Kind;

    /// All concrete types are function types, and none extends another.
    struct NoTypes;

    impl Hierarchy for NoTypes {
        fn kind(&self, _: u32) -> Kind {
            Kind::Func
        }

        fn extends(&self, sub: u32, sup: u32) -> bool {
            sub == sup
        }
    }

    #[test]
    fn a_reference_without_null_matches_one_with_it_and_not_the_other_way() {
        let non_null = Ty::reference(RefType { nullable: false, heap: HeapType::Func });
        assert!(matches(non_null, Ty::FUNCREF, &NoTypes));
        assert!(!matches(Ty::FUNCREF, non_null, &NoTypes));
        assert!(!matches(non_null, Ty::EXTERNREF, &NoTypes));
        let concrete = Ty::reference(RefType { nullable: true, heap: HeapType::Concrete(7) });
        assert!(matches(concrete, Ty::FUNCREF, &NoTypes));
        assert!(!matches(Ty::FUNCREF, concrete, &NoTypes));
        assert_eq!(concrete.to_string(), "(ref null 7)");
    }

    #[test]
    fn bottom_matches_everything_and_nothing_else_matches_bottom() {
        for ty in [Ty::I32, Ty::I64, Ty::F32, Ty::F64, Ty::V128, Ty::FUNCREF, Ty::EXTERNREF] {
            assert!(matches(Ty::BOTTOM, ty, &NoTypes));
            assert!(!matches(ty, Ty::BOTTOM, &NoTypes));
            assert!(matches(ty, ty, &NoTypes));
        }
        assert!(!matches(Ty::I32, Ty::I64, &NoTypes));
    }
}
