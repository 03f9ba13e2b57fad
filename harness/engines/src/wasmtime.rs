//! wasmtime in four configurations: optimising compiler, baseline compiler,
//! bytecode interpreter, and optimising compiler over pooled memory.

mod failure;
mod session;
mod shared;
mod threads;
mod thrown;
mod value;
mod visits;

use std::cell::RefCell;

use gainsay_case::{Capabilities, Engine, EngineInfo, Limits, Proposal, Session};
use wasmtime::{Config, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, Strategy};

use self::session::WasmtimeSession;
pub use self::visits::Visits;
use crate::probe;

/// The version of the dependency; `registry` has a test that it is the locked one.
pub const VERSION: &str = "48.0.8";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flavour {
    Cranelift,
    Winch,
    Pulley,
    Pooling,
}

/// wasmtime in one configuration.
struct Wasmtime {
    info: EngineInfo,
    flavour: Flavour,
    /// The proposals that the configuration accepts.
    accepted: Capabilities,
    /// One engine per set of limits: stack and pool sizes belong to an engine.
    engines: RefCell<Vec<(Limits, wasmtime::Engine)>>,
}

/// How many sets of limits keep their engine.
const ENGINES_MAX: usize = 4;

/// Optimising native code, an allocation of its own for each memory.
pub(crate) fn cranelift(language: &Capabilities) -> Result<Box<dyn Engine>, String> {
    probed("wasmtime-cranelift", Flavour::Cranelift, language)
}

/// Native code of the baseline compiler.
pub(crate) fn winch(language: &Capabilities) -> Result<Box<dyn Engine>, String> {
    probed("wasmtime-winch", Flavour::Winch, language)
}

/// Bytecode made by the optimising compiler, interpreted.
pub(crate) fn pulley(language: &Capabilities) -> Result<Box<dyn Engine>, String> {
    probed("wasmtime-pulley", Flavour::Pulley, language)
}

/// Optimising native code with explicit bounds checks over reused slots.
pub(crate) fn pooling(language: &Capabilities) -> Result<Box<dyn Engine>, String> {
    probed("wasmtime-pooling", Flavour::Pooling, language)
}

fn probed(id: &str, flavour: Flavour, language: &Capabilities) -> Result<Box<dyn Engine>, String> {
    let mut engine = Wasmtime {
        info: probe::unprobed(id, "wasmtime", VERSION),
        flavour,
        accepted: accepted(flavour, language)?,
        engines: RefCell::default(),
    };
    engine.engine(&Limits::default())?;
    engine.info.capabilities = probe::capabilities(&engine);
    Ok(Box::new(engine))
}

impl Engine for Wasmtime {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn session(&self, limits: &Limits) -> Result<Box<dyn Session>, String> {
        let engine = self.engine(limits)?;
        Ok(Box::new(WasmtimeSession::new(&engine, limits, self.info.capabilities.clone())))
    }
}

impl Wasmtime {
    /// The engine for these limits, made at their first use.
    fn engine(&self, limits: &Limits) -> Result<wasmtime::Engine, String> {
        // The amount of fuel is the store's business, whether it is counted the engine's.
        let key = Limits { fuel_per_call: limits.fuel_per_call.map(|_| 0), ..limits.clone() };
        let mut engines = self.engines.borrow_mut();
        if let Some((_, engine)) = engines.iter().find(|(limits, _)| *limits == key) {
            return Ok(engine.clone());
        }
        let mut config = base(self.flavour, limits)?;
        switch_all(&mut config, &self.accepted);
        let engine = wasmtime::Engine::new(&config).map_err(|error| format!("{error:#}"))?;
        engines.truncate(ENGINES_MAX - 1);
        engines.insert(0, (key, engine.clone()));
        Ok(engine)
    }
}

/// The proposals of `language` that an engine of this flavour can be configured
/// for. A compiler refuses some at `Engine::new`, one at a time, so each is tried
/// alone unless all stand together.
fn accepted(flavour: Flavour, language: &Capabilities) -> Result<Capabilities, String> {
    let stands = |proposals: &Capabilities| {
        let mut config = base(flavour, &Limits::default())?;
        switch_all(&mut config, proposals);
        Ok::<bool, String>(wasmtime::Engine::new(&config).is_ok())
    };
    if stands(language)? {
        return Ok(language.clone());
    }
    let mut accepted = Capabilities::new();
    for proposal in language {
        accepted.insert(*proposal);
        if !stands(&accepted)? {
            accepted.remove(proposal);
        }
    }
    Ok(accepted)
}

