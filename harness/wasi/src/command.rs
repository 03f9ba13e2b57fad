//! Runs a command of one thread, on the calling one.

use std::fmt;
use std::time::{Duration, Instant};

use gainsay_host::sync::{Arc, Condvar, Mutex};
use gainsay_host::system::{Answer, System, SystemCall};
use gainsay_runtime::{
    Config, Extern, ExternType, Host, HostError, HostStop, InstantiateError, Memory, Module, Stop,
    Store, Value,
};

/// Why a command has no exit status.
#[derive(Clone, Debug, PartialEq)]
pub enum CommandError {
    /// It imports something that the system does not have.
    Import(String),
    /// It could not be instantiated.
    Instantiate(String),
    /// It exports no function `_start`.
    NoStart,
    /// It trapped, or passed a limit.
    Stopped(Stop),
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CommandError::Import(what) => write!(f, "nothing provides {what}"),
            CommandError::Instantiate(why) => f.write_str(why),
            CommandError::NoStart => f.write_str("no function is exported as _start"),
            CommandError::Stopped(stop) => stop.fmt(f),
        }
    }
}

impl std::error::Error for CommandError {}

/// Run a command on a system; its exit status, which is 0 if `_start` returns.
///
/// # Errors
/// [`CommandError`].
pub fn run(module: &Module, system: &dyn System, config: &Config) -> Result<u32, CommandError> {
    let mut store = Store::new(config);
    let mut imports = Vec::new();
    for import in module.imports() {
        let missing = || CommandError::Import(format!("{:?} {:?}", import.module, import.name));
        let ExternType::Func(ty) = &import.ty else { return Err(missing()) };
        let number = system.import(import.module, import.name, ty).ok_or_else(missing)?;
        let ty = store.func_type_of(module, ty);
        imports.push(Extern::Func(store.host_func(&ty, number)));
    }
    let mut thread = Thread::new(system);
    let instance = match store.instantiate(module, &imports, &mut thread) {
        Ok(instance) => instance,
        Err(InstantiateError::Stopped(stop)) => return thread.ended(Err(stop)),
        Err(error) => return Err(CommandError::Instantiate(error.to_string())),
    };
    if let Some(Extern::Memory(memory)) = instance.export("memory") {
        thread.memory = Some(memory);
    }
    let start = instance.func("_start").ok_or(CommandError::NoStart)?;
    let outcome = store.invoke(start, &[], &mut thread).map(drop);
    thread.ended(outcome)
}

/// The one thread of a command.
struct Thread<'a> {
    system: &'a dyn System,
    began: Instant,
    memory: Option<Memory>,
    exit: Option<u32>,
    bell: Arc<Bell>,
}

/// Rings when there is input.
#[derive(Default)]
struct Bell {
    rung: Mutex<bool>,
    heard: Condvar,
}

impl Bell {
    fn ring(&self) {
        *self.rung.lock() = true;
        self.heard.notify_all();
    }

    /// Until it rings, or for that long.
    fn wait(&self, time: Option<Duration>) {
        let mut rung = self.rung.lock();
        if !*rung {
            rung = match time {
                Some(time) => self.heard.wait_timeout(rung, time).0,
                None => self.heard.wait(rung),
            };
        }
        *rung = false;
    }
}

impl<'a> Thread<'a> {
    fn new(system: &'a dyn System) -> Thread<'a> {
        let bell = Arc::new(Bell::default());
        let ringer = Arc::clone(&bell);
        system.on_input(Arc::new(move || ringer.ring()));
        Thread { system, began: Instant::now(), memory: None, exit: None, bell }
    }

    fn ended(&self, outcome: Result<(), Stop>) -> Result<u32, CommandError> {
        match (self.exit, outcome) {
            (Some(status), _) => Ok(status),
            (None, Ok(())) => Ok(0),
            (None, Err(stop)) => Err(CommandError::Stopped(stop)),
        }
    }
}

impl Host for Thread<'_> {
    fn call(&mut self, store: &mut Store, id: u32, args: &[Value]) -> Result<Vec<Value>, HostStop> {
        let began = self.began.elapsed();
        loop {
            let answer = self.system.call(SystemCall {
                store: &mut *store,
                memory: self.memory,
                function: id,
                args,
                thread: 0,
                now: self.began.elapsed(),
                began,
            });
            match answer {
                Answer::Return(results) => return Ok(results),
                Answer::Fail(error) => return Err(error.into()),
                Answer::Pause { until } => {
                    let time = until.map(|until| until.saturating_sub(self.began.elapsed()));
                    self.bell.wait(time);
                }
                Answer::Exit(status) => {
                    self.exit = Some(status);
                    return Err(HostError("the process ends".into()).into());
                }
            }
        }
    }
}
