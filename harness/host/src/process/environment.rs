//! Execution environments: what one thread of a guest runs in.
//!
//! An environment is a store with an instance. Who wants to run in it takes its [`Token`],
//! of which there is one: an environment has one owner, and while it is lent to somebody
//! nobody else runs in it. Which environment a thread of the host runs in just now is
//! said by a variable of that thread, which is set and cleared by a guard. So it is
//! cleared on every return, early errors and unwinding included, and since an environment
//! can be destroyed only by who finds its token at home, no thread's variable names one
//! that is gone.

use std::fmt;

use gainsay_runtime::{
    Activation, Extern, Func, Instance, InstantiateError, Memory, SharedMemory, Store, Value,
};

use crate::defect::{Defect, planted};
use crate::process::exit::ThreadFailure;
use crate::process::guest_thread::{Ending, GuestThread};
use crate::process::program::{Import, Program};
use crate::process::shared::{Shared, ThreadGuard};
use crate::process::threads;
use crate::sync::{Arc, Mutex, thread_variable};

thread_variable! {
    /// The environment that this thread runs in.
    CURRENT: EnvId
}

/// An environment's name, unlike that of any other there is at the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EnvId {
    pub(super) process: usize,
    pub(super) thread: u32,
}

impl EnvId {
    /// The guest thread that it is for: 0 for the main thread, else its identifier.
    pub fn thread(self) -> u32 {
        self.thread
    }
}

/// The environment that this thread of the host runs in, if it does.
pub fn current() -> Option<EnvId> {
    CURRENT.get()
}

/// As long as this lives, the thread runs in an environment; then in the one before.
pub(super) struct Current(Option<EnvId>);

impl Current {
    pub(super) fn enter(env: EnvId) -> Current {
        Current(CURRENT.replace(Some(env)))
    }
}

impl Drop for Current {
    fn drop(&mut self) {
        CURRENT.replace(self.0);
    }
}

/// What is run in: a store, the module's imports in it, and its instance once there is one.
pub(super) struct Body {
    pub(super) store: Store,
    imports: Vec<Extern>,
    instance: Option<Instance>,
    /// What the instance exports as `memory`, if it does.
    pub(super) memory: Option<Memory>,
}

impl Body {
    pub(super) fn new(program: &Program, memories: &[SharedMemory]) -> Body {
        let mut store = program.store();
        let extern_of = |(number, import): (usize, &Import)| match import {
            Import::Func(ty, _) => {
                let ty = store.func_type_of(&program.module, ty);
                Extern::Func(store.host_func(&ty, number as u32))
            }
            Import::Memory(_, index) => Extern::Memory(store.import_shared(&memories[*index])),
        };
        let imports = program.imports.iter().enumerate().map(extern_of).collect();
        store.set_fuel(program.limits.slice);
        Body { store, imports, instance: None, memory: None }
    }

    /// Make the instance; its start function is given back.
    pub(super) fn instantiate(
        &mut self,
        program: &Program,
    ) -> Result<Option<Func>, InstantiateError> {
        let (instance, start) = self.store.instantiate_unstarted(&program.module, &self.imports)?;
        self.memory = match instance.export("memory") {
            Some(Extern::Memory(memory)) => Some(memory),
            _ => None,
        };
        self.instance = Some(instance);
        Ok(start)
    }

    pub(super) fn export(&self, name: &str) -> Option<Extern> {
        self.instance.as_ref()?.export(name)
    }

    /// Write to that memory; whether there is so much of it.
    pub(super) fn write(&mut self, at: u32, bytes: &[u8]) -> bool {
        let Some(memory) = self.memory else { return false };
        if let Some(shared) = self.store.shared_memory(memory) {
            return shared.write(at.into(), bytes);
        }
        let memory = self.store.memory_bytes_mut(memory);
        let place = memory.get_mut(at as usize..).and_then(|rest| rest.get_mut(..bytes.len()));
        place.map(|place| place.copy_from_slice(bytes)).is_some()
    }
}

/// An execution environment of a process, for one thread at a time.
pub struct ExecEnv {
    id: EnvId,
    shared: Arc<Shared>,
    /// Whether the identifier is given back with it, and not with a thread's place.
    of_host: bool,
    place: Mutex<Place>,
}

/// Where an environment's body is.
enum Place {
    Home(Box<Body>),
    /// With who has the token.
    Lent,
    Destroyed,
}

/// Why an environment was not entered, or what came of it. In the first cases nothing of
/// the guest has run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvError {
    /// Somebody else has its token.
    Busy,
    /// It was destroyed.
    Destroyed,
    /// The process runs under a schedule, which the host's threads have no part in.
    Scheduled,
    /// The process has ended, before or meanwhile.
    Ended,
    /// There is no exported function of this name.
    NoSuchFunction(String),
    /// It ended the process with this status.
    Exited(u32),
    /// It could not go on, which ended the process.
    Failed(ThreadFailure),
}

