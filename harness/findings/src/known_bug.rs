//! Bugs of released engines that a corpus file documents.
//!
//! A file that shows a bug of `wasmi-eager` 2.0.0 says so in its header:
//!
//! ```text
//! ;; gainsay:known-bug wasmi-eager 2.0.0 trophies/some-page.md
//! ```
//!
//! In exactly that version the engine is expected to fail the file's assertions. It
//! is then not judged with the others, and it is an error if it does *not* fail: the
//! line has outlived its bug. It is one too if the engine's process dies of it, as
//! that is worse, unless the line ends with `dies`. In any other version the line
//! means nothing.

use gainsay_case::EngineInfo;
use gainsay_case::text::Header;

use crate::replay_summary::ReplayAssertions;

/// The header's key.
const KEY: &str = "known-bug";

/// The last word of the line of a bug that ends the engine's process.
const DIES: &str = "dies";

/// A bug that an engine is expected to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownBug {
    /// Id of the engine.
    pub engine: String,
    /// Whether its process may die of it.
    dies: bool,
}

/// What the header expects of those among `engines` that it names.
pub fn expected_to_fail(header: &Header, engines: &[EngineInfo]) -> Vec<KnownBug> {
    let lines = header.iter().filter(|(key, _)| *key == KEY);
    let bugs = lines.filter_map(|(_, value)| {
        let mut words = value.split_whitespace();
        let (engine, version) = (words.next()?, words.next()?);
        let is_here = |info: &EngineInfo| info.id == engine && info.version == version;
        let bug = KnownBug { engine: engine.to_owned(), dies: words.last() == Some(DIES) };
        engines.iter().any(is_here).then_some(bug)
    });
    bugs.collect()
}

impl KnownBug {
    /// Count the engine's failures as what they are. The error says that there are
    /// none, nor anything that kept the engine from failing, or that they are worse
    /// than the bug.
    pub fn settle(&self, assertions: &mut ReplayAssertions) -> Result<(), String> {
        let engine = &self.engine;
        if assertions.failed == 0 && assertions.skipped.is_empty() {
            return Err(format!("{engine} does not show its known bug: remove that line"));
        }
        if let Some(death) = assertions.death.as_ref().filter(|_| !self.dies) {
            return Err(format!("{engine} does worse than its known bug: {death}"));
        }
        assertions.known = std::mem::take(&mut assertions.failed);
        assertions.failures.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(id: &str, version: &str) -> EngineInfo {
        EngineInfo {
            id: id.to_owned(),
            implementation: id.to_owned(),
            version: version.to_owned(),
            capabilities: Default::default(),
        }
    }

    fn bug(dies: bool) -> KnownBug {
        KnownBug { engine: "one".to_owned(), dies }
    }

    #[test]
    fn a_known_bug_is_one_of_exactly_one_version() {
        let header = Header::from_iter([(KEY, "one 1.0 page.md"), (KEY, "two 1.0 page.md dies")]);
        let engines = [engine("one", "1.0"), engine("two", "1.1"), engine("three", "1.0")];
        assert_eq!(expected_to_fail(&header, &engines), [bug(false)]);
    }

    #[test]
    fn a_fixed_known_bug_is_an_error_and_a_present_one_is_not() {
        let mut fixed = ReplayAssertions { passed: 3, ..ReplayAssertions::default() };
        assert!(bug(false).settle(&mut fixed).is_err());
        let mut open = ReplayAssertions { failed: 2, ..ReplayAssertions::default() };
        assert_eq!(bug(false).settle(&mut open), Ok(()));
        assert_eq!((open.failed, open.known), (0, 2));
    }

    #[test]
    fn a_death_is_worse_than_a_wrong_result() {
        let mut dead = ReplayAssertions {
            failed: 1,
            death: Some("SIGSEGV".to_owned()),
            ..ReplayAssertions::default()
        };
        assert!(bug(false).settle(&mut dead).is_err());
        assert_eq!(bug(true).settle(&mut dead), Ok(()));
    }
}
