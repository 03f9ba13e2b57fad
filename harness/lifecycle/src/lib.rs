//! What surrounds WebAssembly's semantics, as sequences of operations: engines, caches,
//! modules, stores, instances, calls left suspended, threads. A [`Scenario`] is such a
//! sequence in a language that no engine owns; a [`Backend`] carries it out; a [`Model`]
//! says of every operation how it may end, and what is to be left when all is given up.
#![forbid(unsafe_code)]

mod accounts;
mod backend;
mod backends;
mod decide;
mod failure;
mod faulty;
mod generate;
pub mod linear;
mod model;
mod op;
mod program;
mod run;
mod scenario;
mod seen;
mod shrink;
mod sketch;
mod slots;
mod storm;
mod tally;
pub mod worker;

pub use accounts::{Census, census};
pub use backend::{Abilities, Accounts, Backend, Foreign, Stacks};
pub use backends::{Kind, canary, find, full_id, known, open};
pub use failure::{Failure, FailureKind};
pub use faulty::{Fault, Faulty};
pub use generate::{OPERATIONS_MAX, generate, generate_from_bytes};
pub use model::{Expected, Model};
pub use op::{Op, ParseOpError, Verb};
pub use program::Program;
pub use run::{Record, Run, run};
pub use scenario::{FORMAT, Scenario, ScenarioError};
pub use seen::{Refusal, Seen, Trap};
pub use shrink::shrink;
pub use sketch::Sketch;
pub use tally::Tally;
