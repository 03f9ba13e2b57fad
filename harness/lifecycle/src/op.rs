//! The operations, and each as a line of text.

use std::fmt;

use crate::program::Program;
use crate::word::{
    Allocation, ArtifactId, CacheId, CallId, Cause, Deed, EngineId, InstanceId, MemoryId, ModuleId,
    ProcessId, Rule, RunsOn, SpawnStyle, StoreId, Task, ThreadId, ThreadLimit, Word,
};

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident = $verb:literal { $($field:ident: $ty:ty,)* },)*) => {
        /// One operation.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the fields say what they are by their types")]
        pub enum Op {
            $($(#[$doc])* $name { $($field: $ty,)* },)*
        }

        /// What an operation does, without what it does it to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verb {
            $($(#[$doc])* $name,)*
        }

        impl Verb {
            /// All of them.
            pub const ALL: &[Verb] = &[$(Verb::$name,)*];

            /// The first word of its line.
            pub fn name(self) -> &'static str {
                match self { $(Verb::$name => $verb,)* }
            }
        }

        impl Op {
            /// What it does.
            pub fn verb(&self) -> Verb {
                match self { $(Op::$name { .. } => Verb::$name,)* }
            }

            /// The operation in a line.
            ///
            /// # Errors
            /// [`ParseOpError`].
            pub fn parse(line: &str) -> Result<Op, ParseOpError> {
                let mut words = line.split_ascii_whitespace();
                let verb = words.next().unwrap_or_default();
                let op = match verb {
                    $($verb => Op::$name { $($field: word(&mut words, stringify!($field))?,)* },)*
                    other => return Err(ParseOpError::unknown(other)),
                };
                match words.next() {
                    None => Ok(op),
                    Some(more) => Err(ParseOpError::expected("the end of the line", more)),
                }
            }
        }

        impl fmt::Display for Op {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Op::$name { $($field,)* } => {
                        f.write_str($verb)?;
                        $(write!(f, " {}", $field.print())?;)*
                        Ok(())
                    })*
                }
            }
        }
    };
}

operations! {
    /// Make an engine.
    EngineNew = "engine" { engine: EngineId, allocation: Allocation, },
    /// Give an engine up; what was made with it stays.
    DropEngine = "drop-engine" { engine: EngineId, },
    /// Make a cache of compiled modules.
    CacheNew = "cache" { cache: CacheId, },
    /// Close a cache: it refuses look-ups from now on.
    CloseCache = "close-cache" { cache: CacheId, },
    /// Ask a cache how many handles are open, and how many modules are not released.
    CountCache = "count-cache" { cache: CacheId, },
    /// Compile a program, or find it in a cache.
    Compile = "compile" { module: ModuleId, engine: EngineId, program: Program, via: Option<CacheId>, },
    /// Close a module, again if it is closed.
    CloseModule = "close-module" { module: ModuleId, },
    /// Write a module as bytes.
    Serialize = "serialize" { artifact: ArtifactId, module: ModuleId, },
    /// Change one byte of a serialized module.
    Damage = "damage" { artifact: ArtifactId, at: u8, },
    /// Read a module from bytes.
    Deserialize = "deserialize" { module: ModuleId, engine: EngineId, artifact: ArtifactId, },
    /// Make a store.
    StoreNew = "store" { store: StoreId, engine: EngineId, },
    /// Give a store up, with its instances and with the call that is suspended in it.
    DropStore = "drop-store" { store: StoreId, },
    /// Take a store's data out: the number of host calls that were made in it.
    IntoData = "into-data" { store: StoreId, },
    /// Instantiate a module.
    Instantiate = "instantiate" { instance: InstanceId, store: StoreId, module: ModuleId, rule: Rule, },
    /// Give an instance up.
    DropInstance = "drop-instance" { instance: InstanceId, },
    /// Call what counts calls.
    Bump = "bump" { instance: InstanceId, },
    /// Call a function of a table by its number.
    Pick = "pick" { instance: InstanceId, index: u8, },
    /// Grow the memory by so many pages.
    Grow = "grow" { instance: InstanceId, pages: u8, },
    /// Call what traps.
    Trap = "trap" { instance: InstanceId, cause: Cause, },
    /// Call `_start`.
    Run = "run" { instance: InstanceId, },
    /// Call `_initialize`.
    Initialize = "initialize" { instance: InstanceId, },
    /// Call what ends by `proc_exit` with this status.
    ProcExit = "proc-exit" { instance: InstanceId, status: u8, },
    /// Call what asks the host, which leaves the call suspended.
    Begin = "begin" { call: CallId, instance: InstanceId, arg: u8, },
    /// Give a suspended call the host's answer.
    Resume = "resume" { call: CallId, answer: u8, },
    /// Drop a suspended call.
    Abandon = "abandon" { call: CallId, },
    /// Take all that the pool of an engine at rest should have, and give it back.
    Probe = "probe" { engine: EngineId, },
    /// Make a shared memory.
    Share = "share" { memory: MemoryId, engine: EngineId, },
    /// Read the counter in a shared memory.
    Read = "read" { memory: MemoryId, },
    /// Give a shared memory up.
    DropMemory = "drop-memory" { memory: MemoryId, },
    /// Start a thread on a shared memory.
    Spawn = "spawn" { thread: ThreadId, memory: MemoryId, task: Task, },
    /// Notify a thread.
    Notify = "notify" { thread: ThreadId, },
    /// Wait for the end of a thread.
    Join = "join" { thread: ThreadId, },
    /// Make a process, which has not begun, with a deed of its main thread.
    ProcessNew = "process" { process: ProcessId, engine: EngineId, limit: ThreadLimit, deed: Deed, },
    /// Let a thread of a process that has not begun start another one: the threads are numbered
    /// as they are planned, and the main thread is number 0.
    Plan = "plan" { process: ProcessId, parent: u8, style: SpawnStyle, deed: Deed, },
    /// Start the main thread of a process.
    Start = "start" { process: ProcessId, runs_on: RunsOn, },
    /// Let the host start a thread of a process.
    AddThread = "add-thread" { process: ProcessId, deed: Deed, },
    /// Let a thread of the host, which runs in no environment, ask for one and call what does this.
    Enter = "enter" { process: ProcessId, deed: Deed, },
    /// End a process from outside.
    Kill = "kill" { process: ProcessId, },
    /// Wait until a process has ended and none of its threads is left: how it ended.
    JoinProcess = "join-process" { process: ProcessId, },
    /// Ask a process how many threads and environments it has.
    CountProcess = "count-process" { process: ProcessId, },
    /// Give a process up.
    DropProcess = "drop-process" { process: ProcessId, },
    /// Let threads use a cache at once, and look whether what they saw has an order.
    Contend = "contend" { cache: CacheId, engine: EngineId, seed: u8, },
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found}")]
pub struct ParseOpError {
    /// What should stand there.
    pub expected: String,
    /// What does.
    pub found: String,
}

