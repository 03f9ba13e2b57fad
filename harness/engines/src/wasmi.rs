//! wasmi, an interpreter, translating eagerly or lazily.

use gainsay_case::{
    Capabilities, Detail, Engine, EngineInfo, ExportState, HostCall, InstanceState, Limits,
    Proposal, Session, StepFailure, Value, ValueType, host,
};
use wasmi::errors::ErrorKind;
use wasmi::{
    CompilationMode, Config, Extern, ExternType, Func, FuncType, Global, Instance, Module, Store,
    StoreLimits, StoreLimitsBuilder, Val,
};

mod failure;
mod value;

use self::failure::failure;
use self::value::{lift, lower, value_type};
use crate::names::{Names, no_export};
use crate::probe;
use crate::refusal;
use crate::trace::{HostStop, Reply, Trace};

/// The version of the dependency; `registry` has a test that it is the locked one.
pub const VERSION: &str = "2.0.0";

/// wasmi in one compilation mode.
struct Wasmi {
    info: EngineInfo,
    mode: CompilationMode,
    /// The proposals that are switched on.
    language: Capabilities,
}

/// Translates each function when its module is defined.
pub(crate) fn eager(language: &Capabilities) -> Result<Box<dyn Engine>, String> {
    Ok(probed("wasmi-eager", CompilationMode::Eager, language))
}

/// Translates each function at its first call. Not `CompilationMode::Lazy`, which
/// puts off validation too: that would accept modules that the specification
/// rejects (§ valid), and say so in wasmi's own documentation.
pub(crate) fn lazy(language: &Capabilities) -> Result<Box<dyn Engine>, String> {
    Ok(probed("wasmi-lazy", CompilationMode::LazyTranslation, language))
}

fn probed(id: &str, mode: CompilationMode, language: &Capabilities) -> Box<dyn Engine> {
    let info = probe::unprobed(id, "wasmi", VERSION);
    let mut engine = Wasmi { info, mode, language: language.clone() };
    engine.info.capabilities = probe::capabilities(&engine);
    Box::new(engine)
}

impl Engine for Wasmi {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    /// A session has an engine of its own, for wasmi keeps the code of every
    /// module for as long as the engine lives: one shared by all cases grows
    /// without end. Making one takes a few microseconds.
    fn session(&self, limits: &Limits) -> Result<Box<dyn Session>, String> {
        let engine = wasmi::Engine::new(&config(self.mode, limits, &self.language)?);
        let limiter = StoreLimitsBuilder::new()
            .memory_size(to_usize(limits.memory_bytes_max)?)
            .table_elements(to_usize(limits.table_elements_max)?)
            .build();
        let mut store = Store::new(&engine, World { trace: Trace::default(), limiter });
        store.limiter(|world| &mut world.limiter);
        Ok(Box::new(WasmiSession {
            store,
            names: Names::new(),
            capabilities: self.info.capabilities.clone(),
            fuel_per_call: limits.fuel_per_call,
            detail: None,
        }))
    }
}

/// Bytes of value stack per frame of the call stack: the depth at which small
/// frames exhaust both at once.
const BYTES_PER_FRAME: usize = 32;

fn config(
    mode: CompilationMode,
    limits: &Limits,
    language: &Capabilities,
) -> Result<Config, String> {
    let stack = to_usize(limits.stack_bytes_max)?;
    let mut config = Config::default();
    config
        .compilation_mode(mode)
        .consume_fuel(limits.fuel_per_call.is_some())
        .set_min_stack_height(stack.min(1000))
        .set_max_stack_height(stack)
        .set_max_recursion_depth(stack / BYTES_PER_FRAME)
        .ignore_custom_sections(true);
    for proposal in Proposal::ALL {
        switch(&mut config, *proposal, language.contains(proposal));
    }
    Ok(config)
}

fn switch(config: &mut Config, proposal: Proposal, on: bool) {
    match proposal {
        Proposal::MutableGlobal => config.wasm_mutable_global(on),
        Proposal::SaturatingFloatToInt => config.wasm_saturating_float_to_int(on),
        Proposal::SignExtension => config.wasm_sign_extension(on),
        Proposal::MultiValue => config.wasm_multi_value(on),
        Proposal::BulkMemory => config.wasm_bulk_memory(on),
        Proposal::ReferenceTypes => config.wasm_reference_types(on),
        Proposal::Simd => config.wasm_simd(on),
        Proposal::TailCall => config.wasm_tail_call(on),
        Proposal::ExtendedConst => config.wasm_extended_const(on),
        Proposal::MultiMemory => config.wasm_multi_memory(on),
        Proposal::Memory64 => config.wasm_memory64(on),
        Proposal::RelaxedSimd => config.wasm_relaxed_simd(on),
        Proposal::WideArithmetic => config.wasm_wide_arithmetic(on),
        Proposal::CustomPageSizes => config.wasm_custom_page_sizes(on),
        // wasmi has none of these.
        Proposal::FunctionReferences
        | Proposal::Gc
        | Proposal::ExceptionHandling
        | Proposal::Threads => config,
    };
}

fn to_usize(limit: u64) -> Result<usize, String> {
    usize::try_from(limit).map_err(|_| format!("a limit of {limit} is beyond this machine"))
}

/// The data of a store.
struct World {
    trace: Trace,
    limiter: StoreLimits,
}

