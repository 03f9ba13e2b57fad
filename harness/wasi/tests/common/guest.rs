//! A guest whose every call is made by a test, on a clock that the test sets.

use std::fmt::Write as _;
use std::time::Duration;

use gainsay_host::sync::Arc;
use gainsay_host::system::{Answer, System, SystemCall};
use gainsay_runtime::{
    Config, Extern, ExternType, Host, HostError, HostStop, Instance, Memory, Module, SharedMemory,
    Store, Value,
};
use gainsay_wasi::Wasi;

use super::witx::{FUNCTIONS, MODULE};

/// An instance that imports all functions of preview 1 and exports them again.
pub struct Guest {
    store: Store,
    instance: Instance,
    memory: Memory,
    wasi: Arc<Wasi>,
    /// What the process's clock shows.
    pub now: Duration,
    /// What it showed when the call was first made.
    pub began: Duration,
}

/// What comes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Errno(i32),
    ProcessExit(u32),
    Pause(Option<Duration>),
}

/// An argument.
#[derive(Clone, Copy, Debug)]
pub enum Arg {
    I(u32),
    L(u64),
}

impl From<u32> for Arg {
    fn from(value: u32) -> Arg {
        Arg::I(value)
    }
}

impl From<u64> for Arg {
    fn from(value: u64) -> Arg {
        Arg::L(value)
    }
}

/// Arguments of any of the two types.
macro_rules! args {
    ($($arg:expr),* $(,)?) => { &[$($crate::common::guest::Arg::from($arg)),*][..] };
}
pub(crate) use args;

