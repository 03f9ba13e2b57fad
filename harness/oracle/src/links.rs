//! Which instances can influence each other, and on which engines they are no
//! longer comparable.
//!
//! A limit that one engine hits leaves the instance half-way through a call, in
//! a state that no other engine need have. The same holds for every instance
//! that shares a function, memory, table or global with it, so instances form
//! groups, and a group is settled or unsettled as a whole.

use std::collections::BTreeMap;

use gainsay_case::{Case, Step};

/// The groups of a case's instances, and the engines on which they are unsettled.
pub(crate) struct Links {
    engines: usize,
    /// Parents of a union-find forest; a root is its own parent.
    parents: Vec<usize>,
    /// By root: whether the group is unsettled, per engine.
    unsettled: Vec<Vec<bool>>,
    /// The current instance of each name.
    instances: BTreeMap<String, usize>,
    /// The current instance of each registered name.
    registered: BTreeMap<String, usize>,
    /// The current module of each name.
    modules: BTreeMap<String, Module>,
}

struct Module {
    /// The step that defines it.
    step: usize,
    /// Whether it could not be defined for reasons of the engine's own, per engine.
    unsettled: Vec<bool>,
}

impl Links {
    pub(crate) fn new(engines: usize) -> Links {
        Links {
            engines,
            parents: Vec::new(),
            unsettled: Vec::new(),
            instances: BTreeMap::new(),
            registered: BTreeMap::new(),
            modules: BTreeMap::new(),
        }
    }

    /// Take in the step at `index` before its outcomes are judged.
    pub(crate) fn enter(&mut self, case: &Case, index: usize) {
        match &case.steps[index] {
            Step::Define { module, .. } => {
                let module_state = Module { step: index, unsettled: vec![false; self.engines] };
                self.modules.insert(module.clone(), module_state);
            }
            Step::Instantiate { module, instance } => self.instantiate(case, module, instance),
            Step::Register { instance, name } => {
                if let Some(&node) = self.instances.get(instance) {
                    self.registered.insert(name.clone(), node);
                }
            }
            Step::Invoke { .. } | Step::Get { .. } => {}
        }
    }

    /// A new instance, joined to those whose registered name the binary holds: an
    /// import's module name stands in it verbatim (§ binary/modules, import section).
    fn instantiate(&mut self, case: &Case, module: &str, instance: &str) {
        let module = self.modules.get(module);
        let bytes: &[u8] = match module.map(|module| &case.steps[module.step]) {
            Some(Step::Define { bytes, .. }) => bytes,
            _ => &[],
        };
        let unsettled = module.map(|module| module.unsettled.clone());
        let node = self.parents.len();
        self.parents.push(node);
        self.unsettled.push(unsettled.unwrap_or_else(|| vec![false; self.engines]));
        self.instances.insert(instance.to_owned(), node);
        let importable: Vec<usize> = self
            .registered
            .iter()
            .filter(|(name, _)| contains(bytes, name.as_bytes()))
            .map(|(_, &exporter)| exporter)
            .collect();
        for exporter in importable {
            self.join(node, exporter);
        }
    }

    fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        if left == right {
            return;
        }
        self.parents[right] = left;
        let joined = std::mem::take(&mut self.unsettled[right]);
        for (into, from) in self.unsettled[left].iter_mut().zip(joined) {
            *into |= from;
        }
    }

    fn root(&self, mut node: usize) -> usize {
        while self.parents[node] != node {
            node = self.parents[node];
        }
        node
    }

    /// Whether what `step` acts on is unsettled on an engine.
    pub(crate) fn is_unsettled(&self, step: &Step, engine: usize) -> bool {
        match step.instance() {
            Some(instance) => self.is_instance_unsettled(instance, engine),
            None => false,
        }
    }

    /// Whether the instance of that name is unsettled on an engine.
    pub(crate) fn is_instance_unsettled(&self, instance: &str, engine: usize) -> bool {
        match self.instances.get(instance) {
            Some(&node) => self.unsettled[self.root(node)][engine],
            None => false,
        }
    }

    /// From here on nothing that `step` acts on can be compared on this engine.
    pub(crate) fn unsettle(&mut self, step: &Step, engine: usize) {
        match step {
            Step::Define { module, .. } => {
                if let Some(module) = self.modules.get_mut(module) {
                    module.unsettled[engine] = true;
                }
            }
            _ => {
                let node = step.instance().and_then(|instance| self.instances.get(instance));
                if let Some(&node) = node {
                    let root = self.root(node);
                    self.unsettled[root][engine] = true;
                }
            }
        }
    }

    /// The names of all instances there are, sorted.
    pub(crate) fn instances(&self) -> impl Iterator<Item = &str> {
        self.instances.keys().map(String::as_str)
    }
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    needle.is_empty() || bytes.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn define(module: &str, bytes: &[u8]) -> Step {
        Step::Define { module: module.into(), bytes: bytes.into() }
    }

    fn instantiate(module: &str, instance: &str) -> Step {
        Step::Instantiate { module: module.into(), instance: instance.into() }
    }

    fn register(instance: &str, name: &str) -> Step {
        Step::Register { instance: instance.into(), name: name.into() }
    }

    fn entered(case: &Case) -> Links {
        let mut links = Links::new(2);
        (0..case.steps.len()).for_each(|index| links.enter(case, index));
        links
    }

    #[test]
    fn an_importer_and_its_exporter_are_unsettled_together() {
        let steps = vec![
            define("A", b""),
            define("B", b"..env.."),
            define("C", b"......."),
            instantiate("A", "a"),
            register("a", "env"),
            instantiate("B", "b"),
            instantiate("C", "c"),
        ];
        let case = Case { steps };
        let mut links = entered(&case);
        links.unsettle(&case.steps[5], 1);
        assert!(links.is_instance_unsettled("a", 1));
        assert!(links.is_instance_unsettled("b", 1));
        assert!(!links.is_instance_unsettled("c", 1));
        assert!(!links.is_instance_unsettled("a", 0));
    }

    #[test]
    fn a_new_instance_of_the_same_name_is_settled_again() {
        let steps = vec![define("A", b""), instantiate("A", "a")];
        let case = Case { steps };
        let mut links = entered(&case);
        links.unsettle(&case.steps[1], 0);
        assert!(links.is_instance_unsettled("a", 0));
        links.enter(&case, 1);
        assert!(!links.is_instance_unsettled("a", 0));
    }

    #[test]
    fn an_instance_of_a_module_that_an_engine_lacks_is_unsettled_there() {
        let case = Case { steps: vec![define("A", b""), instantiate("A", "a")] };
        let mut links = Links::new(2);
        links.enter(&case, 0);
        links.unsettle(&case.steps[0], 1);
        links.enter(&case, 1);
        assert!(links.is_instance_unsettled("a", 1));
        assert!(!links.is_instance_unsettled("a", 0));
    }

    #[test]
    fn a_replaced_instance_still_links_through_its_registered_name() {
        let steps = vec![
            define("A", b""),
            define("B", b"env"),
            instantiate("A", "a"),
            register("a", "env"),
            instantiate("A", "a"),
            instantiate("B", "b"),
        ];
        let case = Case { steps };
        let mut links = entered(&case);
        links.unsettle(&case.steps[5], 0);
        assert!(!links.is_instance_unsettled("a", 0));
    }
}
