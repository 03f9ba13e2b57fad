//! The help that a user sees, as it is.

use crate::common::gainsay_in;

fn help(arguments: &[&str]) -> String {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let output = gainsay_in(directory.path(), arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("help is text")
}

#[test]
fn without_arguments_the_first_line_is_the_command_to_try() {
    let text = help(&[]);
    assert!(text.lines().next().is_some_and(|line| line.contains("gainsay hunt")));
    insta::assert_snapshot!(text);
}

#[test]
fn the_help_lists_the_commands_and_exit_codes() {
    insta::assert_snapshot!(help(&["--help"]));
}

#[test]
fn each_command_explains_its_options() {
    for command in [
        "hunt",
        "replay",
        "shrink",
        "run",
        "wast",
        "engines",
        "models",
        "reports",
        "merge",
        "bench",
        "completions",
        "man",
        "validate",
        "adopt",
        "record",
        "case",
    ] {
        insta::assert_snapshot!(command, help(&[command, "--help"]));
    }
}

#[test]
fn completions_and_man_pages_come_from_the_same_definitions() {
    for shell in ["bash", "zsh", "fish"] {
        let script = help(&["completions", shell]);
        assert!(script.contains("shard"), "{shell}");
    }
    let page = help(&["man"]);
    assert!(page.starts_with(".ie") && page.contains("gainsay\\-hunt(1)"), "{page}");
}

/// What `arguments` print about a script with one assertion of each fate.
fn about_a_script(arguments: &[&str]) -> String {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let script = r#"(module (func (export "f") (result i32) i32.const 1))
        (assert_return (invoke "f") (i32.const 1))
        (assert_return (invoke "f") (i32.const 2))
        (assert_trap (invoke "f") "unreachable")
        (assert_malformed_custom (module quote "(@custom)") "")"#;
    std::fs::write(directory.path().join("a.wast"), script).expect("a file");
    String::from_utf8(gainsay_in(directory.path(), arguments).stdout).expect("text")
}

#[test]
fn the_result_of_a_script_shows_what_failed_and_was_skipped() {
    insta::assert_snapshot!(about_a_script(&["wast", "a.wast"]));
}

#[test]
fn several_engines_are_summed_up_in_a_table() {
    let text = about_a_script(&["wast", "a.wast", "--engine", "reference,wasmi"]);
    let totals = text.split("\n\n").last().expect("a table");
    insta::assert_snapshot!(totals);
}
