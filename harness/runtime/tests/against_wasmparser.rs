//! Accepting and refusing the same modules as wasmparser, which shares no code
//! with this crate: generated modules, and the same with bytes changed.

use arbitrary::Unstructured;
use gainsay_runtime::{Config, ErrorKind, Features, Module};
use wasmparser::{Validator, WasmFeatures};

/// A small generator of numbers: splitmix64.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next() as u8).collect()
    }
}

/// Features from the bits of a number; what others build on is on with them.
fn features(bits: u64) -> Features {
    let on = |bit: u32| bits >> bit & 3 != 0;
    let bulk_memory = on(0);
    let reference_types = bulk_memory && on(10);
    let function_references = reference_types && on(20);
    Features {
        mutable_global: on(2),
        saturating_float_to_int: on(4),
        sign_extension: on(6),
        multi_value: on(8),
        bulk_memory,
        reference_types,
        tail_call: on(12),
        extended_const: on(14),
        multi_memory: on(16),
        memory64: on(18),
        simd: on(24),
        relaxed_simd: on(26),
        wide_arithmetic: on(28),
        function_references,
        gc: function_references && on(22),
        exceptions: reference_types && on(34),
        threads: on(30),
        custom_page_sizes: on(32),
    }
}

fn peer_features(features: Features) -> WasmFeatures {
    let mut peer = WasmFeatures::FLOATS | WasmFeatures::GC_TYPES;
    for (flag, on) in [
        (WasmFeatures::MUTABLE_GLOBAL, features.mutable_global),
        (WasmFeatures::SATURATING_FLOAT_TO_INT, features.saturating_float_to_int),
        (WasmFeatures::SIGN_EXTENSION, features.sign_extension),
        (WasmFeatures::MULTI_VALUE, features.multi_value),
        (WasmFeatures::BULK_MEMORY, features.bulk_memory),
        (WasmFeatures::REFERENCE_TYPES, features.reference_types),
        (WasmFeatures::TAIL_CALL, features.tail_call),
        (WasmFeatures::EXTENDED_CONST, features.extended_const),
        (WasmFeatures::MULTI_MEMORY, features.multi_memory),
        (WasmFeatures::MEMORY64, features.memory64),
        (WasmFeatures::SIMD, features.simd),
        (WasmFeatures::RELAXED_SIMD, features.relaxed_simd),
        (WasmFeatures::WIDE_ARITHMETIC, features.wide_arithmetic),
        (WasmFeatures::FUNCTION_REFERENCES, features.function_references),
        (WasmFeatures::GC, features.gc),
        (WasmFeatures::EXCEPTIONS, features.exceptions),
        (WasmFeatures::THREADS, features.threads),
        (WasmFeatures::CUSTOM_PAGE_SIZES, features.custom_page_sizes),
    ] {
        peer.set(flag, on);
    }
    peer
}

/// A module of the features that this crate has.
fn generate(numbers: &mut Numbers, allow_invalid: bool) -> Option<Vec<u8>> {
    let seed = numbers.bytes(4096);
    let config = wasm_smith::Config {
        allow_invalid_funcs: allow_invalid,
        compact_imports_enabled: false,
        exceptions_enabled: true,
        gc_enabled: true,
        max_memories: 3,
        max_tables: 3,
        min_funcs: 1,
        custom_page_sizes_enabled: true,
        relaxed_simd_enabled: true,
        simd_enabled: true,
        threads_enabled: true,
        wide_arithmetic_enabled: true,
        ..wasm_smith::Config::default()
    };
    let module = wasm_smith::Module::new(config, &mut Unstructured::new(&seed)).ok()?;
    Some(module.to_bytes())
}

