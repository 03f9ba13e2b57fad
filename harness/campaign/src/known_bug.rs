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
//! line has outlived its bug. In any other version the line means nothing.

use gainsay_case::EngineInfo;
use gainsay_case::text::Header;

use crate::replay::ReplayAssertions;

/// The header's key.
const KEY: &str = "known-bug";

/// The ids among `engines` that the header expects to fail.
pub(crate) fn expected_to_fail(header: &Header, engines: &[EngineInfo]) -> Vec<String> {
    let bugs: Vec<(&str, &str)> = header
        .iter()
        .filter(|(key, _)| *key == KEY)
        .filter_map(|(_, value)| {
            let mut words = value.split_whitespace();
            Some((words.next()?, words.next()?))
        })
        .collect();
    let is_known = |engine: &&EngineInfo| bugs.contains(&(&engine.id, &engine.version));
    engines.iter().filter(is_known).map(|engine| engine.id.clone()).collect()
}

/// Count the failures of an engine with a known bug as what they are. The error
/// says that there are none, nor anything that kept the engine from failing.
pub(crate) fn settle(assertions: &mut ReplayAssertions) -> Result<(), String> {
    if assertions.failed == 0 && assertions.skipped.is_empty() {
        let engine = &assertions.engine;
        return Err(format!("{engine} does not show its known bug: remove that line"));
    }
    assertions.known = std::mem::take(&mut assertions.failed);
    assertions.failures.clear();
    Ok(())
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

    #[test]
    fn a_known_bug_is_one_of_exactly_one_version() {
        let header = Header::from_iter([(KEY, "one 1.0 page.md"), (KEY, "two 1.0 page.md")]);
        let engines = [engine("one", "1.0"), engine("two", "1.1"), engine("three", "1.0")];
        assert_eq!(expected_to_fail(&header, &engines), ["one"]);
    }

    #[test]
    fn a_bug_that_is_gone_is_an_error_and_one_that_is_there_is_no_failure() {
        let mut fixed = ReplayAssertions { passed: 3, ..ReplayAssertions::default() };
        assert!(settle(&mut fixed).is_err());
        let mut open = ReplayAssertions { failed: 2, ..ReplayAssertions::default() };
        assert_eq!(settle(&mut open), Ok(()));
        assert_eq!((open.failed, open.known), (0, 2));
    }
}
