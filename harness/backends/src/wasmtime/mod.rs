//! wasmtime: with and without its pool, calls left suspended, stores taken apart, threads.
//!
//! It has no cache that is shared in memory, and what reads a serialized module is unsafe
//! there: that is lacking.

mod exit;
mod failure;
mod store_slot;
mod thread;

use gainsay_engines::WASMTIME_VERSION;
use gainsay_lifecycle::{
    Abilities, Accounts, Allocation, Backend, Foreign, Op, OpOutcome, Refusal, Stacks,
};
use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, Module, OptLevel, PoolingAllocationConfig, Strategy,
};

use self::store_slot::{Guest, StoreSlot, Suspended};
use self::thread::{Shared, Thread};
use crate::slots::Slots;

/// As in the programs that are too large for it.
const MEMORY_BYTES_MAX: usize = 1 << 20;

/// Enough for any program, and a page more for what wasmtime needs itself.
const STACK_BYTES: usize = 256 << 10;

pub(super) struct Wasmtime {
    id: &'static str,
    strategy: Strategy,
    engines: Slots<Engine>,
    /// Engines that were given up: their pools still have accounts.
    dropped: Vec<Engine>,
    modules: Slots<Module>,
    artifacts: Slots<Vec<u8>>,
    stores: Slots<StoreSlot>,
    guests: Slots<Guest>,
    calls: Slots<Suspended>,
    memories: Slots<Shared>,
    threads: Slots<Thread>,
    /// Threads have an engine of their own: no account of a pool is about them.
    for_threads: Option<(Engine, Module)>,
}

impl Wasmtime {
    pub(super) fn cranelift() -> Wasmtime {
        Wasmtime::new("wasmtime-cranelift", Strategy::Cranelift)
    }

    pub(super) fn winch() -> Wasmtime {
        Wasmtime::new("wasmtime-winch", Strategy::Winch)
    }

    fn new(id: &'static str, strategy: Strategy) -> Wasmtime {
        Wasmtime {
            id,
            strategy,
            engines: Slots::new("engine"),
            dropped: Vec::new(),
            modules: Slots::new("module"),
            artifacts: Slots::new("artifact"),
            stores: Slots::new("store"),
            guests: Slots::new("instance"),
            calls: Slots::new("call"),
            memories: Slots::new("memory"),
            threads: Slots::new("thread"),
            for_threads: None,
        }
    }

    fn engine(&self, allocation: Allocation) -> Result<Engine, OpOutcome> {
        let mut config = Config::new();
        config
            .strategy(self.strategy)
            .cranelift_opt_level(OptLevel::None)
            .generate_address_map(false)
            .wasm_backtrace_max_frames(None)
            .async_stack_size(STACK_BYTES)
            .max_wasm_stack(STACK_BYTES / 2);
        if let Allocation::Pool(capacity) = allocation {
            let capacity = u32::from(capacity);
            let mut pool = PoolingAllocationConfig::new();
            pool.total_core_instances(capacity)
                .total_memories(capacity)
                .total_tables(capacity)
                .total_stacks(capacity)
                .max_memory_size(MEMORY_BYTES_MAX)
                .max_tables_per_module(2)
                .table_elements(16);
            config
                .memory_reservation(MEMORY_BYTES_MAX as u64)
                .memory_guard_size(0)
                .allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        }
        Engine::new(&config).map_err(|error| OpOutcome::Broken(format!("{error:#}")))
    }

    fn make(&mut self, op: &Op) -> Result<OpOutcome, OpOutcome> {
        match op {
            Op::EngineNew { engine, allocation } => {
                let made = self.engine(*allocation)?;
                self.engines.put(engine.0, made);
            }
            Op::DropEngine { engine } => self.dropped.push(self.engines.take(engine.0)?),
            Op::Compile { module, engine, program, .. } => {
                let engine = self.engines.get(engine.0)?;
                let compiled = Module::new(engine, program.binary());
                self.modules.put(module.0, compiled.map_err(|e| failure::compilation(&e))?);
            }
            Op::CloseModule { module } => drop(self.modules.take(module.0)?),
            Op::Serialize { artifact, module } => {
                let bytes = self.modules.get(module.0)?.serialize();
                self.artifacts
                    .put(artifact.0, bytes.map_err(|e| OpOutcome::Broken(format!("{e:#}")))?);
            }
            Op::Damage { artifact, at } => {
                // Nobody reads it again.
                let artifact = self.artifacts.get_mut(artifact.0)?;
                artifact[usize::from(*at)] ^= 1;
            }
            Op::StoreNew { store, engine } => {
                let slot = StoreSlot::new(self.engines.get(engine.0)?);
                self.stores.put(store.0, slot);
            }
            Op::DropStore { store } => {
                self.guests.retain(|guest| guest.store != store.0);
                // A store in which a call is suspended is with the call.
                self.calls.retain(|call| call.store != store.0);
                drop(self.stores.take(store.0));
            }
            Op::IntoData { store } => {
                self.guests.retain(|guest| guest.store != store.0);
                return Ok(OpOutcome::value(self.stores.take(store.0)?.into_data()));
            }
            Op::DropInstance { instance } => {
                self.guests.take(instance.0)?;
            }
            _ => return self.enter(op),
        }
        Ok(OpOutcome::DONE)
    }