impl fmt::Display for EnvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EnvError::Busy => f.write_str("another thread is running in the environment"),
            EnvError::Destroyed => f.write_str("the environment was destroyed"),
            EnvError::Scheduled => f.write_str("the process runs under a schedule"),
            EnvError::Ended => f.write_str("the process has ended"),
            EnvError::NoSuchFunction(name) => write!(f, "no function is exported as {name:?}"),
            EnvError::Exited(status) => write!(f, "the process exited with status {status}"),
            EnvError::Failed(failure) => failure.fmt(f),
        }
    }
}

impl std::error::Error for EnvError {}

impl ExecEnv {
    pub(super) fn new(shared: &Arc<Shared>, thread: u32, of_host: bool) -> Arc<ExecEnv> {
        let body = Box::new(Body::new(&shared.program, &shared.memories));
        let (id, place) = (shared.env(thread), Mutex::new(Place::Home(body)));
        Arc::new(ExecEnv { id, shared: Arc::clone(shared), of_host, place })
    }

    /// Its name.
    pub fn id(&self) -> EnvId {
        self.id
    }

    /// Become its owner, until the token is dropped.
    ///
    /// # Errors
    /// [`EnvError::Busy`] and [`EnvError::Destroyed`].
    pub fn take(self: &Arc<Self>) -> Result<Token, EnvError> {
        let mut place = self.place.lock();
        match *place {
            Place::Home(_) => {}
            Place::Lent => return Err(EnvError::Busy),
            Place::Destroyed => return Err(EnvError::Destroyed),
        }
        if planted(Defect::TwoOwners) {
            drop(place);
            place = self.place.lock();
        }
        match std::mem::replace(&mut *place, Place::Lent) {
            Place::Home(body) => Ok(Token { env: Arc::clone(self), body: Some(body) }),
            Place::Lent | Place::Destroyed => unreachable!("two threads enter one environment"),
        }
    }

    /// Destroy it. Nobody runs in it then, hence no thread's variable names it.
    ///
    /// # Errors
    /// [`EnvError::Busy`], and nothing has happened.
    pub fn destroy(&self) -> Result<(), EnvError> {
        let mut place = self.place.lock();
        if matches!(*place, Place::Lent) {
            return Err(EnvError::Busy);
        }
        let body = std::mem::replace(&mut *place, Place::Destroyed);
        drop(place);
        if planted(Defect::DestroyClearsOther) {
            CURRENT.replace(None);
        }
        drop(body);
        Ok(())
    }

    /// Take it, call an exported function, and give it back.
    ///
    /// # Errors
    /// [`EnvError`]; a trap or `proc_exit` ends the process.
    pub fn call(self: &Arc<Self>, name: &str, args: &[Value]) -> Result<Vec<Value>, EnvError> {
        self.take()?.call(name, args)
    }
}

impl Drop for ExecEnv {
    fn drop(&mut self) {
        if self.of_host {
            self.shared.give_back(self.id.thread);
        }
    }
}

impl fmt::Debug for ExecEnv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExecEnv").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The right to run in an environment, and what is run in.
pub struct Token {
    env: Arc<ExecEnv>,
    /// There as long as the token is.
    body: Option<Box<Body>>,
}

impl Token {
    /// The environment's name.
    pub fn id(&self) -> EnvId {
        self.env.id
    }

    pub(super) fn body(&mut self) -> &mut Body {
        self.body.as_mut().expect("it is given back when the token is dropped")
    }

    /// Call an exported function on this thread of the host.
    ///
    /// # Errors
    /// [`EnvError`]; a trap or `proc_exit` ends the process.
    pub fn call(mut self, name: &str, args: &[Value]) -> Result<Vec<Value>, EnvError> {
        let Some(Extern::Func(func)) = self.body().export(name) else {
            return Err(EnvError::NoSuchFunction(name.to_owned()));
        };
        let activation = Activation::new(&self.body().store, func, args);
        let activation =
            activation.map_err(|stop| EnvError::Failed(ThreadFailure::Stopped(stop)))?;
        let shared = Arc::clone(&self.env.shared);
        let guard = ThreadGuard::take(&shared, self.env.id.thread)?;
        let mut thread = GuestThread::again(self, activation);
        let ending = threads::drive(&shared, &mut thread);
        // The token first: who has joined the process finds nobody in an environment.
        drop(thread);
        guard.leave(&ending, false);
        match ending {
            Ending::Returned(values) => Ok(values),
            Ending::Exited(status) => Err(EnvError::Exited(status)),
            Ending::Failed(failure) => Err(EnvError::Failed(failure)),
            Ending::Stopped => Err(EnvError::Ended),
        }
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        if let Some(body) = self.body.take() {
            *self.env.place.lock() = Place::Home(body);
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("id", &self.env.id).finish_non_exhaustive()
    }
}
