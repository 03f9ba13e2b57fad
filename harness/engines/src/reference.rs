//! The reference: this project's own runtime.

mod features;
mod threads;
mod value;

use gainsay_case::{
    Capabilities, Detail, Engine, EngineInfo, Exception, ExportState, HostCall, InstanceState,
    LimitKind, Limits, RefusalKind, Session, StepFailure, TrapKind, Value, ValueType, host,
};
use gainsay_runtime::{
    Config, ErrorKind, Exception as Thrown, Extern, ExternType, Features, FuncType, Global, Host,
    HostError, Instance, InstantiateError, Module, NanChoice, RelaxedChoice, StackPool, Stop,
    Store, Trap, ValType,
};

pub(crate) use self::features::{features, known};
use self::value::{lift, lift_all, lower, value_type};
use crate::names::{Names, no_export};
use crate::probe;
use crate::refusal;
use crate::trace::{HostStop, Reply, Trace};

/// The reference.
struct Reference {
    info: EngineInfo,
    features: Features,
    relaxed: RelaxedChoice,
    nans: NanChoice,
    stacks: StackPool,
}

/// The reference with these proposals; it is part of this program and always there.
pub(crate) fn reference(language: &Capabilities) -> Result<Box<dyn Engine>, String> {
    let info = probe::unprobed("reference", "gainsay", env!("CARGO_PKG_VERSION"));
    let mut engine = Reference {
        info,
        features: features(language),
        relaxed: RelaxedChoice::default(),
        nans: NanChoice::default(),
        stacks: StackPool::default(),
    };
    engine.info.capabilities = probe::capabilities(&engine);
    // A fault of ours, whatever the other engines do.
    match probe::wrong(&engine).first() {
        Some((proposal, what)) => {
            Err(format!("its probe of {proposal} has no right answer: {what}"))
        }
        None => Ok(Box::new(engine)),
    }
}

/// The reference making these choices. It is not probed, for there are thousands of them,
/// and what they choose is not what they can do.
pub(crate) fn choosing(id: &str, relaxed: RelaxedChoice, nans: NanChoice) -> Box<dyn Engine> {
    let mut info = probe::unprobed(id, "gainsay", env!("CARGO_PKG_VERSION"));
    info.capabilities = known().collect();
    let features = features(&info.capabilities);
    Box::new(Reference { info, features, relaxed, nans, stacks: StackPool::default() })
}

impl Engine for Reference {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn session(&self, limits: &Limits) -> Result<Box<dyn Session>, String> {
        let config = config(self, limits);
        Ok(Box::new(ReferenceSession {
            store: Store::with_stacks(&config, &self.stacks),
            config,
            host: Imports::default(),
            names: Names::new(),
            capabilities: self.info.capabilities.clone(),
            fuel_per_call: limits.fuel_per_call,
            detail: None,
        }))
    }
}

/// Bytes of stack per frame: the depth at which small frames exhaust both the
/// slots and the frames.
const BYTES_PER_FRAME: u64 = 32;

/// How long a call may wait to be notified: a case runs on one thread, where nobody
/// would do so.
const WAIT_NS_MAX: u64 = 20_000_000;

/// Bytes of the garbage-collected heap, however large memories may be: filling an array
/// of gigabytes takes seconds and shows nothing.
const HEAP_BYTES_MAX: u64 = 256 << 20;

fn config(reference: &Reference, limits: &Limits) -> Config {
    let to_usize = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
    Config {
        features: reference.features,
        limits: gainsay_runtime::Limits {
            stack_slots_max: to_usize(limits.stack_bytes_max / 8),
            frames_max: to_usize(limits.stack_bytes_max / BYTES_PER_FRAME),
            memory_bytes_max: limits.memory_bytes_max,
            table_elements_max: limits.table_elements_max,
            heap_bytes_max: limits.memory_bytes_max.min(HEAP_BYTES_MAX),
            exception_bytes_max: limits.memory_bytes_max,
            wait_ns_max: WAIT_NS_MAX,
        },
        fuel: limits.fuel_per_call.is_some(),
        relaxed: reference.relaxed,
        nans: reference.nans,
        yields: false,
    }
}

/// A host function.
struct Imported {
    name: String,
    /// With the store's numbers.
    params: Box<[ValType]>,
    results: Vec<ValueType>,
}

/// The host functions that a session has imported, by their number.
#[derive(Default)]
struct Imports {
    trace: Trace,
    functions: Vec<Imported>,
    /// Why the last call of a host function did not return.
    stop: Option<HostStop>,
}

