//! Sessions for the other threads of a script: a store each, with memories in common.

use gainsay_case::{Failure, Session};
use gainsay_runtime::{
    AddrType, Config, Extern, Features, MemoryType, Module, NoHost, SharedMemory, Store,
};
use wasm_encoder::{EntityType, ExportKind, ExportSection, ImportSection, Module as Binary};

use super::{Imports, ReferenceSession};
use crate::names::Names;

/// How long a thread may wait for another to notify it, in nanoseconds.
const WAIT_NS_MAX: u64 = 30_000_000_000;

/// A session for another thread, with the shared memories that an instance exports.
pub(super) fn fork(
    session: &ReferenceSession,
    instance: Option<&str>,
) -> Result<Box<dyn Session + Send>, Failure> {
    let mut config = session.config;
    config.limits.wait_ns_max = WAIT_NS_MAX;
    let mut forked = ReferenceSession {
        config,
        store: Store::new(&config),
        host: Imports::default(),
        names: Names::new(),
        capabilities: session.capabilities.clone(),
        fuel_per_call: session.fuel_per_call,
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
) -> Result<Vec<(String, SharedMemory)>, Failure> {
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
) -> Result<(), Failure> {
    let fault = |error: &dyn std::fmt::Display| Failure::Fault(error.to_string());
    let all = Config { features: Features::default(), ..session.config };
    let module = Module::new(&all, &passing(memories)).map_err(|error| fault(&error))?;
    let imports: Vec<Extern> = memories
        .iter()
        .map(|(_, memory)| Extern::Memory(session.store.import_shared(memory)))
        .collect();
    let made = session.store.instantiate(&module, &imports, &mut NoHost);
    session.names.instantiate(instance, made.map_err(|error| fault(&error))?);
    Ok(())
}

/// A module that imports memories and exports them by the same names.
fn passing(memories: &[(String, SharedMemory)]) -> Vec<u8> {
    let (mut imports, mut exports) = (ImportSection::new(), ExportSection::new());
    for ((name, memory), index) in memories.iter().zip(0..) {
        imports.import("", name, EntityType::Memory(memory_type(memory.ty())));
        exports.export(name, ExportKind::Memory, index);
    }
    let mut binary = Binary::new();
    binary.section(&imports);
    binary.section(&exports);
    binary.finish()
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

#[cfg(test)]
mod tests {
    use gainsay_case::{Limits, script};

    use crate::registry;

    #[test]
    fn threads_of_a_script_share_what_they_are_given() {
        let engine =
            registry::find(&["reference".to_owned()]).expect("it is always there").remove(0);
        let source = r#"
            (module $Mem (memory (export "shared") 1 1 shared))
            (thread $T1 (shared (module $Mem))
              (register "mem" $Mem)
              (module
                (memory (import "mem" "shared") 1 1 shared)
                (func (export "wait") (result i32)
                  (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
              (assert_return (invoke "wait") (i32.const 0)))
            (thread $T2 (shared (module $Mem))
              (register "mem" $Mem)
              (module
                (memory (import "mem" "shared") 1 1 shared)
                (func (export "notify")
                  (loop (br_if 0 (i32.eqz (memory.atomic.notify (i32.const 0) (i32.const 1)))))
                  (i32.store (i32.const 4) (i32.const 7))))
              (assert_return (invoke "notify")))
            (wait $T1)
            (wait $T2)
            (module
              (memory (import "mem" "shared") 1 1 shared)
              (func (export "seen") (result i32) (i32.load (i32.const 4))))
            (assert_return (invoke "seen") (i32.const 7))"#;
        let report = script::run(&*engine, &Limits::default(), "threads.wast", source);
        assert_eq!((report.passed, report.failed, report.skipped), (3, 0, 0), "{report:?}");
    }
}