    fn enter(&mut self, op: &Op) -> Result<OpOutcome, OpOutcome> {
        match op {
            Op::Instantiate { instance, store, module, .. } => {
                let slot = self.stores.get_mut(store.0)?;
                let made = slot.instantiate(self.modules.get(module.0)?)?;
                self.guests.put(instance.0, Guest { store: store.0, instance: made });
                Ok(OpOutcome::DONE)
            }
            Op::Begin { call, instance, arg } => {
                let guest = self.guests.get(instance.0)?;
                let slot = self.stores.take(guest.store)?;
                match guest.begin(slot, *arg) {
                    Ok(suspended) => {
                        self.calls.put(call.0, suspended);
                        Ok(OpOutcome::Suspended)
                    }
                    Err((slot, outcome)) => {
                        self.stores.put(guest.store, slot);
                        Err(outcome)
                    }
                }
            }
            Op::Resume { call, answer } => self.end(call.0, Some(*answer)),
            Op::Abandon { call } => self.end(call.0, None),
            Op::Share { .. }
            | Op::Read { .. }
            | Op::DropMemory { .. }
            | Op::Spawn { .. }
            | Op::Notify { .. }
            | Op::Join { .. } => self.thread(op),
            _ => {
                let unknown = || OpOutcome::Broken(format!("wasmtime does not know {op}"));
                let (instance, export, arg) = op.export().ok_or_else(unknown)?;
                let guest = self.guests.get(instance.0)?;
                let slot = self.stores.get_mut(guest.store)?;
                slot.call(&guest.instance, export, arg)
            }
        }
    }

    fn end(&mut self, call: u8, answer: Option<u8>) -> Result<OpOutcome, OpOutcome> {
        let suspended = self.calls.take(call)?;
        let name = suspended.store;
        let (slot, outcome) = suspended.end(answer)?;
        self.stores.put(name, slot);
        Ok(outcome)
    }

    fn thread(&mut self, op: &Op) -> Result<OpOutcome, OpOutcome> {
        match op {
            Op::Share { memory, .. } => {
                if self.for_threads.is_none() {
                    self.for_threads = Some(thread::engine(self.strategy)?);
                }
                let Some((engine, module)) = &self.for_threads else { return Ok(OpOutcome::DONE) };
                self.memories.put(memory.0, Shared::new(engine, module)?);
                Ok(OpOutcome::DONE)
            }
            Op::Read { memory } => self.memories.get(memory.0)?.read(),
            Op::DropMemory { memory } => {
                self.memories.take(memory.0)?;
                Ok(OpOutcome::DONE)
            }
            Op::Spawn { thread, memory, task } => {
                let shared = self.memories.get(memory.0)?;
                self.threads.put(thread.0, Thread::spawn(shared, thread.0, *task)?);
                Ok(OpOutcome::DONE)
            }
            Op::Notify { thread } => self.threads.get_mut(thread.0)?.notify(),
            Op::Join { thread } => Ok(self.threads.take(thread.0)?.join()),
            _ => Ok(OpOutcome::Refused(Refusal::NoExport)),
        }
    }
}

impl Backend for Wasmtime {
    fn id(&self) -> &str {
        self.id
    }

    fn version(&self) -> &str {
        WASMTIME_VERSION
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            pools: true,
            caches: false,
            serialize: true,
            deserialize: false,
            suspends: true,
            guards: false,
            threads: true,
            processes: false,
            foreign: Foreign::Refused,
            stacks: Stacks::PerStore,
        }
    }

    fn apply(&mut self, op: &Op) -> OpOutcome {
        self.make(op).unwrap_or_else(|refused| refused)
    }

    fn rest(&mut self) -> Accounts {
        self.guests.take_all().for_each(drop);
        self.calls.take_all().for_each(drop);
        self.stores.take_all().for_each(drop);
        self.modules.take_all().for_each(drop);
        self.artifacts.take_all().for_each(drop);
        for thread in self.threads.take_all() {
            thread.end();
        }
        self.memories.take_all().for_each(drop);
        let mut accounts = Accounts::new();
        for engine in self.engines.values().chain(&self.dropped) {
            let Some(metrics) = engine.pooling_allocator_metrics() else { continue };
            for (name, held) in [
                ("instances of pools", metrics.core_instances()),
                ("memories of pools", metrics.memories() as u64),
                ("tables of pools", metrics.tables() as u64),
                ("stacks of pools", metrics.stacks() as u64),
            ] {
                *accounts.entry(name.to_owned()).or_default() += held;
            }
        }
        accounts
    }

    fn clear(&mut self) {
        self.rest();
        self.engines.take_all().for_each(drop);
        self.dropped.clear();
    }
}