impl Host for Imports {
    fn call(
        &mut self,
        store: &mut Store,
        id: u32,
        args: &[gainsay_runtime::Value],
    ) -> Result<Vec<gainsay_runtime::Value>, gainsay_runtime::HostStop> {
        let Imported { name, params, results } = &self.functions[id as usize];
        let values = lift_all(store, params, args);
        let stopped = |stop: HostStop| {
            self.stop = Some(stop);
            HostError(stop.to_string())
        };
        let replies = self.trace.call(name, values, results).map_err(stopped)?;
        let value = |reply| match reply {
            Reply::Argument(index) => Ok(args[index]),
            Reply::Value(value) => lower(value).map_err(|_| {
                self.stop = Some(HostStop::Unanswerable);
                HostError(HostStop::Unanswerable.to_string())
            }),
        };
        let values = replies.into_iter().map(value).collect::<Result<_, HostError>>()?;
        Ok(values)
    }
}

struct ReferenceSession {
    config: Config,
    store: Store,
    host: Imports,
    names: Names<Module, Instance>,
    capabilities: Capabilities,
    fuel_per_call: Option<u64>,
    /// What there is to say of the last failure.
    detail: Option<Detail>,
}

impl ReferenceSession {
    /// Remembers which limit it was.
    fn over_limit(&mut self, kind: LimitKind, which: &impl std::fmt::Display) -> StepFailure {
        self.detail = Some(Detail { refusal: None, message: which.to_string() });
        StepFailure::Limit(kind)
    }

    fn refuel(&mut self) {
        if let Some(fuel) = self.fuel_per_call {
            self.store.set_fuel(fuel);
        }
    }

    /// What `of` imports under these names.
    fn import(
        &mut self,
        of: &Module,
        module: &str,
        field: &str,
        ty: ExternType,
    ) -> Result<Extern, StepFailure> {
        if let Some(instance) = self.names.registered(module)
            && let Some(export) = instance.export(field)
        {
            return Ok(export);
        }
        match ty {
            ExternType::Func(ty) if module == host::MODULE => {
                Ok(self.host_function(of, field, &ty))
            }
            _ => Err(StepFailure::Unlinkable(format!("unknown import {module}.{field}"))),
        }
    }

    fn host_function(&mut self, of: &Module, field: &str, ty: &FuncType) -> Extern {
        let ty = self.store.func_type_of(of, ty);
        let results = ty.results.iter().map(|ty| value_type(*ty, &self.store)).collect();
        let id = self.host.functions.len() as u32;
        let (name, params) = (field.to_owned(), ty.params.clone());
        self.host.functions.push(Imported { name, params, results });
        Extern::Func(self.store.host_func(&ty, id))
    }

    /// What a stop means. `called` is the instance that exports the tag of an exception,
    /// if any does.
    fn stopped(&mut self, stop: Stop, called: Option<&Instance>) -> StepFailure {
        match stop {
            Stop::Trap(trap) => StepFailure::Trapped(trap_kind(trap)),
            Stop::Exception(thrown) => StepFailure::Uncaught(Some(self.exception(&thrown, called))),
            Stop::HeapExhausted | Stop::Limit(_) => self.over_limit(LimitKind::Heap, &stop),
            Stop::StackExhausted => StepFailure::Limit(LimitKind::Stack),
            Stop::OutOfFuel => StepFailure::Limit(LimitKind::Fuel),
            Stop::WaitExhausted | Stop::Interrupted => self.over_limit(LimitKind::Time, &stop),
            Stop::Host(error) => match self.host.stop.take() {
                Some(stop) => stop.failure(),
                None => StepFailure::Fault(error.to_string()),
            },
            Stop::Mismatch(message) => StepFailure::Unsupported(message),
        }
    }

    fn exception(&self, thrown: &Thrown, called: Option<&Instance>) -> Exception {
        let types = &self.store.tag_type(thrown.tag).params;
        let values = lift_all(&self.store, types, &thrown.values);
        let exports = called.into_iter().flat_map(Instance::exports);
        let names = exports.filter(|(_, export)| *export == Extern::Tag(thrown.tag));
        Exception { tag: names.map(|(name, _)| name.to_owned()).min(), values }
    }

    fn global(&self, global: Global) -> Value {
        let ty = value_type(self.store.global_type(global).value, &self.store);
        lift(self.store.global_get(global), ty)
    }

    fn export_state(&self, export: Extern) -> Option<ExportState> {
        match export {
            Extern::Func(_) | Extern::Tag(_) => None,
            Extern::Global(global) => Some(ExportState::Global { value: self.global(global) }),
            Extern::Memory(memory) => Some(ExportState::memory(&self.store.memory_bytes(memory))),
            Extern::Table(table) => {
                let indices = 0..self.store.table_size(table);
                let ty = ValType::Ref(self.store.table_type(table).element);
                let ty = value_type(ty, &self.store);
                let element =
                    |index| self.store.table_get(table, index).map(|value| lift(value, ty));
                Some(ExportState::table(indices.filter_map(element)))
            }
        }
    }
}

