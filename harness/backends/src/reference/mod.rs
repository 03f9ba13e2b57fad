//! The reference runtime with its host: cache, disk tier, lifecycle, suspended calls, threads,
//! processes.

mod artifact;
mod guest;
mod plan;
mod process;
mod processes;
mod thread;

use std::sync::Arc;

use gainsay_host::cache::CacheError;
use gainsay_host::pool::{Pool, PoolConfig};
use gainsay_host::{CachedModule, ModuleCache, ModuleHandle};
use gainsay_lifecycle::{
    Abilities, Accounts, Allocation, Backend, Foreign, Op, OpOutcome, Program, Refusal, Stacks,
};
use gainsay_runtime::{
    Allocator, Config, ErrorKind, Limits, Module, ModuleError, SharedMemory, StackPool,
};

use self::artifact::Artifact;
use self::guest::{Guest, StoreSlot, Suspended, store_slot};
use self::processes::Processes;
use self::thread::Thread;
use crate::contention::contend;
use crate::slots::Slots;

/// A compiled module, and the program that it was compiled from: a module does not say
/// its bytes again.
struct Compiled {
    program: Program,
    source: Source,
}

/// A module, in a cache or not.
enum Source {
    Own(Module),
    Cached(ModuleHandle),
}

/// What an instance is made from: it keeps what is in a cache from being released.
enum InHand {
    Own(Module),
    Cached(CachedModule),
}

impl InHand {
    fn module(&self) -> &Module {
        match self {
            InHand::Own(module) => module,
            InHand::Cached(module) => module,
        }
    }
}

/// What an engine is here: settings, and where its stores get their storage from.
#[derive(Clone)]
struct Engine {
    config: Config,
    source: Storage,
}

#[derive(Clone)]
enum Storage {
    OnDemand(StackPool),
    Pool(Pool),
}

pub(super) struct Reference {
    engines: Slots<Engine>,
    /// Pools of all engines, those that were given up included.
    pools: Vec<Pool>,
    caches: Slots<Arc<ModuleCache>>,
    modules: Slots<Compiled>,
    artifacts: Slots<Artifact>,
    stores: Slots<StoreSlot>,
    guests: Slots<Guest>,
    calls: Slots<Suspended>,
    memories: Slots<SharedMemory>,
    threads: Slots<Thread>,
    processes: Processes,
}

impl Engine {
    fn allocator(&self) -> Arc<dyn Allocator> {
        match &self.source {
            Storage::OnDemand(stacks) => Arc::new(stacks.clone()),
            Storage::Pool(pool) => pool.allocator(),
        }
    }
}

/// Enough for any program: a pool makes stacks of the largest size.
const STACK_SLOTS: usize = 1 << 12;

/// As in the programs that are too large for it.
const MEMORY_BYTES_MAX: u64 = 1 << 20;

impl Reference {
    pub(super) fn new() -> Reference {
        Reference {
            engines: Slots::new("engine"),
            pools: Vec::new(),
            caches: Slots::new("cache"),
            modules: Slots::new("module"),
            artifacts: Slots::new("artifact"),
            stores: Slots::new("store"),
            guests: Slots::new("instance"),
            calls: Slots::new("call"),
            memories: Slots::new("memory"),
            threads: Slots::new("thread"),
            processes: Processes::new(),
        }
    }

    fn engine(&mut self, allocation: Allocation) -> Engine {
        let limits = Limits {
            memory_bytes_max: MEMORY_BYTES_MAX,
            stack_slots_max: STACK_SLOTS,
            ..Limits::default()
        };
        let source = match allocation {
            Allocation::OnDemand => Storage::OnDemand(StackPool::default()),
            Allocation::Pool(capacity) => {
                let capacity = usize::from(capacity);
                // More shards than slots: a slot may be on any of them.
                let config = PoolConfig {
                    shards: 3,
                    stack_slots_max: STACK_SLOTS,
                    ..PoolConfig::of(capacity)
                };
                Storage::Pool(Pool::new(config))
            }
        };
        if let Storage::Pool(pool) = &source {
            self.pools.push(pool.clone());
        }
        Engine { config: Config { limits, ..Config::default() }, source }
    }

    fn compile(&mut self, op: &Op) -> Result<OpOutcome, OpOutcome> {
        let Op::Compile { module, engine, program, via } = op else { return Ok(OpOutcome::DONE) };
        let config = &self.engines.get(engine.0)?.config;
        let source = match via {
            None => Module::new(config, program.binary()).map(Source::Own).map_err(rejected),
            Some(cache) => {
                let cache = self.caches.get(cache.0)?;
                cache.compile(config, program.binary()).map(Source::Cached).map_err(not_cached)
            }
        };
        self.modules.put(module.0, Compiled { program: *program, source: source? });
        Ok(OpOutcome::DONE)
    }

    fn close_module(&mut self, name: u8) -> Result<OpOutcome, OpOutcome> {
        match &self.modules.get(name)?.source {
            Source::Cached(handle) => {
                let closes = handle.close();
                Ok(if closes { OpOutcome::DONE } else { OpOutcome::Refused(Refusal::Closed) })
            }
            Source::Own(_) => {
                self.modules.take(name)?;
                Ok(OpOutcome::DONE)
            }
        }
    }

