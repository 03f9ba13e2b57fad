//! Memories (§ exec/runtime, memory instances).

use std::borrow::Cow;

use crate::allocator::Allocator;
use crate::buffer;
use crate::lease::Lease;
use crate::limit::LimitError;
use crate::shared::SharedMemory;
use crate::types::{AddrType, MemoryType};

/// Bytes that are moved at once between memories of which one is shared.
const CHUNK: usize = 4096;

/// A memory of one store.
#[derive(Debug)]
pub(crate) struct MemoryInst {
    /// As declared; the current size stands in `bytes`.
    ty: MemoryType,
    /// Bytes that it may have: the least of its type's and the store's limits.
    bytes_max: u64,
    /// Empty while execution holds them, see [`MemoryInst::lend`], and if the memory
    /// is shared: instructions that look here only find nothing then.
    bytes: Lease<Vec<u8>>,
    /// What the store shares with others.
    shared: Option<SharedMemory>,
}

/// Where the bytes of a memory are.
pub(crate) enum Contents<'a> {
    /// Here, or lent to execution.
    Own(&'a mut [u8]),
    Shared(&'a SharedMemory),
}

impl MemoryInst {
    /// A zeroed memory (§ exec/modules, `allocmem`).
    ///
    /// # Errors
    /// When it would be larger than `bytes_max`, there is no room, or the allocator refuses.
    pub(crate) fn new(
        ty: MemoryType,
        bytes_max: u64,
        allocator: &dyn Allocator,
    ) -> Result<MemoryInst, LimitError> {
        let too_large = || LimitError::too_large(format!("a memory of {}", pages(ty.limits.min)));
        let bytes_max = bytes_max.min(pages_max(&ty).saturating_mul(1 << ty.page_log2));
        let size = ty.limits.min.checked_mul(1 << ty.page_log2);
        let size = size.filter(|size| *size <= bytes_max).ok_or_else(too_large)?;
        let mut bytes = allocator.memory(size)?;
        let bytes_max = bytes_max.min(bytes.room());
        if ty.shared {
            let shared = SharedMemory::leased(ty, bytes_max, bytes).ok_or_else(too_large)?;
            return Ok(MemoryInst::of_shared(shared));
        }
        if size > bytes_max || !buffer::begin(&mut bytes, size, 0) {
            return Err(too_large());
        }
        Ok(MemoryInst { ty, bytes_max, bytes, shared: None })
    }

    /// A memory that other stores may hold, too.
    pub(crate) fn of_shared(shared: SharedMemory) -> MemoryInst {
        MemoryInst { ty: shared.ty(), bytes_max: 0, bytes: Lease::default(), shared: Some(shared) }
    }

    /// Where the bytes are.
    #[inline]
    pub(crate) fn contents(&mut self) -> Contents<'_> {
        match &self.shared {
            None => Contents::Own(&mut self.bytes),
            Some(shared) => Contents::Shared(shared),
        }
    }

    /// What the store shares with others, if it does.
    #[inline]
    pub(crate) fn shared(&self) -> Option<&SharedMemory> {
        self.shared.as_ref()
    }

    /// The type with the current size for its minimum, as import matching sees it.
    pub(crate) fn current_type(&self) -> MemoryType {
        let mut ty = self.ty;
        ty.limits.min = self.pages();
        ty
    }

    pub(crate) fn addr(&self) -> AddrType {
        self.ty.addr
    }

    /// The bytes; of a shared memory, a copy of what they are now.
    pub(crate) fn snapshot(&self) -> Cow<'_, [u8]> {
        let Some(shared) = &self.shared else { return Cow::Borrowed(&self.bytes) };
        let mut copy = buffer::filled(0, shared.size()).unwrap_or_default();
        // It never shrinks.
        shared.read(0, &mut copy);
        Cow::Owned(copy)
    }

    /// The bytes; none if the memory is shared.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// Whether so many bytes from `at` on lie within the size.
    pub(crate) fn contains(&self, at: u64, count: u64) -> bool {
        match &self.shared {
            None => buffer::span(self.bytes.len(), at, count).is_some(),
            Some(shared) => shared.contains(at, count),
        }
    }

    /// Read bytes; `false`, and nothing read, if there are not so many.
    pub(crate) fn read(&self, at: u64, into: &mut [u8]) -> bool {
        let Some(shared) = &self.shared else {
            let span = buffer::span(self.bytes.len(), at, into.len() as u64);
            return span.map(|span| into.copy_from_slice(&self.bytes[span])).is_some();
        };
        shared.read(at, into)
    }

    /// Write bytes; `false`, and nothing written, if there are not so many.
    pub(crate) fn write(&mut self, at: u64, from: &[u8]) -> bool {
        let Some(shared) = &self.shared else {
            let span = buffer::span(self.bytes.len(), at, from.len() as u64);
            return span.map(|span| self.bytes[span].copy_from_slice(from)).is_some();
        };
        shared.write(at, from)
    }

    /// Fill bytes; `false`, and nothing filled, if there are not so many.
    pub(crate) fn fill(&mut self, at: u64, value: u8, count: u64) -> bool {
        let Some(shared) = &self.shared else {
            let span = buffer::span(self.bytes.len(), at, count);
            return span.map(|span| self.bytes[span].fill(value)).is_some();
        };
        let fits = shared.contains(at, count);
        if fits {
            for (start, size) in chunks(count, false) {
                shared.write(at + start, &[value; CHUNK][..size]);
            }
        }
        fits
    }

    /// Copy bytes within this memory, as if all were read before any is written.
    pub(crate) fn copy_within(&mut self, target: u64, source: u64, count: u64) -> bool {
        if !self.contains(target, count) || !self.contains(source, count) {
            return false;
        }
        let Some(shared) = &self.shared else {
            self.bytes.copy_within(source as usize..(source + count) as usize, target as usize);
            return true;
        };
        // From the end where the target does not overwrite what is still to be read.
        copy(count, target > source, |start, bytes| {
            shared.read(source + start, bytes) && shared.write(target + start, bytes)
        })
    }

    /// Copy bytes from another memory, or from this one under another name.
    pub(crate) fn copy_from(
        &mut self,
        target: u64,
        from: &MemoryInst,
        source: u64,
        count: u64,
    ) -> bool {
        if let (Some(shared), Some(other)) = (&self.shared, &from.shared)
            && shared.is(other)
        {
            return self.copy_within(target, source, count);
        }
        if !self.contains(target, count) || !from.contains(source, count) {
            return false;
        }
        match (&self.shared, &from.shared) {
            (None, None) => self.write(target, &from.bytes[source as usize..][..count as usize]),
            _ => copy(count, false, |start, bytes| {
                from.read(source + start, bytes) && self.write(target + start, bytes)
            }),
        }
    }

    /// Logarithm of the page size.
    pub(crate) fn page_log2(&self) -> u8 {
        self.ty.page_log2
    }

    pub(crate) fn pages(&self) -> u64 {
        let size = self.shared.as_ref().map_or(self.bytes.len() as u64, SharedMemory::size);
        size >> self.ty.page_log2
    }

    /// § exec/modules, `growmem`: the old size in pages, or `None` if the memory
    /// would pass its own maximum, the store's limit, or the room there is.
    pub(crate) fn grow(&mut self, delta_pages: u64) -> Option<u64> {
        if let Some(shared) = &self.shared {
            return shared.grow(delta_pages);
        }
        let old_pages = self.pages();
        let size = old_pages.checked_add(delta_pages)?.checked_mul(1 << self.ty.page_log2)?;
        let grown = size <= self.bytes_max && buffer::grow(&mut self.bytes, size, 0);
        grown.then_some(old_pages)
    }

    /// Hand the bytes to the interpreter, whose loop then reaches them without
    /// going through the store. They come back through [`MemoryInst::give_back`]
    /// before anything else looks at this memory.
    pub(crate) fn lend(&mut self) -> Vec<u8> {
        std::mem::take(&mut *self.bytes)
    }

    /// The end of [`MemoryInst::lend`].
    pub(crate) fn give_back(&mut self, bytes: Vec<u8>) {
        *self.bytes = bytes;
    }
}

