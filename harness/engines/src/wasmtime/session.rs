//! One store of wasmtime.

use gainsay_case::{
    Capabilities, Detail, ExportState, HostCall, InstanceState, LimitKind, Limits, Session,
    StepFailure, Value, ValueType, host, words,
};
use wasmtime::{
    Engine, Extern, ExternType, Func, FuncType, Instance, Module, RootScope, Store, Val,
};

use super::failure;
use super::shared::Copier;
use super::value::{lift, lift_all, lower, value_type};
use super::{threads, thrown};
use crate::names::{Names, no_export};
use crate::refusal::limit_detail;
use crate::trace::{HostStop, Reply, Trace};

/// The data of a store.
pub(super) struct World {
    trace: Trace,
    pub(super) memory_bytes_max: u64,
    pub(super) table_elements_max: u64,
    /// What the limiter refused a size of since the step began.
    refused: Option<LimitKind>,
}

impl wasmtime::ResourceLimiter for World {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let allowed = desired as u64 <= self.memory_bytes_max;
        if !allowed {
            self.refused = Some(LimitKind::Memory);
        }
        Ok(allowed)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let allowed = desired as u64 <= self.table_elements_max;
        if !allowed {
            self.refused = Some(LimitKind::Table);
        }
        Ok(allowed)
    }
}

pub(super) struct WasmtimeSession {
    pub(super) store: Store<World>,
    pub(super) names: Names<Module, Instance>,
    pub(super) capabilities: Capabilities,
    pub(super) fuel_per_call: Option<u64>,
    copier: Copier,
    /// The engine's words for the last limit that was hit.
    detail: Option<Detail>,
}

impl WasmtimeSession {
    pub(super) fn new(engine: &Engine, limits: &Limits, capabilities: Capabilities) -> Self {
        let world = World {
            trace: Trace::default(),
            memory_bytes_max: limits.memory_bytes_max,
            table_elements_max: limits.table_elements_max,
            refused: None,
        };
        let mut store = Store::new(engine, world);
        store.limiter(|world| world);
        let fuel_per_call = limits.fuel_per_call;
        let (names, copier) = (Names::new(), Copier::default());
        WasmtimeSession { store, names, capabilities, fuel_per_call, copier, detail: None }
    }

    /// Before anything runs in the store.
    fn begin(&mut self) -> Result<(), StepFailure> {
        self.store.data_mut().refused = None;
        self.detail = None;
        match self.fuel_per_call {
            Some(fuel) => self.store.set_fuel(fuel).map_err(|error| failure::execution(&error)),
            None => Ok(()),
        }
    }

    /// The store holds an exception that nobody caught until somebody takes it.
    /// `called` is the instance that exports the tag, if any does.
    fn settle(
        &mut self,
        failure: StepFailure,
        error: &wasmtime::Error,
        called: Option<&Instance>,
    ) -> StepFailure {
        self.detail = limit_detail(&failure, || format!("{error:#}"));
        match failure {
            StepFailure::Uncaught(_) => {
                StepFailure::Uncaught(thrown::take(&mut self.store, called))
            }
            failure => failure,
        }
    }

    fn import(
        &mut self,
        module: &str,
        field: &str,
        ty: &ExternType,
    ) -> Result<Extern, StepFailure> {
        if let Some(instance) = self.names.registered(module)
            && let Some(export) = instance.get_export(&mut self.store, field)
        {
            return Ok(export);
        }
        match ty {
            ExternType::Func(ty) if module == host::MODULE => {
                host_function(&mut self.store, field, ty).map(Extern::Func)
            }
            _ => Err(StepFailure::Unlinkable(format!("unknown import {module}.{field}"))),
        }
    }

    fn export_state(&mut self, export: Extern) -> Option<ExportState> {
        let mut store = RootScope::new(&mut self.store);
        match export {
            Extern::Func(_) | Extern::Tag(_) => None,
            Extern::Global(global) => {
                let value = global.get(&mut store);
                Some(ExportState::Global { value: lift(&mut store, &value) })
            }
            Extern::Memory(memory) => Some(ExportState::memory(memory.data(&store))),
            Extern::SharedMemory(memory) => {
                drop(store);
                self.copier.state(&mut self.store, memory)
            }
            Extern::Table(table) => {
                let size = table.size(&store);
                let mut element = |index| {
                    let mut scope = RootScope::new(&mut store);
                    let element = table.get(&mut scope, index).map(Val::from)?;
                    Some(lift(&mut scope, &element))
                };
                Some(ExportState::table((0..size).filter_map(&mut element)))
            }
        }
    }
}

