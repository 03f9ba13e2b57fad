//! Instances that are made, called once and dropped, over wasmtime's pool: what the pool of
//! the reference's host is measured against.

use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, InstancePre, Linker, Module,
    PoolingAllocationConfig, Store,
};

/// A module whose instances can be visited.
pub struct Visits {
    engine: Engine,
    instance: InstancePre<()>,
}

impl Visits {
    /// Compile a module without imports. Its memories may have so many bytes.
    ///
    /// # Errors
    /// Why wasmtime takes neither the configuration nor the module.
    pub fn new(binary: &[u8], memory_bytes_max: usize) -> Result<Visits, String> {
        let message = |error: wasmtime::Error| format!("{error:#}");
        let mut pool = PoolingAllocationConfig::new();
        // As much as a slot of ours keeps.
        pool.total_core_instances(8)
            .total_memories(8)
            .total_tables(8)
            .max_memory_size(memory_bytes_max)
            .linear_memory_keep_resident(1 << 20)
            .table_keep_resident(1 << 20);
        let mut config = Config::new();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        let engine = Engine::new(&config).map_err(message)?;
        let module = Module::new(&engine, binary).map_err(message)?;
        let instance = Linker::new(&engine).instantiate_pre(&module).map_err(message)?;
        Ok(Visits { engine, instance })
    }

    /// Make a store and an instance, call this export without parameters and results, and
    /// drop both.
    ///
    /// # Errors
    /// What wasmtime says.
    pub fn visit(&self, export: &str) -> Result<(), String> {
        let message = |error: wasmtime::Error| format!("{error:#}");
        let mut store = Store::new(&self.engine, ());
        let instance = self.instance.instantiate(&mut store).map_err(message)?;
        let func = instance.get_typed_func::<(), ()>(&mut store, export).map_err(message)?;
        func.call(&mut store, ()).map_err(message)
    }
}
