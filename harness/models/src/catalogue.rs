//! The models and known-bad variants by name.

use gainsay_host::defect::Defect;

/// What explores the schedules of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Explorer {
    /// Every schedule within the bound.
    Loom,
    /// So many drawn ones.
    Shuttle,
}

impl Explorer {
    /// Its name, which is also the `cfg` it is built with.
    pub const fn name(self) -> &'static str {
        match self {
            Explorer::Loom => "loom",
            Explorer::Shuttle => "shuttle",
        }
    }

    /// The test target that holds its models.
    pub const fn target(self) -> &'static str {
        match self {
            Explorer::Loom => "explored",
            Explorer::Shuttle => "sampled",
        }
    }
}

/// How far a model is explored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// For loom the preemptions of one schedule, `None` for any number; for shuttle the
    /// schedules drawn.
    pub gate: Option<u32>,
    /// The same when time does not matter.
    pub nightly: Option<u32>,
}

/// A model: a test of this name.
#[derive(Clone, Copy, Debug)]
pub struct Model {
    /// The test's name, which says what is held.
    pub name: &'static str,
    /// The part of the host that is explored.
    pub component: &'static str,
    /// The studied report whose invariants these are.
    pub report: &'static str,
    /// The invariants of the report's page, separated by spaces.
    pub invariants: &'static str,
    /// Who explores it.
    pub explorer: Explorer,
    /// Threads, the first one included.
    pub threads: usize,
    /// How far.
    pub bound: Bound,
    /// Questions to the world (`sync::model::choose`) in one execution; all answers are
    /// tried.
    pub questions: u32,
}

/// A defect and the model that must find it.
#[derive(Clone, Copy, Debug)]
pub struct KnownBad {
    /// What is planted.
    pub defect: Defect,
    /// What that means.
    pub what: &'static str,
    /// The model's name.
    pub model: &'static str,
    /// What the model must say when it fails.
    pub message: &'static str,
}

/// loom, as far as the gate can afford.
const fn loom(
    (report, component): (&'static str, &'static str),
    invariants: &'static str,
    name: &'static str,
    threads: usize,
    gate: Option<u32>,
) -> Model {
    let nightly = match gate {
        Some(bound) => Some(bound + 1),
        None => None,
    };
    let bound = Bound { gate, nightly };
    let explorer = Explorer::Loom;
    Model { name, component, report, invariants, explorer, threads, bound, questions: 0 }
}

/// shuttle with 8 threads beside the first one.
const fn shuttle(
    (report, component): (&'static str, &'static str),
    invariants: &'static str,
    name: &'static str,
    schedules: u32,
) -> Model {
    let bound = Bound { gate: Some(schedules), nightly: Some(schedules * 100) };
    let explorer = Explorer::Shuttle;
    Model { name, component, report, invariants, explorer, threads: 9, bound, questions: 0 }
}

const fn asking(model: Model, questions: u32) -> Model {
    Model { questions, ..model }
}

const CACHE: (&str, &str) = ("R4", "cache");
const DISK: (&str, &str) = ("R4", "disk");
const MODULES: (&str, &str) = ("R4", "module_cache");
const LIFECYCLE: (&str, &str) = ("R5", "lifecycle");
const GUEST: (&str, &str) = ("R5", "guest");
const POOL: (&str, &str) = ("R3", "pool");
const SESSION: (&str, &str) = ("R3", "session");
const FUTURE: (&str, &str) = ("R3", "future");
const SYNC: (&str, &str) = ("R4", "sync");
const ENVIRONMENT: (&str, &str) = ("R1", "environment");
const PROCESS: (&str, &str) = ("R2", "process");

