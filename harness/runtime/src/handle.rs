//! Names for the objects of a store.

use crate::module::ExternKind;

/// A function of a store (§ exec/runtime, addresses).
///
/// This and the other handles are plain numbers: used with another store than
/// the one that gave them, they name something else there, or nothing (a panic).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Func(pub(crate) u32);

/// A table of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Table(pub(crate) u32);

/// A memory of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Memory(pub(crate) u32);

/// A global of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Global(pub(crate) u32);

/// A tag of a store: what tells exceptions of one kind from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tag(pub(crate) u32);

/// An exception of a store that is referred to; [`crate::Store::exception`] has its
/// tag and values. The store holds it for its user as [`crate::Object`] says; when it is
/// gone, this names nothing or a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Exn(pub(crate) u32);

/// Anything that can be imported or exported (§ exec/runtime, external values).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extern {
    /// A function.
    Func(Func),
    /// A table.
    Table(Table),
    /// A memory.
    Memory(Memory),
    /// A global.
    Global(Global),
    /// A tag.
    Tag(Tag),
}

impl Extern {
    /// What kind of thing this is.
    pub fn kind(self) -> ExternKind {
        match self {
            Extern::Func(_) => ExternKind::Func,
            Extern::Table(_) => ExternKind::Table,
            Extern::Memory(_) => ExternKind::Memory,
            Extern::Global(_) => ExternKind::Global,
            Extern::Tag(_) => ExternKind::Tag,
        }
    }
}
