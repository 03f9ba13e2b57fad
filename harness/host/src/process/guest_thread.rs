//! A thread of the guest, from one visible event to the next.
//!
//! It is driven from outside: on a thread of the host, or together with others under a
//! schedule. What it does that others can see is a step of its own.

use std::time::Duration;

use gainsay_runtime::{
    Activation, Event, Extern, Func, HostCall, Stop, Trap, ValType, Value, Wait,
};

use crate::defect::{Defect, planted};
use crate::process::environment::{Body, Current, EnvId, Token};
use crate::process::exit::ThreadFailure;
use crate::process::program::{HostFunc, Import};
use crate::process::pthread::Joined;
use crate::process::shared::Shared;
use crate::process::spawn::{Path, SpawnError};
use crate::sync::Arc;
use crate::system::{Answer, SystemCall};

/// What a thread does once its instance has started.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    /// The export of this name, which takes nothing.
    Export(&'static str),
    /// `wasi_thread_start` with the thread's identifier and this.
    WasiThread(i32),
    /// The function at this place of the module's table, with this: its result is kept for
    /// who joins the thread.
    Routine { index: i32, arg: i32 },
    /// Nothing: the environment is for others.
    Nothing,
}

/// How far a thread came.
pub(super) enum Step {
    /// It can go on.
    Ready,
    /// It can go on, and has executed as much as it may at a time.
    Slice,
    /// It is in the queue of an address.
    Wait(Wait),
    /// A host function wants to be called again at this time, or when there was more
    /// input than this.
    Pause { until: Option<Duration>, inputs: u64 },
    /// It joins this thread, which has not returned.
    Join(u32),
    /// It has ended.
    Over(Ending),
}

/// How a thread ended.
#[derive(Clone, Debug)]
pub(super) enum Ending {
    /// What its function returned.
    Returned(Vec<Value>),
    /// It wants the process to end with this status.
    Exited(u32),
    /// It could not go on.
    Failed(ThreadFailure),
    /// The process had ended.
    Stopped,
}

impl Ending {
    /// What a thread that can be joined returned.
    pub(super) fn result(&self) -> Option<i32> {
        match self {
            Ending::Returned(values) => match values[..] {
                [Value::I32(value)] => Some(value),
                _ => None,
            },
            _ => None,
        }
    }
}

/// What is next when no call is under way.
enum Stage {
    Instantiate,
    Enter,
    Finish,
}

/// A call of the host that has not returned.
struct Pending {
    call: HostCall,
    /// When it was made, once the host was asked.
    began: Option<Duration>,
}

/// A thread of the guest and the environment it owns.
pub(super) struct GuestThread {
    token: Token,
    /// In whose environment the call was made that it began with.
    parent: Option<EnvId>,
    entry: Entry,
    stage: Stage,
    activation: Option<Activation>,
    pending: Option<Pending>,
}

impl GuestThread {
    /// One that makes an instance, runs its start function, and enters it.
    pub(super) fn new(token: Token, parent: Option<EnvId>, entry: Entry) -> GuestThread {
        let stage = Stage::Instantiate;
        GuestThread { token, parent, entry, stage, activation: None, pending: None }
    }

    /// One that makes this call in an environment that has started.
    pub(super) fn again(token: Token, activation: Activation) -> GuestThread {
        let (entry, stage) = (Entry::Nothing, Stage::Finish);
        let activation = Some(activation);
        GuestThread { token, parent: None, entry, stage, activation, pending: None }
    }

    /// Its environment's name.
    pub(super) fn id(&self) -> EnvId {
        self.token.id()
    }

    /// Whose environment the thread's variable names.
    fn named(&self) -> EnvId {
        let starting = matches!(self.stage, Stage::Instantiate | Stage::Enter);
        match self.parent {
            Some(parent) if starting && planted(Defect::StartOnParent) => parent,
            _ => self.token.id(),
        }
    }

