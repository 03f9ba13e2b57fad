//! What keeps objects alive, and when collections happen.
//!
//! Roots are: globals, tables, element segments, references that the user holds, and the
//! slots of activations, both the running one and those at rest. Which slots of a stack
//! hold references is not recorded: each that looks like a reference to an object counts
//! as one. So a number may keep an object alive; the reverse cannot be. Whether it
//! happens depends on nothing but the program: frames of modules with structures or
//! arrays begin with all slots cleared, see [`crate::module::Body::cleared_slots`].

use crate::exec::Stop;
use crate::store::Store;
use crate::value::Value;

impl Store {
    /// Bytes of the structures and arrays that have not been collected.
    pub fn heap_bytes(&self) -> u64 {
        self.heap.used()
    }

    /// Collect the structures, arrays and exceptions that cannot be reached. Happens by itself when
    /// room is needed.
    ///
    /// The activations of the store must be at rest; one that was made and not run yet
    /// is.
    pub fn collect_garbage(&mut self) {
        self.collect([&[], &[]]);
    }

    /// How many references to objects and exceptions the store holds for its user, see
    /// [`crate::Object`].
    pub fn held(&self) -> usize {
        self.heap.held()
    }

    /// Hold only the first `count` references to objects, in the order in which they were
    /// given: what [`Store::held`] said before lets go what was given since.
    pub fn release(&mut self, count: usize) {
        self.heap.release(count);
    }

    /// Hold what leaves the store.
    pub(crate) fn hold(&self, values: &[Value]) {
        for value in values {
            if let Value::Struct(_) | Value::Array(_) | Value::Exn(_) = value {
                self.heap.hold(value.slots()[0]);
            }
        }
    }

    /// Make room for an object of `size` bytes, while an activation with these slots runs.
    ///
    /// # Errors
    /// [`Stop::HeapExhausted`] if what lives leaves too little, [`Stop::Limit`] if the
    /// store's allocator gives it no heap.
    pub(crate) fn make_room(&mut self, size: u64, running: &[u64]) -> Result<(), Stop> {
        if !self.heap.is_backed() {
            self.heap.back(self.allocator.heap().map_err(Stop::Limit)?);
        }
        if !self.heap.could_hold(size) {
            return Err(Stop::HeapExhausted);
        }
        if self.heap.is_due(size) {
            if self.heap.is_exhausted() {
                return Err(Stop::HeapExhausted);
            }
            self.collect([running, &[]]);
        }
        match self.heap.can_hold(size) && self.heap.reserve(size) {
            true => Ok(()),
            false => Err(Stop::HeapExhausted),
        }
    }

    /// Collect what neither these slots nor other roots refer to; the bytes that were
    /// looked through.
    pub(crate) fn collect(&mut self, slots: [&[u64]; 2]) -> u64 {
        let mut marking = self.heap.mark(&self.types, &self.exceptions);
        slots.into_iter().for_each(|slots| marking.roots(slots));
        for global in &self.globals {
            marking.roots(&global.slots[..1]);
        }
        for table in self.tables.iter().filter(|table| !table.has_functions()) {
            marking.roots(&table.elements);
        }
        for references in &self.elems {
            marking.roots(references);
        }
        self.suspended.each(|slots| marking.roots(slots));
        let (exceptions, work) = marking.finish();
        self.exceptions.sweep(&exceptions);
        work
    }
}
