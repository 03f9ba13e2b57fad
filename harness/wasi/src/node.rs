//! What a descriptor refers to.

use std::io::{Cursor, Read};

use cap_std::fs::Metadata;
use gainsay_host::sync::Mutex;

use crate::abi::Filetype;
use crate::directory::Directory;
use crate::errno::Errno;
use crate::filestat::Filestat;
use crate::open_file::OpenFile;
use crate::rights::Rights;
use crate::stream::{Buffer, Pipe};

/// What a descriptor refers to. Threads use it at the same time, also after the
/// descriptor was closed.
#[derive(Debug)]
pub(crate) enum Node {
    /// Has nothing to read and forgets what is written.
    Null,
    /// Input that is known from the beginning.
    Bytes(Mutex<Cursor<Vec<u8>>>),
    Pipe(Pipe),
    Buffer(Buffer),
    File(OpenFile),
    Directory(Directory),
}

/// What comes of trying something that must not block.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Attempt<T> {
    Done(T),
    /// It would block. Either nobody says when it would not, so that one has to try
    /// again and again, or a waker does.
    Unready {
        polled: bool,
    },
}

impl<T> Attempt<T> {
    pub(crate) fn map<U>(self, f: impl FnOnce(T) -> U) -> Attempt<U> {
        match self {
            Attempt::Done(value) => Attempt::Done(f(value)),
            Attempt::Unready { polled } => Attempt::Unready { polled },
        }
    }
}

/// What `poll_oneoff` says of a descriptor that is ready.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Readiness {
    /// How many bytes can be read or written.
    pub(crate) bytes: u64,
    /// Whether the other end is closed.
    pub(crate) hangup: bool,
}

impl Node {
    pub(crate) fn filetype(&self) -> Filetype {
        match self {
            Node::Null | Node::Bytes(_) | Node::Pipe(_) | Node::Buffer(_) => Filetype::Unknown,
            Node::File(file) => file.filetype,
            Node::Directory(_) => Filetype::Directory,
        }
    }

    pub(crate) fn filestat(&self) -> Result<Filestat, Errno> {
        match self {
            Node::File(file) => Ok(Metadata::from_file(&file.file)?.into()),
            Node::Directory(directory) => Ok(directory.dir.dir_metadata()?.into()),
            _ => Ok(Filestat::of_no_file()),
        }
    }

    /// The rights that apply to it.
    pub(crate) fn applicable(&self) -> Rights {
        match self {
            Node::File(file) => file.applicable(),
            node => (Rights::FILE | Rights::DIRECTORY).that_apply_to(node.filetype()),
        }
    }

    /// Read up to so many bytes.
    pub(crate) fn read(&self, room: usize) -> Result<Attempt<Vec<u8>>, Errno> {
        match self {
            Node::Null => Ok(Attempt::Done(Vec::new())),
            Node::Bytes(cursor) => {
                let mut cursor = cursor.lock();
                let rest = cursor.get_ref().len() - cursor.position() as usize;
                let mut bytes = vec![0; room.min(rest)];
                cursor.read_exact(&mut bytes)?;
                Ok(Attempt::Done(bytes))
            }
            Node::Pipe(pipe) => Ok(match pipe.receive(room) {
                Some(bytes) => Attempt::Done(bytes),
                None => Attempt::Unready { polled: false },
            }),
            Node::Buffer(_) => Err(Errno::NotCapable),
            Node::File(file) => file.read(room),
            Node::Directory(_) => Err(Errno::IsDir),
        }
    }

    /// Write some of the bytes; how many.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<Attempt<usize>, Errno> {
        match self {
            Node::Null => Ok(Attempt::Done(bytes.len())),
            Node::Bytes(_) | Node::Pipe(_) => Err(Errno::NotCapable),
            Node::Buffer(buffer) => match buffer.append(bytes) {
                0 if !bytes.is_empty() => Err(Errno::NoSpc),
                count => Ok(Attempt::Done(count)),
            },
            Node::File(file) => file.write(bytes),
            Node::Directory(_) => Err(Errno::IsDir),
        }
    }

    /// Whether one could read, or write, now.
    pub(crate) fn readiness(&self, write: bool) -> Result<Attempt<Readiness>, Errno> {
        let bytes = match self {
            Node::Null => 0,
            Node::Bytes(cursor) => {
                let cursor = cursor.lock();
                cursor.get_ref().len() as u64 - cursor.position()
            }
            Node::Buffer(buffer) => buffer.room() as u64,
            Node::Pipe(pipe) => match pipe.pending() {
                (0, false) => return Ok(Attempt::Unready { polled: false }),
                (bytes, closed) => {
                    let ready = Readiness { bytes: bytes as u64, hangup: closed };
                    return Ok(Attempt::Done(ready));
                }
            },
            Node::File(file) => return file.readiness(write),
            Node::Directory(_) => return Err(Errno::IsDir),
        };
        Ok(Attempt::Done(Readiness { bytes, hangup: false }))
    }
}
