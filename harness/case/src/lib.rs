//! Cases, outcomes, and the interface that an engine implements.
//!
//! This crate is the meeting point of the harness: the generator makes a [`Case`], an
//! [`Engine`] turns it into an [`Outcome`], an oracle judges outcomes. It knows no
//! engine, generator or oracle.

mod alternatives;
mod case;
mod case_kind;
mod engine;
mod execute;
pub mod freedom;
pub mod host;
pub mod interface;
pub mod json;
mod mistake;
pub mod nans;
mod outcome;
pub mod text;
mod value;
mod value_json;
pub mod value_text;
pub mod words;

pub use alternatives::{Alternatives, Choice};
pub use case::{Case, Step};
pub use case_kind::CaseKind;
pub use engine::{
    Capabilities, Detail, Engine, EngineInfo, Limits, Proposal, RefusalKind, Session,
};
pub use execute::{execute, guarded};
pub use mistake::{Request, mistake};
pub use outcome::{
    Exception, ExportState, HostCall, InstanceState, LimitKind, Outcome, StepFailure, StepOutcome,
    StepResult, TrapKind,
};
pub use value::{RefKind, Value, ValueType};
