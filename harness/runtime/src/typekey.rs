//! The identity of recursive groups of types (§ valid/conventions, rolling and
//! unrolling): two groups are the same iff their keys are.
//!
//! In a key, a type of the group itself is named by its position in the group, any
//! other by the number of the type that it is. Given that equal outer types have
//! equal numbers, equality of types is equality of words, and comparing two groups
//! takes time in proportion to their size, however deep the types they name.

use crate::types::{CompositeType, FieldType, HeapType, StorageType, SubType, ValType};

/// A group's identity.
pub(crate) type Key = Box<[u64]>;

const REF: u64 = 1 << 40;
const NULLABLE: u64 = 1 << 41;
const OUTER: u64 = 1 << 42;
const INNER: u64 = 1 << 43;
const MUTABLE: u64 = 1 << 44;
const OPEN: u64 = 1 << 45;

/// How a group names types: those from `start` on are its own, the others have
/// numbers.
struct Naming<N: Fn(u32) -> u32> {
    start: u32,
    number: N,
    words: Vec<u64>,
}

/// The key of the group `types`, the first of which has the index `start`; `number`
/// gives the number of a type before it.
pub(crate) fn key(types: &[SubType], start: u32, number: impl Fn(u32) -> u32) -> Key {
    let words = Vec::with_capacity(types.len() * 4);
    let mut naming = Naming { start, number, words };
    types.iter().for_each(|ty| naming.sub_type(ty));
    naming.words.into_boxed_slice()
}

impl<N: Fn(u32) -> u32> Naming<N> {
    fn sub_type(&mut self, ty: &SubType) {
        let open = if ty.open { OPEN } else { 0 };
        let supertype = ty.supertype.map_or(0, |index| self.concrete(index));
        self.words.extend([open, supertype]);
        match &ty.composite {
            CompositeType::Func(ty) => {
                self.words.extend([1, ty.params.len() as u64, ty.results.len() as u64]);
                for ty in ty.params.iter().chain(&ty.results) {
                    let word = self.value(*ty);
                    self.words.push(word);
                }
            }
            CompositeType::Struct(fields) => {
                self.words.extend([2, fields.len() as u64]);
                fields.iter().for_each(|field| self.field(*field));
            }
            CompositeType::Array(field) => {
                self.words.push(3);
                self.field(*field);
            }
        }
    }

    fn field(&mut self, field: FieldType) {
        let storage = match field.storage {
            StorageType::I8 => 6,
            StorageType::I16 => 7,
            StorageType::Value(ty) => self.value(ty),
        };
        self.words.push(storage | if field.mutable { MUTABLE } else { 0 });
    }

    fn concrete(&self, index: u32) -> u64 {
        match index.checked_sub(self.start) {
            Some(position) => INNER | u64::from(position),
            None => OUTER | u64::from((self.number)(index)),
        }
    }

    fn value(&self, ty: ValType) -> u64 {
        let reference = match ty {
            ValType::I32 => return 1,
            ValType::I64 => return 2,
            ValType::F32 => return 3,
            ValType::F64 => return 4,
            ValType::V128 => return 5,
            ValType::Ref(reference) => reference,
        };
        let heap = match reference.heap {
            HeapType::Func => 1,
            HeapType::NoFunc => 2,
            HeapType::Extern => 3,
            HeapType::NoExtern => 4,
            HeapType::Any => 5,
            HeapType::Eq => 6,
            HeapType::I31 => 7,
            HeapType::Struct => 8,
            HeapType::Array => 9,
            HeapType::None => 10,
            HeapType::Exn => 11,
            HeapType::NoExn => 12,
            HeapType::Concrete(index) => self.concrete(index),
        };
        REF | heap | if reference.nullable { NULLABLE } else { 0 }
    }
}
