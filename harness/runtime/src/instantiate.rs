//! Instantiation (§ exec/modules, instantiation).

use std::fmt;

use crate::buffer;
use crate::exec::{Stop, constant};
use crate::external::ExternType;
use crate::global::GlobalInst;
use crate::handle::{Extern, Func};
use crate::host::Host;
use crate::instance::{Instance, InstanceData};
use crate::limit::LimitError;
use crate::memory::MemoryInst;
use crate::module::{ImportType, Module, SegmentMode};
use crate::refs::NULL;
use crate::store::{FuncCode, FuncInst, Store};
use crate::subtype::Hierarchy;
use crate::sync::Arc;
use crate::table::TableInst;
use crate::trap::Trap;
use crate::types::{GlobalType, MemoryType, TableType};

/// Why there is no instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstantiateError {
    /// An import is missing or of the wrong type; nothing happened.
    Unlinkable(Box<Unlinkable>),
    /// A table or memory is larger than the store allows, or its allocator has no more;
    /// nothing happened.
    Limit(LimitError),
    /// A segment did not fit or the start function did not return. What was
    /// written before stays.
    Stopped(Stop),
}

/// An import that was not satisfied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlinkable {
    /// The import's first name.
    pub module: String,
    /// The import's second name.
    pub name: String,
    /// What the module wants.
    pub expected: String,
    /// What was given, if anything.
    pub found: Option<String>,
}

impl fmt::Display for InstantiateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InstantiateError::Unlinkable(unlinkable) => unlinkable.fmt(f),
            InstantiateError::Limit(limit) => write!(f, "over the limit: {limit}"),
            InstantiateError::Stopped(stop) => stop.fmt(f),
        }
    }
}

/// Begins as the official test suite words it.
impl fmt::Display for Unlinkable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unlinkable { module, name, expected, found } = self;
        match found {
            Some(found) => write!(
                f,
                "incompatible import type: {module:?} {name:?} is {found}, not {expected}"
            ),
            None => write!(f, "unknown import: {module:?} {name:?}, {expected}"),
        }
    }
}

impl std::error::Error for InstantiateError {}

impl From<Stop> for InstantiateError {
    fn from(stop: Stop) -> InstantiateError {
        InstantiateError::Stopped(stop)
    }
}

impl From<Trap> for InstantiateError {
    fn from(trap: Trap) -> InstantiateError {
        InstantiateError::Stopped(Stop::Trap(trap))
    }
}

impl Store {
    /// Instantiate a module with one external value per import, in order;
    /// `host` serves the calls that its start function makes.
    ///
    /// # Errors
    /// [`InstantiateError`]. After [`InstantiateError::Stopped`] functions of the
    /// instance may live on in tables that it wrote.
    pub fn instantiate(
        &mut self,
        module: &Module,
        imports: &[Extern],
        host: &mut dyn Host,
    ) -> Result<Instance, InstantiateError> {
        let (instance, start) = self.instantiate_unstarted(module, imports)?;
        if let Some(start) = start {
            self.invoke(start, &[], host)?;
        }
        Ok(instance)
    }

    /// All of [`Store::instantiate`] but the start function, which is given back: for who
    /// drives it as an [`crate::Activation`]. Nothing of the instance is to be called
    /// before that has returned (§ exec/modules, instantiation, the last steps).
    ///
    /// # Errors
    /// As [`Store::instantiate`].
    pub fn instantiate_unstarted(
        &mut self,
        module: &Module,
        imports: &[Extern],
    ) -> Result<(Instance, Option<Func>), InstantiateError> {
        let types = self.types.intern_module(&module.0.types);
        self.link(module, &types, imports)?;
        let instance = self.allocate(module, types, imports)?;
        self.initialize_globals(&instance)?;
        self.initialize_tables(&instance)?;
        self.initialize_elems(&instance)?;
        self.run_elems(&instance)?;
        self.run_datas(&instance)?;
        let start = module.0.start.map(|start| Func(instance.funcs[start as usize]));
        Ok((Instance(instance), start))
    }

    /// Check that the external values are of the types that the imports want.
    fn link(
        &self,
        module: &Module,
        types: &[u32],
        imports: &[Extern],
    ) -> Result<(), InstantiateError> {
        for (position, import) in module.0.imports.iter().enumerate() {
            let given = imports.get(position).copied();
            if given.is_some_and(|given| self.satisfies(given, &import.ty, types)) {
                continue;
            }
            let found = given.map(|given| self.extern_type(given).to_string());
            return Err(InstantiateError::Unlinkable(Box::new(Unlinkable {
                module: import.module.clone(),
                name: import.name.clone(),
                expected: module.0.import_type(&import.ty).to_string(),
                found,
            })));
        }
        Ok(())
    }

