//! Says what of the world a guest gets: without a word, nothing.

use std::fmt;
use std::fs::File;
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use gainsay_host::sync::{Arc, Mutex};

use crate::clock::Realtime;
use crate::directory::Directory;
use crate::inherit;
use crate::node::Node;
use crate::open_file::OpenFile;
use crate::random::Random;
use crate::rights::Rights;
use crate::startup::Strings;
use crate::stream::{Buffer, Pipe};
use crate::table::{Descriptor, Table};
use crate::wasi::Wasi;

/// What a guest reads from its standard input.
#[derive(Debug, Default)]
pub enum Input {
    /// Nothing.
    #[default]
    Null,
    /// What this process has as its own.
    Inherit,
    /// These bytes.
    Bytes(Vec<u8>),
    /// What is sent while it runs.
    Pipe(Pipe),
    /// An open file of the host.
    File(File),
}

/// Where a guest writes its standard output, or errors, to.
#[derive(Debug, Default)]
pub enum Output {
    /// Nowhere.
    #[default]
    Null,
    /// What this process has as its own.
    Inherit,
    /// Collected.
    Buffer(Buffer),
    /// An open file of the host.
    File(File),
}

/// Builds a [`Wasi`]. What is not said is not there: no arguments, no environment, no
/// directories, and streams that are empty and forget.
#[derive(Debug, Default)]
pub struct WasiBuilder {
    args: Vec<String>,
    environ: Vec<(String, String)>,
    seed: Option<u64>,
    realtime: Realtime,
    stdin: Input,
    stdout: Output,
    stderr: Output,
    preopens: Vec<(PathBuf, String)>,
}

/// Why there is no [`Wasi`] as asked for.
#[derive(Debug)]
pub enum BuildError {
    /// An argument, or a variable of the environment, contains a zero byte (or a name an
    /// equals sign, or they are longer than a memory).
    Unspeakable(&'static str),
    /// A directory that cannot be opened.
    Directory(PathBuf, io::Error),
    /// A standard stream that cannot be used.
    Stream(&'static str, io::Error),
    /// The host has no random bytes to begin with.
    Random(getrandom::Error),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::Unspeakable(what) => write!(f, "{what} that no guest can be given"),
            BuildError::Directory(path, error) => {
                write!(f, "cannot open the directory {}: {error}", path.display())
            }
            BuildError::Stream(name, error) => write!(f, "cannot use {name}: {error}"),
            BuildError::Random(error) => write!(f, "no random bytes: {error}"),
        }
    }
}

impl std::error::Error for BuildError {}

impl WasiBuilder {
    /// One that gives nothing.
    pub fn new() -> WasiBuilder {
        WasiBuilder::default()
    }

    /// Add an argument; the first is the program's name.
    pub fn arg(mut self, arg: impl Into<String>) -> WasiBuilder {
        self.args.push(arg.into());
        self
    }

