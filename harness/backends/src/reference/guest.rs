//! Stores of the reference, the instances in them, and calls that wait in one.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use gainsay_host::Session;
use gainsay_host::future::{AsyncCall, AsyncHost, HostFuture, Reply, ready};
use gainsay_host::lifecycle::{self, Entrance, EntryEnding, InstanceKind, Lifecycle};
use gainsay_lifecycle::{OpOutcome, Refusal, Rule, Trap};
use gainsay_runtime::{
    Extern, Func, FuncType, Host, HostError, HostStop, Instance, InstantiateError, Stop, Store,
    Trap as Code, ValType, Value,
};

use super::{Engine, InHand};

/// Numbers of the host functions.
const ASK: u32 = 1;
const EXIT: u32 = 2;

/// A store with what its host functions work on.
pub(super) type StoreSlot = Session<World>;

/// What the host answers, once it does.
type Answer = Arc<Mutex<Option<i32>>>;

/// What host functions work on.
#[derive(Default)]
pub(super) struct World {
    /// Calls of host functions.
    pub(super) calls: i64,
    exit: Option<u32>,
    answer: Answer,
    /// Modules of the instances, which are released when the store is gone.
    modules: Vec<InHand>,
}

impl World {
    fn exit(&mut self, args: &[Value]) -> HostStop {
        if let [Value::I32(status)] = args {
            self.exit = Some(*status as u32);
        }
        HostError("proc_exit".to_owned()).into()
    }
}

impl Host for World {
    fn call(&mut self, _: &mut Store, id: u32, args: &[Value]) -> Result<Vec<Value>, HostStop> {
        self.calls += 1;
        match id {
            EXIT => Err(self.exit(args)),
            _ => Err(HostError("a call that cannot be suspended asks".to_owned()).into()),
        }
    }
}

impl AsyncHost for World {
    fn call(&mut self, _: &mut Store, id: u32, args: &[Value]) -> HostFuture {
        self.calls += 1;
        if id == EXIT {
            return ready(Err(self.exit(args)));
        }
        let answer = Arc::clone(&self.answer);
        Box::pin(poll_fn(move |_| {
            let mut answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
            let reply = |value| Reply::Done(Ok(vec![Value::I32(value)]));
            answer.take().map_or(Poll::Pending, |value| Poll::Ready(reply(value)))
        }))
    }
}

pub(super) fn store_slot(engine: &Engine) -> StoreSlot {
    Session::new(&engine.config, engine.allocator(), World::default())
}

fn imports(slot: &mut StoreSlot, module: &InHand) -> Vec<Extern> {
    let mut imports = Vec::new();
    for import in module.module().imports() {
        let (id, results): (u32, &[ValType]) = match (import.module, import.name) {
            ("host", "ask") => (ASK, &[ValType::I32]),
            ("wasi_snapshot_preview1", "proc_exit") => (EXIT, &[]),
            _ => break,
        };
        let ty = FuncType { params: [ValType::I32].into(), results: results.into() };
        imports.push(Extern::Func(slot.store_mut().host_func(&ty, id)));
    }
    imports
}

/// How a call ended.
fn outcome_of(slot: &mut StoreSlot, result: Result<Vec<Value>, Stop>) -> OpOutcome {
    match result {
        Ok(values) => OpOutcome::Ok(values.iter().map(number).collect()),
        Err(stop) => match (stop, slot.data_mut().exit.take()) {
            (Stop::Host(_), Some(status)) => OpOutcome::Exit(status),
            (stop, _) => stopped(&stop),
        },
    }
}

/// An instance, held to the rules of its kind or not.
pub(super) struct Guest {
    pub(super) store: u8,
    instance: Instance,
    lifecycle: Option<Lifecycle>,
}

impl Guest {
    pub(super) fn new(
        name: u8,
        slot: &mut StoreSlot,
        module: InHand,
        rule: Rule,
    ) -> Result<Guest, OpOutcome> {
        let imports = imports(slot, &module);
        let made = slot.instantiate(module.module(), &imports);
        // Even what was not instantiated to its end may be referred to in its store.
        if !matches!(made, Err(InstantiateError::Unlinkable(_) | InstantiateError::Limit(_))) {
            slot.data_mut().modules.push(module);
        }
        let instance = made.map_err(|error| match error {
            InstantiateError::Unlinkable(_) => OpOutcome::Refused(Refusal::Unlinkable),
            InstantiateError::Limit(_) => OpOutcome::Refused(Refusal::Limit),
            InstantiateError::Stopped(stop) => stopped(&stop),
        })?;
        let kind = match (instance.func("_start"), instance.func("_initialize")) {
            (Some(_), _) => InstanceKind::Command,
            (None, initializer) => InstanceKind::Reactor { initializer: initializer.is_some() },
        };
        let lifecycle = (rule == Rule::Guarded).then(|| Lifecycle::new(kind));
        Ok(Guest { store: name, instance, lifecycle })
    }

