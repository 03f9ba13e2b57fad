//! The engines that live in this process, behind the interface of `gainsay_case`.
//!
//! One file per implementation; [`registry`] is the list of them. An adapter
//! knows neither generator nor oracle.

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
