//! A cache that threads and runtimes share: one build per key at a time, found only
//! when complete, kept while anybody has a handle, released when nothing uses it.
//!
//! A key is absent, being built, or ready:
//!
//! ```text
//!            look-up                  publish                    last close
//!   absent ----------> being built ------------> ready (n handles) --------> absent
//!                          |  failure, panic or a closed cache
//!                          +-------> absent, and those who wait are woken
//! ```
//!
//! The lock is never held while something is built or released. What is built holds a
//! count of its own, of the entry and of the instances made from it: it may outlive the
//! entry, and is released once.

mod built;
mod handle;
mod reservation;

use std::collections::BTreeMap;
use std::fmt;

pub use handle::{Handle, HandleClosed, InUse};

use crate::defect::{Defect, planted};
use crate::sync::{Arc, Condvar, Mutex, MutexGuard};
use built::Built;
use reservation::Reservation;

/// Something that is built once and used by many.
pub trait Artefact: Send + Sync + 'static {
    /// Called once, before anybody else can find it: what belongs to its being there
    /// rather than to its making, such as accounts.
    fn complete(&self) {}

    /// Called once, when nobody holds a handle and no instance uses it.
    fn release(&self) {}
}

/// The cache; clones are the same cache.
#[derive(Debug)]
pub struct Cache<K, V>(Arc<Shared<K, V>>);

#[derive(Debug)]
struct Shared<K, V> {
    state: Mutex<State<K, V>>,
    /// A key is no longer being built, or the cache is closed.
    changed: Condvar,
}

#[derive(Debug)]
struct State<K, V> {
    slots: BTreeMap<K, Slot<V>>,
    closed: bool,
    stats: CacheStats,
}

#[derive(Debug)]
enum Slot<V> {
    /// Somebody holds the [`Reservation`].
    Building,
    /// Found by look-ups; `handles` is never 0.
    Ready { built: Arc<Built<V>>, handles: usize },
}

/// What the cache has done since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheStats {
    /// Look-ups that found an artefact, perhaps after waiting.
    pub hits: u64,
    /// Times that a look-up waited for another's build.
    pub waits: u64,
    /// Artefacts built and published.
    pub builds: u64,
    /// Builds that failed, panicked or came too late for a closed cache.
    pub failures: u64,
    /// Handles closed.
    pub closes: u64,
}

/// Why there is no handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CacheError<E> {
    /// The cache is closed.
    Closed,
    /// The artefact could not be built.
    Build(E),
}

