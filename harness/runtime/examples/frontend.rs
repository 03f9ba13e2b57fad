//! How long the front end takes beside wasmparser's validation of the same modules,
//! which emits nothing: `cargo run --release -p gainsay-runtime --example frontend`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use arbitrary::Unstructured;
use gainsay_runtime::{Config, Module};
use wasmparser::{Validator, WasmFeatures};

/// Rounds over all modules.
const ROUNDS: usize = 15;

/// Modules of the features that both have, from seeds of a size.
fn generate(count: usize, seed_bytes: usize, min_funcs: usize) -> Vec<Vec<u8>> {
    let mut state: u64 = 7;
    let mut modules = Vec::new();
    while modules.len() < count {
        let seed: Vec<u8> = (0..seed_bytes)
            .map(|_| {
                state =
                    state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
                (state >> 56) as u8
            })
            .collect();
        let config = wasm_smith::Config {
            compact_imports_enabled: false,
            exceptions_enabled: false,
            gc_enabled: false,
            max_instructions: 1000,
            max_memories: 3,
            max_tables: 3,
            min_funcs,
            relaxed_simd_enabled: false,
            simd_enabled: false,
            threads_enabled: false,
            wide_arithmetic_enabled: false,
            ..wasm_smith::Config::default()
        };
        if let Ok(module) = wasm_smith::Module::new(config, &mut Unstructured::new(&seed)) {
            modules.push(module.to_bytes());
        }
    }
    modules
}

fn features() -> WasmFeatures {
    let mut features = WasmFeatures::WASM2;
    features.remove(WasmFeatures::SIMD);
    features.insert(WasmFeatures::TAIL_CALL | WasmFeatures::EXTENDED_CONST);
    features.insert(WasmFeatures::MULTI_MEMORY | WasmFeatures::MEMORY64);
    features
}

fn time(modules: &[Vec<u8>], mut each: impl FnMut(&[u8])) -> Duration {
    let start = Instant::now();
    modules.iter().for_each(|module| each(module));
    start.elapsed()
}

fn main() {
    let config = Config::default();
    for (name, seed_bytes, min_funcs) in
        [("small", 4 << 10, 1), ("medium", 16 << 10, 4), ("large", 256 << 10, 30)]
    {
        let mut modules = generate(200, seed_bytes, min_funcs);
        modules.retain(|module| Module::new(&config, module).is_ok());
        // Alternating, so that both see the same noise; the fastest rounds count.
        let (mut ours, mut peer) = (Duration::MAX, Duration::MAX);
        for _ in 0..ROUNDS {
            let once = time(&modules, |module| drop(black_box(Module::new(&config, module))));
            ours = ours.min(once);
            let once = time(&modules, |module| {
                drop(black_box(Validator::new_with_features(features()).validate_all(module)));
            });
            peer = peer.min(once);
        }
        let count = modules.len() as u32;
        let bytes: usize = modules.iter().map(Vec::len).sum();
        println!(
            "{name}: {count} modules of {} bytes on average: {:.2?} each, wasmparser validates in {:.2?}: ratio {:.2}",
            bytes / modules.len(),
            ours / count,
            peer / count,
            ours.as_secs_f64() / peer.as_secs_f64()
        );
    }
}
