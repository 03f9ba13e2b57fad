//! What comparisons with wasmparser share: random modules, features by both names, and
//! which differences are no differences.

use arbitrary::Unstructured;
use gainsay_runtime::{Config, ErrorKind, Features, Module, ModuleError};
use wasmparser::{Validator, WasmFeatures};

/// A small generator of numbers: splitmix64.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next() as u8).collect()
    }
}

/// Features from the bits of a number; what others build on is on with them.
pub fn features(bits: u64) -> Features {
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

/// A module of the features that this crate has, made from so many random bytes.
pub fn generate(numbers: &mut Numbers, seed_bytes: usize, allow_invalid: bool) -> Option<Vec<u8>> {
    let seed = numbers.bytes(seed_bytes);
    // Mostly what can be instantiated, and sometimes sizes at the proposals' limits.
    let small = numbers.below(4) != 0;
    let all = wasm_smith::Config::default();
    let config = wasm_smith::Config {
        allow_invalid_funcs: allow_invalid,
        export_everything: true,
        compact_imports_enabled: false,
        exceptions_enabled: true,
        gc_enabled: true,
        max_memories: 3,
        max_memory32_bytes: if small { 1 << 18 } else { all.max_memory32_bytes },
        max_memory64_bytes: if small { 1 << 18 } else { all.max_memory64_bytes },
        max_table_elements: if small { 100 } else { all.max_table_elements },
        max_tables: 3,
        min_funcs: 1,
        custom_page_sizes_enabled: true,
        relaxed_simd_enabled: true,
        simd_enabled: true,
        threads_enabled: true,
        wide_arithmetic_enabled: true,
        ..all
    };
    let module = wasm_smith::Module::new(config, &mut Unstructured::new(&seed)).ok()?;
    Some(module.to_bytes())
}

/// Change, insert, remove or repeat a few bytes.
pub fn mutate(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
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

/// What the two say about one binary.
#[derive(Debug)]
pub enum Comparison {
    BothAccept,
    BothRefuse(ErrorKind),
    /// One of the two says that the module is too large for it.
    Limit,
    /// A memory index in more bytes than one, in bulk operators of one memory. The 2.0
    /// specification has a zero byte there (§ binary/instructions, memory instructions);
    /// wasmparser takes any number that is zero.
    LongZero,
    /// `return_call_ref` without the tail calls that it is one of: the proposal of typed
    /// function references has it only together with them, wasmparser always.
    TailCallRef,
    /// What each says, and everything that is needed to ask again.
    Differ(String),
}

/// Ask both. The module is returned if this runtime accepts it.
pub fn compare(config: &Config, bytes: &[u8]) -> (Comparison, Option<Module>) {
    let peer = peer_features(config.features);
    let peer = Validator::new_with_features(peer).validate_all(bytes);
    let ours = Module::new(config, bytes);
    let comparison = match (&ours, &peer) {
        (Ok(_), Ok(_)) => Comparison::BothAccept,
        (Err(ModuleError { kind: ErrorKind::Limit, .. }), _) => Comparison::Limit,
        (Err(error), Err(_)) => Comparison::BothRefuse(error.kind),
        (_, Err(error)) if is_limit(error.message()) => Comparison::Limit,
        (Err(error), Ok(_))
            if !config.features.multi_memory && error.message == "zero byte expected" =>
        {
            Comparison::LongZero
        }
        (Err(error), Ok(_))
            if !config.features.tail_call && error.message == "illegal opcode 15" =>
        {
            Comparison::TailCallRef
        }
        (ours, peer) => {
            let ours = ours.as_ref().err().map(ModuleError::to_string);
            let peer = peer.as_ref().err().map(|error| error.to_string());
            let (features, hex) = (config.features, hex(bytes));
            Comparison::Differ(format!("{ours:?} against {peer:?}: {features:?}: {hex}"))
        }
    };
    (comparison, ours.ok())
}

/// Bytes as they are quoted.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The peer's own limits on sizes.
fn is_limit(message: &str) -> bool {
    ["exceed", "out of bounds of", "limit", "too large"].iter().any(|word| message.contains(word))
        && !message.contains("limits flags")
}