struct WasmiSession {
    store: Store<World>,
    names: Names<Module, Instance>,
    capabilities: Capabilities,
    fuel_per_call: Option<u64>,
    /// The engine's words for the last limit that was hit.
    detail: Option<Detail>,
}

impl WasmiSession {
    /// Classify an error, and remember which limit it is about.
    fn failed(&mut self, error: wasmi::Error) -> StepFailure {
        let message = error.to_string();
        let failure = failure(error);
        self.detail = refusal::limit_detail(&failure, || message);
        failure
    }

    fn refuel(&mut self) -> Result<(), StepFailure> {
        match self.fuel_per_call {
            Some(fuel) => self.store.set_fuel(fuel).map_err(failure),
            None => Ok(()),
        }
    }

    fn import(
        &mut self,
        module: &str,
        field: &str,
        ty: &ExternType,
    ) -> Result<Extern, StepFailure> {
        if let Some(instance) = self.names.registered(module)
            && let Some(export) = instance.get_export(&self.store, field)
        {
            return Ok(export);
        }
        match ty {
            ExternType::Func(ty) if module == host::MODULE => {
                Ok(Extern::Func(host_function(&mut self.store, field, ty)))
            }
            _ => Err(StepFailure::Unlinkable(format!("unknown import {module}.{field}"))),
        }
    }
}

impl Session for WasmiSession {
    fn define(&mut self, module: &str, bytes: &[u8]) -> Result<(), StepFailure> {
        self.detail = None;
        let compiled = Module::new(self.store.engine(), bytes).map_err(|error| {
            let message = error.to_string();
            let failure = match error.kind() {
                ErrorKind::Wasm(_) | ErrorKind::Read(_) => {
                    refusal::failure(bytes, &self.capabilities, message.clone())
                }
                _ => failure(error),
            };
            self.detail = refusal::limit_detail(&failure, || message);
            failure
        })?;
        self.names.define(module, compiled);
        Ok(())
    }

    fn instantiate(&mut self, module: &str, instance: &str) -> Result<(), StepFailure> {
        let module = self.names.module(module)?;
        let mut imports = Vec::with_capacity(module.imports().len());
        for import in module.imports() {
            imports.push(self.import(import.module(), import.name(), import.ty())?);
        }
        self.detail = None;
        self.refuel()?;
        let made = Instance::new(&mut self.store, &module, &imports)
            .map_err(|error| self.failed(error))?;
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
        let function = self.names.instance(inst)?.get_func(&self.store, field);
        let function = function.ok_or_else(|| no_export("function", field))?;
        let args: Result<Vec<Val>, StepFailure> =
            args.iter().map(|arg| lower(&mut self.store, *arg)).collect();
        let ty = function.ty(&self.store);
        let mut results: Vec<Val> =
            ty.results().iter().map(|ty| Val::default_for_ty(*ty)).collect();
        self.detail = None;
        self.refuel()?;
        function.call(&mut self.store, &args?, &mut results).map_err(|error| self.failed(error))?;
        Ok(results.iter().map(|value| lift(&self.store, value)).collect())
    }

    fn get(&mut self, instance: &str, field: &str) -> Result<Value, StepFailure> {
        let global = self.names.instance(instance)?.get_global(&self.store, field);
        let global = global.ok_or_else(|| no_export("global", field))?;
        Ok(lift(&self.store, &global.get(&self.store)))
    }

    fn detail(&mut self) -> Option<Detail> {
        self.detail.clone()
    }

    fn observe(&mut self, instance: &str) -> InstanceState {
        let Ok(instance) = self.names.instance(instance) else { return InstanceState::new() };
        let exports = instance.exports(&self.store);
        let state = |export: wasmi::Export| {
            let name = export.name().to_owned();
            Some((name, export_state(&self.store, export.into_extern())?))
        };
        exports.filter_map(state).collect()
    }

    fn take_trace(&mut self) -> Vec<HostCall> {
        self.store.data_mut().trace.take()
    }
}

fn export_state(store: &Store<World>, export: Extern) -> Option<ExportState> {
    match export {
        Extern::Func(_) => None,
        Extern::Global(global) => Some(global_state(store, global)),
        Extern::Memory(memory) => Some(ExportState::memory(memory.data(store))),
        Extern::Table(table) => {
            let elements = (0..table.size(store)).filter_map(|index| table.get(store, index));
            Some(ExportState::table(elements.map(|element| lift(store, &Val::from(element)))))
        }
    }
}

fn global_state(store: &Store<World>, global: Global) -> ExportState {
    ExportState::Global { value: lift(store, &global.get(store)) }
}

fn host_function(store: &mut Store<World>, field: &str, ty: &FuncType) -> Func {
    let name = field.to_owned();
    let types: Vec<ValueType> = ty.results().iter().map(|ty| value_type(*ty)).collect();
    Func::new(store, ty.clone(), move |mut caller, args, results| {
        let values = args.iter().map(|arg| lift(&caller, arg)).collect();
        let trace = &mut caller.data_mut().trace;
        let replies = trace.call(&name, values, &types).map_err(wasmi::Error::host)?;
        for (result, reply) in results.iter_mut().zip(replies) {
            *result = match reply {
                Reply::Argument(index) => args[index].clone(),
                Reply::Value(value) => lower(&mut caller, value)
                    .map_err(|_| wasmi::Error::host(HostStop::Unanswerable))?,
            };
        }
        Ok(())
    })
}
