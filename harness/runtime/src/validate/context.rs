//! What a module has declared so far: the context of validation (§ valid/conventions).

use crate::config::Features;
use crate::decode::reader::{Checked, Fault, invalid};
use crate::module::ModuleData;
use crate::types::{CompositeType, GlobalType, HeapType, MemoryType, RefType, TableType, ValType};
use crate::validate::ty::{Ty, matches};
use crate::validate::typespace::{Definitions, Field, canonical};

/// A sequence of types, as a range of [`Context::packed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Types {
    start: u32,
    pub(crate) len: u32,
}

impl Types {
    /// No types.
    pub(crate) const NONE: Types = Types { start: 0, len: 0 };

    /// Where they are in [`Context::packed`].
    pub(super) fn range(self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

/// A function type or block type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signature {
    pub(crate) params: Types,
    pub(crate) results: Types,
}

/// The module as far as it has been read, with packed types beside it.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) features: Features,
    pub(crate) module: ModuleData,
    /// One per type index; without types where that is no function type.
    pub(crate) signatures: Vec<Signature>,
    pub(crate) definitions: Definitions,
    /// Type indices that may be named: in a recursive group, those up to its end.
    pub(crate) types_named_max: usize,
    /// Sequences of types; the single value types first, at their [`single`] place.
    packed: Vec<Ty>,
    /// Type and mutability of every global.
    globals: Vec<(Ty, bool)>,
    /// Functions that occur outside of function bodies (§ valid/conventions, `refs`).
    pub(crate) declared: Vec<bool>,
    /// What the data count section said.
    pub(crate) data_count: Option<u32>,
    pub(crate) global_imports: usize,
}

const SINGLES: [Ty; 7] = [Ty::I32, Ty::I64, Ty::F32, Ty::F64, Ty::V128, Ty::FUNCREF, Ty::EXTERNREF];

const MODULES: &str = "valid/modules";

impl Context {
    pub(crate) fn new(features: Features) -> Context {
        Context {
            features,
            module: ModuleData::default(),
            signatures: Vec::new(),
            definitions: Definitions::default(),
            types_named_max: 0,
            packed: SINGLES.to_vec(),
            globals: Vec::new(),
            declared: Vec::new(),
            data_count: None,
            global_imports: 0,
        }
    }

    /// The types of a sequence.
    #[inline]
    pub(crate) fn types(&self, types: Types) -> &[Ty] {
        &self.packed[types.start as usize..][..types.len as usize]
    }

    /// The type at a position of a sequence.
    #[inline]
    pub(crate) fn type_at(&self, types: Types, position: u32) -> Ty {
        self.packed[(types.start + position) as usize]
    }

    /// The sequence of one type.
    pub(crate) fn single(&mut self, ty: Ty) -> Types {
        let known = SINGLES.iter().position(|&single| single == ty);
        let start = known.unwrap_or_else(|| {
            self.packed.push(ty);
            self.packed.len() - 1
        });
        Types { start: start as u32, len: 1 }
    }

    /// Slots that values of these types take together.
    pub(crate) fn slots(&self, types: Types) -> u32 {
        self.types(types).iter().map(|ty| ty.slots()).sum()
    }

    /// Whether one sequence matches another, type by type.
    pub(crate) fn matches(&self, sub: Types, sup: Types) -> bool {
        sub == sup
            || sub.len == sup.len
                && (self.types(sub).iter().zip(self.types(sup)))
                    .all(|(&sub, &sup)| matches(sub, sup, &self.definitions))
    }

    /// Append the types from index `start` on, a recursive group that is in the
    /// module already, to what validation knows (§ valid/types, recursive types).
    pub(crate) fn add_group(&mut self, start: usize, at: usize) -> Checked<()> {
        self.definitions.identify(&mut self.module.types, start);
        let space = std::mem::take(&mut self.module.types);
        for ty in &space.types[start..] {
            let (params, results) = match &ty.composite {
                CompositeType::Func(ty) => (
                    self.pack(&ty.params, &space.canonical),
                    self.pack(&ty.results, &space.canonical),
                ),
                _ => (Types::NONE, Types::NONE),
            };
            self.signatures.push(Signature { params, results });
            self.definitions.add(&space, (params, results), at)?;
        }
        for (ty, index) in space.types[start..].iter().zip(start as u32..) {
            self.definitions.check(ty, index, &self.packed, at)?;
        }
        self.module.types = space;
        Ok(())
    }

