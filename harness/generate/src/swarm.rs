//! What one case may use.
//!
//! Swarm testing: a case that may use everything uses little of each, and some
//! bugs show only where a feature is missing. So for each case some proposals
//! and instruction classes are switched off outright.

use arbitrary::{Result, Unstructured};
use gainsay_case::{Capabilities, Proposal};

use crate::decide::{percent, weighted};

/// The proposals that generated cases use where every engine has them. Widening
/// generation begins here.
pub const PROPOSALS_GENERATED: &[Proposal] = &[
    Proposal::MutableGlobal,
    Proposal::SaturatingFloatToInt,
    Proposal::SignExtension,
    Proposal::MultiValue,
    Proposal::BulkMemory,
    Proposal::ReferenceTypes,
    Proposal::TailCall,
    Proposal::ExtendedConst,
    Proposal::MultiMemory,
    Proposal::Memory64,
    Proposal::Simd,
    Proposal::RelaxedSimd,
    Proposal::Threads,
    Proposal::WideArithmetic,
    Proposal::CustomPageSizes,
    Proposal::FunctionReferences,
    Proposal::Gc,
    Proposal::ExceptionHandling,
];

/// Where in that list the proposals begin that bring types and whole classes of
/// instructions of their own.
const YOUNG: usize = 10;

/// How much code a module has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    Small,
    Medium,
    Big,
}

/// The decisions that hold for a whole case.
#[derive(Clone, Debug)]
pub(crate) struct Swarm {
    /// The proposals that the modules of this case may use.
    pub enabled: Capabilities,
    /// How big the modules are.
    pub size: Size,
    /// Whether traps are avoided where code is generated.
    pub avoid_traps: bool,
    /// What one call may use up before it traps.
    pub fuel: u32,
    /// Largest size of a memory in 64-KiB pages, if it is limited.
    pub memory_pages_max: u32,
    /// Whether memories may have no maximum, so that only the harness's limits
    /// bound them.
    pub memory_unbounded: bool,
    /// Whether a second module imports the first one's exports.
    pub linked: bool,
}

impl Swarm {
    pub(crate) fn choose(common: &Capabilities, u: &mut Unstructured<'_>) -> Result<Swarm> {
        let mut enabled = Capabilities::new();
        // What came after Wasm 2.0 and its kin crowds out plain code where it is on, so
        // it is off more often.
        let (old, young) =
            weighted(u, &[(3, (75, 12)), (4, (75, 50)), (2, (85, 85)), (1, (100, 100))])?;
        for (position, proposal) in PROPOSALS_GENERATED.iter().enumerate() {
            let chance = if position < YOUNG { old } else { young };
            if percent(u, chance)? && common.contains(proposal) {
                enabled.insert(*proposal);
            }
        }
        without_foundation(&mut enabled);
        Ok(Swarm {
            enabled,
            size: weighted(u, &[(84, Size::Small), (14, Size::Medium), (2, Size::Big)])?,
            avoid_traps: percent(u, 30)?,
            fuel: weighted(u, &[(2, 400), (1, 100), (1, 1000)])?,
            memory_pages_max: weighted(u, &[(70, 1), (20, 2), (8, 4), (2, 16)])?,
            memory_unbounded: percent(u, 5)?,
            linked: percent(u, 15)?,
        })
    }

    pub(crate) fn has(&self, proposal: Proposal) -> bool {
        self.enabled.contains(&proposal)
    }
}

/// Switch off what stands on a proposal that is off.
fn without_foundation(enabled: &mut Capabilities) {
    const FOUNDATIONS: &[(Proposal, Proposal)] = &[
        (Proposal::RelaxedSimd, Proposal::Simd),
        (Proposal::FunctionReferences, Proposal::ReferenceTypes),
        (Proposal::Gc, Proposal::FunctionReferences),
        (Proposal::ExceptionHandling, Proposal::ReferenceTypes),
        (Proposal::Threads, Proposal::BulkMemory),
    ];
    for (upper, foundation) in FOUNDATIONS {
        if !enabled.contains(foundation) {
            enabled.remove(upper);
        }
    }
}
