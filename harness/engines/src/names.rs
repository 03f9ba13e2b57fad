//! The modules and instances of a session, by the names that a case gives them.

use std::collections::HashMap;

use gainsay_case::StepFailure;

/// What a session knows by name: `M` is an engine's module, `I` its instance.
pub(crate) struct Names<M, I> {
    modules: HashMap<String, M>,
    instances: HashMap<String, I>,
    registered: HashMap<String, I>,
}

impl<M: Clone, I: Clone> Names<M, I> {
    pub(crate) fn new() -> Names<M, I> {
        Names { modules: HashMap::new(), instances: HashMap::new(), registered: HashMap::new() }
    }

    pub(crate) fn define(&mut self, name: &str, module: M) {
        self.modules.insert(name.to_owned(), module);
    }

    pub(crate) fn module(&self, name: &str) -> Result<M, StepFailure> {
        self.modules.get(name).cloned().ok_or_else(|| missing("module", name))
    }

    pub(crate) fn instantiate(&mut self, name: &str, instance: I) {
        self.instances.insert(name.to_owned(), instance);
    }

    pub(crate) fn instance(&self, name: &str) -> Result<I, StepFailure> {
        self.instances.get(name).cloned().ok_or_else(|| missing("instance", name))
    }

    pub(crate) fn register(&mut self, instance: &str, name: &str) -> Result<(), StepFailure> {
        let instance = self.instance(instance)?;
        self.registered.insert(name.to_owned(), instance);
        Ok(())
    }

    /// The instance that offers its exports under the module name `name`.
    pub(crate) fn registered(&self, name: &str) -> Option<I> {
        self.registered.get(name).cloned()
    }
}

/// A step names what this session does not have. The harness never asks for
/// that, so it is the asker's mistake and no comparison.
fn missing(what: &str, name: &str) -> StepFailure {
    StepFailure::Unsupported(format!("there is no {what} named {name:?}"))
}

/// An export that a step asks for does not exist or is of another kind.
pub(crate) fn no_export(what: &str, field: &str) -> StepFailure {
    StepFailure::no_export(what, field)
}
