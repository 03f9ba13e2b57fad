//! Known-bad variants: small defects that models must find, so that their silence
//! about the code without them means something.
//!
//! Each stands as one `if` in the code it spoils. Without `--cfg loom` or
//! `--cfg shuttle` the condition is the constant `false`: what ships has none of them.

/// A defect. The report's number and what is wrong are in the catalogue of models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// Two look-ups of a missing key both find it missing.
    UnlockedLookup,
    /// What is put in replaces what is there.
    OverwriteOnInsert,
    /// An artefact can be found before it is complete.
    PublishBeforeInit,
    /// Who finds an artefact is not counted.
    HitWithoutReference,
    /// Each close counts, also that of a closed handle.
    DoubleDecrement,
    /// After a failed build the key stays taken.
    FailedBuildStays,
    /// The last close releases the artefact while it can still be found.
    ReleaseBeforeRemoval,
    /// An instance does not keep its artefact from being released.
    InstanceWithoutReference,
    /// Closing the cache does not wake those who wait for a build.
    CloseWithoutWaking,
    /// An entry on disk is written in place and believed unread.
    TornEntryTrusted,
    /// Whether an instance may run is looked at, and noted later.
    CheckThenSet,
    /// That an instance has run is noted when it ends.
    SetAfterCall,
    /// A trap makes an instance fresh again.
    ResetOnTrap,
}

impl Defect {
    /// All of them.
    pub const ALL: &[Defect] = &[
        Defect::UnlockedLookup,
        Defect::OverwriteOnInsert,
        Defect::PublishBeforeInit,
        Defect::HitWithoutReference,
        Defect::DoubleDecrement,
        Defect::FailedBuildStays,
        Defect::ReleaseBeforeRemoval,
        Defect::InstanceWithoutReference,
        Defect::CloseWithoutWaking,
        Defect::TornEntryTrusted,
        Defect::CheckThenSet,
        Defect::SetAfterCall,
        Defect::ResetOnTrap,
    ];

    /// Its name in the catalogue and in [`VARIABLE`].
    pub const fn name(self) -> &'static str {
        match self {
            Defect::UnlockedLookup => "unlocked_lookup",
            Defect::OverwriteOnInsert => "overwrite_on_insert",
            Defect::PublishBeforeInit => "publish_before_init",
            Defect::HitWithoutReference => "hit_without_reference",
            Defect::DoubleDecrement => "double_decrement",
            Defect::FailedBuildStays => "failed_build_stays",
            Defect::ReleaseBeforeRemoval => "release_before_removal",
            Defect::InstanceWithoutReference => "instance_without_reference",
            Defect::CloseWithoutWaking => "close_without_waking",
            Defect::TornEntryTrusted => "torn_entry_trusted",
            Defect::CheckThenSet => "check_then_set",
            Defect::SetAfterCall => "set_after_call",
            Defect::ResetOnTrap => "reset_on_trap",
        }
    }
}

/// The environment variable that plants a defect, in a build for models.
pub const VARIABLE: &str = "GAINSAY_DEFECT";

/// Whether this defect is planted: never, in what ships.
#[cfg(not(any(loom, shuttle)))]
pub(crate) const fn planted(_: Defect) -> bool {
    false
}

/// Whether this is the defect that the process was started with.
#[cfg(any(loom, shuttle))]
pub(crate) fn planted(defect: Defect) -> bool {
    selected::get() == Some(defect)
}

#[cfg(any(loom, shuttle))]
mod selected {
    use super::{Defect, VARIABLE};

    #[expect(clippy::disallowed_types, reason = "no part of what a model explores")]
    static SELECTED: std::sync::OnceLock<Option<Defect>> = std::sync::OnceLock::new();

    /// # Panics
    /// When the variable names no defect: the model would pass for nothing.
    pub(super) fn get() -> Option<Defect> {
        *SELECTED.get_or_init(|| {
            let name = std::env::var(VARIABLE).ok()?;
            let found = Defect::ALL.iter().find(|defect| defect.name() == name);
            Some(*found.unwrap_or_else(|| panic!("there is no defect {name:?}")))
        })
    }
}
