//! The slots of one kind, on several shards.

use std::fmt;
use std::iter::StepBy;
use std::ops::Range;

use gainsay_runtime::{Home, Lease, LimitError};

use crate::defect::{Defect, planted};
use crate::pool::stats::{ResourceKind, ResourceStats};
use crate::pool::storage::Clean;
use crate::sync::{Arc, Counter, Mutex, thread};

/// So many slots with storage of type `T`, which `C` cleans.
#[derive(Debug)]
pub(super) struct Slots<T, C> {
    kind: ResourceKind,
    capacity: usize,
    cleaner: C,
    /// Never none. Who locks several does so in order.
    shards: Box<[Mutex<Shard<T>>]>,
    /// Counted when a slot was taken from its shard, and no longer before it is put on one:
    /// never more than there are.
    held: Counter,
    high_water: Counter,
    refused: Counter,
}

/// Slots that nobody uses, and what was done here.
#[derive(Debug)]
struct Shard<T> {
    free: Vec<Free<T>>,
    /// Numbers of slots that nobody has used so far, and that have no storage yet.
    fresh: StepBy<Range<usize>>,
    taken: u64,
    put: u64,
}

/// A slot that nobody uses: clean.
#[derive(Debug)]
struct Free<T> {
    number: usize,
    storage: T,
}

impl<T: Default + fmt::Debug + Send + 'static, C: Clean<T> + 'static> Slots<T, C> {
    /// Slots that nobody uses, without storage, spread over the shards.
    pub(super) fn new(
        kind: ResourceKind,
        capacity: usize,
        shards: usize,
        cleaner: C,
    ) -> Arc<Slots<T, C>> {
        let count = shards.max(1);
        let shard = |first: usize| {
            let fresh = (first..capacity).step_by(count);
            Mutex::new(Shard { free: Vec::new(), fresh, taken: 0, put: 0 })
        };
        Arc::new(Slots {
            kind,
            capacity,
            cleaner,
            shards: (0..count).map(shard).collect(),
            held: Counter::default(),
            high_water: Counter::default(),
            refused: Counter::default(),
        })
    }

    /// Take any slot; its storage may be used up to a length of `room`.
    ///
    /// # Errors
    /// When at one moment all were in use.
    pub(super) fn take(self: &Arc<Slots<T, C>>, room: u64) -> Result<Lease<T>, LimitError> {
        let Some(Free { number, storage }) = self.find() else {
            self.refused.increment();
            let what = format!("all {} {} are in use", self.capacity, self.kind);
            return Err(LimitError::exhausted(what));
        };
        self.count();
        let home = Arc::clone(self) as Arc<dyn Home<T>>;
        Ok(Lease::new(storage, room, home, number))
    }

    /// The account.
    pub(super) fn stats(&self) -> ResourceStats {
        let shards: Vec<_> = self.shards.iter().map(Mutex::lock).collect();
        ResourceStats {
            capacity: self.capacity,
            allocated: shards.iter().map(|shard| shard.taken).sum(),
            freed: shards.iter().map(|shard| shard.put).sum(),
            held: self.held.get(),
            high_water: self.high_water.get(),
            refused: self.refused.get(),
        }
    }

    /// The shard that this thread prefers.
    fn preferred(&self) -> usize {
        thread::place() % self.shards.len()
    }

    /// Take a free slot from its shard; this thread's own first, where what it has put
    /// there may still be in its caches.
    fn find(&self) -> Option<Free<T>> {
        let (own, others) = self.shards.split_at(self.preferred());
        let found = others.iter().chain(own).find_map(|shard| shard.lock().take());
        if found.is_some() || self.shards.len() == 1 || planted(Defect::ExhaustedWhileFree) {
            return found;
        }
        // A slot may have come to a shard after that was looked at, while another one was
        // taken from a shard before: now all of them, at one moment.
        let mut shards: Vec<_> = self.shards.iter().map(Mutex::lock).collect();
        shards.iter_mut().find_map(|shard| shard.take())
    }

    fn count(&self) {
        let held = match planted(Defect::NonAtomicCounter) {
            false => self.held.increment(),
            true => {
                let held = self.held.get() + 1;
                self.held.set(held);
                held
            }
        };
        self.high_water.raise_to(held);
    }

    /// Put a clean slot on the shard that this thread prefers.
    fn put(&self, number: usize, storage: T) {
        let preferred = self.preferred();
        if planted(Defect::StolenSlotLost) && number % self.shards.len() != preferred {
            return;
        }
        let mut shard = self.shards[preferred].lock();
        shard.put += 1;
        shard.free.push(Free { number, storage });
        if planted(Defect::DoubleFree) {
            shard.free.push(Free { number, storage: T::default() });
        }
    }

    /// The defect of that name: found by others first, cleaned then.
    fn put_before_it_is_clean(&self, number: usize, storage: T) {
        self.put(number, storage);
        let mut shard = self.shards[self.preferred()].lock();
        if let Some(free) = shard.free.iter_mut().find(|free| free.number == number) {
            self.cleaner.clean(&mut free.storage);
        }
    }
}

impl<T: Default> Shard<T> {
    fn take(&mut self) -> Option<Free<T>> {
        let fresh = || Some(Free { number: self.fresh.next()?, storage: T::default() });
        let free = self.free.pop().or_else(fresh);
        self.taken += u64::from(free.is_some());
        free
    }
}

impl<T: Default + fmt::Debug + Send + 'static, C: Clean<T> + 'static> Home<T> for Slots<T, C> {
    fn take_back(&self, number: usize, mut storage: T) {
        if planted(Defect::DropKeepsSlot) {
            return;
        }
        self.held.decrement();
        if planted(Defect::BackBeforeClean) {
            self.put_before_it_is_clean(number, storage);
            return;
        }
        self.cleaner.clean(&mut storage);
        self.put(number, storage);
    }
}
