//! Functions on open files and directories but reading and writing.

use std::fs::FileTimes;
use std::num::NonZeroU64;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cap_fs_ext::{DirExt, SystemTimeSpec};
use rustix::fs::{Advice, FallocateFlags};

use crate::abi::fstflags;
use crate::call::{Call, Done, Unfinished};
use crate::errno::Errno;
use crate::node::Node;
use crate::open_file::OpenFile;
use crate::rights::Rights;
use crate::wasi::Wasi;

/// Do something with a file that is not a directory.
fn in_file<T>(
    wasi: &Wasi,
    number: u32,
    rights: Rights,
    act: impl FnOnce(&OpenFile) -> Result<T, Unfinished>,
) -> Result<T, Unfinished> {
    let descriptor = wasi.any_descriptor(number)?;
    match &*descriptor.node {
        Node::Directory(_) => Err(Errno::BadF.into()),
        node => {
            descriptor.demand(rights)?;
            match node {
                Node::File(file) => act(file),
                _ => Err(Errno::Inval.into()),
            }
        }
    }
}

pub(crate) fn fd_advise(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let (offset, length) = (call.u64(1), call.u64(2));
    let advice = match call.u32(3) {
        0 => Advice::Normal,
        1 => Advice::Sequential,
        2 => Advice::Random,
        3 => Advice::WillNeed,
        4 => Advice::DontNeed,
        5 => Advice::NoReuse,
        _ => return Err(Errno::Inval.into()),
    };
    if i64::try_from(offset).is_err() || i64::try_from(length).is_err() {
        return Err(Errno::Inval.into());
    }
    in_file(wasi, call.u32(0), Rights::FD_ADVISE, |open| {
        Ok(rustix::fs::fadvise(&open.file, offset, NonZeroU64::new(length), advice)?)
    })
}

pub(crate) fn fd_allocate(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let (offset, length) = (call.u64(1), call.u64(2));
    in_file(wasi, call.u32(0), Rights::FD_ALLOCATE, |open| {
        let end = offset.checked_add(length).and_then(|end| i64::try_from(end).ok());
        end.ok_or(Errno::FBig)?;
        if length == 0 {
            return Err(Errno::Inval.into());
        }
        Ok(rustix::fs::fallocate(&open.file, FallocateFlags::empty(), offset, length)?)
    })
}

pub(crate) fn fd_sync(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    sync(wasi, call.u32(0), Rights::FD_SYNC, std::fs::File::sync_all)
}

pub(crate) fn fd_datasync(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    sync(wasi, call.u32(0), Rights::FD_DATASYNC, std::fs::File::sync_data)
}

fn sync(
    wasi: &Wasi,
    number: u32,
    rights: Rights,
    act: fn(&std::fs::File) -> std::io::Result<()>,
) -> Done {
    let descriptor = wasi.descriptor(number, rights)?;
    match &*descriptor.node {
        Node::File(open) => Ok(act(&open.file)?),
        // Its own descriptor may be good for looking up names only.
        Node::Directory(directory) => Ok(act(&directory.dir.open(".")?.into_std())?),
        _ => Err(Errno::Inval.into()),
    }
}

pub(crate) fn fd_filestat_get(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let descriptor = wasi.descriptor(call.u32(0), Rights::FD_FILESTAT_GET)?;
    let filestat = descriptor.node.filestat()?;
    Ok(call.memory.write(call.u32(1), &filestat.record())?)
}

pub(crate) fn fd_filestat_set_size(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let size = call.u64(1);
    in_file(wasi, call.u32(0), Rights::FD_FILESTAT_SET_SIZE, |open| {
        if i64::try_from(size).is_err() {
            return Err(Errno::Inval.into());
        }
        Ok(open.file.set_len(size)?)
    })
}

pub(crate) fn fd_filestat_set_times(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let times = Times::read(wasi, call, 1)?;
    let descriptor = wasi.descriptor(call.u32(0), Rights::FD_FILESTAT_SET_TIMES)?;
    match &*descriptor.node {
        Node::File(open) => Ok(open.file.set_times(times.of_file())?),
        Node::Directory(directory) => {
            let (accessed, modified) = times.specs();
            Ok(directory.dir.set_times(".", accessed, modified)?)
        }
        _ => Err(Errno::Inval.into()),
    }
}

pub(crate) fn fd_readdir(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let descriptor = wasi.any_descriptor(call.u32(0))?;
    let Node::Directory(directory) = &*descriptor.node else {
        return Err(Errno::NotDir.into());
    };
    descriptor.demand(Rights::FD_READDIR)?;
    let (at, room) = (call.u32(1), call.u32(2));
    call.memory.check(at, u64::from(room))?;
    call.memory.check(call.u32(4), 4)?;
    let records = directory.records(call.u64(3), room as usize)?;
    call.memory.write(at, &records)?;
    Ok(call.memory.write_u32(call.u32(4), records.len() as u32)?)
}

/// Times that are to be set; `None` is left as it is.
pub(crate) struct Times {
    accessed: Option<SystemTime>,
    modified: Option<SystemTime>,
}

impl Times {
    /// Three arguments: the two times and what of them to use.
    pub(crate) fn read(wasi: &Wasi, call: &Call<'_>, index: usize) -> Result<Times, Errno> {
        let flags = call.flags(index + 2, fstflags::ALL)?;
        let time = |given: u64, set: u16, now: u16| {
            let is = |flag| flags & flag != 0;
            match (is(set), is(now)) {
                (true, true) => Err(Errno::Inval),
                (true, false) => Ok(Some(UNIX_EPOCH + Duration::from_nanos(given))),
                (false, true) => Ok(Some(wasi.realtime.now(call.now))),
                (false, false) => Ok(None),
            }
        };
        Ok(Times {
            accessed: time(call.u64(index), fstflags::ATIM, fstflags::ATIM_NOW)?,
            modified: time(call.u64(index + 1), fstflags::MTIM, fstflags::MTIM_NOW)?,
        })
    }

    fn of_file(&self) -> FileTimes {
        let mut times = FileTimes::new();
        if let Some(accessed) = self.accessed {
            times = times.set_accessed(accessed);
        }
        if let Some(modified) = self.modified {
            times = times.set_modified(modified);
        }
        times
    }

    pub(crate) fn specs(&self) -> (Option<SystemTimeSpec>, Option<SystemTimeSpec>) {
        let spec = |time: Option<SystemTime>| {
            time.map(|time| SystemTimeSpec::Absolute(cap_std::time::SystemTime::from_std(time)))
        };
        (spec(self.accessed), spec(self.modified))
    }
}
