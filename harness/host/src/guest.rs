//! An instance with its store, entered by the rules of [`crate::lifecycle`].

mod call;

use std::fmt;

use gainsay_runtime::{Activation, Func, Host, Instance, Stop, Store, Value};

pub use call::GuestCall;

use crate::future::AsyncHost;

use crate::lifecycle::{Entrance, EntryEnding, InstanceKind, Lifecycle, Phase, Refusal};
use crate::module_cache::CachedModule;
use crate::sync::Mutex;

/// A command or a reactor; threads may share it. It never runs two calls at a time: a
/// second caller is refused, not kept waiting.
#[derive(Debug)]
pub struct Guest {
    lifecycle: Lifecycle,
    start: Option<Func>,
    initialize: Option<Func>,
    instance: Instance,
    /// Away while a call has it that may be suspended; who is let in finds it here.
    store: Mutex<Option<Store>>,
    /// Keeps the module from being released while there is an instance of it.
    _module: Option<CachedModule>,
}

/// Why an instance is neither a command nor a reactor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuestError {
    /// It exports both `_start` and `_initialize`.
    Both,
    /// This export takes or returns something, or is no function.
    WrongType(&'static str),
}

impl fmt::Display for GuestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GuestError::Both => f.write_str("the module exports both _start and _initialize"),
            GuestError::WrongType(name) => {
                write!(f, "the export {name} is no function without parameters and results")
            }
        }
    }
}

impl std::error::Error for GuestError {}

/// Why a call has no results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// Nothing of the guest has run.
    Refused(Refusal),
    /// There is no exported function of this name; nothing of the guest has run.
    NoSuchFunction(String),
    /// It ran and did not return.
    Stopped(Stop),
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallError::Refused(refusal) => refusal.fmt(f),
            CallError::NoSuchFunction(name) => write!(f, "no function is exported as {name:?}"),
            CallError::Stopped(stop) => stop.fmt(f),
        }
    }
}

impl std::error::Error for CallError {}

impl Guest {
    /// Take charge of an instance of `store` that nobody has called. `module` is what it
    /// was made from, if that came from a cache.
    ///
    /// # Errors
    /// [`GuestError`]; the store is lost with it.
    pub fn new(
        store: Store,
        instance: Instance,
        module: Option<CachedModule>,
    ) -> Result<Guest, GuestError> {
        let start = entry(&store, &instance, "_start")?;
        let initialize = entry(&store, &instance, "_initialize")?;
        let kind = match (start, initialize) {
            (Some(_), Some(_)) => return Err(GuestError::Both),
            (Some(_), None) => InstanceKind::Command,
            (None, initialize) => InstanceKind::Reactor { initializer: initialize.is_some() },
        };
        let (lifecycle, store) = (Lifecycle::new(kind), Mutex::new(Some(store)));
        Ok(Guest { lifecycle, start, initialize, instance, store, _module: module })
    }

    /// What it is.
    pub fn kind(&self) -> InstanceKind {
        self.lifecycle.kind()
    }

    /// Where it is in its life.
    pub fn phase(&self) -> Phase {
        self.lifecycle.phase()
    }

    /// Call `_start`.
    ///
    /// # Errors
    /// [`CallError`]; refused unless it is a command that was never run.
    pub fn run(&self, host: &mut dyn Host) -> Result<(), CallError> {
        self.enter(Entrance::Run, self.start, &[], host).map(drop)
    }

    /// Call `_initialize`.
    ///
    /// # Errors
    /// [`CallError`]; refused unless it is a reactor that has one which was never called.
    pub fn initialize(&self, host: &mut dyn Host) -> Result<(), CallError> {
        self.enter(Entrance::Initialize, self.initialize, &[], host).map(drop)
    }

    /// Call an export of a reactor.
    ///
    /// # Errors
    /// [`CallError`]; refused for commands and before [`Guest::initialize`], and for
    /// `_initialize` itself.
    pub fn call(
        &self,
        name: &str,
        args: &[Value],
        host: &mut dyn Host,
    ) -> Result<Vec<Value>, CallError> {
        let func = self.callable(name)?;
        self.enter(Entrance::Call, func, args, host)
    }

