//! Matching of reference types (§ valid/matching), the same for a module's types
//! and for a store's: they differ in what the numbers of concrete types are.

use crate::types::{CompositeType, HeapType, RefType, ValType};

/// Which composite type a concrete type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Func,
    Struct,
    Array,
}

impl Kind {
    pub(crate) fn of(composite: &CompositeType) -> Kind {
        match composite {
            CompositeType::Func(_) => Kind::Func,
            CompositeType::Struct(_) => Kind::Struct,
            CompositeType::Array(_) => Kind::Array,
        }
    }

    /// The least abstract type above all types of this kind.
    pub(crate) fn above(self) -> HeapType {
        match self {
            Kind::Func => HeapType::Func,
            Kind::Struct => HeapType::Struct,
            Kind::Array => HeapType::Array,
        }
    }

    /// The abstract type below all types of this kind.
    pub(crate) fn below(self) -> HeapType {
        match self {
            Kind::Func => HeapType::NoFunc,
            Kind::Struct | Kind::Array => HeapType::None,
        }
    }
}

/// Concrete types and how they extend each other. Equal types have equal numbers.
pub(crate) trait Hierarchy {
    /// What the type with this number is.
    fn kind(&self, ty: u32) -> Kind;

    /// Whether one type is another or declared, over any number of steps, to extend it.
    fn extends(&self, sub: u32, sup: u32) -> bool;

    /// § valid/matching, heap types.
    fn heap_matches(&self, sub: HeapType, sup: HeapType) -> bool {
        match (sub, sup) {
            (HeapType::Concrete(sub), HeapType::Concrete(sup)) => self.extends(sub, sup),
            (HeapType::Concrete(sub), sup) => abstract_matches(self.kind(sub).above(), sup),
            (sub, HeapType::Concrete(sup)) => sub == self.kind(sup).below(),
            (sub, sup) => abstract_matches(sub, sup),
        }
    }

    /// § valid/matching, reference types.
    fn ref_matches(&self, sub: RefType, sup: RefType) -> bool {
        (!sub.nullable || sup.nullable) && self.heap_matches(sub.heap, sup.heap)
    }

    /// § valid/matching, value types.
    fn val_matches(&self, sub: ValType, sup: ValType) -> bool {
        match (sub, sup) {
            (ValType::Ref(sub), ValType::Ref(sup)) => self.ref_matches(sub, sup),
            _ => sub == sup,
        }
    }

    /// The largest type that a heap type matches: which hierarchy it belongs to.
    fn top(&self, heap: HeapType) -> HeapType {
        match heap {
            HeapType::Concrete(ty) if self.kind(ty) == Kind::Func => HeapType::Func,
            HeapType::Func | HeapType::NoFunc => HeapType::Func,
            HeapType::Extern | HeapType::NoExtern => HeapType::Extern,
            HeapType::Exn | HeapType::NoExn => HeapType::Exn,
            _ => HeapType::Any,
        }
    }
}

/// § valid/matching, heap types, without concrete ones.
fn abstract_matches(sub: HeapType, sup: HeapType) -> bool {
    use HeapType::*;
    sub == sup
        || match sub {
            Eq => sup == Any,
            I31 | Struct | Array => matches!(sup, Eq | Any),
            None => matches!(sup, I31 | Struct | Array | Eq | Any),
            NoFunc => sup == Func,
            NoExtern => sup == Extern,
            NoExn => sup == Exn,
            Func | Extern | Any | Exn | Concrete(_) => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use HeapType::*;

    /// Type 1 extends type 0; 0 to 2 are structures, 3 is a function, 4 an array.
    struct Sample;

    impl Hierarchy for Sample {
        fn kind(&self, ty: u32) -> Kind {
            [Kind::Struct, Kind::Struct, Kind::Struct, Kind::Func, Kind::Array][ty as usize]
        }

        fn extends(&self, sub: u32, sup: u32) -> bool {
            sub == sup || (sub, sup) == (1, 0)
        }
    }

    /// What each heap type matches, itself apart.
    const ABOVE: [(HeapType, &[HeapType]); 17] = [
        (Func, &[]),
        (NoFunc, &[Func, Concrete(3)]),
        (Extern, &[]),
        (NoExtern, &[Extern]),
        (Any, &[]),
        (Eq, &[Any]),
        (I31, &[Eq, Any]),
        (Struct, &[Eq, Any]),
        (Array, &[Eq, Any]),
        (None, &[I31, Struct, Array, Eq, Any, Concrete(0), Concrete(1), Concrete(2), Concrete(4)]),
        (Exn, &[]),
        (NoExn, &[Exn]),
        (Concrete(0), &[Struct, Eq, Any]),
        (Concrete(1), &[Concrete(0), Struct, Eq, Any]),
        (Concrete(2), &[Struct, Eq, Any]),
        (Concrete(3), &[Func]),
        (Concrete(4), &[Array, Eq, Any]),
    ];

    #[test]
    fn heap_types_match_themselves_and_those_above_and_no_others() {
        for (sub, above) in ABOVE {
            for (sup, _) in ABOVE {
                let expected = sub == sup || above.contains(&sup);
                assert_eq!(Sample.heap_matches(sub, sup), expected, "{sub} and {sup}");
            }
        }
    }

    #[test]
    fn every_heap_type_matches_the_top_of_its_hierarchy() {
        for (heap, _) in ABOVE {
            assert!(Sample.heap_matches(heap, Sample.top(heap)), "{heap}");
        }
    }

    #[test]
    fn a_reference_matches_the_same_wider_or_nullable_type() {
        let null = |heap| RefType { nullable: true, heap };
        let some = |heap| RefType { nullable: false, heap };
        assert!(Sample.ref_matches(some(Func), RefType::FUNC));
        assert!(!Sample.ref_matches(RefType::FUNC, some(Func)));
        assert!(Sample.ref_matches(null(Concrete(3)), RefType::FUNC));
        assert!(!Sample.ref_matches(RefType::FUNC, null(Concrete(3))));
        assert!(!Sample.ref_matches(null(Concrete(0)), null(Concrete(1))));
        assert!(!Sample.ref_matches(RefType::EXTERN, RefType::FUNC));
    }
}
