//! What should happen: a sequential account of all objects.
//!
//! The model shares nothing with what it judges but the list of operations. It says of each
//! operation how it may end ([`Model::expect`]), and is told how it did ([`Model::commit`]).

mod calls;
mod commit;
mod expect;
mod guest;
mod interleavings;
mod objects;
mod process;
mod role;

use crate::backend::{Abilities, Accounts};
use crate::op::Op;
use crate::op_outcome::{OpOutcome, Refusal};
use crate::word::{
    ArtifactId, CacheId, CallId, EngineId, InstanceId, MemoryId, ModuleId, ProcessId, StoreId,
    ThreadId,
};

use self::objects::{
    Artifact, Cache, Call, Engine, Instance, Memory, Module, Names, Store, Table, Thread,
};
use self::process::Process;

/// How an operation may end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It has no meaning here: a name is not bound, or bound already. Nothing is done.
    Void(&'static str),
    /// The backend has nothing of the kind. Nothing is done.
    Unsupported(&'static str),
    /// In one of these ways, the first one usually.
    OneOf(Vec<OpOutcome>),
    /// In one of these ways; which one is for threads of the host to decide.
    Raced(Vec<OpOutcome>),
}

impl Expected {
    fn is(outcome: OpOutcome) -> Expected {
        Expected::OneOf(vec![outcome])
    }

    fn refused(refusal: Refusal) -> Expected {
        Expected::is(OpOutcome::Refused(refusal))
    }

    /// One of these ways, by a race if there are several.
    fn raced(ways: Vec<OpOutcome>) -> Expected {
        if ways.len() > 1 { Expected::Raced(ways) } else { Expected::OneOf(ways) }
    }

    /// In which ways it may end; none if it is not done.
    pub fn ways(&self) -> &[OpOutcome] {
        match self {
            Expected::OneOf(ways) | Expected::Raced(ways) => ways,
            Expected::Void(_) | Expected::Unsupported(_) => &[],
        }
    }

    /// The usual way, if it is done at all.
    pub fn usual(&self) -> Option<&OpOutcome> {
        self.ways().first()
    }
}

/// The objects of a sequence, as they should be.
#[derive(Clone, Debug)]
pub struct Model {
    abilities: Abilities,
    engines: Table<Engine>,
    caches: Table<Cache>,
    modules: Table<Module>,
    artifacts: Table<Artifact>,
    stores: Table<Store>,
    instances: Table<Instance>,
    calls: Table<Call>,
    memories: Table<Memory>,
    threads: Table<Thread>,
    processes: Table<Process>,
}

impl Model {
    /// Before the first operation.
    pub fn new(abilities: Abilities) -> Model {
        Model {
            abilities,
            engines: Table::default(),
            caches: Table::default(),
            modules: Table::default(),
            artifacts: Table::default(),
            stores: Table::default(),
            instances: Table::default(),
            calls: Table::default(),
            memories: Table::default(),
            threads: Table::default(),
            processes: Table::default(),
        }
    }

    /// The program that an operation is about, if it is about one.
    pub fn program(&self, op: &Op) -> Option<crate::Program> {
        let of_instance = |id: &InstanceId| Some(self.instances.at(id.0)?.program);
        match op {
            Op::Compile { program, .. } => Some(*program),
            Op::Instantiate { module, .. } | Op::CloseModule { module } => {
                Some(self.modules.at(module.0)?.program)
            }
            Op::Bump { instance }
            | Op::Pick { instance, .. }
            | Op::Grow { instance, .. }
            | Op::Trap { instance, .. }
            | Op::Run { instance }
            | Op::Initialize { instance }
            | Op::ProcExit { instance, .. } => of_instance(instance),
            _ => None,
        }
    }

    /// Names of each kind that are bound, for the generator.
    pub(crate) fn bound(&self) -> Names {
        Names {
            engines: self.engines.names().map(EngineId).collect(),
            caches: self.caches.names().map(CacheId).collect(),
            modules: self.modules.names().map(ModuleId).collect(),
            artifacts: self.artifacts.names().map(ArtifactId).collect(),
            stores: self.stores.names().map(StoreId).collect(),
            instances: self.instances.names().map(InstanceId).collect(),
            calls: self.calls.names().map(CallId).collect(),
            memories: self.memories.names().map(MemoryId).collect(),
            threads: self.threads.names().map(ThreadId).collect(),
            processes: self.processes.names().map(ProcessId).collect(),
        }
    }
}

impl Model {
    /// The engines with pools that can still be named, with their capacities.
    pub(crate) fn pools(&self) -> Vec<(EngineId, i64)> {
        let pool = |name: u8| {
            let capacity = self.engines.at(name)?.capacity?;
            Some((EngineId(name), i64::from(capacity)))
        };
        self.engines.names().filter_map(pool).collect()
    }
}

impl Model {
    /// Everything but engines and caches is given up.
    pub(crate) fn end_all(&mut self) {
        let bound = self.bound();
        let stores = bound.stores.into_iter().map(|store| Op::DropStore { store });
        let modules = bound.modules.into_iter().map(|module| Op::CloseModule { module });
        for op in stores.chain(modules) {
            if let Some(outcome) = self.expect(&op).usual().cloned() {
                self.commit(&op, &outcome);
            }
        }
    }

    /// What is held.
    pub(crate) fn accounts(&self) -> Accounts {
        let mut accounts = Accounts::new();
        let mut add = |name: &str, number: u32| {
            *accounts.entry(name.to_owned()).or_default() += u64::from(number);
        };
        for engine in self.engines.bound() {
            add("instances of pools", engine.used.instances);
            add("memories of pools", engine.used.memories);
            add("tables of pools", engine.used.tables);
            add("stacks of pools", engine.used.stacks);
        }
        for artefact in self.caches.bound().flat_map(|cache| &cache.artefacts) {
            add("handles of caches", artefact.handles);
            add("modules of caches", u32::from(artefact.users > 0));
        }
        accounts
    }
}
