//! The catalogue, the tests, the defects and the pages of the reports name the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use gainsay_host::defect::Defect;
use gainsay_models::Page;
use gainsay_models::catalogue::{self, Explorer, KNOWN_BAD, MODELS};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The names of the tests below a directory.
fn tests(directory: &str) -> BTreeSet<String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(directory);
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let source = fs::read_to_string(entry.expect("an entry").path()).expect("a source");
        for after in source.split("#[test]\nfn ").skip(1) {
            names.insert(after.split('(').next().unwrap_or_default().to_owned());
        }
    }
    names
}

#[test]
fn every_model_is_a_test_and_every_test_a_model() {
    for explorer in [Explorer::Loom, Explorer::Shuttle] {
        let models = MODELS.iter().filter(|model| model.explorer == explorer);
        let names: BTreeSet<String> = models.map(|model| model.name.to_owned()).collect();
        assert_eq!(names, tests(explorer.target()), "{explorer:?}");
        assert!(!names.is_empty());
    }
}

/// Tests are chosen by a part of their names.
#[test]
fn no_name_of_a_model_is_part_of_another() {
    for model in MODELS {
        let same = MODELS.iter().filter(|other| other.name.contains(model.name)).count();
        assert_eq!(same, 1, "{}", model.name);
    }
}

#[test]
fn every_defect_is_one_known_bad_variant_of_a_model() {
    let planted: Vec<&str> = KNOWN_BAD.iter().map(|bad| bad.defect.name()).collect();
    let all: Vec<&str> = Defect::ALL.iter().map(|defect| defect.name()).collect();
    assert_eq!(planted, all);
    for bad in KNOWN_BAD {
        assert!(catalogue::model(bad.model).is_some(), "{} names no model", bad.defect.name());
    }
}

fn pages() -> Vec<Page> {
    gainsay_models::pages(&root()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_page_names_the_models_and_variants_of_its_report() {
    let pages = pages();
    for report in MODELS.iter().map(|model| model.report).collect::<BTreeSet<_>>() {
        let page = pages.iter().find(|page| page.id == report);
        let page = page.unwrap_or_else(|| panic!("there is no page of {report}"));
        let models = MODELS.iter().filter(|model| model.report == report);
        assert_eq!(page.models, models.map(|model| model.name).collect::<Vec<_>>(), "{report}");
        let of_report = |name| catalogue::model(name).is_some_and(|it| it.report == report);
        let variants = KNOWN_BAD.iter().filter(|bad| of_report(bad.model));
        let variants: Vec<&str> = variants.map(|bad| bad.defect.name()).collect();
        assert_eq!(page.known_bad, variants, "{report}");
    }
}

/// An invariant that no model holds must say on its page what else holds it.
#[test]
fn every_invariant_of_a_page_is_held_by_a_model_or_a_test() {
    for page in pages() {
        let of_report = || MODELS.iter().filter(|model| model.report == page.id);
        let held: BTreeSet<&str> =
            of_report().flat_map(|model| model.invariants.split_whitespace()).collect();
        for invariant in &held {
            assert!(page.invariants.iter().any(|it| it == invariant), "{}: {invariant}", page.id);
        }
        let text = fs::read_to_string(root().join(format!("reports/{}.md", page.id)));
        let text = text.expect("a page");
        for invariant in &page.invariants {
            let row = text.lines().find(|line| line.starts_with(&format!("| `{invariant}`")));
            let test = row.is_some_and(|row| row.contains("harness/") && row.contains(".rs"));
            assert!(held.contains(invariant.as_str()) || test, "nothing holds {invariant}");
        }
    }
}
