//! Value types as the validator compares them: one word each.

use std::fmt;

use crate::types::{AddrType, HeapType, RefType, ValType};

/// A value type or *bottom*, packed so that equal types are equal words.
///
/// References have bit 31; then bit 30 says nullable, bit 29 concrete, and the rest
/// is the type index or which abstract heap type. Other types are small numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Ty(u32);

const REF: u32 = 1 << 31;
const NULLABLE: u32 = 1 << 30;
const CONCRETE: u32 = 1 << 29;
const HEAP: u32 = CONCRETE | (CONCRETE - 1);

const FUNC: u32 = 0;
const EXTERN: u32 = 1;

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

    pub(crate) const fn reference(ty: RefType) -> Ty {
        let heap = match ty.heap {
            HeapType::Func => FUNC,
            HeapType::Extern => EXTERN,
            HeapType::Concrete(index) => CONCRETE | index,
        };
        Ty(REF | heap | if ty.nullable { NULLABLE } else { 0 })
    }

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
/// (§ valid/matching). The one place that knows about subtyping.
#[inline]
pub(crate) fn matches(sub: Ty, sup: Ty) -> bool {
    sub == sup || matches_otherwise(sub, sup)
}

#[cold]
fn matches_otherwise(sub: Ty, sup: Ty) -> bool {
    if sub == Ty::BOTTOM {
        return true;
    }
    if !sub.is_ref() || !sup.is_ref() {
        return false;
    }
    let null_fits = sub.0 & NULLABLE == 0 || sup.0 & NULLABLE != 0;
    null_fits && matches_heap(sub.heap(), sup.heap())
}

/// § valid/matching, heap types. Concrete types are function types so far.
fn matches_heap(sub: u32, sup: u32) -> bool {
    sub == sup || sub & CONCRETE != 0 && sup == FUNC
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
            Ty::FUNCREF => f.write_str("funcref"),
            Ty::EXTERNREF => f.write_str("externref"),
            Ty(bits) => {
                let null = if bits & NULLABLE != 0 { "null " } else { "" };
                match self.heap() {
                    FUNC => write!(f, "(ref {null}func)"),
                    EXTERN => write!(f, "(ref {null}extern)"),
                    heap => write!(f, "(ref {null}{})", heap & !CONCRETE),
                }
            }
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

    #[test]
    fn a_reference_without_null_matches_one_with_it_and_not_the_other_way() {
        let non_null = Ty::reference(RefType { nullable: false, heap: HeapType::Func });
        assert!(matches(non_null, Ty::FUNCREF));
        assert!(!matches(Ty::FUNCREF, non_null));
        assert!(!matches(non_null, Ty::EXTERNREF));
        let concrete = Ty::reference(RefType { nullable: true, heap: HeapType::Concrete(7) });
        assert!(matches(concrete, Ty::FUNCREF));
        assert!(!matches(Ty::FUNCREF, concrete));
        assert_eq!(concrete.to_string(), "(ref null 7)");
    }

    #[test]
    fn bottom_matches_everything_and_nothing_else_matches_bottom() {
        for ty in [Ty::I32, Ty::I64, Ty::F32, Ty::F64, Ty::V128, Ty::FUNCREF, Ty::EXTERNREF] {
            assert!(matches(Ty::BOTTOM, ty));
            assert!(!matches(ty, Ty::BOTTOM));
            assert!(matches(ty, ty));
        }
        assert!(!matches(Ty::I32, Ty::I64));
    }
}
