//! The types of a store, each held once.
//!
//! Two types of any modules are the same type iff they got the same number, so
//! that linking, `call_indirect` and casts compare integers (§ valid/conventions,
//! type equivalence). A type that refers to others refers to their numbers.

use std::collections::HashMap;

use crate::heap::Layout;
use crate::module::TypeSpace;
use crate::subtype::{Hierarchy, Kind};
use crate::sync::Arc;
use crate::typekey::{Key, key};
use crate::types::{CompositeType, FuncType, HeapType, RefType, SubType, ValType};

/// Numbers of types.
#[derive(Debug, Default)]
pub(crate) struct Types {
    list: Vec<Entry>,
    /// The number of the first type of each group.
    groups: HashMap<Key, u32>,
}

/// A type of the store.
#[derive(Debug)]
struct Entry {
    kind: Kind,
    /// The types that this one extends, the most general first: a type is below
    /// another iff that stands here at the place of its own depth.
    ancestors: Box<[u32]>,
    /// The type of its functions, if it is a function type.
    func: Arc<FuncType>,
    /// How its objects are laid out, if it has any.
    layout: Layout,
}

impl Hierarchy for Types {
    fn kind(&self, ty: u32) -> Kind {
        self.list[ty as usize].kind
    }

    #[inline]
    fn extends(&self, sub: u32, sup: u32) -> bool {
        sub == sup || self.is_below(sub, sup)
    }
}

impl Types {
    /// The function type with number `id`.
    pub(crate) fn get(&self, id: u32) -> &Arc<FuncType> {
        &self.list[id as usize].func
    }

    /// How objects of the type with this number are laid out.
    #[inline(always)]
    pub(crate) fn layout(&self, id: u32) -> &Layout {
        &self.list[id as usize].layout
    }

    fn is_below(&self, sub: u32, sup: u32) -> bool {
        let depth = self.list[sup as usize].ancestors.len();
        self.list[sub as usize].ancestors.get(depth) == Some(&sup)
    }

    /// The number of a function type that refers to other types by the store's numbers.
    pub(crate) fn intern(&mut self, ty: &FuncType) -> u32 {
        let composite = CompositeType::Func(ty.clone());
        let ty = SubType { open: false, supertype: None, composite };
        self.group(std::slice::from_ref(&ty), u32::MAX, &|number| number)
    }

    /// The numbers of a module's types.
    pub(crate) fn intern_module(&mut self, space: &TypeSpace) -> Box<[u32]> {
        let mut ids: Vec<u32> = Vec::with_capacity(space.types.len());
        let mut start = 0;
        for &end in &space.group_ends {
            let range = start as usize..end as usize;
            // § binary/types: a recursive type may be of no types.
            if range.is_empty() {
                continue;
            }
            let first_alike = space.canonical[range.start];
            if first_alike == start {
                let first = self.group(&space.types[range.clone()], start, &|i| ids[i as usize]);
                ids.extend((first..).take(range.len()));
            } else {
                ids.extend_from_within(first_alike as usize..first_alike as usize + range.len());
            }
            start = end;
        }
        ids.into()
    }

    /// The number of the first type of a group.
    fn group(&mut self, types: &[SubType], start: u32, number: &dyn Fn(u32) -> u32) -> u32 {
        let key = key(types, start, number);
        if let Some(first) = self.groups.get(&key) {
            return *first;
        }
        let first = self.list.len() as u32;
        let rename = |index: u32| match index.checked_sub(start) {
            Some(position) => first + position,
            None => number(index),
        };
        for ty in types {
            let entry = self.entry(ty, &rename);
            self.list.push(entry);
        }
        self.groups.insert(key, first);
        first
    }

    fn entry(&self, ty: &SubType, rename: &dyn Fn(u32) -> u32) -> Entry {
        let mut ancestors = Vec::new();
        if let Some(supertype) = ty.supertype.map(rename) {
            ancestors.extend_from_slice(&self.list[supertype as usize].ancestors);
            ancestors.push(supertype);
        }
        let func = match &ty.composite {
            CompositeType::Func(ty) => Arc::new(ty.rename(rename)),
            CompositeType::Struct(_) | CompositeType::Array(_) => Arc::default(),
        };
        let layout = Layout::of(&ty.composite);
        Entry { kind: Kind::of(&ty.composite), ancestors: ancestors.into(), func, layout }
    }
}

