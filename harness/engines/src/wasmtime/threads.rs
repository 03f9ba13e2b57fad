//! Sessions for the other threads of a script: a store each, with memories in common.

use gainsay_case::{Limits, StepFailure};
use wasmtime::{Extern, Instance, MemoryType, Module, SharedMemory};

use super::session::WasmtimeSession;
use crate::passing::passing;

/// A session for another thread, with the shared memories that an instance exports.
pub(super) fn fork(
    session: &mut WasmtimeSession,
    instance: Option<&str>,
) -> Result<WasmtimeSession, StepFailure> {
    let limits = Limits {
        fuel_per_call: session.fuel_per_call,
        memory_bytes_max: session.store.data().memory_bytes_max,
        table_elements_max: session.store.data().table_elements_max,
        ..Limits::default()
    };
    let capabilities = session.capabilities.clone();
    let mut forked = WasmtimeSession::new(session.store.engine(), &limits, capabilities);
    if let Some(name) = instance {
        let memories = shared_memories(session, name)?;
        share(&mut forked, name, memories)?;
    }
    Ok(forked)
}

/// The shared memories that an instance exports, by name.
fn shared_memories(
    session: &mut WasmtimeSession,
    instance: &str,
) -> Result<Vec<(String, SharedMemory)>, StepFailure> {
    let instance = session.names.instance(instance)?;
    let shared = |export: wasmtime::Export<'_>| {
        Some((export.name().to_owned(), export.into_extern().into_shared_memory()?))
    };
    Ok(instance.exports(&mut session.store).filter_map(shared).collect())
}

/// Make an instance that exports memories.
fn share(
    session: &mut WasmtimeSession,
    instance: &str,
    memories: Vec<(String, SharedMemory)>,
) -> Result<(), StepFailure> {
    let fault = |error: wasmtime::Error| StepFailure::Fault(format!("{error:#}"));
    let types = memories.iter().map(|(name, memory)| (&**name, memory_type(&memory.ty())));
    let module = Module::from_binary(session.store.engine(), &passing(types)).map_err(fault)?;
    let imports: Vec<Extern> =
        memories.into_iter().map(|(_, memory)| Extern::SharedMemory(memory)).collect();
    let made = Instance::new(&mut session.store, &module, &imports).map_err(fault)?;
    session.names.instantiate(instance, made);
    Ok(())
}

fn memory_type(ty: &MemoryType) -> wasm_encoder::MemoryType {
    wasm_encoder::MemoryType {
        minimum: ty.minimum(),
        maximum: ty.maximum(),
        memory64: ty.is_64(),
        shared: ty.is_shared(),
        page_size_log2: (ty.page_size_log2() != 16).then(|| ty.page_size_log2().into()),
    }
}
