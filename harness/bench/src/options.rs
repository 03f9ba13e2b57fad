//! What a user asks of the measures.

use gainsay_supervisor::WorkerSpec;

/// What to measure.
#[derive(Clone, Debug)]
pub struct BenchOptions {
    /// Cases per run.
    pub cases: u64,
    /// Runs of each measure.
    pub runs: u64,
    /// Cases over which memory is watched.
    pub memory_cases: u64,
    /// Seed of the cases.
    pub seed: u64,
    /// How workers are started and watched.
    pub worker: WorkerSpec,
    /// Names of the measures or groups of them (`harness`, `runtime`, `host`) wanted; empty
    /// means all.
    pub only: Vec<String>,
}

impl Default for BenchOptions {
    fn default() -> BenchOptions {
        BenchOptions {
            cases: 2_000,
            runs: 3,
            memory_cases: 20_000,
            seed: 1,
            worker: WorkerSpec::default(),
            only: Vec::new(),
        }
    }
}