impl FuncType {
    /// Replace type indices by what `name` says.
    pub(crate) fn rename(&self, name: &dyn Fn(u32) -> u32) -> FuncType {
        let renamed = |types: &[ValType]| types.iter().map(|ty| ty.rename_by(name)).collect();
        FuncType { params: renamed(&self.params), results: renamed(&self.results) }
    }
}

impl RefType {
    fn rename_by(self, name: &dyn Fn(u32) -> u32) -> RefType {
        match self.heap {
            HeapType::Concrete(index) => RefType { heap: HeapType::Concrete(name(index)), ..self },
            _ => self,
        }
    }

    /// Replace a module's type index by the store's number for it.
    pub(crate) fn rename(self, ids: &[u32]) -> RefType {
        self.rename_by(&|index| ids[index as usize])
    }
}

impl ValType {
    fn rename_by(self, name: &dyn Fn(u32) -> u32) -> ValType {
        match self {
            ValType::Ref(reference) => ValType::Ref(reference.rename_by(name)),
            number => number,
        }
    }

    /// Replace a module's type index by the store's number for it.
    pub(crate) fn rename(self, ids: &[u32]) -> ValType {
        self.rename_by(&|index| ids[index as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, Module};

    /// The numbers of the types of modules with these type definitions.
    fn numbers<const N: usize>(modules: [&str; N]) -> (Types, [Box<[u32]>; N]) {
        let mut types = Types::default();
        let ids = modules.map(|text| {
            let binary = wat::parse_str(format!("(module {text})")).unwrap();
            let module = Module::new(&Config::default(), &binary).unwrap();
            types.intern_module(&module.0.types)
        });
        (types, ids)
    }

    #[test]
    fn equal_types_of_two_modules_get_one_number() {
        let (_, [first, second]) = numbers([
            "(type (func (param i32))) (type (func)) (type (func))",
            "(type (func)) (type (func (param i32)))",
        ]);
        assert_eq!(*first, [0, 1, 1]);
        assert_eq!(*second, [1, 0]);
    }

    #[test]
    fn types_are_compared_by_what_they_refer_to_not_by_its_index() {
        let (_, [first, second, third]) = numbers([
            "(type (func (param i32))) (type (func (param (ref null 0))))",
            "(type (func)) (type (func (param i32))) (type (func (param (ref null 1))))",
            "(type (func)) (type (func (param (ref null 0))))",
        ]);
        assert_eq!(first[1], second[2]);
        assert_ne!(first[1], third[1]);
    }

    #[test]
    fn recursive_groups_are_equal_as_wholes_only() {
        let (_, [pair, same, other, single]) = numbers([
            "(rec (type $a (struct (field (ref null $b)))) (type $b (struct (field (ref null $a)))))",
            "(type (func)) (rec (type $a (struct (field (ref null $b)))) (type $b (struct (field (ref null $a)))))",
            "(rec (type $a (struct (field (ref null $a)))) (type $b (struct (field (ref null $b)))))",
            "(type $a (struct (field (ref null $a))))",
        ]);
        assert_eq!(pair[..], same[1..]);
        assert_ne!(pair[0], pair[1], "equal when unrolled, but at different places");
        assert_ne!(pair[0], other[0]);
        assert_ne!(other[0], single[0]);
    }

    #[test]
    fn subtypes_are_below_all_that_they_extend() {
        let (types, [ids]) = numbers(["(type $a (sub (struct)))
            (type $b (sub $a (struct)))
            (type $c (sub $b (struct (field i32))))
            (type $d (sub $a (struct (field i64))))"]);
        let [a, b, c, d] = *ids else { panic!("four types") };
        for (sub, sup) in [(b, a), (c, b), (c, a), (d, a), (a, a)] {
            assert!(types.extends(sub, sup));
        }
        for (sub, sup) in [(a, b), (a, c), (b, c), (d, b), (d, c), (c, d)] {
            assert!(!types.extends(sub, sup));
        }
    }
}
