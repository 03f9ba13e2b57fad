//! Cases for a campaign that a user already has: scripts and inputs of a fuzz target.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use gainsay_case::Case;
use gainsay_case::text::read_case;
use gainsay_findings::{Inserted, StoredCases};
use gainsay_fuzzing::InputCases;

use crate::cli_error::CliError;
use crate::files;
use crate::table::{count, plural};

/// Directories nested deeper than this are not searched.
const DEPTH_MAX: usize = 16;

/// More cases than this are refused: all are kept in memory.
const CASES_MAX: u64 = 100_000;

/// What was read, and what became of it.
#[derive(Default)]
pub struct Collected {
    /// The cases, each once.
    pub cases: StoredCases,
    files: u64,
    known: u64,
    /// Files that are no case, by reason.
    left_out: BTreeMap<&'static str, u64>,
    /// Opened when the first input is read.
    inputs: Option<InputCases>,
}

impl Collected {
    /// Read all files below these directories, or these files.
    ///
    /// # Errors
    /// A path that cannot be read; no case at all where some were wanted; too many of them.
    pub fn from(paths: &[PathBuf]) -> Result<Collected, CliError> {
        let mut collected = Collected::default();
        for path in paths {
            let metadata =
                fs::metadata(path).map_err(|error| CliError::path("read", path, &error))?;
            match metadata.is_dir() {
                true => collected.directory(path, DEPTH_MAX)?,
                false => collected.file(path)?,
            }
        }
        if !paths.is_empty() && collected.cases.is_empty() {
            let said = collected.account();
            return Err(CliError::usage(format!("--from found no case: {said}")));
        }
        Ok(collected)
    }

    fn directory(&mut self, directory: &Path, depth: usize) -> Result<(), CliError> {
        let unreadable = |error| CliError::path("read", directory, &error);
        let mut paths = Vec::new();
        for entry in fs::read_dir(directory).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            // Links to directories are not followed, so that a circle of them ends.
            paths.push((entry.path(), entry.file_type().map_err(unreadable)?.is_dir()));
        }
        paths.sort();
        for (path, is_directory) in paths {
            match is_directory {
                true if depth > 0 => self.directory(&path, depth - 1)?,
                true => self.leave_out("nested too deep"),
                false => self.file(&path)?,
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> Result<(), CliError> {
        self.files += 1;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let case = match name.rsplit_once('.') {
            Some((_, "wast")) => script(&files::bytes(path)?),
            // A fuzzer names its inputs by their hashes.
            None => {
                let bytes = files::bytes(path)?;
                match foreign(&bytes) {
                    Some(reason) => Err(reason),
                    None => self.input(&bytes),
                }
            }
            Some(_) => Err("neither .wast nor an input of a fuzz target"),
        };
        match case.map(|case| self.cases.insert(case)) {
            Ok(Inserted::New) => {}
            Ok(Inserted::Known) => self.known += 1,
            Ok(Inserted::Empty) => self.leave_out("without steps"),
            Ok(Inserted::Unreadable) => self.leave_out("not expressible as text"),
            Err(reason) => self.leave_out(reason),
        }
        match self.cases.len() > CASES_MAX {
            true => Err(CliError::usage(format!(
                "--from takes at most {} cases: name fewer files",
                count(CASES_MAX)
            ))),
            false => Ok(()),
        }
    }

    fn input(&mut self, bytes: &[u8]) -> Result<Case, &'static str> {
        let inputs = self.inputs.get_or_insert_with(InputCases::open);
        inputs.case(bytes).map_err(|_| "a damaged input")
    }

    fn leave_out(&mut self, reason: &'static str) {
        *self.left_out.entry(reason).or_default() += 1;
    }

    /// What became of all files, in one line.
    pub fn account(&self) -> String {
        let mut parts = vec![plural(self.cases.len(), "case")];
        if self.known > 0 {
            parts.push(plural(self.known, "duplicate"));
        }
        let left_out = self.left_out.iter();
        parts.extend(left_out.map(|(reason, number)| format!("{} {reason}", count(*number))));
        format!("{} read: {}", plural(self.files, "file"), parts.join(", "))
    }
}

/// Why bytes are not an input of the target `differential`, to which almost any bytes are
/// decisions: what people have in files without an extension is read as such by mistake.
pub fn foreign(bytes: &[u8]) -> Option<&'static str> {
    if bytes.is_empty() {
        return Some("empty");
    }
    if bytes.starts_with(b"\0asm") {
        return Some("a module and not a case");
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let is_printed = |char: char| !char.is_control() || char.is_ascii_whitespace();
    (text.chars().all(is_printed) && read_case(text).is_err()).then_some("text and not a script")
}

fn script(bytes: &[u8]) -> Result<Case, &'static str> {
    let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8")?;
    read_case(text).map_err(|_| "a script that is not steps of a case")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn used_and_skipped_files_are_counted() {
        let directory = tempfile::tempdir().expect("a directory");
        let write = |name: &str, text: &str| {
            fs::write(directory.path().join(name), text).expect("a file");
        };
        write("one.wast", "(module $m (func (export \"f\"))) (invoke $m \"f\")");
        write("two.wast", "(module $m (func (export \"f\"))) ;; \n (invoke $m \"f\")");
        write("input", "(module $m (func (export \"g\"))) (invoke $m \"g\")");
        write("bad.wast", "(module");
        write("notes.txt", "");
        write("README", "what lies here");
        write("module", "\0asm\x01\0\0\0");
        let collected = Collected::from(&[directory.path().to_owned()]).expect("cases");
        assert_eq!(
            collected.account(),
            "7 files read: 2 cases, 1 duplicate, 1 a module and not a case, 1 a script \
             that is not steps of a case, 1 neither .wast nor an input of a fuzz target, 1 text \
             and not a script"
        );
    }

    #[test]
    fn nothing_to_begin_with_is_an_error() {
        let directory = tempfile::tempdir().expect("a directory");
        let error = Collected::from(&[directory.path().to_owned()]).err().expect("no case");
        assert_eq!(error.message, "--from found no case: 0 files read: 0 cases");
    }
}
