//! Which generator this program has: a value that is another one as soon as generated cases
//! are.
//!
//! It is computed from cases and not typed in, so that nobody has to remember to change it,
//! and a new version of wasm-smith changes it as well. What only shows in rare cases can
//! escape it.

use std::sync::OnceLock;

use gainsay_case::json::to_json;
use gainsay_case::{CaseKind, EngineInfo};
use gainsay_findings::Fingerprint;
use gainsay_generate::PROPOSALS_GENERATED;
use xxhash_rust::xxh3::Xxh3;

use crate::engine_group::EngineGroups;
use crate::sequences;

/// Generated cases that are looked at: they cost some hundredths of a second.
const CASES: u64 = 64;

/// The seed of those cases.
const SEED: u64 = 1;

/// The fingerprint of the generator of such cases.
pub(crate) fn fingerprint(kind: CaseKind) -> Fingerprint {
    static MODULES: OnceLock<Fingerprint> = OnceLock::new();
    static SEQUENCES: OnceLock<Fingerprint> = OnceLock::new();
    match kind {
        CaseKind::Modules => *MODULES.get_or_init(modules),
        CaseKind::Sequences => *SEQUENCES.get_or_init(|| {
            let texts = (0..CASES).map(|index| sequences::generated_text(SEED, index));
            hash(texts)
        }),
    }
}

/// Over cases that may use everything and cases that may use half of it, in the order in which
/// a campaign on such engines has them.
fn modules() -> Fingerprint {
    let engine = |id: &str, proposals: usize| EngineInfo {
        id: id.to_owned(),
        implementation: id.to_owned(),
        version: String::new(),
        capabilities: PROPOSALS_GENERATED.iter().take(proposals).copied().collect(),
    };
    let all = PROPOSALS_GENERATED.len();
    let engines = [engine("one", all), engine("two", all), engine("narrow", all / 2)];
    let groups = EngineGroups::new(&engines, SEED);
    hash(
        (0..CASES).map(|index| {
            format!("{:?} {}", groups.of(index).ids, to_json(&groups.case(index).case))
        }),
    )
}

fn hash(texts: impl Iterator<Item = String>) -> Fingerprint {
    let mut hasher = Xxh3::new();
    for text in texts {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.digest().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_case_has_a_generator_of_its_own_that_stays_the_same() {
        let [modules, sequences] = [CaseKind::Modules, CaseKind::Sequences].map(fingerprint);
        assert_ne!(modules, sequences);
        assert_eq!(modules, super::modules());
    }

    #[test]
    fn a_case_more_or_another_text_is_another_generator() {
        let hash = |texts: &[&str]| hash(texts.iter().map(|text| (*text).to_owned()));
        assert_ne!(hash(&["a", "b"]), hash(&["a", "c"]));
        assert_ne!(hash(&["a", "b"]), hash(&["ab", ""]));
        assert_ne!(hash(&["a", "b"]), hash(&["a"]));
    }
}
