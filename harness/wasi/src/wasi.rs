//! The system that a preview 1 program runs on.

use gainsay_host::sync::{Arc, Mutex};
use gainsay_host::system::{Answer, System, SystemCall};
use gainsay_runtime::{FuncType, HostError, Value};

use crate::abi::MODULE;
use crate::call::{Call, Done, Unfinished};
use crate::clock::Realtime;
use crate::errno::Errno;
use crate::functions::{self, FUNCTIONS};
use crate::guest_memory::GuestMemory;
use crate::node::Node;
use crate::random::Random;
use crate::rights::Rights;
use crate::startup::Strings;
use crate::stream::Pipe;
use crate::table::{Descriptor, Table};

/// WASI preview 1 for one process; its threads may call at the same time. Made by
/// [`crate::WasiBuilder`], which says what of the world there is in it.
#[derive(Debug)]
pub struct Wasi {
    pub(crate) args: Strings,
    pub(crate) environ: Strings,
    pub(crate) realtime: Realtime,
    pub(crate) random: Mutex<Random>,
    pub(crate) table: Mutex<Table>,
    /// Where input may come from without being asked for.
    pub(crate) pipe: Option<Pipe>,
}

impl System for Wasi {
    fn import(&self, module: &str, name: &str, ty: &FuncType) -> Option<u32> {
        if module == MODULE { functions::number(name, ty) } else { None }
    }

    fn call(&self, call: SystemCall<'_>) -> Answer {
        let Some(function) = FUNCTIONS.get(call.function as usize) else {
            return Answer::Fail(HostError(format!("there is no function {}", call.function)));
        };
        let mut call = Call {
            memory: GuestMemory::new(call.store, call.memory),
            args: call.args,
            now: call.now,
            began: call.began,
        };
        match (function.run)(self, &mut call) {
            Ok(()) if function.returns() => Answer::Return(vec![Value::I32(0)]),
            Ok(()) => Answer::Return(Vec::new()),
            Err(Unfinished::Errno(errno)) => Answer::Return(vec![Value::I32(errno as i32)]),
            Err(Unfinished::Wait(until)) => Answer::Pause { until },
            Err(Unfinished::ProcessExit(status)) => Answer::Exit(status),
        }
    }

    fn on_input(&self, waker: Arc<dyn Fn() + Send + Sync>) {
        if let Some(pipe) = &self.pipe {
            pipe.on_input(waker);
        }
    }
}

impl Wasi {
    /// The descriptor with this number, for one call: another thread may close it
    /// meanwhile.
    pub(crate) fn descriptor(&self, number: u32, rights: Rights) -> Result<Descriptor, Errno> {
        let descriptor = self.any_descriptor(number)?;
        descriptor.demand(rights)?;
        Ok(descriptor)
    }

    /// The same, whatever its rights.
    pub(crate) fn any_descriptor(&self, number: u32) -> Result<Descriptor, Errno> {
        self.table.lock().get(number).cloned()
    }

    /// Do something with a directory.
    pub(crate) fn in_directory<T>(
        &self,
        number: u32,
        rights: Rights,
        act: impl FnOnce(&cap_std::fs::Dir) -> std::io::Result<T>,
    ) -> Result<T, Unfinished> {
        let descriptor = self.any_descriptor(number)?;
        let Node::Directory(directory) = &*descriptor.node else {
            return Err(Errno::NotDir.into());
        };
        descriptor.demand(rights)?;
        Ok(act(&directory.dir)?)
    }
}

/// What a function does that only changes descriptors, under the lock.
pub(crate) fn change(wasi: &Wasi, act: impl FnOnce(&mut Table) -> Result<(), Errno>) -> Done {
    Ok(act(&mut wasi.table.lock())?)
}
