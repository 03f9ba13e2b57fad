//! A script in a file, with what the file says of how it is to be taken.

use std::path::{Path, PathBuf};

use gainsay_case::{Capabilities, Proposal};
use gainsay_script::Dialect;

use crate::cli_error::CliError;
use crate::files;
use crate::language::Change;
use crate::suite;

/// A script that is read when its turn comes.
pub enum ScriptFile {
    /// One of the official suite.
    Suite(suite::Script),
    /// One of the user's.
    Path(PathBuf),
}

/// A script that was read.
pub struct Read {
    /// Its text.
    pub text: String,
    /// The language that it is about; `None` if that is all of it.
    pub language: Option<Capabilities>,
    /// Why it cannot be run as it asks to be.
    pub obstacle: Option<String>,
}

impl ScriptFile {
    /// How reports call it.
    pub fn path(&self) -> String {
        match self {
            ScriptFile::Suite(script) => script.path.clone(),
            ScriptFile::Path(path) => path.display().to_string(),
        }
    }

    /// Read it.
    ///
    /// # Errors
    /// If it cannot be read, is too large or not UTF-8.
    pub fn read(&self, bytes_max: u64, dialect: Option<Dialect>) -> Result<Read, CliError> {
        match self {
            ScriptFile::Suite(script) => Ok(Read {
                text: script.text.clone(),
                language: script.language.clone(),
                obstacle: None,
            }),
            ScriptFile::Path(path) => read(path, bytes_max, dialect),
        }
    }
}

/// What wasmtime can be asked for, so that its scripts state the bits of a NaN.
const CANONICAL_NANS: &str = "nan-canonicalization";

/// Parts of proposals, and of version 1.0, that some scripts switch off, and what no
/// proposal is.
const UNSWITCHABLE: &[&str] = &[
    CANONICAL_NANS,
    "lime1",
    "-floats",
    "-gc-types",
    "-bulk-memory-opt",
    "-call-indirect-overlong",
];

fn read(path: &Path, bytes_max: u64, dialect: Option<Dialect>) -> Result<Read, CliError> {
    let bytes = files::bytes_within(path, bytes_max)?;
    let text = String::from_utf8(bytes).map_err(|_| {
        CliError::usage(format!("{} is not a script: it is not UTF-8", path.display()))
    })?;
    let asked = match dialect.unwrap_or_else(|| Dialect::of(&text)) {
        Dialect::Spec => Vec::new(),
        Dialect::Wasmtime => wasmtime_features(&text),
        Dialect::WasmTools => wasm_tools_features(&text),
    };
    let (mut language, mut obstacle) = (Proposal::ALL.iter().copied().collect(), None);
    for name in &asked {
        match Change::parse(name) {
            Some(change) => change.apply(&mut language),
            None if UNSWITCHABLE.contains(&name.as_str()) => {
                obstacle = Some(format!(
                    "the script needs the feature {name}, which gainsay cannot switch"
                ));
            }
            // Not there anyway; what needs it is skipped by itself.
            None => {}
        }
    }
    let is_whole = language.len() == Proposal::ALL.len();
    Ok(Read { text, language: (!is_whole).then_some(language), obstacle })
}

/// wasmtime's `;;! bulk_memory = false`. What is true is on anyway.
fn wasmtime_features(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(";;!")?.split_once('='));
    let change = |(name, value): (&str, &str)| {
        let name = name.trim().replace('_', "-");
        match value.trim() {
            "false" => Some(format!("-{name}")),
            // No proposal: the bits of a NaN are left open (§ exec/numerics).
            _ if name == CANONICAL_NANS => Some(name),
            _ => None,
        }
    };
    lines.filter_map(change).collect()
}

/// wasm-tools' `;; RUN: wast % -f mvp,gc`, which may go on over several lines.
fn wasm_tools_features(text: &str) -> Vec<String> {
    let comments = text.lines().map_while(|line| line.strip_prefix(";;"));
    let words: Vec<&str> = comments.flat_map(str::split_whitespace).collect();
    let mut features = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let list = match word.split_once('=') {
            Some(("-f" | "--features", list)) => Some(list),
            _ if matches!(*word, "-f" | "--features") => words.get(at + 1).copied(),
            _ => None,
        };
        features.extend(list.into_iter().flat_map(|list| list.split(',')).map(str::to_owned));
    }
    features
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_found_where_each_project_writes_them() {
        let text = ";;! bulk_memory = false\n;;! gc = true\n(module)";
        assert_eq!(wasmtime_features(text), ["-bulk-memory"]);
        let text = ";; RUN: wast --assert default \\\n;;  % -f mvp,-simd\n(module) ;; -f gc";
        assert_eq!(wasm_tools_features(text), ["mvp", "-simd"]);
        assert_eq!(wasm_tools_features(";; RUN: wast % --features=gc"), ["gc"]);
    }
}
