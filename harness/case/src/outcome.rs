//! What an engine made of a case.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::value::Value;

/// The outcome of one case on one engine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// One per step, in order; shorter than the case only if the engine was
    /// killed or died, which the campaign then says beside it.
    pub steps: Vec<StepOutcome>,
    /// The visible state of each live instance after the last step, by name.
    pub state: BTreeMap<String, InstanceState>,
}

/// The outcome of one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepOutcome {
    /// How the step ended.
    pub result: StepResult,
    /// Calls of host functions during the step, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trace: Vec<HostCall>,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum StepResult {
    /// The step succeeded; the values of an `Invoke` or `Get`, else none.
    Returned(Vec<Value>),
    /// It did not.
    Failed(StepFailure),
    /// It was not tried, because the module or instance it names does not exist
    /// on this engine (an earlier step failed).
    Absent,
}

/// Why a step failed. Texts are the engine's own and are never compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why", content = "detail")]
pub enum StepFailure {
    /// The binary cannot be decoded or does not validate (§ binary, § valid).
    /// Engines do not agree on the border between the two.
    Rejected(String),
    /// An import is missing or has the wrong type (§ exec/modules, instantiation).
    Unlinkable(String),
    /// A trap (§ exec, "trap").
    Trapped(TrapKind),
    /// An exception left the outermost call; `None` from an engine that cannot say
    /// which.
    Uncaught(Option<Exception>),
    /// A host function returned an error.
    HostError,
    /// A limit of this engine or its configuration was hit: not comparable.
    Limit(LimitKind),
    /// This engine does not implement what was asked: not comparable.
    Unsupported(String),
    /// The engine broke its own rules: a panic, an internal error, an
    /// unclassifiable message. Always a finding.
    Fault(String),
}

/// An exception that nobody caught (§ exec/runtime, exception instances).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// The first name, in the order of bytes, under which the instance that was called
    /// exports the tag: tags have no other name that is visible. `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// One value for each parameter of the tag.
    pub values: Vec<Value>,
}

/// The traps of the specification, as the test suite's messages tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrapKind {
    /// `unreachable`.
    Unreachable,
    /// `integer divide by zero`.
    DivideByZero,
    /// `integer overflow`.
    IntegerOverflow,
    /// `invalid conversion to integer`.
    InvalidConversion,
    /// `out of bounds memory access`.
    MemoryOutOfBounds,
    /// `out of bounds table access`, `undefined element`.
    TableOutOfBounds,
    /// `uninitialized element`: a null entry was called.
    UninitializedElement,
    /// `indirect call type mismatch`.
    IndirectCallTypeMismatch,
    /// A null reference where one may not be (`null reference`, `null function reference` ...).
    NullReference,
    /// `cast failure`.
    CastFailure,
    /// `out of bounds array access`.
    ArrayOutOfBounds,
    /// `unaligned atomic`.
    UnalignedAtomic,
    /// `expected shared memory`.
    ExpectedSharedMemory,
}

impl TrapKind {
    /// All of them.
    pub const ALL: [TrapKind; 13] = [
        TrapKind::Unreachable,
        TrapKind::DivideByZero,
        TrapKind::IntegerOverflow,
        TrapKind::InvalidConversion,
        TrapKind::MemoryOutOfBounds,
        TrapKind::TableOutOfBounds,
        TrapKind::UninitializedElement,
        TrapKind::IndirectCallTypeMismatch,
        TrapKind::NullReference,
        TrapKind::CastFailure,
        TrapKind::ArrayOutOfBounds,
        TrapKind::UnalignedAtomic,
        TrapKind::ExpectedSharedMemory,
    ];
}

/// Which limit was hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// Call stack or value stack exhausted.
    Stack,
    /// Fuel used up.
    Fuel,
    /// Time used up.
    Time,
    /// A memory, or all that the engine's process holds, is larger than allowed.
    Memory,
    /// A table is larger than allowed.
    Table,
    /// The heap of structures, arrays and exceptions is full, or one of them does not fit.
    Heap,
    /// The module has more of something, or nests deeper, than the engine allows
    /// (§ appendix/implementation, syntactic limits).
    Module,
}

