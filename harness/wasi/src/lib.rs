//! WASI preview 1 for guests of the reference runtime: all 46 functions, as a
//! [`gainsay_host::system::System`].
//!
//! A guest has what a [`WasiBuilder`] was told to give it, and nothing else of the
//! world. Names of files are looked up below the directories that it was given, by
//! cap-std, which lets none lead out of them. No function blocks: where a guest has to
//! wait, the call is made again, so that whoever drives the process can end it at any
//! time.
//!
//! Where the specification leaves a choice:
//! - rights are enforced, and lacking ones are `errno::notcapable`, as is a path that
//!   leads out of its directory;
//! - the clocks of used time are not supported (`errno::inval`);
//! - a call moves at most 16 MiB in 1024 buffers, beyond which the count is short.
#![forbid(unsafe_code)]

mod abi;
mod builder;
mod call;
mod clock;
mod descriptors;
mod directory;
mod errno;
mod file_io;
mod files;
mod filestat;
mod functions;
mod guest_memory;
mod inherit;
mod node;
mod open_file;
mod paths;
mod poll;
mod process;
mod random;
mod rights;
mod sockets;
mod startup;
mod stream;
mod table;
mod wasi;

pub use builder::{BuildError, Input, Output, WasiBuilder};
pub use clock::Realtime;
pub use stream::{Buffer, Pipe};
pub use wasi::Wasi;