    /// Add arguments.
    pub fn args<T: Into<String>>(mut self, args: impl IntoIterator<Item = T>) -> WasiBuilder {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Add a variable of the environment.
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> WasiBuilder {
        self.environ.push((name.into(), value.into()));
        self
    }

    /// Make random bytes a function of this; without, they are the host's.
    pub fn seed(mut self, seed: u64) -> WasiBuilder {
        self.seed = Some(seed);
        self
    }

    /// Say what the clock of the time of day shows.
    pub fn realtime(mut self, realtime: Realtime) -> WasiBuilder {
        self.realtime = realtime;
        self
    }

    /// Say what there is to read.
    pub fn stdin(mut self, stdin: Input) -> WasiBuilder {
        self.stdin = stdin;
        self
    }

    /// Say where output goes.
    pub fn stdout(mut self, stdout: Output) -> WasiBuilder {
        self.stdout = stdout;
        self
    }

    /// Say where errors are written.
    pub fn stderr(mut self, stderr: Output) -> WasiBuilder {
        self.stderr = stderr;
        self
    }

    /// Give the guest the directory `host`, and what is below it, by the name `guest`.
    pub fn preopen(mut self, host: impl AsRef<Path>, guest: impl Into<String>) -> WasiBuilder {
        self.preopens.push((host.as_ref().to_path_buf(), guest.into()));
        self
    }

    /// The system of a process with all this.
    ///
    /// # Errors
    /// [`BuildError`].
    pub fn build(self) -> Result<Wasi, BuildError> {
        let random = match self.seed {
            Some(seed) => Random::of_seed(seed),
            None => Random::of_host().map_err(BuildError::Random)?,
        };
        let pipe = match &self.stdin {
            Input::Pipe(pipe) => Some(pipe.clone()),
            _ => None,
        };
        if self.environ.iter().any(|(name, _)| name.contains('=')) {
            return Err(BuildError::Unspeakable("a name of a variable with an equals sign"));
        }
        let pairs = self.environ.iter().map(|(name, value)| format!("{name}={value}"));
        let environ: Vec<String> = pairs.collect();
        let mut table = Table::default();
        let at = |name| move |error| BuildError::Stream(name, error);
        table.put(0, input(self.stdin).map_err(at("standard input"))?);
        let stdout = output(self.stdout, inherit::stdout).map_err(at("standard output"))?;
        table.put(1, stdout);
        table.put(2, output(self.stderr, inherit::stderr).map_err(at("standard error"))?);
        for (number, (host, guest)) in (3..).zip(self.preopens) {
            table.put(number, preopen(host, guest)?);
        }
        Ok(Wasi {
            args: Strings::new(&self.args).ok_or(BuildError::Unspeakable("arguments"))?,
            environ: Strings::new(&environ).ok_or(BuildError::Unspeakable("an environment"))?,
            realtime: self.realtime,
            random: Mutex::new(random),
            table: Mutex::new(table),
            pipe,
        })
    }
}

fn input(input: Input) -> io::Result<Descriptor> {
    let node = match input {
        Input::Null => Node::Null,
        Input::Inherit => Node::File(OpenFile::new(inherit::stdin()?, true)?),
        Input::Bytes(bytes) => Node::Bytes(Mutex::new(Cursor::new(bytes))),
        Input::Pipe(pipe) => Node::Pipe(pipe),
        Input::File(file) => Node::File(OpenFile::new(file, true)?),
    };
    Ok(stream(node, !Rights::FD_WRITE))
}

fn output(output: Output, own: fn() -> io::Result<File>) -> io::Result<Descriptor> {
    let node = match output {
        Output::Null => Node::Null,
        Output::Inherit => Node::File(OpenFile::new(own()?, true)?),
        Output::Buffer(buffer) => Node::Buffer(buffer),
        Output::File(file) => Node::File(OpenFile::new(file, true)?),
    };
    Ok(stream(node, !Rights::FD_READ))
}

/// Standard streams are to be read or written, and perhaps moved in, and that is all.
fn stream(node: Node, rights: Rights) -> Descriptor {
    let moving = Rights::FD_SEEK | Rights::FD_TELL | Rights::FD_SYNC | Rights::FD_DATASYNC;
    let base = node.applicable() & (Rights::STREAM | moving) & rights;
    let (inheriting, node) = (Rights::NONE, Arc::new(node));
    Descriptor { node, base, inheriting, flags: 0, preopen: None }
}

fn preopen(host: PathBuf, guest: String) -> Result<Descriptor, BuildError> {
    if guest.contains('\0') {
        return Err(BuildError::Unspeakable("a name of a directory"));
    }
    let dir = Dir::open_ambient_dir(&host, ambient_authority());
    let dir = dir.map_err(|error| BuildError::Directory(host, error))?;
    Ok(Descriptor {
        node: Arc::new(Node::Directory(Directory::new(dir))),
        base: Rights::DIRECTORY,
        inheriting: Rights::DIRECTORY | Rights::FILE,
        flags: 0,
        preopen: Some(guest.into()),
    })
}