    /// What [`Guest::run`] does, as a future: `host` may suspend it. The guest is entered
    /// at once, and left when the future is ready or dropped. Dropped before, it has left
    /// the guest in the middle, which poisons it as a trap does.
    ///
    /// # Errors
    /// [`CallError`], also from the future.
    pub fn run_async<'a>(
        &'a self,
        host: &'a mut dyn AsyncHost,
    ) -> Result<GuestCall<'a>, CallError> {
        GuestCall::new(self, (Entrance::Run, self.start), &[], host)
    }

    /// What [`Guest::initialize`] does, see [`Guest::run_async`].
    ///
    /// # Errors
    /// [`CallError`], also from the future.
    pub fn initialize_async<'a>(
        &'a self,
        host: &'a mut dyn AsyncHost,
    ) -> Result<GuestCall<'a>, CallError> {
        GuestCall::new(self, (Entrance::Initialize, self.initialize), &[], host)
    }

    /// What [`Guest::call`] does, see [`Guest::run_async`].
    ///
    /// # Errors
    /// [`CallError`], also from the future.
    pub fn call_async<'a>(
        &'a self,
        name: &str,
        args: &[Value],
        host: &'a mut dyn AsyncHost,
    ) -> Result<GuestCall<'a>, CallError> {
        GuestCall::new(self, (Entrance::Call, self.callable(name)?), args, host)
    }

    /// The function that a call of an export leads to; of a command none, which is refused.
    fn callable(&self, name: &str) -> Result<Option<Func>, CallError> {
        if self.initialize.is_some() && name == "_initialize" {
            return Err(CallError::Refused(Refusal::AlreadyInitialized));
        }
        let func = self.instance.func(name);
        if func.is_none() && !matches!(self.kind(), InstanceKind::Command) {
            return Err(CallError::NoSuchFunction(name.to_owned()));
        }
        Ok(func)
    }

    /// What is left of the guest, for who wants to enter it past the rules.
    pub fn into_store(self) -> (Store, Instance) {
        let store = self.store.into_inner();
        (store.expect("a call that has it borrows the guest"), self.instance)
    }

    fn enter(
        &self,
        entrance: Entrance,
        func: Option<Func>,
        args: &[Value],
        host: &mut dyn Host,
    ) -> Result<Vec<Value>, CallError> {
        let permit = self.lifecycle.enter(entrance).map_err(CallError::Refused)?;
        let func = func.expect(WHERE_TO_GO);
        let mut store = self.store.lock();
        let store = store.as_mut().expect(STORE_IS_HERE);
        let outcome = match Activation::new(store, func, args) {
            Ok(activation) => store.complete(activation, host),
            Err(stop) => {
                permit.end(EntryEnding::Unentered);
                return Err(CallError::Stopped(stop));
            }
        };
        permit.end(ending(&outcome));
        outcome.map_err(CallError::Stopped)
    }
}

const WHERE_TO_GO: &str = "who is let in has where to go: kinds follow from exports";
const STORE_IS_HERE: &str = "who is let in finds the store";

/// What a call that has run comes to.
fn ending(outcome: &Result<Vec<Value>, Stop>) -> EntryEnding {
    match outcome {
        Ok(_) => EntryEnding::Returned,
        Err(_) => EntryEnding::Trapped,
    }
}

/// The exported function of this name, which takes and returns nothing.
fn entry(
    store: &Store,
    instance: &Instance,
    name: &'static str,
) -> Result<Option<Func>, GuestError> {
    if instance.export(name).is_none() {
        return Ok(None);
    }
    let func = instance.func(name).ok_or(GuestError::WrongType(name))?;
    let ty = store.func_type(func);
    if ty.params.is_empty() && ty.results.is_empty() {
        Ok(Some(func))
    } else {
        Err(GuestError::WrongType(name))
    }
}