/// The parts of `count` bytes that are moved at once: start and size of each,
/// ascending or descending.
fn chunks(count: u64, descending: bool) -> impl Iterator<Item = (u64, usize)> {
    let chunks = count.div_ceil(CHUNK as u64);
    (0..chunks).map(move |number| {
        let start = if descending { chunks - 1 - number } else { number } * CHUNK as u64;
        (start, (count - start).min(CHUNK as u64) as usize)
    })
}

/// Move `count` bytes through a buffer: `step` is given the start of each part.
fn copy(count: u64, descending: bool, mut step: impl FnMut(u64, &mut [u8]) -> bool) -> bool {
    let mut buffer = [0; CHUNK];
    chunks(count, descending).all(|(start, size)| step(start, &mut buffer[..size]))
}

/// A number of pages in words.
pub(crate) fn pages(count: u64) -> String {
    format!("{count} page{}", if count == 1 { "" } else { "s" })
}

/// § valid/types, memory types: the largest size there can be, in pages.
pub(crate) fn pages_max(ty: &MemoryType) -> u64 {
    let address_bits = match ty.addr {
        AddrType::I32 => 32,
        AddrType::I64 => 64,
    };
    let mut pages_max: u64 = 1 << (address_bits - u32::from(ty.page_log2)).min(63);
    if ty.page_log2 == 0 {
        // The size in pages must fit in the address type.
        pages_max -= 1;
    }
    ty.limits.max.unwrap_or(pages_max).min(pages_max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocator::OnDemand;
    use crate::types::Limits;

    fn memory(min: u64, max: Option<u64>, bytes_max: u64) -> Result<MemoryInst, LimitError> {
        let limits = Limits { min, max };
        let ty = MemoryType { limits, addr: AddrType::I64, shared: false, page_log2: 16 };
        MemoryInst::new(ty, bytes_max, &OnDemand)
    }

    #[test]
    fn a_memory_grows_up_to_its_maximum_and_no_further() {
        let mut memory = memory(1, Some(3), 1 << 32).unwrap();
        assert_eq!(memory.grow(1), Some(1));
        assert_eq!(memory.grow(2), None);
        assert_eq!(memory.grow(u64::MAX), None);
        assert_eq!(memory.grow(1), Some(2));
        assert_eq!(memory.grow(0), Some(3));
        assert_eq!(memory.grow(1), None);
        assert_eq!(memory.snapshot().len(), 3 << 16);
    }

    #[test]
    fn the_stores_limit_is_exact() {
        assert!(memory(3, None, (3 << 16) - 1).is_err());
        let mut memory = memory(2, None, 3 << 16).unwrap();
        assert_eq!(memory.grow(2), None);
        assert_eq!(memory.grow(1), Some(2));
        assert_eq!(memory.grow(1), None);
    }

    #[test]
    fn sizes_that_overflow_are_refused() {
        assert!(memory(1 << 48, None, u64::MAX).is_err());
        assert!(memory(u64::MAX, None, u64::MAX).is_err());
        let mut memory = memory(0, None, u64::MAX).unwrap();
        assert_eq!(memory.grow(1 << 48), None);
        assert_eq!(memory.grow((1 << 48) - 1), None);
    }
}
