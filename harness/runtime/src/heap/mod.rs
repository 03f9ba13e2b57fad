//! The heap of structures and arrays (§ exec/runtime, structure and array instances).
//!
//! An object is named by a handle, the index of an entry that says where its bytes
//! are. So it can be moved without anyone who refers to it being told: objects lie one
//! behind the other, a new one behind the last, and a collection ([`collect`]) moves
//! those that live together. Nothing is ever fragmented, and the limit is exact.
//!
//! An object takes a header of 16 bytes and its fields, rounded up to 8 bytes; that is
//! what the limit counts. An entry of 8 bytes comes on top.

mod collect;
mod layout;

use crate::buffer;
use crate::intern::Types;
use crate::lease::Lease;
use crate::refs::{
    GENERATIONS, Referent, generation, handle, is_exn, is_object, object_ref, referent,
};
use crate::sync::{Mutex, lock};

pub(crate) use collect::Futility;
pub(crate) use layout::{Layout, Width};

/// Bytes before an object's fields: its handle, its type, how many elements it has if it
/// is an array, and its size in units of [`UNIT`]; a `u32` each.
const HEADER: usize = 16;

/// Objects start at multiples of it.
const UNIT: usize = 8;

/// The largest heap that entries can address.
const BYTES_MAX: u64 = (u32::MAX as u64) * UNIT as u64;

/// Bytes that are made room for at first.
const FIRST_BYTES: u64 = 1 << 16;

/// No entry.
const NONE: u32 = u32::MAX;

/// Set in the generation of entries without an object.
const UNUSED: u32 = 1 << 31;

/// All objects of a store.
#[derive(Debug)]
pub(crate) struct Heap {
    /// The objects up to `used`; what is behind it means nothing.
    bytes: Lease<Vec<u8>>,
    /// Whether `bytes` came from the store's allocator already.
    backed: bool,
    used: usize,
    /// How far objects may reach before something is to be done for it.
    room: usize,
    /// How far before a collection is due.
    threshold: u64,
    /// How far ever.
    limit: u64,
    entries: Vec<Entry>,
    /// The first entry without an object, each of which names the next.
    unused: u32,
    /// Bytes that the last collection has left.
    live: u64,
    futility: Futility,
    /// References that the user of the store holds, in the order in which it got them.
    held: Mutex<Vec<u64>>,
}

/// What a handle names.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Where the object is, in units of [`UNIT`]; if there is none, the next such entry.
    place: u32,
    /// How often the handle was used before, and perhaps [`UNUSED`].
    generation: u32,
}

/// Where a new object is.
pub(crate) struct New {
    /// The reference to it.
    pub(crate) reference: u64,
    /// The position of its fields.
    pub(crate) fields: usize,
}

/// Bytes that an object with so many bytes of fields takes.
#[inline(always)]
pub(crate) const fn size(fields: u64) -> u64 {
    HEADER as u64 + fields.next_multiple_of(UNIT as u64)
}

impl Heap {
    /// An empty heap for at most `limit` bytes.
    pub(crate) fn new(limit: u64) -> Heap {
        let limit = limit.min(BYTES_MAX);
        Heap {
            bytes: Lease::default(),
            backed: false,
            used: 0,
            room: 0,
            threshold: limit.min(collect::GROWTH_MIN),
            limit,
            entries: Vec::new(),
            unused: NONE,
            live: 0,
            futility: Futility::default(),
            held: Mutex::new(Vec::new()),
        }
    }

    /// Bytes of the objects that have not been collected.
    pub(crate) fn used(&self) -> u64 {
        self.used as u64
    }

    /// Whether there ever was an object.
    #[inline]
    pub(crate) fn is_touched(&self) -> bool {
        !self.entries.is_empty()
    }

    /// Make an object of the store's type `ty` with so many elements, if it is an array,
    /// and `bytes` bytes of fields, which hold anything. `None` if there is no room for
    /// it, until [`Heap::reserve`] made some.
    #[inline(always)]
    pub(crate) fn allocate(&mut self, ty: u32, elements: Option<u32>, bytes: u64) -> Option<New> {
        let size = size(bytes);
        if size > (self.room - self.used) as u64 {
            return None;
        }
        let start = self.used;
        self.used += size as usize;
        let (handle, generation) = self.enter(start);
        let header = [handle, ty, elements.unwrap_or(0), (size / UNIT as u64) as u32];
        let head = &mut self.bytes[start..start + HEADER];
        for (word, place) in header.iter().zip(head.chunks_exact_mut(4)) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        let reference = object_ref(handle, generation, elements.is_some());
        Some(New { reference, fields: start + HEADER })
    }

    /// A handle, and its generation, for the object at `start`.
    #[inline(always)]
    fn enter(&mut self, start: usize) -> (u32, u32) {
        let place = (start / UNIT) as u32;
        match self.entries.get_mut(self.unused as usize) {
            Some(entry) => {
                let handle = std::mem::replace(&mut self.unused, entry.place);
                let generation = entry.generation & !UNUSED;
                *entry = Entry { place, generation };
                (handle, generation)
            }
            None => {
                self.entries.push(Entry { place, generation: 0 });
                (self.entries.len() as u32 - 1, 0)
            }
        }
    }