impl<E: fmt::Display> fmt::Display for CacheError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CacheError::Closed => f.write_str("the cache is closed"),
            CacheError::Build(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for CacheError<E> {}

impl<K: Ord + Clone, V: Artefact> Cache<K, V> {
    /// An empty cache.
    pub fn new() -> Cache<K, V> {
        let state = State { slots: BTreeMap::new(), closed: false, stats: CacheStats::default() };
        Cache(Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() }))
    }

    /// A handle to the artefact of this key, built by `build` unless it is there.
    ///
    /// While one caller builds, the others wait for it. If its build fails, it alone
    /// gets the error, and one of the others builds in its turn. `build` must not look
    /// up the same key: it would wait for itself.
    ///
    /// # Errors
    /// [`CacheError::Closed`], also when the cache is closed while this waits or builds.
    pub fn get_or_build<E>(
        &self,
        key: K,
        build: impl FnOnce() -> Result<V, E>,
    ) -> Result<Handle<K, V>, CacheError<E>> {
        match self.claim(key).ok_or(CacheError::Closed)? {
            Claim::Found(handle) => Ok(handle),
            Claim::Reserved(reservation) => {
                let value = build().map_err(CacheError::Build)?;
                reservation.publish(value).ok_or(CacheError::Closed)
            }
        }
    }

    /// A handle to the artefact of this key if it is there, or once it is built.
    pub fn get(&self, key: &K) -> Option<Handle<K, V>> {
        let mut state = self.0.state.lock();
        loop {
            match state.slots.get(key)? {
                _ if state.closed => return None,
                Slot::Building => state = self.0.wait(state),
                Slot::Ready { .. } => return self.hit(&mut state, key),
            }
        }
    }

    /// A handle to the artefact of this key: to what is there, or else to `value`, which
    /// came from elsewhere.
    ///
    /// # Errors
    /// [`HandleClosed`] when the cache is closed. In both cases `value` is released.
    pub fn adopt(&self, key: K, value: V) -> Result<Handle<K, V>, HandleClosed> {
        let built = Arc::new(Built::new(value));
        built.complete();
        let mut state = self.0.state.lock();
        while !state.closed && matches!(state.slots.get(&key), Some(Slot::Building)) {
            state = self.0.wait(state);
        }
        let overwrites = planted(Defect::OverwriteOnInsert);
        let found = if overwrites { None } else { self.hit(&mut state, &key) };
        let closed = state.closed;
        if found.is_none() && !closed {
            state.stats.builds += 1;
            state.slots.insert(key.clone(), Slot::Ready { built: Arc::clone(&built), handles: 1 });
            return Ok(self.handle(key, built));
        }
        drop(state);
        built.let_go();
        found.ok_or(HandleClosed)
    }

    /// Refuse look-ups from now on, also those that wait; what is in use stays so until
    /// its own close. Whether this call did it.
    pub fn close(&self) -> bool {
        let mut state = self.0.state.lock();
        let closes = !std::mem::replace(&mut state.closed, true);
        if !planted(Defect::CloseWithoutWaking) {
            self.0.changed.notify_all();
        }
        closes
    }

    /// How many handles a key has; with none it is not in the cache.
    pub fn handles(&self, key: &K) -> usize {
        match self.0.state.lock().slots.get(key) {
            Some(Slot::Ready { handles, .. }) => *handles,
            _ => 0,
        }
    }

    /// How many keys are ready or being built.
    pub fn len(&self) -> usize {
        self.0.state.lock().slots.len()
    }

    /// Whether no key is ready or being built.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What was done so far.
    pub fn stats(&self) -> CacheStats {
        self.0.state.lock().stats
    }

    /// What is there, or the right to build it; `None` when closed.
    fn claim(&self, key: K) -> Option<Claim<K, V>> {
        let mut state = self.0.state.lock();
        loop {
            if state.closed {
                return None;
            }
            match state.slots.get(&key) {
                Some(Slot::Ready { .. }) => return self.hit(&mut state, &key).map(Claim::Found),
                Some(Slot::Building) => state = self.0.wait(state),
                None => {
                    if planted(Defect::UnlockedLookup) {
                        drop(state);
                        state = self.0.state.lock();
                    }
                    state.slots.insert(key.clone(), Slot::Building);
                    let shared = Arc::clone(&self.0);
                    return Some(Claim::Reserved(Reservation::new(shared, key)));
                }
            }
        }
    }

    /// Count one more handle, if the key is ready and the cache open.
    fn hit(&self, state: &mut State<K, V>, key: &K) -> Option<Handle<K, V>> {
        let Some(Slot::Ready { built, handles }) = state.slots.get_mut(key) else { return None };
        if state.closed {
            return None;
        }
        if !planted(Defect::HitWithoutReference) {
            *handles += 1;
        }
        state.stats.hits += 1;
        Some(self.handle(key.clone(), Arc::clone(built)))
    }

    fn handle(&self, key: K, built: Arc<Built<V>>) -> Handle<K, V> {
        Handle::new(Arc::clone(&self.0), key, built)
    }
}

/// What a look-up comes to.
enum Claim<K: Ord + Clone, V: Artefact> {
    Found(Handle<K, V>),
    Reserved(Reservation<K, V>),
}

impl<K: Ord, V: Artefact> Shared<K, V> {
    fn wait<'a>(&'a self, mut state: MutexGuard<'a, State<K, V>>) -> MutexGuard<'a, State<K, V>> {
        state.stats.waits += 1;
        self.changed.wait(state)
    }

    /// One handle less. The last one takes the key out; what was there is then let go.
    fn close_handle(&self, key: &K) {
        let early = planted(Defect::ReleaseBeforeRemoval).then(|| self.let_go_of_last(key));
        let mut state = self.state.lock();
        state.stats.closes += 1;
        let Some(Slot::Ready { built, handles }) = state.slots.get_mut(key) else { return };
        *handles -= 1;
        if *handles == 0 {
            let built = Arc::clone(built);
            state.slots.remove(key);
            drop(state);
            if early.is_none() {
                built.let_go();
            }
        }
    }

    /// The defect of that name: what the last handle is about to leave is let go first.
    fn let_go_of_last(&self, key: &K) {
        let last = match self.state.lock().slots.get(key) {
            Some(Slot::Ready { built, handles: 1 }) => Some(Arc::clone(built)),
            _ => None,
        };
        last.inspect(|built| built.let_go());
    }
}

impl<K: Ord + Clone, V: Artefact> Default for Cache<K, V> {
    fn default() -> Cache<K, V> {
        Cache::new()
    }
}

impl<K, V> Clone for Cache<K, V> {
    fn clone(&self) -> Cache<K, V> {
        Cache(Arc::clone(&self.0))
    }
}