impl LimitKind {
    /// All of them.
    pub const ALL: [LimitKind; 7] = [
        LimitKind::Stack,
        LimitKind::Fuel,
        LimitKind::Time,
        LimitKind::Memory,
        LimitKind::Table,
        LimitKind::Heap,
        LimitKind::Module,
    ];

    /// Its name in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            LimitKind::Stack => "stack",
            LimitKind::Fuel => "fuel",
            LimitKind::Time => "time",
            LimitKind::Memory => "memory",
            LimitKind::Table => "table",
            LimitKind::Heap => "heap",
            LimitKind::Module => "module",
        }
    }
}

impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LimitKind::Stack => "call stack exhausted",
            LimitKind::Fuel => "fuel used up",
            LimitKind::Time => "time used up",
            LimitKind::Memory => "a memory is larger than allowed",
            LimitKind::Table => "a table is larger than allowed",
            LimitKind::Heap => "heap exhausted",
            LimitKind::Module => "the module is larger or deeper than the engine allows",
        })
    }
}

/// What [`StepFailure::no_export`] begins with.
const NO_EXPORT: &str = "there is no exported ";

impl StepFailure {
    /// An export that was asked for does not exist, or is not a `what`.
    pub fn no_export(what: &str, field: &str) -> StepFailure {
        StepFailure::Unsupported(format!("{NO_EXPORT}{what} named {field:?}"))
    }

    /// Whether it is [`StepFailure::no_export`].
    pub fn is_no_export(&self) -> bool {
        matches!(self, StepFailure::Unsupported(reason) if reason.starts_with(NO_EXPORT))
    }
}

/// One call of a host function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostCall {
    /// The field name of the import.
    pub name: String,
    /// The arguments received.
    pub args: Vec<Value>,
}

/// What can be seen of an instance through its exports, by export name.
pub type InstanceState = BTreeMap<String, ExportState>;

/// What can be seen of one exported object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ExportState {
    /// A global's value.
    Global {
        /// The value.
        value: Value,
    },
    /// A memory's size and contents.
    Memory {
        /// Length in bytes.
        bytes: u64,
        /// XXH3-64 (seed 0) of all bytes.
        #[serde(with = "crate::outcome::decimal")]
        hash: u64,
    },
    /// A table's size and contents.
    Table {
        /// Number of elements.
        size: u64,
        /// XXH3-64 (seed 0) of one 8-byte little-endian word per element:
        /// 0 for null, 1 for an opaque reference, 2 + n for external reference n; of
        /// internal references 2^33 + n for the 31-bit integer n, 2^34 + n for external
        /// reference n, 2^35 for a structure, 2^36 for an array.
        #[serde(with = "crate::outcome::decimal")]
        hash: u64,
    },
}

impl ExportState {
    /// The state of a memory.
    pub fn memory(bytes: &[u8]) -> ExportState {
        ExportState::Memory { bytes: bytes.len() as u64, hash: xxhash_rust::xxh3::xxh3_64(bytes) }
    }

    /// The state of a table with these elements.
    pub fn table(elements: impl Iterator<Item = Value>) -> ExportState {
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        let mut size = 0;
        for element in elements {
            let word: u64 = match element {
                Value::Null(_) => 0,
                Value::Extern(n) => 2 + u64::from(n),
                Value::I31(n) => (1 << 33) + u64::from(n),
                Value::Host(n) => (1 << 34) + u64::from(n),
                Value::Struct(_) => 1 << 35,
                Value::Array(_) => 1 << 36,
                _ => 1,
            };
            hasher.update(&word.to_le_bytes());
            size += 1;
        }
        ExportState::Table { size, hash: hasher.digest() }
    }
}

impl StepResult {
    /// Whether an engine got to the end of this step in a way that others can
    /// be compared with: it returned, trapped, threw, rejected or refused to link.
    pub fn is_comparable(&self) -> bool {
        !matches!(
            self,
            StepResult::Absent
                | StepResult::Failed(StepFailure::Limit(_) | StepFailure::Unsupported(_))
        )
    }
}

/// 64-bit numbers as decimal strings: JavaScript's numbers have 53 bits.
pub(crate) mod decimal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
