//! What is in a shared memory: its bytes can be read only by unsafe code, and by
//! WebAssembly.

use gainsay_case::ExportState;
use wasmtime::{Instance, MemoryType, Module, SharedMemory, Store};

/// Modules that copy a shared memory of a kind to one that is not shared.
#[derive(Default)]
pub(super) struct Copier {
    modules: Vec<(Kind, Module)>,
}

/// What a module that imports a memory must say about it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Kind {
    is_64: bool,
    page_size_log2: u8,
}

impl Kind {
    fn of(ty: &MemoryType) -> Kind {
        Kind { is_64: ty.is_64(), page_size_log2: ty.page_size_log2() }
    }

    /// A module that has a memory of the shared one's size and copies all of it there.
    fn text(self) -> String {
        let addr = if self.is_64 { "i64" } else { "i32" };
        let bits = if self.is_64 { 64 } else { 32 };
        let pages_max = match (self.is_64, self.page_size_log2) {
            (_, 0) => u64::from(u32::MAX),
            (true, _) => 1 << 48,
            (false, _) => 1 << 16,
        };
        let page = if self.page_size_log2 == 0 { "(pagesize 1)" } else { "" };
        let log2 = self.page_size_log2;
        format!(
            r#"(module (import "" "" (memory $from {addr} 0 {pages_max} shared {page}))
                (memory $to (export "m") {addr} 0 {page})
                (func (export "f") (memory.grow $to (memory.size $from)) drop
                  (memory.copy $to $from (i{bits}.const 0) (i{bits}.const 0)
                    (i{bits}.shl (memory.size $from) (i{bits}.const {log2})))))"#
        )
    }
}

impl Copier {
    /// The state of a shared memory; `None` on an engine that cannot copy it.
    pub(super) fn state<T: 'static>(
        &mut self,
        store: &mut Store<T>,
        memory: SharedMemory,
    ) -> Option<ExportState> {
        let module = self.module(store, &memory)?;
        // The copy is the harness's and no part of what is measured. Engines that do not
        // count fuel refuse it.
        let _ = store.set_fuel(u64::MAX);
        let copy = Instance::new(&mut *store, &module, &[memory.into()]).ok()?;
        let function = copy.get_typed_func::<(), ()>(&mut *store, "f").ok()?;
        function.call(&mut *store, ()).ok()?;
        let memory = copy.get_memory(&mut *store, "m")?;
        Some(ExportState::memory(memory.data(&*store)))
    }

    fn module<T>(&mut self, store: &Store<T>, memory: &SharedMemory) -> Option<Module> {
        let kind = Kind::of(&memory.ty());
        if let Some((_, module)) = self.modules.iter().find(|(known, _)| *known == kind) {
            return Some(module.clone());
        }
        let bytes = wat::parse_str(kind.text()).ok()?;
        let module = Module::from_binary(store.engine(), &bytes).ok()?;
        self.modules.push((kind, module.clone()));
        Some(module)
    }
}