    fn in_hand(&self, name: u8) -> Result<InHand, OpOutcome> {
        match &self.modules.get(name)?.source {
            Source::Own(module) => Ok(InHand::Own(module.clone())),
            Source::Cached(handle) => {
                handle.module().map(InHand::Cached).map_err(|_| OpOutcome::Refused(Refusal::Closed))
            }
        }
    }

    fn module(&mut self, op: &Op) -> Result<OpOutcome, OpOutcome> {
        match op {
            Op::CloseModule { module } => self.close_module(module.0),
            Op::Serialize { artifact, module } => {
                self.in_hand(module.0)?;
                let program = self.modules.get(module.0)?.program;
                self.artifacts.put(artifact.0, Artifact::new(program)?);
                Ok(OpOutcome::DONE)
            }
            Op::Damage { artifact, at } => {
                self.artifacts.get_mut(artifact.0)?.damage(*at);
                Ok(OpOutcome::DONE)
            }
            Op::Deserialize { module, engine, artifact } => {
                let config = self.engines.get(engine.0)?.config;
                let artifact = self.artifacts.get(artifact.0)?;
                let compiled = Module::new(&config, &artifact.load()?).map_err(rejected)?;
                let source = Source::Own(compiled);
                self.modules.put(module.0, Compiled { program: artifact.program, source });
                Ok(OpOutcome::DONE)
            }
            _ => self.compile(op),
        }
    }

    fn cache(&mut self, op: &Op) -> Result<OpOutcome, OpOutcome> {
        match op {
            Op::CacheNew { cache } => {
                self.caches.put(cache.0, Arc::new(ModuleCache::new()));
                Ok(OpOutcome::DONE)
            }
            Op::CloseCache { cache } => {
                let closes = self.caches.get(cache.0)?.close();
                Ok(if closes { OpOutcome::DONE } else { OpOutcome::Refused(Refusal::Closed) })
            }
            Op::CountCache { cache } => {
                let cache = self.caches.get(cache.0)?;
                Ok(OpOutcome::Ok(count(cache).map(|number| number as i64).into()))
            }
            Op::Contend { cache, engine, seed } => {
                let config = self.engines.get(engine.0)?.config;
                Ok(contend(self.caches.get(cache.0)?, &config, *seed))
            }
            _ => Err(unknown(op)),
        }
    }

    fn store(&mut self, op: &Op) -> Result<OpOutcome, OpOutcome> {
        match op {
            Op::StoreNew { store, engine } => {
                let slot = store_slot(self.engines.get(engine.0)?);
                self.stores.put(store.0, slot);
                Ok(OpOutcome::DONE)
            }
            Op::DropStore { store } => {
                self.guests.retain(|guest| guest.store != store.0);
                // A store in which a call is suspended is with the call.
                self.calls.retain(|call| call.store != store.0);
                drop(self.stores.take(store.0));
                Ok(OpOutcome::DONE)
            }
            Op::IntoData { store } => {
                self.guests.retain(|guest| guest.store != store.0);
                Ok(OpOutcome::value(self.stores.take(store.0)?.into_data().calls))
            }
            Op::Instantiate { instance, store, module, rule } => {
                let module = self.in_hand(module.0)?;
                let slot = self.stores.get_mut(store.0)?;
                let guest = Guest::new(store.0, slot, module, *rule)?;
                self.guests.put(instance.0, guest);
                Ok(OpOutcome::DONE)
            }
            Op::DropInstance { instance } => {
                self.guests.take(instance.0)?;
                Ok(OpOutcome::DONE)
            }
            Op::Begin { .. } | Op::Resume { .. } | Op::Abandon { .. } => self.suspension(op),
            _ => self.call(op),
        }
    }

    fn suspension(&mut self, op: &Op) -> Result<OpOutcome, OpOutcome> {
        match op {
            Op::Begin { call, instance, arg } => {
                let guest = self.guests.get(instance.0)?;
                let name = guest.store;
                match guest.begin(self.stores.take(name)?, *arg) {
                    Ok(suspended) => {
                        self.calls.put(call.0, suspended);
                        Ok(OpOutcome::Suspended)
                    }
                    Err(refused) => {
                        let (slot, outcome) = *refused;
                        self.stores.put(name, slot);
                        Err(outcome)
                    }
                }
            }
            Op::Resume { call, answer } => {
                let call = self.calls.take(call.0)?;
                let name = call.store;
                let (slot, outcome) = call.resume(*answer);
                self.stores.put(name, slot);
                Ok(outcome)
            }
            Op::Abandon { call } => {
                let call = self.calls.take(call.0)?;
                self.stores.put(call.store, call.abandon());
                Ok(OpOutcome::DONE)
            }
            _ => Err(unknown(op)),
        }
    }

