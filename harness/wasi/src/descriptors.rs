//! Functions on descriptors as such.

use gainsay_host::sync::Arc;
use rustix::fs::OFlags;

use crate::abi::{PREOPEN_DIR, fdflags, size};
use crate::call::{Call, Done};
use crate::errno::Errno;
use crate::node::Node;
use crate::rights::Rights;
use crate::wasi::{Wasi, change};

pub(crate) fn fd_close(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    change(wasi, |table| table.close(call.u32(0)))
}

pub(crate) fn fd_renumber(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    change(wasi, |table| table.renumber(call.u32(0), call.u32(1)))
}

/// witx, `$fdstat`.
pub(crate) fn fd_fdstat_get(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let descriptor = wasi.any_descriptor(call.u32(0))?;
    let mut record = [0; size::FDSTAT];
    record[0] = descriptor.node.filetype() as u8;
    record[2..4].copy_from_slice(&descriptor.flags.to_le_bytes());
    record[8..16].copy_from_slice(&descriptor.base.0.to_le_bytes());
    record[16..24].copy_from_slice(&descriptor.inheriting.0.to_le_bytes());
    Ok(call.memory.write(call.u32(1), &record)?)
}

pub(crate) fn fd_fdstat_set_flags(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let flags = call.flags(1, fdflags::ALL)?;
    change(wasi, |table| {
        let descriptor = table.get_mut(call.u32(0))?;
        descriptor.demand(Rights::FD_FDSTAT_SET_FLAGS)?;
        let changed = descriptor.flags ^ flags;
        // No host lets one change how writes are synchronised.
        if changed & (fdflags::DSYNC | fdflags::RSYNC | fdflags::SYNC) != 0 {
            return Err(Errno::NotSup);
        }
        if changed & fdflags::APPEND != 0 {
            set_append(&descriptor.node, flags & fdflags::APPEND != 0)?;
        }
        // Whether calls wait is decided here, not by the host's descriptor.
        descriptor.flags = flags;
        Ok(())
    })
}

fn set_append(node: &Node, append: bool) -> Result<(), Errno> {
    let Node::File(open) = node else { return Err(Errno::NotSup) };
    if open.inherited {
        // Others have the same description.
        return Err(Errno::NotSup);
    }
    let mut flags = rustix::fs::fcntl_getfl(&open.file)?;
    flags.set(OFlags::APPEND, append);
    Ok(rustix::fs::fcntl_setfl(&open.file, flags)?)
}

pub(crate) fn fd_fdstat_set_rights(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let (base, inheriting) = (Rights(call.u64(1)), Rights(call.u64(2)));
    change(wasi, |table| {
        let descriptor = table.get_mut(call.u32(0))?;
        if !descriptor.base.contains(base) || !descriptor.inheriting.contains(inheriting) {
            return Err(Errno::NotCapable);
        }
        (descriptor.base, descriptor.inheriting) = (base, inheriting);
        Ok(())
    })
}

fn preopen(wasi: &Wasi, call: &Call<'_>) -> Result<Arc<str>, Errno> {
    wasi.any_descriptor(call.u32(0))?.preopen.ok_or(Errno::BadF)
}

/// witx, `$prestat`.
pub(crate) fn fd_prestat_get(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let name = preopen(wasi, call)?;
    let mut record = [0; size::PRESTAT];
    record[0] = PREOPEN_DIR;
    record[4..8].copy_from_slice(&(name.len() as u32).to_le_bytes());
    Ok(call.memory.write(call.u32(1), &record)?)
}

pub(crate) fn fd_prestat_dir_name(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let name = preopen(wasi, call)?;
    if name.len() > call.u32(2) as usize {
        return Err(Errno::NameTooLong.into());
    }
    Ok(call.memory.write(call.u32(1), name.as_bytes())?)
}