impl Session for WasmtimeSession {
    fn define(&mut self, module: &str, bytes: &[u8]) -> Result<(), StepFailure> {
        self.detail = None;
        let compiled = Module::from_binary(self.store.engine(), bytes).map_err(|error| {
            let failure = failure::compilation(&error, bytes, &self.capabilities);
            self.detail = limit_detail(&failure, || format!("{error:#}"));
            failure
        })?;
        self.names.define(module, compiled);
        Ok(())
    }

    fn instantiate(&mut self, module: &str, instance: &str) -> Result<(), StepFailure> {
        let module = self.names.module(module)?;
        let mut imports = Vec::with_capacity(module.imports().len());
        for import in module.imports() {
            imports.push(self.import(import.module(), import.name(), &import.ty())?);
        }
        self.begin()?;
        let made = Instance::new(&mut self.store, &module, &imports).map_err(|error| {
            let refused = self.store.data().refused;
            self.settle(failure::instantiation(&error, refused), &error, None)
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
        let instance = self.names.instance(inst)?;
        let function = instance.get_func(&mut self.store, field);
        let function = function.ok_or_else(|| no_export("function", field))?;
        self.begin()?;
        let mut scope = RootScope::new(&mut self.store);
        let args = arguments(&mut scope, &function, args)?;
        let mut results = vec![Val::I32(0); function.ty(&scope).results().len()];
        let called = function.call(&mut scope, &args, &mut results);
        let values = called.map(|()| lift_all(&mut scope, &results));
        drop(scope);
        values.map_err(|error| self.settle(failure::execution(&error), &error, Some(&instance)))
    }

    fn get(&mut self, instance: &str, field: &str) -> Result<Value, StepFailure> {
        let global = self.names.instance(instance)?.get_global(&mut self.store, field);
        let global = global.ok_or_else(|| no_export("global", field))?;
        let mut scope = RootScope::new(&mut self.store);
        let value = global.get(&mut scope);
        Ok(lift(&mut scope, &value))
    }

    fn detail(&mut self) -> Option<Detail> {
        self.detail.clone()
    }

    fn observe(&mut self, instance: &str) -> InstanceState {
        let Ok(instance) = self.names.instance(instance) else { return InstanceState::new() };
        let exports = instance.exports(&mut self.store);
        let exports: Vec<(String, Extern)> =
            exports.map(|export| (export.name().to_owned(), export.into_extern())).collect();
        let state = |(name, export)| Some((name, self.export_state(export)?));
        exports.into_iter().filter_map(state).collect()
    }

    fn fork(&mut self, instance: Option<&str>) -> Result<Box<dyn Session + Send>, StepFailure> {
        Ok(Box::new(threads::fork(self, instance)?))
    }

    fn take_trace(&mut self) -> Vec<HostCall> {
        self.store.data_mut().trace.take()
    }
}

/// The arguments as values of the store, if they fit the function.
fn arguments(
    mut store: impl wasmtime::AsContextMut,
    function: &Func,
    args: &[Value],
) -> Result<Vec<Val>, StepFailure> {
    let ty = function.ty(&store);
    let misfit = || StepFailure::Unsupported(format!("{} do not fit {ty}", words::values(args)));
    if ty.params().len() != args.len() {
        return Err(misfit());
    }
    let mut values = Vec::with_capacity(args.len());
    for (arg, param) in args.iter().zip(ty.params()) {
        let value = lower(&mut store, *arg)?;
        if !value.matches_ty(&store, &param).unwrap_or(false) {
            return Err(misfit());
        }
        values.push(value);
    }
    Ok(values)
}

fn host_function(
    store: &mut Store<World>,
    field: &str,
    ty: &FuncType,
) -> Result<Func, StepFailure> {
    let name = field.to_owned();
    let types: Option<Vec<ValueType>> = ty.results().map(|ty| value_type(&ty)).collect();
    let types = types.ok_or_else(|| HostStop::Unanswerable.failure())?;
    let result_types: Vec<_> = ty.results().collect();
    Ok(Func::new(store, ty.clone(), move |mut caller, args, results| {
        let values = lift_all(&mut caller, args);
        let replies = caller.data_mut().trace.call(&name, values, &types)?;
        for (index, reply) in replies.into_iter().enumerate() {
            let value = match reply {
                Reply::Argument(index) => args[index],
                Reply::Value(value) => {
                    lower(&mut caller, value).map_err(|_| HostStop::Unanswerable)?
                }
            };
            if !value.matches_ty(&caller, &result_types[index])? {
                return Err(HostStop::Unanswerable.into());
            }
            results[index] = value;
        }
        Ok(())
    }))
}
