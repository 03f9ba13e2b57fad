//! WASI preview 1 for guests of the reference runtime: all 46 functions, as a
//! [`gainsay_host::system::System`].
//!
//! A guest has what a [`WasiBuilder`] was told to give it, and nothing else of the
//! world. Names of files are looked up below the directories that it was given, by
//! cap-std, which lets none lead out of them. No function blocks: where a guest has to
//! wait, the call is made again, so that whoever drives the process can end it at any
//! time.
//!
//! ```
//! use gainsay_host::process::{ProcessExit, Process, ProcessLimits, Program};
//! use gainsay_host::sync::Arc;
//! use gainsay_runtime::{Config, Module};
//! use gainsay_wasi::{Buffer, Output, WasiBuilder};
//!
//! let bytes = wat::parse_str(
//!     r#"(module
//!         (import "wasi_snapshot_preview1" "fd_write"
//!             (func $fd_write (param i32 i32 i32 i32) (result i32)))
//!         (memory (export "memory") 1)
//!         (data (i32.const 0) "\08\00\00\00\05\00\00\00hello")
//!         (func (export "_start") (drop
//!             (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))))"#,
//! )?;
//! // What may be ended while it is busy counts its instructions.
//! let config = Config { fuel: true, ..Config::default() };
//! let module = Module::new(&config, &bytes)?;
//! let output = Buffer::new(1000);
//! let wasi = WasiBuilder::new().arg("name").stdout(Output::Buffer(output.clone())).build()?;
//! let program = Program::new(&config, &module, Arc::new(wasi), ProcessLimits::default())?;
//! assert_eq!(Process::new(program)?.run()?, ProcessExit::Returned);
//! assert_eq!(output.bytes(), b"hello");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Where the specification leaves a choice:
//! - rights are enforced, and lacking ones are `errno::notcapable`, as is a path that
//!   leads out of its directory;
//! - flags and other numbers without a meaning are `errno::inval`, addresses need not be
//!   aligned, and new descriptors are the lowest free ones from 3 on;
//! - the entries of a directory come in the order of their names;
//! - a process has no sockets, and no signal handlers: `proc_raise` ends it, with 128 and
//!   the signal's number for a status, if that is what the signal does to one;
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
