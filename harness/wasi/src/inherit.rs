//! This process's own standard streams, for a guest that is given them.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;

fn own(stream: impl AsFd) -> io::Result<File> {
    stream.as_fd().try_clone_to_owned().map(File::from)
}

pub(crate) fn stdin() -> io::Result<File> {
    own(io::stdin())
}

pub(crate) fn stdout() -> io::Result<File> {
    own(io::stdout())
}

pub(crate) fn stderr() -> io::Result<File> {
    own(io::stderr())
}
