//! The text form.

use std::collections::BTreeSet;

use gainsay_lifecycle::{OPERATIONS_MAX, Op, Scenario, Verb, generate, generate_from_bytes};

#[test]
fn generated_sequences_are_read_as_they_were_written() {
    let mut verbs = BTreeSet::new();
    for index in 0..2_000 {
        let scenario = generate(7, index);
        assert!((1..=OPERATIONS_MAX).contains(&scenario.ops.len()));
        assert_eq!(Scenario::parse(&scenario.to_string()), Ok(scenario.clone()));
        verbs.extend(scenario.ops.iter().map(Op::verb));
    }
    println!("{} of {} operations in 2,000 sequences", verbs.len(), Verb::ALL.len());
    assert_eq!(verbs, Verb::ALL.iter().copied().collect());
}

#[test]
fn a_sequence_depends_on_seed_and_number_only() {
    assert_eq!(generate(1, 5), generate(1, 5));
    assert_ne!(generate(1, 5), generate(1, 6));
    assert_ne!(generate(1, 5), generate(2, 5));
}

#[test]
fn any_bytes_are_a_sequence() {
    for length in 0..64 {
        let bytes: Vec<u8> = (0..length).map(|byte: u8| byte.wrapping_mul(37)).collect();
        assert!(!generate_from_bytes(&bytes).ops.is_empty());
    }
}

#[test]
fn comments_and_empty_lines_are_passed_over() {
    let text = "; what this is\n\nscenario 1\n  engine e0 pool=2 ; two of each\n\ndrop-engine e0\n";
    let scenario = Scenario::parse(text).expect("a scenario");
    assert_eq!(scenario.to_string(), "scenario 1\nengine e0 pool=2\ndrop-engine e0\n");
}

#[test]
fn failures_name_the_line_and_the_expectation() {
    let error = |text: &str| Scenario::parse(text).expect_err(text).to_string();
    assert_eq!(error(""), "line 1: expected \"scenario 1\", found nothing");
    assert_eq!(error("\nscenario"), "line 2: expected \"scenario 1\", found \"scenario\"");
    assert_eq!(
        error("scenario 2"),
        "line 1: expected \"scenario 1\", found the text form of version 2"
    );
    assert_eq!(
        error("scenario 1\nengine e0"),
        "line 2: expected allocation (on-demand or pool=1 to pool=4), found the end of the line"
    );
    assert_eq!(
        error("scenario 1\nengine e0 on-demand\ndrop-store e0"),
        "line 3: expected store (s0 to s3), found \"e0\""
    );
    assert_eq!(
        error("scenario 1\ndrop-store s0 s1"),
        "line 2: expected the end of the line, found \"s1\""
    );
    assert!(error("scenario 1\nengines e0").contains("expected an operation (engine, drop-engine"));
    assert!(error("scenario 1\nengine e9 on-demand").contains("engine (e0 to e3)"));
    let long = format!("scenario 1\n{}", "drop-store s0\n".repeat(1_001));
    assert!(error(&long).contains("at most 1000 operations"));
}
