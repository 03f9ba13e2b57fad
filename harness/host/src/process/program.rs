//! What a process runs: a module, its system and its limits.

use std::fmt;

use gainsay_runtime::{
    Allocator, Config, ExternType, FuncType, ImportDesc, LimitError, MemoryType, Module,
    SharedMemory, Store, ValType,
};

use crate::pool::Pool;
use crate::sync::Arc;
use crate::system::System;

/// Limits of a process; each is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessLimits {
    /// Threads at a time beside the main one, with environments that the host asked for
    /// and threads that nobody has joined yet.
    pub threads_max: usize,
    /// Instructions that a thread executes before it looks whether the process has ended.
    pub slice: u64,
    /// Whether a command on threads of the host is ended when all of them wait for each
    /// other, without a deadline: then nobody outside may have anything to do with its
    /// memories. A schedule ends it in any case.
    pub deadlock_ends: bool,
}

impl Default for ProcessLimits {
    fn default() -> ProcessLimits {
        ProcessLimits { threads_max: 256, slice: 100_000, deadlock_ends: false }
    }
}

/// What a process runs; any number of processes may.
#[derive(Clone)]
pub struct Program {
    pub(super) config: Config,
    pub(super) module: Module,
    pub(super) system: Arc<dyn System>,
    pub(super) limits: ProcessLimits,
    pub(super) kind: Kind,
    /// Whether there is a `wasi_thread_start`.
    pub(super) starts_threads: bool,
    pub(super) imports: Vec<Import>,
    /// Where stores get their storage; each its own, if nowhere.
    allocator: Option<Arc<dyn Allocator>>,
}

/// What the main thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `_start`, and with that the process ends.
    Command,
    /// `_initialize`, if there is one; then the host asks for environments.
    Reactor { initializer: bool },
}

/// What an import of the module is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Import {
    Func(FuncType, HostFunc),
    /// The process's shared memory of this number.
    Memory(MemoryType, usize),
}

/// Who answers when the guest calls the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HostFunc {
    /// wasi-threads, `thread-spawn`.
    ThreadSpawn,
    /// A thread that calls an element of its table, and may be joined.
    PthreadCreate,
    PthreadJoin,
    /// The system's function of this number.
    System(u32),
}

/// Why a module is no program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramError {
    /// It was compiled without [`Config::fuel`]: a thread that is busy could not be ended.
    NotMetered,
    /// It exports both `_start` and `_initialize`.
    Both,
    /// This export is no function, or not of the type that it should be of.
    WrongType(&'static str),
    /// Neither the process nor its system has such a thing.
    UnknownImport {
        /// The import's first name.
        module: String,
        /// The import's second name.
        name: String,
        /// What is wanted.
        expected: String,
    },
    /// It spawns threads and imports no shared memory: each thread would have memories of
    /// its own (wasi-threads: the memory is imported), and all that is waited for in one of
    /// them nobody else could change.
    OwnMemory,
    /// A shared memory is larger than the configuration allows, or than the pool.
    Limit(LimitError),
}

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProgramError::NotMetered => f.write_str("the module was compiled without fuel"),
            ProgramError::Both => f.write_str("the module exports both _start and _initialize"),
            ProgramError::WrongType(name) => {
                write!(f, "the export {name} is not a function of the required type")
            }
            ProgramError::UnknownImport { module, name, expected } => {
                write!(f, "unknown import: {module:?} {name:?}, {expected}")
            }
            ProgramError::OwnMemory => f.write_str(
                "the module imports thread-spawn, but no shared memory: each thread would have \
                 a memory of its own",
            ),
            ProgramError::Limit(limit) => write!(f, "over the limit: {limit}"),
        }
    }
}

impl std::error::Error for ProgramError {}

impl Program {
    /// Find out what the module's exports make of it and what its imports are.
    /// `config` is what the module was compiled with.
    ///
    /// # Errors
    /// [`ProgramError`].
    pub fn new(
        config: &Config,
        module: &Module,
        system: Arc<dyn System>,
        limits: ProcessLimits,
    ) -> Result<Program, ProgramError> {
        if !module.is_metered() {
            return Err(ProgramError::NotMetered);
        }
        let kind = kind(module)?;
        let starts_threads = exports(module, "wasi_thread_start", &[ValType::I32; 2])?;
        let imports = imports(module, &*system)?;
        let (config, module, allocator) = (*config, module.clone(), None);
        Ok(Program { config, module, system, limits, kind, starts_threads, imports, allocator })
    }