    /// § valid/matching, external types.
    fn satisfies(&self, given: Extern, wanted: &ImportType, types: &[u32]) -> bool {
        let wanted = match *wanted {
            ImportType::Func(index) => {
                let Extern::Func(func) = given else { return false };
                return self.types.extends(self.funcs[func.0 as usize].ty, types[index as usize]);
            }
            ImportType::Tag(index) => {
                let Extern::Tag(tag) = given else { return false };
                return self.tags[tag.0 as usize] == types[index as usize];
            }
            ImportType::Table(ty) => ExternType::Table(rename_table(ty, types)),
            ImportType::Memory(ty) => ExternType::Memory(ty),
            ImportType::Global(ty) => ExternType::Global(rename_global(ty, types)),
        };
        given.kind() == wanted.kind() && self.extern_type(given).matches(&wanted, &self.types)
    }

    /// The type of an external value; tables and memories with their current size.
    pub fn extern_type(&self, external: Extern) -> ExternType {
        match external {
            Extern::Func(func) => ExternType::Func(self.func_type(func).clone()),
            Extern::Table(table) => ExternType::Table(self.table_type(table)),
            Extern::Memory(memory) => ExternType::Memory(self.memory_type(memory)),
            Extern::Global(global) => ExternType::Global(self.global_type(global)),
            Extern::Tag(tag) => ExternType::Tag(self.tag_type(tag).clone()),
        }
    }

    /// § exec/modules, `allocmodule`: make the objects, with null and 0 in them.
    /// What may fail comes first, so that then there is nothing to undo.
    fn allocate(
        &mut self,
        module: &Module,
        types: Box<[u32]>,
        imports: &[Extern],
    ) -> Result<Arc<InstanceData>, InstantiateError> {
        let data = &*module.0;
        let mut spaces = Spaces::of_imports(&imports[..data.imports.len()]);
        let lease = self.allocator.instance().map_err(InstantiateError::Limit)?;
        let memories = self.new_memories(&data.memories[spaces.memories.len()..])?;
        let tables = self.new_tables(&data.tables[spaces.tables.len()..], &types)?;
        extend(&mut spaces.memories, &mut self.memories, memories);
        extend(&mut spaces.tables, &mut self.tables, tables);
        let index = self.instances.len() as u32;
        let funcs = data.funcs[spaces.funcs.len()..].iter().zip(0..).map(|(ty, body)| FuncInst {
            ty: types[*ty as usize],
            code: FuncCode::Wasm { instance: index, body },
        });
        extend(&mut spaces.funcs, &mut self.funcs, funcs);
        let globals = data.globals[spaces.globals.len()..]
            .iter()
            .map(|ty| GlobalInst { ty: rename_global(*ty, &types), slots: [0; 2] });
        extend(&mut spaces.globals, &mut self.globals, globals);
        let tags = data.tags[spaces.tags.len()..].iter().map(|ty| types[*ty as usize]);
        extend(&mut spaces.tags, &mut self.tags, tags);
        let instance = Arc::new(InstanceData {
            index,
            module: module.clone(),
            funcs: spaces.funcs.into(),
            tables: spaces.tables.into(),
            memories: spaces.memories.into(),
            globals: spaces.globals.into(),
            tags: spaces.tags.into(),
            types,
            elems: self.elems.len() as u32,
            datas: self.datas_dropped.len() as u32,
        });
        self.elems.resize(self.elems.len() + data.elems.len(), Vec::new());
        self.datas_dropped.resize(self.datas_dropped.len() + data.datas.len(), false);
        self.instances.push(Arc::clone(&instance));
        self.instance_leases.push(lease);
        Ok(instance)
    }

    fn new_memories(&self, types: &[MemoryType]) -> Result<Vec<MemoryInst>, InstantiateError> {
        let new = |ty: &MemoryType| {
            MemoryInst::new(*ty, self.limits.memory_bytes_max, &*self.allocator)
                .map_err(InstantiateError::Limit)
        };
        types.iter().map(new).collect()
    }

    fn new_tables(
        &self,
        types: &[TableType],
        ids: &[u32],
    ) -> Result<Vec<TableInst>, InstantiateError> {
        let new = |ty: &TableType| {
            let ty = rename_table(*ty, ids);
            TableInst::new(ty, NULL, self.limits.table_elements_max, &*self.allocator)
                .map_err(InstantiateError::Limit)
        };
        types.iter().map(new).collect()
    }

