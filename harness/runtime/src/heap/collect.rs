//! Collection: find the objects that can be reached, and move them together.
//!
//! First all roots are marked, then [`Heap::sweep`]. Marking keeps a list of what is
//! still to be looked at, so that no chain of objects is too long for it.
//!
//! A collection is due when the heap has doubled since the last one, and grown by what
//! looking through the roots costs; so collections cost no more than a few times what
//! allocations do. Near the limit one may be due for each object. A program that would
//! go on so is stopped as if its objects were too many, see [`FUTILE_MAX`].

use crate::heap::{Heap, UNIT};
use crate::intern::Types;
use crate::sync::lock;

/// How much the heap may grow, at least, before a collection is due.
pub(super) const GROWTH_MIN: u64 = 1 << 20;

/// A collection is futile if it looks through more than so many bytes per byte that was
/// allocated since the last one.
const WORK_PER_BYTE: u64 = 64;

/// How many more futile collections there may be than others.
const FUTILE_MAX: u32 = 64;

/// A collection under way: what was found so far.
#[derive(Debug)]
pub(crate) struct Marking<'a> {
    heap: &'a mut Heap,
    types: &'a Types,
    /// One bit per handle: whether its object can be reached.
    marks: Vec<u64>,
    /// Handles of objects that were found and not looked through.
    found: Vec<u32>,
    /// Slots of roots looked through.
    slots: u64,
}

impl Heap {
    /// Begin a collection, whose objects are of these types. References that the user
    /// holds are roots; the others are up to the caller.
    pub(crate) fn mark<'a>(&'a mut self, types: &'a Types) -> Marking<'a> {
        let marks = vec![0; self.entries.len().div_ceil(64)];
        let held = std::mem::take(&mut *lock(&self.held));
        let mut marking = Marking { heap: self, types, marks, found: Vec::new(), slots: 0 };
        marking.roots(&held);
        *lock(&marking.heap.held) = held;
        marking
    }

    /// Whether there were too many futile collections for another one. If so, there may be
    /// one the next time.
    pub(crate) fn is_exhausted(&mut self) -> bool {
        let exhausted = self.futile >= FUTILE_MAX;
        self.futile -= u32::from(exhausted);
        exhausted
    }

    /// Move the marked objects together and forget the others.
    fn sweep(&mut self, marks: &[u64]) {
        let (mut from, mut to) = (0, 0);
        while from < self.used {
            let handle = self.word(from);
            let size = self.word(from + 12) as usize * UNIT;
            if marks[handle as usize / 64] >> (handle % 64) & 1 == 0 {
                self.leave(handle);
            } else {
                if from != to {
                    self.bytes.copy_within(from..from + size, to);
                    self.entries[handle as usize].place = (to / UNIT) as u32;
                }
                to += size;
            }
            from += size;
        }
        self.used = to;
    }

    /// Say when the next collection is due, after one that has looked through so many
    /// slots of roots.
    fn plan(&mut self, roots: u64) {
        self.live = self.used();
        let growth = self.used().max(GROWTH_MIN).max(roots * 8);
        self.threshold = (self.used() + growth).min(self.limit);
        self.room = self.bytes.len().min(self.threshold as usize);
    }

    /// Judge a collection that looks through so many slots of roots.
    fn judge(&mut self, roots: u64) {
        let (work, allocated) = (self.used() + roots * 8, self.used() - self.live);
        self.futile = match work > allocated.saturating_mul(WORK_PER_BYTE) {
            true => self.futile + 1,
            false => self.futile.saturating_sub(1),
        };
    }
}

impl Marking<'_> {
    /// Mark what these slots refer to; they may hold anything.
    pub(crate) fn roots(&mut self, slots: &[u64]) {
        self.slots += slots.len() as u64;
        slots.iter().for_each(|slot| self.slot(*slot));
    }

    #[inline]
    fn slot(&mut self, slot: u64) {
        let Some(handle) = self.heap.find(slot) else { return };
        let (word, bit) = (&mut self.marks[handle as usize / 64], 1 << (handle % 64));
        if *word & bit == 0 {
            *word |= bit;
            self.found.push(handle);
        }
    }

    /// Mark all that can be reached from the roots, and let the rest die.
    pub(crate) fn finish(mut self) {
        while let Some(handle) = self.found.pop() {
            self.object(handle);
        }
        let Marking { heap, marks, slots, .. } = self;
        heap.judge(slots);
        heap.sweep(&marks);
        heap.plan(slots);
    }

    /// Mark what an object refers to.
    fn object(&mut self, handle: u32) {
        let start = self.heap.entries[handle as usize].place as usize * UNIT;
        let layout = self.types.layout(self.heap.word(start + 4));
        let fields = start + super::HEADER;
        if !layout.array {
            for offset in &layout.references {
                self.slot(u64::from_le_bytes(self.heap.load(fields + *offset as usize)));
            }
        } else if !layout.references.is_empty() {
            for element in 0..self.heap.word(start + 8) as usize {
                self.slot(u64::from_le_bytes(self.heap.load(fields + element * 8)));
            }
        }
    }
}