    /// The same in stores of a pool. A thread for whose instance there is nothing left ends
    /// its process.
    pub fn in_pool(self, pool: &Pool) -> Program {
        Program { allocator: Some(pool.allocator()), ..self }
    }

    /// A store for an environment.
    pub(super) fn store(&self) -> Store {
        match &self.allocator {
            Some(allocator) => Store::with_allocator(&self.config, Arc::clone(allocator)),
            None => Store::new(&self.config),
        }
    }

    /// Whether it is run once, by its `_start`.
    pub fn is_command(&self) -> bool {
        self.kind == Kind::Command
    }

    /// One memory for each that is imported.
    pub(super) fn memories(&self) -> Result<Vec<SharedMemory>, LimitError> {
        let types = self.imports.iter().filter_map(|import| match import {
            Import::Memory(ty, _) => Some(*ty),
            Import::Func(..) => None,
        });
        let mut store = self.store();
        let new = |ty| {
            let memory = store.new_memory(ty)?;
            Ok(store.shared_memory(memory).expect("it is of a shared type").clone())
        };
        types.map(new).collect()
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Program { limits, kind, imports, .. } = self;
        let mut debug = f.debug_struct("Program");
        debug.field("limits", limits).field("kind", kind).field("imports", imports);
        debug.finish_non_exhaustive()
    }
}

fn kind(module: &Module) -> Result<Kind, ProgramError> {
    let start = exports(module, "_start", &[])?;
    let initializer = exports(module, "_initialize", &[])?;
    match (start, initializer) {
        (true, true) => Err(ProgramError::Both),
        (true, false) => Ok(Kind::Command),
        (false, initializer) => Ok(Kind::Reactor { initializer }),
    }
}

/// Whether there is an export of this name, which takes these and returns nothing.
fn exports(module: &Module, name: &'static str, params: &[ValType]) -> Result<bool, ProgramError> {
    let Some(export) = module.exports().find(|export| export.name == name) else {
        return Ok(false);
    };
    match export.ty {
        ExternType::Func(ty) if *ty.params == *params && ty.results.is_empty() => Ok(true),
        _ => Err(ProgramError::WrongType(name)),
    }
}

fn imports(module: &Module, system: &dyn System) -> Result<Vec<Import>, ProgramError> {
    let mut memories = 0;
    let import = |desc: ImportDesc<'_>| match &desc.ty {
        ExternType::Func(ty) => match host_func(&desc, ty, system) {
            Some(func) => Ok(Import::Func(ty.clone(), func)),
            None => Err(unknown(&desc)),
        },
        ExternType::Memory(ty) if ty.shared => {
            memories += 1;
            Ok(Import::Memory(*ty, memories - 1))
        }
        _ => Err(unknown(&desc)),
    };
    let imports = module.imports().map(import).collect::<Result<Vec<_>, _>>()?;
    let spawns = imports.iter().any(|it| matches!(it, Import::Func(_, HostFunc::ThreadSpawn)));
    match spawns && memories == 0 {
        true => Err(ProgramError::OwnMemory),
        false => Ok(imports),
    }
}

fn host_func(desc: &ImportDesc<'_>, ty: &FuncType, system: &dyn System) -> Option<HostFunc> {
    let takes =
        |count: usize| *ty.params == *vec![ValType::I32; count] && *ty.results == [ValType::I32];
    match (desc.module, desc.name) {
        ("wasi", "thread-spawn") if takes(1) => Some(HostFunc::ThreadSpawn),
        ("env", "pthread_create") if takes(4) => Some(HostFunc::PthreadCreate),
        ("env", "pthread_join") if takes(2) => Some(HostFunc::PthreadJoin),
        (module, name) => system.import(module, name, ty).map(HostFunc::System),
    }
}

fn unknown(desc: &ImportDesc<'_>) -> ProgramError {
    ProgramError::UnknownImport {
        module: desc.module.to_owned(),
        name: desc.name.to_owned(),
        expected: desc.ty.to_string(),
    }
}
