//! The engines that are compiled into this build, behind the interface of `gainsay_case`.
//!
//! There is one file or directory per implementation; [`registry`] lists them. An adapter
//! knows neither the generator nor any oracle.

mod canary;
mod faulty;
pub mod freedom;
mod identities;
mod language;
mod names;
mod passing;
pub mod probe;
mod reference;
mod refusal;
pub mod registry;
mod relaxed;
mod trace;
pub mod validity;
mod wasm_features;
mod wasmi;
mod wasmtime;
mod wrapped;

pub use self::wasmi::VERSION as WASMI_VERSION;
pub use self::wasmtime::{VERSION as WASMTIME_VERSION, Visits as WasmtimeVisits};
