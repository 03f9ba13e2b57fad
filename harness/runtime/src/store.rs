//! The store: every object that instances share (§ exec/runtime, store).

use std::borrow::Cow;

use crate::allocator::Allocator;
use crate::config::{Config, Limits};
use crate::exception::Exceptions;
use crate::exec::{StackPool, SuspendedStacks};
use crate::global::GlobalInst;
use crate::handle::{Func, Global, Memory, Table, Tag};
use crate::heap::Heap;
use crate::instance::InstanceData;
use crate::intern::Types;
use crate::lease::Lease;
use crate::limit::LimitError;
use crate::memory::MemoryInst;
use crate::module::Module;
use crate::numeric::Nans;
use crate::relaxed::RelaxedChoice;
use crate::shared::SharedMemory;
use crate::subtype::Hierarchy;
use crate::sync::Arc;
use crate::table::TableInst;
use crate::types::{FuncType, GlobalType, HeapType, MemoryType, TableType, ValType};
use crate::value::Value;

/// A world of instances and what they share. All of it lives as long as the store, but
/// for structures, arrays and exceptions, which are collected ([`crate::Object`]).
///
/// Types that its methods take and give refer to other types, if at all, by the
/// store's own numbers.
#[derive(Debug)]
pub struct Store {
    pub(crate) limits: Limits,
    /// What relaxed vector operations do, while the store lives.
    pub(crate) relaxed: RelaxedChoice,
    /// Which NaNs operations result in, while the store lives.
    pub(crate) nans: Nans,
    pub(crate) types: Types,
    pub(crate) funcs: Vec<FuncInst>,
    pub(crate) tables: Vec<TableInst>,
    pub(crate) memories: Vec<MemoryInst>,
    pub(crate) globals: Vec<GlobalInst>,
    /// The store's number for the type of each tag.
    pub(crate) tags: Vec<u32>,
    pub(crate) exceptions: Exceptions,
    /// References of every instance's element segments; none in a dropped one.
    pub(crate) elems: Vec<Vec<u64>>,
    /// Whether each data segment of every instance was dropped.
    pub(crate) datas_dropped: Vec<bool>,
    pub(crate) instances: Vec<Arc<InstanceData>>,
    /// One for each of them, since users may hold instances for longer.
    pub(crate) instance_leases: Vec<Lease<()>>,
    pub(crate) heap: Heap,
    /// Stacks of activations that may hold references while others run.
    pub(crate) suspended: SuspendedStacks,
    pub(crate) fuel: u64,
    pub(crate) allocator: Arc<dyn Allocator>,
    /// What was done and could not be paid.
    pub(crate) fuel_owed: u64,
    /// Invocations that host functions under way have made, one in the other.
    pub(crate) nesting: usize,
}

/// A function (§ exec/runtime, function instances).
#[derive(Clone, Copy, Debug)]
pub(crate) struct FuncInst {
    /// The store's number for its type.
    pub(crate) ty: u32,
    pub(crate) code: FuncCode,
}

/// What a function does when called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FuncCode {
    /// Runs a body of an instance's module.
    Wasm { instance: u32, body: u32 },
    /// Asks the host.
    Host { id: u32 },
}

impl Store {
    /// An empty store with stacks of its own, and boundless fuel.
    pub fn new(config: &Config) -> Store {
        Store::with_stacks(config, &StackPool::default())
    }

    /// An empty store that takes its stacks from `stacks`: a stack costs more to
    /// make than a small module to run, so that short-lived stores share them.
    pub fn with_stacks(config: &Config, stacks: &StackPool) -> Store {
        Store::with_allocator(config, Arc::new(stacks.clone()))
    }

