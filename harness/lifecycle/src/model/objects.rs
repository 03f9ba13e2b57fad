//! The model's objects.

use std::collections::{BTreeMap, BTreeSet};

use crate::program::Program;
use crate::word::{
    ArtifactId, CacheId, CallId, EngineId, InstanceId, MemoryId, ModuleId, ProcessId, Rule,
    StoreId, Task, ThreadId,
};

/// Objects that were ever made, and the names of those that can still be named. An object
/// outlives its name where others hold on to it.
#[derive(Clone, Debug)]
pub(super) struct Table<T> {
    objects: Vec<T>,
    names: BTreeMap<u8, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table { objects: Vec::new(), names: BTreeMap::new() }
    }
}

impl<T> Table<T> {
    pub(super) fn number(&self, name: u8) -> Option<usize> {
        self.names.get(&name).copied()
    }

    pub(super) fn at(&self, name: u8) -> Option<&T> {
        self.objects.get(self.number(name)?)
    }

    pub(super) fn at_mut(&mut self, name: u8) -> Option<&mut T> {
        let number = self.number(name)?;
        self.objects.get_mut(number)
    }

    pub(super) fn get(&self, number: usize) -> &T {
        &self.objects[number]
    }

    pub(super) fn get_mut(&mut self, number: usize) -> &mut T {
        &mut self.objects[number]
    }

    pub(super) fn bind(&mut self, name: u8, object: T) {
        self.objects.push(object);
        self.names.insert(name, self.objects.len() - 1);
    }

    /// The name is free again; what it was bound to.
    pub(super) fn unbind(&mut self, name: u8) -> Option<usize> {
        self.names.remove(&name)
    }

    /// The names of such objects are free again.
    pub(super) fn unbind_all(&mut self, mut is_wanted: impl FnMut(&T) -> bool) {
        self.names.retain(|_, number| !is_wanted(&self.objects[*number]));
    }

    pub(super) fn names(&self) -> impl Iterator<Item = u8> {
        self.names.keys().copied()
    }

    /// The objects that have names.
    pub(super) fn bound(&self) -> impl Iterator<Item = &T> {
        self.names.values().map(|number| &self.objects[*number])
    }
}

/// Bound names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) engines: Vec<EngineId>,
    pub(crate) caches: Vec<CacheId>,
    pub(crate) modules: Vec<ModuleId>,
    pub(crate) artifacts: Vec<ArtifactId>,
    pub(crate) stores: Vec<StoreId>,
    pub(crate) instances: Vec<InstanceId>,
    pub(crate) calls: Vec<CallId>,
    pub(crate) memories: Vec<MemoryId>,
    pub(crate) threads: Vec<ThreadId>,
    pub(crate) processes: Vec<ProcessId>,
}

#[derive(Clone, Debug)]
pub(super) struct Engine {
    /// How many there are of each kind; `None` without a pool.
    pub(super) capacity: Option<u32>,
    pub(super) used: Used,
}

/// What is taken from a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Used {
    pub(super) instances: u32,
    pub(super) memories: u32,
    pub(super) tables: u32,
    pub(super) stacks: u32,
}

impl Used {
    pub(super) fn give_back(&mut self, other: Used) {
        self.instances -= other.instances;
        self.memories -= other.memories;
        self.tables -= other.tables;
        self.stacks -= other.stacks;
    }

    pub(super) fn take(&mut self, other: Used) {
        self.instances += other.instances;
        self.memories += other.memories;
        self.tables += other.tables;
        self.stacks += other.stacks;
    }

    pub(super) fn most(&self) -> u32 {
        self.instances.max(self.memories).max(self.tables).max(self.stacks)
    }

    /// What an instance of this program takes.
    pub(super) fn by(program: Program) -> Used {
        let tables = match program {
            Program::Tabler => 2,
            other => u32::from(other.is_common()),
        };
        Used { instances: 1, memories: u32::from(program.is_common()), tables, stacks: 0 }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Cache {
    pub(super) is_closed: bool,
    /// What look-ups find, by engine settings (all alike) and program: number of the
    /// artefact.
    pub(super) present: BTreeMap<Program, usize>,
    /// The artefacts, with what holds them.
    pub(super) artefacts: Vec<Artefact>,
}

/// Something that a cache has compiled.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Artefact {
    pub(super) handles: u32,
    /// Instances, counted by what they were made in: stores that are not dropped.
    pub(super) users: u32,
}

/// A module in a cache: numbers of the cache and of its artefact.
pub(super) type Cached = (usize, usize);

#[derive(Clone, Debug)]
pub(super) struct Module {
    pub(super) engine: usize,
    pub(super) program: Program,
    pub(super) cached: Option<Cached>,
    pub(super) is_closed: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Artifact {
    pub(super) engine: usize,
    pub(super) program: Program,
    /// The bytes that were changed: changed twice alike, it is whole again.
    pub(super) damaged: BTreeSet<u8>,
}

#[derive(Clone, Debug)]
pub(super) struct Store {
    pub(super) engine: usize,
    pub(super) used: Used,
    /// Whether a function that suspends was ever made in it.
    pub(super) is_async: bool,
    /// Calls of host functions.
    pub(super) host_calls: u32,
    /// The call that is suspended in it.
    pub(super) is_busy: bool,
    /// What its instances hold in caches.
    pub(super) uses: Vec<Cached>,
}

/// Where a guarded instance is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Fresh,
    Ready,
    Finished,
    Poisoned,
}

#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub(super) store: usize,
    pub(super) program: Program,
    pub(super) rule: Rule,
    pub(super) phase: Phase,
    /// How often what counts was called.
    pub(super) bumps: u32,
    pub(super) pages: u32,
    /// Numbers of pages whose end was written.
    pub(super) written: BTreeSet<u32>,
    /// Whether `_start` was entered: one program minds.
    pub(super) was_started: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) store: usize,
    pub(super) instance: usize,
    pub(super) arg: u8,
}

#[derive(Clone, Debug)]
pub(super) struct Memory {
    /// Threads that are not joined.
    pub(super) threads: u32,
    pub(super) counter: u32,
}

#[derive(Clone, Debug)]
pub(super) struct Thread {
    pub(super) memory: usize,
    pub(super) task: Task,
    pub(super) was_notified: bool,
}
