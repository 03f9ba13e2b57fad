//! Shards and merged campaigns.

use std::path::PathBuf;

use gainsay_campaign::{HuntOptions, merge};
use gainsay_findings::{MergeError, Shard, Summary};

use crate::support::{Scratch, essence, options, replaced_generator, run};

pub const TESTS: &[(&str, fn())] = &[
    ("three_shards_merged_equal_the_whole", three_shards_equal_the_whole),
    ("merging_is_commutative_associative_and_idempotent", merging_has_no_order),
    ("shards_that_share_cases_are_not_merged", overlapping_shards_are_refused),
    ("campaigns_on_other_engines_do_not_make_one_seed", other_engines_are_refused),
    ("campaigns_of_other_seeds_add_up", other_seeds_add_up),
    ("what_was_merged_of_several_seeds_is_merged_again", several_seeds_merge_again),
    ("campaigns_of_another_generator_are_not_merged", other_generators_are_refused),
    ("nothing_cannot_be_merged", nothing_is_refused),
];

/// The shards 1/n to n/n of a campaign, each in its own directory.
fn shards(scratch: &Scratch, n: u64, of: &HuntOptions) -> Vec<PathBuf> {
    let shard = |k| {
        let out = scratch.path(&format!("shard-{k}-of-{n}"));
        let shard = Shard::new(k, n).expect("k is from 1 to n");
        run(&HuntOptions { shard, out: out.clone(), ..of.clone() });
        out
    };
    (1..=n).map(shard).collect()
}

fn merged(scratch: &Scratch, name: &str, from: &[PathBuf]) -> Summary {
    merge(from, &scratch.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn three_shards_equal_the_whole() {
    let scratch = Scratch::new();
    let whole = options(&scratch.path("whole"), &["sound", "liar", "other"], 200);
    let parts = shards(&scratch, 3, &whole);
    let (mut whole, mut sum) = (run(&whole), merged(&scratch, "sum", &parts));
    assert_eq!(essence(&whole), essence(&sum));
    assert!(!sum.findings.is_empty());
    assert_eq!(sum.shards, ["1/3", "2/3", "3/3"]);
    let texts = |summary: &mut Summary| -> Vec<String> {
        summary.findings.iter().map(|finding| finding.text.clone()).collect()
    };
    assert_eq!(texts(&mut whole), texts(&mut sum));
}

fn merging_has_no_order() {
    let scratch = Scratch::new();
    let of = options(&scratch.path("unused"), &["sound", "liar"], 90);
    let s = shards(&scratch, 3, &of);
    let forth = merged(&scratch, "forth", &s);
    let back = merged(&scratch, "back", &[s[2].clone(), s[1].clone(), s[0].clone()]);
    assert_eq!(essence(&forth), essence(&back));
    merged(&scratch, "left", &s[..2]);
    merged(&scratch, "right", &s[1..]);
    let left = merged(&scratch, "left-first", &[scratch.path("left"), s[2].clone()]);
    let right = merged(&scratch, "right-first", &[s[0].clone(), scratch.path("right")]);
    assert_eq!(essence(&left), essence(&forth));
    assert_eq!(essence(&right), essence(&forth));
    let twice = [s[0].clone(), scratch.path("forth"), s[0].clone(), scratch.path("left")];
    assert_eq!(essence(&merged(&scratch, "twice", &twice)), essence(&forth));
}

fn conflict(scratch: &Scratch, from: &[PathBuf]) -> String {
    match merge(from, &scratch.path("conflict")) {
        Err(MergeError::Conflict { reason, .. }) => reason,
        other => panic!("expected a conflict, not {other:?}"),
    }
}

fn overlapping_shards_are_refused() {
    let scratch = Scratch::new();
    let of = options(&scratch.path("whole"), &["sound", "other"], 12);
    run(&of);
    let halves = shards(&scratch, 2, &of);
    let thirds = shards(&scratch, 3, &of);
    let reason = conflict(&scratch, &[halves[0].clone(), thirds[1].clone()]);
    assert_eq!(reason, "shards 1/2 and 2/3 of seed 7 have cases in common");
    conflict(&scratch, &[of.out.clone(), halves[1].clone()]);
}

fn other_engines_are_refused() {
    let scratch = Scratch::new();
    let one = options(&scratch.path("one"), &["sound", "other"], 12);
    let two = options(&scratch.path("two"), &["sound", "liar"], 12);
    run(&one);
    run(&two);
    let reason = conflict(&scratch, &[one.out, two.out]);
    assert!(reason.starts_with("seed 7 was run with other"), "{reason}");
}

fn other_seeds_add_up() {
    let scratch = Scratch::new();
    let one = options(&scratch.path("one"), &["sound", "liar"], 40);
    let two = HuntOptions { seed: 8, out: scratch.path("two"), ..one.clone() };
    let (first, second) = (run(&one), run(&two));
    let sum = merged(&scratch, "sum", &[one.out, two.out]);
    assert_eq!(sum.cases, first.cases + second.cases);
    assert_eq!(sum.verdicts.diverge, first.verdicts.diverge + second.verdicts.diverge);
    // Witnesses of the lower seed come first, so its findings are all still there.
    for finding in &first.findings {
        assert!(sum.findings.iter().any(|f| f.signature == finding.signature));
    }
}

fn several_seeds_merge_again() {
    let scratch = Scratch::new();
    let one = options(&scratch.path("one"), &["sound", "other"], 20);
    run(&one);
    let of = HuntOptions {
        seed: 8,
        engines: ["sound", "liar", "other"].map(str::to_owned).to_vec(),
        ..one.clone()
    };
    let halves = shards(&scratch, 2, &of);
    let first = merged(&scratch, "first", &[one.out.clone(), halves[0].clone()]);
    assert_eq!(first.shards, ["7/1/1", "8/1/2"]);
    let all = merged(&scratch, "all", &[scratch.path("first"), halves[1].clone()]);
    assert_eq!(all.shards, ["7/1/1", "8/1/2", "8/2/2"]);
    let at_once = [halves[1].clone(), one.out, halves[0].clone()];
    assert_eq!(essence(&all), essence(&merged(&scratch, "at-once", &at_once)));
    // The circumstances of a seed are remembered.
    let other = HuntOptions {
        seed: 8,
        shard: Shard::new(2, 2).expect("a shard"),
        out: scratch.path("other"),
        ..options(&scratch.path("other"), &["sound", "other"], 20)
    };
    run(&other);
    let reason = conflict(&scratch, &[scratch.path("first"), other.out]);
    assert!(reason.starts_with("seed 8 was run with other"), "{reason}");
}

fn other_generators_are_refused() {
    let scratch = Scratch::new();
    let one = options(&scratch.path("one"), &["sound", "other"], 12);
    let two = HuntOptions { seed: 8, out: scratch.path("two"), ..one.clone() };
    run(&one);
    run(&two);
    replaced_generator(&two.out);
    let error = merge(&[one.out, two.out.clone()], &scratch.path("sum")).expect_err("refused");
    let text = error.to_string();
    assert!(matches!(error, MergeError::OtherGenerator { path, .. } if path == two.out), "{text}");
    assert!(text.contains("merge with the version of gainsay that ran it"), "{text}");
    assert!(!scratch.path("sum").exists());
}

fn nothing_is_refused() {
    let scratch = Scratch::new();
    assert!(matches!(merge(&[], &scratch.path("c")), Err(MergeError::Nothing)));
}
