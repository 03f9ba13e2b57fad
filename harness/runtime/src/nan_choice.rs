//! What the spec leaves open about NaNs (§ exec/numerics, NaN propagation).

/// Which NaN a floating-point operation results in: its sign is open always, and its
/// payload if an operand was a NaN that is not canonical. The default is that of the
/// deterministic profile (§ appendix/profiles).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NanChoice {
    /// The canonical NaN, positive.
    #[default]
    Positive,
    /// The canonical NaN, negative: what x86 makes of operands without NaNs.
    Negative,
    /// The first operand that is a NaN, quiet and with its sign, as x86 and ARM propagate
    /// it; without one the negative canonical NaN.
    First,
    /// The last operand that is a NaN, alike: a compiler may swap operands. Without one
    /// the positive canonical NaN.
    Last,
    /// As [`NanChoice::First`], with the other sign.
    Inverted,
    /// Any of these, drawn anew for each NaN from a sequence that this number begins:
    /// a compiler may compute one operation beforehand and leave the next to the machine.
    Mixed(u32),
}

impl NanChoice {
    /// Choices by which to see whether something depends on them: that of the
    /// deterministic profile first, then those that show it most often.
    pub const ALL: &'static [NanChoice] = &[
        NanChoice::Positive,
        NanChoice::Mixed(1),
        NanChoice::Mixed(2),
        NanChoice::Negative,
        NanChoice::First,
        NanChoice::Last,
        NanChoice::Inverted,
    ];
}
