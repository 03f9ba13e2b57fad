//! Memories (§ exec/runtime, memory instances).

use crate::buffer;
use crate::types::{AddrType, MemoryType};

/// A memory that is not shared between threads: its bytes.
#[derive(Debug)]
pub(crate) struct MemoryInst {
    /// As declared; the current size stands in `bytes`.
    ty: MemoryType,
    /// Bytes that it may have: the least of its type's and the store's limits.
    bytes_max: u64,
    /// Empty while execution holds them, see [`MemoryInst::lend`].
    bytes: Vec<u8>,
}

impl MemoryInst {
    /// A zeroed memory (§ exec/modules, `allocmem`); `None` if it would be larger
    /// than `bytes_max` or there is no room.
    pub(crate) fn new(ty: MemoryType, bytes_max: u64) -> Option<MemoryInst> {
        let bytes_max = bytes_max.min(pages_max(&ty).saturating_mul(1 << ty.page_log2));
        let size =
            ty.limits.min.checked_mul(1 << ty.page_log2).filter(|size| *size <= bytes_max)?;
        Some(MemoryInst { ty, bytes_max, bytes: buffer::filled(0, size)? })
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

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// Logarithm of the page size.
    pub(crate) fn page_log2(&self) -> u8 {
        self.ty.page_log2
    }

    pub(crate) fn pages(&self) -> u64 {
        self.bytes.len() as u64 >> self.ty.page_log2
    }

    /// § exec/modules, `growmem`: the old size in pages, or `None` if the memory
    /// would pass its own maximum, the store's limit, or the room there is.
    pub(crate) fn grow(&mut self, delta_pages: u64) -> Option<u64> {
        let old_pages = self.pages();
        let size = old_pages.checked_add(delta_pages)?.checked_mul(1 << self.ty.page_log2)?;
        let grown = size <= self.bytes_max && buffer::grow(&mut self.bytes, size, 0);
        grown.then_some(old_pages)
    }

    /// Hand the bytes to the interpreter, whose loop then reaches them without
    /// going through the store. They come back through [`MemoryInst::give_back`]
    /// before anything else looks at this memory.
    pub(crate) fn lend(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// The end of [`MemoryInst::lend`].
    pub(crate) fn give_back(&mut self, bytes: Vec<u8>) {
        self.bytes = bytes;
    }
}

/// § valid/types, memory types: the largest size there can be, in pages.
fn pages_max(ty: &MemoryType) -> u64 {
    let address_bits = match ty.addr {
        AddrType::I32 => 32,
        AddrType::I64 => 64,
    };
    let pages_max = 1 << (address_bits - u32::from(ty.page_log2)).min(63);
    ty.limits.max.unwrap_or(pages_max).min(pages_max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Limits;

    fn memory(min: u64, max: Option<u64>, bytes_max: u64) -> Option<MemoryInst> {
        let limits = Limits { min, max };
        let ty = MemoryType { limits, addr: AddrType::I64, shared: false, page_log2: 16 };
        MemoryInst::new(ty, bytes_max)
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
        assert_eq!(memory.bytes().len(), 3 << 16);
    }

    #[test]
    fn the_stores_limit_is_exact() {
        assert!(memory(3, None, (3 << 16) - 1).is_none());
        let mut memory = memory(2, None, 3 << 16).unwrap();
        assert_eq!(memory.grow(2), None);
        assert_eq!(memory.grow(1), Some(2));
        assert_eq!(memory.grow(1), None);
    }

    #[test]
    fn sizes_that_overflow_are_refused() {
        assert!(memory(1 << 48, None, u64::MAX).is_none());
        assert!(memory(u64::MAX, None, u64::MAX).is_none());
        let mut memory = memory(0, None, u64::MAX).unwrap();
        assert_eq!(memory.grow(1 << 48), None);
        assert_eq!(memory.grow((1 << 48) - 1), None);
    }
}
