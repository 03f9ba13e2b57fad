//! Memories that threads share (threads proposal, § exec/runtime, memory instances).
//!
//! The bytes are those of 64-bit words, each an atomic, so that accesses of any width
//! at any address are free of data races in safe code. What a guest's access says
//! decides the ordering of the words' accesses:
//! - plain loads and stores are relaxed, word by word: they may tear where they cross
//!   from one word to the next, as § exec/relaxed lets them;
//! - the guest's atomic instructions are sequentially consistent, on one word each.
//!
//! The size is read with acquire before words are, and written with release after
//! words were made; as an access that the memory model has a name for (`memory.size`
//! and `memory.grow`) it is sequentially consistent.

use std::fmt;

use crate::buffer;
use crate::lease::Lease;
use crate::limit::LimitError;
use crate::memory::{pages, pages_max};
use crate::sync::{Arc, AtomicU64, Mutex, OnceLock, Ordering, lock};
use crate::types::MemoryType;
use crate::waiting::Queues;

/// Logarithm of the number of words in the first segment: 64 KiB.
const FIRST_LOG2: u32 = 13;

/// Segments of a memory that has all addresses of 64 bits.
const SEGMENTS: usize = 62 - FIRST_LOG2 as usize;

/// A memory that any number of stores, on any number of threads, may hold at the same
/// time ([`crate::Store::import_shared`]); a clone is the same memory.
#[derive(Clone)]
pub struct SharedMemory(Arc<Inner>);

struct Inner {
    /// As declared.
    ty: MemoryType,
    /// Bytes that it may have: the least of its type's and its maker's limits.
    bytes_max: u64,
    /// Bytes that it has; never fewer than before.
    length: AtomicU64,
    /// Held while it grows.
    growing: Mutex<()>,
    /// Each but the first is as long as all before it together, so that words never
    /// move and there are few segments; those in which no byte may be are not there.
    segments: [OnceLock<Box<[AtomicU64]>>; SEGMENTS],
    queues: Queues,
    /// What counts it among the memories of an allocator, until nobody has it.
    _lease: Lease<Vec<u8>>,
}

/// A read-modify-write operator (threads proposal, § exec/instructions).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rmw {
    Add,
    Sub,
    And,
    Or,
    Xor,
    Xchg,
}

impl Rmw {
    /// What it leaves in memory, before it is cut to the width of the access.
    #[inline]
    pub(crate) fn apply(self, old: u64, operand: u64) -> u64 {
        match self {
            Rmw::Add => old.wrapping_add(operand),
            Rmw::Sub => old.wrapping_sub(operand),
            Rmw::And => old & operand,
            Rmw::Or => old | operand,
            Rmw::Xor => old ^ operand,
            Rmw::Xchg => operand,
        }
    }
}

/// `count` words that are zero, or `None` when there is no room for them.
///
/// An optimising compiler sees that nothing is to be done for any of them, so that
/// the pages of the system stay untouched until a guest uses them.
fn zeroed(count: u64) -> Option<Box<[AtomicU64]>> {
    Some(buffer::filled(0, count)?.into_iter().map(AtomicU64::new).collect())
}

/// The segment in which a word lies, and the first word of it.
#[inline]
fn segment_of(word: u64) -> (usize, u64) {
    let segment = u64::BITS - (word >> FIRST_LOG2).leading_zeros();
    (segment as usize, segment_start(segment))
}

#[inline]
fn segment_start(segment: u32) -> u64 {
    if segment == 0 { 0 } else { 1 << (FIRST_LOG2 + segment - 1) }
}

/// The low `width` bytes, set; `width` is 1 to 8.
#[inline]
fn low_bytes(width: u32) -> u64 {
    u64::MAX >> (64 - 8 * width)
}

impl SharedMemory {
    /// A zeroed memory of a type whose `shared` is set, with at most `bytes_max` bytes.
    ///
    /// # Errors
    /// When its initial size is larger than that, or than there is room for.
    pub fn new(ty: MemoryType, bytes_max: u64) -> Result<SharedMemory, LimitError> {
        SharedMemory::try_new(ty, bytes_max)
            .ok_or_else(|| LimitError::too_large(format!("a memory of {}", pages(ty.limits.min))))
    }

