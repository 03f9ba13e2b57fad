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
    /// A slot whose lease ends does not come back.
    DropKeepsSlot,
    /// A slot comes back twice.
    DoubleFree,
    /// A slot can be found before it is cleaned.
    BackBeforeClean,
    /// What is in use is read, and written later.
    NonAtomicCounter,
    /// Shards are looked at one after the other, and never together.
    ExhaustedWhileFree,
    /// A slot that is given back by another thread than it was made for is lost.
    StolenSlotLost,
    /// A memory that is refused for its size keeps its slot.
    RefusalKeepsSlot,
    /// Taking the data out of a session does not drop its store.
    IntoDataKeepsAll,
    /// A session whose instantiation failed does not drop its store.
    FailedInstantiationKeepsAll,
    /// A call that returns keeps its stack.
    ReturnKeepsStack,
    /// A call that traps keeps its stack.
    TrapKeepsStack,
    /// A call whose host function fails keeps its stack.
    HostErrorKeepsStack,
    /// A call that passes a limit keeps its stack.
    LimitKeepsStack,
    /// A call that is dropped while it is suspended keeps its stack.
    DroppedCallKeepsStack,
    /// Who is given up in a guest lets others in before the store is back.
    PermitBeforeStore,
    /// Who is woken before it sleeps sleeps all the same.
    UnseenWake,
    /// Whoever asks for an environment is expected to run in the parent's.
    UnconditionalAssert,
    /// A start function runs in its parent's environment.
    StartOnParent,
    /// After a failure the thread's variable names the environment it has left.
    EarlyReturn,
    /// Destroying an environment clears the variable of who destroys it.
    DestroyClearsOther,
    /// Whether an environment is free is looked at, and noted later.
    TwoOwners,
    /// A trap ends the process in the main thread only.
    ChildTrapIgnored,
    /// That a process has ended is said without its lock.
    FlagWithoutLock,
    /// A later reason to end replaces the first one.
    LastWriterWins,
    /// A thread is started without looking whether the process has ended.
    SpawnDoesNotLook,
    /// The main thread's return does not wait for the others.
    RunDoesNotReap,
    /// Who begins to wait does not look whether the process has ended.
    WaitDoesNotLook,
    /// Who pauses sees the process's end only when the time is over.
    OnlyPolled,
    /// Who joins a thread that trapped is told that it returned.
    TrapLooksReturned,
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
        Defect::UnconditionalAssert,
        Defect::StartOnParent,
        Defect::EarlyReturn,
        Defect::DestroyClearsOther,
        Defect::TwoOwners,
        Defect::ChildTrapIgnored,
        Defect::FlagWithoutLock,
        Defect::LastWriterWins,
        Defect::SpawnDoesNotLook,
        Defect::RunDoesNotReap,
        Defect::WaitDoesNotLook,
        Defect::OnlyPolled,
        Defect::TrapLooksReturned,
        Defect::DropKeepsSlot,
        Defect::DoubleFree,
        Defect::BackBeforeClean,
        Defect::NonAtomicCounter,
        Defect::ExhaustedWhileFree,
        Defect::StolenSlotLost,
        Defect::RefusalKeepsSlot,
        Defect::IntoDataKeepsAll,
        Defect::FailedInstantiationKeepsAll,
        Defect::ReturnKeepsStack,
        Defect::TrapKeepsStack,
        Defect::HostErrorKeepsStack,
        Defect::LimitKeepsStack,
        Defect::DroppedCallKeepsStack,
        Defect::PermitBeforeStore,
        Defect::UnseenWake,
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
            Defect::DropKeepsSlot => "drop_keeps_slot",
            Defect::DoubleFree => "double_free",
            Defect::BackBeforeClean => "back_before_clean",
            Defect::NonAtomicCounter => "non_atomic_counter",
            Defect::ExhaustedWhileFree => "exhausted_while_free",
            Defect::StolenSlotLost => "stolen_slot_lost",
            Defect::RefusalKeepsSlot => "refusal_keeps_slot",
            Defect::IntoDataKeepsAll => "into_data_keeps_all",
            Defect::FailedInstantiationKeepsAll => "failed_instantiation_keeps_all",
            Defect::ReturnKeepsStack => "return_keeps_stack",
            Defect::TrapKeepsStack => "trap_keeps_stack",
            Defect::HostErrorKeepsStack => "host_error_keeps_stack",
            Defect::LimitKeepsStack => "limit_keeps_stack",
            Defect::DroppedCallKeepsStack => "dropped_call_keeps_stack",
            Defect::PermitBeforeStore => "permit_before_store",
            Defect::UnseenWake => "unseen_wake",
            Defect::UnconditionalAssert => "unconditional_assert",
            Defect::StartOnParent => "start_on_parent",
            Defect::EarlyReturn => "early_return",
            Defect::DestroyClearsOther => "destroy_clears_other",
            Defect::TwoOwners => "two_owners",
            Defect::ChildTrapIgnored => "child_trap_ignored",
            Defect::FlagWithoutLock => "flag_without_lock",
            Defect::LastWriterWins => "last_writer_wins",
            Defect::SpawnDoesNotLook => "spawn_does_not_look",
            Defect::RunDoesNotReap => "run_does_not_reap",
            Defect::WaitDoesNotLook => "wait_does_not_look",
            Defect::OnlyPolled => "only_polled",
            Defect::TrapLooksReturned => "trap_looks_returned",
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