    /// Go on until something happens that others can see.
    pub(super) fn step(&mut self, shared: &Arc<Shared>) -> Step {
        let current = Current::enter(self.named());
        let step = self.next(shared).unwrap_or_else(|failure| Step::Over(Ending::Failed(failure)));
        if planted(Defect::EarlyReturn) && matches!(step, Step::Over(Ending::Failed(_))) {
            std::mem::forget(current);
        }
        step
    }

    fn next(&mut self, shared: &Arc<Shared>) -> Result<Step, ThreadFailure> {
        if let Some(pending) = self.pending.take() {
            return self.ask(shared, pending);
        }
        let Some(mut activation) = self.activation.take() else { return self.begin(shared) };
        let store = &mut self.token.body().store;
        let event = activation.run(store).map_err(|stop| stopped(stop, shared));
        let step = match event {
            Ok(Event::Finished(values)) => {
                // Unless that was the start function, it is all there is to do.
                let over = matches!(self.stage, Stage::Finish);
                return Ok(if over { Step::Over(Ending::Returned(values)) } else { Step::Ready });
            }
            Ok(Event::HostCall(call)) => {
                self.pending = Some(Pending { call, began: None });
                Step::Ready
            }
            Ok(Event::Wait(wait)) => Step::Wait(wait),
            Ok(Event::Yield) => Step::Ready,
            Ok(Event::OutOfFuel) => {
                // More each time, for the blocks that need more than a slice.
                store.set_fuel(store.fuel().saturating_add(shared.program.limits.slice.max(1)));
                Step::Slice
            }
            Err(Ending::Failed(failure)) => return Err(failure),
            Err(ending) => return Ok(Step::Over(ending)),
        };
        self.activation = Some(activation);
        Ok(step)
    }

    /// Begin with the next call, if there is one.
    fn begin(&mut self, shared: &Shared) -> Result<Step, ThreadFailure> {
        let body = self.token.body();
        let (stage, call) = match self.stage {
            Stage::Instantiate => {
                let start =
                    body.instantiate(&shared.program).map_err(ThreadFailure::Instantiate)?;
                (Stage::Enter, start.map(|start| (start, Vec::new())))
            }
            Stage::Enter => {
                let thread = self.token.id().thread();
                (Stage::Finish, self.entry.call(self.token.body(), thread)?)
            }
            Stage::Finish => return Ok(Step::Over(Ending::Returned(Vec::new()))),
        };
        self.stage = stage;
        if let Some((func, args)) = call {
            let activation = Activation::new(&self.token.body().store, func, &args);
            self.activation = Some(activation.map_err(ThreadFailure::Stopped)?);
        }
        Ok(Step::Ready)
    }

    /// Let the host do what the guest asks for.
    fn ask(&mut self, shared: &Arc<Shared>, pending: Pending) -> Result<Step, ThreadFailure> {
        let Import::Func(_, func) = shared.program.imports[pending.call.id as usize] else {
            unreachable!("memories are not called")
        };
        let arg = |position: usize| match pending.call.args[position] {
            Value::I32(arg) => arg,
            _ => unreachable!("imports of these names are of these types only"),
        };
        let id = self.token.id();
        let result = match func {
            HostFunc::System(function) => return self.ask_system(shared, pending, function),
            HostFunc::ThreadSpawn => {
                let spawned = shared.spawn(Path::Guest(id), Entry::WasiThread(arg(0)));
                spawned.map_or_else(|error| -error.errno(), |thread| thread as i32)
            }
            HostFunc::PthreadCreate => {
                let routine = Entry::Routine { index: arg(2), arg: arg(3) };
                let place = arg(0) as u32;
                match shared.spawn(Path::Guest(id), routine) {
                    Err(error) => error.errno(),
                    Ok(thread) => self.token.body().put(place, thread as i32)?,
                }
            }
            HostFunc::PthreadJoin => match shared.joined(id.thread(), arg(0) as u32) {
                Joined::Refused(errno) => errno,
                Joined::NotYet(thread) => {
                    self.pending = Some(pending);
                    return Ok(Step::Join(thread));
                }
                Joined::Returned(_) if arg(1) == 0 => 0,
                Joined::Returned(result) => self.token.body().put(arg(1) as u32, result)?,
            },
        };
        self.answer(&[Value::I32(result)])
    }