    fn try_new(ty: MemoryType, bytes_max: u64) -> Option<SharedMemory> {
        SharedMemory::leased(ty, bytes_max, Lease::default())
    }

    /// The same, counted by the allocator that `lease` is from.
    pub(crate) fn leased(
        ty: MemoryType,
        bytes_max: u64,
        lease: Lease<Vec<u8>>,
    ) -> Option<SharedMemory> {
        let memory = SharedMemory(Arc::new(Inner {
            ty: MemoryType { shared: true, ..ty },
            bytes_max: bytes_max.min(pages_max(&ty).saturating_mul(1 << ty.page_log2)),
            length: AtomicU64::new(0),
            growing: Mutex::new(()),
            segments: [const { OnceLock::new() }; SEGMENTS],
            queues: Queues::default(),
            _lease: lease,
        }));
        memory.grow(ty.limits.min)?;
        Some(memory)
    }

    /// The type, with the current size in pages for its minimum.
    pub fn ty(&self) -> MemoryType {
        let mut ty = self.0.ty;
        ty.limits.min = self.size() >> ty.page_log2;
        ty
    }

    /// The size in bytes. For the guest this is an access, sequentially consistent.
    pub fn size(&self) -> u64 {
        self.0.length.load(Ordering::SeqCst)
    }

    /// Whether both are the same memory.
    pub fn is(&self, other: &SharedMemory) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn queues(&self) -> &Queues {
        &self.0.queues
    }

    /// § exec/modules, `growmem`: the old size in pages, or `None` if the memory would
    /// pass its maximum, its maker's limit, or the room there is. Of calls at the same
    /// time each sees what the one before it did.
    pub fn grow(&self, delta_pages: u64) -> Option<u64> {
        let inner = &*self.0;
        let _growing = lock(&inner.growing);
        let old = inner.length.load(Ordering::SeqCst);
        let delta = delta_pages.checked_mul(1 << inner.ty.page_log2)?;
        let new = old.checked_add(delta).filter(|new| *new <= inner.bytes_max)?;
        self.reserve(new)?;
        inner.length.store(new, Ordering::SeqCst);
        Some(old >> inner.ty.page_log2)
    }

    /// Make the segments for so many bytes, none longer than the maximum asks for.
    fn reserve(&self, length: u64) -> Option<()> {
        let Some(last) = length.div_ceil(8).checked_sub(1) else { return Some(()) };
        let words_max = self.0.bytes_max.div_ceil(8);
        for number in 0..=segment_of(last).0 as u32 {
            let segment = &self.0.segments[number as usize];
            if segment.get().is_none() {
                let end = words_max.min(1 << (FIRST_LOG2 + number));
                // Only one thread grows at a time, hence nobody was faster.
                let _ = segment.set(zeroed(end - segment_start(number))?);
            }
        }
        Some(())
    }

    /// Whether so many bytes from `at` on lie within the size. The guest's plain
    /// accesses read it without order; acquire is for the words to be there.
    #[inline]
    pub(crate) fn contains(&self, at: u64, count: u64) -> bool {
        let length = self.0.length.load(Ordering::Acquire);
        at.checked_add(count).is_some_and(|end| end <= length)
    }

    /// The word with this index, which lies within the size.
    #[inline]
    fn word(&self, index: u64) -> &AtomicU64 {
        let (segment, start) = segment_of(index);
        let words = self.0.segments[segment].get().expect("the size covers made segments only");
        &words[(index - start) as usize]
    }

    /// Read bytes as a plain load does; `false`, and nothing read, if there are not so many.
    #[inline]
    pub fn read(&self, at: u64, into: &mut [u8]) -> bool {
        if !self.contains(at, into.len() as u64) {
            return false;
        }
        let mut done = 0;
        while done < into.len() {
            let address = at + done as u64;
            let offset = (address % 8) as usize;
            let count = (8 - offset).min(into.len() - done);
            let bytes = self.word(address / 8).load(Ordering::Relaxed).to_le_bytes();
            into[done..done + count].copy_from_slice(&bytes[offset..offset + count]);
            done += count;
        }
        true
    }

