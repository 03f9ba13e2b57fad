//! Numbers and layouts of preview 1 that are not error codes (witx, `typenames`).

/// Name of the module that a guest imports the functions from.
pub(crate) const MODULE: &str = "wasi_snapshot_preview1";

/// `$filetype`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filetype {
    Unknown = 0,
    BlockDevice = 1,
    CharacterDevice = 2,
    Directory = 3,
    RegularFile = 4,
    SocketStream = 6,
    SymbolicLink = 7,
}

/// `$clockid`.
pub(crate) mod clock {
    pub(crate) const REALTIME: u32 = 0;
    pub(crate) const MONOTONIC: u32 = 1;
}

/// `$fdflags`.
pub(crate) mod fdflags {
    pub(crate) const APPEND: u16 = 1;
    pub(crate) const DSYNC: u16 = 1 << 1;
    pub(crate) const NONBLOCK: u16 = 1 << 2;
    pub(crate) const RSYNC: u16 = 1 << 3;
    pub(crate) const SYNC: u16 = 1 << 4;
    pub(crate) const ALL: u16 = (1 << 5) - 1;
}

/// `$oflags`.
pub(crate) mod oflags {
    pub(crate) const CREAT: u16 = 1;
    pub(crate) const DIRECTORY: u16 = 1 << 1;
    pub(crate) const EXCL: u16 = 1 << 2;
    pub(crate) const TRUNC: u16 = 1 << 3;
    pub(crate) const ALL: u16 = (1 << 4) - 1;
}

/// `$fstflags`.
pub(crate) mod fstflags {
    pub(crate) const ATIM: u16 = 1;
    pub(crate) const ATIM_NOW: u16 = 1 << 1;
    pub(crate) const MTIM: u16 = 1 << 2;
    pub(crate) const MTIM_NOW: u16 = 1 << 3;
    pub(crate) const ALL: u16 = (1 << 4) - 1;
}

/// `$lookupflags`.
pub(crate) mod lookupflags {
    pub(crate) const SYMLINK_FOLLOW: u32 = 1;
}

/// `$whence`.
pub(crate) mod whence {
    pub(crate) const SET: u32 = 0;
    pub(crate) const CUR: u32 = 1;
    pub(crate) const END: u32 = 2;
}

/// `$eventtype`.
pub(crate) mod eventtype {
    pub(crate) const CLOCK: u8 = 0;
    pub(crate) const FD_READ: u8 = 1;
    pub(crate) const FD_WRITE: u8 = 2;
}

/// `$eventrwflags`.
pub(crate) const EVENT_HANGUP: u16 = 1;

/// `$subclockflags`.
pub(crate) const SUBSCRIPTION_CLOCK_ABSTIME: u16 = 1;

/// `$preopentype`.
pub(crate) const PREOPEN_DIR: u8 = 0;

/// Sizes of records in bytes.
pub(crate) mod size {
    pub(crate) const CIOVEC: u64 = 8;
    pub(crate) const DIRENT: usize = 24;
    pub(crate) const EVENT: u64 = 32;
    pub(crate) const FDSTAT: usize = 24;
    pub(crate) const FILESTAT: usize = 64;
    pub(crate) const PRESTAT: usize = 8;
    pub(crate) const SUBSCRIPTION: u64 = 48;
}
