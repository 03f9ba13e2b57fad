//! The memory of the calling guest. Whatever is not within it is `fault`.

use gainsay_runtime::{Memory, Store};

use crate::abi::size;
use crate::errno::Errno;

/// Longest path, as of most hosts.
const PATH_MAX: u32 = 4096;

/// Buffers of one list that are looked at, as of most hosts. What a guest wants to read
/// or write beyond them is a short count.
const BUFFERS_MAX: u32 = 1024;

/// Most bytes that one call reads or writes; beyond, the count is short.
const TRANSFER_MAX: u64 = 1 << 24;

/// The caller's memory, if it exports one.
pub(crate) struct GuestMemory<'a> {
    store: &'a mut Store,
    memory: Option<Memory>,
}

/// A list of buffers, all of them within the memory.
pub(crate) struct Buffers {
    /// Address and length of each.
    list: Vec<(u32, u32)>,
}

impl<'a> GuestMemory<'a> {
    pub(crate) fn new(store: &'a mut Store, memory: Option<Memory>) -> GuestMemory<'a> {
        GuestMemory { store, memory }
    }

    /// Whether so many bytes from `at` on are there.
    pub(crate) fn check(&self, at: u32, count: u64) -> Result<(), Errno> {
        let memory = self.memory.ok_or(Errno::Fault)?;
        let size = match self.store.shared_memory(memory) {
            Some(shared) => shared.size(),
            None => self.store.memory_bytes(memory).len() as u64,
        };
        let end = u64::from(at).checked_add(count).ok_or(Errno::Fault)?;
        if end <= size { Ok(()) } else { Err(Errno::Fault) }
    }

    pub(crate) fn read(&self, at: u32, into: &mut [u8]) -> Result<(), Errno> {
        let memory = self.memory.ok_or(Errno::Fault)?;
        if let Some(shared) = self.store.shared_memory(memory) {
            return if shared.read(u64::from(at), into) { Ok(()) } else { Err(Errno::Fault) };
        }
        let bytes = self.store.memory_bytes(memory);
        let from = bytes.get(at as usize..).and_then(|bytes| bytes.get(..into.len()));
        into.copy_from_slice(from.ok_or(Errno::Fault)?);
        Ok(())
    }

    pub(crate) fn write(&mut self, at: u32, from: &[u8]) -> Result<(), Errno> {
        let memory = self.memory.ok_or(Errno::Fault)?;
        if let Some(shared) = self.store.shared_memory(memory) {
            return if shared.write(u64::from(at), from) { Ok(()) } else { Err(Errno::Fault) };
        }
        let bytes = self.store.memory_bytes_mut(memory);
        let into = bytes.get_mut(at as usize..).and_then(|bytes| bytes.get_mut(..from.len()));
        into.ok_or(Errno::Fault)?.copy_from_slice(from);
        Ok(())
    }

    pub(crate) fn write_u32(&mut self, at: u32, value: u32) -> Result<(), Errno> {
        self.write(at, &value.to_le_bytes())
    }

    pub(crate) fn write_u64(&mut self, at: u32, value: u64) -> Result<(), Errno> {
        self.write(at, &value.to_le_bytes())
    }

    /// A path: UTF-8, as witx says of strings, and without zeros, which no host has.
    pub(crate) fn path(&self, at: u32, length: u32) -> Result<String, Errno> {
        self.check(at, u64::from(length))?;
        if length > PATH_MAX {
            return Err(Errno::NameTooLong);
        }
        let mut bytes = vec![0; length as usize];
        self.read(at, &mut bytes)?;
        let path = String::from_utf8(bytes).map_err(|_| Errno::IlSeq)?;
        if path.contains('\0') { Err(Errno::Inval) } else { Ok(path) }
    }

    /// The list of buffers at `at`, shortened to what one call moves.
    pub(crate) fn buffers(&self, at: u32, count: u32) -> Result<Buffers, Errno> {
        self.check(at, u64::from(count) * size::CIOVEC)?;
        let count = count.min(BUFFERS_MAX);
        let mut bytes = vec![0; count as usize * size::CIOVEC as usize];
        self.read(at, &mut bytes)?;
        let mut room = TRANSFER_MAX;
        let mut list = Vec::new();
        for record in bytes.chunks_exact(size::CIOVEC as usize) {
            let (at, length) = (u32_at(record, 0), u32_at(record, 4));
            self.check(at, u64::from(length))?;
            let length = room.min(u64::from(length));
            room -= length;
            list.push((at, length as u32));
        }
        Ok(Buffers { list })
    }

    /// All bytes of the buffers, in order.
    pub(crate) fn gather(&self, buffers: &Buffers) -> Result<Vec<u8>, Errno> {
        let mut bytes = vec![0; buffers.room()];
        let mut rest = bytes.as_mut_slice();
        for &(at, length) in &buffers.list {
            let (into, after) = rest.split_at_mut(length as usize);
            self.read(at, into)?;
            rest = after;
        }
        Ok(bytes)
    }

    /// Fill the buffers in order, as far as `bytes` reach.
    pub(crate) fn scatter(&mut self, buffers: &Buffers, bytes: &[u8]) -> Result<(), Errno> {
        let mut rest = bytes;
        for &(at, length) in &buffers.list {
            let (now, after) = rest.split_at(rest.len().min(length as usize));
            self.write(at, now)?;
            rest = after;
        }
        Ok(())
    }
}

impl Buffers {
    /// Bytes of all of them together.
    pub(crate) fn room(&self) -> usize {
        self.list.iter().map(|(_, length)| *length as usize).sum()
    }
}

pub(crate) fn u16_at(record: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([record[at], record[at + 1]])
}

pub(crate) fn u32_at(record: &[u8], at: usize) -> u32 {
    u32::from(u16_at(record, at)) | u32::from(u16_at(record, at + 2)) << 16
}

pub(crate) fn u64_at(record: &[u8], at: usize) -> u64 {
    u64::from(u32_at(record, at)) | u64::from(u32_at(record, at + 4)) << 32
}