impl Session for ReferenceSession {
    fn define(&mut self, module: &str, bytes: &[u8]) -> Result<(), StepFailure> {
        self.detail = None;
        let compiled = Module::new(&self.config, bytes).map_err(|error| {
            let refusal = match error.kind {
                ErrorKind::Limit => return self.over_limit(LimitKind::Module, &error),
                ErrorKind::Malformed => RefusalKind::Malformed,
                ErrorKind::Invalid => RefusalKind::Invalid,
            };
            self.detail = Some(Detail { refusal: Some(refusal), message: error.to_string() });
            match refusal::is_lacking(bytes) {
                true => StepFailure::Unsupported(error.to_string()),
                false => StepFailure::Rejected(error.to_string()),
            }
        })?;
        self.names.define(module, compiled);
        Ok(())
    }

    fn instantiate(&mut self, module: &str, instance: &str) -> Result<(), StepFailure> {
        self.detail = None;
        let module = self.names.module(module)?;
        let mut imports = Vec::new();
        for import in module.imports() {
            imports.push(self.import(&module, import.module, import.name, import.ty)?);
        }
        self.refuel();
        let made = self.store.instantiate(&module, &imports, &mut self.host);
        let made = made.map_err(|error| match error {
            InstantiateError::Unlinkable(_) => StepFailure::Unlinkable(error.to_string()),
            InstantiateError::Limit(limit) => {
                self.over_limit(size_kind(&limit.to_string()), &limit)
            }
            InstantiateError::Stopped(stop) => self.stopped(stop, None),
        })?;
        self.names.instantiate(instance, made);
        Ok(())
    }

    fn register(&mut self, instance: &str, name: &str) -> Result<(), StepFailure> {
        self.names.register(instance, name)
    }

    fn invoke(
        &mut self,
        inst: &str,
        field: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, StepFailure> {
        self.detail = None;
        let instance = self.names.instance(inst)?;
        let function = instance.func(field);
        let function = function.ok_or_else(|| no_export("function", field))?;
        let args: Vec<_> = args.iter().map(|arg| lower(*arg)).collect::<Result<_, _>>()?;
        self.refuel();
        // The harness keeps no references, only what it saw of them.
        self.store.release(0);
        let results = self.store.invoke(function, &args, &mut self.host);
        let results = results.map_err(|stop| self.stopped(stop, Some(&instance)))?;
        let types = &self.store.func_type(function).results;
        Ok(lift_all(&self.store, types, &results))
    }

    fn get(&mut self, instance: &str, field: &str) -> Result<Value, StepFailure> {
        match self.names.instance(instance)?.export(field) {
            Some(Extern::Global(global)) => Ok(self.global(global)),
            _ => Err(no_export("global", field)),
        }
    }

    fn detail(&mut self) -> Option<Detail> {
        self.detail.clone()
    }

    fn fork(&mut self, instance: Option<&str>) -> Result<Box<dyn Session + Send>, StepFailure> {
        threads::fork(self, instance)
    }

    fn observe(&mut self, instance: &str) -> InstanceState {
        let Ok(instance) = self.names.instance(instance) else { return InstanceState::new() };
        let state = |(name, export): (&str, _)| Some((name.to_owned(), self.export_state(export)?));
        instance.exports().filter_map(state).collect()
    }

    fn take_trace(&mut self) -> Vec<HostCall> {
        self.host.trace.take()
    }
}

/// Which limit an instance is over. The runtime has one type for memories and tables, and
/// says which it was in its words, which the contract's clauses hold.
fn size_kind(limit: &str) -> LimitKind {
    if limit.starts_with("a table") { LimitKind::Table } else { LimitKind::Memory }
}

fn trap_kind(trap: Trap) -> TrapKind {
    match trap {
        Trap::Unreachable => TrapKind::Unreachable,
        Trap::DivideByZero => TrapKind::DivideByZero,
        Trap::IntegerOverflow => TrapKind::IntegerOverflow,
        Trap::InvalidConversion => TrapKind::InvalidConversion,
        Trap::MemoryOutOfBounds => TrapKind::MemoryOutOfBounds,
        Trap::TableOutOfBounds | Trap::UndefinedElement => TrapKind::TableOutOfBounds,
        Trap::UninitializedElement => TrapKind::UninitializedElement,
        Trap::IndirectCallTypeMismatch => TrapKind::IndirectCallTypeMismatch,
        Trap::NullFunctionReference
        | Trap::NullReference
        | Trap::NullI31
        | Trap::NullStructure
        | Trap::NullArray
        | Trap::NullExceptionReference => TrapKind::NullReference,
        Trap::ArrayOutOfBounds => TrapKind::ArrayOutOfBounds,
        Trap::CastFailure => TrapKind::CastFailure,
        Trap::UnalignedAtomic => TrapKind::UnalignedAtomic,
        Trap::ExpectedSharedMemory => TrapKind::ExpectedSharedMemory,
    }
}
