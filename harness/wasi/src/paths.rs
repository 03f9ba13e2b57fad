//! Functions on paths. A path is looked up below a directory that the guest has, and
//! nowhere else (cap-std).

use std::io;

use cap_fs_ext::{
    DirExt, FollowSymlinks, OpenOptionsFollowExt, OpenOptionsMaybeDirExt, OpenOptionsSyncExt,
};
use cap_std::fs::{Dir, File, OpenOptions, OpenOptionsExt};
use gainsay_host::sync::Arc;
use rustix::fs::OFlags;

use crate::abi::{fdflags, lookupflags, oflags};
use crate::call::{Call, Done};
use crate::directory::Directory;
use crate::errno::Errno;
use crate::files::Times;
use crate::filestat::Filestat;
use crate::node::Node;
use crate::open_file::OpenFile;
use crate::rights::Rights;
use crate::table::Descriptor;
use crate::wasi::Wasi;

/// Two arguments from 2 on that are a path, and whether a symbolic link at its end is
/// followed, by argument 1 or because a slash says that it is to be a directory.
fn lookup(call: &Call<'_>) -> Result<(bool, String), Errno> {
    let follow = match call.u32(1) {
        0 => false,
        lookupflags::SYMLINK_FOLLOW => true,
        _ => return Err(Errno::Inval),
    };
    let path = call.path(2)?;
    Ok((follow || path.ends_with('/'), path))
}

pub(crate) fn path_create_directory(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let path = call.path(1)?;
    let rights = Rights::PATH_CREATE_DIRECTORY;
    wasi.in_directory(call.u32(0), rights, |dir| dir.create_dir(path))
}

pub(crate) fn path_filestat_get(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let (follow, path) = lookup(call)?;
    let metadata = wasi.in_directory(call.u32(0), Rights::PATH_FILESTAT_GET, |dir| {
        if follow { dir.metadata(path) } else { dir.symlink_metadata(path) }
    })?;
    Ok(call.memory.write(call.u32(4), &Filestat::from(metadata).record())?)
}

pub(crate) fn path_filestat_set_times(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let (follow, path) = lookup(call)?;
    let (accessed, modified) = Times::read(wasi, call, 4)?.specs();
    wasi.in_directory(call.u32(0), Rights::PATH_FILESTAT_SET_TIMES, |dir| {
        // Not `set_times`, which opens the file, and so waits for who writes to a pipe. Not in
        // one step: the times are set of what is swapped in between, but it is not followed.
        let path = if follow { dir.canonicalize(path)? } else { path.into() };
        let is_here = path.as_os_str().is_empty();
        dir.set_symlink_times(if is_here { ".".into() } else { path }, accessed, modified)
    })
}

pub(crate) fn path_link(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let ((follow, old), new) = (lookup(call)?, call.path(5)?);
    let target = wasi.any_descriptor(call.u32(4))?;
    let Node::Directory(target_directory) = &*target.node else {
        return Err(Errno::NotDir.into());
    };
    target.demand(Rights::PATH_LINK_TARGET)?;
    wasi.in_directory(call.u32(0), Rights::PATH_LINK_SOURCE, |dir| {
        // Not in one step: what is swapped in between is linked, but not followed.
        let old = if follow { dir.canonicalize(old)? } else { old.into() };
        dir.hard_link(old, &target_directory.dir, new)
    })
}

pub(crate) fn path_readlink(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let path = call.path(1)?;
    call.memory.check(call.u32(3), u64::from(call.u32(4)))?;
    call.memory.check(call.u32(5), 4)?;
    let rights = Rights::PATH_READLINK;
    let target = wasi.in_directory(call.u32(0), rights, |dir| dir.read_link(path))?;
    let target = target.into_os_string().into_encoded_bytes();
    let target = &target[..target.len().min(call.u32(4) as usize)];
    call.memory.write(call.u32(3), target)?;
    Ok(call.memory.write_u32(call.u32(5), target.len() as u32)?)
}

pub(crate) fn path_remove_directory(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let path = call.path(1)?;
    // What is removed is a directory anyway; with a slash its own entry `.` would be.
    let trimmed = path.trim_end_matches('/');
    let name = if trimmed.is_empty() { path.as_str() } else { trimmed };
    let rights = Rights::PATH_REMOVE_DIRECTORY;
    wasi.in_directory(call.u32(0), rights, |dir| dir.remove_dir(name))
}

pub(crate) fn path_rename(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let (old, new) = (call.path(1)?, call.path(4)?);
    let target = wasi.any_descriptor(call.u32(3))?;
    let Node::Directory(target_directory) = &*target.node else {
        return Err(Errno::NotDir.into());
    };
    target.demand(Rights::PATH_RENAME_TARGET)?;
    wasi.in_directory(call.u32(0), Rights::PATH_RENAME_SOURCE, |dir| {
        dir.rename(old, &target_directory.dir, new)
    })
}

pub(crate) fn path_symlink(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let (contents, path) = (call.path(0)?, call.path(3)?);
    wasi.in_directory(call.u32(2), Rights::PATH_SYMLINK, |dir| dir.symlink(contents, path))
}

