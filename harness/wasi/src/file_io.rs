//! Reading, writing and the offset between them.

use std::io::{Seek, SeekFrom};
use std::time::Duration;

use crate::abi::{fdflags, whence};
use crate::call::{Call, Done, Unfinished};
use crate::errno::Errno;
use crate::node::{Attempt, Node};
use crate::open_file::OpenFile;
use crate::rights::Rights;
use crate::table::Descriptor;
use crate::wasi::Wasi;

/// How long until one asks again, where nobody says when there is input or room.
pub(crate) const POLL_INTERVAL: Duration = Duration::from_millis(5);

pub(crate) fn fd_read(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let descriptor = transfer(wasi, call.u32(0), Rights::FD_READ)?;
    let buffers = call.memory.buffers(call.u32(1), call.u32(2))?;
    call.memory.check(call.u32(3), 4)?;
    let bytes = match descriptor.node.read(buffers.room())? {
        Attempt::Done(bytes) => bytes,
        Attempt::Unready { polled } => return Err(unready(&descriptor, call, polled)),
    };
    call.memory.scatter(&buffers, &bytes)?;
    Ok(call.memory.write_u32(call.u32(3), bytes.len() as u32)?)
}

pub(crate) fn fd_write(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let descriptor = transfer(wasi, call.u32(0), Rights::FD_WRITE)?;
    let buffers = call.memory.buffers(call.u32(1), call.u32(2))?;
    call.memory.check(call.u32(3), 4)?;
    let bytes = call.memory.gather(&buffers)?;
    match descriptor.node.write(&bytes)? {
        Attempt::Done(count) => Ok(call.memory.write_u32(call.u32(3), count as u32)?),
        Attempt::Unready { polled } => Err(unready(&descriptor, call, polled)),
    }
}

pub(crate) fn fd_pread(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let descriptor = transfer(wasi, call.u32(0), Rights::FD_READ)?;
    let file = file_with_offset(&descriptor, Rights::FD_SEEK)?;
    let buffers = call.memory.buffers(call.u32(1), call.u32(2))?;
    call.memory.check(call.u32(4), 4)?;
    let bytes = file.read_at(buffers.room(), offset(call.u64(3))?)?;
    call.memory.scatter(&buffers, &bytes)?;
    Ok(call.memory.write_u32(call.u32(4), bytes.len() as u32)?)
}

pub(crate) fn fd_pwrite(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let descriptor = transfer(wasi, call.u32(0), Rights::FD_WRITE)?;
    let file = file_with_offset(&descriptor, Rights::FD_SEEK)?;
    let buffers = call.memory.buffers(call.u32(1), call.u32(2))?;
    call.memory.check(call.u32(4), 4)?;
    let bytes = call.memory.gather(&buffers)?;
    let count = file.write_at(&bytes, offset(call.u64(3))?)?;
    Ok(call.memory.write_u32(call.u32(4), count as u32)?)
}

pub(crate) fn fd_seek(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let delta = call.u64(1) as i64;
    let (rights, to) = match call.u32(2) {
        whence::CUR if delta == 0 => (Rights::FD_TELL, SeekFrom::Current(0)),
        whence::CUR => (Rights::FD_SEEK, SeekFrom::Current(delta)),
        whence::END => (Rights::FD_SEEK, SeekFrom::End(delta)),
        whence::SET => {
            let offset = u64::try_from(delta).map_err(|_| Errno::Inval)?;
            (Rights::FD_SEEK, SeekFrom::Start(offset))
        }
        _ => return Err(Errno::Inval.into()),
    };
    seek(wasi, call, rights, to, 3)
}

pub(crate) fn fd_tell(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    seek(wasi, call, Rights::FD_TELL, SeekFrom::Current(0), 1)
}

/// Move the offset; argument `result` says where the new one goes.
fn seek(wasi: &Wasi, call: &mut Call<'_>, rights: Rights, to: SeekFrom, result: usize) -> Done {
    let descriptor = transfer(wasi, call.u32(0), Rights::NONE)?;
    // witx: fd_seek implies fd_tell.
    let implied = descriptor.base.contains(Rights::FD_SEEK);
    let rights = if implied { Rights::NONE } else { rights };
    let file = file_with_offset(&descriptor, rights)?;
    call.memory.check(call.u32(result), 8)?;
    let offset = (&file.file).seek(to)?;
    Ok(call.memory.write_u64(call.u32(result), offset)?)
}

/// The descriptor, which is no directory.
fn transfer(wasi: &Wasi, number: u32, rights: Rights) -> Result<Descriptor, Errno> {
    let descriptor = wasi.any_descriptor(number)?;
    if let Node::Directory(_) = &*descriptor.node {
        return Err(Errno::IsDir);
    }
    descriptor.demand(rights)?;
    Ok(descriptor)
}

/// The file, which can be moved in.
fn file_with_offset(descriptor: &Descriptor, rights: Rights) -> Result<&OpenFile, Errno> {
    match &*descriptor.node {
        Node::File(file) if file.applicable().contains(Rights::FD_SEEK) => {
            descriptor.demand(rights)?;
            Ok(file)
        }
        _ => Err(Errno::SPipe),
    }
}

/// Hosts have signed ones.
fn offset(offset: u64) -> Result<u64, Errno> {
    if i64::try_from(offset).is_ok() { Ok(offset) } else { Err(Errno::Inval) }
}

/// What to do about a call that would block.
fn unready(descriptor: &Descriptor, call: &Call<'_>, polled: bool) -> Unfinished {
    if descriptor.flags & fdflags::NONBLOCK != 0 {
        return Unfinished::Errno(Errno::Again);
    }
    Unfinished::Wait(polled.then(|| call.now.saturating_add(POLL_INTERVAL)))
}
