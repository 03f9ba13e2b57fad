//! Collection: find the objects that can be reached, and move them together.
//!
//! First all roots are marked, then [`Heap::sweep`]. Marking keeps a list of what is
//! still to be looked at, so that no chain of objects is too long for it.
//!
//! A collection is due when the heap has doubled since the last one, and grown by what
//! looking through the roots costs; so collections cost no more than a few times what
//! allocations do. Near the limit one may be due for each object. A program that would
//! go on so is stopped as if its objects were too many, see [`FUTILE_MAX`].

use crate::exception::Exceptions;
use crate::heap::{HEADER, Heap, UNIT};
use crate::intern::Types;
use crate::refs::{exn_number, is_exn};
use crate::sync::lock;

/// How much the heap may grow, at least, before a collection is due.
pub(super) const GROWTH_MIN: u64 = 1 << 20;

/// A collection is futile if it looks through more than so many bytes per byte that it
/// gains, and per byte that was allocated since the last one.
const WORK_PER_BYTE: u64 = 64;

/// How many more futile collections there may be than others.
const FUTILE_MAX: u32 = 64;

/// How many collections were futile, less those that were not.
#[derive(Debug, Default)]
pub(crate) struct Futility(u32);

impl Futility {
    /// Whether there were too many for another collection. If so, there may be one the
    /// next time.
    pub(crate) fn is_too_great(&mut self) -> bool {
        let too_great = self.0 >= FUTILE_MAX;
        self.0 -= u32::from(too_great);
        too_great
    }

    /// Judge a collection that has looked through `work` bytes and gained so many.
    pub(crate) fn judge(&mut self, work: u64, gain: u64) {
        self.0 = match work > gain.saturating_mul(WORK_PER_BYTE) {
            true => self.0 + 1,
            false => self.0.saturating_sub(1),
        };
    }
}

/// A collection under way: what was found so far.
#[derive(Debug)]
pub(crate) struct Marking<'a> {
    heap: &'a mut Heap,
    types: &'a Types,
    exceptions: &'a Exceptions,
    /// One bit per number: whether the exception can be reached.
    exception_marks: Vec<u64>,
    /// Numbers of exceptions that were found and not looked through.
    exceptions_found: Vec<u32>,
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
    pub(crate) fn mark<'a>(
        &'a mut self,
        types: &'a Types,
        exceptions: &'a Exceptions,
    ) -> Marking<'a> {
        let marks = vec![0; self.entries.len().div_ceil(64)];
        let held = std::mem::take(&mut *lock(&self.held));
        let mut marking = Marking {
            heap: self,
            types,
            exceptions,
            exception_marks: vec![0; exceptions.numbers().div_ceil(64)],
            exceptions_found: Vec::new(),
            marks,
            found: Vec::new(),
            slots: 0,
        };
        marking.roots(&held);
        *lock(&marking.heap.held) = held;
        marking
    }

    /// Whether there were too many futile collections for another one.
    pub(crate) fn is_exhausted(&mut self) -> bool {
        self.futility.is_too_great()
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
}

impl Marking<'_> {
    /// Mark what these slots refer to; they may hold anything.
    pub(crate) fn roots(&mut self, slots: &[u64]) {
        self.slots += slots.len() as u64;
        slots.iter().for_each(|slot| self.slot(*slot));
    }

    #[inline]
    fn slot(&mut self, slot: u64) {
        if let Some(handle) = self.heap.find(slot) {
            if mark(&mut self.marks, handle) {
                self.found.push(handle);
            }
        } else if is_exn(slot)
            && self.exceptions.get(exn_number(slot)).is_some()
            && mark(&mut self.exception_marks, exn_number(slot))
        {
            self.exceptions_found.push(exn_number(slot));
        }
    }

    /// Mark all that can be reached from the roots, and let the other objects die. Gives
    /// the marks of exceptions, and how many bytes were looked through.
    pub(crate) fn finish(mut self) -> (Vec<u64>, u64) {
        loop {
            if let Some(handle) = self.found.pop() {
                self.object(handle);
            } else if let Some(number) = self.exceptions_found.pop() {
                let exn = self.exceptions.get(number);
                self.roots(exn.map_or(&[], |exn| &exn.slots));
            } else {
                break;
            }
        }
        let Marking { heap, marks, exception_marks, slots, .. } = self;
        let used = heap.used();
        let work = used + slots * 8;
        heap.sweep(&marks);
        let gain = (used - heap.live).max(used - heap.used());
        heap.futility.judge(work, gain);
        heap.plan(slots);
        (exception_marks, work)
    }

    /// Mark what an object refers to.
    fn object(&mut self, handle: u32) {
        let start = self.heap.entries[handle as usize].place as usize * UNIT;
        let layout = self.types.layout(self.heap.word(start + 4));
        let fields = start + HEADER;
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

/// Set a bit; whether it was not set.
#[inline]
fn mark(marks: &mut [u64], index: u32) -> bool {
    let (word, bit) = (&mut marks[index as usize / 64], 1 << (index % 64));
    let new = *word & bit == 0;
    *word |= bit;
    new
}
