//! What carries operations out.

use std::collections::BTreeMap;

use crate::op::Op;
use crate::op_outcome::OpOutcome;

/// An implementation of the operations.
///
/// It is asked for what the model says is possible on it: names are bound, and bound to
/// what is still there. So whatever else it meets is a mistake of this crate, which it
/// reports as [`OpOutcome::Broken`].
pub trait Backend {
    /// Its name in reports: `reference`, `wasmtime-cranelift`.
    fn id(&self) -> &str;

    /// Its version.
    fn version(&self) -> &str;

    /// What it has.
    fn abilities(&self) -> Abilities;

    /// Carry an operation out.
    fn apply(&mut self, op: &Op) -> OpOutcome;

    /// Give up everything but engines and caches, and say what they still hold for it.
    fn rest(&mut self) -> Accounts;

    /// Give up everything.
    fn clear(&mut self);
}

/// What is still held, by kind. All zero is right.
pub type Accounts = BTreeMap<String, u64>;

/// What a backend has; the model predicts within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// Engines with pools.
    pub pools: bool,
    /// Caches of modules that several engines share.
    pub caches: bool,
    /// Modules as bytes.
    pub serialize: bool,
    /// Modules from bytes.
    pub deserialize: bool,
    /// Calls that are left suspended.
    pub suspends: bool,
    /// Rules for commands and reactors.
    pub guards: bool,
    /// Shared memories and threads.
    pub threads: bool,
    /// Processes, whose threads end together.
    pub processes: bool,
    /// What becomes of a module of one engine in a store of another.
    pub foreign: Foreign,
    /// What calls take from a pool.
    pub stacks: Stacks,
}

/// What becomes of a module of one engine in a store of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// It works like any other.
    Works,
    /// It is refused.
    Refused,
    /// It is instantiated like any other, and the process panics when it is used: not tried.
    Unnoticed,
}

/// When a call takes a stack from the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stacks {
    /// Every call takes one and gives it back at its end.
    PerCall,
    /// Every call in a store with functions that suspend takes one, which the store then
    /// keeps for its next call.
    PerStore,
}

impl Abilities {
    /// Everything: what sequences are generated for.
    pub const ALL: Abilities = Abilities {
        pools: true,
        caches: true,
        serialize: true,
        deserialize: true,
        suspends: true,
        guards: true,
        threads: true,
        processes: true,
        foreign: Foreign::Refused,
        stacks: Stacks::PerStore,
    };
}
