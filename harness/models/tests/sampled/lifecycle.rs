//! Many threads and a few reactors.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use gainsay_host::lifecycle::{Entrance, EntryEnding, InstanceKind, Lifecycle, Refusal};
use gainsay_host::sync::{Arc, thread};
use shuttle::rand::{Rng, thread_rng};

use crate::sample::{ACTIONS, THREADS, sample};

const REACTORS: usize = 3;

struct Reactor {
    lifecycle: Lifecycle,
    inside: AtomicU32,
    initialized: AtomicBool,
    trapped: AtomicBool,
}

impl Reactor {
    fn new() -> Reactor {
        Reactor {
            lifecycle: Lifecycle::new(InstanceKind::Reactor { initializer: true }),
            inside: AtomicU32::new(0),
            initialized: AtomicBool::new(false),
            trapped: AtomicBool::new(false),
        }
    }

    fn act(&self) {
        let calls = thread_rng().gen_range(0..4) > 0;
        let entrance = if calls { Entrance::Call } else { Entrance::Initialize };
        let permit = match self.lifecycle.enter(entrance) {
            Ok(permit) => permit,
            Err(refusal) => return self.check(refusal),
        };
        assert_eq!(self.inside.fetch_add(1, Ordering::Relaxed), 0, "two are in one instance");
        assert!(!self.trapped.load(Ordering::Relaxed), "an instance was entered after a trap");
        assert_eq!(self.initialized.load(Ordering::Relaxed), calls, "initialized once, and first");
        thread::yield_now();
        self.inside.fetch_sub(1, Ordering::Relaxed);
        if thread_rng().gen_range(0..20) == 0 {
            self.trapped.store(true, Ordering::Relaxed);
            // Given up or trapped: the same.
            return if calls { permit.end(EntryEnding::Trapped) } else { drop(permit) };
        }
        self.initialized.store(true, Ordering::Relaxed);
        permit.end(EntryEnding::Returned);
    }

    fn check(&self, refusal: Refusal) {
        let holds = match refusal {
            Refusal::Busy => true,
            // It may be initialized by now.
            Refusal::NotInitialized => true,
            Refusal::AlreadyInitialized => self.initialized.load(Ordering::Relaxed),
            Refusal::Poisoned => self.trapped.load(Ordering::Relaxed),
            _ => false,
        };
        assert!(holds, "refused for {refusal:?}");
    }
}

#[test]
fn eight_threads_enter_reactors_twenty_times() {
    sample("eight_threads_enter_reactors_twenty_times", || {
        let reactors: Arc<Vec<Reactor>> = Arc::new((0..REACTORS).map(|_| Reactor::new()).collect());
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                let reactors = Arc::clone(&reactors);
                thread::spawn(move || {
                    for _ in 0..ACTIONS {
                        reactors[thread_rng().gen_range(0..REACTORS)].act();
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().expect("it ends"));
    });
}
