//! What earlier runs said, kept beside the build.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::table::{Row, Table};

/// The version of the file's form; another one is as good as no file.
const VERSION: u32 = 1;

/// What a model's result depends on, below the root of the checkout.
const SOURCES: &[&str] = &["harness/runtime/src", "harness/host/src", "harness/models"];

/// The last result of every model and variant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Results {
    version: u32,
    /// By name.
    models: BTreeMap<String, Kept>,
    /// By name.
    known_bad: BTreeMap<String, Kept>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    passed: bool,
    /// Of the sources it was seen with, in seconds since 1970.
    sources: u64,
}

/// What is known of a model or variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It passed, with the sources as they are.
    Passed,
    /// It failed, with the sources as they are.
    Failed,
    /// It was run before the sources were changed.
    Stale,
    /// It was never run here.
    NotRun,
}

impl Results {
    /// Those kept in a target directory; none if there are none that can be read.
    pub fn load(target: &Path) -> Results {
        let text = fs::read_to_string(file(target)).unwrap_or_default();
        let results: Results = serde_json::from_str(&text).unwrap_or_default();
        if results.version == VERSION { results } else { Results::default() }
    }

    /// Add what `table` says, seen with the sources below `root`, and keep it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(mut self, table: &Table, root: &Path, target: &Path) -> io::Result<()> {
        let sources = changed(root);
        for Row { name, passed, caught, .. } in &table.models {
            let kept = Kept { passed: *passed, sources };
            let of_kind = if caught.is_some() { &mut self.known_bad } else { &mut self.models };
            of_kind.insert(name.clone(), kept);
        }
        self.version = VERSION;
        let text = serde_json::to_string_pretty(&self)?;
        let temporary = target.join(format!("results.{}.tmp", std::process::id()));
        fs::write(&temporary, text)?;
        fs::rename(temporary, file(target))
    }

    /// What is known of a model, with the sources last changed at `sources`.
    pub fn model(&self, name: &str, sources: u64) -> State {
        state(self.models.get(name), sources)
    }

    /// What is known of a known-bad variant.
    pub fn known_bad(&self, name: &str, sources: u64) -> State {
        state(self.known_bad.get(name), sources)
    }
}

fn state(kept: Option<&Kept>, sources: u64) -> State {
    match kept {
        None => State::NotRun,
        Some(kept) if kept.sources != sources => State::Stale,
        Some(Kept { passed: true, .. }) => State::Passed,
        Some(Kept { passed: false, .. }) => State::Failed,
    }
}

fn file(target: &Path) -> PathBuf {
    target.join("results.json")
}

/// When the youngest of the sources was changed, in seconds since 1970.
pub(crate) fn changed(root: &Path) -> u64 {
    SOURCES.iter().map(|sources| youngest(&root.join(sources))).max().unwrap_or(0)
}

fn youngest(path: &Path) -> u64 {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let times = entries.map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => youngest(&entry.path()),
        Ok(_) => entry.metadata().and_then(|it| it.modified()).map_or(0, seconds),
        Err(_) => 0,
    });
    times.max().unwrap_or(0)
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(sources: u64) -> Results {
        let kept = |passed| Kept { passed, sources };
        let models = [("good".to_owned(), kept(true)), ("bad".to_owned(), kept(false))];
        Results { version: VERSION, models: models.into(), known_bad: BTreeMap::new() }
    }

    #[test]
    fn a_result_counts_for_the_sources_it_was_seen_with() {
        let results = results(7);
        assert_eq!(results.model("good", 7), State::Passed);
        assert_eq!(results.model("bad", 7), State::Failed);
        assert_eq!(results.model("good", 8), State::Stale);
        assert_eq!(results.model("other", 7), State::NotRun);
        assert_eq!(results.known_bad("good", 7), State::NotRun);
    }

    #[test]
    fn the_sources_of_this_checkout_have_a_time() {
        assert!(changed(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")) > 0);
        assert_eq!(changed(Path::new("nowhere")), 0);
    }
}
