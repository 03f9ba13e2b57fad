//! Every sequence of calls of a cache, up to a length, against a simple account of what
//! should be there.
#![cfg(not(any(loom, shuttle)))]
#![expect(clippy::disallowed_types, reason = "the test's own account")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;

use gainsay_host::cache::{Artefact, Cache, CacheError, Handle, InUse};

type Key = u8;

/// What became of the artefacts: how often each was completed and released.
#[derive(Debug, Default)]
struct Ledger(Mutex<Vec<(u32, u32)>>);

impl Ledger {
    fn artefact(self: &Arc<Ledger>) -> Entry {
        let mut entries = self.0.lock().expect("no panic while it was locked");
        entries.push((0, 0));
        Entry { number: entries.len() - 1, ledger: Arc::clone(self) }
    }

    fn entries(&self) -> Vec<(u32, u32)> {
        self.0.lock().expect("no panic while it was locked").clone()
    }
}

#[derive(Debug)]
struct Entry {
    number: usize,
    ledger: Arc<Ledger>,
}

impl Artefact for Entry {
    fn complete(&self) {
        self.ledger.0.lock().expect("no panic while it was locked")[self.number].0 += 1;
    }

    fn release(&self) {
        self.ledger.0.lock().expect("no panic while it was locked")[self.number].1 += 1;
    }
}

/// The calls. Handles and instances are taken up and given up like a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    Look(Key),
    LookAndFail(Key),
    Adopt(Key),
    Get(Key),
    CloseOldest,
    CloseNewest,
    CloseAgain,
    EnterNewest,
    LeaveOldest,
    CloseCache,
}

const CALLS: [Call; 12] = [
    Call::Look(0),
    Call::Look(1),
    Call::LookAndFail(0),
    Call::Adopt(0),
    Call::Adopt(1),
    Call::Get(0),
    Call::CloseOldest,
    Call::CloseNewest,
    Call::CloseAgain,
    Call::EnterNewest,
    Call::LeaveOldest,
    Call::CloseCache,
];

const LENGTH_MAX: usize = 6;

/// The cache and what is expected of it.
#[derive(Default)]
struct World {
    cache: Cache<Key, Entry>,
    ledger: Arc<Ledger>,
    handles: Vec<Handle<Key, Entry>>,
    closed: Vec<Handle<Key, Entry>>,
    instances: Vec<InUse<Entry>>,
    account: Account,
}

/// Who holds what: artefacts by number.
#[derive(Default)]
struct Account {
    is_closed: bool,
    /// By key, the artefact that look-ups find.
    present: BTreeMap<Key, usize>,
    /// The artefacts of the open handles, as in `World::handles`, with their keys.
    open: Vec<(Key, usize)>,
    /// The artefacts of the instances.
    used: Vec<usize>,
    made: usize,
}

impl Account {
    /// What a look-up of `key` gives and, if it has to be built, makes.
    fn look(&mut self, key: Key) -> Option<usize> {
        if self.is_closed {
            return None;
        }
        let made = &mut self.made;
        let artefact = *self.present.entry(key).or_insert_with(|| {
            *made += 1;
            *made - 1
        });
        self.open.push((key, artefact));
        Some(artefact)
    }

    fn close(&mut self, at: usize) {
        let (key, _) = self.open.remove(at);
        if !self.open.iter().any(|(open, _)| *open == key) {
            self.present.remove(&key);
        }
    }

    fn is_held(&self, artefact: usize) -> bool {
        self.used.contains(&artefact) || self.open.iter().any(|(_, open)| *open == artefact)
    }
}

impl World {
    fn call(&mut self, call: Call) {
        match call {
            Call::Look(key) => {
                let ledger = &self.ledger;
                let found = self.cache.get_or_build(key, || Ok::<_, ()>(ledger.artefact()));
                let expected = self.account.look(key);
                assert_eq!(found.is_ok(), expected.is_some());
                self.handles.extend(found);
            }
            Call::LookAndFail(key) => self.look_and_fail(key),
            Call::Adopt(key) => self.adopt(key),
            Call::Get(key) => {
                let found = self.cache.get(&key);
                let is_there = self.account.present.contains_key(&key);
                let expected = if is_there { self.account.look(key) } else { None };
                assert_eq!(found.is_some(), expected.is_some());
                self.handles.extend(found);
            }
            Call::CloseOldest => self.close(0),
            Call::CloseNewest => self.close(self.handles.len().saturating_sub(1)),
            Call::CloseAgain => {
                for handle in &self.closed {
                    assert!(!handle.close(), "a closed handle was closed");
                    assert!(handle.enter().is_err(), "a closed handle was used");
                }
            }
            Call::EnterNewest => {
                if let Some(handle) = self.handles.last() {
                    self.instances.push(handle.enter().expect("an open handle"));
                    self.account.used.push(self.account.open.last().expect("as many").1);
                }
            }
            Call::LeaveOldest => {
                if !self.instances.is_empty() {
                    self.instances.remove(0);
                    self.account.used.remove(0);
                }
            }
            Call::CloseCache => {
                assert_eq!(self.cache.close(), !self.account.is_closed);
                self.account.is_closed = true;
            }
        }
    }

