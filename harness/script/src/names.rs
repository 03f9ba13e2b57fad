//! The modules and instances that a script speaks of.

use std::collections::HashMap;
use std::sync::Arc;

use wast::token::Id;

use crate::judge::Verdict;
use gainsay_case::text::imported_modules;

/// What directives call by name, and what those without a name mean. Every module
/// and instance gets a new name in the session, for scripts use theirs again.
#[derive(Default)]
pub struct Names {
    count: usize,
    modules: HashMap<String, Resolved>,
    instances: HashMap<String, Resolved>,
    /// Names that imports cannot be resolved from, because of an earlier verdict.
    unregistered: HashMap<String, Verdict>,
    last_module: Option<Resolved>,
    last_instance: Option<Resolved>,
}

/// A name in the session and the binary it stands for; or what became of the
/// directive that should have made it, which becomes of all that need it.
pub type Resolved = Result<(String, Arc<[u8]>), Verdict>;

impl Names {
    /// Those of a thread that knows one instance. Its session has that by the name here,
    /// and new names must be others.
    pub fn of_thread(&self, name: Option<&str>) -> Result<Names, Verdict> {
        let mut names = Names { count: self.count, ..Names::default() };
        if let Some(name) = name {
            names.instances.insert(name.to_owned(), Ok(self.instance_named(Some(name))?));
        }
        Ok(names)
    }

    /// A name that the session does not know yet.
    pub fn fresh(&mut self) -> String {
        self.count += 1;
        format!("script-{}", self.count)
    }

    /// The module of this name, or the last one.
    pub fn module(&self, id: Option<Id<'_>>) -> Resolved {
        find(&self.modules, &self.last_module, id.map(|id| id.name()), "module")
    }

    /// The instance of this name, or the last one.
    pub fn instance(&self, id: Option<Id<'_>>) -> Resolved {
        self.instance_named(id.map(|id| id.name()))
    }

    /// The same by the name alone.
    pub fn instance_named(&self, name: Option<&str>) -> Resolved {
        find(&self.instances, &self.last_instance, name, "instance")
    }

    /// Remembers a module, as the last one and by its name.
    pub fn defined(&mut self, name: Option<String>, known: Resolved) {
        if let Some(name) = name {
            self.modules.insert(name, known.clone());
        }
        self.last_module = Some(known);
    }

    /// Remembers an instance, as the last one and by its name.
    pub fn instantiated(&mut self, name: Option<String>, known: Resolved) {
        if let Some(name) = name {
            self.instances.insert(name, known.clone());
        }
        self.last_instance = Some(known);
    }

    /// Remembers whether imports from this name can be resolved.
    pub fn registered(&mut self, name: &str, verdict: Option<Verdict>) {
        match verdict {
            Some(verdict) => self.unregistered.insert(name.to_owned(), verdict),
            None => self.unregistered.remove(name),
        };
    }

    /// Forgets all that was made and registered: what needs it shares the verdict.
    pub fn lose(&mut self, registered: impl Iterator<Item = String>, verdict: &Verdict) {
        let lose = |known: &mut Resolved| *known = Err(verdict.clone());
        self.modules.values_mut().for_each(lose);
        self.instances.values_mut().for_each(lose);
        self.last_module.iter_mut().for_each(lose);
        self.last_instance.iter_mut().for_each(lose);
        self.unregistered.extend(registered.map(|name| (name, verdict.clone())));
    }

    /// What became of an instance that this module imports from, if it is not there.
    pub fn unavailable(&self, bytes: &[u8]) -> Option<Verdict> {
        if self.unregistered.is_empty() {
            return None;
        }
        imported_modules(bytes).iter().find_map(|name| self.unregistered.get(name).cloned())
    }
}

fn find(
    all: &HashMap<String, Resolved>,
    last: &Option<Resolved>,
    name: Option<&str>,
    what: &str,
) -> Resolved {
    let known = match name {
        Some(name) => all.get(name),
        None => last.as_ref(),
    };
    known.cloned().unwrap_or_else(|| Err(Verdict::Fail(format!("there is no such {what}"))))
}

/// What is known of what a directive of this verdict should have made.
pub fn known(made: (String, Arc<[u8]>), verdict: &Verdict) -> Resolved {
    match verdict {
        Verdict::Pass => Ok(made),
        verdict => Err(consequence(verdict)),
    }
}

/// What becomes of directives that need what another, of this verdict, should have made.
pub fn consequence(verdict: &Verdict) -> Verdict {
    match verdict {
        Verdict::Skip(reason) => Verdict::Skip(reason.clone()),
        _ => Verdict::Fail("the module it needs is not there".to_owned()),
    }
}
