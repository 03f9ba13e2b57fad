//! How large a pool is.

/// How many there are of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Instances.
    pub instances: usize,
    /// Memories, shared ones included.
    pub memories: usize,
    /// Tables.
    pub tables: usize,
    /// Stacks: calls under way, those suspended included.
    pub stacks: usize,
    /// Heaps: stores with structures or arrays.
    pub heaps: usize,
}

impl Capacity {
    /// So many of each kind; may be 0.
    pub const fn of(count: usize) -> Capacity {
        Capacity { instances: count, memories: count, tables: count, stacks: count, heaps: count }
    }
}

/// How large a pool is. What a store's own [`gainsay_runtime::Limits`] say holds beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolConfig {
    /// How many there are of each kind.
    pub capacity: Capacity,
    /// Bytes of one memory; a larger one is refused, and none grows beyond.
    pub memory_bytes_max: u64,
    /// Elements of one table; a larger one is refused, and none grows beyond.
    pub table_elements_max: u64,
    /// Slots (8 bytes each) of one stack; stores that want larger ones cannot call.
    pub stack_slots_max: usize,
    /// Bytes of the structures and arrays of one store.
    pub heap_bytes_max: u64,
    /// Bytes that an unused memory, table or heap keeps for who takes it next, who has to
    /// clear them. Larger ones go back to the system, which has cleared pages: there, what
    /// it costs follows what was used and not what was asked for.
    pub resident_bytes_max: u64,
    /// Whether stacks, too, are cleared, by giving them back to the system. No call can see
    /// what another one left there, as it writes each slot before it reads it.
    pub stack_zeroing: bool,
    /// Shards for each kind: as many as threads that take at the same time. At least one.
    pub shards: usize,
}

impl PoolConfig {
    /// So many of each kind, otherwise as is the default.
    pub fn of(count: usize) -> PoolConfig {
        PoolConfig { capacity: Capacity::of(count), ..PoolConfig::default() }
    }
}

impl Default for PoolConfig {
    fn default() -> PoolConfig {
        PoolConfig {
            capacity: Capacity::of(1000),
            memory_bytes_max: 1 << 32,
            table_elements_max: 10_000_000,
            stack_slots_max: 1 << 20,
            heap_bytes_max: 1 << 28,
            resident_bytes_max: 1 << 20,
            stack_zeroing: false,
            shards: 8,
        }
    }
}
