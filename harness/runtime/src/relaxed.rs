//! What the spec leaves open about relaxed vector operations (§ exec/numerics,
//! relaxed operations).

/// One choice for every parameter of the relaxed operations. The default is that of
/// the deterministic profile (§ appendix/profiles), whose parameters are all 0.
///
/// Every variant's doc says which index of the spec's list it is. `ALL` of each type
/// has them in this order, so that an oracle can compute what is allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RelaxedChoice {
    /// `R_fmadd`: `relaxed_madd` and `relaxed_nmadd`.
    pub madd: RelaxedMadd,
    /// `R_fmin`: `relaxed_min`.
    pub min: RelaxedMinMax,
    /// `R_fmax`: `relaxed_max`.
    pub max: RelaxedMinMax,
    /// `R_idot`: the dot products of 8-bit with 7-bit integers.
    pub dot: RelaxedDot,
    /// `R_iq15mulr`: `relaxed_q15mulr_s`.
    pub q15mulr: RelaxedQ15mulr,
    /// `R_trunc_u`: the unsigned `relaxed_trunc`.
    pub trunc_u: RelaxedTruncU,
    /// `R_trunc_s`: the signed `relaxed_trunc`.
    pub trunc_s: RelaxedTruncS,
    /// `R_swizzle`: `relaxed_swizzle`.
    pub swizzle: RelaxedSwizzle,
    /// `R_laneselect`: `relaxed_laneselect`.
    pub laneselect: RelaxedLaneselect,
}

macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident {
        $(#[$first_doc:meta])* $first:ident,
        $($(#[$variant_doc:meta])* $variant:ident,)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum $name {
            $(#[$first_doc])*
            #[default]
            $first,
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// Every choice, the deterministic profile's first.
            pub const ALL: &'static [$name] = &[$name::$first, $($name::$variant,)*];
        }
    )*};
}

choices! {
    /// How often a product with an addend is rounded.
    RelaxedMadd {
        /// 0: the product, and then the sum.
        Unfused,
        /// 1: the sum only.
        Fused,
    }

    /// The minimum or maximum where a NaN or zeros of different signs are concerned.
    RelaxedMinMax {
        /// 0: as `fmin` and `fmax` have it.
        Strict,
        /// 1: the first operand.
        First,
        /// 2: the second operand.
        Second,
        /// 3: the operand that is no NaN, the second if both are; of zeros, the lesser
        /// for a minimum and the greater for a maximum.
        Number,
    }

    /// How the second operand's bytes with a sign are read, and what becomes of the
    /// sum of two products.
    RelaxedDot {
        /// 0: signed; sums of two products saturate to 16 bits.
        Signed,
        /// 1: unsigned; sums of two products saturate to 16 bits.
        Unsigned,
        /// Unsigned; sums are modulo the width of the result, so that four products are
        /// summed exactly. Not in the formal definition, in which sums of two products
        /// saturate always (§ exec/numerics, `vextbinop` and `vextternop`: `ivdotsat`), but
        /// the official test suite admits it, as what AVX-VNNI gives:
        /// `relaxed_dot_product.wast` has `-66047` for four times `-128 * 129` and 1. Neither
        /// admits exact sums of signed products.
        UnsignedExact,
    }

    /// The product of -1 and -1 as fractions of 15 bits.
    RelaxedQ15mulr {
        /// 0: the largest number.
        Saturating,
        /// 1: the most negative number.
        Wrapping,
    }

    /// NaN and what is out of range, converted to an unsigned integer of N bits. Wasm 3.0 has
    /// any number instead of the last three; engines give these.
    RelaxedTruncU {
        /// 0: as `trunc_sat_u` has it.
        Saturating,
        /// 1: 2^N - 1.
        Most,
        /// 2: 2^N - 2.
        MostButOne,
        /// 3: 2^(N-1).
        SignBit,
    }

    /// NaN and what is out of range, converted to a signed integer of N bits. Wasm 3.0 has any
    /// number instead of the second; engines give this one.
    RelaxedTruncS {
        /// 0: as `trunc_sat_s` has it.
        Saturating,
        /// 1: -2^(N-1).
        SignBit,
    }

    /// A lane index from 16 to 127.
    RelaxedSwizzle {
        /// 0: gives 0.
        Zero,
        /// 1: is taken modulo 16.
        Modulo,
    }

    /// What a mask selects by.
    RelaxedLaneselect {
        /// 0: each bit by its own.
        Bits,
        /// 1: each lane by its highest.
        HighestBit,
    }
}
