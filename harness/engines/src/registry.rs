//! The list of engines.

use std::fmt;

use gainsay_case::{Capabilities, Engine, Proposal};

use crate::{canary, faulty, freedom, language, reference, wasmi, wasmtime};

/// An engine that this build knows by name.
pub struct RegisteredEngine {
    /// Implementation and configuration: `wasmtime-cranelift`.
    pub id: &'static str,
    /// Whether it is used when nobody names engines.
    pub is_default: bool,
    /// Whether it is left out of lists: it exists to test the harness.
    pub is_hidden: bool,
    /// Proposals that it has no switch for.
    always_on: &'static [Proposal],
    open: Open,
}

/// Makes an engine that has no other proposals than these switched on.
type Open = fn(&Capabilities) -> Result<Box<dyn Engine>, String>;

impl RegisteredEngine {
    /// Make the engine and probe it. Milliseconds.
    ///
    /// # Errors
    /// Why this machine or build does not have it.
    pub fn open(&self) -> Result<Box<dyn Engine>, String> {
        (self.open)(&Proposal::ALL.iter().copied().collect())
    }

    /// Make the engine for a smaller language, in which modules that need other
    /// proposals than these are invalid: version 2.0 has one memory at most. What an
    /// engine cannot switch off, the reference's validator refuses for it.
    ///
    /// # Errors
    /// Why this machine or build does not have it.
    pub fn open_within(&self, language: &Capabilities) -> Result<Box<dyn Engine>, String> {
        Ok(language::hold((self.open)(language)?, language.clone(), self.always_on))
    }

    const fn usual(id: &'static str, open: Open) -> RegisteredEngine {
        RegisteredEngine { id, is_default: true, is_hidden: false, always_on: &[], open }
    }

    const fn always_on(self, always_on: &'static [Proposal]) -> RegisteredEngine {
        RegisteredEngine { always_on, ..self }
    }

    const fn hidden(id: &'static str, open: Open) -> RegisteredEngine {
        RegisteredEngine { id, is_default: false, is_hidden: true, always_on: &[], open }
    }
}

const REGISTERED: &[RegisteredEngine] = &[
    RegisteredEngine::usual("reference", reference::reference),
    RegisteredEngine::usual("wasmi-eager", wasmi::eager),
    RegisteredEngine::usual("wasmi-lazy", wasmi::lazy),
    RegisteredEngine::usual("wasmtime-cranelift", wasmtime::cranelift)
        .always_on(wasmtime::ALWAYS_ON),
    RegisteredEngine::usual("wasmtime-winch", wasmtime::winch).always_on(wasmtime::ALWAYS_ON),
    RegisteredEngine::usual("wasmtime-pulley", wasmtime::pulley).always_on(wasmtime::ALWAYS_ON),
    RegisteredEngine::usual("wasmtime-pooling", wasmtime::pooling).always_on(wasmtime::ALWAYS_ON),
    RegisteredEngine::hidden("canary", canary::canary),
    RegisteredEngine::hidden("faulty-abort", faulty::abort),
    RegisteredEngine::hidden("faulty-hang", faulty::hang),
    RegisteredEngine::hidden("faulty-memory", faulty::memory),
    RegisteredEngine::hidden("faulty-panic", faulty::panic),
];

/// Short names: the implementation, for its usual configuration.
const ALIASES: &[(&str, &str)] = &[("wasmi", "wasmi-eager"), ("wasmtime", "wasmtime-cranelift")];

/// All engines that can be named, hidden ones too, in the order of lists.
pub fn known() -> &'static [RegisteredEngine] {
    REGISTERED
}

/// The ids of the engines that a campaign uses unless told otherwise.
pub fn default_ids() -> Vec<String> {
    REGISTERED.iter().filter(|known| known.is_default).map(|known| known.id.to_owned()).collect()
}

/// The full id for an id or a short name; what is neither comes back as it is.
pub fn full_id(name: &str) -> &str {
    ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, id)| *id)
}

/// Open the engines of these ids or short names, in this order.
///
/// # Errors
/// The first that is unknown, named twice, or not available here.
pub fn find(names: &[String]) -> Result<Vec<Box<dyn Engine>>, UnknownEngine> {
    find_with(names, RegisteredEngine::open)
}

/// [`find`], with every engine opened by [`RegisteredEngine::open_within`].
///
/// # Errors
/// The same.
pub fn find_within(
    names: &[String],
    language: &Capabilities,
) -> Result<Vec<Box<dyn Engine>>, UnknownEngine> {
    find_with(names, |known| known.open_within(language))
}

