//! Threads of the host that share a memory, each with a store of its own.

use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use gainsay_lifecycle::{OpOutcome, Task};
use wasmtime::{
    Config, Engine, Extern, Instance, MemoryType, Module, SharedMemory, Store, Strategy, Val,
};

use super::failure;

/// How long a notification is tried until the thread waits.
const NOTIFY_TIME_MAX: Duration = Duration::from_secs(5);

/// Where a thread waits: every one at an address of its own.
fn address(thread: u8) -> u32 {
    64 + u32::from(thread) * 8
}

/// An engine for threads, and what they run.
pub(super) fn engine(strategy: Strategy) -> Result<(Engine, Module), OpOutcome> {
    let mut config = Config::new();
    config.strategy(strategy).wasm_threads(true).shared_memory(true);
    let engine = Engine::new(&config).map_err(|error| broken(&error))?;
    let module = Module::new(&engine, gainsay_lifecycle::threads_program())
        .map_err(|error| broken(&error))?;
    Ok((engine, module))
}

#[derive(Clone)]
pub(super) struct Shared {
    memory: SharedMemory,
    module: Module,
}

impl Shared {
    pub(super) fn new(engine: &Engine, module: &Module) -> Result<Shared, OpOutcome> {
        let memory = SharedMemory::new(engine, MemoryType::shared(1, 2));
        let memory = memory.map_err(|error| broken(&error))?;
        Ok(Shared { memory, module: module.clone() })
    }

    pub(super) fn read(&self) -> Result<OpOutcome, OpOutcome> {
        Ok(self.call("read", 0))
    }

    fn call(&self, export: &str, arg: u32) -> OpOutcome {
        let mut store = Store::new(self.module.engine(), ());
        let imports = [Extern::SharedMemory(self.memory.clone())];
        let instance = match Instance::new(&mut store, &self.module, &imports) {
            Ok(instance) => instance,
            Err(error) => return broken(&error),
        };
        let Some(func) = instance.get_func(&mut store, export) else {
            return OpOutcome::Broken(format!("there is no export {export}"));
        };
        let mut results = [Val::I32(0)];
        match func.call(&mut store, &[Val::I32(arg as i32)], &mut results) {
            Ok(()) => OpOutcome::value(results[0].i32().map_or(i64::MIN, i64::from)),
            Err(error) => failure::execution(&error),
        }
    }
}

pub(super) struct Thread {
    shared: Shared,
    handle: JoinHandle<OpOutcome>,
    name: u8,
    /// Whether it waits until it is notified.
    waits: bool,
}

impl Thread {
    pub(super) fn spawn(shared: &Shared, name: u8, task: Task) -> Result<Thread, OpOutcome> {
        let export = match task {
            Task::Add => "add",
            Task::Wait => "wait",
            Task::Trap => "trap",
        };
        let own = shared.clone();
        let run = move || own.call(export, address(name));
        let handle = thread::Builder::new()
            .spawn(run)
            .map_err(|error| OpOutcome::Broken(format!("no thread: {error}")))?;
        Ok(Thread { shared: shared.clone(), handle, name, waits: task == Task::Wait })
    }

    /// Notify it: the number of threads woken.
    pub(super) fn notify(&mut self) -> Result<OpOutcome, OpOutcome> {
        let start = Instant::now();
        loop {
            let woken = self.shared.memory.atomic_notify(u64::from(address(self.name)), 1);
            let woken = woken.map_err(|trap| OpOutcome::Broken(trap.to_string()))?;
            if woken != 0 || !self.waits {
                self.waits = false;
                return Ok(OpOutcome::value(i64::from(woken)));
            }
            if start.elapsed() > NOTIFY_TIME_MAX {
                return Err(OpOutcome::Broken("nobody waits".to_owned()));
            }
            thread::yield_now();
        }
    }

    pub(super) fn join(self) -> OpOutcome {
        self.handle.join().unwrap_or_else(|_| OpOutcome::Broken("the thread panicked".to_owned()))
    }

    /// Bring it to its end, whatever it does.
    pub(super) fn end(mut self) {
        if self.waits {
            let _ = self.notify();
        }
        self.join();
    }
}

fn broken(error: &wasmtime::Error) -> OpOutcome {
    OpOutcome::Broken(format!("{error:#}"))
}