    fn call(&mut self, op: &Op) -> Result<OpOutcome, OpOutcome> {
        let Some((instance, export, arg)) = op.export() else { return Err(unknown(op)) };
        let guest = self.guests.get(instance.0)?;
        let slot = self.stores.get_mut(guest.store)?;
        Ok(guest.call(slot, export, arg))
    }

    fn thread(&mut self, op: &Op) -> Result<OpOutcome, OpOutcome> {
        match op {
            Op::Share { memory, .. } => {
                self.memories.put(memory.0, thread::memory()?);
                Ok(OpOutcome::DONE)
            }
            Op::Read { memory } => thread::read(self.memories.get(memory.0)?),
            Op::DropMemory { memory } => {
                self.memories.take(memory.0)?;
                Ok(OpOutcome::DONE)
            }
            Op::Spawn { thread, memory, task } => {
                let memory = self.memories.get(memory.0)?;
                self.threads.put(thread.0, Thread::spawn(memory, thread.0, *task)?);
                Ok(OpOutcome::DONE)
            }
            Op::Notify { thread } => self.threads.get_mut(thread.0)?.notify(),
            Op::Join { thread } => Ok(self.threads.take(thread.0)?.join()),
            _ => Err(unknown(op)),
        }
    }
}

impl Backend for Reference {
    fn id(&self) -> &str {
        "reference"
    }

    fn version(&self) -> &str {
        env!("CARGO_PKG_VERSION")
    }

    fn abilities(&self) -> Abilities {
        Abilities { foreign: Foreign::Works, stacks: Stacks::PerCall, ..Abilities::ALL }
    }

    fn apply(&mut self, op: &Op) -> OpOutcome {
        if let Some(process) = op.process() {
            return self.processes.apply(process.0, op).unwrap_or_else(|refused| refused);
        }
        let outcome = match op {
            Op::EngineNew { engine, allocation } => {
                let made = self.engine(*allocation);
                self.engines.put(engine.0, made);
                Ok(OpOutcome::DONE)
            }
            Op::DropEngine { engine } => self.engines.take(engine.0).map(|_| OpOutcome::DONE),
            Op::CacheNew { .. }
            | Op::CloseCache { .. }
            | Op::CountCache { .. }
            | Op::Contend { .. } => self.cache(op),
            Op::Compile { .. }
            | Op::CloseModule { .. }
            | Op::Serialize { .. }
            | Op::Damage { .. }
            | Op::Deserialize { .. } => self.module(op),
            Op::Share { .. }
            | Op::Read { .. }
            | Op::DropMemory { .. }
            | Op::Spawn { .. }
            | Op::Notify { .. }
            | Op::Join { .. } => self.thread(op),
            _ => self.store(op),
        };
        outcome.unwrap_or_else(|refused| refused)
    }

    fn rest(&mut self) -> Accounts {
        self.calls.take_all().for_each(drop);
        self.guests.take_all().for_each(drop);
        self.stores.take_all().for_each(drop);
        self.modules.take_all().for_each(drop);
        self.artifacts.take_all().for_each(drop);
        for thread in self.threads.take_all() {
            thread.end();
        }
        self.memories.take_all().for_each(drop);
        let left = self.processes.end_all();
        let mut accounts = Accounts::new();
        accounts.insert("threads of processes".to_owned(), left.threads);
        accounts.insert("environments of processes".to_owned(), left.resources);
        for cache in self.caches.values() {
            let [handles, modules] = count(cache);
            *accounts.entry("handles of caches".to_owned()).or_default() += handles;
            *accounts.entry("modules of caches".to_owned()).or_default() += modules;
            let bytes = cache.stats().bytes as u64;
            *accounts.entry("bytes of caches".to_owned()).or_default() += bytes;
        }
        for (kind, stats) in self.pools.iter().flat_map(|pool| pool.stats().kinds()) {
            *accounts.entry(format!("{kind} of pools")).or_default() += stats.held as u64;
            let lost = stats.allocated - stats.freed;
            *accounts.entry(format!("{kind} not put back")).or_default() += lost;
        }
        accounts
    }

    fn clear(&mut self) {
        self.rest();
        self.processes = Processes::new();
        self.pools.clear();
        self.caches.take_all().for_each(drop);
        self.engines.take_all().for_each(drop);
    }
}

/// Open handles, and modules that are not released.
fn count(cache: &ModuleCache) -> [u64; 2] {
    let stats = cache.stats();
    let opened = stats.memory.hits + stats.memory.builds;
    [opened.saturating_sub(stats.memory.closes), stats.modules as u64]
}

fn rejected(error: ModuleError) -> OpOutcome {
    match error.kind {
        ErrorKind::Malformed | ErrorKind::Invalid => OpOutcome::Refused(Refusal::Rejected),
        ErrorKind::Limit => OpOutcome::Refused(Refusal::Limit),
    }
}

fn not_cached(error: CacheError<ModuleError>) -> OpOutcome {
    match error {
        CacheError::Closed => OpOutcome::Refused(Refusal::Closed),
        CacheError::Build(error) => rejected(error),
    }
}

fn unknown(op: &Op) -> OpOutcome {
    OpOutcome::Broken(format!("the reference does not know {op}"))
}
