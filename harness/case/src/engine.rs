//! What the harness asks of an engine.
//!
//! An adapter implements [`Engine`] and [`Session`] in one small file. It never
//! sees a case, a generator or an oracle: [`crate::execute`] walks the steps.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::outcome::{HostCall, InstanceState, StepFailure};
use crate::value::Value;

/// One implementation in one configuration.
pub trait Engine: Send {
    /// Who this is and what it was seen to be able to do.
    fn info(&self) -> &EngineInfo;

    /// A fresh, empty world: one store, no modules, no instances.
    ///
    /// # Errors
    /// The engine's own message when it cannot make one (out of address space ...).
    fn session(&self, limits: &Limits) -> Result<Box<dyn Session>, String>;
}

/// One store of an engine. Names are those of the case.
///
/// Imports are resolved by name: first among registered instances, then, for
/// the module name [`crate::host::MODULE`], as host functions whose behaviour is
/// [`crate::host::answer`] and whose calls are recorded; anything else is
/// [`StepFailure::Unlinkable`].
pub trait Session {
    /// Decode, validate and compile a module.
    ///
    /// # Errors
    /// [`StepFailure::Rejected`], [`StepFailure::Unsupported`], [`StepFailure::Limit`], [`StepFailure::Fault`].
    fn define(&mut self, module: &str, bytes: &[u8]) -> Result<(), StepFailure>;

    /// Instantiate a defined module, running its start function.
    ///
    /// # Errors
    /// [`StepFailure::Unlinkable`] and everything that [`Session::invoke`] can give.
    fn instantiate(&mut self, module: &str, instance: &str) -> Result<(), StepFailure>;

    /// Offer the instance's exports to later imports from `name`.
    ///
    /// # Errors
    /// [`StepFailure::Fault`].
    fn register(&mut self, instance: &str, name: &str) -> Result<(), StepFailure>;

    /// Call an exported function with one value per parameter.
    ///
    /// # Errors
    /// Any [`StepFailure`] but `Rejected` and `Unlinkable`; `Unsupported` if there is
    /// no such export or the arguments do not fit it.
    fn invoke(
        &mut self,
        instance: &str,
        field: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, StepFailure>;

    /// Read an exported global.
    ///
    /// # Errors
    /// [`StepFailure::Unsupported`] if there is no such export.
    fn get(&mut self, instance: &str, field: &str) -> Result<Value, StepFailure>;

    /// More about the last failure than [`StepFailure`] says, from an engine that can say more.
    /// It is for people, and never compared.
    fn detail(&mut self) -> Option<Detail> {
        None
    }

    /// A session for another thread: an empty world but for one instance, if any, by the
    /// name that it has here, as far as threads can share it: what it exports of shared
    /// memories.
    ///
    /// # Errors
    /// [`StepFailure::Unsupported`] by an engine that has no such sessions.
    fn fork(&mut self, _instance: Option<&str>) -> Result<Box<dyn Session + Send>, StepFailure> {
        Err(StepFailure::Unsupported("threads of a script".to_owned()))
    }

    /// The visible state of an instance: its exported globals, memories, tables.
    fn observe(&mut self, instance: &str) -> InstanceState;

    /// The host calls since this was last asked, in order.
    fn take_trace(&mut self) -> Vec<HostCall>;
}

/// What an engine can say of a failure beyond its class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// Which phase refused the module, if one did.
    pub refusal: Option<RefusalKind>,
    /// The engine's own words; of a limit, which one it was.
    pub message: String,
}

/// The phase that refuses a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// The bytes are not a module (§ binary).
    Malformed,
    /// The module does not validate (§ valid).
    Invalid,
}

impl fmt::Display for RefusalKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RefusalKind::Malformed => "malformed",
            RefusalKind::Invalid => "invalid",
        })
    }
}

/// Who an engine is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineInfo {
    /// Implementation and configuration: `wasmtime-cranelift`.
    pub id: String,
    /// Implementation: `wasmtime`. Engines that share one are not independent.
    pub implementation: String,
    /// Its version: `48.0.8`.
    pub version: String,
    /// What it was seen to be able to do.
    pub capabilities: Capabilities,
}