    /// Take an object's handle back.
    fn leave(&mut self, handle: u32) {
        let entry = &mut self.entries[handle as usize];
        let generation = entry.generation + 1;
        // One that was used too often is never used again.
        let again = generation < GENERATIONS;
        let place = if again { self.unused } else { NONE };
        *entry = Entry { place, generation: generation | UNUSED };
        if again {
            self.unused = handle;
        }
    }

    /// Whether it has storage from an allocator.
    pub(crate) fn is_backed(&self) -> bool {
        self.backed
    }

    /// Put objects into this storage, of which there are none yet.
    pub(crate) fn back(&mut self, bytes: Lease<Vec<u8>>) {
        self.limit = self.limit.min(bytes.room());
        self.threshold = self.threshold.min(self.limit);
        (self.bytes, self.backed) = (bytes, true);
    }

    /// Whether the limit leaves room for `size` bytes of objects and nothing else.
    pub(crate) fn could_hold(&self, size: u64) -> bool {
        size <= self.limit
    }

    /// Whether the limit leaves room for an object of `size` bytes.
    pub(crate) fn can_hold(&self, size: u64) -> bool {
        size <= self.limit - self.used()
    }

    /// Whether a collection is due before an object of `size` bytes is made.
    pub(crate) fn is_due(&self, size: u64) -> bool {
        self.used() + size > self.threshold
    }

    /// Get storage for an object of `size` bytes, for which the limit leaves room;
    /// `false` if the machine has none.
    pub(crate) fn reserve(&mut self, size: u64) -> bool {
        let wanted = self.used() + size;
        self.threshold = self.threshold.max(wanted);
        if wanted > self.bytes.len() as u64 {
            let length = (2 * self.bytes.len() as u64).max(wanted).max(FIRST_BYTES);
            let length = length.min(self.limit);
            if !buffer::grow(&mut self.bytes, length, 0)
                && !buffer::grow(&mut self.bytes, wanted, 0)
            {
                return false;
            }
        }
        self.room = self.bytes.len().min(self.threshold as usize);
        true
    }

    #[inline(always)]
    fn start(&self, reference: u64) -> usize {
        self.entries[handle(reference)].place as usize * UNIT
    }

    #[inline(always)]
    fn word(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.load(at))
    }

    /// The store's type of the object referred to.
    #[inline(always)]
    pub(crate) fn ty(&self, reference: u64) -> u32 {
        self.word(self.start(reference) + 4)
    }

    /// The position of an object's fields.
    #[inline(always)]
    pub(crate) fn fields(&self, reference: u64) -> usize {
        self.start(reference) + HEADER
    }

    /// The position of an array's elements, and how many they are.
    #[inline(always)]
    pub(crate) fn elements(&self, reference: u64) -> (usize, u32) {
        let start = self.start(reference);
        (start + HEADER, self.word(start + 8))
    }

    /// `N` bytes of a field.
    #[inline(always)]
    pub(crate) fn load<const N: usize>(&self, at: usize) -> [u8; N] {
        *self.bytes[at..].first_chunk().expect("a field is within its object")
    }

    /// Set `N` bytes of a field.
    #[inline(always)]
    pub(crate) fn store<const N: usize>(&mut self, at: usize, value: [u8; N]) {
        self.bytes[at..at + N].copy_from_slice(&value);
    }

    /// Fields of an object.
    #[inline(always)]
    pub(crate) fn bytes_mut(&mut self, at: usize, count: usize) -> &mut [u8] {
        &mut self.bytes[at..at + count]
    }

    /// Copy fields, of one object or to another.
    pub(crate) fn copy(&mut self, from: usize, to: usize, count: usize) {
        self.bytes.copy_within(from..from + count, to);
    }

    /// The handle of the object that a slot refers to, if it does: slots may hold anything.
    #[inline]
    pub(crate) fn find(&self, slot: u64) -> Option<u32> {
        if !is_object(slot) {
            return None;
        }
        let entry = self.entries.get(handle(slot))?;
        (entry.generation == generation(slot)).then_some(handle(slot) as u32)
    }

    /// Let a reference count as held by the user of the store, if it is one to an object
    /// or an exception.
    pub(crate) fn hold(&self, slot: u64) {
        if is_object(slot) || is_exn(slot) {
            lock(&self.held).push(slot);
        }
    }

    /// Whether a reference still refers to the object that it was made for.
    pub(crate) fn is_live(&self, slot: u64, types: &Types) -> bool {
        self.find(slot).is_some()
            && types.layout(self.ty(slot)).array == (referent(slot) == Referent::Array)
    }

    /// How many references are held.
    pub(crate) fn held(&self) -> usize {
        lock(&self.held).len()
    }

    /// Hold only the first `count` of the references that are held.
    pub(crate) fn release(&mut self, count: usize) {
        lock(&self.held).truncate(count);
    }
}
