//! Threads of the host that share a memory, each with a store of its own.

use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use gainsay_lifecycle::{OpOutcome, Task};
use gainsay_runtime::{
    AddrType, Config, Extern, Instance, Limits, MemoryType, Module, NoHost, SharedMemory,
    SizeLimits, Store, Value,
};

use super::guest::{exported, stopped};

/// How long a notification is tried until the thread waits.
const NOTIFY_TIME_MAX: Duration = Duration::from_secs(5);

/// Where a thread waits: every one at an address of its own.
fn address(thread: u8) -> u32 {
    64 + u32::from(thread) * 8
}

pub(super) fn memory() -> Result<SharedMemory, OpOutcome> {
    let limits = SizeLimits { min: 1, max: Some(2) };
    let ty = MemoryType { limits, addr: AddrType::I32, shared: true, page_log2: 16 };
    SharedMemory::new(ty, 1 << 20).map_err(|error| OpOutcome::Broken(error.to_string()))
}

pub(super) fn read(memory: &SharedMemory) -> Result<OpOutcome, OpOutcome> {
    let mut bytes = [0; 4];
    match memory.read(0, &mut bytes) {
        true => Ok(OpOutcome::value(i64::from(u32::from_le_bytes(bytes)))),
        false => Err(OpOutcome::Broken("the shared memory is too small".to_owned())),
    }
}

pub(super) struct Thread {
    memory: SharedMemory,
    handle: JoinHandle<OpOutcome>,
    name: u8,
    /// Whether it waits until it is notified.
    waits: bool,
}

impl Thread {
    pub(super) fn spawn(memory: &SharedMemory, name: u8, task: Task) -> Result<Thread, OpOutcome> {
        let shared = memory.clone();
        let run = move || work(&shared, name, task).unwrap_or_else(|failed| failed);
        let handle = thread::Builder::new()
            .spawn(run)
            .map_err(|error| OpOutcome::Broken(format!("no thread: {error}")))?;
        Ok(Thread { memory: memory.clone(), handle, name, waits: task == Task::Wait })
    }

    /// Notify it: the number of threads woken.
    pub(super) fn notify(&mut self) -> Result<OpOutcome, OpOutcome> {
        let (mut store, instance) = instance(&self.memory)?;
        let func = exported(&instance, "notify")?;
        let args = [Value::I32(address(self.name) as i32)];
        let start = Instant::now();
        loop {
            let woken = store.invoke(func, &args, &mut NoHost).map_err(|stop| stopped(&stop))?;
            let Some(Value::I32(woken)) = woken.first() else {
                return Err(OpOutcome::Broken(format!("notify returned {woken:?}")));
            };
            if *woken != 0 || !self.waits {
                self.waits = false;
                return Ok(OpOutcome::value(i64::from(*woken)));
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

fn work(memory: &SharedMemory, name: u8, task: Task) -> Result<OpOutcome, OpOutcome> {
    let (mut store, instance) = instance(memory)?;
    let export = match task {
        Task::Add => "add",
        Task::Wait => "wait",
        Task::Trap => "trap",
    };
    let args = [Value::I32(address(name) as i32)];
    match store.invoke(exported(&instance, export)?, &args, &mut NoHost) {
        Ok(values) => match values.first() {
            Some(Value::I32(value)) => Ok(OpOutcome::value(i64::from(*value))),
            _ => Ok(OpOutcome::DONE),
        },
        Err(stop) => Ok(stopped(&stop)),
    }
}

fn instance(memory: &SharedMemory) -> Result<(Store, Instance), OpOutcome> {
    let limits = Limits { wait_ns_max: u64::MAX, ..Limits::default() };
    let config = Config { limits, ..Config::default() };
    let broken = |what: String| OpOutcome::Broken(what);
    let module = Module::new(&config, gainsay_lifecycle::threads_program())
        .map_err(|error| broken(error.to_string()))?;
    let mut store = Store::new(&config);
    let imports = [Extern::Memory(store.import_shared(memory))];
    let instance = store.instantiate(&module, &imports, &mut NoHost);
    instance.map(|instance| (store, instance)).map_err(|error| broken(format!("{error:?}")))
}
