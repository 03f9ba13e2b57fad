//! How the program ends: interrupted, cut off, and never over what is there.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::common::{code, gainsay_in, stderr};

fn start(directory: &std::path::Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_gainsay"))
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be started")
}

#[test]
fn a_reader_that_closes_early_is_not_an_error() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for arguments in [&["--help"][..], &["engines"], &["completions", "bash"]] {
        let mut child = start(directory.path(), arguments);
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(code(&output), 0, "{arguments:?}: {}", stderr(&output));
        assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_campaign_ends_with_its_summary_and_can_be_resumed() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let hunt = ["hunt", "--seed", "1", "--for", "1h", "--jobs", "1", "--no-canary"];
    let mut child = start(directory.path(), &hunt);
    let mut notes = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut lines = String::new();
    // The first line says what will be done, the second is the first progress.
    for _ in 0..2 {
        notes.read_line(&mut lines).expect("a line");
    }
    assert!(lines.contains("hunting for 1h"), "{lines}");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill can be started").success());
    for line in notes.lines() {
        lines += &line.expect("a line");
        lines.push('\n');
    }
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(code(&output), 130, "{lines}");
    assert!(String::from_utf8_lossy(&output.stdout).contains(", interrupted"), "{lines}");
    assert!(lines.contains("gainsay hunt --resume campaign-1 --for 1h\n"), "{lines}");
    let resumed = ["hunt", "--resume", "campaign-1", "--cases", "1", "--no-canary"];
    let output = gainsay_in(directory.path(), &resumed);
    assert!([0, 2].contains(&code(&output)), "{}", stderr(&output));
}

/// An upgrade replaces the file of a program that runs.
#[cfg(target_os = "linux")]
#[test]
fn a_campaign_outlives_the_file_of_its_program() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let program = directory.path().join("gainsay");
    fs::copy(env!("CARGO_BIN_EXE_gainsay"), &program).expect("a copy");
    // Workers are started anew for what is found.
    let hunt = ["hunt", "--seed", "1", "--cases", "400", "--engines", "reference,canary"];
    let mut child = Command::new(&program)
        .args([&hunt[..], &["--jobs", "1", "--no-canary"]].concat())
        .current_dir(directory.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the copy can be started");
    let mut notes = BufReader::new(child.stderr.take().expect("a pipe"));
    notes.read_line(&mut String::new()).expect("it says what it will do");
    fs::remove_file(&program).expect("it can be removed");
    fs::write(&program, "another version").expect("it can be written");
    let rest: Vec<String> = notes.lines().map_while(Result::ok).collect();
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(code(&output), 2, "{rest:?}");
}

#[test]
fn a_campaign_without_a_directory_gets_a_new_one() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let hunt = ["hunt", "--seed", "9", "--cases", "2", "--jobs", "1", "--no-canary"];
    for _ in 0..2 {
        let output = gainsay_in(directory.path(), &hunt);
        assert!([0, 2].contains(&code(&output)), "{}", stderr(&output));
    }
    let names: Vec<String> = fs::read_dir(directory.path())
        .expect("a directory")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert!(names.contains(&"campaign-9".to_owned()), "{names:?}");
    assert!(names.contains(&"campaign-9-2".to_owned()), "{names:?}");
}
