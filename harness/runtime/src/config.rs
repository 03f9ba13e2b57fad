//! What a module may use and how much of everything it may have.

use crate::nan_choice::NanChoice;
use crate::relaxed::RelaxedChoice;

/// Proposals that the decoder and validator accept. Those that can be executed
/// are on by default; switching one off makes the validator's verdict that of an
/// engine which lacks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features {
    /// Import and export of mutable globals.
    pub mutable_global: bool,
    /// Saturating float-to-integer conversions.
    pub saturating_float_to_int: bool,
    /// Sign-extension operators.
    pub sign_extension: bool,
    /// Multiple results and block parameters.
    pub multi_value: bool,
    /// Bulk memory and table operations.
    pub bulk_memory: bool,
    /// External references, several tables.
    pub reference_types: bool,
    /// Tail calls.
    pub tail_call: bool,
    /// Arithmetic in constant expressions.
    pub extended_const: bool,
    /// Several memories.
    pub multi_memory: bool,
    /// 64-bit memories and tables.
    pub memory64: bool,
    /// Vectors of 128 bits.
    pub simd: bool,
    /// Relaxed vector operations; nothing without `simd`.
    pub relaxed_simd: bool,
    /// Sums and products of 128 bits; not in Wasm 3.0.
    pub wide_arithmetic: bool,
    /// Typed function references; needs reference types.
    pub function_references: bool,
    /// Structures and arrays; needs typed function references.
    pub gc: bool,
    /// Exceptions; needs reference types.
    pub exceptions: bool,
    /// Shared memories and atomic instructions.
    pub threads: bool,
    /// Memories with pages of one byte.
    pub custom_page_sizes: bool,
}

impl Default for Features {
    fn default() -> Features {
        Features {
            mutable_global: true,
            saturating_float_to_int: true,
            sign_extension: true,
            multi_value: true,
            bulk_memory: true,
            reference_types: true,
            tail_call: true,
            extended_const: true,
            multi_memory: true,
            memory64: true,
            simd: true,
            relaxed_simd: true,
            wide_arithmetic: true,
            function_references: true,
            gc: true,
            exceptions: true,
            threads: true,
            custom_page_sizes: true,
        }
    }
}

/// Limits; each is exact: reaching it works, passing it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Slots (8 bytes each) of all frames of one activation together.
    pub stack_slots_max: usize,
    /// Frames of one activation.
    pub frames_max: usize,
    /// Bytes of one memory.
    pub memory_bytes_max: u64,
    /// Elements of one table.
    pub table_elements_max: u64,
    /// Bytes of all structures and arrays of a store together: 16 for each and its fields,
    /// rounded up to 8. What cannot be reached any more does not count. At most
    /// 32 gigabytes.
    pub heap_bytes_max: u64,
    /// Bytes of all exceptions that were caught with a reference to them, or made by
    /// the host: for each 32 and 8 for each slot of its values. What cannot be reached
    /// any more does not count.
    pub exception_bytes_max: u64,
    /// How long [`crate::Store::invoke`] lets a thread sleep in one
    /// `memory.atomic.wait`, in nanoseconds; `u64::MAX` for ever. Who drives an
    /// [`crate::Activation`] decides at each [`crate::Event::Wait`].
    pub wait_ns_max: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            stack_slots_max: 1 << 20,
            frames_max: 20_000,
            memory_bytes_max: 1 << 32,
            table_elements_max: 10_000_000,
            heap_bytes_max: 1 << 28,
            exception_bytes_max: 1 << 26,
            wait_ns_max: 1_000_000_000,
        }
    }
}

/// How a module is compiled and run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// What modules may use.
    pub features: Features,
    /// How much they may have.
    pub limits: Limits,
    /// Whether lowering inserts fuel charges: one unit per Wasm instruction,
    /// charged block by block before the block runs, and one unit per
    /// [`crate::FUEL_BYTES`] that an instruction on many bytes or elements has moved,
    /// charged afterwards. Off costs nothing.
    pub fuel: bool,
    /// What relaxed vector operations do in the stores made with this, where the spec
    /// leaves it open (§ exec/numerics, relaxed operations). The default is the
    /// deterministic profile's (§ appendix/profiles).
    pub relaxed: RelaxedChoice,
    /// Which NaNs operations result in, in the stores made with this, where the spec leaves
    /// it open (§ exec/numerics, NaN propagation). The default is the deterministic
    /// profile's (§ appendix/profiles).
    pub nans: NanChoice,
    /// Whether lowering lets execution stop before every memory instruction, with
    /// [`crate::Event::Yield`], so that schedules can be explored. Off costs nothing.
    pub yields: bool,
}
