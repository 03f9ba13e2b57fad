//! Planted faults: the oracles find them, and few operations show them.

use gainsay_backends::{find, open};
use gainsay_lifecycle::{
    Abilities, Backend, Fault, Faulty, ModelBackend, Scenario, generate, run, shrink,
};

/// Sequences within which a fault must be found.
const CASES_MAX: u64 = 30_000;

const SHRINK_ATTEMPTS: u32 = 2_000;

fn reference() -> Box<dyn Backend> {
    open(find("reference").expect("the reference"))
}

fn model_backend() -> Box<dyn Backend> {
    Box::new(ModelBackend::new(Abilities::ALL))
}

/// The sequence that shows the fault, minimised, and the failure's signature.
fn found(inner: fn() -> Box<dyn Backend>, fault: Fault) -> (Scenario, String) {
    let fails = |scenario: &Scenario| {
        run(scenario, &mut Faulty::new(inner(), fault)).failure.map(|failure| failure.signature())
    };
    let mut cases = (0..CASES_MAX).map(|index| generate(5, index));
    let case = cases.find_map(|case| fails(&case).map(|signature| (case, signature)));
    let (case, signature) = case.unwrap_or_else(|| panic!("{fault:?} was not found"));
    let shows = &mut |smaller: &Scenario| fails(smaller).as_ref() == Some(&signature);
    let smallest = shrink(&case, SHRINK_ATTEMPTS, shows);
    println!(
        "{fault:?}: {} to {} operations\n{signature}\n{smallest}",
        case.ops.len(),
        smallest.ops.len()
    );
    assert_eq!(run(&smallest, &mut *inner()).failure, None, "it is the fault that shows");
    (smallest, signature)
}

#[test]
fn a_command_that_may_be_run_again_is_found() {
    let (smallest, signature) = found(reference, Fault::RunsCommandsAgain);
    assert!(
        signature.contains("run command: expected refused:Finished, saw ok")
            || signature.contains("run once")
            || signature.contains("run exiter"),
        "{signature}"
    );
    assert!(smallest.ops.len() <= 7, "{smallest}");
}

#[test]
fn a_pool_that_leaks_is_found() {
    let (smallest, _) = found(model_backend, Fault::LeaksStores);
    assert!(smallest.ops.len() <= 8, "{smallest}");
}

#[test]
fn a_close_that_counts_twice_is_found() {
    for inner in [reference, model_backend] {
        let (smallest, _) = found(inner, Fault::CountsCloseTwice);
        assert!(smallest.ops.len() <= 10, "{smallest}");
    }
}

#[test]
fn a_cache_that_forgets_is_found() {
    for inner in [reference, model_backend] {
        let (smallest, _) = found(inner, Fault::Forgets);
        assert!(smallest.ops.len() <= 6, "{smallest}");
    }
}

/// Report R2: whoever waits for the child waits for ever, or until all wait.
#[test]
fn a_process_that_ignores_the_traps_of_its_children_is_found() {
    let (smallest, signature) = found(model_backend, Fault::IgnoresTrapsOfChildren);
    assert!(signature.contains("join-process: expected "), "{signature}");
    assert!(smallest.ops.len() <= 6, "{smallest}");
}

/// Report R1: an environment outlives the thread that ran in it.
#[test]
fn a_thread_that_keeps_its_environment_is_found() {
    for inner in [reference, model_backend] {
        let (smallest, signature) = found(inner, Fault::KeepsEnvironments);
        assert!(
            signature.contains("count-process") || signature.contains("environments of processes"),
            "{signature}"
        );
        assert!(smallest.ops.len() <= 5, "{smallest}");
    }
}

#[test]
fn a_process_with_the_status_of_another_thread_is_found() {
    for inner in [reference, model_backend] {
        let (smallest, signature) = found(inner, Fault::TakesAnotherStatus);
        assert!(signature.contains("join-process: expected exit, saw another"), "{signature}");
        assert!(smallest.ops.len() <= 5, "{smallest}");
    }
}

#[test]
fn a_process_that_ends_again_is_found() {
    for inner in [reference, model_backend] {
        let (smallest, signature) = found(inner, Fault::LastReasonCounts);
        assert!(signature.contains("join-process: expected "), "{signature}");
        assert!(signature.ends_with("saw ended:Killed"), "{signature}");
        assert!(smallest.ops.len() <= 6, "{smallest}");
    }
}

/// One that every sequence with the operation shows is minimised to what that needs.
#[test]
fn an_injected_fault_is_minimised_to_three_operations() {
    let case = generate(5, 12);
    let needed = ["engine", "compile", "close-module"];
    let has = |scenario: &Scenario| {
        needed.iter().all(|verb| scenario.ops.iter().any(|op| op.verb().name() == *verb))
    };
    let long: Vec<_> = (0..200).map(|index| generate(5, index)).filter(|case| has(case)).collect();
    assert!(long.len() > 10, "{case}");
    for case in long {
        let smallest = shrink(&case, SHRINK_ATTEMPTS, &mut |smaller| has(smaller));
        assert_eq!(smallest.ops.len(), 3, "{smallest}");
    }
}
