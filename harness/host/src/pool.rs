//! A pool of what stores need: instances, memories, tables, stacks and heaps, so many of
//! each and no more.
//!
//! Everything that is taken is a lease of the runtime's, which gives it back when it is
//! dropped: with its store, with the call whose stack it is, or on the way out of an
//! instantiation that fails half-way. Nothing has to be remembered on any path, which is
//! what report R3 is about. What comes back is cleaned before anybody can find it.
//!
//! Each kind lies on several shards ([`slots`]). A thread takes from the one that it
//! prefers, then from the others; only when all were seen empty at the same moment is
//! there nothing left.

mod config;
mod slots;
mod stats;
mod storage;

use gainsay_runtime::{Allocator, Config, Lease, LimitError, Stack, Store};

pub use config::{Capacity, PoolConfig};
pub use stats::{PoolStats, ResourceKind, ResourceStats};

use crate::defect::{Defect, planted};
use crate::sync::Arc;
use slots::Slots;
use storage::{Room, StackRoom, Token};

/// The pool; clones are the same pool. It lives as long as anything taken from it.
#[derive(Clone, Debug)]
pub struct Pool(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    config: PoolConfig,
    instances: Arc<Slots<(), Token>>,
    memories: Arc<Slots<Vec<u8>, Room>>,
    tables: Arc<Slots<Vec<u64>, Room>>,
    stacks: Arc<Slots<Stack, StackRoom>>,
    heaps: Arc<Slots<Vec<u8>, Room>>,
}

impl Pool {
    /// A pool in which nothing is used. Storage is made when it is first needed.
    pub fn new(config: PoolConfig) -> Pool {
        let PoolConfig { capacity, shards, .. } = config;
        let room = Room { resident_bytes_max: config.resident_bytes_max };
        let stack_room = StackRoom { zeroing: config.stack_zeroing };
        Pool(Arc::new(Shared {
            config,
            instances: Slots::new(ResourceKind::Instance, capacity.instances, shards, Token),
            memories: Slots::new(ResourceKind::Memory, capacity.memories, shards, room),
            tables: Slots::new(ResourceKind::Table, capacity.tables, shards, room),
            stacks: Slots::new(ResourceKind::Stack, capacity.stacks, shards, stack_room),
            heaps: Slots::new(ResourceKind::Heap, capacity.heaps, shards, room),
        }))
    }

    /// What it was made with.
    pub fn config(&self) -> &PoolConfig {
        &self.0.config
    }

    /// The pool as what a store gets its storage from.
    pub fn allocator(&self) -> Arc<dyn Allocator> {
        Arc::clone(&self.0) as Arc<dyn Allocator>
    }

    /// A store of this pool. It has taken nothing yet.
    pub fn store(&self, config: &Config) -> Store {
        Store::with_allocator(config, self.allocator())
    }

    /// What is in use, and was so far.
    pub fn stats(&self) -> PoolStats {
        let Shared { instances, memories, tables, stacks, heaps, .. } = &*self.0;
        PoolStats {
            instances: instances.stats(),
            memories: memories.stats(),
            tables: tables.stats(),
            stacks: stacks.stats(),
            heaps: heaps.stats(),
        }
    }
}

impl Allocator for Shared {
    fn instance(&self) -> Result<Lease<()>, LimitError> {
        self.instances.take(0)
    }

    fn memory(&self, bytes: u64) -> Result<Lease<Vec<u8>>, LimitError> {
        let room = self.config.memory_bytes_max;
        if bytes > room {
            if planted(Defect::RefusalKeepsSlot) {
                std::mem::forget(self.memories.take(room));
            }
            let what = format!("a memory of {bytes} bytes, where slots have {room}");
            return Err(LimitError::too_large(what));
        }
        self.memories.take(room)
    }

    fn table(&self, elements: u64) -> Result<Lease<Vec<u64>>, LimitError> {
        let room = self.config.table_elements_max;
        if elements > room {
            let what = format!("a table of {elements} elements, where slots have {room}");
            return Err(LimitError::too_large(what));
        }
        self.tables.take(room)
    }

    fn stack(&self, slots: usize) -> Result<Lease<Stack>, LimitError> {
        let room = self.config.stack_slots_max;
        if slots > room {
            let what = format!("a stack of {slots} slots, where there are {room}");
            return Err(LimitError::too_large(what));
        }
        self.stacks.take(room as u64)
    }

    fn heap(&self) -> Result<Lease<Vec<u8>>, LimitError> {
        self.heaps.take(self.config.heap_bytes_max)
    }
}
