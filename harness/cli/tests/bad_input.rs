//! What bad input gets: a clear message, the exit code that is specified for it,
//! and nothing that was already found is lost.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::common::{code, gainsay_in, root, stderr, stdout};
use tempfile::TempDir;

fn directory() -> TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

/// The exit code is `expected` and the message contains all of `parts`.
fn refused(output: &Output, expected: i32, parts: &[&str]) {
    let message = stderr(output);
    assert_eq!(code(output), expected, "{message}");
    for part in parts {
        assert!(message.contains(part), "{part:?} is missing in {message:?}");
    }
    assert!(!message.contains("panicked"), "{message}");
}

#[test]
fn a_wrong_command_line_ends_with_1() {
    let directory = directory();
    for arguments in [
        &["nonsense"][..],
        &["hunt", "--nonsense"],
        &["hunt", "--cases", "0"],
        &["hunt", "--cases", "5", "--for", "5s"],
        &["hunt", "--for", "soon"],
        &["hunt", "--shard", "1/3"],
        &["hunt", "--seed", "1", "--shard", "4/3"],
        &["hunt", "--resume", "somewhere", "--seed", "1"],
        &["merge"],
        &["shrink"],
        &["wast"],
        &["wast", "--suite", "4.0"],
        &["completions", "nonsense"],
        &["engines", "--format", "xml"],
    ] {
        let output = gainsay_in(directory.path(), arguments);
        refused(&output, 1, &["error: "]);
        assert_eq!(stdout(&output), "", "{arguments:?}");
    }
    assert_eq!(fs::read_dir(directory.path()).expect("a directory").count(), 0);
}