/// Change, insert, remove or repeat a few bytes.
fn mutate(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(3) {
        if bytes.len() <= 8 {
            return;
        }
        let at = 8 + numbers.below(bytes.len() - 8);
        match numbers.below(6) {
            0 => bytes[at] ^= 1 << numbers.below(8),
            1 => bytes[at] = numbers.next() as u8,
            2 => bytes[at] = (numbers.next() % 8) as u8,
            3 => bytes.insert(at, numbers.next() as u8),
            4 if bytes.len() > 16 => {
                bytes.remove(at);
            }
            _ => {
                let from = 8 + numbers.below(bytes.len() - 8);
                bytes[at] = bytes[from];
            }
        }
    }
}

#[derive(Debug, Default)]
struct Tally {
    both_accept: usize,
    both_refuse: usize,
    /// One of the two says that the module is too large for it.
    limits: usize,
    differ: Vec<String>,
}

impl Tally {
    fn compare(&mut self, bytes: &[u8], features: Features) {
        let config = Config { features, ..Config::default() };
        let ours = Module::new(&config, bytes);
        let peer = Validator::new_with_features(peer_features(features)).validate_all(bytes);
        match (&ours, &peer) {
            (Ok(_), Ok(_)) => self.both_accept += 1,
            (Err(error), _) if error.kind == ErrorKind::Limit => self.limits += 1,
            (Err(_), Err(_)) => self.both_refuse += 1,
            (_, Err(error)) if is_limit(error.message()) => self.limits += 1,
            _ => {
                let ours = ours.err().map(|error| error.to_string());
                let peer = peer.err().map(|error| error.to_string());
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                self.differ.push(format!("{ours:?} against {peer:?}: {features:?}: {hex}"));
            }
        }
    }

    fn finish(&self, what: &str) {
        println!(
            "{what}: {} accepted by both, {} refused by both, {} limits, {} differ",
            self.both_accept,
            self.both_refuse,
            self.limits,
            self.differ.len()
        );
        for line in self.differ.iter().take(20) {
            println!("  {line}");
        }
        assert!(self.differ.is_empty());
    }
}

/// The peer's own limits on sizes.
fn is_limit(message: &str) -> bool {
    ["exceed", "out of bounds of", "limit", "too large"].iter().any(|word| message.contains(word))
        && !message.contains("limits flags")
}

#[test]
fn generated_modules_are_accepted() {
    let mut numbers = Numbers(1);
    let mut tally = Tally::default();
    for _ in 0..3000 {
        if let Some(bytes) = generate(&mut numbers, false) {
            tally.compare(&bytes, Features::default());
        }
    }
    tally.finish("generated");
    assert!(tally.both_accept > 2000 && tally.both_refuse == 0, "{tally:?}");
}

#[test]
fn generated_modules_are_accepted_or_refused_alike_with_any_features() {
    let mut numbers = Numbers(2);
    let mut tally = Tally::default();
    for round in 0..2000 {
        let Some(bytes) = generate(&mut numbers, round % 4 == 0) else { continue };
        for _ in 0..8 {
            tally.compare(&bytes, features(numbers.next()));
        }
    }
    tally.finish("any features");
    assert!(tally.both_accept > 100 && tally.both_refuse > 1000, "{tally:?}");
}

#[test]
fn mutated_modules_are_accepted_or_refused_alike() {
    let mut numbers = Numbers(3);
    let mut tally = Tally::default();
    for round in 0..2000 {
        let Some(original) = generate(&mut numbers, round % 4 == 0) else { continue };
        for variant in 0..60 {
            let mut bytes = original.clone();
            mutate(&mut bytes, &mut numbers);
            let set = if variant % 4 == 0 { features(numbers.next()) } else { Features::default() };
            tally.compare(&bytes, set);
        }
    }
    tally.finish("mutated");
    assert!(tally.both_accept > 1000 && tally.both_refuse > 50_000, "{tally:?}");
}

#[test]
fn arbitrary_bytes_never_panic() {
    let mut numbers = Numbers(4);
    let mut tally = Tally::default();
    for _ in 0..50_000 {
        let count = numbers.below(64);
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        bytes.extend(numbers.bytes(count));
        tally.compare(&bytes, Features::default());
    }
    tally.finish("arbitrary");
}
