//! A file of the host that is not a directory.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::fs::FileExt;

use cap_std::fs::Metadata;
use gainsay_host::sync::Mutex;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::abi::Filetype;
use crate::errno::Errno;
use crate::filestat;
use crate::node::{Attempt, Readiness};
use crate::rights::Rights;

/// Bytes that a pipe which is ready for writing surely takes without blocking
/// (POSIX, `_POSIX_PIPE_BUF` is less; Linux's is this).
const PIPE_ROOM: usize = 4096;

/// An open file.
#[derive(Debug)]
pub(crate) struct OpenFile {
    pub(crate) file: File,
    pub(crate) filetype: Filetype,
    /// Whether it was the host's before: its flags are not for the guest to change.
    pub(crate) inherited: bool,
    /// Held between asking a stream whether it would block and using it, so that of two
    /// threads only one is told that it would not.
    turn: Mutex<()>,
}

impl OpenFile {
    pub(crate) fn new(file: File, inherited: bool) -> io::Result<OpenFile> {
        let filetype = filestat::filetype(&Metadata::from_file(&file)?);
        Ok(OpenFile { file, filetype, inherited, turn: Mutex::new(()) })
    }

    /// The rights that apply to it. A device that is no terminal can be moved in: that
    /// is how guests tell one from the other.
    pub(crate) fn applicable(&self) -> Rights {
        match self.filetype {
            Filetype::CharacterDevice if !self.file.is_terminal() => Rights::FILE,
            filetype => Rights::FILE.that_apply_to(filetype),
        }
    }

    pub(crate) fn read(&self, room: usize) -> Result<Attempt<Vec<u8>>, Errno> {
        if room == 0 {
            // There is no need to wait for nothing.
            return Ok(Attempt::Done(Vec::new()));
        }
        let mut bytes = vec![0; room];
        let count = self.unless_it_blocks(PollFlags::IN, || (&self.file).read(&mut bytes))?;
        Ok(count.map(|count| {
            bytes.truncate(count);
            bytes
        }))
    }

    pub(crate) fn write(&self, bytes: &[u8]) -> Result<Attempt<usize>, Errno> {
        let bytes = if self.may_block() { &bytes[..bytes.len().min(PIPE_ROOM)] } else { bytes };
        self.unless_it_blocks(PollFlags::OUT, || (&self.file).write(bytes))
    }

    pub(crate) fn read_at(&self, room: usize, offset: u64) -> Result<Vec<u8>, Errno> {
        let mut bytes = vec![0; room];
        let count = again_if_interrupted(|| self.file.read_at(&mut bytes, offset))?;
        bytes.truncate(count);
        Ok(bytes)
    }

    pub(crate) fn write_at(&self, bytes: &[u8], offset: u64) -> Result<usize, Errno> {
        Ok(again_if_interrupted(|| self.file.write_at(bytes, offset))?)
    }

    /// Whether one could read, or write, without waiting, and how much.
    pub(crate) fn readiness(&self, write: bool) -> Result<Attempt<Readiness>, Errno> {
        let flags = self.poll(if write { PollFlags::OUT } else { PollFlags::IN })?;
        if flags.is_empty() {
            return Ok(Attempt::Unready { polled: true });
        }
        let bytes = match (write, self.filetype) {
            (true, _) => PIPE_ROOM as u64,
            (false, Filetype::RegularFile) => self.rest().unwrap_or(0),
            (false, _) => rustix::io::ioctl_fionread(&self.file).unwrap_or(0),
        };
        let hangup = flags.intersects(PollFlags::HUP | PollFlags::ERR);
        Ok(Attempt::Done(Readiness { bytes, hangup }))
    }

    /// Bytes of a regular file behind its offset.
    fn rest(&self) -> io::Result<u64> {
        let position = io::Seek::stream_position(&mut &self.file)?;
        Ok(self.file.metadata()?.len().saturating_sub(position))
    }

    fn may_block(&self) -> bool {
        !matches!(self.filetype, Filetype::RegularFile | Filetype::BlockDevice)
    }

    fn unless_it_blocks<T>(
        &self,
        wanted: PollFlags,
        mut attempt: impl FnMut() -> io::Result<T>,
    ) -> Result<Attempt<T>, Errno> {
        if !self.may_block() {
            return Ok(Attempt::Done(again_if_interrupted(attempt)?));
        }
        let _turn = self.turn.lock();
        if self.poll(wanted)?.is_empty() {
            return Ok(Attempt::Unready { polled: true });
        }
        match again_if_interrupted(&mut attempt) {
            Ok(value) => Ok(Attempt::Done(value)),
            // Somebody else, with a description of the same pipe, was faster.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                Ok(Attempt::Unready { polled: true })
            }
            Err(error) => Err(error.into()),
        }
    }

    fn poll(&self, wanted: PollFlags) -> Result<PollFlags, Errno> {
        let mut asked = [PollFd::new(&self.file, wanted)];
        let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
        match poll(&mut asked, Some(&at_once)) {
            // Interrupted: not known, hence not ready.
            Err(rustix::io::Errno::INTR) => return Ok(PollFlags::empty()),
            other => other?,
        };
        let found = asked[0].revents();
        if found.contains(PollFlags::NVAL) { Err(Errno::BadF) } else { Ok(found) }
    }
}

fn again_if_interrupted<T>(mut attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match attempt() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}
