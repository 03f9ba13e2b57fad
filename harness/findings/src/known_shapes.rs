//! Known bugs as they show on the engines at hand, so that a finding can be told from them.
//!
//! A file of `corpus/` documents a bug; made small, each of its calls that diverges is a
//! *shape*. A finding that has the cause of a shape is that bug. Files count only for the
//! versions that their headers name, so that they expire with these.

use gainsay_case::text::{Header, read_case};
use gainsay_case::{Case, EngineInfo, Step};
use serde::{Deserialize, Serialize};

use crate::known_bug::expected_to_fail;
use crate::minimised::Minimised;
use crate::triage::has_cause_of;

include!(concat!(env!("OUT_DIR"), "/documented_bugs.rs"));

/// A bug that a file of `corpus/` and a page of `reports/` document.
#[derive(Clone, Copy, Debug)]
pub struct DocumentedBug {
    /// The file's name without its extension.
    pub name: &'static str,
    /// The page's title.
    title: &'static str,
    /// The page, relative to `reports/`.
    page: &'static str,
    source: &'static str,
}

/// Which known bug something is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KnownBugRef {
    /// What it is, in one line.
    pub title: String,
    /// The case that documents it, in the repository of this program.
    pub file: String,
    /// The page about it.
    pub page: String,
}

/// One way in which a known bug shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownShape {
    /// The bug.
    pub bug: KnownBugRef,
    /// The smallest case that shows it so.
    pub shape: Minimised,
}

/// The bugs that are documented for one of these engines in its version.
pub fn documented_bugs(engines: &[EngineInfo]) -> impl Iterator<Item = &'static DocumentedBug> {
    DOCUMENTED.iter().filter(|bug| {
        let header = Header::of(bug.source);
        header.is_ok_and(|header| !expected_to_fail(&header, engines).is_empty())
    })
}

impl DocumentedBug {
    /// What findings are told of it.
    pub fn reference(&self) -> KnownBugRef {
        KnownBugRef {
            title: self.title.to_owned(),
            file: format!("corpus/{}.wast", self.name),
            page: format!("reports/{}", self.page),
        }
    }

    /// The ways in which it shows. `show` makes a case small about which the engines differ;
    /// it is given one for each call of the file, with that call alone.
    ///
    /// # Errors
    /// Those of `show`.
    pub fn shapes<E>(
        &self,
        mut show: impl FnMut(&Case) -> Result<Option<Minimised>, E>,
    ) -> Result<Vec<KnownShape>, E> {
        let mut shapes: Vec<KnownShape> = Vec::new();
        let Ok(case) = read_case(self.source) else { return Ok(shapes) };
        for alone in calls_alone(&case) {
            let Some(shape) = show(&alone)? else { continue };
            let is_same = |known: &KnownShape| {
                known.shape.opcodes == shape.opcodes && known.shape.signature == shape.signature
            };
            if !shapes.iter().any(is_same) {
                shapes.push(KnownShape { bug: self.reference(), shape });
            }
        }
        Ok(shapes)
    }
}

/// The case once for each call, without the other calls.
fn calls_alone(case: &Case) -> impl Iterator<Item = Case> {
    let is_call = |step: &Step| matches!(step, Step::Invoke { .. });
    let calls = (0..case.steps.len()).filter(move |at| is_call(&case.steps[*at]));
    calls.map(move |call| {
        let kept = case.steps.iter().enumerate();
        let kept = kept.filter(|(at, step)| *at == call || !is_call(step));
        Case { steps: kept.map(|(_, step)| step.clone()).collect() }
    })
}

/// The bug that a finding shows: one that damages whoever runs the case, or one of whose
/// shapes has the finding's cause.
pub fn recognise(
    shapes: &[KnownShape],
    found: &Minimised,
    engines: &[EngineInfo],
) -> Option<KnownBugRef> {
    let damaging = found.damage.as_ref();
    let damaging = damaging.and_then(|name| DOCUMENTED.iter().find(|bug| bug.name == name));
    if let Some(bug) = damaging {
        return Some(bug.reference());
    }
    let known = shapes.iter().find(|known| has_cause_of(&known.shape, found, engines));
    known.map(|known| known.bug.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(id: &str, version: &str) -> EngineInfo {
        EngineInfo {
            id: id.to_owned(),
            implementation: "wasmi".to_owned(),
            version: version.to_owned(),
            capabilities: Default::default(),
        }
    }

    #[test]
    fn a_documented_bug_counts_only_for_the_versions_that_its_file_names() {
        let names = |version| -> Vec<&str> {
            documented_bugs(&[engine("wasmi-eager", version)]).map(|bug| bug.name).collect()
        };
        assert!(names("2.0.0").contains(&"wasmi-2.0.0-select-on-eqz-of-a-local"));
        assert!(names("2.0.1").is_empty(), "the header expires with its version");
    }

    #[test]
    fn every_documented_bug_has_a_title_and_calls_to_show_it_by() {
        assert!(DOCUMENTED.len() >= 7, "{} known bugs", DOCUMENTED.len());
        for bug in DOCUMENTED {
            assert!(bug.title.contains(' '), "{}: {}", bug.name, bug.title);
            let case = read_case(bug.source).expect("a case");
            assert!(calls_alone(&case).count() > 0, "{}", bug.name);
        }
    }
}
