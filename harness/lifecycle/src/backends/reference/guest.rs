//! Stores of the reference, and the instances in them.

use gainsay_host::lifecycle::{Ending, Entrance, Kind, Lifecycle, Refusal as Rule0};
use gainsay_runtime::{
    Activation, Config, Event, Extern, Func, FuncType, Host, HostError, HostStop, Instance,
    InstantiateError, StackPool, Stop, Store, Trap as RuntimeTrap, ValType, Value,
};

use super::InHand;
use crate::op::Rule;
use crate::seen::{Refusal, Seen, Trap};

/// Numbers of the host functions.
const ASK: u32 = 1;
const EXIT: u32 = 2;

/// A store with what the host keeps beside it.
pub(super) struct Room {
    store: Store,
    calls: HostCalls,
    /// Modules of the instances, which are released with the store.
    modules: Vec<InHand>,
}

/// The host functions that do not wait, and the number of calls of all.
#[derive(Default)]
struct HostCalls {
    number: i64,
    exit: Option<u32>,
}

impl Host for HostCalls {
    fn call(&mut self, _: &mut Store, id: u32, args: &[Value]) -> Result<Vec<Value>, HostStop> {
        self.number += 1;
        if let (EXIT, [Value::I32(status)]) = (id, args) {
            self.exit = Some(*status as u32);
        }
        Err(HostError("proc_exit".to_owned()).into())
    }
}

impl Room {
    pub(super) fn new(config: &Config, stacks: &StackPool) -> Room {
        let store = Store::with_stacks(config, stacks);
        Room { store, calls: HostCalls::default(), modules: Vec::new() }
    }

    pub(super) fn into_data(self) -> i64 {
        self.calls.number
    }

    fn imports(&mut self, module: &InHand) -> Vec<Extern> {
        let mut imports = Vec::new();
        for import in module.module().imports() {
            let (id, results): (u32, &[ValType]) = match (import.module, import.name) {
                ("host", "ask") => (ASK, &[ValType::I32]),
                ("wasi_snapshot_preview1", "proc_exit") => (EXIT, &[]),
                _ => break,
            };
            let ty = FuncType { params: [ValType::I32].into(), results: results.into() };
            imports.push(Extern::Func(self.store.host_func(&ty, id)));
        }
        imports
    }

    /// How a call ended.
    fn seen(&mut self, outcome: Result<Vec<Value>, Stop>) -> Seen {
        match outcome {
            Ok(values) => Seen::Ok(values.iter().map(number).collect()),
            Err(Stop::Host(_)) if self.calls.exit.is_some() => {
                Seen::Exit(self.calls.exit.take().unwrap_or_default())
            }
            Err(stop) => stopped(&stop),
        }
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
        room: &mut Room,
        module: InHand,
        rule: Rule,
    ) -> Result<Guest, Seen> {
        let imports = room.imports(&module);
        let made = room.store.instantiate(module.module(), &imports, &mut room.calls);
        // Even what was not instantiated to its end may be referred to in its store.
        if !matches!(made, Err(InstantiateError::Unlinkable(_) | InstantiateError::Limit(_))) {
            room.modules.push(module);
        }
        let instance = made.map_err(|error| match error {
            InstantiateError::Unlinkable(_) => Seen::Refused(Refusal::Unlinkable),
            InstantiateError::Limit(_) => Seen::Refused(Refusal::Limit),
            InstantiateError::Stopped(stop) => stopped(&stop),
        })?;
        let kind = match (instance.func("_start"), instance.func("_initialize")) {
            (Some(_), _) => Kind::Command,
            (None, initializer) => Kind::Reactor { initializer: initializer.is_some() },
        };
        let lifecycle = (rule == Rule::Guarded).then(|| Lifecycle::new(kind));
        Ok(Guest { store: name, instance, lifecycle })
    }