    /// In order, since each may refer to those before it.
    fn initialize_globals(&mut self, instance: &Arc<InstanceData>) -> Result<(), Stop> {
        let data = &*instance.module.0;
        let imported = data.globals.len() - data.global_inits.len();
        for (init, address) in data.global_inits.iter().zip(&instance.globals[imported..]) {
            let slots = constant(self, instance, init)?;
            self.globals[*address as usize].slots = slots;
        }
        Ok(())
    }

    fn initialize_tables(&mut self, instance: &Arc<InstanceData>) -> Result<(), Stop> {
        let data = &*instance.module.0;
        let imported = data.tables.len() - data.table_inits.len();
        for (init, address) in data.table_inits.iter().zip(&instance.tables[imported..]) {
            let [slot, _] = constant(self, instance, init)?;
            if slot != NULL {
                self.tables[*address as usize].elements.fill(slot);
            }
        }
        Ok(())
    }

    /// The references of all segments; declarative ones are dropped at once.
    fn initialize_elems(&mut self, instance: &Arc<InstanceData>) -> Result<(), Stop> {
        for (segment, address) in instance.module.0.elems.iter().zip(instance.elems as usize..) {
            if matches!(segment.mode, SegmentMode::Declarative) {
                continue;
            }
            self.elems[address].reserve_exact(segment.items.len());
            for item in &segment.items {
                // At once in the segment, where a collection finds it.
                let [reference, _] = constant(self, instance, item)?;
                self.elems[address].push(reference);
            }
        }
        Ok(())
    }

    /// § exec/modules, `runelem`: active element segments, in order; then they are dropped.
    fn run_elems(&mut self, instance: &Arc<InstanceData>) -> Result<(), Stop> {
        for (segment, address) in instance.module.0.elems.iter().zip(instance.elems as usize..) {
            let SegmentMode::Active { index, offset } = &segment.mode else { continue };
            let [offset, _] = constant(self, instance, offset)?;
            let references = std::mem::take(&mut self.elems[address]);
            let table = &mut self.tables[instance.tables[*index as usize] as usize];
            let count = references.len() as u64;
            let span = buffer::span(table.elements.len(), offset, count);
            let span = span.ok_or(Stop::Trap(Trap::TableOutOfBounds))?;
            table.elements[span].copy_from_slice(&references);
        }
        Ok(())
    }

    /// § exec/modules, `rundata`: active data segments, in order.
    fn run_datas(&mut self, instance: &Arc<InstanceData>) -> Result<(), Stop> {
        for (segment, address) in instance.module.0.datas.iter().zip(instance.datas as usize..) {
            let SegmentMode::Active { index, offset } = &segment.mode else { continue };
            let [offset, _] = constant(self, instance, offset)?;
            let memory = &mut self.memories[instance.memories[*index as usize] as usize];
            if !memory.write(offset, &segment.bytes) {
                return Err(Stop::Trap(Trap::MemoryOutOfBounds));
            }
            self.datas_dropped[address] = true;
        }
        Ok(())
    }
}

/// Index spaces under construction.
#[derive(Default)]
struct Spaces {
    funcs: Vec<u32>,
    tables: Vec<u32>,
    memories: Vec<u32>,
    globals: Vec<u32>,
    tags: Vec<u32>,
}

impl Spaces {
    fn of_imports(imports: &[Extern]) -> Spaces {
        let mut spaces = Spaces::default();
        for import in imports {
            match import {
                Extern::Func(func) => spaces.funcs.push(func.0),
                Extern::Table(table) => spaces.tables.push(table.0),
                Extern::Memory(memory) => spaces.memories.push(memory.0),
                Extern::Global(global) => spaces.globals.push(global.0),
                Extern::Tag(tag) => spaces.tags.push(tag.0),
            }
        }
        spaces
    }
}

/// Add `objects` to the store's, and their addresses to an index space.
fn extend<T>(space: &mut Vec<u32>, all: &mut Vec<T>, objects: impl IntoIterator<Item = T>) {
    let first = all.len() as u32;
    all.extend(objects);
    space.extend(first..all.len() as u32);
}

fn rename_table(ty: TableType, ids: &[u32]) -> TableType {
    TableType { element: ty.element.rename(ids), ..ty }
}

fn rename_global(ty: GlobalType, ids: &[u32]) -> GlobalType {
    GlobalType { value: ty.value.rename(ids), ..ty }
}
