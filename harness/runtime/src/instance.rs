//! Instances (§ exec/runtime, module instances): from indices to addresses.

use crate::handle::{Extern, Func, Global, Memory, Table, Tag};
use crate::module::{ExternKind, Module};
use crate::sync::Arc;

/// An instance of a store; cheap to clone.
#[derive(Clone, Debug)]
pub struct Instance(pub(crate) Arc<InstanceData>);

/// Addresses by index space, imports first. Nothing here ever changes; what does
/// lives in the store.
#[derive(Debug)]
pub(crate) struct InstanceData {
    /// The number of this instance in its store.
    pub(crate) index: u32,
    pub(crate) module: Module,
    /// The store's number of each of the module's types.
    pub(crate) types: Box<[u32]>,
    pub(crate) funcs: Box<[u32]>,
    pub(crate) tables: Box<[u32]>,
    pub(crate) memories: Box<[u32]>,
    pub(crate) globals: Box<[u32]>,
    pub(crate) tags: Box<[u32]>,
    /// The address of the first element segment; the others follow.
    pub(crate) elems: u32,
    /// The address of the first data segment; the others follow.
    pub(crate) datas: u32,
}

impl InstanceData {
    fn external(&self, kind: ExternKind, index: u32) -> Extern {
        let index = index as usize;
        match kind {
            ExternKind::Func => Extern::Func(Func(self.funcs[index])),
            ExternKind::Table => Extern::Table(Table(self.tables[index])),
            ExternKind::Memory => Extern::Memory(Memory(self.memories[index])),
            ExternKind::Global => Extern::Global(Global(self.globals[index])),
            ExternKind::Tag => Extern::Tag(Tag(self.tags[index])),
        }
    }
}

impl Instance {
    /// The exports by name, in the module's order.
    pub fn exports(&self) -> impl Iterator<Item = (&str, Extern)> {
        let exports = &self.0.module.0.exports;
        exports
            .iter()
            .map(|export| (export.name.as_str(), self.0.external(export.kind, export.index)))
    }

    /// The export of this name.
    pub fn export(&self, name: &str) -> Option<Extern> {
        self.exports().find(|(found, _)| *found == name).map(|(_, external)| external)
    }

    /// The exported function of this name.
    pub fn func(&self, name: &str) -> Option<Func> {
        match self.export(name)? {
            Extern::Func(func) => Some(func),
            _ => None,
        }
    }

    /// The module that this is an instance of.
    pub fn module(&self) -> &Module {
        &self.0.module
    }
}