    pub(super) fn call(&self, room: &mut Room, export: &str, arg: Option<i32>) -> Seen {
        let func = self.instance.func(export);
        let permit = match &self.lifecycle {
            None => None,
            // There is no entrance to what is not there, once the kind is right.
            Some(lifecycle)
                if func.is_none()
                    && matches!(lifecycle.kind(), Kind::Reactor { .. })
                    && export != "_start" =>
            {
                return Seen::Refused(Refusal::NoExport);
            }
            Some(lifecycle) => match lifecycle.enter(entrance(export)) {
                Ok(permit) => Some(permit),
                Err(rule) => return Seen::Refused(refusal(rule)),
            },
        };
        let Some(func) = func else { return Seen::Refused(Refusal::NoExport) };
        let outcome = room.store.invoke(func, &args(arg), &mut room.calls);
        let seen = room.seen(outcome);
        if let Some(permit) = permit {
            permit.end(match seen {
                Seen::Ok(_) => Ending::Returned,
                Seen::Exit(_) => Ending::Exited,
                _ => Ending::Trapped,
            });
        }
        seen
    }

    /// Call what asks the host, up to there.
    pub(super) fn begin(&self, room: &mut Room, arg: u8) -> Result<Suspended, Seen> {
        let func = self.instance.func("ask").ok_or(Seen::Refused(Refusal::NoExport))?;
        let args = args(Some(i32::from(arg)));
        let mut activation =
            Activation::new(&room.store, func, &args).map_err(|stop| stopped(&stop))?;
        match activation.run(&mut room.store) {
            Ok(Event::HostCall(call)) if call.id == ASK => {
                room.calls.number += 1;
                Ok(Suspended { store: self.store, activation })
            }
            Ok(event) => Err(Seen::Broken(format!("{event:?} instead of a call of the host"))),
            Err(stop) => Err(stopped(&stop)),
        }
    }
}

/// A call that waits for the host.
pub(super) struct Suspended {
    pub(super) store: u8,
    activation: Activation,
}

impl Suspended {
    pub(super) fn resume(mut self, room: &mut Room, answer: u8) -> Seen {
        let answer = [Value::I32(i32::from(answer))];
        let resumed = self.activation.resume(&room.store, &answer);
        match resumed.and_then(|()| self.activation.run(&mut room.store)) {
            Ok(Event::Finished(values)) => Seen::Ok(values.iter().map(number).collect()),
            Ok(event) => Seen::Broken(format!("{event:?} instead of the end")),
            Err(stop) => stopped(&stop),
        }
    }
}

fn entrance(export: &str) -> Entrance {
    match export {
        "_start" => Entrance::Run,
        "_initialize" => Entrance::Initialize,
        _ => Entrance::Call,
    }
}

fn refusal(rule: Rule0) -> Refusal {
    match rule {
        Rule0::NotACommand => Refusal::NotACommand,
        Rule0::NotAReactor => Refusal::NotAReactor,
        Rule0::NothingToInitialize => Refusal::NoExport,
        Rule0::Finished => Refusal::Finished,
        Rule0::AlreadyInitialized => Refusal::AlreadyInitialized,
        Rule0::NotInitialized => Refusal::NotInitialized,
        // Nobody else is there to be in it.
        Rule0::Poisoned | Rule0::Busy => Refusal::Poisoned,
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

pub(super) fn stopped(stop: &Stop) -> Seen {
    match stop {
        Stop::Trap(RuntimeTrap::Unreachable) => Seen::Trap(Trap::Unreachable),
        Stop::Trap(RuntimeTrap::DivideByZero) => Seen::Trap(Trap::DivideByZero),
        Stop::Trap(RuntimeTrap::MemoryOutOfBounds) => Seen::Trap(Trap::MemoryBounds),
        Stop::Trap(RuntimeTrap::UndefinedElement) => Seen::Trap(Trap::TableBounds),
        Stop::Trap(RuntimeTrap::UninitializedElement) => Seen::Trap(Trap::NullElement),
        other => Seen::Broken(other.to_string()),
    }
}

/// The exported function of an instance that is certain to have it.
pub(super) fn exported(instance: &Instance, name: &str) -> Result<Func, Seen> {
    instance.func(name).ok_or_else(|| Seen::Broken(format!("there is no export {name}")))
}