impl ParseOpError {
    fn expected(expected: &str, found: &str) -> ParseOpError {
        ParseOpError { expected: expected.to_owned(), found: format!("{found:?}") }
    }

    fn unknown(verb: &str) -> ParseOpError {
        let verbs: Vec<&str> = Verb::ALL.iter().map(|verb| verb.name()).collect();
        ParseOpError::expected(&format!("an operation ({})", verbs.join(", ")), verb)
    }
}

fn word<'a, W: Word>(
    words: &mut impl Iterator<Item = &'a str>,
    field: &str,
) -> Result<W, ParseOpError> {
    let shape = || format!("{field} ({})", W::shape());
    let Some(word) = words.next() else {
        return Err(ParseOpError { expected: shape(), found: "the end of the line".to_owned() });
    };
    W::parse(word).ok_or_else(|| ParseOpError::expected(&shape(), word))
}

impl Op {
    /// For a call of an export: the instance, the export's name, and its argument if it
    /// takes one.
    pub fn export(&self) -> Option<(InstanceId, &'static str, Option<i32>)> {
        Some(match self {
            Op::Bump { instance } => (*instance, "bump", Some(0)),
            Op::Pick { instance, index } => (*instance, "pick", Some(i32::from(*index))),
            Op::Grow { instance, pages } => (*instance, "grow", Some(i32::from(*pages))),
            Op::Trap { instance, cause } => (*instance, "trap", Some(*cause as i32)),
            Op::Run { instance } => (*instance, "_start", None),
            Op::Initialize { instance } => (*instance, "_initialize", None),
            Op::ProcExit { instance, status } => (*instance, "exit", Some(i32::from(*status))),
            Op::Begin { instance, arg, .. } => (*instance, "ask", Some(i32::from(*arg))),
            _ => return None,
        })
    }

    /// The process that it is about, if it is about one.
    pub fn process(&self) -> Option<ProcessId> {
        match self {
            Op::ProcessNew { process, .. }
            | Op::Plan { process, .. }
            | Op::Start { process, .. }
            | Op::AddThread { process, .. }
            | Op::Enter { process, .. }
            | Op::Kill { process }
            | Op::JoinProcess { process }
            | Op::CountProcess { process }
            | Op::DropProcess { process } => Some(*process),
            _ => None,
        }
    }

    /// Whether it is about a process.
    pub(crate) fn is_of_processes(&self) -> bool {
        self.process().is_some()
    }
}