fn find_with(
    names: &[String],
    open: impl Fn(&RegisteredEngine) -> Result<Box<dyn Engine>, String>,
) -> Result<Vec<Box<dyn Engine>>, UnknownEngine> {
    let mut engines: Vec<Box<dyn Engine>> = Vec::new();
    for name in names {
        let id = full_id(name);
        let fails = |why| UnknownEngine { name: name.clone(), why };
        if engines.iter().any(|engine| engine.info().id == id) {
            return Err(fails(Why::Twice));
        }
        let known = REGISTERED.iter().find(|known| known.id == id);
        let engine = match known {
            Some(known) => open(known).map_err(|reason| fails(Why::Unavailable(reason)))?,
            None => freedom::open(id).ok_or_else(|| fails(Why::Unknown))?,
        };
        engines.push(engine);
    }
    Ok(engines)
}

/// Why an engine that was asked for cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEngine {
    /// The name asked for.
    pub name: String,
    /// What is wrong with it.
    pub why: Why,
}

/// What is wrong with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// There is no such engine.
    Unknown,
    /// It was named before.
    Twice,
    /// It exists, but not on this machine or in this build, for this reason.
    Unavailable(String),
}

impl fmt::Display for UnknownEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.why {
            Why::Unknown => {
                let shown =
                    REGISTERED.iter().filter(|known| !known.is_hidden).map(|known| known.id);
                let ids: Vec<&str> = shown.collect();
                write!(f, "there is no engine {name:?}; there are {}", ids.join(", "))
            }
            Why::Twice => write!(f, "the engine {name:?} is named twice"),
            Why::Unavailable(reason) => write!(f, "the engine {name:?} is not available: {reason}"),
        }
    }
}

impl std::error::Error for UnknownEngine {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_usual_engines_come_in_their_order() {
        let order = [
            "reference",
            "wasmi-eager",
            "wasmi-lazy",
            "wasmtime-cranelift",
            "wasmtime-winch",
            "wasmtime-pulley",
            "wasmtime-pooling",
        ];
        assert_eq!(default_ids(), names(&order));
    }

    #[test]
    fn no_engine_that_tests_the_harness_is_usual() {
        let is_test =
            |known: &&RegisteredEngine| known.id == "canary" || known.id.starts_with("faulty-");
        let tests: Vec<&RegisteredEngine> = REGISTERED.iter().filter(is_test).collect();
        assert_eq!(tests.len(), 5);
        assert!(tests.iter().all(|known| known.is_hidden && !known.is_default));
    }

    #[test]
    fn every_engine_opens_under_its_own_id() {
        for known in REGISTERED {
            let engine = known.open().unwrap_or_else(|reason| panic!("{}: {reason}", known.id));
            assert_eq!(engine.info().id, known.id);
            assert!(!engine.info().capabilities.is_empty(), "{} can do nothing", known.id);
        }
    }

    #[test]
    fn engines_are_found_by_short_names_too() {
        let engines = find(&names(&["wasmtime", "wasmi"])).expect("both");
        let ids: BTreeSet<&str> = engines.iter().map(|engine| engine.info().id.as_str()).collect();
        assert_eq!(ids, BTreeSet::from(["wasmi-eager", "wasmtime-cranelift"]));
    }

    #[test]
    fn the_reference_is_found_by_what_it_chooses_too() {
        let engines =
            find(&names(&["reference-choosing-0-0", "reference-choosing-1-2"])).expect("both");
        let ids: Vec<&str> = engines.iter().map(|engine| engine.info().id.as_str()).collect();
        assert_eq!(ids, ["reference-choosing-0-0", "reference-choosing-1-2"]);
        assert!(engines.iter().all(|engine| !engine.info().capabilities.is_empty()));
        assert!(find(&names(&["reference-choosing-99999-0"])).is_err());
    }

    #[test]
    fn a_name_that_is_unknown_or_repeated_is_refused() {
        let why = |list: &[&str]| find(&names(list)).err().map(|error| (error.name, error.why));
        assert_eq!(why(&["wasmy"]), Some(("wasmy".to_owned(), Why::Unknown)));
        let twice = Some(("wasmi-eager".to_owned(), Why::Twice));
        assert_eq!(why(&["wasmi", "wasmi-eager"]), twice);
    }

    #[test]
    fn a_refusal_names_the_engines_but_not_the_hidden_ones() {
        let error = find(&names(&["wasmy"])).err().expect("unknown").to_string();
        assert!(error.contains("wasmtime-winch") && !error.contains("canary"), "{error}");
    }

    #[test]
    fn the_versions_shown_are_those_that_are_locked() {
        let lock = include_str!("../../../Cargo.lock");
        for (name, version) in [("wasmi", wasmi::VERSION), ("wasmtime", wasmtime::VERSION)] {
            let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
            assert!(lock.contains(&entry), "{name} {version} is not what is built");
        }
    }
}
