//! The reference runtime: WebAssembly decoded, validated and executed by code
//! that shares nothing with any engine under test.
#![forbid(unsafe_code)]

mod config;
mod error;
mod ir;
mod module;
mod types;

pub use config::{Config, Features, Limits};
pub use error::{ErrorKind, ModuleError};
pub use module::{ExternKind, Module};
pub use types::{AddrType, FuncType, GlobalType, HeapType, MemoryType, RefType, TableType, ValType};
