//! wasmi: no pools, caches, serialization or threads; calls that can be resumed.

use gainsay_engines::WASMI_VERSION;
use gainsay_lifecycle::{
    Abilities, Accounts, Backend, Foreign, Op, OpOutcome, Refusal, Stacks, Trap,
};
use wasmi::errors::{ErrorKind, HostError};
use wasmi::{
    Caller, Config, Engine, Error, Extern, Func, Instance, Module, ResumableCall,
    ResumableCallHostTrap, Store, StoreLimits, StoreLimitsBuilder, TrapCode, Val,
};

use crate::slots::Slots;

/// As in the programs that are too large for it.
const MEMORY_BYTES_MAX: usize = 1 << 20;

/// The data of a store.
struct World {
    host_calls: i64,
    limits: StoreLimits,
}

struct Guest {
    store: u8,
    instance: Instance,
}

struct Suspended {
    store: u8,
    call: ResumableCallHostTrap,
}

pub(super) struct Wasmi {
    engines: Slots<Engine>,
    modules: Slots<Module>,
    stores: Slots<Store<World>>,
    guests: Slots<Guest>,
    calls: Slots<Suspended>,
}

/// What the host function that is answered later fails with, so that the call can be
/// resumed.
#[derive(Debug)]
struct Asked;

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("asked")
    }
}

impl HostError for Asked {}

impl Wasmi {
    pub(super) fn new() -> Wasmi {
        Wasmi {
            engines: Slots::new("engine"),
            modules: Slots::new("module"),
            stores: Slots::new("store"),
            guests: Slots::new("instance"),
            calls: Slots::new("call"),
        }
    }

    fn make(&mut self, op: &Op) -> Result<OpOutcome, OpOutcome> {
        match op {
            Op::EngineNew { engine, .. } => {
                self.engines.put(engine.0, Engine::new(&Config::default()));
            }
            Op::DropEngine { engine } => drop(self.engines.take(engine.0)?),
            Op::Compile { module, engine, program, .. } => {
                let engine = self.engines.get(engine.0)?;
                let compiled = Module::new(engine, program.binary()).map_err(refused)?;
                self.modules.put(module.0, compiled);
            }
            Op::CloseModule { module } => drop(self.modules.take(module.0)?),
            Op::StoreNew { store, engine } => {
                let limits = StoreLimitsBuilder::new().memory_size(MEMORY_BYTES_MAX).build();
                let world = World { host_calls: 0, limits };
                let mut made = Store::new(self.engines.get(engine.0)?, world);
                made.limiter(|world| &mut world.limits);
                self.stores.put(store.0, made);
            }
            Op::DropStore { store } => {
                self.forget(store.0);
                self.stores.take(store.0)?;
            }
            Op::IntoData { store } => {
                self.forget(store.0);
                return Ok(OpOutcome::value(self.stores.take(store.0)?.into_data().host_calls));
            }
            Op::DropInstance { instance } => {
                self.guests.take(instance.0)?;
            }
            Op::Abandon { call } => drop(self.calls.take(call.0)?),
            _ => return self.enter(op),
        }
        Ok(OpOutcome::DONE)
    }

    fn forget(&mut self, store: u8) {
        self.calls.retain(|call| call.store != store);
        self.guests.retain(|guest| guest.store != store);
    }

    fn enter(&mut self, op: &Op) -> Result<OpOutcome, OpOutcome> {
        match op {
            Op::Instantiate { instance, store, module, .. } => {
                let name = store.0;
                let store = self.stores.get_mut(name)?;
                let made = instantiate(store, self.modules.get(module.0)?)?;
                self.guests.put(instance.0, Guest { store: name, instance: made });
                Ok(OpOutcome::DONE)
            }
            Op::Resume { call, answer } => {
                let Suspended { store, call } = self.calls.take(call.0)?;
                let store = self.stores.get_mut(store)?;
                let mut results = [Val::I32(0)];
                match call.resume(store, &[Val::I32(i32::from(*answer))], &mut results) {
                    Ok(ResumableCall::Finished) => Ok(numbers(&results)),
                    Ok(_) => Err(OpOutcome::Broken("it waits once more".to_owned())),
                    Err(error) => Err(refused(error)),
                }
            }
            Op::Begin { call, instance, arg } => {
                let guest = self.guests.get(instance.0)?;
                let name = guest.store;
                let store = self.stores.get_mut(name)?;
                let func = guest.instance.get_func(&*store, "ask");
                let func = func.ok_or(OpOutcome::Refused(Refusal::NoExport))?;
                let mut results = [Val::I32(0)];
                match func.call_resumable(store, &[Val::I32(i32::from(*arg))], &mut results) {
                    Ok(ResumableCall::HostTrap(trap)) => {
                        self.calls.put(call.0, Suspended { store: name, call: trap });
                        Ok(OpOutcome::Suspended)
                    }
                    Ok(_) => Err(OpOutcome::Broken("it did not wait".to_owned())),
                    Err(error) => Err(refused(error)),
                }
            }
            _ => self.call(op),
        }
    }