pub(crate) fn path_unlink_file(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let path = call.path(1)?;
    wasi.in_directory(call.u32(0), Rights::PATH_UNLINK_FILE, |dir| dir.remove_file(path))
}

/// What `path_open` is asked for.
struct Opening {
    path: String,
    follow: bool,
    oflags: u16,
    fdflags: u16,
    base: Rights,
    inheriting: Rights,
}

impl Opening {
    fn read(call: &Call<'_>) -> Result<Opening, Errno> {
        let (follow, path) = lookup(call)?;
        Ok(Opening {
            follow,
            path,
            oflags: call.flags(4, oflags::ALL)?,
            base: Rights(call.u64(5)),
            inheriting: Rights(call.u64(6)),
            fdflags: call.flags(7, fdflags::ALL)?,
        })
    }

    fn has(&self, flag: u16) -> bool {
        self.oflags & flag != 0
    }

    /// Whether one of the rights is to change the file.
    fn writes(&self) -> bool {
        let changing = Rights::FD_WRITE | Rights::FD_ALLOCATE | Rights::FD_FILESTAT_SET_SIZE;
        self.base & changing != Rights::NONE
    }

    /// witx, `$rights`: what the directory's descriptor has to allow.
    fn demand(&self, directory: &Descriptor) -> Result<(), Errno> {
        let mut rights = Rights::PATH_OPEN;
        if self.has(oflags::CREAT) {
            rights = rights | Rights::PATH_CREATE_FILE;
        }
        if self.has(oflags::TRUNC) {
            rights = rights | Rights::PATH_FILESTAT_SET_SIZE;
        }
        directory.demand(rights)?;
        if directory.inheriting.contains(self.base | self.inheriting) {
            Ok(())
        } else {
            Err(Errno::NotCapable)
        }
    }

    fn open(&self, dir: &Dir) -> Result<Node, Errno> {
        if self.has(oflags::DIRECTORY) {
            return self.open_directory(dir);
        }
        let file = self.open_file(dir)?.into_std();
        if !file.metadata()?.is_dir() {
            return Ok(Node::File(OpenFile::new(file, false)?));
        }
        if self.has(oflags::CREAT) {
            return Err(Errno::IsDir);
        }
        Ok(Node::Directory(Directory::new(Dir::from_std_file(file))))
    }

    fn open_file(&self, dir: &Dir) -> io::Result<File> {
        if self.has(oflags::CREAT) && !self.has(oflags::EXCL | oflags::TRUNC) && !self.writes() {
            // One that is there need not be open to writing, which it takes to make one.
            match dir.open_with(&self.path, &self.options(0)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                other => return other,
            }
        }
        dir.open_with(&self.path, &self.options(self.oflags))
    }

    fn options(&self, oflags: u16) -> OpenOptions {
        let has = |flag| oflags & flag != 0;
        let writes = self.writes() || has(oflags::CREAT) || has(oflags::TRUNC);
        let mut options = OpenOptions::new();
        options
            .read(self.base.contains(Rights::FD_READ) || !writes)
            .write(writes)
            .create(has(oflags::CREAT) && !has(oflags::EXCL))
            .create_new(has(oflags::CREAT) && has(oflags::EXCL))
            .truncate(has(oflags::TRUNC))
            .follow(if self.follow { FollowSymlinks::Yes } else { FollowSymlinks::No })
            .maybe_dir(true)
            .sync(self.fdflags & fdflags::SYNC != 0)
            .dsync(self.fdflags & fdflags::DSYNC != 0)
            .rsync(self.fdflags & fdflags::RSYNC != 0)
            // To open a pipe must not wait for who opens its other end.
            .nonblock(true)
            .custom_flags(self.further_flags().bits().cast_signed());
        options
    }

    /// What the options have no word for: to append and also to truncate or only to read.
    fn further_flags(&self) -> OFlags {
        let mut flags = OFlags::NOCTTY;
        flags.set(OFlags::APPEND, self.fdflags & fdflags::APPEND != 0);
        flags
    }

    fn open_directory(&self, dir: &Dir) -> Result<Node, Errno> {
        if self.has(oflags::CREAT | oflags::EXCL | oflags::TRUNC) {
            return Err(Errno::Inval);
        }
        if self.writes() {
            return Err(Errno::IsDir);
        }
        let opened = if self.follow {
            dir.open_dir(&self.path)?
        } else {
            dir.open_dir_nofollow(&self.path)?
        };
        Ok(Node::Directory(Directory::new(opened)))
    }
}

pub(crate) fn path_open(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let opening = Opening::read(call)?;
    call.memory.check(call.u32(8), 4)?;
    let descriptor = wasi.any_descriptor(call.u32(0))?;
    let Node::Directory(directory) = &*descriptor.node else {
        return Err(Errno::NotDir.into());
    };
    opening.demand(&descriptor)?;
    let node = opening.open(&directory.dir)?;
    let opened = Descriptor {
        base: opening.base & node.applicable(),
        inheriting: match node {
            Node::Directory(_) => opening.inheriting,
            _ => Rights::NONE,
        },
        node: Arc::new(node),
        flags: opening.fdflags,
        preopen: None,
    };
    let number = wasi.table.lock().insert(opened)?;
    Ok(call.memory.write_u32(call.u32(8), number)?)
}
