//! The threads of a script (threads proposal, `thread` and `wait`): real ones, each with
//! a store of its own, that share the memories of an instance.
//!
//! The names that a thread registers for that instance are registered in the whole
//! script once it was waited for: the scripts run here come from when all threads had one
//! registry.

use std::collections::HashMap;
use std::thread::{Scope, ScopedJoinHandle, scope};

use gainsay_runtime::{Config, Extern, SharedMemory};
use wast::{WastDirective, WastThread};

use crate::script::{Exports, Source, Taken, Tally, World};

/// What a thread made of its directives, and the names that it registered.
type Ended = (Tally, Vec<(String, String)>);

/// An instance as others see it: its shared memories by export.
struct Shared {
    name: String,
    memories: Vec<(String, SharedMemory)>,
}

/// Take the directives of a script, or of one of its threads.
pub(super) fn run(
    source: Source<'_>,
    world: &mut World,
    directives: Vec<WastDirective<'_>>,
    tally: &mut Tally,
) {
    scope(|scope| {
        let mut threads = HashMap::new();
        for directive in directives {
            let (line, _) = directive.span().linecol_in(source.text);
            let place = || format!("{}:{}", source.name, line + 1);
            let taken = match directive {
                WastDirective::Thread(thread) => {
                    let name = thread.name.name();
                    begin(scope, source, world, thread).map(|handle| {
                        threads.insert(name, handle);
                        tally.threads += 1;
                        Taken::Run
                    })
                }
                WastDirective::Wait { thread, .. } => match threads.remove(thread.name()) {
                    Some(handle) => end(world, handle, tally),
                    None => Err(format!("there is no thread {:?}", thread.name())),
                },
                other => world.take(other),
            };
            match taken {
                Ok(Taken::Run) => tally.passed += 1,
                Ok(Taken::Validity) => tally.validity += 1,
                Ok(Taken::OtherPhase) => tally.other_phase.push(place()),
                Err(cause) => tally.failed.push(format!("{}: {cause}", place())),
            }
        }
        for name in threads.keys() {
            tally.failed.push(format!("{}: nobody waited for {name:?}", source.name));
        }
    });
}

fn begin<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    source: Source<'env>,
    world: &World,
    thread: WastThread<'env>,
) -> Result<ScopedJoinHandle<'scope, Ended>, String> {
    let name = thread.shared_module.map(|module| module.name());
    let shared = name.map(|name| world.share(name)).transpose()?;
    let (config, traps_by_kind) = (world.config, world.traps_by_kind);
    Ok(scope.spawn(move || {
        let mut world = World { traps_by_kind, ..World::with(&config, shared) };
        let mut tally = Tally::default();
        run(source, &mut world, thread.directives, &mut tally);
        (tally, world.registrations)
    }))
}

/// Wait for a thread. Its tally counts, whatever it is.
fn end(
    world: &mut World,
    handle: ScopedJoinHandle<'_, Ended>,
    tally: &mut Tally,
) -> Result<Taken, String> {
    let (counted, registrations) = handle.join().map_err(|_| "the thread panicked".to_owned())?;
    tally.add(counted);
    for (name, instance) in registrations {
        if world.instances.contains_key(&instance) && !instance.is_empty() {
            world.register(&name, &instance)?;
        }
    }
    Ok(Taken::Run)
}

impl World {
    fn share(&self, name: &str) -> Result<Shared, String> {
        let exports = self.instances.get(name).ok_or(format!("no instance {name:?}"))?;
        let memory = |(name, export): (&String, &Extern)| match export {
            Extern::Memory(memory) => {
                Some((name.clone(), self.store.shared_memory(*memory)?.clone()))
            }
            _ => None,
        };
        let memories = exports.iter().filter_map(memory).collect();
        Ok(Shared { name: name.to_owned(), memories })
    }

    /// A thread's world.
    fn with(config: &Config, shared: Option<Shared>) -> World {
        let mut world = World::new(config);
        if let Some(Shared { name, memories }) = shared {
            let memory = |(name, memory): (String, SharedMemory)| {
                (name, Extern::Memory(world.store.import_shared(&memory)))
            };
            let exports: Exports = memories.into_iter().map(memory).collect();
            world.instances.insert(name, exports);
        }
        world
    }
}
