//! Many threads and a cache.

use gainsay_host::cache::{CacheError, Handle, InUse};
use gainsay_host::sync::{Arc, thread};
use shuttle::rand::{Rng, thread_rng};

use crate::common::ledger::{Key, Probe, World};
use crate::sample::{ACTIONS, THREADS, sample};

const KEYS: Key = 3;

/// What one thread holds.
struct Worker {
    world: World,
    /// Closed by whoever comes first.
    shared: Arc<Handle<Key, Probe>>,
    handles: Vec<Handle<Key, Probe>>,
    instances: Vec<InUse<Probe>>,
}

impl Worker {
    fn act(&mut self) {
        let key = thread_rng().gen_range(0..KEYS);
        match thread_rng().gen_range(0..12) {
            0..=3 => self.handles.push(self.world.look(key).expect("nothing fails here")),
            4 => match self.world.look_and_fail(key) {
                Ok(handle) => self.handles.push(handle),
                Err(error) => assert_eq!(error, CacheError::Build("no")),
            },
            5 => self.handles.extend(self.world.cache.get(&key)),
            6 => {
                let given = self.world.ledger.given();
                self.handles.push(self.world.cache.adopt(key, given).expect("it is open"));
            }
            7 | 8 => {
                if let Some(handle) = self.handles.pop() {
                    assert!(handle.close() && !handle.close(), "closed once");
                }
            }
            9 => {
                let instance = self.handles.last().map(|handle| self.world.check(handle));
                self.instances.extend(instance);
            }
            10 => drop(self.instances.pop()),
            _ => drop(self.shared.close()),
        }
        self.instances.iter().for_each(|instance| instance.check());
    }
}

#[test]
fn eight_threads_do_twenty_things_with_a_cache() {
    sample("eight_threads_do_twenty_things_with_a_cache", || {
        let world = World::default();
        let shared = Arc::new(world.look(0).expect("nothing fails here"));
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                let (world, shared) = (world.clone(), Arc::clone(&shared));
                let (handles, instances) = (Vec::new(), Vec::new());
                let mut worker = Worker { world, shared, handles, instances };
                thread::spawn(move || (0..ACTIONS).for_each(|_| worker.act()))
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().expect("it ends"));
        drop(shared);
        world.check_at_rest();
    });
}
