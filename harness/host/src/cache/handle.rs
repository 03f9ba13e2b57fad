//! Handles: the right to use an artefact until they are closed.

use std::fmt;
use std::ops::Deref;

use crate::cache::built::Built;
use crate::cache::{Artefact, Shared};
use crate::defect::{Defect, planted};
use crate::sync::{Arc, Mutex};

/// A handle to an artefact of a cache. Closed by [`Handle::close`] or by being dropped,
/// from any thread, and counted once.
#[derive(Debug)]
pub struct Handle<K: Ord, V: Artefact> {
    shared: Arc<Shared<K, V>>,
    key: K,
    /// `None` once closed.
    open: Mutex<Option<Arc<Built<V>>>>,
}

/// A handle, or a whole cache, was closed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandleClosed;

impl fmt::Display for HandleClosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("used after it was closed")
    }
}

impl std::error::Error for HandleClosed {}

impl<K: Ord, V: Artefact> Handle<K, V> {
    pub(super) fn new(shared: Arc<Shared<K, V>>, key: K, built: Arc<Built<V>>) -> Handle<K, V> {
        Handle { shared, key, open: Mutex::new(Some(built)) }
    }

    /// The key.
    pub fn key(&self) -> &K {
        &self.key
    }

    /// The artefact, which is not released before the last of these is gone: what an
    /// instance holds.
    ///
    /// # Errors
    /// [`HandleClosed`] after [`Handle::close`].
    pub fn enter(&self) -> Result<InUse<V>, HandleClosed> {
        let open = self.open.lock();
        let built = open.as_ref().ok_or(HandleClosed)?;
        let held = !planted(Defect::InstanceWithoutReference);
        // Never refused here: the entry holds it as long as this handle is open.
        if held && !built.hold() {
            return Err(HandleClosed);
        }
        Ok(InUse { built: Arc::clone(built), held })
    }

    /// Give the handle up; whether this call did it. Again and again does no harm.
    pub fn close(&self) -> bool {
        let closes = self.open.lock().take().is_some();
        if closes || planted(Defect::DoubleDecrement) {
            self.shared.close_handle(&self.key);
        }
        closes
    }
}

impl<K: Ord, V: Artefact> Drop for Handle<K, V> {
    fn drop(&mut self) {
        let closes = self.open.lock().take().is_some();
        if closes {
            self.shared.close_handle(&self.key);
        }
    }
}

/// An artefact in use.
#[derive(Debug)]
pub struct InUse<V: Artefact> {
    built: Arc<Built<V>>,
    /// Whether it counts; always, but for a defect.
    held: bool,
}

impl<V: Artefact> Deref for InUse<V> {
    type Target = V;

    fn deref(&self) -> &V {
        self.built.value()
    }
}

impl<V: Artefact> Clone for InUse<V> {
    fn clone(&self) -> InUse<V> {
        let held = self.held && self.built.hold();
        InUse { built: Arc::clone(&self.built), held }
    }
}

impl<V: Artefact> Drop for InUse<V> {
    fn drop(&mut self) {
        if self.held {
            self.built.let_go();
        }
    }
}
