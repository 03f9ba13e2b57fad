//! Sequences of operations on the embedding API around WebAssembly's semantics: engines,
//! caches, modules, stores, instances, suspended calls, threads, processes. A [`Scenario`] is such a
//! sequence in a language that belongs to no engine; a [`Backend`] carries it out; a [`Model`]
//! says how each operation may end, and what must be left at the end.
//!
//! This crate links no engine: backends are in `gainsay-backends`, so a campaign can generate,
//! read and shrink sequences and leave carrying them out to its workers.
#![forbid(unsafe_code)]

mod accounts;
mod backend;
mod decide;
mod failure;
mod faulty;
mod generate;
pub mod linear;
mod model;
mod model_backend;
mod op;
mod op_outcome;
mod program;
mod run;
mod scenario;
mod shrink;
mod tally;
mod word;

pub use accounts::{ResourceSnapshot, resources};
pub use backend::{Abilities, Accounts, Backend, Foreign, Stacks};
pub use failure::{FailureKind, SequenceFailure};
pub use faulty::{Fault, Faulty};
pub use generate::{OPERATIONS_MAX, generate, generate_from_bytes};
pub use model::{Expected, Model};
pub use model_backend::ModelBackend;
pub use op::{Op, ParseOpError, Verb};
pub use op_outcome::{OpOutcome, ProcessEnd, Refusal, Trap};
pub use program::{Program, process as process_program, threads as threads_program};
pub use run::{Record, Run, run};
pub use scenario::{FORMAT, Scenario, ScenarioError};
pub use shrink::shrink;
pub use tally::Tally;
pub use word::{
    Allocation, ArtifactId, CacheId, CallId, Cause, Deed, EngineId, InstanceId, MemoryId, ModuleId,
    ProcessId, Rule, RunsOn, SpawnStyle, StoreId, Task, ThreadId, ThreadLimit,
};
