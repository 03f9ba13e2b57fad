//! Instances made, called once and dropped, over the host's pool: against the same made on
//! demand, with and without stacks that are kept, and against wasmtime's pool.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gainsay_engines::WasmtimeVisits;
use gainsay_host::Session;
use gainsay_host::pool::{Pool, PoolConfig};
use gainsay_runtime::{Allocator, Config, Module, NoHost, OnDemand, StackPool};

use crate::error::BenchError;
use crate::measure::{Measure, ratio};
use crate::options::BenchOptions;

/// A module as plug-ins are: a few functions, a page of memory, a small table.
const MODULE: &str = "(module
    (memory 1) (table 10 funcref)
    (global $count (mut i32) (i32.const 0))
    (data (i32.const 1024) \"some text that is there from the beginning\")
    (elem (i32.const 0) $add $sub $mul)
    (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func $sub (param i32 i32) (result i32) (i32.sub (local.get 0) (local.get 1)))
    (func $mul (param i32 i32) (result i32) (i32.mul (local.get 0) (local.get 1)))
    (func (export \"visit\") (global.set $count (i32.load (i32.const 1024)))))";

/// Visits of one kind before the next: one that clears much leaves cold caches behind.
const IN_A_ROW: u64 = 16;

/// Bytes of one memory.
const MEMORY_BYTES_MAX: usize = 1 << 24;

pub(crate) const NAMES: [&str; 3] =
    ["pool_over_on_demand", "pool_over_kept_stacks", "pool_over_wasmtime"];

const AGAINST: [&str; 3] = [
    "the same stores on demand, stacks included",
    "the same stores on demand, but for stacks that are kept",
    "wasmtime's pooling allocator",
];

/// What is visited in turn.
struct Visited {
    config: Config,
    module: Module,
    pool: Pool,
    stacks: StackPool,
    wasmtime: WasmtimeVisits,
}

pub(crate) fn measure(
    options: &BenchOptions,
    stop: &AtomicBool,
) -> Result<Vec<Measure>, BenchError> {
    let visited = Visited::new()?;
    let mut ratios: [Vec<f64>; 3] = Default::default();
    let mut medians = [Duration::ZERO; 4];
    for _ in 0..options.runs {
        let times = visited.turn_by_turn(options.cases, stop)?;
        for (ratios, other) in ratios.iter_mut().zip(&times[1..]) {
            ratios.push(times[0].as_secs_f64() / other.as_secs_f64().max(1e-9));
        }
        medians = times;
    }
    let measures = NAMES.into_iter().zip(AGAINST).zip(ratios);
    let measures = measures.zip(&medians[1..]).map(|(((name, against), ratios), other)| {
        let mut measure = ratio(name, against, ratios);
        for (name, median) in [("pool_micros", &medians[0]), ("peer_micros", other)] {
            measure.details.insert(name.to_owned(), median.as_secs_f64() * 1e6);
        }
        measure
    });
    Ok(measures.collect())
}

fn fault(reason: impl ToString) -> BenchError {
    let id = "wasmtime-pooling".to_owned();
    BenchError::Backend { id, reason: reason.to_string() }
}

impl Visited {
    fn new() -> Result<Visited, BenchError> {
        let binary = wat::parse_str(MODULE).map_err(fault)?;
        let config = Config::default();
        Ok(Visited {
            config,
            module: Module::new(&config, &binary).map_err(fault)?,
            pool: Pool::new(PoolConfig {
                memory_bytes_max: MEMORY_BYTES_MAX as u64,
                ..PoolConfig::of(8)
            }),
            stacks: StackPool::default(),
            wasmtime: WasmtimeVisits::new(&binary, MEMORY_BYTES_MAX).map_err(fault)?,
        })
    }

    /// The median times of a visit: of the pool, and of those it is measured against. They
    /// take turns, so that what else the machine does meets all alike.
    fn turn_by_turn(&self, visits: u64, stop: &AtomicBool) -> Result<[Duration; 4], BenchError> {
        let mut times: [Vec<Duration>; 4] = Default::default();
        for _ in 0..visits.div_ceil(IN_A_ROW) {
            for (kind, times) in times.iter_mut().enumerate() {
                for _ in 0..IN_A_ROW {
                    let start = Instant::now();
                    match kind {
                        0 => self.visit(self.pool.allocator())?,
                        1 => self.visit(Arc::new(OnDemand))?,
                        2 => self.visit(Arc::new(self.stacks.clone()))?,
                        _ => self.wasmtime.visit("visit").map_err(fault)?,
                    }
                    times.push(start.elapsed());
                }
            }
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        Ok(times.map(|mut times| {
            times.sort_unstable();
            times.get(times.len() / 2).copied().unwrap_or_default()
        }))
    }

    fn visit(&self, allocator: Arc<dyn Allocator>) -> Result<(), BenchError> {
        let mut session = Session::new(&self.config, allocator, NoHost);
        let instance = session.instantiate(&self.module, &[]).map_err(fault)?;
        let func = instance.func("visit").ok_or_else(|| fault("no such export"))?;
        session.call(func, &[]).map_err(fault)?;
        Ok(())
    }
}