    fn ask_system(
        &mut self,
        shared: &Arc<Shared>,
        mut pending: Pending,
        function: u32,
    ) -> Result<Step, ThreadFailure> {
        // Before the call: input that comes from now on is not missed.
        let moment = shared.moment();
        let began = *pending.began.get_or_insert(moment.now);
        let thread = self.token.id().thread();
        let body = self.token.body();
        let memory = body.memory;
        let answer = shared.program.system.call(SystemCall {
            store: &mut body.store,
            memory,
            function,
            args: &pending.call.args,
            thread,
            now: moment.now,
            began,
        });
        match answer {
            Answer::Return(values) => self.answer(&values),
            Answer::Exit(status) => Ok(Step::Over(Ending::Exited(status))),
            Answer::Pause { until } => {
                self.pending = Some(pending);
                Ok(Step::Pause { until, inputs: moment.inputs })
            }
            Answer::Fail(error) => Err(ThreadFailure::Stopped(Stop::Host(error))),
        }
    }

    /// The host's function returned these.
    fn answer(&mut self, values: &[Value]) -> Result<Step, ThreadFailure> {
        let store = &mut self.token.body().store;
        if let Some(activation) = &mut self.activation {
            activation.resume(store, values).map_err(ThreadFailure::Stopped)?;
        }
        store.release(0);
        Ok(Step::Ready)
    }
}

/// Interrupted because the process has ended, or stopped for a reason of its own.
fn stopped(stop: Stop, shared: &Shared) -> Ending {
    match stop {
        Stop::Interrupted if shared.is_ending() => Ending::Stopped,
        stop => Ending::Failed(ThreadFailure::Stopped(stop)),
    }
}

impl Entry {
    /// The function to call in this environment, and its arguments.
    fn call(&self, body: &Body, thread: u32) -> Result<Option<(Func, Vec<Value>)>, ThreadFailure> {
        let func = |name: &str| match body.export(name) {
            Some(Extern::Func(func)) => func,
            _ => unreachable!("who has no {name} does not get here"),
        };
        Ok(match *self {
            Entry::Nothing => None,
            Entry::Export(name) => Some((func(name), Vec::new())),
            Entry::WasiThread(arg) => {
                let args = vec![Value::I32(thread as i32), Value::I32(arg)];
                Some((func("wasi_thread_start"), args))
            }
            Entry::Routine { index, arg } => {
                let routine = routine(body, index as u32);
                let func = routine.map_err(|trap| ThreadFailure::Stopped(Stop::Trap(trap)))?;
                Some((func, vec![Value::I32(arg)]))
            }
        })
    }
}

/// As `call_indirect` finds it (§ exec/instructions, control instructions).
fn routine(body: &Body, index: u32) -> Result<Func, Trap> {
    let Some(Extern::Table(table)) = body.export("__indirect_function_table") else {
        return Err(Trap::UndefinedElement);
    };
    match body.store.table_get(table, index.into()) {
        None => Err(Trap::UndefinedElement),
        Some(Value::Func(func)) => {
            let ty = body.store.func_type(func);
            let fits = *ty.params == [ValType::I32] && *ty.results == [ValType::I32];
            if fits { Ok(func) } else { Err(Trap::IndirectCallTypeMismatch) }
        }
        Some(_) => Err(Trap::UninitializedElement),
    }
}

/// What the guest gets when a spawn fails.
impl SpawnError {
    /// The number that WASI preview 1 has for it.
    pub(super) fn errno(&self) -> i32 {
        match self {
            // again
            SpawnError::TooMany | SpawnError::NoRoom => 6,
            // canceled
            SpawnError::Ended | SpawnError::NotInitialized | SpawnError::Scheduled => 11,
            // notsup
            SpawnError::NoEntry => 58,
            // perm
            SpawnError::Foreign | SpawnError::Env(_) => 63,
        }
    }
}
