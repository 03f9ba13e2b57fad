//! What a pool should have given and got back, by the simplest means.

use gainsay_host::pool::{Capacity, PoolStats, ResourceStats};

/// The calls. Sessions and suspended calls are taken up and given up like a queue; calls
/// are made in the newest session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Open,
    OpenAndTrap,
    OpenTooLarge,
    InstantiateAgain,
    Return,
    Fail,
    Make,
    Trap,
    Suspend,
    GiveUp,
    Resume,
    DropSuspended,
    IntoData,
    Drop,
}

pub const CALLS: [Call; 14] = [
    Call::Open,
    Call::OpenAndTrap,
    Call::OpenTooLarge,
    Call::InstantiateAgain,
    Call::Return,
    Call::Fail,
    Call::Make,
    Call::Trap,
    Call::Suspend,
    Call::GiveUp,
    Call::Resume,
    Call::DropSuspended,
    Call::IntoData,
    Call::Drop,
];

/// What comes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    Done,
    /// The guest, or its host function, did not return.
    Stopped,
    /// There was none left.
    Exhausted,
    /// There never was anything so large.
    Refused,
}

/// What a session has.
#[derive(Clone, Copy, Debug, Default)]
struct Has {
    /// Each with a memory and a table.
    instances: u64,
    heap: bool,
}

/// The account.
#[derive(Clone, Debug)]
pub struct Account {
    stats: PoolStats,
    sessions: Vec<Has>,
    suspended: Vec<Has>,
}

/// One more of a kind, if there is one.
fn take(stats: &mut ResourceStats) -> bool {
    if stats.held == stats.capacity {
        stats.refused += 1;
        return false;
    }
    stats.held += 1;
    stats.allocated += 1;
    stats.high_water = stats.high_water.max(stats.held);
    true
}

/// So many less.
fn give_back(stats: &mut ResourceStats, count: u64) {
    stats.held -= count as usize;
    stats.freed += count;
}

impl Account {
    pub fn new(capacity: Capacity) -> Account {
        let kind = |capacity| ResourceStats { capacity, ..ResourceStats::default() };
        let stats = PoolStats {
            instances: kind(capacity.instances),
            memories: kind(capacity.memories),
            tables: kind(capacity.tables),
            stacks: kind(capacity.stacks),
            heaps: kind(capacity.heaps),
        };
        Account { stats, sessions: Vec::new(), suspended: Vec::new() }
    }

    pub fn stats(&self) -> PoolStats {
        self.stats
    }

    pub fn capacity(&self) -> Capacity {
        let PoolStats { instances, memories, tables, stacks, heaps } = self.stats;
        Capacity {
            instances: instances.capacity,
            memories: memories.capacity,
            tables: tables.capacity,
            stacks: stacks.capacity,
            heaps: heaps.capacity,
        }
    }

    /// What a call comes to; `None` if there is nothing that it could work on.
    pub fn call(&mut self, call: Call) -> Option<Seen> {
        let seen = match call {
            Call::Open => {
                let made = self.instantiate();
                if made {
                    self.sessions.push(Has { instances: 1, heap: false });
                }
                if made { Seen::Done } else { Seen::Exhausted }
            }
            Call::OpenAndTrap => self.open_and_trap(),
            Call::OpenTooLarge => match take(&mut self.stats.instances) {
                true => {
                    give_back(&mut self.stats.instances, 1);
                    Seen::Refused
                }
                false => Seen::Exhausted,
            },
            Call::InstantiateAgain => {
                self.sessions.first()?;
                let made = self.instantiate();
                self.sessions[0].instances += u64::from(made);
                if made { Seen::Done } else { Seen::Exhausted }
            }
            Call::Return => self.run(Seen::Done)?,
            Call::Fail | Call::Trap => self.run(Seen::Stopped)?,
            Call::Make => self.make()?,
            Call::Suspend => {
                self.sessions.last()?;
                if take(&mut self.stats.stacks) {
                    self.suspended.extend(self.sessions.pop());
                    Seen::Done
                } else {
                    Seen::Exhausted
                }
            }
            Call::GiveUp | Call::Resume => {
                let session = self.unsuspend()?;
                self.sessions.push(session);
                Seen::Done
            }
            Call::DropSuspended => {
                let session = self.unsuspend()?;
                self.end(session);
                Seen::Done
            }
            Call::IntoData | Call::Drop => {
                self.sessions.first()?;
                let session = self.sessions.remove(0);
                self.end(session);
                Seen::Done
            }
        };
        Some(seen)
    }

    /// An instance, then its memory, then its table; all of them or none.
    fn instantiate(&mut self) -> bool {
        let PoolStats { instances, memories, tables, .. } = &mut self.stats;
        if !take(instances) {
            return false;
        }
        if !take(memories) {
            give_back(instances, 1);
            return false;
        }
        if !take(tables) {
            give_back(memories, 1);
            give_back(instances, 1);
            return false;
        }
        true
    }

    fn open_and_trap(&mut self) -> Seen {
        if !self.instantiate() {
            return Seen::Exhausted;
        }
        let starts = take(&mut self.stats.stacks);
        if starts {
            give_back(&mut self.stats.stacks, 1);
        }
        self.end(Has { instances: 1, heap: false });
        if starts { Seen::Stopped } else { Seen::Exhausted }
    }

    /// A call in the newest session.
    fn run(&mut self, seen: Seen) -> Option<Seen> {
        self.sessions.last()?;
        if !take(&mut self.stats.stacks) {
            return Some(Seen::Exhausted);
        }
        give_back(&mut self.stats.stacks, 1);
        Some(seen)
    }

    /// A call in the newest session that makes an object.
    fn make(&mut self) -> Option<Seen> {
        let ran = self.run(Seen::Done)?;
        let session = self.sessions.last_mut()?;
        if ran == Seen::Done && !session.heap {
            session.heap = take(&mut self.stats.heaps);
            return Some(if session.heap { Seen::Done } else { Seen::Exhausted });
        }
        Some(ran)
    }

    fn unsuspend(&mut self) -> Option<Has> {
        self.suspended.first()?;
        give_back(&mut self.stats.stacks, 1);
        Some(self.suspended.remove(0))
    }

    fn end(&mut self, Has { instances, heap }: Has) {
        give_back(&mut self.stats.instances, instances);
        give_back(&mut self.stats.memories, instances);
        give_back(&mut self.stats.tables, instances);
        give_back(&mut self.stats.heaps, u64::from(heap));
    }
}
