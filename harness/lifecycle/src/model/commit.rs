//! What each operation changes.

use std::collections::BTreeSet;

use super::Model;
use super::objects::{
    Artefact, Artifact, Cache, Call, Engine, Instance, Memory, Module, Store, Thread, Used,
};
use crate::backend::Stacks;
use crate::op::Op;
use crate::op_outcome::{OpOutcome, Refusal};
use crate::program::Program;
use crate::word::{Allocation, Task};

impl Model {
    /// The operation was carried out and ended so, which is one of the ways that were
    /// expected.
    pub fn commit(&mut self, op: &Op, outcome: &OpOutcome) {
        if let Some((instance, export)) = Model::called(op) {
            self.commit_call(instance, export, outcome);
        }
        match op {
            Op::Compile { .. }
            | Op::CloseModule { .. }
            | Op::Serialize { .. }
            | Op::Damage { .. }
            | Op::Deserialize { .. } => self.commit_module(op, outcome),
            Op::Instantiate { .. } => self.commit_instance(op, outcome),
            Op::Begin { .. } | Op::Resume { .. } | Op::Abandon { .. } => {
                self.commit_suspension(op, outcome);
            }
            Op::EngineNew { engine, allocation } => {
                let capacity = match allocation {
                    Allocation::OnDemand => None,
                    Allocation::Pool(capacity) => Some(u32::from(*capacity)),
                };
                self.engines.bind(engine.0, Engine { capacity, used: Used::default() });
            }
            Op::DropEngine { engine } => {
                self.engines.unbind(engine.0);
            }
            Op::CacheNew { cache } => {
                self.caches.bind(cache.0, Cache::default());
            }
            Op::CloseCache { cache } => {
                if let Some(cache) = self.caches.at_mut(cache.0) {
                    cache.is_closed = true;
                }
            }
            Op::StoreNew { store, engine } => {
                let Some(engine) = self.engines.number(engine.0) else { return };
                let object = Store {
                    engine,
                    used: Used::default(),
                    is_async: false,
                    host_calls: 0,
                    is_busy: false,
                    uses: Vec::new(),
                };
                self.stores.bind(store.0, object);
            }
            Op::DropStore { store } | Op::IntoData { store } => self.end_store(store.0),
            Op::DropInstance { instance } => {
                self.instances.unbind(instance.0);
            }
            _ if op.is_of_processes() => self.commit_process(op, outcome),
            _ => self.commit_threads(op),
        }
    }

    fn commit_module(&mut self, op: &Op, outcome: &OpOutcome) {
        match op {
            Op::Compile { module, engine, program, via } if *outcome == OpOutcome::DONE => {
                let Some(engine) = self.engines.number(engine.0) else { return };
                let cached = via.and_then(|cache| self.look_up(cache.0, *program));
                let object = Module { engine, program: *program, cached, is_closed: false };
                self.modules.bind(module.0, object);
            }
            Op::CloseModule { module } if *outcome == OpOutcome::DONE => {
                let Some(object) = self.modules.at_mut(module.0) else { return };
                let Some((cache, artefact)) = object.cached else {
                    // There is nothing left that could be closed again.
                    self.modules.unbind(module.0);
                    return;
                };
                object.is_closed = true;
                let program = object.program;
                let cache = self.caches.get_mut(cache);
                cache.artefacts[artefact].handles -= 1;
                if cache.artefacts[artefact].handles == 0 {
                    cache.present.remove(&program);
                }
            }
            Op::Serialize { artifact, module } if *outcome == OpOutcome::DONE => {
                let Some(module) = self.modules.at(module.0) else { return };
                let (engine, program) = (module.engine, module.program);
                self.artifacts
                    .bind(artifact.0, Artifact { engine, program, damaged: BTreeSet::new() });
            }
            Op::Damage { artifact, at } => {
                let Some(artifact) = self.artifacts.at_mut(artifact.0) else { return };
                if !artifact.damaged.insert(*at) {
                    artifact.damaged.remove(at);
                }
            }
            Op::Deserialize { module, engine, artifact } if *outcome == OpOutcome::DONE => {
                let Some(artifact) = self.artifacts.at(artifact.0) else { return };
                let program = artifact.program;
                let engine = self.engines.number(engine.0).unwrap_or(artifact.engine);
                let object = Module { engine, program, cached: None, is_closed: false };
                self.modules.bind(module.0, object);
            }
            _ => {}
        }
    }

