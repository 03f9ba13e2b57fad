//! The types that a module has defined so far, as the validator asks about them
//! (§ valid/types, § valid/matching).

use std::collections::HashMap;

use crate::decode::reader::{Checked, Fault, invalid, limit};
use crate::module::TypeSpace;
use crate::subtype::{Hierarchy, Kind};
use crate::typekey::{Key, key};
use crate::types::{CompositeType, FieldType, HeapType, RefType, StorageType, SubType, ValType};
use crate::validate::context::Types;
use crate::validate::ty::{Ty, matches};

const VALID: &str = "valid/types";

/// How many types may extend each other in a row (§ js-api, limits).
const DEPTH_MAX: u32 = 63;

/// What the validator knows of each type, by index.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    infos: Vec<Info>,
    /// The fields of structures and arrays, each a range of it.
    fields: Vec<Field>,
    /// The index of the first type of each different group.
    groups: HashMap<Key, u32>,
    /// Whether any type has fields or elements.
    objects: bool,
}

/// A type.
#[derive(Clone, Copy, Debug)]
struct Info {
    kind: Kind,
    open: bool,
    /// The first of the types that are the same as the one extended.
    supertype: Option<u32>,
    /// How many types it extends in a row.
    depth: u32,
    params: Types,
    results: Types,
    fields: (u32, u32),
    /// Whether all its fields have default values.
    defaultable: bool,
}

/// A field of a structure, or the elements of an array.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// The type of its values, unpacked.
    pub(crate) ty: Ty,
    pub(crate) storage: StorageType,
    pub(crate) mutable: bool,
    /// Where it lies behind the first field, in bytes.
    pub(crate) offset: u32,
}

impl Field {
    /// Whether it has fewer bits than its values (§ syntax/types, packed types).
    pub(crate) fn is_packed(&self) -> bool {
        !matches!(self.storage, StorageType::Value(_))
    }
}

impl Hierarchy for Definitions {
    fn kind(&self, ty: u32) -> Kind {
        self.infos[ty as usize].kind
    }

    /// At most [`DEPTH_MAX`] steps up.
    fn extends(&self, sub: u32, sup: u32) -> bool {
        let mut next = Some(sub);
        while let Some(ty) = next {
            if ty == sup {
                return true;
            }
            next = self.infos[ty as usize].supertype;
        }
        false
    }
}

impl Definitions {
    /// Whether the type with this index is a function type.
    pub(crate) fn is_func(&self, index: u32) -> bool {
        self.infos[index as usize].kind == Kind::Func
    }

    /// Whether there are structure or array types.
    pub(crate) fn has_objects(&self) -> bool {
        self.objects
    }

    /// The fields of the structure type with this index, if it is one.
    #[inline]
    pub(crate) fn structure(&self, index: u32) -> Option<&[Field]> {
        let info = self.infos.get(index as usize).filter(|info| info.kind == Kind::Struct)?;
        Some(&self.fields[info.fields.0 as usize..info.fields.1 as usize])
    }

    /// The elements of the array type with this index, if it is one.
    #[inline]
    pub(crate) fn array(&self, index: u32) -> Option<Field> {
        let info = self.infos.get(index as usize).filter(|info| info.kind == Kind::Array)?;
        Some(self.fields[info.fields.0 as usize])
    }

    /// Whether structures or arrays of this type can be made without values for their
    /// fields (§ valid/types, defaultable types).
    pub(crate) fn is_defaultable(&self, index: u32) -> bool {
        self.infos[index as usize].defaultable
    }

    /// Find out which earlier types those of the group from `start` on are the same
    /// as, and note that in `space`. The index of the first one.
    pub(super) fn identify(&mut self, space: &mut TypeSpace, start: usize) -> u32 {
        let canonical = &space.canonical;
        let key = key(&space.types[start..], start as u32, |index| canonical[index as usize]);
        let first = *self.groups.entry(key).or_insert(start as u32);
        let count = (space.types.len() - start) as u32;
        space.canonical.extend(first..first + count);
        space.group_ends.push(space.types.len() as u32);
        first
    }

