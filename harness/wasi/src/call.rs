//! A call of a function of preview 1, and how it may end.

use std::io;
use std::time::Duration;

use gainsay_runtime::Value;

use crate::errno::Errno;
use crate::guest_memory::GuestMemory;

/// A call under way.
pub(crate) struct Call<'a> {
    pub(crate) memory: GuestMemory<'a>,
    pub(crate) args: &'a [Value],
    /// The process's clock, now and when the call was first made.
    pub(crate) now: Duration,
    pub(crate) began: Duration,
}

/// Why a call does not return success now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfinished {
    /// It fails.
    Errno(Errno),
    /// It goes on then, or when there is input.
    Wait(Option<Duration>),
    /// It ends the process.
    ProcessExit(u32),
}

/// What a function gives: `Ok` is `errno::success`.
pub(crate) type Done = Result<(), Unfinished>;

impl Call<'_> {
    /// An argument of type i32.
    pub(crate) fn u32(&self, index: usize) -> u32 {
        match self.args.get(index) {
            Some(Value::I32(value)) => *value as u32,
            _ => 0,
        }
    }

    /// An argument of type i64.
    pub(crate) fn u64(&self, index: usize) -> u64 {
        match self.args.get(index) {
            Some(Value::I64(value)) => *value as u64,
            _ => 0,
        }
    }

    /// An argument that is a set of 16 flags of which `known` have a meaning.
    pub(crate) fn flags(&self, index: usize, known: u16) -> Result<u16, Errno> {
        let flags = u16::try_from(self.u32(index)).map_err(|_| Errno::Inval)?;
        if flags & !known == 0 { Ok(flags) } else { Err(Errno::Inval) }
    }

    /// Two arguments that are the address and the length of a path.
    pub(crate) fn path(&self, index: usize) -> Result<String, Errno> {
        self.memory.path(self.u32(index), self.u32(index + 1))
    }
}

impl From<Errno> for Unfinished {
    fn from(errno: Errno) -> Unfinished {
        Unfinished::Errno(errno)
    }
}

impl From<io::Error> for Unfinished {
    fn from(error: io::Error) -> Unfinished {
        Unfinished::Errno(error.into())
    }
}

impl From<rustix::io::Errno> for Unfinished {
    fn from(errno: rustix::io::Errno) -> Unfinished {
        Unfinished::Errno(errno.into())
    }
}
