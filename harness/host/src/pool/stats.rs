//! What a pool has done, and what of it is in use.

use std::fmt;

/// What a pool has so many of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceKind {
    /// Instances.
    Instance,
    /// Memories.
    Memory,
    /// Tables.
    Table,
    /// Stacks of calls.
    Stack,
    /// Heaps of structures and arrays.
    Heap,
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ResourceKind::Instance => "instances",
            ResourceKind::Memory => "memories",
            ResourceKind::Table => "tables",
            ResourceKind::Stack => "stacks",
            ResourceKind::Heap => "heaps",
        })
    }
}

/// The account of one kind. What is being taken or given back at that moment may stand
/// in one number and not yet in another; at rest `allocated - freed == held`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResourceStats {
    /// How many there are.
    pub capacity: usize,
    /// How often one was taken.
    pub allocated: u64,
    /// How often one came back.
    pub freed: u64,
    /// How many are in use.
    pub held: usize,
    /// How many were in use at the same time, at most.
    pub high_water: usize,
    /// How often there was none left.
    pub refused: usize,
}

/// The accounts of all kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolStats {
    /// Of instances.
    pub instances: ResourceStats,
    /// Of memories.
    pub memories: ResourceStats,
    /// Of tables.
    pub tables: ResourceStats,
    /// Of stacks.
    pub stacks: ResourceStats,
    /// Of heaps.
    pub heaps: ResourceStats,
}

impl PoolStats {
    /// The accounts by kind.
    pub fn kinds(&self) -> [(ResourceKind, ResourceStats); 5] {
        [
            (ResourceKind::Instance, self.instances),
            (ResourceKind::Memory, self.memories),
            (ResourceKind::Table, self.tables),
            (ResourceKind::Stack, self.stacks),
            (ResourceKind::Heap, self.heaps),
        ]
    }

    /// Whether everything came back.
    pub fn is_at_rest(&self) -> bool {
        self.kinds().iter().all(|(_, stats)| stats.held == 0 && stats.allocated == stats.freed)
    }
}