/// What all flavours share: the code that users run, without what only debuggers
/// and profilers read, for a case compiles more than it runs. An image of a memory's
/// first contents (`memory_init_cow`) pays when a module is instantiated often; the
/// pooling flavour keeps it, as its slots are where it can go wrong.
fn base(flavour: Flavour, limits: &Limits) -> Result<Config, String> {
    let stack = to_usize(limits.stack_bytes_max)?;
    let mut config = Config::new();
    config
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false)
        .native_unwind_info(false)
        .cranelift_opt_level(OptLevel::Speed)
        .memory_init_cow(flavour == Flavour::Pooling)
        .consume_fuel(limits.fuel_per_call.is_some())
        .max_wasm_stack(stack)
        .async_stack_size(stack.saturating_add(1 << 20));
    match flavour {
        Flavour::Cranelift => config.strategy(Strategy::Cranelift),
        Flavour::Winch => config.strategy(Strategy::Winch),
        Flavour::Pulley => config.target("pulley64").map_err(|error| format!("{error:#}"))?,
        Flavour::Pooling => pooled(&mut config, limits)?,
    };
    Ok(config)
}

/// Instances, memories and tables that one session may hold at a time. Refused
/// beyond that, which is `Limit`.
const SLOTS: u32 = 1_000;

fn pooled<'a>(config: &'a mut Config, limits: &Limits) -> Result<&'a mut Config, String> {
    let memory = to_usize(limits.memory_bytes_max)?;
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(SLOTS)
        .total_memories(SLOTS)
        .total_tables(SLOTS)
        .max_memories_per_module(SLOTS)
        .max_tables_per_module(SLOTS)
        .max_core_instance_size(1 << 20)
        .max_memory_size(memory)
        .table_elements(to_usize(limits.table_elements_max)?)
        .linear_memory_keep_resident(1 << 16)
        .table_keep_resident(1 << 16);
    // Slots no larger than the limit leave no room to elide bounds checks: the
    // generated code is another than that of the other flavours.
    Ok(config
        .strategy(Strategy::Cranelift)
        .memory_reservation(limits.memory_bytes_max)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool)))
}

fn to_usize(limit: u64) -> Result<usize, String> {
    usize::try_from(limit).map_err(|_| format!("a limit of {limit} is beyond this machine"))
}

fn switch_all(config: &mut Config, on: &Capabilities) {
    for proposal in Proposal::ALL {
        switch(config, *proposal, on.contains(proposal));
    }
    // Each of these takes what it is built on with it.
    if on.contains(&Proposal::Gc) {
        config.wasm_function_references(true);
    }
    if on.contains(&Proposal::RelaxedSimd) {
        config.wasm_simd(true);
    }
}

/// Proposals that wasmtime has no switch for.
pub(crate) const ALWAYS_ON: &[Proposal] =
    &[Proposal::MutableGlobal, Proposal::SaturatingFloatToInt, Proposal::SignExtension];

fn switch(config: &mut Config, proposal: Proposal, on: bool) {
    match proposal {
        // See `ALWAYS_ON`.
        Proposal::MutableGlobal | Proposal::SaturatingFloatToInt | Proposal::SignExtension => {
            config
        }
        Proposal::MultiValue => config.wasm_multi_value(on),
        Proposal::BulkMemory => config.wasm_bulk_memory(on),
        Proposal::ReferenceTypes => config.wasm_reference_types(on),
        Proposal::Simd => config.wasm_simd(on),
        Proposal::TailCall => config.wasm_tail_call(on),
        Proposal::ExtendedConst => config.wasm_extended_const(on),
        Proposal::MultiMemory => config.wasm_multi_memory(on),
        Proposal::Memory64 => config.wasm_memory64(on),
        Proposal::FunctionReferences => config.wasm_function_references(on),
        Proposal::Gc => config.wasm_gc(on),
        Proposal::ExceptionHandling => config.wasm_exceptions(on),
        Proposal::RelaxedSimd => config.wasm_relaxed_simd(on),
        Proposal::Threads => config.wasm_threads(on).shared_memory(on),
        Proposal::WideArithmetic => config.wasm_wide_arithmetic(on),
        Proposal::CustomPageSizes => config.wasm_custom_page_sizes(on),
    };
}