/// All models.
pub const MODELS: &[Model] = &[
    loom(CACHE, "C2 C5", "two_threads_share_one_build", 2, None),
    loom(CACHE, "C2 C5", "three_threads_share_one_build", 3, Some(4)),
    loom(CACHE, "C5", "four_threads_share_one_build", 4, Some(3)),
    loom(CACHE, "C2 C5", "adopting_never_overwrites_a_file", 2, None),
    loom(CACHE, "C1", "a_found_entry_is_complete", 2, None),
    loom(CACHE, "C2 C3", "a_close_leaves_other_handles_open", 2, None),
    loom(CACHE, "C2 C6", "a_handle_closed_by_two_threads_is_closed_once", 3, None),
    loom(CACHE, "C5", "a_failed_build_wakes_the_waiters", 3, Some(4)),
    loom(CACHE, "C2 C4", "a_look_up_during_the_last_close_finds_nothing_released", 2, None),
    loom(CACHE, "C4", "an_instance_keeps_its_artefact", 2, None),
    loom(CACHE, "C7", "closing_the_cache_wakes_the_waiters", 3, None),
    loom(CACHE, "C7", "a_build_that_ends_after_the_cache_is_released", 2, None),
    loom(CACHE, "C7", "a_cache_closed_by_two_threads_is_closed_once", 3, None),
    loom(CACHE, "C5", "builds_of_two_keys_do_not_wait_for_each_other", 2, None),
    loom(CACHE, "C9", "histories_are_those_of_a_map_of_counts", 3, Some(3)),
    loom(DISK, "C10", "a_reader_sees_a_whole_entry_or_none", 3, Some(4)),
    loom(DISK, "C10", "two_processes_keep_the_same_entry", 2, None),
    loom(DISK, "C10", "a_process_that_died_leaves_nothing_that_is_read", 2, None),
    loom(MODULES, "C2 C4 C8", "two_threads_compile_the_same_modules", 2, Some(3)),
    loom(POOL, "S1", "entries_in_use_are_counted", 2, None),
    loom(POOL, "S2", "no_slot_is_lent_twice", 3, None),
    loom(POOL, "S3", "a_slot_is_clean_before_it_can_be_taken", 2, None),
    loom(POOL, "S5", "a_slot_that_is_free_all_the_time_is_found", 3, None),
    loom(POOL, "S1 S2 S4", "two_threads_take_from_each_others_shards", 2, None),
    loom(POOL, "S2", "two_of_three_threads_have_a_slot_at_a_time", 3, Some(3)),
    loom(SESSION, "S1 S4", "a_dropped_session_gives_everything_back", 2, None),
    loom(SESSION, "S4", "a_session_whose_data_are_taken_gives_everything_back", 2, None),
    loom(SESSION, "S4", "an_instantiation_that_fails_gives_everything_back", 2, None),
    loom(SESSION, "S4", "a_memory_that_is_refused_keeps_no_slot", 2, None),
    loom(SESSION, "S4 S5", "instantiations_that_a_pool_has_no_room_for_are_refused", 3, Some(3)),
    loom(SESSION, "S4", "closing_the_cache_takes_nothing_from_a_session", 2, None),
    loom(FUTURE, "S4", "a_call_that_returns_gives_its_stack_back", 2, None),
    loom(FUTURE, "S4", "a_call_that_traps_gives_its_stack_back", 2, None),
    loom(FUTURE, "S4", "a_call_whose_host_function_fails_gives_its_stack_back", 2, None),
    loom(FUTURE, "S4", "a_call_that_passes_a_limit_gives_its_stack_back", 2, None),
    loom(FUTURE, "S4", "a_call_dropped_while_suspended_gives_its_stack_back", 2, None),
    loom(FUTURE, "S6", "a_suspended_call_is_woken_by_another_thread", 2, None),
    loom(FUTURE, "S4", "a_suspended_call_may_be_dropped_on_another_thread", 2, None),
    loom(FUTURE, "S7", "a_guest_that_is_left_in_the_middle_is_poisoned", 2, None),
    asking(loom(SYNC, "", "a_timed_wait_ends_either_way", 2, None), 1),
    loom(LIFECYCLE, "L1 L2", "one_of_three_runs_is_let_in", 3, None),
    loom(LIFECYCLE, "L1 L2", "nothing_enters_after_a_trap", 3, None),
    loom(LIFECYCLE, "L1", "one_of_two_initializations_is_let_in", 2, None),
    loom(LIFECYCLE, "L2", "no_call_enters_before_the_initialization_ends", 3, None),
    loom(LIFECYCLE, "L1", "calls_of_a_reactor_exclude_each_other", 3, None),
    loom(LIFECYCLE, "L2", "a_call_that_is_given_up_poisons", 2, None),
    loom(GUEST, "L1 L2", "one_of_two_threads_runs_a_command_of_the_runtime", 2, None),
    loom(ENVIRONMENT, "P2", "the_host_gets_environments_without_having_one", 2, None),
    loom(ENVIRONMENT, "P1", "a_start_function_runs_in_its_own_environment", 2, None),
    loom(ENVIRONMENT, "P4", "a_call_that_fails_leaves_its_environment", 2, None),
    loom(ENVIRONMENT, "P4", "destroying_an_environment_leaves_that_of_the_destroyer", 2, None),
    loom(ENVIRONMENT, "P3", "an_environment_is_entered_by_one_of_three", 3, None),
    loom(ENVIRONMENT, "P1 P2 P3", "environments_are_made_in_three_ways_at_a_time", 4, Some(2)),
    loom(PROCESS, "T1 T2", "a_trap_in_a_child_wakes_the_main_thread", 2, None),
    loom(PROCESS, "T1 T3", "a_wait_that_begins_at_the_end_returns_at_once", 2, None),
    loom(PROCESS, "T1 T2", "a_reader_is_woken_by_the_end", 2, None),
    loom(PROCESS, "T1", "a_reader_is_woken_by_input_or_by_the_end", 3, Some(3)),
    asking(
        loom(PROCESS, "T1", "a_pausing_thread_is_woken_by_the_end_before_its_timeout", 2, None),
        2,
    ),
    loom(PROCESS, "T1", "a_busy_thread_ends_with_the_process", 2, None),
    loom(PROCESS, "T2 T5", "the_first_of_an_exit_and_a_trap_sets_the_status", 3, Some(3)),
    loom(PROCESS, "T2 T5", "one_of_two_traps_sets_the_status", 3, None),
    loom(PROCESS, "T1", "a_process_is_left_when_its_threads_are_gone", 2, None),
    loom(PROCESS, "T2 T6", "joining_a_trapped_thread_reports_no_success", 2, None),
    loom(PROCESS, "T2", "a_trap_in_the_start_function_of_a_child_is_one_in_the_child", 2, None),
    loom(PROCESS, "T5 T6", "joiners_see_one_status_of_a_process_that_is_killed", 3, Some(3)),
    loom(PROCESS, "T1 T4", "a_spawn_at_the_end_is_refused_or_its_thread_ends", 3, Some(3)),
    loom(PROCESS, "T4", "nothing_is_started_after_a_process_was_joined", 3, None),
    loom(PROCESS, "T4", "two_threads_share_the_last_place", 3, None),
    loom(PROCESS, "T1 T4", "a_trap_during_a_spawn_ends_both", 3, Some(3)),
    loom(PROCESS, "T1", "a_process_that_nobody_holds_ends_its_threads", 3, None),
    loom(PROCESS, "T1", "a_process_that_ends_gives_its_pool_everything_back", 2, Some(3)),
    loom(PROCESS, "T1", "a_thread_for_which_the_pool_has_nothing_ends_the_process", 2, Some(3)),
    loom(PROCESS, "T4", "an_environment_asked_for_at_the_end_is_refused_or_ended", 2, None),
    loom(PROCESS, "T1", "a_notification_and_the_end_both_wake", 2, None),
    loom(PROCESS, "T1", "a_deadlock_of_waiting_threads_is_detected", 2, Some(3)),
    loom(PROCESS, "T1", "a_deadlock_through_a_join_is_detected", 2, None),
    asking(loom(PROCESS, "T1", "a_timed_wait_of_a_guest_ends_in_three_ways", 2, None), 1),
    asking(
        loom(PROCESS, "T1 T3", "a_timed_wait_racing_with_the_end_is_not_a_deadlock", 2, None),
        1,
    ),
    shuttle(CACHE, "C2 C3 C4 C5", "eight_threads_do_twenty_things_with_a_cache", 2_000),
    shuttle(ENVIRONMENT, "P1 P2 P3 P4", "eight_threads_use_environments_twenty_times", 500),
    shuttle(PROCESS, "T1 T2 T4 T5", "eight_threads_do_twenty_things_with_a_process", 500),
    shuttle(LIFECYCLE, "L1 L2", "eight_threads_enter_reactors_twenty_times", 2_000),
    shuttle(POOL, "S1 S2 S3 S4", "eight_threads_do_twenty_things_with_slots", 2_000),
    shuttle(SESSION, "S1 S4", "eight_threads_do_twenty_things_with_sessions", 2_000),
];