    /// Add the type with the next index, once it is in `space` with its group.
    pub(super) fn add(
        &mut self,
        space: &TypeSpace,
        (params, results): (Types, Types),
        at: usize,
    ) -> Checked<()> {
        let index = self.infos.len();
        let ty = &space.types[index];
        let supertype = ty.supertype.map(|index| space.canonical[index as usize]);
        let depth = supertype.map_or(0, |index| self.infos[index as usize].depth + 1);
        if depth > DEPTH_MAX {
            return Err(limit(at, format!("type {index} extends more than {DEPTH_MAX} others")));
        }
        let start = self.fields.len() as u32;
        match &ty.composite {
            CompositeType::Func(_) => {}
            CompositeType::Struct(fields) => self.add_fields(space, fields),
            CompositeType::Array(element) => self.add_fields(space, std::slice::from_ref(element)),
        }
        let fields = (start, self.fields.len() as u32);
        let kind = Kind::of(&ty.composite);
        let open = ty.open;
        let defaultable =
            self.fields[fields.0 as usize..].iter().all(|field| field.ty.is_defaultable());
        self.objects |= kind != Kind::Func;
        self.infos.push(Info {
            kind,
            open,
            supertype,
            depth,
            params,
            results,
            fields,
            defaultable,
        });
        Ok(())
    }

    fn add_fields(&mut self, space: &TypeSpace, fields: &[FieldType]) {
        let mut offset = 0;
        for FieldType { storage, mutable } in fields.iter().copied() {
            let ty = canonical(storage.unpacked(), &space.canonical);
            self.fields.push(Field { ty, storage, mutable, offset });
            offset += storage.bytes() as u32;
        }
    }

    /// § valid/types, sub types: whether a type may extend the one that it does;
    /// `packed` has the types of parameters and results.
    pub(super) fn check(&self, ty: &SubType, index: u32, packed: &[Ty], at: usize) -> Checked<()> {
        let Some(supertype) = self.infos[index as usize].supertype else { return Ok(()) };
        let (sub, sup) = (self.infos[index as usize], self.infos[supertype as usize]);
        let types = |types: Types| &packed[types.range()];
        let each = |sub: Types, sup: Types| {
            sub.len == sup.len
                && types(sub).iter().zip(types(sup)).all(|(&sub, &sup)| matches(sub, sup, self))
        };
        let fits = sup.open
            && sub.kind == sup.kind
            && each(sup.params, sub.params)
            && each(sub.results, sup.results)
            && self.fields_match(sub.fields, sup.fields);
        match fits {
            true => Ok(()),
            false => Err(mismatch(ty, index, at)),
        }
    }

    /// § valid/matching, composite types: more fields may follow.
    fn fields_match(&self, sub: (u32, u32), sup: (u32, u32)) -> bool {
        let fields = |(start, end)| &self.fields[start as usize..end as usize];
        let (sub, sup): (&[Field], &[Field]) = (fields(sub), fields(sup));
        sub.len() >= sup.len() && sub.iter().zip(sup).all(|(sub, sup)| self.field_matches(sub, sup))
    }

    /// § valid/matching, field types.
    fn field_matches(&self, sub: &Field, sup: &Field) -> bool {
        sub.mutable == sup.mutable
            && match sub.mutable {
                true => self.storage_matches(sub, sup) && self.storage_matches(sup, sub),
                false => self.storage_matches(sub, sup),
            }
    }

    /// § valid/matching, storage types.
    pub(crate) fn storage_matches(&self, sub: &Field, sup: &Field) -> bool {
        match sub.is_packed() || sup.is_packed() {
            true => sub.storage == sup.storage,
            false => matches(sub.ty, sup.ty, self),
        }
    }
}

#[cold]
fn mismatch(ty: &SubType, index: u32, at: usize) -> Fault {
    let supertype = ty.supertype.unwrap_or(index);
    invalid(at, VALID, format!("sub type {index} does not match super type {supertype}"))
}

/// A type whose index is replaced by that of the first type that is the same.
pub(super) fn canonical(ty: ValType, first_alike: &[u32]) -> Ty {
    match ty {
        ValType::Ref(RefType { nullable, heap: HeapType::Concrete(index) }) => {
            let heap = HeapType::Concrete(first_alike[index as usize]);
            Ty::reference(RefType { nullable, heap })
        }
        _ => Ty::value(ty),
    }
}
