//! The implementations that sequences are carried out on.

use gainsay_lifecycle::{Backend, Fault, Faulty};

use crate::reference::Reference;
use crate::wasmi::Wasmi;
use crate::wasmtime::Wasmtime;

/// A backend that can be opened.
#[derive(Clone, Copy, Debug)]
pub struct KnownBackend {
    /// Its name.
    pub id: &'static str,
    /// What implements it.
    pub implementation: &'static str,
    /// Whether campaigns use it unless told otherwise.
    pub is_default: bool,
    open: fn() -> Box<dyn Backend>,
}

const KNOWN: [KnownBackend; 7] = [
    usual("reference", "reference", || Box::new(Reference::new())),
    usual("wasmi-eager", "wasmi", || Box::new(Wasmi::new())),
    usual("wasmtime-cranelift", "wasmtime", || Box::new(Wasmtime::cranelift())),
    usual("wasmtime-winch", "wasmtime", || Box::new(Wasmtime::winch())),
    hidden("canary", canary),
    hidden("faulty-abort", || Box::new(Faulty::new(reference(), Fault::Aborts))),
    hidden("faulty-hang", || Box::new(Faulty::new(reference(), Fault::Hangs))),
];

const fn usual(
    id: &'static str,
    implementation: &'static str,
    open: fn() -> Box<dyn Backend>,
) -> KnownBackend {
    KnownBackend { id, implementation, is_default: true, open }
}

const fn hidden(id: &'static str, open: fn() -> Box<dyn Backend>) -> KnownBackend {
    KnownBackend { id, implementation: "reference", is_default: false, open }
}

/// All backends, hidden ones too, in the order of lists.
pub fn known() -> &'static [KnownBackend] {
    &KNOWN
}

/// The id for an id or a short name; what is neither comes back as it is.
pub fn full_id(name: &str) -> &str {
    match name {
        "wasmi" => "wasmi-eager",
        "wasmtime" => "wasmtime-cranelift",
        other => other,
    }
}

/// The backend of this id or short name, if there is one.
pub fn find(name: &str) -> Option<&'static KnownBackend> {
    KNOWN.iter().find(|kind| kind.id == full_id(name))
}

/// Open a backend.
pub fn open(kind: &KnownBackend) -> Box<dyn Backend> {
    (kind.open)()
}

/// The planted wrong backend: what every campaign must find.
pub fn canary() -> Box<dyn Backend> {
    Box::new(Faulty::new(reference(), Fault::RunsCommandsAgain))
}

fn reference() -> Box<dyn Backend> {
    Box::new(Reference::new())
}