    /// Write bytes as a plain store does; `false`, and nothing written, if there are
    /// not so many. Neighbours in a word that another thread writes are left alone.
    #[inline]
    pub fn write(&self, at: u64, from: &[u8]) -> bool {
        if !self.contains(at, from.len() as u64) {
            return false;
        }
        let mut done = 0;
        while done < from.len() {
            let address = at + done as u64;
            let offset = (address % 8) as usize;
            let count = (8 - offset).min(from.len() - done);
            let mut bytes = [0; 8];
            bytes[..count].copy_from_slice(&from[done..done + count]);
            let place = Place::new(self, address, count as u32);
            place.store(u64::from_le_bytes(bytes), Ordering::Relaxed);
            done += count;
        }
        true
    }

    /// The place of an atomic access, which is aligned and within the size.
    #[inline]
    pub(crate) fn place(&self, at: u64, width: u32) -> Place<'_> {
        Place::new(self, at, width)
    }
}

/// Some bytes of one word.
pub(crate) struct Place<'a> {
    word: &'a AtomicU64,
    shift: u32,
    /// As many low bits as there are.
    mask: u64,
}

impl<'a> Place<'a> {
    #[inline]
    fn new(memory: &'a SharedMemory, at: u64, width: u32) -> Place<'a> {
        Place { word: memory.word(at / 8), shift: (at % 8) as u32 * 8, mask: low_bytes(width) }
    }

    #[inline]
    fn extract(&self, word: u64) -> u64 {
        word >> self.shift & self.mask
    }

    #[inline]
    fn insert(&self, word: u64, value: u64) -> u64 {
        word & !(self.mask << self.shift) | (value & self.mask) << self.shift
    }

    #[inline]
    fn store(&self, value: u64, order: Ordering) {
        if self.mask == u64::MAX {
            self.word.store(value, order);
        } else {
            // Always succeeds: the closure always gives a value.
            let _ = self
                .word
                .fetch_update(order, Ordering::Relaxed, |word| Some(self.insert(word, value)));
        }
    }

    /// The guest's `atomic.load`.
    #[inline]
    pub(crate) fn atomic_load(&self) -> u64 {
        self.extract(self.word.load(Ordering::SeqCst))
    }

    /// The guest's `atomic.store`.
    #[inline]
    pub(crate) fn atomic_store(&self, value: u64) {
        self.store(value, Ordering::SeqCst);
    }

    /// The guest's `atomic.rmw`: what was there before.
    #[inline]
    pub(crate) fn atomic_rmw(&self, rmw: Rmw, operand: u64) -> u64 {
        let update = |word| Some(self.insert(word, rmw.apply(self.extract(word), operand)));
        let old = self.word.fetch_update(Ordering::SeqCst, Ordering::SeqCst, update);
        self.extract(old.unwrap_or_else(|word| word))
    }

    /// The guest's `atomic.rmw.cmpxchg`: what was there before.
    #[inline]
    pub(crate) fn atomic_cmpxchg(&self, expected: u64, replacement: u64) -> u64 {
        let expected = expected & self.mask;
        let update =
            |word| (self.extract(word) == expected).then(|| self.insert(word, replacement));
        let old = self.word.fetch_update(Ordering::SeqCst, Ordering::SeqCst, update);
        self.extract(old.unwrap_or_else(|word| word))
    }
}

impl fmt::Debug for SharedMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedMemory").field("ty", &self.ty()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{AddrType, Limits};

    fn memory(min: u64, max: u64, bytes_max: u64, page_log2: u8) -> Option<SharedMemory> {
        let limits = Limits { min, max: Some(max) };
        let ty = MemoryType { limits, addr: AddrType::I32, shared: true, page_log2 };
        SharedMemory::try_new(ty, bytes_max)
    }