const fn bad(
    defect: Defect,
    what: &'static str,
    model: &'static str,
    message: &'static str,
) -> KnownBad {
    KnownBad { defect, what, model, message }
}

/// What loom says when nobody can go on.
const DEADLOCK: &str = "deadlock";

/// All known-bad variants.
pub const KNOWN_BAD: &[KnownBad] = &[
    bad(
        Defect::UnlockedLookup,
        "two look-ups of a missing key both find it missing",
        "two_threads_share_one_build",
        "an artefact was released 0 times",
    ),
    bad(
        Defect::OverwriteOnInsert,
        "what is put in replaces what is there",
        "adopting_never_overwrites_a_file",
        "an artefact was released 0 times",
    ),
    bad(
        Defect::PublishBeforeInit,
        "an artefact can be found before it is complete",
        "a_found_entry_is_complete",
        "used before it was complete",
    ),
    bad(
        Defect::HitWithoutReference,
        "who finds an artefact is not counted",
        "a_close_leaves_other_handles_open",
        "an open handle cannot be entered",
    ),
    bad(
        Defect::DoubleDecrement,
        "each close counts, also that of a closed handle",
        "a_handle_closed_by_two_threads_is_closed_once",
        "an open handle is not counted",
    ),
    bad(
        Defect::FailedBuildStays,
        "after a failed build the key stays taken",
        "a_failed_build_wakes_the_waiters",
        DEADLOCK,
    ),
    bad(
        Defect::ReleaseBeforeRemoval,
        "the last close releases the artefact while it can still be found",
        "a_look_up_during_the_last_close_finds_nothing_released",
        "an open handle cannot be entered",
    ),
    bad(
        Defect::InstanceWithoutReference,
        "an instance does not keep its artefact from being released",
        "an_instance_keeps_its_artefact",
        "used after it was released",
    ),
    bad(
        Defect::CloseWithoutWaking,
        "closing the cache does not wake those who wait for a build",
        "closing_the_cache_wakes_the_waiters",
        DEADLOCK,
    ),
    bad(
        Defect::TornEntryTrusted,
        "an entry on disk is written in place and believed unread",
        "a_reader_sees_a_whole_entry_or_none",
        "a torn entry was believed",
    ),
    bad(
        Defect::CheckThenSet,
        "whether an instance may run is looked at, and noted later",
        "one_of_three_runs_is_let_in",
        "entered twice that may be entered once",
    ),
    bad(
        Defect::SetAfterCall,
        "that an instance has run is noted when it ends",
        "one_of_two_threads_runs_a_command_of_the_runtime",
        "the command ran twice",
    ),
    bad(
        Defect::ResetOnTrap,
        "a trap makes an instance fresh again",
        "nothing_enters_after_a_trap",
        "entered after a trap",
    ),
    bad(
        Defect::UnconditionalAssert,
        "whoever asks for an environment is expected to run in the main thread's or the parent's",
        "the_host_gets_environments_without_having_one",
        "the current environment is not the parent's",
    ),
    bad(
        Defect::StartOnParent,
        "a child's start function runs in its parent's environment",
        "a_start_function_runs_in_its_own_environment",
        "a guest runs in an environment not its own",
    ),
    bad(
        Defect::EarlyReturn,
        "after a failure the thread's variable names the environment it has left",
        "a_call_that_fails_leaves_its_environment",
        "the thread has left its environment",
    ),
    bad(
        Defect::DestroyClearsOther,
        "destroying an environment clears the variable of the thread that does it",
        "destroying_an_environment_leaves_that_of_the_destroyer",
        "the thread's own environment is not destroyed",
    ),
    bad(
        Defect::TwoOwners,
        "whether an environment is free is looked at, and noted later",
        "an_environment_is_entered_by_one_of_three",
        "two threads enter one environment",
    ),
    bad(
        Defect::ChildTrapIgnored,
        "a trap ends the process in the main thread only",
        "a_trap_in_a_child_wakes_the_main_thread",
        DEADLOCK,
    ),
    bad(
        Defect::FlagWithoutLock,
        "that the process has ended is said without its lock",
        "a_reader_is_woken_by_the_end",
        DEADLOCK,
    ),
    bad(
        Defect::LastWriterWins,
        "a later reason to end replaces the first one",
        "the_first_of_an_exit_and_a_trap_sets_the_status",
        "the status has changed",
    ),
    bad(
        Defect::SpawnDoesNotLook,
        "a thread is started without looking whether the process has ended",
        "nothing_is_started_after_a_process_was_joined",
        "a thread lives after its process was joined",
    ),
    bad(
        Defect::RunDoesNotReap,
        "the main thread's return does not wait for the others",
        "a_process_is_left_when_its_threads_are_gone",
        "a thread lives after its process was joined",
    ),
    bad(
        Defect::WaitDoesNotLook,
        "who begins to wait does not look whether the process has ended",
        "a_wait_that_begins_at_the_end_returns_at_once",
        DEADLOCK,
    ),
    bad(
        Defect::OnlyPolled,
        "who pauses sees the end only when the time is over",
        "a_pausing_thread_is_woken_by_the_end_before_its_timeout",
        DEADLOCK,
    ),
    bad(
        Defect::TrapLooksReturned,
        "who joins a thread that trapped is told that it returned",
        "joining_a_trapped_thread_reports_no_success",
        "a joiner saw success",
    ),
    bad(
        Defect::DropKeepsSlot,
        "a slot whose lease ends does not come back",
        "a_dropped_session_gives_everything_back",
        "did not come back",
    ),
    bad(
        Defect::DoubleFree,
        "a slot comes back twice",
        "no_slot_is_lent_twice",
        "a slot is in two leases",
    ),
    bad(
        Defect::BackBeforeClean,
        "a slot can be found before it is cleaned",
        "a_slot_is_clean_before_it_can_be_taken",
        "a slot was not clean",
    ),
    bad(
        Defect::NonAtomicCounter,
        "what is in use is read, and written later",
        "entries_in_use_are_counted",
        "the count of memories is wrong",
    ),
    bad(
        Defect::ExhaustedWhileFree,
        "shards are looked at one after the other, and never together",
        "a_slot_that_is_free_all_the_time_is_found",
        "there was nothing left while a slot was free",
    ),
    bad(
        Defect::StolenSlotLost,
        "a slot that is given back by another thread than it was made for is lost",
        "two_threads_take_from_each_others_shards",
        "some memories did not come back",
    ),
    bad(
        Defect::RefusalKeepsSlot,
        "a memory that is refused for its size keeps its slot",
        "a_memory_that_is_refused_keeps_no_slot",
        "some memories did not come back",
    ),
    bad(
        Defect::IntoDataKeepsAll,
        "taking the data out of a session does not drop its store",
        "a_session_whose_data_are_taken_gives_everything_back",
        "some instances did not come back",
    ),
    bad(
        Defect::FailedInstantiationKeepsAll,
        "a session whose instantiation failed does not drop its store",
        "an_instantiation_that_fails_gives_everything_back",
        "some instances did not come back",
    ),
    bad(
        Defect::ReturnKeepsStack,
        "a call that returns keeps its stack",
        "a_call_that_returns_gives_its_stack_back",
        "some stacks did not come back",
    ),
    bad(
        Defect::TrapKeepsStack,
        "a call that traps keeps its stack",
        "a_call_that_traps_gives_its_stack_back",
        "some stacks did not come back",
    ),
    bad(
        Defect::HostErrorKeepsStack,
        "a call whose host function fails keeps its stack",
        "a_call_whose_host_function_fails_gives_its_stack_back",
        "some stacks did not come back",
    ),
    bad(
        Defect::LimitKeepsStack,
        "a call that passes a limit keeps its stack",
        "a_call_that_passes_a_limit_gives_its_stack_back",
        "some stacks did not come back",
    ),
    bad(
        Defect::DroppedCallKeepsStack,
        "a call that is dropped while it is suspended keeps its stack",
        "a_call_dropped_while_suspended_gives_its_stack_back",
        "a stack came back",
    ),
    bad(
        Defect::PermitBeforeStore,
        "who is given up in a guest lets others in before the store is back",
        "a_guest_that_is_left_in_the_middle_is_poisoned",
        "who is let in finds the store",
    ),
    bad(
        Defect::UnseenWake,
        "who is woken before it sleeps sleeps all the same",
        "a_suspended_call_is_woken_by_another_thread",
        DEADLOCK,
    ),
];

/// Whether a model or variant of this name is meant by what a user asked for: a part of its
/// name, its component or its report.
pub fn is_meant(asked: &str, name: &str, component: &str, report: &str) -> bool {
    name.contains(asked) || component == asked || report.eq_ignore_ascii_case(asked)
}

/// The model of this name.
pub fn model(name: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.name == name)
}
