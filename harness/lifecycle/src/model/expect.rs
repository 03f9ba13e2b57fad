//! How each operation may end.

use super::objects::Used;
use super::{Expected, Model};
use crate::backend::Foreign;
use crate::op::Op;
use crate::op_outcome::{OpOutcome, Refusal, Trap};
use crate::program::Program;
use crate::word::{Allocation, EngineId, ModuleId, Rule, StoreId, Task};

const BOUND: Expected = Expected::Void("the name is bound");
const NO_ENGINE: Expected = Expected::Void("no such engine");
const NO_CACHE: Expected = Expected::Void("no such cache");
const NO_MODULE: Expected = Expected::Void("no such module");
const NO_STORE: Expected = Expected::Void("no such store");

/// `Void` unless the name is free.
macro_rules! free {
    ($table:expr, $name:expr) => {
        if $table.number($name.0).is_some() {
            return BOUND;
        }
    };
}

impl Model {
    /// How the operation may end now.
    pub fn expect(&self, op: &Op) -> Expected {
        if let Some(reason) = self.lacks(op) {
            return Expected::Unsupported(reason);
        }
        if let Op::Begin { call, .. } = op {
            free!(self.calls, call);
        }
        if let Some((instance, export)) = Model::called(op) {
            return self.expect_call(instance, export);
        }
        match op {
            Op::EngineNew { engine, .. } => {
                free!(self.engines, engine);
                Expected::is(OpOutcome::DONE)
            }
            Op::DropEngine { engine } => self.expect_drop(self.engines.number(engine.0), NO_ENGINE),
            Op::CacheNew { cache } => {
                free!(self.caches, cache);
                Expected::is(OpOutcome::DONE)
            }
            Op::CloseCache { .. } | Op::CountCache { .. } | Op::Contend { .. } => {
                self.expect_cache(op)
            }
            Op::Compile { .. }
            | Op::CloseModule { .. }
            | Op::Serialize { .. }
            | Op::Damage { .. }
            | Op::Deserialize { .. } => self.expect_module(op),
            Op::StoreNew { store, engine } => {
                free!(self.stores, store);
                self.expect_drop(self.engines.number(engine.0), NO_ENGINE)
            }
            Op::DropStore { store } => self.expect_drop(self.stores.number(store.0), NO_STORE),
            Op::IntoData { store } => match self.stores.at(store.0) {
                None => NO_STORE,
                Some(store) if store.is_busy => Expected::Void("a call is suspended in the store"),
                Some(store) => Expected::is(OpOutcome::value(i64::from(store.host_calls))),
            },
            Op::Instantiate { instance, store, module, rule } => {
                free!(self.instances, instance);
                self.expect_instance(*store, *module, *rule)
            }
            Op::DropInstance { instance } => self
                .expect_drop(self.instances.number(instance.0), Expected::Void("no such instance")),
            Op::Resume { call, answer } => match self.calls.at(call.0) {
                None => Expected::Void("no such call"),
                Some(call) => {
                    Expected::is(OpOutcome::value(i64::from(*answer) + i64::from(call.arg)))
                }
            },
            Op::Abandon { call } => {
                self.expect_drop(self.calls.number(call.0), Expected::Void("no such call"))
            }
            Op::Probe { engine } => self.expect_probe(*engine),
            _ if op.is_of_processes() => self.expect_process(op),
            _ => self.expect_threads(op),
        }
    }