    fn call(&mut self, op: &Op) -> Result<OpOutcome, OpOutcome> {
        let unknown = || OpOutcome::Broken(format!("wasmi does not know {op}"));
        let (instance, export, arg) = op.export().ok_or_else(unknown)?;
        let guest = self.guests.get(instance.0)?;
        let store = self.stores.get_mut(guest.store)?;
        let func = guest.instance.get_func(&*store, export);
        let func = func.ok_or(OpOutcome::Refused(Refusal::NoExport))?;
        let args: Vec<Val> = arg.map(Val::I32).into_iter().collect();
        let mut results = vec![Val::I32(0); func.ty(&*store).results().len()];
        func.call(store, &args, &mut results).map_err(refused)?;
        Ok(numbers(&results))
    }
}

fn instantiate(store: &mut Store<World>, module: &Module) -> Result<Instance, OpOutcome> {
    let mut imports = Vec::new();
    for import in module.imports() {
        let func = match (import.module(), import.name()) {
            ("host", "ask") => Func::wrap(&mut *store, |mut caller: Caller<'_, World>, _: i32| {
                caller.data_mut().host_calls += 1;
                Err::<i32, Error>(Error::host(Asked))
            }),
            ("wasi_snapshot_preview1", "proc_exit") => {
                Func::wrap(&mut *store, |mut caller: Caller<'_, World>, status: i32| {
                    caller.data_mut().host_calls += 1;
                    Err::<(), Error>(Error::i32_exit(status))
                })
            }
            _ => return Err(OpOutcome::Refused(Refusal::Unlinkable)),
        };
        imports.push(Extern::Func(func));
    }
    Instance::new(store, module, &imports).map_err(refused)
}

fn numbers(values: &[Val]) -> OpOutcome {
    OpOutcome::Ok(values.iter().map(|value| value.i32().map_or(i64::MIN, i64::from)).collect())
}

fn refused(error: Error) -> OpOutcome {
    if let Some(status) = error.i32_exit_status() {
        return OpOutcome::Exit(status as u32);
    }
    if let Some(code) = error.as_trap_code() {
        return match code {
            TrapCode::GrowthOperationLimited | TrapCode::OutOfSystemMemory => {
                OpOutcome::Refused(Refusal::Limit)
            }
            TrapCode::UnreachableCodeReached => OpOutcome::Trap(Trap::Unreachable),
            TrapCode::IntegerDivisionByZero => OpOutcome::Trap(Trap::DivideByZero),
            TrapCode::MemoryOutOfBounds => OpOutcome::Trap(Trap::MemoryBounds),
            TrapCode::TableOutOfBounds => OpOutcome::Trap(Trap::TableBounds),
            TrapCode::IndirectCallToNull => OpOutcome::Trap(Trap::NullElement),
            _ => OpOutcome::Broken(error.to_string()),
        };
    }
    match error.kind() {
        ErrorKind::Wasm(_) | ErrorKind::Read(_) => OpOutcome::Refused(Refusal::Rejected),
        // There is no other way to tell why there is no memory.
        ErrorKind::Instantiation(reason) if reason.to_string().contains("resource limiter") => {
            OpOutcome::Refused(Refusal::Limit)
        }
        ErrorKind::UserLimits(_) | ErrorKind::ImplementationLimits(_) => {
            OpOutcome::Refused(Refusal::Limit)
        }
        _ => OpOutcome::Broken(format!("{error} ({:?})", error.kind())),
    }
}

impl Backend for Wasmi {
    fn id(&self) -> &str {
        "wasmi-eager"
    }

    fn version(&self) -> &str {
        WASMI_VERSION
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            pools: false,
            caches: false,
            serialize: false,
            deserialize: false,
            suspends: true,
            guards: false,
            threads: false,
            processes: false,
            foreign: Foreign::Unnoticed,
            stacks: Stacks::PerCall,
        }
    }

    fn apply(&mut self, op: &Op) -> OpOutcome {
        self.make(op).unwrap_or_else(|refused| refused)
    }

    fn rest(&mut self) -> Accounts {
        self.calls.take_all().for_each(drop);
        self.guests.take_all().for_each(drop);
        self.stores.take_all().for_each(drop);
        self.modules.take_all().for_each(drop);
        // It keeps no accounts of its own.
        Accounts::new()
    }

    fn clear(&mut self) {
        self.rest();
        self.engines.take_all().for_each(drop);
    }
}
