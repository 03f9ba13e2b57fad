//! Which engines a case is meant for.
//!
//! Cases within the intersection of *all* engines would starve a campaign as soon
//! as one engine lacks something. So cases take turns: some are meant for all,
//! some only for those engines that have more in common.

use std::collections::BTreeSet;

use gainsay_case::{Capabilities, EngineInfo};
use gainsay_generate::{Generated, Generator, PROPOSALS_GENERATED};

use crate::state::common_capabilities;

/// Engines, by their position in the campaign, and the cases made for them.
pub(crate) struct Audience {
    pub(crate) engines: Vec<usize>,
    /// Their ids, in the same order.
    pub(crate) ids: Vec<String>,
    /// Whether these are all engines of the campaign.
    pub(crate) is_everyone: bool,
    generator: Generator,
}

/// All cases of a seed, each with its audience.
pub(crate) struct Audiences(Vec<Audience>);

impl Audiences {
    /// The audiences among `engines`: everyone first, then ever fewer who have ever
    /// more in common, as long as there are two implementations among them.
    pub(crate) fn new(engines: &[EngineInfo], seed: u64) -> Audiences {
        let mut members: Vec<usize> = (0..engines.len()).collect();
        let mut audiences = vec![Audience::new(engines, &members, seed)];
        while let Some(fewer) = without_the_narrowest(engines, &members) {
            if generated(engines, &fewer) != generated(engines, &members) {
                audiences.push(Audience::new(engines, &fewer, seed));
            }
            members = fewer;
        }
        Audiences(audiences)
    }

    /// Whom case `index` is meant for.
    pub(crate) fn of(&self, index: u64) -> &Audience {
        let turn = index % self.0.len() as u64;
        &self.0[usize::try_from(turn).unwrap_or_default()]
    }

    /// Case `index`.
    pub(crate) fn case(&self, index: u64) -> Generated {
        self.of(index).generator.case(index)
    }
}

impl Audience {
    fn new(engines: &[EngineInfo], members: &[usize], seed: u64) -> Audience {
        Audience {
            engines: members.to_vec(),
            ids: members.iter().map(|member| engines[*member].id.clone()).collect(),
            is_everyone: members.len() == engines.len(),
            generator: Generator::new(&common(engines, members), seed),
        }
    }
}

fn common(engines: &[EngineInfo], members: &[usize]) -> Capabilities {
    let members: Vec<EngineInfo> = members.iter().map(|member| engines[*member].clone()).collect();
    common_capabilities(&members)
}

/// What of it generation makes use of.
fn generated(engines: &[EngineInfo], members: &[usize]) -> Capabilities {
    let generated = PROPOSALS_GENERATED.iter().copied().collect();
    &common(engines, members) & &generated
}

/// The members without the one that has the least of what is generated, if two
/// implementations are left.
fn without_the_narrowest(engines: &[EngineInfo], members: &[usize]) -> Option<Vec<usize>> {
    let width = |member: &&usize| generated(engines, &[**member]).len();
    let narrowest = *members.iter().min_by_key(width)?;
    let fewer: Vec<usize> = members.iter().copied().filter(|m| *m != narrowest).collect();
    let implementations: BTreeSet<&str> =
        fewer.iter().map(|member| engines[*member].implementation.as_str()).collect();
    (implementations.len() >= 2).then_some(fewer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gainsay_case::Proposal;

    fn engine(id: &str, implementation: &str, capabilities: &[Proposal]) -> EngineInfo {
        EngineInfo {
            id: id.to_owned(),
            implementation: implementation.to_owned(),
            version: "1".to_owned(),
            capabilities: capabilities.iter().copied().collect(),
        }
    }

    fn audiences(engines: &[EngineInfo]) -> Vec<Vec<String>> {
        Audiences::new(engines, 1).0.into_iter().map(|audience| audience.ids).collect()
    }

    #[test]
    fn an_engine_that_lacks_something_does_not_keep_it_from_the_others() {
        let wide = [Proposal::TailCall, Proposal::MultiMemory];
        let engines = [
            engine("one", "a", &wide),
            engine("narrow", "a", &wide[..1]),
            engine("two", "b", &wide),
        ];
        assert_eq!(audiences(&engines), [vec!["one", "narrow", "two"], vec!["one", "two"]]);
    }

    #[test]
    fn equals_are_one_audience() {
        let engines = ["one", "two"].map(|id| engine(id, id, &[Proposal::TailCall]));
        assert_eq!(audiences(&engines), [["one", "two"]]);
    }

    #[test]
    fn configurations_of_one_implementation_are_not_left_alone() {
        let engines = [
            engine("one", "a", &[Proposal::TailCall]),
            engine("two", "a", &[Proposal::TailCall]),
            engine("narrow", "b", &[]),
        ];
        assert_eq!(audiences(&engines), [["one", "two", "narrow"]]);
    }
}
