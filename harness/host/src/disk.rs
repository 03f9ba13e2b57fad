//! A tier on disk: what one process kept, another finds, whole or not at all.
//!
//! An entry is written under a name of its own and renamed when it is complete, so that
//! readers of the same directory, in any process, see all of it or nothing. A crash may
//! still leave parts of one, and anybody may put anything there: so an entry says what
//! it is and ends with a checksum, and one that is wrong in any way is as good as none.
//!
//! No fault of the disk is a fault of the cache: it is counted, and work goes on.

mod directory;
mod entry;
mod storage;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

pub use directory::{Directory, DiskError};
pub use storage::{Storage, StoredFile};

use crate::defect::{Defect, planted};
use crate::sha256::DIGEST_BYTES;
use crate::sync::Mutex;
use entry::EntryFault;

/// The name of what is kept.
pub type Name = [u8; DIGEST_BYTES];

/// The largest content that is kept, in bytes.
pub const CONTENT_BYTES_MAX: u64 = 64 << 20;

/// How old a file under a temporary name must be to be taken for a killed process's,
/// in seconds.
const ABANDONED_SECONDS: u64 = 3600;

/// Temporary names that are tried when others are taken.
const NAMES_TRIED_MAX: u64 = 8;

/// Entries in a storage.
#[derive(Debug)]
pub struct Disk<S> {
    storage: S,
    bytes_max: u64,
    state: Mutex<DiskState>,
}

#[derive(Debug, Default)]
struct DiskState {
    stats: DiskStats,
    /// Number of the next temporary name.
    next: u64,
    /// What the entries take, as far as is known; `None` before the first count.
    bytes: Option<u64>,
}

/// What a [`Disk`] has done since it was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiskStats {
    /// Entries found whole.
    pub found: u64,
    /// Entries looked for that are not there.
    pub absent: u64,
    /// Entries that were not believed, by what is wrong with them.
    pub refused: BTreeMap<&'static str, u64>,
    /// Entries written.
    pub kept: u64,
    /// Contents that are larger than [`CONTENT_BYTES_MAX`] or than the whole tier.
    pub too_large: u64,
    /// Entries removed to stay within the size, or abandoned.
    pub removed: u64,
    /// Faults of the storage, by what it said.
    pub faults: BTreeMap<String, u64>,
}

impl<S: Storage> Disk<S> {
    /// The entries in `storage`, which together may take `bytes_max`.
    pub fn new(storage: S, bytes_max: u64) -> Disk<S> {
        Disk { storage, bytes_max, state: Mutex::default() }
    }

    /// What was kept under this name, if it is whole.
    pub fn load(&self, name: &Name) -> Option<Vec<u8>> {
        let stored = self.storage.read(&file_name(name), CONTENT_BYTES_MAX + entry::FRAME_BYTES);
        let mut stored = match stored {
            Ok(stored) => stored,
            Err(error) => return self.not_read(&error),
        };
        match entry::decode(&stored, name) {
            Err(EntryFault::Damaged | EntryFault::Torn) if planted(Defect::TornEntryTrusted) => {
                stored.drain(..entry::HEADER_BYTES.min(stored.len()));
                Some(stored)
            }
            Err(fault) => {
                *self.state.lock().stats.refused.entry(fault.name()).or_default() += 1;
                None
            }
            Ok(content) => {
                let content = content.to_vec();
                self.state.lock().stats.found += 1;
                Some(content)
            }
        }
    }

    /// Keep this content under this name, unless it is there; whether it is now.
    pub fn keep(&self, name: &Name, content: &[u8]) -> bool {
        let size = content.len() as u64;
        if size > CONTENT_BYTES_MAX || size + entry::FRAME_BYTES > self.bytes_max {
            self.state.lock().stats.too_large += 1;
            return false;
        }
        if self.load(name).is_some_and(|there| there == content) {
            return true;
        }
        let stored = entry::encode(name, content);
        match self.publish(name, &stored) {
            Ok(()) => {
                self.state.lock().stats.kept += 1;
                self.stay_within(stored.len() as u64);
                true
            }
            Err(error) => {
                self.count_fault(&error);
                false
            }
        }
    }

    /// What was done so far.
    pub fn stats(&self) -> DiskStats {
        self.state.lock().stats.clone()
    }

    /// Write under a temporary name, then rename: the only step that others see.
    fn publish(&self, name: &Name, stored: &[u8]) -> io::Result<()> {
        let last = file_name(name);
        if planted(Defect::TornEntryTrusted) {
            return self.storage.create(&last, stored).or(Ok(()));
        }
        let temporary = self.write_temporary(&last, stored)?;
        let renamed = self.storage.rename(&temporary, &last);
        if renamed.is_err() {
            self.remove(&temporary);
        }
        renamed
    }

    /// The name of a new file with this content.
    fn write_temporary(&self, last: &str, stored: &[u8]) -> io::Result<String> {
        for _ in 0..NAMES_TRIED_MAX {
            let next = {
                let mut state = self.state.lock();
                state.next += 1;
                state.next
            };
            let temporary = format!("{last}.{}-{next}{TEMPORARY}", self.storage.writer());
            match self.storage.create(&temporary, stored) {
                Ok(()) => return Ok(temporary),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => {
                    self.remove(&temporary);
                    return Err(error);
                }
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Count what was added; when it is too much, remove the oldest entries until a
    /// quarter is free.
    fn stay_within(&self, added: u64) {
        let known = {
            let mut state = self.state.lock();
            state.bytes = state.bytes.map(|bytes| bytes + added);
            state.bytes
        };
        if known.is_some_and(|bytes| bytes <= self.bytes_max) {
            return;
        }
        let mut files = match self.storage.list() {
            Ok(files) => files,
            Err(error) => return self.count_fault(&error),
        };
        files.retain(|file| !self.is_abandoned(file));
        files.retain(|file| file.name.ends_with(ENTRY));
        files.sort_by_key(|file| Reverse(file.age_seconds));
        let mut bytes: u64 = files.iter().map(|file| file.bytes).sum();
        let aim = if bytes > self.bytes_max { self.bytes_max / 4 * 3 } else { bytes };
        for file in files {
            if bytes <= aim {
                break;
            }
            bytes -= file.bytes;
            self.remove(&file.name);
            self.state.lock().stats.removed += 1;
        }
        self.state.lock().bytes = Some(bytes);
    }

    /// Remove what a killed process left; whether it was that.
    fn is_abandoned(&self, file: &StoredFile) -> bool {
        let abandoned = file.name.ends_with(TEMPORARY) && file.age_seconds > ABANDONED_SECONDS;
        if abandoned {
            self.remove(&file.name);
            self.state.lock().stats.removed += 1;
        }
        abandoned
    }

    fn not_read(&self, error: &io::Error) -> Option<Vec<u8>> {
        if error.kind() == io::ErrorKind::NotFound {
            self.state.lock().stats.absent += 1;
        } else {
            self.count_fault(error);
        }
        None
    }

    fn remove(&self, name: &str) {
        match self.storage.remove(name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => self.count_fault(&error),
            _ => {}
        }
    }

    fn count_fault(&self, error: &io::Error) {
        *self.state.lock().stats.faults.entry(error.kind().to_string()).or_default() += 1;
    }
}

const ENTRY: &str = ".entry";
const TEMPORARY: &str = ".tmp";

fn file_name(name: &Name) -> String {
    let hex: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
    hex + ENTRY
}
