//! The reference runtime: WebAssembly decoded, validated and executed by code
//! that shares nothing with any engine under test.
#![forbid(unsafe_code)]

mod allocator;
mod buffer;
mod catch;
mod config;
mod decode;
mod error;
mod exception;
mod exec;
mod external;
mod fuel;
mod global;
mod handle;
mod heap;
mod host;
mod instance;
mod instantiate;
mod intern;
mod ir;
mod lease;
mod limit;
mod lower;
mod memory;
mod module;
mod nan_choice;
mod numeric;
mod refs;
mod relaxed;
mod roots;
mod shared;
mod store;
mod subtype;
mod sync;
mod table;
mod trap;
mod typekey;
mod types;
mod validate;
mod value;
mod waiting;

pub use allocator::{Allocator, OnDemand};
pub use config::{Config, Features, Limits};
pub use error::{ErrorKind, ModuleError};
pub use exception::Exception;
pub use exec::{Activation, Event, HostCall, Stack, StackPool, Stop};
pub use external::{ExportDesc, ExternType, ImportDesc};
pub use fuel::FUEL_BYTES;
pub use handle::{Exn, Extern, Func, Global, Memory, Table, Tag};
pub use host::{Host, HostError, HostStop, NoHost};
pub use instance::Instance;
pub use instantiate::{InstantiateError, Unlinkable};
pub use lease::{Home, Lease};
pub use limit::LimitError;
pub use module::{ExternKind, Module};
pub use nan_choice::NanChoice;
pub use relaxed::{
    RelaxedChoice, RelaxedDot, RelaxedLaneselect, RelaxedMadd, RelaxedMinMax, RelaxedQ15mulr,
    RelaxedSwizzle, RelaxedTruncS, RelaxedTruncU,
};
pub use shared::SharedMemory;
pub use store::Store;
#[cfg(any(loom, shuttle))]
pub use sync::model;
pub use trap::Trap;
pub use types::Limits as SizeLimits;
pub use types::{
    AddrType, CompositeType, FieldType, FuncType, GlobalType, HeapType, MemoryType, RefType,
    StorageType, SubType, TableType, ValType,
};
pub use value::{Object, Value};
pub use waiting::{Wait, Wake};