    /// Why the backend cannot do this at all, if so.
    fn lacks(&self, op: &Op) -> Option<&'static str> {
        let abilities = &self.abilities;
        let (is_there, reason) = match op {
            Op::EngineNew { allocation: Allocation::Pool(_), .. } | Op::Probe { .. } => {
                (abilities.pools, "pools")
            }
            Op::CacheNew { .. }
            | Op::CloseCache { .. }
            | Op::CountCache { .. }
            | Op::Contend { .. }
            | Op::Compile { via: Some(_), .. } => (abilities.caches, "caches"),
            Op::Serialize { .. } | Op::Damage { .. } => (abilities.serialize, "serialization"),
            Op::Deserialize { .. } => (abilities.deserialize, "deserialization"),
            Op::Instantiate { rule: Rule::Guarded, .. } => (abilities.guards, "guards"),
            Op::Begin { .. } | Op::Resume { .. } | Op::Abandon { .. } => {
                (abilities.suspends, "suspended calls")
            }
            Op::Share { .. }
            | Op::Read { .. }
            | Op::DropMemory { .. }
            | Op::Spawn { .. }
            | Op::Notify { .. }
            | Op::Join { .. } => (abilities.threads, "threads"),
            _ if op.is_of_processes() => (abilities.processes, "processes"),
            _ => return None,
        };
        (!is_there).then_some(reason)
    }

    fn expect_drop(&self, number: Option<usize>, missing: Expected) -> Expected {
        if number.is_some() { Expected::is(OpOutcome::DONE) } else { missing }
    }

    fn expect_cache(&self, op: &Op) -> Expected {
        let (Op::CloseCache { cache } | Op::CountCache { cache } | Op::Contend { cache, .. }) = op
        else {
            return NO_CACHE;
        };
        let Some(cache) = self.caches.at(cache.0) else { return NO_CACHE };
        match op {
            Op::CountCache { .. } => {
                let handles: u32 = cache.artefacts.iter().map(|artefact| artefact.handles).sum();
                let held =
                    |artefact: &&super::objects::Artefact| artefact.handles + artefact.users > 0;
                let held = cache.artefacts.iter().filter(held).count();
                Expected::is(OpOutcome::Ok(vec![i64::from(handles), held as i64]))
            }
            Op::Contend { engine, .. } if self.engines.at(engine.0).is_none() => NO_ENGINE,
            _ if cache.is_closed => Expected::refused(Refusal::Closed),
            _ => Expected::is(OpOutcome::DONE),
        }
    }

    fn expect_module(&self, op: &Op) -> Expected {
        match op {
            Op::Compile { module, engine, program, via } => {
                free!(self.modules, module);
                let Some(engine) = self.engines.at(engine.0) else { return NO_ENGINE };
                if let Some(cache) = via {
                    let Some(cache) = self.caches.at(cache.0) else { return NO_CACHE };
                    if cache.is_closed {
                        return Expected::refused(Refusal::Closed);
                    }
                }
                match program {
                    program if !program.is_valid() => Expected::refused(Refusal::Rejected),
                    // An engine may see at once that its pool never has room for this.
                    Program::Huge | Program::Tabler if engine.capacity.is_some() => {
                        Expected::OneOf(vec![OpOutcome::DONE, OpOutcome::Refused(Refusal::Limit)])
                    }
                    _ => Expected::is(OpOutcome::DONE),
                }
            }
            Op::CloseModule { module } => match self.modules.at(module.0) {
                None => NO_MODULE,
                Some(module) if module.is_closed => Expected::refused(Refusal::Closed),
                Some(_) => Expected::is(OpOutcome::DONE),
            },
            Op::Serialize { artifact, module } => {
                free!(self.artifacts, artifact);
                match self.modules.at(module.0) {
                    None => NO_MODULE,
                    Some(module) if module.is_closed => Expected::refused(Refusal::Closed),
                    Some(_) => Expected::is(OpOutcome::DONE),
                }
            }
            Op::Damage { artifact, .. } => self
                .expect_drop(self.artifacts.number(artifact.0), Expected::Void("no such artifact")),
            Op::Deserialize { module, engine, artifact } => {
                free!(self.modules, module);
                if self.engines.at(engine.0).is_none() {
                    return NO_ENGINE;
                }
                match self.artifacts.at(artifact.0) {
                    None => Expected::Void("no such artifact"),
                    Some(artifact) if !artifact.damaged.is_empty() => {
                        Expected::refused(Refusal::Corrupt)
                    }
                    Some(_) => Expected::is(OpOutcome::DONE),
                }
            }
            _ => NO_MODULE,
        }
    }

    fn expect_instance(&self, store: StoreId, module: ModuleId, _rule: Rule) -> Expected {
        let Some(store_number) = self.stores.number(store.0) else { return NO_STORE };
        let Some(module) = self.modules.at(module.0) else { return NO_MODULE };
        let store = self.stores.get(store_number);
        if store.is_busy {
            return Expected::Void("a call is suspended in the store");
        }
        if module.is_closed {
            return Expected::refused(Refusal::Closed);
        }
        match self.abilities.foreign {
            _ if module.engine == store.engine => {}
            Foreign::Works => {}
            // Which of two reasons is given is for the backend to say.
            Foreign::Refused if module.program == Program::Orphan => {
                let reasons = [Refusal::Unlinkable, Refusal::Foreign];
                return Expected::OneOf(reasons.map(OpOutcome::Refused).into());
            }
            Foreign::Refused => return Expected::refused(Refusal::Foreign),
            Foreign::Unnoticed => return Expected::Void("the backend does not notice"),
        }
        if module.program == Program::Orphan {
            return Expected::refused(Refusal::Unlinkable);
        }
        if module.program == Program::Huge || !self.has_room(store.engine, module.program) {
            return Expected::refused(Refusal::Limit);
        }
        match module.program {
            Program::Starter if !self.has_stack(store_number) => Expected::refused(Refusal::Limit),
            Program::Starter => Expected::is(OpOutcome::Trap(Trap::Unreachable)),
            _ => Expected::is(OpOutcome::DONE),
        }
    }

    /// Whether the engine's pool, if it has one, has room for an instance.
    pub(super) fn has_room(&self, engine: usize, program: Program) -> bool {
        let engine = self.engines.get(engine);
        let mut used = engine.used;
        used.take(Used::by(program));
        engine.capacity.is_none_or(|capacity| {
            used.instances <= capacity && used.memories <= capacity && used.tables <= capacity
        })
    }

    fn expect_probe(&self, engine: EngineId) -> Expected {
        match self.engines.at(engine.0) {
            None => NO_ENGINE,
            Some(engine) => match engine.capacity {
                None => Expected::Void("the engine has no pool"),
                Some(_) if engine.used.most() > 0 => Expected::Void("the engine is not at rest"),
                Some(capacity) => Expected::is(OpOutcome::value(i64::from(capacity))),
            },
        }
    }

    fn expect_threads(&self, op: &Op) -> Expected {
        let no_memory = Expected::Void("no such memory");
        let no_thread = Expected::Void("no such thread");
        match op {
            Op::Share { memory, engine } => {
                free!(self.memories, memory);
                self.expect_drop(self.engines.number(engine.0), NO_ENGINE)
            }
            Op::Read { memory } => match self.memories.at(memory.0) {
                None => no_memory,
                Some(memory) if memory.threads > 0 => Expected::Void("threads write to it"),
                Some(memory) => Expected::is(OpOutcome::value(i64::from(memory.counter))),
            },
            Op::DropMemory { memory } => {
                self.expect_drop(self.memories.number(memory.0), no_memory)
            }
            Op::Spawn { thread, memory, .. } => {
                free!(self.threads, thread);
                self.expect_drop(self.memories.number(memory.0), no_memory)
            }
            Op::Notify { thread } => match self.threads.at(thread.0) {
                None => no_thread,
                Some(thread) => {
                    let wakes = thread.task == Task::Wait && !thread.was_notified;
                    Expected::is(OpOutcome::value(i64::from(wakes)))
                }
            },
            Op::Join { thread } => match self.threads.at(thread.0) {
                None => no_thread,
                Some(thread) => match thread.task {
                    Task::Wait if !thread.was_notified => Expected::Void("the thread waits"),
                    Task::Wait => Expected::is(OpOutcome::value(0)),
                    Task::Add => Expected::is(OpOutcome::value(100)),
                    Task::Trap => Expected::is(OpOutcome::Trap(Trap::Unreachable)),
                },
            },
            _ => no_thread,
        }
    }
}
