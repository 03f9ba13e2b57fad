//! Report R3 on the wasmtime that is built in: however a store with an asynchronous call
//! ends, a pool with one stack has it again.
//!
//! `reports/R3.md`; <https://github.com/bytecodealliance/wasmtime/issues/10007>.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, Linker, Module, PoolConcurrencyLimitError,
    PoolingAllocationConfig, Store, TypedFunc,
};

const ROUNDS: usize = 3;

/// Pending once.
struct Later(bool);

impl Future for Later {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        context.waker().wake_by_ref();
        match std::mem::replace(&mut self.0, true) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

/// Poll until it is ready: nothing here waits for anybody else.
fn drive<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        let polled = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        if let Poll::Ready(output) = polled {
            return output;
        }
    }
}

const MODULE: &str = "(module
    (import \"\" \"later\" (func $later))
    (memory 1) (table 1 funcref)
    (func (export \"return\") (call $later) (call $later))
    (func (export \"trap\") (call $later) unreachable))";

/// How the call ends.
#[derive(Clone, Copy, Debug)]
enum Call {
    Returns,
    Traps,
    DroppedBeforeItBegan,
    DroppedWhileSuspended,
}

/// How the store ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Drop,
    IntoData,
}

const CALLS: [Call; 4] =
    [Call::Returns, Call::Traps, Call::DroppedBeforeItBegan, Call::DroppedWhileSuspended];

/// One of everything.
struct World {
    engine: Engine,
    module: Module,
    linker: Linker<u32>,
}

impl World {
    fn new() -> World {
        let mut pool = PoolingAllocationConfig::new();
        pool.total_core_instances(1)
            .total_memories(1)
            .total_tables(1)
            .total_stacks(1)
            .max_memory_size(1 << 20);
        let mut config = Config::new();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        let engine = Engine::new(&config).expect("a configuration that is supported");
        let binary = wat::parse_str(MODULE).expect("the text is a module");
        let module = Module::new(&engine, binary).expect("the module is valid");
        let mut linker = Linker::new(&engine);
        linker
            .func_wrap_async("", "later", |_, ()| Box::new(Later(false)))
            .expect("the name is free");
        World { engine, module, linker }
    }

    fn open(&self, data: u32) -> wasmtime::Result<(Store<u32>, TypedFunc<(), ()>)> {
        self.open_for(data, "return")
    }

    fn open_for(
        &self,
        data: u32,
        export: &str,
    ) -> wasmtime::Result<(Store<u32>, TypedFunc<(), ()>)> {
        let mut store = Store::new(&self.engine, data);
        let instance = drive(self.linker.instantiate_async(&mut store, &self.module))?;
        let func = instance.get_typed_func(&mut store, export)?;
        Ok((store, func))
    }

    /// One store from its beginning to its end.
    fn round(&self, call: Call, end: End, data: u32) {
        let export = if matches!(call, Call::Traps) { "trap" } else { "return" };
        let (mut store, func) = self.open_for(data, export).expect("there is room for it");
        match call {
            Call::Returns => drive(func.call_async(&mut store, ())).expect("there is a stack"),
            Call::Traps => {
                let error = drive(func.call_async(&mut store, ())).expect_err("it traps");
                assert!(error.is::<wasmtime::Trap>(), "{error:#}");
            }
            Call::DroppedBeforeItBegan => drop(func.call_async(&mut store, ())),
            Call::DroppedWhileSuspended => {
                let mut future = Box::pin(func.call_async(&mut store, ()));
                let polled = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                assert!(polled.is_pending(), "it is suspended");
            }
        }
        match end {
            End::Drop => drop(store),
            End::IntoData => assert_eq!(store.into_data(), data),
        }
    }

    /// Everything that is in use.
    fn in_use(&self) -> [u64; 4] {
        let metrics = self.engine.pooling_allocator_metrics().expect("it pools");
        let counts = [metrics.memories(), metrics.tables(), metrics.stacks()];
        let [memories, tables, stacks] = counts.map(|count| count as u64);
        [metrics.core_instances(), memories, tables, stacks]
    }
}

#[test]
fn a_store_gives_its_only_stack_back_however_it_ends() {
    let mut rounds = 0;
    for end in [End::Drop, End::IntoData] {
        for call in CALLS {
            let world = World::new();
            for round in 0..ROUNDS {
                world.round(call, end, round as u32);
                assert_eq!(world.in_use(), [0; 4], "{call:?}, {end:?}, round {round}");
                rounds += 1;
            }
        }
    }
    println!("{rounds} stores, each with the one stack of its pool");
}

/// That the test above could fail: a second store at the same time finds no room.
#[test]
fn a_store_that_has_not_ended_keeps_what_it_took() {
    let world = World::new();
    let (store, _func) = world.open(0).expect("there is room for one");
    assert_eq!(world.in_use()[..3], [1; 3]);
    let error = world.open(1).map(drop).expect_err("there is no room for another one");
    assert!(error.is::<PoolConcurrencyLimitError>(), "{error:#}");
    drop(store);
    assert_eq!(world.in_use(), [0; 4]);
    drop(world.open(2).expect("there is room again"));
}
