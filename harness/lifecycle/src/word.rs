//! The words of operations: names of objects, choices and numbers.

use crate::program::Program;

/// A word of an operation.
pub(crate) trait Word: Sized {
    /// What it looks like, for an error about another one.
    fn shape() -> String;
    fn parse(word: &str) -> Option<Self>;
    fn print(&self) -> String;
}

/// Slots of each kind: a scenario has so many names for engines, for stores and so on.
pub(crate) const SLOTS: u8 = 4;

macro_rules! slots {
    ($($(#[$doc:meta])* $name:ident = $letter:literal,)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(pub u8);

            impl Word for $name {
                fn shape() -> String {
                    format!("{0}0 to {0}{1}", $letter, SLOTS - 1)
                }

                fn parse(word: &str) -> Option<$name> {
                    let number: u8 = word.strip_prefix($letter)?.parse().ok()?;
                    (number < SLOTS).then_some($name(number))
                }

                fn print(&self) -> String {
                    format!("{}{}", $letter, self.0)
                }
            }
        )*
    };
}

slots! {
    /// The name of an engine.
    EngineId = 'e',
    /// The name of a cache of modules.
    CacheId = 'c',
    /// The name of a module.
    ModuleId = 'm',
    /// The name of a serialized module.
    ArtifactId = 'b',
    /// The name of a store.
    StoreId = 's',
    /// The name of an instance.
    InstanceId = 'i',
    /// The name of a call that is left suspended.
    CallId = 'k',
    /// The name of a shared memory.
    MemoryId = 'x',
    /// The name of a thread.
    ThreadId = 't',
    /// The name of a process.
    ProcessId = 'p',
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub enum $name {
                $($(#[$variant_doc])* $variant,)*
            }

            impl $name {
                /// All of them.
                pub const ALL: &[$name] = &[$($name::$variant,)*];
            }

            impl Word for $name {
                fn shape() -> String {
                    [$($word,)*].join(" or ")
                }

                fn parse(word: &str) -> Option<$name> {
                    match word { $($word => Some($name::$variant),)* _ => None }
                }

                fn print(&self) -> String {
                    match self { $($name::$variant => $word.to_owned(),)* }
                }
            }
        )*
    };
}

words! {
    /// Whether an instance is held to the rules of commands and reactors.
    Rule {
        /// Any export may be called at any time.
        Raw = "raw",
        /// A command is run once, a reactor initialised first, neither is entered after
        /// a trap.
        Guarded = "guarded",
    }
    /// How a call is to trap.
    Cause {
        /// By `unreachable`.
        Unreachable = "unreachable",
        /// By a division.
        Divide = "divide",
        /// By a load outside the memory.
        Bounds = "bounds",
        /// By a call of a null element.
        Null = "null",
    }
    /// What a thread does.
    Task {
        /// Adds to the counter in the shared memory.
        Add = "add",
        /// Waits until it is notified.
        Wait = "wait",
        /// Traps.
        Trap = "trap",
    }
    /// How a thread of a process starts another one.
    SpawnStyle {
        /// By wasi-threads: nobody can join it.
        Wasi = "wasi",
        /// In the style of POSIX: it counts until it is joined.
        Posix = "posix",
    }
}

/// What a thread of a process does once it has started its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deed {
    /// Returns.
    Return,
    /// Joins its children of the style of POSIX, then returns.
    Join,
    /// Waits for a notification that nobody sends.
    Wait,
    /// Is busy without end.
    Busy,
    /// Waits for input that never comes.
    Read,
    /// Traps.
    Trap(Cause),
    /// Ends the process with this status.
    Exit(u8),
}

/// The deeds that are a word without a number.
const DEEDS: [(&str, Deed); 9] = [
    ("return", Deed::Return),
    ("join", Deed::Join),
    ("wait", Deed::Wait),
    ("busy", Deed::Busy),
    ("read", Deed::Read),
    ("unreachable", Deed::Trap(Cause::Unreachable)),
    ("divide", Deed::Trap(Cause::Divide)),
    ("bounds", Deed::Trap(Cause::Bounds)),
    ("null", Deed::Trap(Cause::Null)),
];

