//! The right to build what a key is missing.

use crate::cache::built::Built;
use crate::cache::{Artefact, Handle, Shared, Slot};
use crate::defect::{Defect, planted};
use crate::sync::Arc;

/// A key that is being built by whoever has this. Dropped without
/// [`Reservation::publish`], by an error or a panic, it leaves the key absent.
pub(super) struct Reservation<K: Ord + Clone, V: Artefact> {
    shared: Arc<Shared<K, V>>,
    key: K,
    published: bool,
}

impl<K: Ord + Clone, V: Artefact> Reservation<K, V> {
    /// The slot is [`Slot::Building`] already.
    pub(super) fn new(shared: Arc<Shared<K, V>>, key: K) -> Reservation<K, V> {
        Reservation { shared, key, published: false }
    }

    /// Let everybody find `value`; `None` and `value` released if the cache was closed
    /// in the meantime.
    pub(super) fn publish(mut self, value: V) -> Option<Handle<K, V>> {
        let built = Arc::new(Built::new(value));
        let early = planted(Defect::PublishBeforeInit);
        if !early {
            built.complete();
        }
        let mut state = self.shared.state.lock();
        let closed = state.closed;
        if !closed {
            let ready = Slot::Ready { built: Arc::clone(&built), handles: 1 };
            state.slots.insert(self.key.clone(), ready);
            state.stats.builds += 1;
            self.published = true;
            self.shared.changed.notify_all();
        }
        drop(state);
        if early {
            built.complete();
        }
        if closed {
            built.let_go();
            return None;
        }
        Some(Handle::new(Arc::clone(&self.shared), self.key.clone(), built))
    }
}

impl<K: Ord + Clone, V: Artefact> Drop for Reservation<K, V> {
    fn drop(&mut self) {
        if self.published || planted(Defect::FailedBuildStays) {
            return;
        }
        let mut state = self.shared.state.lock();
        state.slots.remove(&self.key);
        state.stats.failures += 1;
        self.shared.changed.notify_all();
    }
}
