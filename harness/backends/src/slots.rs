//! Named objects of a backend.

use std::collections::BTreeMap;

use gainsay_lifecycle::OpOutcome;

/// Objects by the numbers of their names.
#[derive(Debug)]
pub(crate) struct Slots<T> {
    kind: &'static str,
    objects: BTreeMap<u8, T>,
}

impl<T> Slots<T> {
    pub(crate) fn new(kind: &'static str) -> Slots<T> {
        Slots { kind, objects: BTreeMap::new() }
    }

    /// Bind a name; what it was bound to is dropped.
    pub(crate) fn put(&mut self, name: u8, object: T) {
        self.objects.insert(name, object);
    }

    pub(crate) fn get(&self, name: u8) -> Result<&T, OpOutcome> {
        self.objects.get(&name).ok_or_else(|| self.unbound(name))
    }

    pub(crate) fn get_mut(&mut self, name: u8) -> Result<&mut T, OpOutcome> {
        let unbound = self.unbound(name);
        self.objects.get_mut(&name).ok_or(unbound)
    }

    pub(crate) fn take(&mut self, name: u8) -> Result<T, OpOutcome> {
        let unbound = self.unbound(name);
        self.objects.remove(&name).ok_or(unbound)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.objects.values()
    }

    /// Keep those that are wanted, drop the others.
    pub(crate) fn retain(&mut self, mut wanted: impl FnMut(&T) -> bool) {
        self.objects.retain(|_, object| wanted(object));
    }

    /// Unbind all names.
    pub(crate) fn take_all(&mut self) -> impl Iterator<Item = T> + use<T> {
        std::mem::take(&mut self.objects).into_values()
    }

    fn unbound(&self, name: u8) -> OpOutcome {
        OpOutcome::Broken(format!("the model thinks that there is a {} {name}", self.kind))
    }
}