/// All functions imported, then the memory, then all functions exported.
fn text(memory: &str) -> String {
    let (mut imports, mut exports) = (String::new(), String::new());
    for (name, params, results) in FUNCTIONS {
        let ty = |letter| if letter == 'i' { " i32" } else { " i64" };
        let params: String = params.chars().map(ty).collect();
        let results: String = results.chars().map(ty).collect();
        let ty = format!("(param{params}) (result{results})");
        let _ = writeln!(imports, r#"(import "{MODULE}" "{name}" (func ${name} {ty}))"#);
        let _ = writeln!(exports, r#"(export "{name}" (func ${name}))"#);
    }
    format!("(module {imports} {memory} {exports})")
}

impl Guest {
    /// With a memory of one page.
    pub fn new(wasi: Wasi) -> Guest {
        Guest::with_memory(wasi, r#"(memory (export "memory") 1)"#)
    }

    /// With a memory in the text format.
    pub fn with_memory(wasi: Wasi, memory: &str) -> Guest {
        Guest::build(Arc::new(wasi), memory, None)
    }

    /// A thread of a process that shares a memory, of one page, and a system.
    pub fn thread(wasi: Arc<Wasi>, memory: &SharedMemory) -> Guest {
        let text = r#"(memory (export "memory") (import "env" "memory") 1 1 shared)"#;
        Guest::build(wasi, text, Some(memory))
    }

    fn build(wasi: Arc<Wasi>, memory: &str, shared: Option<&SharedMemory>) -> Guest {
        let bytes = wat::parse_str(text(memory)).expect("a module");
        let module = Module::new(&Config::default(), &bytes).expect("a valid module");
        let mut store = Store::new(&Config::default());
        let mut imports = Vec::new();
        for import in module.imports() {
            imports.push(match &import.ty {
                ExternType::Func(ty) => {
                    let number = wasi.import(import.module, import.name, ty);
                    Extern::Func(store.host_func(ty, number.expect("all functions are there")))
                }
                _ => Extern::Memory(store.import_shared(shared.expect("a memory"))),
            });
        }
        let mut host = Caller::new(&wasi, None, Duration::ZERO, Duration::ZERO);
        let instance = store.instantiate(&module, &imports, &mut host).expect("an instance");
        let Some(Extern::Memory(memory)) = instance.export("memory") else {
            panic!("no memory");
        };
        let (now, began) = (Duration::ZERO, Duration::ZERO);
        Guest { store, instance, memory, wasi, now, began }
    }

    /// Call a function.
    pub fn call(&mut self, name: &str, args: &[Arg]) -> Outcome {
        let values: Vec<Value> = args
            .iter()
            .map(|arg| match *arg {
                Arg::I(value) => Value::I32(value as i32),
                Arg::L(value) => Value::I64(value as i64),
            })
            .collect();
        let func = self.instance.func(name).expect(name);
        let mut host = Caller::new(&self.wasi, Some(self.memory), self.now, self.began);
        let outcome = self.store.invoke(func, &values, &mut host);
        match (host.other, outcome) {
            (Some(other), _) => other,
            (None, Ok(results)) => match results.as_slice() {
                [Value::I32(errno)] => Outcome::Errno(*errno),
                other => panic!("{name} returned {other:?}"),
            },
            (None, Err(stop)) => panic!("{name}: {stop}"),
        }
    }

    /// Call a function that returns.
    pub fn errno(&mut self, name: &str, args: &[Arg]) -> i32 {
        match self.call(name, args) {
            Outcome::Errno(errno) => errno,
            other => panic!("{name}: {other:?}"),
        }
    }

    /// Call a function that succeeds.
    pub fn ok(&mut self, name: &str, args: &[Arg]) {
        assert_eq!(self.errno(name, args), 0, "{name} {args:?}");
    }

    pub fn write(&mut self, at: u32, bytes: &[u8]) {
        if let Some(shared) = self.store.shared_memory(self.memory) {
            assert!(shared.write(u64::from(at), bytes));
            return;
        }
        let at = at as usize;
        self.store.memory_bytes_mut(self.memory)[at..at + bytes.len()].copy_from_slice(bytes);
    }

    pub fn read(&self, at: u32, count: usize) -> Vec<u8> {
        self.store.memory_bytes(self.memory)[at as usize..][..count].to_vec()
    }

    pub fn u32_at(&self, at: u32) -> u32 {
        u32::from_le_bytes(self.read(at, 4).try_into().expect("four bytes"))
    }

    pub fn u64_at(&self, at: u32) -> u64 {
        u64::from_le_bytes(self.read(at, 8).try_into().expect("eight bytes"))
    }

    /// Put a list of one buffer at `at`.
    pub fn buffer(&mut self, at: u32, buffer: u32, length: u32) {
        self.write(at, &[buffer.to_le_bytes(), length.to_le_bytes()].concat());
    }

    /// `path_open` of a path that is put at 60,000; the descriptor.
    pub fn open(&mut self, dir: u32, path: &str, oflags: u32, rights: u64) -> Result<u32, i32> {
        self.open_with(dir, path, [1, oflags, 0], [rights, 0])
    }

    /// The same with flags for looking up, opening and the descriptor, and both rights.
    pub fn open_with(
        &mut self,
        dir: u32,
        path: &str,
        [lookup, oflags, fdflags]: [u32; 3],
        [base, inheriting]: [u64; 2],
    ) -> Result<u32, i32> {
        self.write(60_000, path.as_bytes());
        let args = args![
            dir,
            lookup,
            60_000u32,
            path.len() as u32,
            oflags,
            base,
            inheriting,
            fdflags,
            59_000u32
        ];
        match self.errno("path_open", args) {
            0 => Ok(self.u32_at(59_000)),
            errno => Err(errno),
        }
    }

    /// `fd_read` into at most 1,000 bytes; what was read.
    pub fn read_fd(&mut self, fd: u32) -> Result<Vec<u8>, Outcome> {
        self.buffer(58_000, 50_000, 1_000);
        match self.call("fd_read", args![fd, 58_000u32, 1u32, 58_100u32]) {
            Outcome::Errno(0) => Ok(self.read(50_000, self.u32_at(58_100) as usize)),
            other => Err(other),
        }
    }

    /// `fd_write`; how many bytes were written.
    pub fn write_fd(&mut self, fd: u32, bytes: &[u8]) -> Result<u32, Outcome> {
        self.write(50_000, bytes);
        self.buffer(58_000, 50_000, bytes.len() as u32);
        match self.call("fd_write", args![fd, 58_000u32, 1u32, 58_100u32]) {
            Outcome::Errno(0) => Ok(self.u32_at(58_100)),
            other => Err(other),
        }
    }
}

/// Makes one call, and keeps what it does if it does not return.
struct Caller<'a> {
    wasi: &'a Wasi,
    memory: Option<Memory>,
    now: Duration,
    began: Duration,
    other: Option<Outcome>,
}

impl<'a> Caller<'a> {
    fn new(wasi: &'a Wasi, memory: Option<Memory>, now: Duration, began: Duration) -> Caller<'a> {
        Caller { wasi, memory, now, began, other: None }
    }
}

impl Host for Caller<'_> {
    fn call(&mut self, store: &mut Store, id: u32, args: &[Value]) -> Result<Vec<Value>, HostStop> {
        let (memory, now, began) = (self.memory, self.now, self.began);
        let call = SystemCall { store, memory, function: id, args, thread: 0, now, began };
        self.other = match self.wasi.call(call) {
            Answer::Return(results) => return Ok(results),
            Answer::Exit(status) => Some(Outcome::ProcessExit(status)),
            Answer::Pause { until } => Some(Outcome::Pause(until)),
            Answer::Fail(error) => return Err(error.into()),
        };
        Err(HostError("it does not return".into()).into())
    }
}
