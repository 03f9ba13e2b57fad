//! The function types of a store, each held once.
//!
//! Two types of any modules are the same type iff they got the same number, so
//! that linking and `call_indirect` compare one integer (§ valid/conventions,
//! type equivalence). A type that refers to others refers to their numbers.

use std::collections::HashMap;

use crate::sync::Arc;
use crate::types::{FuncType, HeapType, RefType, ValType};

/// Numbers of types.
#[derive(Debug, Default)]
pub(crate) struct Types {
    list: Vec<Arc<FuncType>>,
    ids: HashMap<Arc<FuncType>, u32>,
}

impl Types {
    /// The type with number `id`.
    pub(crate) fn get(&self, id: u32) -> &Arc<FuncType> {
        &self.list[id as usize]
    }

    /// The number of a type that refers to other types by the store's numbers.
    pub(crate) fn intern(&mut self, ty: &FuncType) -> u32 {
        if let Some(id) = self.ids.get(ty) {
            return *id;
        }
        let id = self.list.len() as u32;
        let ty = Arc::new(ty.clone());
        self.list.push(Arc::clone(&ty));
        self.ids.insert(ty, id);
        id
    }

    /// The numbers of a module's types, which refer to each other, and only to
    /// earlier ones, by index.
    pub(crate) fn intern_module(&mut self, types: &[FuncType]) -> Box<[u32]> {
        let mut ids = Vec::with_capacity(types.len());
        for ty in types {
            let refers = |ty: &ValType| matches!(ty, ValType::Ref(r) if r.heap.is_concrete());
            let id = if ty.params.iter().chain(&ty.results).any(refers) {
                let renamed = |types: &[ValType]| types.iter().map(|ty| ty.rename(&ids)).collect();
                let ty = FuncType { params: renamed(&ty.params), results: renamed(&ty.results) };
                self.intern(&ty)
            } else {
                self.intern(ty)
            };
            ids.push(id);
        }
        ids.into()
    }
}

impl HeapType {
    fn is_concrete(self) -> bool {
        matches!(self, HeapType::Concrete(_))
    }

    /// § valid/matching, heap types; both with the store's numbers.
    pub(crate) fn matches(self, wider: HeapType) -> bool {
        self == wider || (self.is_concrete() && wider == HeapType::Func)
    }
}

impl RefType {
    /// Replace a module's type index by the store's number for it.
    pub(crate) fn rename(self, ids: &[u32]) -> RefType {
        match self.heap {
            HeapType::Concrete(index) => {
                RefType { heap: HeapType::Concrete(ids[index as usize]), ..self }
            }
            HeapType::Func | HeapType::Extern => self,
        }
    }

    /// § valid/matching, reference types; both with the store's numbers.
    pub(crate) fn matches(self, wider: RefType) -> bool {
        self.heap.matches(wider.heap) && (!self.nullable || wider.nullable)
    }
}

impl ValType {
    /// Replace a module's type index by the store's number for it.
    pub(crate) fn rename(self, ids: &[u32]) -> ValType {
        match self {
            ValType::Ref(reference) => ValType::Ref(reference.rename(ids)),
            number => number,
        }
    }

    /// § valid/matching, value types; both with the store's numbers.
    pub(crate) fn matches(self, wider: ValType) -> bool {
        match (self, wider) {
            (ValType::Ref(reference), ValType::Ref(wider)) => reference.matches(wider),
            _ => self == wider,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(params: &[ValType]) -> FuncType {
        FuncType { params: params.into(), results: Box::default() }
    }

    fn concrete(index: u32) -> ValType {
        ValType::Ref(RefType { nullable: true, heap: HeapType::Concrete(index) })
    }

    #[test]
    fn equal_types_of_two_modules_get_one_number() {
        let mut types = Types::default();
        let first = types.intern_module(&[takes(&[ValType::I32]), takes(&[]), takes(&[])]);
        let second = types.intern_module(&[takes(&[]), takes(&[ValType::I32])]);
        assert_eq!(*first, [0, 1, 1]);
        assert_eq!(*second, [1, 0]);
    }

    #[test]
    fn types_are_compared_by_what_they_refer_to_not_by_its_index() {
        let mut types = Types::default();
        let first = types.intern_module(&[takes(&[ValType::I32]), takes(&[concrete(0)])]);
        let second =
            types.intern_module(&[takes(&[]), takes(&[ValType::I32]), takes(&[concrete(1)])]);
        let third = types.intern_module(&[takes(&[]), takes(&[concrete(0)])]);
        assert_eq!(first[1], second[2]);
        assert_ne!(first[1], third[1]);
    }

    #[test]
    fn a_reference_matches_the_same_wider_or_nullable_type() {
        let null = |heap| RefType { nullable: true, heap };
        let some = |heap| RefType { nullable: false, heap };
        assert!(some(HeapType::Func).matches(RefType::FUNC));
        assert!(!RefType::FUNC.matches(some(HeapType::Func)));
        assert!(null(HeapType::Concrete(3)).matches(RefType::FUNC));
        assert!(!RefType::FUNC.matches(null(HeapType::Concrete(3))));
        assert!(!null(HeapType::Concrete(3)).matches(null(HeapType::Concrete(4))));
        assert!(!RefType::EXTERN.matches(RefType::FUNC));
    }
}
