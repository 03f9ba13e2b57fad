//! From a case to a WAST script.

use std::collections::BTreeMap;

use super::constant::{constant, identifier, string};
use super::expected::Expected;
use super::message::{EXHAUSTION_MESSAGE, trap_message};
use super::module::ModuleText;
use super::note::Note;
use super::pattern::Pattern;
use super::prelude::{self, HostFunction};
use super::script::Script;
use super::tree::Node;
use crate::case::{Case, Step};
use crate::host;
use crate::outcome::{Outcome, TrapKind};

/// The case as a WAST script that asserts what `expected` says; without it, a
/// script that only acts. See [`Script::to_text`].
pub fn print(case: &Case, expected: Option<&Outcome>) -> String {
    Script::new(case.clone(), expected).to_text()
}

impl Script {
    /// The WAST script, from which [`super::read`] makes the same case. It runs in
    /// any engine's own tools: it brings the host functions that it imports, and
    /// what other tools could not run stands in comments.
    ///
    /// Two things do not come back: a step that is expected to succeed and a step
    /// about which nothing is said look alike unless it is an `Invoke` or a `Get`;
    /// and no script can state an opaque reference as an argument.
    pub fn to_text(&self) -> String {
        let mut printer = Printer::new(self);
        let mut index = 0;
        while index < self.case.steps.len() {
            index += printer.step(index);
        }
        printer.text
    }
}

struct Printer<'a> {
    script: &'a Script,
    text: String,
    /// Where each name of a module is defined or instantiated, in order.
    mentions: BTreeMap<&'a str, Vec<usize>>,
    /// The host functions of each module as last defined.
    imports: BTreeMap<&'a str, Vec<HostFunction>>,
    /// The host functions that the script has provided so far.
    provided: Vec<HostFunction>,
}

impl<'a> Printer<'a> {
    fn new(script: &'a Script) -> Printer<'a> {
        let mut all = Vec::new();
        for (_, bytes) in script.case.modules() {
            // What cannot be merged is provided where it is needed.
            prelude::merge(&mut all, &prelude::host_functions(bytes));
        }
        let mut text = script.header.to_text();
        if !all.is_empty() {
            text.push_str(&prelude::text(&all));
        }
        let mut mentions: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, step) in script.case.steps.iter().enumerate() {
            if let Step::Define { module, .. } | Step::Instantiate { module, .. } = step {
                mentions.entry(module).or_default().push(index);
            }
        }
        Printer { script, text, mentions, imports: BTreeMap::new(), provided: all }
    }

    /// Prints the step of this index and says how many steps that was.
    fn step(&mut self, index: usize) -> usize {
        let script = self.script;
        let expected = script.expected(index);
        match &script.case.steps[index] {
            Step::Define { module, bytes } => {
                self.imports.insert(module, prelude::host_functions(bytes));
                return self.module(index, module, bytes);
            }
            Step::Instantiate { module, instance } => {
                self.provide(module);
                let (instance, module) = (identifier(instance), identifier(module));
                self.unasserted(&format!("(module instance {instance} {module})"), expected);
            }
            Step::Register { instance, name } => {
                let directive = format!("(register {} {})", string(name), identifier(instance));
                self.unasserted(&directive, expected);
            }
            Step::Invoke { instance, field, args } => {
                let mut action = format!("(invoke {} {}", identifier(instance), string(field));
                for arg in args {
                    action.push(' ');
                    action.push_str(&constant(*arg));
                }
                self.invoke(&format!("{action})"), expected);
            }
            Step::Get { instance, field } => {
                let action = format!("(get {} {})", identifier(instance), string(field));
                self.get(&action, expected);
            }
        }
        1
    }

    /// Prints a definition, with its instantiation where one directive says both.
    fn module(&mut self, index: usize, name: &'a str, bytes: &[u8]) -> usize {
        let module = ModuleText::of(bytes);
        let (here, next) = (self.script.expected(index), self.script.expected(index + 1));
        let assertion = match next {
            None | Some(Expected::Returned(_)) => Some((None, None)),
            Some(Expected::Trapped(kind)) => Some((Some("assert_trap"), Some(trap_message(*kind)))),
            Some(Expected::HostError) => {
                let message = trap_message(TrapKind::Unreachable);
                Some((Some("assert_trap"), Some(message)))
            }
            Some(Expected::Uncaught) => Some((Some("assert_exception"), None)),
            Some(Expected::Unlinkable) => Some((Some("assert_unlinkable"), Some(""))),
            Some(Expected::Rejected | Expected::Exhausted | Expected::Absent) => None,
        };
        let succeeds = matches!(here, None | Some(Expected::Returned(_)));
        if let Some((assertion, message)) = assertion
            && succeeds
            && self.is_only_instantiation(index, name)
        {
            self.provide(name);
            if let Some(expected @ Expected::HostError) = next {
                self.text.push_str(&Note::Expect(expected.clone()).line());
            }
            self.push_module(&module, module.tree(None, name), assertion, message);
            return 2;
        }
        // Engines word their messages as they like; every message begins with nothing.
        let (word, assertion, message) = match here {
            Some(Expected::Rejected) if module.decodable => {
                (None, Some("assert_invalid"), Some(""))
            }
            Some(Expected::Rejected) => (None, Some("assert_malformed"), Some("")),
            _ => (Some("definition"), None, None),
        };
        self.push_module(&module, module.tree(word, name), assertion, message);
        1
    }