    #[test]
    fn words_lie_in_segments_that_double() {
        assert_eq!(segment_of(0), (0, 0));
        assert_eq!(segment_of((1 << 13) - 1), (0, 0));
        assert_eq!(segment_of(1 << 13), (1, 1 << 13));
        assert_eq!(segment_of((1 << 14) - 1), (1, 1 << 13));
        assert_eq!(segment_of(1 << 14), (2, 1 << 14));
        assert_eq!(segment_of(u64::MAX / 8), (SEGMENTS - 1, 1 << 60));
    }

    #[test]
    fn it_grows_up_to_its_maximum_and_no_further() {
        let memory = memory(1, 4, 1 << 32, 16).unwrap();
        assert_eq!(memory.grow(2), Some(1));
        assert_eq!(memory.grow(2), None);
        assert_eq!(memory.grow(u64::MAX), None);
        assert_eq!(memory.grow(1), Some(3));
        assert_eq!(memory.grow(0), Some(4));
        assert_eq!((memory.size(), memory.ty().limits.min), (4 << 16, 4));
        let words: u64 =
            memory.0.segments.iter().flat_map(OnceLock::get).map(|s| s.len() as u64).sum();
        assert_eq!(words, 4 << 13, "no more was made than the maximum");
    }

    #[test]
    fn the_makers_limit_is_exact() {
        assert!(memory(3, 9, (3 << 16) - 1, 16).is_none());
        let memory = memory(2, 9, 3 << 16, 16).unwrap();
        assert_eq!(memory.grow(2), None);
        assert_eq!(memory.grow(1), Some(2));
    }

    #[test]
    fn the_maximum_costs_nothing_until_it_is_used() {
        let memory = memory(1, 65536, 1 << 32, 16).unwrap();
        assert_eq!(memory.0.segments.iter().flat_map(OnceLock::get).count(), 1);
        assert_eq!(memory.grow(1), Some(1));
        assert_eq!(memory.0.segments.iter().flat_map(OnceLock::get).count(), 2);
    }

    #[test]
    fn plain_accesses_reach_every_byte_and_only_those_meant() {
        let memory = memory(70_001, 70_001, 1 << 32, 0).unwrap();
        let model: Vec<u8> = (0..70_001u32).map(|i| (i * 7 + i / 251) as u8).collect();
        assert!(memory.write(0, &model));
        for (at, count) in [(0, 70_001), (1, 16), (65_530, 13), (69_999, 2), (7, 1), (8, 8)] {
            let mut found = vec![0; count];
            assert!(memory.read(at as u64, &mut found));
            assert_eq!(found, model[at..at + count]);
        }
        assert!(memory.write(65_533, &[1, 2, 3, 4, 5]));
        let mut found = [0; 7];
        assert!(memory.read(65_532, &mut found));
        assert_eq!(found, [model[65_532], 1, 2, 3, 4, 5, model[65_538]]);
        assert!(!memory.read(70_000, &mut [0; 2]));
        assert!(!memory.write(u64::MAX, &[0; 2]));
        assert!(memory.read(70_001, &mut []));
    }

    #[test]
    fn atomics_change_the_bytes_of_their_width_only() {
        let memory = memory(16, 16, 1 << 32, 0).unwrap();
        assert!(memory.write(0, &[0xff; 16]));
        for (at, width) in [(0, 1), (5, 1), (2, 2), (4, 4), (8, 8)] {
            let place = memory.place(at, width);
            let ones = low_bytes(width);
            assert_eq!(place.atomic_rmw(Rmw::Add, 2), ones);
            assert_eq!(place.atomic_rmw(Rmw::Xchg, u64::MAX << 3), 1, "carried into no neighbour");
            assert_eq!(place.atomic_cmpxchg(7, 0), ones & !7);
            assert_eq!(place.atomic_cmpxchg(u64::MAX << 3, 9), ones & !7, "cut to the width");
            assert_eq!(place.atomic_load(), 9);
            place.atomic_store(u64::MAX);
            let mut bytes = [0; 16];
            assert!(memory.read(0, &mut bytes));
            assert_eq!(bytes, [0xff; 16]);
        }
    }
}