    /// An empty store that gets everything from `allocator`, and gives it back when it is
    /// dropped; stacks when their activations are.
    pub fn with_allocator(config: &Config, allocator: Arc<dyn Allocator>) -> Store {
        Store {
            limits: config.limits,
            relaxed: config.relaxed,
            nans: Nans::new(config.nans),
            types: Types::default(),
            funcs: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            tags: Vec::new(),
            exceptions: Exceptions::default(),
            elems: Vec::new(),
            datas_dropped: Vec::new(),
            instances: Vec::new(),
            instance_leases: Vec::new(),
            heap: Heap::new(config.limits.heap_bytes_max),
            suspended: SuspendedStacks::default(),
            fuel: u64::MAX,
            allocator,
            fuel_owed: 0,
            nesting: 0,
        }
    }

    /// How long a thread may sleep in one `memory.atomic.wait`, in nanoseconds; `u64::MAX`
    /// for ever ([`Limits::wait_ns_max`]).
    pub fn wait_ns_max(&self) -> u64 {
        self.limits.wait_ns_max
    }

    /// A host function; calls of it arrive at [`crate::Host::call`] with `id`.
    pub fn host_func(&mut self, ty: &FuncType, id: u32) -> Func {
        let ty = self.types.intern(ty);
        self.funcs.push(FuncInst { ty, code: FuncCode::Host { id } });
        Func(self.funcs.len() as u32 - 1)
    }

    /// A function type of a module as the store names it: to make a host function that
    /// the module can import.
    pub fn func_type_of(&mut self, module: &Module, ty: &FuncType) -> FuncType {
        let types = self.types.intern_module(&module.0.types);
        ty.rename(&|index| types[index as usize])
    }

    /// The type at the top of a heap type's hierarchy: `any`, `func`, `extern` or `exn`.
    pub fn top(&self, heap: HeapType) -> HeapType {
        self.types.top(heap)
    }

    /// The type of a function.
    pub fn func_type(&self, func: Func) -> &FuncType {
        self.types.get(self.funcs[func.0 as usize].ty)
    }

    /// A memory that belongs to no instance.
    ///
    /// # Errors
    /// When it is larger than the store's limits allow, or its allocator refuses.
    pub fn new_memory(&mut self, ty: MemoryType) -> Result<Memory, LimitError> {
        let memory = MemoryInst::new(ty, self.limits.memory_bytes_max, &*self.allocator)?;
        self.memories.push(memory);
        Ok(Memory(self.memories.len() as u32 - 1))
    }

    /// The type of a memory, with its current size in pages for the minimum.
    pub fn memory_type(&self, memory: Memory) -> MemoryType {
        self.memories[memory.0 as usize].current_type()
    }

    /// A memory that other stores may hold, too.
    pub fn import_shared(&mut self, shared: &SharedMemory) -> Memory {
        self.memories.push(MemoryInst::of_shared(shared.clone()));
        Memory(self.memories.len() as u32 - 1)
    }

    /// What other stores may hold of a memory: `None` if its type is not shared.
    pub fn shared_memory(&self, memory: Memory) -> Option<&SharedMemory> {
        self.memories[memory.0 as usize].shared()
    }