impl Word for Deed {
    fn shape() -> String {
        DEEDS.map(|(word, _)| format!("{word} or ")).concat() + "exit=0 to exit=255"
    }

    fn parse(word: &str) -> Option<Deed> {
        if let Some(status) = word.strip_prefix("exit=") {
            return status.parse().ok().map(Deed::Exit);
        }
        DEEDS.into_iter().find(|(name, _)| *name == word).map(|(_, deed)| deed)
    }

    fn print(&self) -> String {
        match self {
            Deed::Exit(status) => format!("exit={status}"),
            plain => {
                let named = DEEDS.iter().find(|(_, deed)| deed == plain);
                named.map_or_else(String::new, |(name, _)| (*name).to_owned())
            }
        }
    }
}

/// What the threads of a process run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunsOn {
    /// A thread of the host each.
    Threads,
    /// All on one, under the schedule of this seed.
    Schedule(u8),
}

impl Word for RunsOn {
    fn shape() -> String {
        "threads or seed=0 to seed=255".to_owned()
    }

    fn parse(word: &str) -> Option<RunsOn> {
        match word {
            "threads" => Some(RunsOn::Threads),
            other => other.strip_prefix("seed=")?.parse().ok().map(RunsOn::Schedule),
        }
    }

    fn print(&self) -> String {
        match self {
            RunsOn::Threads => "threads".to_owned(),
            RunsOn::Schedule(seed) => format!("seed={seed}"),
        }
    }
}

/// How many threads a process may have beside the main one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThreadLimit(pub u8);

/// The most that a process may have.
pub(crate) const THREADS_MAX: u8 = 3;

impl Word for ThreadLimit {
    fn shape() -> String {
        format!("limit=0 to limit={THREADS_MAX}")
    }

    fn parse(word: &str) -> Option<ThreadLimit> {
        let limit: u8 = word.strip_prefix("limit=")?.parse().ok()?;
        (limit <= THREADS_MAX).then_some(ThreadLimit(limit))
    }

    fn print(&self) -> String {
        format!("limit={}", self.0)
    }
}

/// Where the parts of an engine's stores come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Allocation {
    /// From the system, when they are needed.
    OnDemand,
    /// From a pool of so many of each kind.
    Pool(u8),
}

/// The most that a pool may have of each kind.
pub(crate) const POOL_MAX: u8 = 4;

impl Word for Allocation {
    fn shape() -> String {
        format!("on-demand or pool=1 to pool={POOL_MAX}")
    }

    fn parse(word: &str) -> Option<Allocation> {
        if word == "on-demand" {
            return Some(Allocation::OnDemand);
        }
        let capacity: u8 = word.strip_prefix("pool=")?.parse().ok()?;
        (1..=POOL_MAX).contains(&capacity).then_some(Allocation::Pool(capacity))
    }

    fn print(&self) -> String {
        match self {
            Allocation::OnDemand => "on-demand".to_owned(),
            Allocation::Pool(capacity) => format!("pool={capacity}"),
        }
    }
}

/// By what a module is compiled.
impl Word for Option<CacheId> {
    fn shape() -> String {
        format!("uncached or {}", CacheId::shape())
    }

    fn parse(word: &str) -> Option<Option<CacheId>> {
        if word == "uncached" { Some(None) } else { CacheId::parse(word).map(Some) }
    }

    fn print(&self) -> String {
        self.map_or_else(|| "uncached".to_owned(), |cache| cache.print())
    }
}

impl Word for Program {
    fn shape() -> String {
        Program::ALL.map(Program::name).join(" or ")
    }

    fn parse(word: &str) -> Option<Program> {
        Program::ALL.into_iter().find(|program| program.name() == word)
    }

    fn print(&self) -> String {
        self.name().to_owned()
    }
}

/// Small, so that sums of what programs make of it stay small.
impl Word for u8 {
    fn shape() -> String {
        "a number from 0 to 255".to_owned()
    }

    fn parse(word: &str) -> Option<u8> {
        word.parse().ok()
    }

    fn print(&self) -> String {
        self.to_string()
    }
}
