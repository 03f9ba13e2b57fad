//! The language that engines are held to: a version of the specification, with proposals
//! added and taken away.

use std::str::FromStr;

use gainsay_case::{Capabilities, Proposal};

use crate::cli_error::CliError;

/// Options of commands that hold engines to a language.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct LanguageArgs {
    /// Restrict the engine to a version of the specification; later features are invalid
    #[arg(long, value_name = "1.0|2.0|3.0")]
    language: Option<Version>,
    /// Switch proposals off, or on in addition to --language: -simd,threads. What an engine
    /// cannot switch off, the reference's validator refuses for it
    #[arg(long, value_name = "[-]NAME", value_delimiter = ',', allow_hyphen_values = true)]
    features: Vec<String>,
}

/// A version of the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    V1,
    V2,
    V3,
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Version, String> {
        match text.trim_end_matches(".0") {
            "1" => Ok(Version::V1),
            "2" => Ok(Version::V2),
            "3" => Ok(Version::V3),
            _ => Err("there are 1.0, 2.0 and 3.0".to_owned()),
        }
    }
}

impl Version {
    fn proposals(self) -> Capabilities {
        let parts: &[&[Proposal]] = match self {
            Version::V1 => &[Proposal::WASM_1],
            Version::V2 => &[Proposal::WASM_2],
            Version::V3 => &[Proposal::WASM_2, Proposal::WASM_3],
        };
        parts.iter().flat_map(|part| part.iter().copied()).collect()
    }
}

impl LanguageArgs {
    /// The proposals that are left; `None` for all that an engine has.
    ///
    /// # Errors
    /// A name that no proposal has.
    pub fn proposals(&self) -> Result<Option<Capabilities>, CliError> {
        if self.language.is_none() && self.features.is_empty() {
            return Ok(None);
        }
        let mut language = self
            .language
            .map_or_else(|| Proposal::ALL.iter().copied().collect(), Version::proposals);
        for name in &self.features {
            let change = Change::parse(name.trim());
            let change = change.ok_or_else(|| {
                let names: Vec<_> = Proposal::ALL.iter().map(|proposal| proposal.name()).collect();
                let names = names.join(", ");
                CliError::usage(format!("no proposal is named {name:?}; there are {names}"))
            })?;
            change.apply(&mut language);
        }
        Ok(Some(language))
    }
}

/// One name in a list of features, as wasm-tools takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Exactly those of this version, whatever there was.
    Reset(&'static [Proposal]),
    /// With this one.
    With(Proposal),
    /// Without it.
    Without(Proposal),
}

/// How wasm-tools calls proposals that have other names here.
const ALIASES: &[(&str, Proposal)] = &[
    ("saturating-float-to-int", Proposal::SaturatingFloatToInt),
    ("sign-extension", Proposal::SignExtension),
    ("bulk-memory", Proposal::BulkMemory),
    ("exceptions", Proposal::ExceptionHandling),
];

impl Change {
    /// `None` for a name that means none of the proposals.
    pub fn parse(name: &str) -> Option<Change> {
        match name {
            "all" => return Some(Change::Reset(Proposal::ALL)),
            "mvp" => return Some(Change::Reset(&[])),
            "wasm1" => return Some(Change::Reset(Proposal::WASM_1)),
            "wasm2" => return Some(Change::Reset(Proposal::WASM_2)),
            _ => {}
        }
        let (is_off, name) = match name.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, name.strip_prefix('+').unwrap_or(name)),
        };
        let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, known)| *known);
        let proposal = alias.or_else(|| name.parse().ok())?;
        Some(if is_off { Change::Without(proposal) } else { Change::With(proposal) })
    }

    /// Make the change.
    pub fn apply(self, language: &mut Capabilities) {
        match self {
            Change::Reset(proposals) => *language = proposals.iter().copied().collect(),
            Change::With(proposal) => drop(language.insert(proposal)),
            Change::Without(proposal) => drop(language.remove(&proposal)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposals(language: Option<Version>, features: &[&str]) -> Option<Capabilities> {
        let features = features.iter().map(|name| (*name).to_owned()).collect();
        LanguageArgs { language, features }.proposals().expect("known names")
    }

    #[test]
    fn proposals_are_added_to_a_version_and_taken_from_all() {
        assert_eq!(proposals(None, &[]), None);
        let without = proposals(None, &["-simd"]).expect("a language");
        assert_eq!(without.len() + 1, Proposal::ALL.len());
        let with = proposals(Some(Version::V1), &["simd", "bulk-memory"]).expect("a language");
        assert_eq!(with, [Proposal::MutableGlobal, Proposal::Simd, Proposal::BulkMemory].into());
        assert!(
            LanguageArgs { language: None, features: vec!["smid".to_owned()] }.proposals().is_err()
        );
    }

    #[test]
    fn each_version_has_what_the_one_before_had() {
        let [one, two, three] = [Version::V1, Version::V2, Version::V3].map(Version::proposals);
        assert!(one.is_subset(&two) && two.is_subset(&three));
        assert!(!three.contains(&Proposal::Threads));
    }
}
