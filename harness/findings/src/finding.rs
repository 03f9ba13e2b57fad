//! What a campaign found, once per signature.

use std::path::Path;

use gainsay_reduce::CaseSize;
use serde::{Deserialize, Serialize};

use crate::case_ref::CaseRef;

/// A deduplicated divergence, crash, hang or leak.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which engines stand against which, the kind, the opcode class and the
    /// normalised trap. Two findings of one campaign never share it.
    pub signature: String,
    /// `value`, `trap`, `validity`, `crash`, `hang`, `memory` ...
    pub kind: String,
    /// Signatures of findings that have the same cause by all that is left of them
    /// after minimisation; their cases are counted here.
    #[serde(default)]
    pub absorbed: Vec<String>,
    /// How many cases showed it.
    pub count: u64,
    /// The minimised case, relative to the campaign's directory.
    pub file: String,
    /// The first case that showed it.
    pub case: CaseRef,
    /// What was seen, in one sentence.
    pub detail: String,
    /// The engines that were compared.
    pub engines: Vec<EngineVersion>,
    /// Whether the case was minimised; if not, `shrink` can do it later.
    pub minimised: bool,
    /// Why it was not minimised to the end, if that was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfinished: Option<String>,
    /// Size of the case as generated.
    pub before: CaseSize,
    /// Size of the case in `file`.
    pub after: CaseSize,
    /// The command that shows it again. In the campaign's files it is for the
    /// campaign's directory, so that this can be moved; see [`Finding::replay_from`].
    pub replay: String,
    /// Command lines of the workers beside the embedded one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workers: Vec<Vec<String>>,
    /// Version of this program.
    pub gainsay: String,
    /// Commit that this program was built from, if the build knew it.
    pub commit: Option<String>,
    /// The last of what the worker wrote on its standard error, if it died.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stderr: String,
    /// The minimised case as a WAST script, as in `file`.
    pub text: String,
}

impl Finding {
    /// The command that shows it again, given from where the campaign's directory
    /// has this path.
    pub fn replay_from(&self, directory: &Path) -> String {
        let ids: Vec<&str> = self.engines.iter().map(|engine| engine.id.as_str()).collect();
        let file = shell_word(&directory.join(&self.file).display().to_string());
        let workers = self.workers.iter().map(|command| {
            let words: Vec<String> = command.iter().map(|word| shell_word(word)).collect();
            format!(" --worker {}", shell_word(&words.join(" ")))
        });
        let workers: String = workers.collect();
        format!("gainsay replay {file} --engines {}{workers}", ids.join(","))
    }
}

/// A text as one word of a POSIX shell.
pub fn shell_word(text: &str) -> String {
    let is_plain = |char: char| char.is_alphanumeric() || "/._-+:@%,=".contains(char);
    match text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

/// A known bug that a campaign met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownFinding {
    /// What it is, in one line.
    pub title: String,
    /// The case that documents it, in the repository of this program.
    pub file: String,
    /// The page about it.
    pub page: String,
    /// How many cases showed it.
    pub count: u64,
    /// The signatures under which it was met, sorted.
    pub signatures: Vec<String>,
    /// The first case that showed it.
    pub case: CaseRef,
}

/// An engine and its version: `wasmi`, `2.0.0`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EngineVersion {
    /// Implementation and configuration.
    pub id: String,
    /// Version of the implementation.
    pub version: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_a_shell_would_take_apart_are_quoted() {
        assert_eq!(shell_word("../campaign-1/findings/a.wast"), "../campaign-1/findings/a.wast");
        assert_eq!(shell_word("my dir/a.wast"), "'my dir/a.wast'");
        assert_eq!(shell_word("it's"), r"'it'\''s'");
    }
}