/// The proposals that an engine was seen to implement.
pub type Capabilities = BTreeSet<Proposal>;

/// Limits that every engine is given alike, so that hitting one is no difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Largest size of one memory in bytes; growing beyond it fails with -1.
    pub memory_bytes_max: u64,
    /// Largest size of one table in elements; growing beyond it fails with -1.
    pub table_elements_max: u64,
    /// Native or interpreter stack in bytes; each engine maps it to its own unit.
    pub stack_bytes_max: u64,
    /// Fuel for each call where the engine can count it deterministically; other
    /// engines rely on the worker's watchdog.
    pub fuel_per_call: Option<u64>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            memory_bytes_max: 64 << 20,
            table_elements_max: 100_000,
            stack_bytes_max: 1 << 20,
            fuel_per_call: None,
        }
    }
}

macro_rules! proposals {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A feature of WebAssembly that an engine may lack. What is in none of
        /// them is Wasm 1.0. Named as the proposals name themselves.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Proposal {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Proposal {
            /// All of them.
            pub const ALL: &[Proposal] = &[$(Proposal::$variant,)*];

            /// The proposal's own name.
            pub fn name(self) -> &'static str {
                match self { $(Proposal::$variant => $name,)* }
            }
        }
    };
}

proposals! {
    /// Import and export of mutable globals (2.0).
    MutableGlobal = "mutable-global",
    /// `i32.trunc_sat_f32_s` and its kin (2.0).
    SaturatingFloatToInt = "nontrapping-float-to-int-conversion",
    /// `i32.extend8_s` and its kin (2.0).
    SignExtension = "sign-extension-ops",
    /// Several results, block parameters (2.0).
    MultiValue = "multi-value",
    /// `memory.copy`, `table.init`, passive segments (2.0).
    BulkMemory = "bulk-memory-operations",
    /// `externref`, several tables, `ref.func` (2.0).
    ReferenceTypes = "reference-types",
    /// `v128` (2.0).
    Simd = "simd",
    /// `return_call` (3.0).
    TailCall = "tail-call",
    /// Arithmetic in constant expressions (3.0).
    ExtendedConst = "extended-const",
    /// Several memories (3.0).
    MultiMemory = "multi-memory",
    /// 64-bit memories and tables (3.0).
    Memory64 = "memory64",
    /// `(ref null? $t)`, `call_ref` (3.0).
    FunctionReferences = "function-references",
    /// Structs, arrays, `i31`, casts (3.0).
    Gc = "gc",
    /// `try_table`, `exnref` (3.0).
    ExceptionHandling = "exception-handling",
    /// Relaxed vector instructions (3.0).
    RelaxedSimd = "relaxed-simd",
    /// Shared memories and atomics.
    Threads = "threads",
    /// `i64.add128` and its kin.
    WideArithmetic = "wide-arithmetic",
    /// Pages of one byte.
    CustomPageSizes = "custom-page-sizes",
}

impl Proposal {
    /// What version 1.0 of the specification has beyond its first draft.
    pub const WASM_1: &[Proposal] = &[Proposal::MutableGlobal];

    /// What version 2.0 of the specification has beyond 1.0.
    pub const WASM_2: &[Proposal] = &[
        Proposal::MutableGlobal,
        Proposal::SaturatingFloatToInt,
        Proposal::SignExtension,
        Proposal::MultiValue,
        Proposal::BulkMemory,
        Proposal::ReferenceTypes,
        Proposal::Simd,
    ];

    /// What version 3.0 has beyond 2.0.
    pub const WASM_3: &[Proposal] = &[
        Proposal::TailCall,
        Proposal::ExtendedConst,
        Proposal::MultiMemory,
        Proposal::Memory64,
        Proposal::FunctionReferences,
        Proposal::Gc,
        Proposal::ExceptionHandling,
        Proposal::RelaxedSimd,
    ];
}

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Proposal {
    type Err = String;

    fn from_str(name: &str) -> Result<Proposal, String> {
        Proposal::ALL
            .iter()
            .copied()
            .find(|proposal| proposal.name() == name)
            .ok_or_else(|| format!("there is no proposal named {name:?}"))
    }
}
