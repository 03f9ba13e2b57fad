//! Bugs of the engines that this repository documents. A campaign names and counts
//! them, and goes on.

use std::collections::BTreeMap;

use gainsay_case::{Case, Engine, EngineInfo};
use gainsay_findings::{KnownShape, Minimised, documented_bugs, recognise};
use gainsay_oracle::Verdict;

use crate::group::Groups;
use crate::judging::{EngineRuns, Small, judged, small};

/// The known bugs of the engines that are here, as they show.
pub struct KnownBugs {
    engines: Vec<EngineInfo>,
    /// By the name of a file in `corpus/` without its extension, the ways in which its bug
    /// shows in this process.
    bugs: BTreeMap<&'static str, Vec<KnownShape>>,
}

impl KnownBugs {
    /// Run the files of `corpus/` whose headers name an engine of these groups in its
    /// version, and keep what they show. Those that would damage the process are avoided
    /// elsewhere.
    pub fn open(groups: &Groups) -> KnownBugs {
        let engines: Vec<EngineInfo> = groups.infos().cloned().collect();
        let all: Vec<&dyn Engine> = groups.all().collect();
        let shapes = |bug: &gainsay_findings::DocumentedBug| match bug
            .shapes(|case| Ok::<_, std::convert::Infallible>(shape(case, &all)))
        {
            Ok(shapes) => shapes,
            Err(never) => match never {},
        };
        let bugs = documented_bugs(&engines).map(|bug| (bug.name, shapes(bug))).collect();
        KnownBugs { engines, bugs }
    }

    /// The bug that a case shows, if it is known.
    pub fn recognise(&self, small: &Small) -> Option<&'static str> {
        let found = small.minimised();
        let is_it = |shapes: &Vec<KnownShape>| recognise(shapes, &found, &self.engines).is_some();
        self.bugs.iter().find(|(_, shapes)| is_it(shapes)).map(|(name, _)| *name)
    }

    /// The bugs that show as their files say, by name, and in how many ways.
    pub fn shown(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.bugs.iter().map(|(name, shapes)| (*name, shapes.len()))
    }
}

/// The smallest case that shows what this one does, if it shows anything.
fn shape(case: &Case, engines: &[&dyn Engine]) -> Option<Minimised> {
    let ran = EngineRuns::of(case, engines.iter().copied()).ok()?;
    match judged(case, &ran).verdict {
        Verdict::Diverge(divergence) => Some(small(case, &ran.engines, &divergence).minimised()),
        _ => None,
    }
}
