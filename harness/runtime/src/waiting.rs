//! Waiting for a notification (threads proposal, § exec/instructions, atomic memory
//! instructions: `memory.atomic.wait`, `memory.atomic.notify`).
//!
//! `memory.atomic.wait` puts a waiter into the queue of its address and suspends the
//! activation; who drives the activation decides whether its thread sleeps meanwhile.
//! The value is compared, queues are changed and waiters are woken under one lock, so
//! that none of these falls between two parts of another.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::Duration;

use crate::shared::SharedMemory;
use crate::sync::{Arc, AtomicU8, Condvar, Mutex, Ordering, Stopwatch, lock};

/// The queues of one memory by address, none of them empty; the first waiter is woken first.
#[derive(Default)]
pub(crate) struct Queues(Mutex<BTreeMap<u64, VecDeque<Arc<Waiter>>>>);

/// One who waits. `wake` changes once, under the lock of the queues.
struct Waiter {
    wake: AtomicU8,
    signal: Condvar,
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wake {
    /// By `memory.atomic.notify`.
    Notified,
    /// Its time was over.
    TimedOut,
    /// By [`Wait::interrupt`] or [`SharedMemory::interrupt_waiters`].
    Interrupted,
}

impl Waiter {
    fn wake(&self) -> Option<Wake> {
        match self.wake.load(Ordering::Acquire) {
            0 => None,
            1 => Some(Wake::Notified),
            2 => Some(Wake::TimedOut),
            _ => Some(Wake::Interrupted),
        }
    }

    /// End the waiting; the waiter is in no queue any more.
    fn end(&self, wake: Wake) {
        let number = match wake {
            Wake::Notified => 1,
            Wake::TimedOut => 2,
            Wake::Interrupted => 3,
        };
        self.wake.store(number, Ordering::Release);
        self.signal.notify_all();
    }
}

/// An activation's place in the queue of an address, from `memory.atomic.wait` on.
///
/// A clone is the same place. The place is given up when the last one is dropped.
#[derive(Clone)]
pub struct Wait(Arc<Queued>);

struct Queued {
    memory: SharedMemory,
    address: u64,
    time: Option<Duration>,
    waiter: Arc<Waiter>,
}

impl SharedMemory {
    /// Begin to wait if the bytes at `address`, aligned and within the size, have the
    /// expected value; `None` if not. The time is in nanoseconds, none if negative.
    pub(crate) fn wait(&self, address: u64, width: u32, expected: u64, time: i64) -> Option<Wait> {
        let mut queues = lock(&self.queues().0);
        if self.place(address, width).atomic_load() != expected {
            return None;
        }
        let waiter = Arc::new(Waiter { wake: AtomicU8::new(0), signal: Condvar::new() });
        queues.entry(address).or_default().push_back(Arc::clone(&waiter));
        let time = u64::try_from(time).ok().map(Duration::from_nanos);
        Some(Wait(Arc::new(Queued { memory: self.clone(), address, time, waiter })))
    }

    /// Wake those who have waited longest at `address`, at most `count` of them: how
    /// many there were.
    pub fn notify(&self, address: u64, count: u32) -> u32 {
        let mut queues = lock(&self.queues().0);
        let Some(queue) = queues.get_mut(&address) else { return 0 };
        let woken = queue.len().min(count as usize);
        queue.drain(..woken).for_each(|waiter| waiter.end(Wake::Notified));
        if queue.is_empty() {
            queues.remove(&address);
        }
        woken as u32
    }

    /// Interrupt all who wait now, at any address: how many there were.
    ///
    /// Who wants to end a group of threads first makes it known, then calls this; its
    /// threads, having begun to wait, look whether it is known before they sleep.
    pub fn interrupt_waiters(&self) -> usize {
        let mut queues = lock(&self.queues().0);
        let waiters = std::mem::take(&mut *queues).into_values().flatten();
        waiters.map(|waiter| waiter.end(Wake::Interrupted)).count()
    }

    /// Number of those who wait at `address`.
    pub fn waiters(&self, address: u64) -> usize {
        lock(&self.queues().0).get(&address).map_or(0, VecDeque::len)
    }
}

impl Wait {
    /// The address waited at.
    pub fn address(&self) -> u64 {
        self.0.address
    }

    /// The memory waited at.
    pub fn memory(&self) -> &SharedMemory {
        &self.0.memory
    }

    /// The guest's time-out, if it gave one; it runs from when [`Wait::block`] is called.
    pub fn time(&self) -> Option<Duration> {
        self.0.time
    }

    /// How the waiting ended, if it has.
    pub fn wake(&self) -> Option<Wake> {
        self.0.waiter.wake()
    }

    /// Put this thread to sleep until the waiting has ended, or for `limit`: then there
    /// is no result, and the place in the queue is kept. Without a limit, perhaps for ever.
    pub fn block(&self, limit: Option<Duration>) -> Option<Wake> {
        let mut stopwatch = Stopwatch::start();
        let mutex = &self.0.memory.queues().0;
        let mut queues = lock(mutex);
        loop {
            if let Some(wake) = self.wake() {
                return Some(wake);
            }
            let passed = stopwatch.passed();
            if self.0.time.is_some_and(|time| time <= passed) {
                drop(queues);
                self.time_out();
                return self.wake();
            }
            if limit.is_some_and(|limit| limit <= passed) {
                return None;
            }
            let until = [self.0.time, limit].into_iter().flatten().min();
            let left = until.map(|until| until - passed);
            queues = stopwatch.sleep(&self.0.waiter.signal, (mutex, queues), left);
        }
    }

    /// Let the time be over; `false` if the waiting had ended before.
    pub fn time_out(&self) -> bool {
        self.0.leave(Wake::TimedOut)
    }

    /// Interrupt the waiting; `false` if it had ended before.
    pub fn interrupt(&self) -> bool {
        self.0.leave(Wake::Interrupted)
    }
}

impl Queued {
    /// Leave the queue for this reason; `false` if the waiting had ended before.
    fn leave(&self, wake: Wake) -> bool {
        let mut queues = lock(&self.memory.queues().0);
        let Some(queue) = queues.get_mut(&self.address) else { return false };
        let position = queue.iter().position(|waiter| Arc::ptr_eq(waiter, &self.waiter));
        let Some(position) = position else { return false };
        queue.remove(position);
        if queue.is_empty() {
            queues.remove(&self.address);
        }
        self.waiter.end(wake);
        true
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        self.leave(Wake::Interrupted);
    }
}

/// Two are equal if they are the same place.
impl PartialEq for Wait {
    fn eq(&self, other: &Wait) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Wait {}

impl fmt::Debug for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Queued { address, time, waiter, .. } = &*self.0;
        let mut debug = f.debug_struct("Wait");
        debug.field("address", address).field("time", time).field("wake", &waiter.wake()).finish()
    }
}
