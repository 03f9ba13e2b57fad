//! Threads that use a cache at once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use gainsay_host::cache::CacheError;
use gainsay_host::{ModuleCache, ModuleHandle, ModuleKey};
use gainsay_lifecycle::linear::{Event, Sequential, is_linearizable};
use gainsay_lifecycle::{OpOutcome, Program, Refusal};
use gainsay_runtime::Config;

const THREADS: usize = 3;

/// Calls of each thread: together as long as a history may be.
const CALLS: usize = 4;

/// What a thread did to one key, and the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    /// Compiled it, or found it.
    Look,
    /// Looked whether it is there; whether it was, which adds a handle.
    Find(bool),
    /// Closed a handle of its own; whether that closed it.
    Close {
        /// Whether it was open before.
        is_open: bool,
        /// The answer.
        closes: bool,
    },
}

/// One key of a cache: how many handles it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Key(u32);

impl Sequential for Key {
    type Call = Call;

    fn take(&mut self, call: &Call) -> bool {
        match *call {
            Call::Look => self.0 += 1,
            Call::Find(is_there) => {
                if is_there != (self.0 > 0) {
                    return false;
                }
                self.0 += u32::from(is_there);
            }
            Call::Close { is_open, closes } => {
                if is_open != closes || (closes && self.0 == 0) {
                    return false;
                }
                self.0 -= u32::from(closes);
            }
        }
        true
    }
}

/// Let threads use the cache, by keys that nobody else uses; all that they open they close.
pub(crate) fn contend(cache: &Arc<ModuleCache>, config: &Config, seed: u8) -> OpOutcome {
    // The settings are in the key.
    let config = Config { yields: true, ..*config };
    if let Err(CacheError::Closed) = cache.compile(&config, PROGRAMS[0].binary()) {
        return OpOutcome::Refused(Refusal::Closed);
    }
    let clock = AtomicU64::new(0);
    let barrier = Barrier::new(THREADS);
    let histories: Vec<History> = thread::scope(|scope| {
        let run = |number: usize| {
            let seed = u64::from(seed) * THREADS as u64 + number as u64;
            let mut thread = Thread::new(cache, &config, &clock, seed);
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                (0..CALLS).for_each(|_| thread.step());
                // Handles are closed when they are dropped, which nobody notes: not before
                // all threads are done.
                barrier.wait();
                thread.history
            })
        };
        let threads: Vec<_> = (0..THREADS).map(run).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    if histories.len() < THREADS {
        return OpOutcome::Broken("a thread panicked in a cache".to_owned());
    }
    for (key, program) in PROGRAMS.iter().enumerate() {
        let of_key = |(at, event): &(usize, Event<Call>)| (*at == key).then(|| event.clone());
        let history: Vec<Event<Call>> = histories.iter().flatten().filter_map(of_key).collect();
        if !is_linearizable(&Key::default(), &history) {
            return OpOutcome::Broken(format!("no order explains {}: {history:?}", program.name()));
        }
    }
    OpOutcome::DONE
}

/// The modules of the keys.
const PROGRAMS: [Program; 2] = [Program::Lean, Program::Plain];

/// Events with the numbers of their keys.
type History = Vec<(usize, Event<Call>)>;

struct Thread<'a> {
    cache: Arc<ModuleCache>,
    config: Config,
    clock: &'a AtomicU64,
    random: u64,
    handles: Vec<(usize, ModuleHandle, bool)>,
    history: History,
}

impl<'a> Thread<'a> {
    fn new(
        cache: &Arc<ModuleCache>,
        config: &Config,
        clock: &'a AtomicU64,
        seed: u64,
    ) -> Thread<'a> {
        let random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let (cache, config) = (Arc::clone(cache), *config);
        Thread { cache, config, clock, random, handles: Vec::new(), history: Vec::new() }
    }

    /// Xorshift (Marsaglia 2003): all that is needed is that threads differ.
    fn below(&mut self, count: u64) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        ((self.random >> 33) % count) as usize
    }

    fn step(&mut self) {
        let key = self.below(PROGRAMS.len() as u64);
        let choice = self.below(4);
        let called = self.clock.fetch_add(1, Ordering::SeqCst);
        let done = match choice {
            0 => self.look(key),
            1 => self.find(key),
            _ => self.close(),
        };
        let answered = self.clock.fetch_add(1, Ordering::SeqCst);
        if let Some((key, call)) = done {
            self.history.push((key, Event { called, answered, call }));
        }
    }

    /// A closed cache refuses, which is not a call of the object.
    fn look(&mut self, key: usize) -> Option<(usize, Call)> {
        let handle = self.cache.compile(&self.config, PROGRAMS[key].binary()).ok()?;
        self.handles.push((key, handle, true));
        Some((key, Call::Look))
    }

    fn find(&mut self, key: usize) -> Option<(usize, Call)> {
        let module = ModuleKey::new(&self.config, PROGRAMS[key].binary());
        let digest = module.digest();
        let found = self.cache.open(&self.config, *digest).ok()?;
        let is_there = found.is_some();
        self.handles.extend(found.map(|handle| (key, handle, true)));
        Some((key, Call::Find(is_there)))
    }

    /// The newest handle, perhaps for the second time.
    fn close(&mut self) -> Option<(usize, Call)> {
        let (key, handle, is_open) = self.handles.last_mut()?;
        let closes = handle.close();
        let call = Call::Close { is_open: *is_open, closes };
        *is_open = false;
        Some((*key, call))
    }
}
