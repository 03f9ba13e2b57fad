//! What surrounds WebAssembly's semantics, as sequences of operations: engines, caches,
//! modules, stores, instances, calls left suspended, threads, processes. A [`Scenario`] is such a
//! sequence in a language that no engine owns; a [`Backend`] carries it out; a [`Model`]
//! says of every operation how it may end, and what is to be left when all is given up.
//!
//! This crate links no engine: backends are in `gainsay-backends`, so that a campaign can
//! generate, read and shrink sequences and leave carrying them out to its workers.
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