#[test]
fn an_unknown_engine_ends_with_5_and_the_list_of_known_ones() {
    let directory = directory();
    fs::write(directory.path().join("m.wat"), "(module)").expect("a file");
    for arguments in [
        &["hunt", "--cases", "1", "--engines", "reference,v9"][..],
        &["replay", "m.wat", "--engines", "v9"],
        &["shrink", "m.wat", "--engines", "v9"],
        &["run", "m.wat", "--engine", "v9"],
        &["wast", "m.wat", "--engine", "v9"],
    ] {
        let output = gainsay_in(directory.path(), arguments);
        refused(&output, 5, &["v9", "reference", "wasmi-eager", "wasmtime-cranelift"]);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let directory = directory();
    for arguments in [
        &["run", "missing.wasm"][..],
        &["wast", "missing.wast"],
        &["replay", "missing.wast"],
        &["shrink", "missing.wast"],
        &["adopt", "missing", "--target", "validate"],
    ] {
        refused(&gainsay_in(directory.path(), arguments), 1, &["missing", "No such file"]);
    }
    refused(&gainsay_in(directory.path(), &["run", "."]), 1, &["cannot read"]);
}

/// Modules that are not modules, by file name.
fn damaged() -> Vec<(&'static str, Vec<u8>)> {
    let truncated = b"\0asm\x01\0\0\0\x01\x05\x01".to_vec();
    // A type section that announces 2^32 - 1 types.
    let huge_count = b"\0asm\x01\0\0\0\x01\x05\xff\xff\xff\xff\x0f".to_vec();
    let noise = (0u32..4096).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    vec![
        ("empty.wasm", Vec::new()),
        ("magic.wasm", b"\0asm".to_vec()),
        ("truncated.wasm", truncated),
        ("huge_count.wasm", huge_count),
        ("noise.wasm", noise),
        ("text.wat", b"(module (func".to_vec()),
        ("latin.wat", b"(module) ;; \xe9".to_vec()),
    ]
}

#[test]
fn a_damaged_module_is_refused_with_a_reason() {
    let directory = directory();
    for (name, bytes) in damaged() {
        fs::write(directory.path().join(name), bytes).expect("a file");
        for engine in ["reference", "wasmi", "wasmtime"] {
            let output = gainsay_in(directory.path(), &["run", name, "--engine", engine]);
            let expected: &[i32] = match name {
                // Also the text of an empty module, which has nothing to call.
                "empty.wasm" => &[1, 4],
                // Damaged, but an engine may see first that it is too large.
                "huge_count.wasm" => &[1, 3],
                _ => &[1],
            };
            let message = stderr(&output);
            assert!(expected.contains(&code(&output)), "{name} on {engine}: {message}");
            assert!(!message.is_empty() && !message.contains("panicked"), "{name}: {message}");
        }
    }
}

#[test]
fn an_oversized_file_is_refused_without_being_read_whole() {
    let directory = directory();
    let file = fs::File::create(directory.path().join("big.wasm")).expect("a file");
    // Sparse: takes no space.
    file.set_len(1 << 40).expect("a file system with sparse files");
    refused(&gainsay_in(directory.path(), &["run", "big.wasm"]), 1, &["big.wasm", "256 MiB"]);
    refused(&gainsay_in(directory.path(), &["wast", "big.wasm"]), 1, &["big.wasm", "64 MiB"]);
}

#[test]
fn a_script_that_is_none_fails_and_does_not_stop_the_others() {
    let directory = directory();
    fs::write(directory.path().join("a.wast"), "(assert_return").expect("a file");
    fs::write(directory.path().join("b.wast"), "(module)").expect("a file");
    let output = gainsay_in(directory.path(), &["wast", "."]);
    assert_eq!(code(&output), 2);
    assert!(stdout(&output).contains("not a directive"), "{}", stdout(&output));
    assert!(stdout(&output).contains("b.wast"), "{}", stdout(&output));
}

#[test]
fn a_directory_without_scripts_is_nothing_run() {
    let directory = directory();
    assert_eq!(code(&gainsay_in(directory.path(), &["wast", "."])), 4);
    assert_eq!(code(&gainsay_in(directory.path(), &["replay", "."])), 4);
}

#[test]
fn an_output_directory_that_cannot_be_made_is_named() {
    let directory = directory();
    fs::write(directory.path().join("file"), "in the way").expect("a file");
    let arguments = ["hunt", "--seed", "1", "--cases", "2", "--out", "file/campaign"];
    refused(&gainsay_in(directory.path(), &arguments), 1, &["file/campaign"]);
}

fn small_campaign(directory: &Path, out: &str) {
    let arguments = ["hunt", "--seed", "1", "--cases", "2", "--no-canary", "--out", out];
    let output = gainsay_in(directory, &arguments);
    assert!([0, 2].contains(&code(&output)), "{}", stderr(&output));
}

#[test]
fn a_campaign_is_never_overwritten() {
    let directory = directory();
    small_campaign(directory.path(), "campaign");
    let arguments = ["hunt", "--seed", "1", "--cases", "2", "--out", "campaign"];
    refused(&gainsay_in(directory.path(), &arguments), 1, &["campaign", "already"]);
}

#[test]
fn a_directory_that_holds_no_campaign_cannot_be_resumed_or_merged() {
    let directory = directory();
    fs::create_dir(directory.path().join("empty")).expect("a directory");
    let resumed = gainsay_in(directory.path(), &["hunt", "--resume", "empty", "--cases", "2"]);
    refused(&resumed, 1, &["empty", "does not hold a campaign"]);
    let merged = gainsay_in(directory.path(), &["merge", "empty", "--out", "all"]);
    refused(&merged, 1, &["empty", "does not hold a campaign"]);
}

#[test]
fn a_campaign_of_another_version_is_refused_and_left_alone() {
    let directory = directory();
    small_campaign(directory.path(), "campaign");
    let changed = of_another_version(&directory.path().join("campaign"));
    assert!(changed > 0, "no file of the campaign has a version");
    for arguments in [
        &["hunt", "--resume", "campaign", "--cases", "4"][..],
        &["merge", "campaign", "--out", "all"],
    ] {
        refused(&gainsay_in(directory.path(), arguments), 1, &["campaign", "format"]);
    }
    assert_eq!(of_another_version(&directory.path().join("campaign")), 0, "it was changed back");
}

/// Raises the version in every file that has one; returns how many those were.
fn of_another_version(campaign: &Path) -> usize {
    let mut changed = 0;
    for entry in fs::read_dir(campaign).expect("a campaign") {
        let path = entry.expect("an entry").path();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let newer = text.replacen("\"format\": 2", "\"format\": 999", 1);
        let newer = newer.replacen("\"format\":2,", "\"format\":999,", 1);
        if newer != text {
            fs::write(&path, newer).expect("a file");
            changed += 1;
        }
    }
    changed
}

#[test]
fn models_and_reports_need_a_checkout() {
    let directory = directory();
    for arguments in [&["models"][..], &["models", "--known-bad"], &["reports"]] {
        let output = gainsay_in(directory.path(), arguments);
        refused(&output, 1, &["checkout"]);
    }
}

#[test]
fn a_model_that_there_is_not_is_named() {
    refused(&gainsay_in(&root(), &["models", "no_such_model"]), 1, &["no_such_model"]);
}
