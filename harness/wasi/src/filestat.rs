//! Attributes of files (witx, `$filestat`).

use cap_std::fs::{FileType, FileTypeExt, Metadata, MetadataExt};

use crate::abi::{Filetype, size};

/// What `filestat` says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filestat {
    device: u64,
    inode: u64,
    filetype: Filetype,
    links: u64,
    size: u64,
    /// Of access, modification and status change, in nanoseconds since 1970.
    times: [u64; 3],
}

impl Filestat {
    /// Of something that is no file of the host.
    pub(crate) fn of_no_file() -> Filestat {
        let filetype = Filetype::Unknown;
        Filestat { device: 0, inode: 0, filetype, links: 1, size: 0, times: [0; 3] }
    }

    pub(crate) fn record(&self) -> [u8; size::FILESTAT] {
        let mut record = [0; size::FILESTAT];
        record[0..8].copy_from_slice(&self.device.to_le_bytes());
        record[8..16].copy_from_slice(&self.inode.to_le_bytes());
        record[16] = self.filetype as u8;
        record[24..32].copy_from_slice(&self.links.to_le_bytes());
        record[32..40].copy_from_slice(&self.size.to_le_bytes());
        for (at, time) in [40, 48, 56].into_iter().zip(self.times) {
            record[at..at + 8].copy_from_slice(&time.to_le_bytes());
        }
        record
    }
}

impl From<Metadata> for Filestat {
    fn from(metadata: Metadata) -> Filestat {
        Filestat {
            device: metadata.dev(),
            inode: metadata.ino(),
            filetype: filetype(&metadata),
            links: metadata.nlink(),
            size: metadata.len(),
            times: [
                timestamp(metadata.atime(), metadata.atime_nsec()),
                timestamp(metadata.mtime(), metadata.mtime_nsec()),
                timestamp(metadata.ctime(), metadata.ctime_nsec()),
            ],
        }
    }
}

/// A time of the host as `$timestamp`, which has nothing before 1970 nor after 2554.
fn timestamp(seconds: i64, nanoseconds: i64) -> u64 {
    let (seconds, nanoseconds) = (u64::try_from(seconds), u64::try_from(nanoseconds));
    let seconds = seconds.unwrap_or(0).saturating_mul(1_000_000_000);
    seconds.saturating_add(nanoseconds.unwrap_or(0))
}

pub(crate) fn filetype(metadata: &Metadata) -> Filetype {
    let ty: FileType = metadata.file_type();
    if ty.is_dir() {
        Filetype::Directory
    } else if ty.is_file() {
        Filetype::RegularFile
    } else if ty.is_symlink() {
        Filetype::SymbolicLink
    } else if ty.is_char_device() {
        Filetype::CharacterDevice
    } else if ty.is_block_device() {
        Filetype::BlockDevice
    } else if ty.is_socket() {
        Filetype::SocketStream
    } else {
        // Preview 1 has no type for a pipe.
        Filetype::Unknown
    }
}
