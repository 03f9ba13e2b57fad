//! The four verdicts and their reasons.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::divergence::Divergence;

/// What is said of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict", content = "about")]
pub enum Verdict {
    /// Everything that was compared is equal bit for bit.
    Agree,
    /// Something that must be equal is not.
    Diverge(Divergence),
    /// There is a difference, and the specification leaves it open.
    Allowed(AllowedReason),
    /// Nothing of substance could be compared.
    Inconclusive(InconclusiveReason),
}

macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[$name] = &[$($name::$variant,)*];

            /// Its name in machine-readable output.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
pub(crate) use reasons;

reasons! {
    /// What the specification leaves open.
    AllowedReason {
        /// Which NaN an operation gives (§ exec/numerics, NaN propagation).
        NanPayload = "nan_payload",
        /// Whether `memory.grow` or `table.grow` succeeds
        /// (§ exec/instructions, `memory.grow`).
        GrowRefused = "grow_refused",
        /// What relaxed vector instructions do, in one consistent way per engine
        /// (§ exec/numerics, relaxed operations).
        RelaxedSimd = "relaxed_simd",
        /// What the official test suite admits of relaxed vector instructions, and the
        /// formal definition does not.
        RelaxedSuite = "relaxed_suite",
        /// Which of two reasons an atomic access traps for that is both misaligned and
        /// out of bounds: it traps, and a trap has no kind (threads proposal,
        /// § exec/instructions, atomic memory instructions).
        TrapOrder = "trap_order",
    }
}

reasons! {
    /// Why an engine's outcome of a step could not be compared.
    InconclusiveReason {
        /// Its stack was exhausted (§ appendix/implementation, execution).
        Stack = "stack",
        /// Its fuel was used up.
        Fuel = "fuel",
        /// Its time was used up, and nobody else got to the end either.
        TimeOut = "time_out",
        /// A memory was larger than it allows, or its process held too much.
        Memory = "memory",
        /// A table was larger than it allows.
        Table = "table",
        /// The heap of structures, arrays and exceptions was full.
        Heap = "heap",
        /// The module has more of something, or nests deeper, than it allows.
        Module = "module",
        /// It does not implement what was asked.
        Unsupported = "unsupported",
        /// An earlier limit left this instance, or one linked to it, in a state
        /// that no other engine need have.
        Unsettled = "unsettled",
        /// The engine was gone: an earlier step killed it.
        Gone = "gone",
        /// There was no second engine to compare with.
        Alone = "alone",
    }
}
