//! Engines that a case is run on together.

use gainsay_case::{Capabilities, Engine, EngineInfo};
use gainsay_engines::registry::{self, full_id};

/// The groups, by the ids of their engines. Interpreters cost a twentieth of what an
/// optimising compiler costs, so they have a group without one; all proposals are in the
/// second and the third.
const GROUPS: [&[&str]; 4] = [
    &["reference", "wasmi-eager"],
    &["reference", "wasmtime-cranelift"],
    &["reference", "wasmi-eager", "wasmtime-cranelift"],
    &["reference", "wasmtime-winch", "wasmtime-pulley"],
];

/// How many groups there are.
pub const COUNT: u8 = GROUPS.len() as u8;

/// Names the engines of the only group instead, with commas between them; the reference is
/// the first.
pub const ENGINES: &str = "GAINSAY_FUZZ_ENGINES";

/// Every engine that some group has, opened, and which are in which group.
pub struct Groups {
    engines: Vec<Box<dyn Engine>>,
    members: Vec<Members>,
}

/// A group of engines.
struct Members {
    /// Places among all engines; the reference's is the first.
    places: Vec<usize>,
    /// What all of them can do.
    common: Capabilities,
}

impl Groups {
    /// Open all engines: those that [`ENGINES`] names, else the usual ones.
    ///
    /// # Panics
    /// If one of them is not compiled in.
    pub fn open() -> Groups {
        match std::env::var(ENGINES) {
            Ok(names) => {
                let group: Vec<&str> = names.split(',').map(|name| full_id(name.trim())).collect();
                Groups::of(&[&group])
            }
            Err(_) => Groups::of(&GROUPS),
        }
    }

    /// Open the engines of these groups, each of which begins with the reference.
    ///
    /// # Panics
    /// If one of them is not compiled in, or a group is empty.
    pub fn of(groups: &[&[&str]]) -> Groups {
        let mut ids: Vec<&str> = Vec::new();
        for id in groups.iter().copied().flatten() {
            if !ids.contains(id) {
                ids.push(id);
            }
        }
        let names: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let engines = registry::find(&names).unwrap_or_else(|error| panic!("{error}"));
        let members = groups.iter().map(|group| {
            let place = |id: &&str| ids.iter().position(|known| known == id);
            let places: Vec<usize> = group.iter().filter_map(place).collect();
            let infos = places.iter().map(|place| engines[*place].info().capabilities.clone());
            let common = infos.reduce(|common, other| &common & &other).unwrap_or_default();
            Members { places, common }
        });
        let members = members.collect();
        Groups { engines, members }
    }

    /// What the engines of a group have in common. Any number stands for a group.
    pub fn common(&self, group: u8) -> &Capabilities {
        &self.members(group).common
    }

    /// The engines of a group; the reference is the first.
    pub fn engines(&self, group: u8) -> impl Iterator<Item = &dyn Engine> {
        self.members(group).places.iter().map(|place| &*self.engines[*place])
    }

    /// All engines; the reference is the first.
    pub fn all(&self) -> impl Iterator<Item = &dyn Engine> {
        self.engines.iter().map(|engine| &**engine)
    }

    /// Who all engines are.
    pub fn infos(&self) -> impl Iterator<Item = &EngineInfo> {
        self.engines.iter().map(|engine| engine.info())
    }

    /// What at least two implementations of some group have, the reference among them.
    pub fn reachable(&self) -> Capabilities {
        let mut reachable = Capabilities::new();
        for Members { places, .. } in &self.members {
            let (reference, others) = places.split_first().expect("no group is empty");
            let reference = &self.engines[*reference].info().capabilities;
            for other in others {
                reachable.extend(reference & &self.engines[*other].info().capabilities);
            }
        }
        reachable
    }

    fn members(&self, group: u8) -> &Members {
        &self.members[usize::from(group) % self.members.len()]
    }
}
