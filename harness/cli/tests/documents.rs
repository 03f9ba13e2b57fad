//! Documents that name files, commands or engines must name ones that exist.

use std::collections::BTreeSet;

use crate::common::{gainsay_in, root};
use crate::text;
use gainsay_engines::registry;

const DOCUMENTS: &[&str] = &["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "scripts/fuzz"];

/// Every span of a document that is set as code: between backticks, and the lines
/// of blocks.
fn code_spans(document: &str) -> Vec<String> {
    let mut spans = Vec::new();
    let mut is_block = false;
    for line in document.lines() {
        if line.trim_start().starts_with("```") {
            is_block = !is_block;
        } else if is_block {
            spans.push(line.to_owned());
        } else {
            spans.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    spans
}

/// The commands of this program that a span shows, with their options.
fn commands(span: &str) -> Option<(String, Vec<String>)> {
    let starts = ["gainsay ", "cargo run --release -- "];
    let span = span.trim_start().trim_start_matches("$ ");
    let rest = starts.iter().find_map(|start| span.strip_prefix(start))?;
    let mut words = rest.split_whitespace();
    let command = words.next()?.to_owned();
    let is_command = command.starts_with(|c: char| c.is_ascii_lowercase());
    let options = words.take_while(|word| *word != "#").filter(|word| word.starts_with("--"));
    let options = options.map(|option| option.trim_end_matches([',', '.']).to_owned()).collect();
    is_command.then_some((command, options))
}

#[test]
fn every_command_and_option_that_a_document_shows_exists() {
    let mut seen = BTreeSet::new();
    for document in DOCUMENTS {
        for (command, options) in
            code_spans(&text(document)).iter().filter_map(|span| commands(span))
        {
            let output = gainsay_in(&root(), &[&command, "--help"]);
            assert!(output.status.success(), "{document} shows `gainsay {command}`");
            let help = String::from_utf8_lossy(&output.stdout).into_owned();
            for option in options {
                assert!(help.contains(&option), "{document} shows `gainsay {command} {option}`");
            }
            seen.insert(command);
        }
    }
    for command in ["hunt", "replay", "shrink", "adopt"] {
        assert!(seen.contains(command), "no document shows `gainsay {command}`");
    }
}

#[test]
fn every_path_that_a_document_names_exists() {
    let tops = ["harness/", "fuzz/", "corpus/", "reports/", "scripts/", ".ci/"];
    let mut named = 0;
    for document in ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"] {
        for span in code_spans(&text(document)) {
            let words = span.split_whitespace().map(|word| word.trim_end_matches([',', '.', ':']));
            for word in words.filter(|word| tops.iter().any(|top| word.starts_with(top))) {
                if word.contains(['<', '*', '$', '…']) {
                    continue;
                }
                assert!(root().join(word).exists(), "{document} names {word}");
                named += 1;
            }
        }
    }
    assert!(named > 15, "only {named} paths were recognised");
}

/// The cells of the rows whose first cell is set as code, below a heading.
fn table(document: &str, heading: &str) -> Vec<Vec<String>> {
    let section = document.split("\n## ").find(|section| section.starts_with(heading));
    let section = section.unwrap_or_else(|| panic!("there is no section {heading:?}"));
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

#[test]
fn the_table_of_engines_is_the_registry() {
    let rows = table(&text("README.md"), "Engines");
    let ids: Vec<String> = rows.iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    let known = registry::known().iter().filter(|known| !known.is_hidden);
    assert_eq!(ids, known.map(|known| known.id).collect::<Vec<_>>());
}

#[test]
fn the_versions_in_the_table_of_engines_are_those_of_the_build() {
    for row in table(&text("README.md"), "Engines") {
        let id = row[0].trim_matches('`').to_owned();
        let engine = registry::find(std::slice::from_ref(&id)).expect("an engine of the table");
        let info = engine[0].info();
        assert_eq!(row[1], format!("{} {}", info.implementation, info.version), "{id}");
    }
}

#[test]
fn the_exit_codes_are_those_of_the_program() {
    let rows = table(&text("README.md"), "Exit codes");
    let documented: Vec<String> =
        rows.iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    // The program cannot be linked into its tests, but its source can be read.
    let source = text("harness/cli/src/exit_code.rs");
    let codes = source.lines().filter_map(|line| line.trim().strip_suffix(','));
    let codes = codes.filter_map(|variant| Some(variant.split_once(" = ")?.1.to_owned()));
    assert_eq!(documented, codes.collect::<Vec<_>>());
}

#[test]
fn the_list_of_trophies_is_complete() {
    let list = text("reports/README.md");
    let trophies = std::fs::read_dir(root().join("reports/trophies")).expect("a directory");
    let pages: Vec<String> = trophies
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".md"))
        .collect();
    assert!(!pages.is_empty(), "there are trophies");
    for page in pages {
        assert!(list.contains(&format!("(trophies/{page})")), "reports/README.md omits {page}");
    }
}