    fn look_and_fail(&mut self, key: Key) {
        let found = self.cache.get_or_build(key, || Err("no"));
        let is_there = self.account.present.contains_key(&key);
        match (self.account.is_closed, is_there) {
            (true, _) => assert_eq!(found.err(), Some(CacheError::Closed)),
            (false, false) => assert_eq!(found.err(), Some(CacheError::Build("no"))),
            (false, true) => {
                self.account.look(key);
                self.handles.push(found.expect("it is there"));
            }
        }
    }

    /// The ledger knows a given artefact, too, whatever becomes of it.
    fn adopt(&mut self, key: Key) {
        let adopted = self.cache.adopt(key, self.ledger.artefact());
        let is_there = self.account.present.contains_key(&key);
        let number = self.account.made;
        if self.account.is_closed || is_there {
            self.account.made += 1;
            assert_eq!(self.ledger.entries()[number], (1, 1), "what is not taken is released");
        }
        let expected = self.account.look(key);
        assert_eq!(adopted.is_ok(), expected.is_some());
        self.handles.extend(adopted);
    }

    fn close(&mut self, at: usize) {
        if at < self.handles.len() {
            let handle = self.handles.remove(at);
            assert!(handle.close(), "an open handle was not closed");
            self.closed.push(handle);
            self.account.close(at);
        }
    }

    /// C2 to C4 and C6: presence, counts and releases are those of the account.
    fn check(&self) {
        for key in [0, 1] {
            let open = self.account.open.iter().filter(|(open, _)| *open == key).count();
            assert_eq!(self.cache.handles(&key), open, "handles of {key}");
        }
        assert_eq!(self.cache.len(), self.account.present.len(), "keys");
        let entries = self.ledger.entries();
        assert_eq!(entries.len(), self.account.made, "artefacts");
        for (number, (completed, released)) in entries.iter().enumerate() {
            assert_eq!(*completed, 1, "completed");
            assert_eq!(*released, u32::from(!self.account.is_held(number)), "released");
        }
        for (handle, (_, artefact)) in self.handles.iter().zip(&self.account.open) {
            assert_eq!(handle.enter().expect("an open handle").number, *artefact);
        }
    }
}

/// The calls of the sequence with this number, among those of this length.
fn sequence(mut number: usize, length: usize) -> impl Iterator<Item = Call> {
    (0..length).map(move |_| {
        let call = CALLS[number % CALLS.len()];
        number /= CALLS.len();
        call
    })
}

/// The account is compared after the last call of each: what came before it is a
/// sequence of its own.
#[test]
fn all_sequences_of_six_calls_keep_the_account() {
    let mut sequences = 0u64;
    for length in 0..=LENGTH_MAX {
        for number in 0..CALLS.len().pow(length as u32) {
            let mut world = World::default();
            sequence(number, length).for_each(|call| world.call(call));
            world.check();
            sequences += 1;
        }
    }
    println!("{sequences} sequences of up to {LENGTH_MAX} of {} calls", CALLS.len());
    assert_eq!(sequences, (0..=6).map(|length| 12u64.pow(length)).sum());
}

#[test]
fn open_handles_are_released_with_the_last_user() {
    let mut world = World::default();
    for call in [Call::Look(0), Call::Look(0), Call::EnterNewest] {
        world.call(call);
    }
    let ledger = Arc::clone(&world.ledger);
    world.handles.clear();
    assert_eq!(ledger.entries(), [(1, 0)], "an instance still uses it");
    assert_eq!(world.cache.len(), 0, "but it cannot be found any more");
    world.instances.clear();
    assert_eq!(ledger.entries(), [(1, 1)]);
}

#[test]
fn a_build_that_panics_leaves_the_key_free() {
    let world = World::default();
    let (cache, ledger) = (&world.cache, &world.ledger);
    let panics = || cache.get_or_build(0, || -> Result<Entry, ()> { panic!("in the build") });
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics));
    assert!(caught.is_err());
    assert!(cache.get_or_build(0, || Ok::<_, ()>(ledger.artefact())).is_ok());
    assert_eq!((cache.stats().failures, cache.stats().builds), (1, 1));
}
