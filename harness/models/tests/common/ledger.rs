//! A cache of artefacts that know what was done to them.

use gainsay_host::cache::{Artefact, Cache, CacheError, Handle, InUse};
use gainsay_host::sync::{Arc, Mutex};

pub type Key = u8;

/// What was done to every artefact, under a lock of the checker, as the accounts of the
/// shipping cache are: so schedules change hands there, too.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<Books>);

#[derive(Debug, Default)]
struct Books {
    lives: Vec<Life>,
    /// Keys that are being built.
    building: Vec<Key>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Life {
    completed: u32,
    released: u32,
}

/// An artefact.
#[derive(Debug)]
pub struct Probe {
    pub number: usize,
    ledger: Arc<Ledger>,
}

impl Artefact for Probe {
    fn complete(&self) {
        self.ledger.0.lock().lives[self.number].completed += 1;
    }

    fn release(&self) {
        self.ledger.0.lock().lives[self.number].released += 1;
    }
}

impl Probe {
    /// C1 and C4.
    pub fn check(&self) {
        let life = self.ledger.0.lock().lives[self.number];
        assert!(life.completed == 1, "an artefact was used before it was complete");
        assert!(life.released == 0, "an artefact was used after it was released");
    }
}

impl Ledger {
    /// An artefact that was not built by the cache.
    pub fn given(self: &Arc<Ledger>) -> Probe {
        let mut books = self.0.lock();
        books.lives.push(Life::default());
        Probe { number: books.lives.len() - 1, ledger: Arc::clone(self) }
    }

    /// Build one; others may go on meanwhile. C5.
    pub fn build(self: &Arc<Ledger>, key: Key) -> Probe {
        {
            let mut books = self.0.lock();
            assert!(!books.building.contains(&key), "two builds of one key at a time");
            books.building.push(key);
        }
        let mut books = self.0.lock();
        books.building.retain(|other| *other != key);
        books.lives.push(Life::default());
        Probe { number: books.lives.len() - 1, ledger: Arc::clone(self) }
    }

    /// How many artefacts there were.
    #[cfg(loom)]
    pub fn count(&self) -> usize {
        self.0.lock().lives.len()
    }

    /// C4, when nobody holds anything any more.
    pub fn check_at_rest(&self) {
        for life in &self.0.lock().lives {
            assert!(life.completed == 1, "an artefact was completed {} times", life.completed);
            assert!(life.released == 1, "an artefact was released {} times", life.released);
        }
    }
}

/// A cache with its ledger; clones are the same.
#[derive(Clone, Default)]
pub struct World {
    pub cache: Cache<Key, Probe>,
    pub ledger: Arc<Ledger>,
}

pub type Found = Result<Handle<Key, Probe>, CacheError<&'static str>>;

impl World {
    /// Look up, building what is missing.
    pub fn look(&self, key: Key) -> Found {
        self.cache.get_or_build(key, || Ok(self.ledger.build(key)))
    }

    /// Look up, with a build that fails.
    pub fn look_and_fail(&self, key: Key) -> Found {
        self.cache.get_or_build(key, || Err("no"))
    }

    /// What holds of an open handle: C2 and C3. The artefact in use.
    pub fn check(&self, handle: &Handle<Key, Probe>) -> InUse<Probe> {
        assert!(self.cache.handles(handle.key()) > 0, "an open handle is not counted");
        let Ok(artefact) = handle.enter() else { panic!("an open handle cannot be entered") };
        artefact.check();
        artefact
    }

    /// Look up, use, close.
    #[cfg(loom)]
    pub fn visit(&self, key: Key) {
        let handle = self.look(key).expect("nothing fails here");
        drop(self.check(&handle));
        assert!(handle.close(), "an open handle was not closed");
    }

    /// What holds when nobody holds anything any more.
    pub fn check_at_rest(&self) {
        assert!(self.cache.is_empty(), "a key without handles is in the cache");
        self.ledger.check_at_rest();
    }
}