    pub(super) fn call(&self, slot: &mut StoreSlot, export: &str, arg: Option<i32>) -> OpOutcome {
        let func = self.instance.func(export);
        let permit = match &self.lifecycle {
            None => None,
            // There is no entrance to what is not there, once the kind is right.
            Some(lifecycle)
                if func.is_none()
                    && matches!(lifecycle.kind(), InstanceKind::Reactor { .. })
                    && export != "_start" =>
            {
                return OpOutcome::Refused(Refusal::NoExport);
            }
            Some(lifecycle) => match lifecycle.enter(entrance(export)) {
                Ok(permit) => Some(permit),
                Err(rule) => return OpOutcome::Refused(refusal(rule)),
            },
        };
        let Some(func) = func else { return OpOutcome::Refused(Refusal::NoExport) };
        let result = slot.call(func, &args(arg));
        let is_unentered = matches!(result, Err(Stop::Limit(_)));
        let outcome = outcome_of(slot, result);
        if let Some(permit) = permit {
            permit.end(match outcome {
                OpOutcome::Ok(_) => EntryEnding::Returned,
                OpOutcome::Exit(_) => EntryEnding::Exited,
                _ if is_unentered => EntryEnding::Unentered,
                _ => EntryEnding::Trapped,
            });
        }
        outcome
    }

    /// Call what asks the host, up to there.
    pub(super) fn begin(
        &self,
        mut slot: StoreSlot,
        arg: u8,
    ) -> Result<Suspended, Box<(StoreSlot, OpOutcome)>> {
        let Some(func) = self.instance.func("ask") else {
            return Err(Box::new((slot, OpOutcome::Refused(Refusal::NoExport))));
        };
        let answer = Answer::default();
        slot.data_mut().answer = Arc::clone(&answer);
        let call = match AsyncCall::new(slot, func, &args(Some(i32::from(arg)))) {
            Ok(call) => call,
            Err((slot, stop)) => return Err(Box::new((slot, stopped(&stop)))),
        };
        let mut suspended = Suspended { store: self.store, call, answer };
        match suspended.poll() {
            None => Ok(suspended),
            Some(Err(stop)) => Err(Box::new((suspended.call.into_session(), stopped(&stop)))),
            Some(Ok(values)) => {
                let message = format!("{values:?} instead of a call of the host");
                Err(Box::new((suspended.call.into_session(), OpOutcome::Broken(message))))
            }
        }
    }
}

/// A call that waits for the host, with the store that it is in.
pub(super) struct Suspended {
    pub(super) store: u8,
    call: AsyncCall<World, StoreSlot>,
    answer: Answer,
}

impl Suspended {
    fn poll(&mut self) -> Option<Result<Vec<Value>, Stop>> {
        match Pin::new(&mut self.call).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => Some(outcome),
            Poll::Pending => None,
        }
    }

    pub(super) fn resume(mut self, answer: u8) -> (StoreSlot, OpOutcome) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(i32::from(answer));
        let result = self.poll();
        let mut slot = self.call.into_session();
        let outcome = match result {
            Some(result) => outcome_of(&mut slot, result),
            None => OpOutcome::Broken("the call waits although it was answered".to_owned()),
        };
        (slot, outcome)
    }

    /// Give the call up; the store goes on.
    pub(super) fn abandon(self) -> StoreSlot {
        self.call.into_session()
    }
}

fn entrance(export: &str) -> Entrance {
    match export {
        "_start" => Entrance::Run,
        "_initialize" => Entrance::Initialize,
        _ => Entrance::Call,
    }
}

fn refusal(rule: lifecycle::Refusal) -> Refusal {
    match rule {
        lifecycle::Refusal::NotACommand => Refusal::NotACommand,
        lifecycle::Refusal::NotAReactor => Refusal::NotAReactor,
        lifecycle::Refusal::NothingToInitialize => Refusal::NoExport,
        lifecycle::Refusal::Finished => Refusal::Finished,
        lifecycle::Refusal::AlreadyInitialized => Refusal::AlreadyInitialized,
        lifecycle::Refusal::NotInitialized => Refusal::NotInitialized,
        // Nobody else is there to be in it.
        lifecycle::Refusal::Poisoned | lifecycle::Refusal::Busy => Refusal::Poisoned,
    }
}

fn args(arg: Option<i32>) -> Vec<Value> {
    arg.map(Value::I32).into_iter().collect()
}

fn number(value: &Value) -> i64 {
    match value {
        Value::I32(value) => i64::from(*value),
        // The programs return nothing else.
        _ => i64::MIN,
    }
}

pub(super) fn stopped(stop: &Stop) -> OpOutcome {
    match stop {
        Stop::Trap(Code::Unreachable) => OpOutcome::Trap(Trap::Unreachable),
        Stop::Trap(Code::DivideByZero) => OpOutcome::Trap(Trap::DivideByZero),
        Stop::Trap(Code::MemoryOutOfBounds) => OpOutcome::Trap(Trap::MemoryBounds),
        Stop::Trap(Code::UndefinedElement) => OpOutcome::Trap(Trap::TableBounds),
        Stop::Trap(Code::UninitializedElement) => OpOutcome::Trap(Trap::NullElement),
        Stop::Limit(_) => OpOutcome::Refused(Refusal::Limit),
        other => OpOutcome::Broken(other.to_string()),
    }
}

/// The exported function of an instance that is certain to have it.
pub(super) fn exported(instance: &Instance, name: &str) -> Result<Func, OpOutcome> {
    instance.func(name).ok_or_else(|| OpOutcome::Broken(format!("there is no export {name}")))
}
