//! From a fault in an engine to a regression case: fuzz, crash, adopt, replay.

use std::fs;
use std::path::Path;

use gainsay_fuzzing::{Differential, ENGINES, Groups, Target};

use crate::common::{code, gainsay_with, root, stderr, stdout};

/// The planted fault is the canary's; the input on which the target stops is what libFuzzer
/// would keep.
#[test]
fn a_planted_fault_is_fuzzed_adopted_and_replayed() {
    let mut target = Differential::over(Groups::of(&[&["reference", "canary"]]));
    let seeds = root().join("corpus/seeds/differential");
    let mut files: Vec<_> =
        fs::read_dir(seeds).expect("seeds").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let mut inputs = 0;
    let (input, finding) = files
        .iter()
        .find_map(|file| {
            let input = fs::read(file).expect("a seed");
            inputs += 1;
            target.take(&input).err().map(|finding| (input, finding.to_string()))
        })
        .expect("the planted fault shows in the seeds");
    println!("found after {inputs} inputs:\n{finding}");
    let lines = finding.lines().filter(|line| !line.starts_with(";;")).count();
    assert!(lines < 30, "{lines} lines");

    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("crash"), &input).expect("an input");
    let adopted = run(directory.path(), &["adopt", "crash", "--target", "differential"]);
    assert_eq!(code(&adopted), 0, "{}", stderr(&adopted));
    let file = stdout(&adopted);
    let text = fs::read_to_string(directory.path().join(file.trim())).expect("a case");
    assert!(text.lines().count() < 30, "{text}");

    let replay = |engines: &str| {
        let arguments = ["replay", file.trim(), "--engines", engines];
        code(&run(directory.path(), &arguments))
    };
    assert_eq!(replay("reference,canary"), 2, "{text}");
    assert_eq!(replay("reference,wasmtime"), 0, "{text}");
}

fn run(directory: &Path, arguments: &[&str]) -> std::process::Output {
    gainsay_with(directory, arguments, &[(ENGINES, "reference,canary")])
}
