//! A pool whose leases are watched.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use gainsay_host::pool::{Capacity, Pool, PoolConfig, PoolStats};
use gainsay_host::sync::Arc;
use gainsay_runtime::Lease;

/// A pool of memories and who has which; clones are the same. The watch is no part of the
/// model: it is kept under the standard library's lock.
#[derive(Clone)]
pub struct Loans {
    pub pool: Pool,
    lent: Arc<Mutex<BTreeSet<usize>>>,
}

/// A memory's slot, with something in it.
pub struct Loan {
    lease: Lease<Vec<u8>>,
    loans: Loans,
}

impl Loans {
    /// So many slots on so many shards.
    pub fn new(capacity: usize, shards: usize) -> Loans {
        let capacity = Capacity::of(capacity);
        let config = PoolConfig { capacity, shards, ..PoolConfig::default() };
        Loans { pool: Pool::new(config), lent: Arc::default() }
    }

    /// Take a slot and use it, S2 and S3; `None` if there is none, as the pool's own error
    /// says.
    pub fn take(&self) -> Option<Loan> {
        let mut lease = match self.pool.allocator().memory(1) {
            Ok(lease) => lease,
            Err(limit) => {
                assert!(limit.is_exhausted(), "{limit}");
                return None;
            }
        };
        let number = lease.number().expect("it is the pool's");
        let mut lent = self.lent.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(lent.insert(number), "a slot is in two leases");
        let (count, capacity) = (lent.len(), self.pool.config().capacity.memories);
        drop(lent);
        assert!(count <= capacity, "more is lent than there is");
        assert!(lease.is_empty(), "a slot was not clean");
        lease.push(42);
        Some(Loan { lease, loans: self.clone() })
    }

    /// S1 and S4, when nobody has anything any more: the accounts say so, and everything
    /// can be taken again.
    pub fn check_at_rest(&self) {
        check_at_rest(self.pool.stats());
        let all: Vec<Loan> = std::iter::from_fn(|| self.take()).collect();
        assert_eq!(all.len(), self.pool.config().capacity.memories, "a slot was lost");
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        // The lease ends after this.
        let number = self.lease.number().expect("it is the pool's");
        let mut lent = self.loans.lent.lock().unwrap_or_else(PoisonError::into_inner);
        lent.remove(&number);
    }
}

/// S1 of a pool that nobody uses: each kind has come back as often as it was taken.
pub fn check_at_rest(stats: PoolStats) {
    for (kind, stats) in stats.kinds() {
        assert!(stats.allocated == stats.freed, "some {kind} did not come back: {stats:?}");
        assert!(stats.held == 0, "the count of {kind} is wrong: {stats:?}");
        assert!(stats.high_water <= stats.capacity, "the count of {kind} is wrong: {stats:?}");
    }
}
