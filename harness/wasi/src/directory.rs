//! An open directory and the list of what is in it.

use std::io;

use cap_std::fs::{Dir, MetadataExt};
use gainsay_host::sync::{Arc, Mutex};
use rustix::fs::FileType;

use crate::abi::{Filetype, size};
use crate::errno::Errno;

/// A directory; everything that a guest reaches through it lies below it.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) dir: Dir,
    /// What was in it when it was last read from the beginning. Cookies count these, so
    /// that one who reads on sees what is left of the same list, whatever happens in
    /// the directory.
    listing: Mutex<Option<Arc<Vec<Entry>>>>,
}

/// What `fd_readdir` says of something in a directory.
#[derive(Debug)]
struct Entry {
    name: Vec<u8>,
    inode: u64,
    filetype: Filetype,
}

impl Directory {
    pub(crate) fn new(dir: Dir) -> Directory {
        Directory { dir, listing: Mutex::new(None) }
    }

    /// Records of the entries from the `cookie`-th on, cut off at `room` bytes.
    pub(crate) fn records(&self, cookie: u64, room: usize) -> Result<Vec<u8>, Errno> {
        let listing = self.listing(cookie == 0)?;
        let first = usize::try_from(cookie).unwrap_or(usize::MAX);
        let mut records = Vec::new();
        for (number, entry) in listing.iter().enumerate().skip(first) {
            if records.len() >= room {
                break;
            }
            records.extend_from_slice(&entry.record(number as u64 + 1));
            records.extend_from_slice(&entry.name);
        }
        records.truncate(room);
        Ok(records)
    }

    fn listing(&self, afresh: bool) -> Result<Arc<Vec<Entry>>, Errno> {
        let mut listing = self.listing.lock();
        if let Some(listing) = listing.as_ref().filter(|_| !afresh) {
            return Ok(Arc::clone(listing));
        }
        let read = Arc::new(self.read()?);
        *listing = Some(Arc::clone(&read));
        Ok(read)
    }

    /// In the order of names, so that a guest sees the same on every host.
    fn read(&self) -> io::Result<Vec<Entry>> {
        let own = self.dir.dir_metadata()?.ino();
        let mut entries = Vec::new();
        // The descriptor itself may be good for looking up names only.
        let readable = self.dir.open(".")?.into_std();
        for entry in rustix::fs::Dir::new(readable)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            let inode = match name {
                // What is above the directory is none of the guest's business.
                b".." => own,
                _ => entry.ino(),
            };
            // Others cannot be named by a guest, whose strings are UTF-8.
            if std::str::from_utf8(name).is_ok() {
                let filetype = filetype(entry.file_type());
                entries.push(Entry { name: name.to_vec(), inode, filetype });
            }
        }
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        // `.` and `..` before those that sort before them.
        entries.sort_by_key(|entry| !matches!(entry.name.as_slice(), b"." | b".."));
        Ok(entries)
    }
}

impl Entry {
    /// witx, `$dirent`, without the name.
    fn record(&self, next: u64) -> [u8; size::DIRENT] {
        let mut record = [0; size::DIRENT];
        record[0..8].copy_from_slice(&next.to_le_bytes());
        record[8..16].copy_from_slice(&self.inode.to_le_bytes());
        record[16..20].copy_from_slice(&(self.name.len() as u32).to_le_bytes());
        record[20] = self.filetype as u8;
        record
    }
}

fn filetype(ty: FileType) -> Filetype {
    match ty {
        FileType::RegularFile => Filetype::RegularFile,
        FileType::Directory => Filetype::Directory,
        FileType::Symlink => Filetype::SymbolicLink,
        FileType::CharacterDevice => Filetype::CharacterDevice,
        FileType::BlockDevice => Filetype::BlockDevice,
        FileType::Socket => Filetype::SocketStream,
        FileType::Fifo | FileType::Unknown => Filetype::Unknown,
    }
}
