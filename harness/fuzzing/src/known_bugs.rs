//! Bugs of released engines that this repository documents. A campaign names and counts
//! them, and goes on.

use gainsay_case::text::{self, Header};
use gainsay_case::{Case, Engine, EngineInfo, Step};
use gainsay_findings::{Minimised, expected_to_fail, has_cause_of};
use gainsay_oracle::Verdict;

use crate::group::Groups;
use crate::judging::{EngineRuns, Small, judged, small};

include!(concat!(env!("OUT_DIR"), "/known_bugs.rs"));

/// The known bugs of the engines that are here, as they show.
pub struct KnownBugs {
    engines: Vec<EngineInfo>,
    /// The name of a file in `corpus/` without its extension, and the smallest cases that
    /// show its bug.
    bugs: Vec<(&'static str, Vec<Minimised>)>,
}

impl KnownBugs {
    /// Run the files of `corpus/` whose headers name an engine of these groups in its
    /// version, and keep what they show. Those that would damage the process are avoided
    /// elsewhere.
    pub fn open(groups: &Groups) -> KnownBugs {
        let engines: Vec<EngineInfo> = groups.infos().cloned().collect();
        let all: Vec<&dyn Engine> = groups.all().collect();
        let bugs = KNOWN_BUGS.iter().filter_map(|(name, source)| {
            let header = Header::of(source).ok()?;
            if expected_to_fail(&header, &engines).is_empty() {
                return None;
            }
            let case = text::read_case(source).ok()?;
            Some((*name, shapes(&case, &all)))
        });
        KnownBugs { bugs: bugs.collect(), engines }
    }

    /// The bug that a case shows, if it is known.
    pub fn recognise(&self, small: &Small) -> Option<&'static str> {
        let found = small.minimised();
        let is_it = |shape: &Minimised| has_cause_of(shape, &found, &self.engines);
        self.bugs.iter().find(|(_, shapes)| shapes.iter().any(is_it)).map(|(name, _)| *name)
    }

    /// The bugs that show as their files say, by name, and in how many ways.
    pub fn shown(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.bugs.iter().map(|(name, shapes)| (*name, shapes.len()))
    }
}

/// The smallest cases that show the bug of a file: one for each call that differs by itself.
fn shapes(case: &Case, engines: &[&dyn Engine]) -> Vec<Minimised> {
    let is_call = |step: &Step| matches!(step, Step::Invoke { .. });
    let calls = (0..case.steps.len()).filter(|at| is_call(&case.steps[*at]));
    let alone = calls.map(|call| {
        let kept = case.steps.iter().enumerate();
        let kept = kept.filter(|(at, step)| *at == call || !is_call(step));
        Case { steps: kept.map(|(_, step)| step.clone()).collect() }
    });
    let mut shapes: Vec<Minimised> = Vec::new();
    for case in alone {
        let Ok(ran) = EngineRuns::of(&case, engines.iter().copied()) else { continue };
        if let Verdict::Diverge(divergence) = judged(&case, &ran).verdict {
            let shape = small(&case, &ran.engines, &divergence).minimised();
            if !shapes.iter().any(|known| known.opcodes == shape.opcodes) {
                shapes.push(shape);
            }
        }
    }
    shapes
}