    fn pack(&mut self, types: &[ValType], first_alike: &[u32]) -> Types {
        let start = self.packed.len() as u32;
        self.packed.extend(types.iter().map(|&ty| canonical(ty, first_alike)));
        Types { start, len: types.len() as u32 }
    }

    /// A value type as the validator compares it.
    #[inline]
    pub(crate) fn ty(&self, ty: ValType) -> Ty {
        canonical(ty, &self.module.types.canonical)
    }

    /// The type of non-null references to a type.
    pub(crate) fn concrete(&self, index: u32) -> Ty {
        let heap = HeapType::Concrete(index);
        self.ty(ValType::Ref(RefType { nullable: false, heap }))
    }

    /// Whether one type matches another.
    #[inline]
    pub(crate) fn fits(&self, sub: Ty, sup: Ty) -> bool {
        matches(sub, sup, &self.definitions)
    }

    /// Append a function to the function index space.
    pub(crate) fn add_func(&mut self, ty: u32) {
        self.module.funcs.push(ty);
        self.declared.push(false);
    }

    /// The signature at a type index.
    #[inline]
    pub(crate) fn signature(&self, index: u32, at: usize) -> Checked<Signature> {
        match self.signatures.get(index as usize) {
            Some(&signature) if self.definitions.is_func(index) => Ok(signature),
            _ => Err(self.not_of_kind("function", index, at)),
        }
    }

    /// The fields of a structure type.
    pub(crate) fn structure(&self, index: u32, at: usize) -> Checked<&[Field]> {
        match self.definitions.structure(index) {
            Some(fields) => Ok(fields),
            None => Err(self.not_of_kind("structure", index, at)),
        }
    }

    /// The elements of an array type.
    pub(crate) fn array(&self, index: u32, at: usize) -> Checked<Field> {
        match self.definitions.array(index) {
            Some(element) => Ok(element),
            None => Err(self.not_of_kind("array", index, at)),
        }
    }

    #[cold]
    fn not_of_kind(&self, kind: &'static str, index: u32, at: usize) -> Fault {
        match (index as usize) < self.signatures.len() {
            true => invalid(at, MODULES, format!("type mismatch: type {index} is no {kind} type")),
            false => unknown("type", index, at),
        }
    }

    /// The type index of a function.
    #[inline]
    pub(crate) fn func(&self, index: u32, at: usize) -> Checked<u32> {
        match self.module.funcs.get(index as usize) {
            Some(&ty) => Ok(ty),
            None => Err(unknown("function", index, at)),
        }
    }

    #[inline]
    pub(crate) fn table(&self, index: u32, at: usize) -> Checked<TableType> {
        match self.module.tables.get(index as usize) {
            Some(&table) => Ok(table),
            None => Err(unknown("table", index, at)),
        }
    }

    #[inline]
    pub(crate) fn memory(&self, index: u32, at: usize) -> Checked<&MemoryType> {
        match self.module.memories.get(index as usize) {
            Some(memory) => Ok(memory),
            None => Err(unknown("memory", index, at)),
        }
    }

    /// The types of the values that exceptions of a tag have.
    pub(crate) fn tag(&self, index: u32, at: usize) -> Checked<Types> {
        match self.module.tags.get(index as usize) {
            Some(&ty) => Ok(self.signature(ty, at)?.params),
            None => Err(unknown("tag", index, at)),
        }
    }

    /// Append a global to the global index space.
    pub(crate) fn add_global(&mut self, ty: GlobalType) {
        self.module.globals.push(ty);
        self.globals.push((self.ty(ty.value), ty.mutable));
    }

    /// Type and mutability of a global.
    #[inline]
    pub(crate) fn global(&self, index: u32, at: usize) -> Checked<(Ty, bool)> {
        match self.globals.get(index as usize) {
            Some(&global) => Ok(global),
            None => Err(unknown("global", index, at)),
        }
    }

    /// The element type of an element segment.
    pub(crate) fn elem(&self, index: u32, at: usize) -> Checked<RefType> {
        match self.module.elems.get(index as usize) {
            Some(elem) => Ok(elem.ty),
            None => Err(unknown("elem segment", index, at)),
        }
    }

    /// Note that a function occurs outside of function bodies.
    pub(crate) fn declare(&mut self, index: u32, at: usize) -> Checked<()> {
        match self.declared.get_mut(index as usize) {
            Some(declared) => {
                *declared = true;
                Ok(())
            }
            None => Err(unknown("function", index, at)),
        }
    }
}

#[cold]
pub(crate) fn unknown(what: &'static str, index: u32, at: usize) -> Fault {
    invalid(at, MODULES, format!("unknown {what} {index}"))
}