    fn push_module(
        &mut self,
        module: &ModuleText,
        tree: Node,
        assertion: Option<&str>,
        message: Option<&str>,
    ) {
        self.text.extend(module.comment.as_deref());
        if !module.sections.is_empty() {
            self.text.push_str(&Note::Sections(module.sections.clone()).line());
        }
        let tree = match assertion {
            None => tree,
            Some(assertion) => {
                let mut nodes = vec![Node::atom(assertion), tree];
                nodes.extend(message.map(|message| Node::atom(string(message))));
                Node::List(nodes)
            }
        };
        self.text.push_str(&tree.layout());
    }

    /// Provides the host functions of a module unless those provided before serve.
    fn provide(&mut self, module: &str) {
        let Some(needed) = self.imports.get(module) else { return };
        if !prelude::merge(&mut self.provided, needed) {
            self.provided = Vec::new();
            prelude::merge(&mut self.provided, needed);
            self.text.push_str(&prelude::text(&self.provided));
        }
    }

    /// A directive that WAST can only expect to succeed.
    fn unasserted(&mut self, directive: &str, expected: Option<&Expected>) {
        match expected {
            None | Some(Expected::Returned(_)) => self.line(directive),
            Some(expected) => {
                self.text.push_str(&Note::Expect(expected.clone()).line_with(directive));
            }
        }
    }

    fn invoke(&mut self, action: &str, expected: Option<&Expected>) {
        match expected {
            None => self.line(action),
            Some(Expected::Returned(patterns)) => self.assert_return(action, patterns),
            Some(Expected::Trapped(kind)) => {
                self.line(&format!("(assert_trap {action} \"{}\")", trap_message(*kind)));
            }
            Some(expected @ Expected::HostError) => {
                self.text.push_str(&Note::Expect(expected.clone()).line());
                let message = trap_message(TrapKind::Unreachable);
                self.line(&format!("(assert_trap {action} \"{message}\")"));
            }
            Some(Expected::Uncaught) => self.line(&format!("(assert_exception {action})")),
            Some(Expected::Exhausted) => {
                self.line(&format!("(assert_exhaustion {action} \"{EXHAUSTION_MESSAGE}\")"));
            }
            Some(expected @ (Expected::Absent | Expected::Rejected | Expected::Unlinkable)) => {
                self.text.push_str(&Note::Expect(expected.clone()).line_with(action));
            }
        }
    }

    /// WAST has no bare `get`: where no result is expected, an assertion stands in
    /// a comment.
    fn get(&mut self, action: &str, expected: Option<&Expected>) {
        let note = match expected {
            Some(Expected::Returned(patterns)) => return self.assert_return(action, patterns),
            Some(expected) => Note::Expect(expected.clone()),
            None => Note::Unstated,
        };
        self.text.push_str(&note.line_with(&format!("(assert_return {action})")));
    }

    fn assert_return(&mut self, action: &str, patterns: &[Pattern]) {
        let mut directive = format!("(assert_return {action}");
        for pattern in patterns {
            directive.push_str(&format!(" {pattern}"));
        }
        self.line(&format!("{directive})"));
    }

    fn line(&mut self, directive: &str) {
        self.text.push_str(directive);
        self.text.push('\n');
    }

    /// Whether `(module $name …)` says the same as the step of this index, which defines it,
    /// and the next: an instance of the same name, and no other of it.
    fn is_only_instantiation(&self, index: usize, name: &str) -> bool {
        let steps = &self.script.case.steps;
        let Some(Step::Instantiate { module, instance }) = steps.get(index + 1) else {
            return false;
        };
        let mentions = self.mentions.get(name).map_or(&[][..], Vec::as_slice);
        let later = &mentions[mentions.partition_point(|mention| *mention <= index)..];
        let is_use = |mention: &&usize| matches!(steps[**mention], Step::Instantiate { .. });
        let uses = later.iter().take_while(is_use).count();
        // A module of the host's name in one directive would be taken for the prelude.
        module == name && instance == name && uses == 1 && name != host::MODULE
    }
}
