//! Sessions for the other threads of a script: a store each, with memories in common.

use gainsay_case::{Session, StepFailure};
use gainsay_runtime::{
    AddrType, Config, Extern, Features, MemoryType, Module, NoHost, SharedMemory, Store,
};

use super::{Imports, ReferenceSession};
use crate::names::Names;
use crate::passing::passing;

/// How long a thread may wait for another to notify it, in nanoseconds.
const WAIT_NS_MAX: u64 = 30_000_000_000;

/// A session for another thread, with the shared memories that an instance exports.
pub(super) fn fork(
    session: &ReferenceSession,
    instance: Option<&str>,
) -> Result<Box<dyn Session + Send>, StepFailure> {
    let mut config = session.config;
    config.limits.wait_ns_max = WAIT_NS_MAX;
    let mut forked = ReferenceSession {
        config,
        store: Store::new(&config),
        host: Imports::default(),
        names: Names::new(),
        capabilities: session.capabilities.clone(),
        fuel_per_call: session.fuel_per_call,
        detail: None,
    };
    if let Some(name) = instance {
        let memories = shared_memories(session, name)?;
        share(&mut forked, name, &memories)?;
    }
    Ok(Box::new(forked))
}

/// The shared memories that an instance exports, by name.
fn shared_memories(
    session: &ReferenceSession,
    instance: &str,
) -> Result<Vec<(String, SharedMemory)>, StepFailure> {
    let instance = session.names.instance(instance)?;
    let shared = |(name, export): (&str, Extern)| match export {
        Extern::Memory(memory) => {
            Some((name.to_owned(), session.store.shared_memory(memory)?.clone()))
        }
        _ => None,
    };
    Ok(instance.exports().filter_map(shared).collect())
}

/// Make an instance that exports memories.
fn share(
    session: &mut ReferenceSession,
    instance: &str,
    memories: &[(String, SharedMemory)],
) -> Result<(), StepFailure> {
    let fault = |error: &dyn std::fmt::Display| StepFailure::Fault(error.to_string());
    let all = Config { features: Features::default(), ..session.config };
    let types = memories.iter().map(|(name, memory)| (&**name, memory_type(memory.ty())));
    let module = Module::new(&all, &passing(types)).map_err(|error| fault(&error))?;
    let imports: Vec<Extern> = memories
        .iter()
        .map(|(_, memory)| Extern::Memory(session.store.import_shared(memory)))
        .collect();
    let made = session.store.instantiate(&module, &imports, &mut NoHost);
    session.names.instantiate(instance, made.map_err(|error| fault(&error))?);
    Ok(())
}

fn memory_type(ty: MemoryType) -> wasm_encoder::MemoryType {
    wasm_encoder::MemoryType {
        minimum: ty.limits.min,
        maximum: ty.limits.max,
        memory64: ty.addr == AddrType::I64,
        shared: ty.shared,
        page_size_log2: (ty.page_log2 != 16).then_some(ty.page_log2.into()),
    }
}