    /// One more handle to what the cache has of the program.
    fn look_up(&mut self, cache: u8, program: Program) -> Option<(usize, usize)> {
        let number = self.caches.number(cache)?;
        let cache = self.caches.get_mut(number);
        let artefact = match cache.present.get(&program) {
            Some(artefact) => *artefact,
            None => {
                cache.artefacts.push(Artefact::default());
                cache.present.insert(program, cache.artefacts.len() - 1);
                cache.artefacts.len() - 1
            }
        };
        cache.artefacts[artefact].handles += 1;
        Some((number, artefact))
    }

    fn commit_instance(&mut self, op: &Op, outcome: &OpOutcome) {
        let Op::Instantiate { instance, store, module, rule } = op else { return };
        let Some(module) = self.modules.at(module.0).cloned() else { return };
        let Some(store) = self.stores.number(store.0) else { return };
        let program = module.program;
        if *outcome == OpOutcome::Refused(Refusal::Closed) {
            return;
        }
        // The functions that it imports are made before anything can fail.
        self.stores.get_mut(store).is_async |= program == Program::Asker;
        let starts = program == Program::Starter;
        let is_made = matches!(outcome, OpOutcome::Ok(_) | OpOutcome::Trap(_))
            || (starts
                && self.has_room(self.stores.get(store).engine, program)
                && *outcome == OpOutcome::Refused(Refusal::Limit));
        if !is_made {
            return;
        }
        // An instance whose start function has trapped stays in its store, unnamed.
        let used = Used::by(program);
        let object = self.stores.get_mut(store);
        object.used.take(used);
        self.engines.get_mut(object.engine).used.take(used);
        if let Some((cache, artefact)) = module.cached {
            object.uses.push((cache, artefact));
            self.caches.get_mut(cache).artefacts[artefact].users += 1;
        }
        match outcome {
            OpOutcome::Trap(_) => self.take_stack(store, false),
            OpOutcome::Ok(_) => {
                self.instances.bind(instance.0, Instance::new(store, program, *rule));
            }
            _ => {}
        }
    }

    fn commit_suspension(&mut self, op: &Op, outcome: &OpOutcome) {
        match op {
            Op::Begin { call, instance, arg } if *outcome == OpOutcome::Suspended => {
                let Some(instance) = self.instances.number(instance.0) else { return };
                let store = self.instances.get(instance).store;
                self.stores.get_mut(store).is_busy = true;
                self.calls.bind(call.0, Call { store, instance, arg: *arg });
            }
            Op::Resume { call, .. } | Op::Abandon { call } => {
                let Some(number) = self.calls.unbind(call.0) else { return };
                let Call { store, instance, .. } = *self.calls.get(number);
                self.stores.get_mut(store).is_busy = false;
                self.return_stack(store);
                if matches!(op, Op::Abandon { .. }) {
                    self.instances.get_mut(instance).abandon();
                }
            }
            _ => {}
        }
    }

    /// A store is dropped with all that is in it.
    fn end_store(&mut self, name: u8) {
        let Some(number) = self.stores.unbind(name) else { return };
        let store = self.stores.get(number).clone();
        self.engines.get_mut(store.engine).used.give_back(store.used);
        for (cache, artefact) in store.uses {
            self.caches.get_mut(cache).artefacts[artefact].users -= 1;
        }
        self.instances.unbind_all(|instance| instance.store == number);
        self.calls.unbind_all(|call| call.store == number);
        debug_assert!(self.abilities.stacks == Stacks::PerStore || store.used.stacks <= 1);
    }

    fn commit_threads(&mut self, op: &Op) {
        match op {
            Op::Share { memory, .. } => {
                self.memories.bind(memory.0, Memory { threads: 0, counter: 0 });
            }
            Op::DropMemory { memory } => {
                self.memories.unbind(memory.0);
            }
            Op::Spawn { thread, memory, task } => {
                let Some(memory) = self.memories.number(memory.0) else { return };
                let shared = self.memories.get_mut(memory);
                shared.threads += 1;
                shared.counter += if *task == Task::Add { 100 } else { 0 };
                let object = Thread { memory, task: *task, was_notified: false };
                self.threads.bind(thread.0, object);
            }
            Op::Notify { thread } => {
                if let Some(thread) = self.threads.at_mut(thread.0) {
                    thread.was_notified |= thread.task == Task::Wait;
                }
            }
            Op::Join { thread } => {
                let Some(number) = self.threads.unbind(thread.0) else { return };
                let memory = self.threads.get(number).memory;
                self.memories.get_mut(memory).threads -= 1;
            }
            _ => {}
        }
    }
}