    /// The bytes of a memory; of a shared one, a copy of what they are now.
    pub fn memory_bytes(&self, memory: Memory) -> Cow<'_, [u8]> {
        self.memories[memory.0 as usize].snapshot()
    }

    /// The bytes of a memory, to be changed; none of a shared one, which
    /// [`Store::shared_memory`] can write.
    pub fn memory_bytes_mut(&mut self, memory: Memory) -> &mut [u8] {
        self.memories[memory.0 as usize].bytes_mut()
    }

    /// A table that belongs to no instance; all its elements are `init`.
    ///
    /// # Errors
    /// When it is larger than the store's limits allow, or its allocator refuses.
    pub fn new_table(&mut self, ty: TableType, init: Value) -> Result<Table, LimitError> {
        let elements_max = self.limits.table_elements_max;
        let table = TableInst::new(ty, init.slots()[0], elements_max, &*self.allocator)?;
        self.tables.push(table);
        Ok(Table(self.tables.len() as u32 - 1))
    }

    /// The type of a table, with its current size for the minimum.
    pub fn table_type(&self, table: Table) -> TableType {
        self.tables[table.0 as usize].current_type()
    }

    /// The number of elements of a table.
    pub fn table_size(&self, table: Table) -> u64 {
        self.tables[table.0 as usize].size()
    }

    /// An element of a table, if there are so many.
    pub fn table_get(&self, table: Table, index: u64) -> Option<Value> {
        let table = &self.tables[table.0 as usize];
        let slot = table.elements.get(usize::try_from(index).ok()?)?;
        self.heap.hold(*slot);
        Some(Value::from_slots(ValType::Ref(table.current_type().element), [*slot, 0]))
    }

    /// A global that belongs to no instance.
    pub fn new_global(&mut self, ty: GlobalType, value: Value) -> Global {
        self.globals.push(GlobalInst { ty, slots: value.slots() });
        Global(self.globals.len() as u32 - 1)
    }

    /// The type of a global.
    pub fn global_type(&self, global: Global) -> GlobalType {
        self.globals[global.0 as usize].ty
    }

    /// The value of a global.
    pub fn global_get(&self, global: Global) -> Value {
        let GlobalInst { ty, slots } = self.globals[global.0 as usize];
        if let ValType::Ref(_) = ty.value {
            self.heap.hold(slots[0]);
        }
        Value::from_slots(ty.value, slots)
    }

    /// Set a global, be it mutable or not; `false` if the value is not of its type.
    pub fn global_set(&mut self, global: Global, value: Value) -> bool {
        let fits = self.fits(value, self.global_type(global).value);
        if fits {
            self.globals[global.0 as usize].slots = value.slots();
        }
        fits
    }

    /// A tag that belongs to no instance, for exceptions with such values.
    pub fn new_tag(&mut self, params: &[ValType]) -> Tag {
        let ty = self.types.intern(&FuncType { params: params.into(), results: [].into() });
        self.tags.push(ty);
        Tag(self.tags.len() as u32 - 1)
    }

    /// The type of a tag: the parameters are the values of its exceptions.
    pub fn tag_type(&self, tag: Tag) -> &FuncType {
        self.types.get(self.tags[tag.0 as usize])
    }

    /// Whether `value` is of type `ty` (§ exec/values, with the store's types).
    pub(crate) fn fits(&self, value: Value, ty: ValType) -> bool {
        match (value, ty) {
            (Value::I32(_), ValType::I32)
            | (Value::I64(_), ValType::I64)
            | (Value::F32(_), ValType::F32)
            | (Value::F64(_), ValType::F64)
            | (Value::V128(_), ValType::V128) => true,
            (Value::Null(heap), ValType::Ref(ty)) => {
                ty.nullable && self.types.top(heap) == self.types.top(ty.heap)
            }
            (Value::Extern(_), ValType::Ref(ty)) => {
                matches!(ty.heap, HeapType::Extern | HeapType::Any)
            }
            (Value::I31(_), ValType::Ref(ty)) => self.internal_fits(HeapType::I31, ty.heap),
            (Value::Struct(object) | Value::Array(object), ValType::Ref(ty)) => {
                self.heap.is_live(object.0, &self.types)
                    && self.internal_fits(HeapType::Concrete(self.heap.ty(object.0)), ty.heap)
            }
            (Value::Exn(exn), ValType::Ref(ty)) => {
                ty.heap == HeapType::Exn && self.exceptions.get(exn.0).is_some()
            }
            (Value::Func(func), ValType::Ref(ty)) => {
                let Some(func) = self.funcs.get(func.0 as usize) else { return false };
                self.types.heap_matches(HeapType::Concrete(func.ty), ty.heap)
            }
            _ => false,
        }
    }

    /// Whether what is of the internal type `found` is of type `wanted`: also as an
    /// external reference, which `extern.convert_any` makes of it.
    fn internal_fits(&self, found: HeapType, wanted: HeapType) -> bool {
        wanted == HeapType::Extern || self.types.heap_matches(found, wanted)
    }
}
