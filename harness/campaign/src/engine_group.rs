//! Which engines a case is meant for.
//!
//! Cases within the intersection of *all* engines would starve a campaign as soon
//! as one engine lacks something. So cases take turns: some are meant for all,
//! some only for those engines that have more in common. Who wants vectors gets them
//! from all who have them, and who wants them together with tail calls from all who
//! have both.

use std::collections::BTreeSet;

use gainsay_case::{Capabilities, EngineInfo};
use gainsay_findings::common_capabilities;
use gainsay_generate::{Generated, Generator, PROPOSALS_GENERATED};

/// How many groups a campaign has at most. Each gets as many cases as any other.
const GROUPS_MAX: usize = 12;

/// Engines, by their position in the campaign, and the cases made for them.
pub(crate) struct EngineGroup {
    pub(crate) engines: Vec<usize>,
    /// Their ids, in the same order.
    pub(crate) ids: Vec<String>,
    generator: Generator,
}

/// All cases of a seed, each with its group.
pub(crate) struct EngineGroups(Vec<EngineGroup>);

impl EngineGroups {
    /// The groups among `engines`: everyone; for each proposal all that have it; and
    /// for each combination of proposals all that have them, so that an engine's gap
    /// keeps nothing from the others. A group has at least two implementations.
    pub(crate) fn new(engines: &[EngineInfo], seed: u64) -> EngineGroups {
        let everyone: Vec<usize> = (0..engines.len()).collect();
        let mut members = vec![everyone.clone()];
        for proposal in PROPOSALS_GENERATED {
            let has = |engine: &&usize| engines[**engine].capabilities.contains(proposal);
            note(engines, everyone.iter().filter(has).copied().collect(), &mut members);
        }
        let mut met = 0;
        while met < members.len() {
            for other in 0..met {
                let both = |engine: &&usize| members[other].contains(engine);
                let common = members[met].iter().filter(both).copied().collect();
                note(engines, common, &mut members);
            }
            met += 1;
        }
        EngineGroups(
            members.iter().map(|members| EngineGroup::new(engines, members, seed)).collect(),
        )
    }

    /// Whom case `index` is meant for.
    pub(crate) fn of(&self, index: u64) -> &EngineGroup {
        let turn = index % self.0.len() as u64;
        &self.0[usize::try_from(turn).unwrap_or_default()]
    }

    /// All engines.
    pub(crate) fn everyone(&self) -> &EngineGroup {
        &self.0[0]
    }

    /// Case `index`.
    pub(crate) fn case(&self, index: u64) -> Generated {
        self.of(index).generator.case(index)
    }
}

impl EngineGroup {
    fn new(engines: &[EngineInfo], members: &[usize], seed: u64) -> EngineGroup {
        EngineGroup {
            engines: members.to_vec(),
            ids: members.iter().map(|member| engines[*member].id.clone()).collect(),
            generator: Generator::new(&common(engines, members), seed),
        }
    }
}

fn common(engines: &[EngineInfo], members: &[usize]) -> Capabilities {
    let members: Vec<EngineInfo> = members.iter().map(|member| engines[*member].clone()).collect();
    common_capabilities(&members)
}

/// Add a group, if it is a new one in which something can be compared.
fn note(engines: &[EngineInfo], members: Vec<usize>, groups: &mut Vec<Vec<usize>>) {
    let is_wanted = !groups.contains(&members) && is_comparable(engines, &members);
    if is_wanted && groups.len() < GROUPS_MAX {
        groups.push(members);
    }
}

/// Whether there are two implementations among them.
fn is_comparable(engines: &[EngineInfo], members: &[usize]) -> bool {
    let implementations: BTreeSet<&str> =
        members.iter().map(|member| engines[*member].implementation.as_str()).collect();
    implementations.len() >= 2
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

    fn groups(engines: &[EngineInfo]) -> Vec<Vec<String>> {
        EngineGroups::new(engines, 1).0.into_iter().map(|group| group.ids).collect()
    }

    #[test]
    fn an_engine_that_lacks_something_does_not_keep_it_from_the_others() {
        let wide = [Proposal::TailCall, Proposal::MultiMemory];
        let engines = [
            engine("one", "a", &wide),
            engine("narrow", "a", &wide[..1]),
            engine("two", "b", &wide),
        ];
        assert_eq!(groups(&engines), [vec!["one", "narrow", "two"], vec!["one", "two"]]);
    }

    #[test]
    fn equals_are_one_group() {
        let engines = ["one", "two"].map(|id| engine(id, id, &[Proposal::TailCall]));
        assert_eq!(groups(&engines), [["one", "two"]]);
    }

    #[test]
    fn two_proposals_meet_where_both_are_had() {
        let (simd, gc) = (Proposal::Simd, Proposal::ExtendedConst);
        let engines = [
            engine("both", "a", &[simd, gc]),
            engine("simd", "b", &[simd]),
            engine("gc", "c", &[gc]),
            engine("both-too", "d", &[simd, gc]),
        ];
        let expected = [
            vec!["both", "simd", "gc", "both-too"],
            vec!["both", "gc", "both-too"],
            vec!["both", "simd", "both-too"],
            vec!["both", "both-too"],
        ];
        assert_eq!(groups(&engines), expected);
    }

    #[test]
    fn configurations_of_one_implementation_are_not_left_alone() {
        let engines = [
            engine("one", "a", &[Proposal::TailCall]),
            engine("two", "a", &[Proposal::TailCall]),
            engine("narrow", "b", &[]),
        ];
        assert_eq!(groups(&engines), [["one", "two", "narrow"]]);
    }
}
