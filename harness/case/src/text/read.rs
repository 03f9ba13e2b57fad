//! From a WAST script to a case.

use std::collections::BTreeSet;

use wast::core::Module;
use wast::lexer::Lexer;
use wast::parser::{ParseBuffer, parse};
use wast::token::Id;
use wast::{
    QuoteWat, QuoteWatTest, Wast, WastArg, WastDirective, WastExecute, WastInvoke, WastRet, Wat,
};

use super::constant::argument;
use super::error::{TextError, TextErrorKind};
use super::expected::Expected;
use super::header::Header;
use super::message::trap_kind;
use super::note::{Note, PlacedNote, extract};
use super::pattern::Pattern;
use super::script::Script;
use super::sections;
use crate::case::{Case, Step};
use crate::host;

/// The case of a WAST script and what the script expects of it.
///
/// Takes any script whose directives are steps of a case, not only those that
/// [`super::print`] wrote. A bare action expects nothing. Modules without a name
/// get one. Host functions that [`super::print`] put before the case are left out,
/// so that engines provide those that record their calls.
///
/// # Errors
/// The first thing in the text that is not WAST, or not a step of a case, or of a
/// later version.
pub fn read(text: &str) -> Result<Script, TextError> {
    let partial = read_partly(text)?;
    match partial.left_out.into_iter().next() {
        Some(error) => Err(error),
        None => Ok(partial.script),
    }
}

/// The case of those directives of a script that are steps of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartialScript {
    /// The case, and what the script expects of it.
    pub script: Script,
    /// Where the directive of each step stands in the text, in bytes.
    pub offsets: Vec<usize>,
    /// What is left out, with the reasons.
    pub left_out: Vec<TextError>,
}

/// The case of a WAST script as [`read`] reads it, where a directive that is not a step of a
/// case is left out.
///
/// # Errors
/// The first thing in the text that is not WAST, or of a later version.
pub fn read_partly(text: &str) -> Result<PartialScript, TextError> {
    let header = Header::of(text)?;
    let (visible, notes) = extract(text)?;
    if visible.lines().all(|line| line.trim().is_empty() || line.trim().starts_with(";;")) {
        // The parser takes a text without directives for a module without fields.
        let script = Script { header, ..Script::default() };
        return Ok(PartialScript { script, ..PartialScript::default() });
    }
    let syntax = |error: wast::Error| TextError::syntax(text, &error);
    let mut lexer = Lexer::new(&visible);
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer).map_err(syntax)?;
    let wast = parse::<Wast<'_>>(&buffer).map_err(syntax)?;
    let mut reader = Reader::new(text, notes, &wast.directives);
    let mut directives = wast.directives.into_iter().peekable();
    while let Some(directive) = directives.next() {
        if is_prelude(&directive) && directives.peek().is_some_and(is_prelude_registration) {
            directives.next();
            continue;
        }
        reader.directive(directive);
    }
    let Reader { steps, expected, offsets, left_out, .. } = reader;
    let script = Script { header, case: Case { steps }, expected };
    Ok(PartialScript { script, offsets, left_out })
}

/// The case of a WAST script; see [`read`].
///
/// # Errors
/// As [`read`].
pub fn read_case(text: &str) -> Result<Case, TextError> {
    Ok(read(text)?.case)
}

fn is_prelude(directive: &WastDirective<'_>) -> bool {
    matches!(directive, WastDirective::Module(wat)
        if wat.name().is_some_and(|id| id.name() == host::MODULE))
}

fn is_prelude_registration(directive: &WastDirective<'_>) -> bool {
    matches!(directive, WastDirective::Register { name, module: Some(id), .. }
        if *name == host::MODULE && id.name() == host::MODULE)
}

struct Reader<'a> {
    text: &'a str,
    notes: std::iter::Peekable<std::vec::IntoIter<PlacedNote>>,
    /// Names in use, so that those given to nameless modules are new.
    names: BTreeSet<String>,
    steps: Vec<Step>,
    expected: Vec<Option<Expected>>,
    /// Where the directive of each step stands.
    offsets: Vec<usize>,
    left_out: Vec<TextError>,
    /// The module and the instance that a directive without a name means.
    last_module: Option<String>,
    last_instance: Option<String>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, notes: Vec<PlacedNote>, directives: &[WastDirective<'_>]) -> Reader<'a> {
        let names = directives.iter().filter_map(|directive| match directive {
            WastDirective::Module(wat) | WastDirective::ModuleDefinition(wat) => wat.name(),
            WastDirective::ModuleInstance { instance, .. } => *instance,
            _ => None,
        });
        Reader {
            text,
            notes: notes.into_iter().peekable(),
            names: names.map(|id| id.name().to_owned()).collect(),
            steps: Vec::new(),
            expected: Vec::new(),
            offsets: Vec::new(),
            left_out: Vec::new(),
            last_module: None,
            last_instance: None,
        }
    }

    /// Appends the steps of a directive, or leaves it out.
    fn directive(&mut self, directive: WastDirective<'_>) {
        let offset = directive.span().offset();
        let mut notes = Vec::new();
        while let Some(placed) = self.notes.next_if(|placed| placed.offset < offset) {
            notes.push(placed.note);
        }
        let first = self.steps.len();
        if let Err(error) = self.steps_of(directive, offset) {
            self.steps.truncate(first);
            self.expected.truncate(first);
            self.left_out.push(error);
            return;
        }
        self.offsets.resize(self.steps.len(), offset);
        for note in notes {
            self.apply(&note, first);
        }
    }

    /// Appends the one or two steps that a directive stands for.
    fn steps_of(&mut self, directive: WastDirective<'_>, at: usize) -> Result<(), TextError> {
        let succeeds = || Some(Expected::Returned(Vec::new()));
        match directive {
            WastDirective::Module(wat) => {
                self.define(wat, succeeds())?;
                self.instantiate_last(succeeds());
            }
            WastDirective::ModuleDefinition(wat) => self.define(wat, succeeds())?,
            WastDirective::ModuleInstance { instance, module, .. } => {
                let module = self.name(module, self.last_module.as_deref(), at)?;
                let instance = instance.map(|id| id.name().to_owned());
                let instance = instance.unwrap_or_else(|| self.fresh_name());
                self.last_instance = Some(instance.clone());
                self.push(Step::Instantiate { module, instance }, succeeds());
            }
            WastDirective::AssertMalformed { module, .. }
            | WastDirective::AssertInvalid { module, .. } => {
                self.define(module, Some(Expected::Rejected))?;
            }
            WastDirective::AssertUnlinkable { module, .. } => {
                self.define(QuoteWat::Wat(module), succeeds())?;
                self.instantiate_last(Some(Expected::Unlinkable));
            }
            WastDirective::Register { name, module, .. } => {
                let instance = self.name(module, self.last_instance.as_deref(), at)?;
                self.push(Step::Register { instance, name: name.to_owned() }, succeeds());
            }
            WastDirective::Invoke(invoke) => self.invoke(invoke, None)?,
            WastDirective::AssertTrap { exec, message, .. } => {
                let kind = trap_kind(message).ok_or_else(|| {
                    self.error(at, TextErrorKind::TrapMessage(message.to_owned()))
                })?;
                self.execute(exec, Some(Expected::Trapped(kind)))?;
            }
            WastDirective::AssertReturn { exec, results, .. } => {
                let results = results.iter().map(|result| match result {
                    WastRet::Core(result) => Ok(Pattern::from_wast(result)),
                    _ => Err(self.not_a_step(at, "a component's result")),
                });
                let patterns = results.collect::<Result<_, _>>()?;
                self.execute(exec, Some(Expected::Returned(patterns)))?;
            }
            WastDirective::AssertExhaustion { call, .. } => {
                self.invoke(call, Some(Expected::Exhausted))?;
            }
            WastDirective::AssertException { exec, .. } => {
                self.execute(exec, Some(Expected::Uncaught))?;
            }
            WastDirective::AssertSuspension { .. } => {
                return Err(self.not_a_step(at, "a suspension"));
            }
            WastDirective::AssertInvalidCustom { .. }
            | WastDirective::AssertMalformedCustom { .. } => {
                return Err(self.not_a_step(at, "an assertion about a custom section"));
            }
            WastDirective::Thread(_) | WastDirective::Wait { .. } => {
                return Err(self.not_a_step(at, "a thread"));
            }
        }
        Ok(())
    }

    /// Applies a note to the directive whose first step has this index.
    fn apply(&mut self, note: &Note, first: usize) {
        match note {
            Note::Expect(expected) => {
                if let Some(last) = self.expected.last_mut() {
                    *last = Some(expected.clone());
                }
            }
            Note::Unstated => {
                if let Some(last) = self.expected.last_mut() {
                    *last = None;
                }
            }
            Note::Sections(ids) => {
                if let Some(Step::Define { bytes, .. }) = self.steps.get_mut(first) {
                    *bytes = sections::add(bytes, ids).as_ref().into();
                }
            }
        }
    }

    fn push(&mut self, step: Step, expected: Option<Expected>) {
        self.steps.push(step);
        self.expected.push(expected);
    }

    fn define(&mut self, wat: QuoteWat<'_>, expected: Option<Expected>) -> Result<(), TextError> {
        let at = wat.span().offset();
        let (name, bytes) = match wat {
            QuoteWat::Wat(Wat::Module(mut module)) => {
                (take_name(&mut module), module.encode().map_err(|error| self.syntax(&error))?)
            }
            QuoteWat::Wat(Wat::Component(_)) | QuoteWat::QuoteComponent(..) => {
                return Err(self.not_a_step(at, "a component"));
            }
            mut quoted @ QuoteWat::QuoteModule(..) => {
                let Ok(QuoteWatTest::Text(text)) = quoted.to_test() else {
                    return Err(self.not_a_step(at, "a text without a module"));
                };
                let text = String::from_utf8_lossy(&text);
                let bytes = wat::parse_str(&text)
                    .map_err(|_| self.not_a_step(at, "text that is not a module"))?;
                (None, bytes)
            }
        };
        let module = name.unwrap_or_else(|| self.fresh_name());
        self.last_module = Some(module.clone());
        self.push(Step::Define { module, bytes: bytes.into() }, expected);
        Ok(())
    }

    fn instantiate_last(&mut self, expected: Option<Expected>) {
        let Some(module) = self.last_module.clone() else { return };
        self.last_instance = Some(module.clone());
        self.push(Step::Instantiate { instance: module.clone(), module }, expected);
    }

    fn execute(
        &mut self,
        exec: WastExecute<'_>,
        expected: Option<Expected>,
    ) -> Result<(), TextError> {
        let at = exec.span().offset();
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(invoke, expected)?,
            WastExecute::Wat(wat) => {
                self.define(QuoteWat::Wat(wat), Some(Expected::Returned(Vec::new())))?;
                self.instantiate_last(expected);
            }
            WastExecute::Get { module, global, .. } => {
                let instance = self.name(module, self.last_instance.as_deref(), at)?;
                self.push(Step::Get { instance, field: global.to_owned() }, expected);
            }
        }
        Ok(())
    }

    fn invoke(
        &mut self,
        invoke: WastInvoke<'_>,
        expected: Option<Expected>,
    ) -> Result<(), TextError> {
        let at = invoke.span.offset();
        let instance = self.name(invoke.module, self.last_instance.as_deref(), at)?;
        let args = invoke.args.iter().map(|arg| match arg {
            WastArg::Core(arg) => argument(arg).map_err(|what| self.not_a_step(at, what)),
            _ => Err(self.not_a_step(at, "a component's argument")),
        });
        let args = args.collect::<Result<_, _>>()?;
        self.push(Step::Invoke { instance, field: invoke.name.to_owned(), args }, expected);
        Ok(())
    }

    /// The name that is written, or else the last one.
    fn name(&self, id: Option<Id<'_>>, last: Option<&str>, at: usize) -> Result<String, TextError> {
        id.as_ref()
            .map(Id::name)
            .or(last)
            .map(str::to_owned)
            .ok_or_else(|| self.error(at, TextErrorKind::NoInstance))
    }

    fn fresh_name(&mut self) -> String {
        let mut number = self.names.len();
        loop {
            let name = format!("m{number}");
            if self.names.insert(name.clone()) {
                return name;
            }
            number += 1;
        }
    }

    fn error(&self, offset: usize, kind: TextErrorKind) -> TextError {
        TextError::at(self.text, offset, kind)
    }

    fn not_a_step(&self, offset: usize, what: &'static str) -> TextError {
        self.error(offset, TextErrorKind::NotAStep(what))
    }

    fn syntax(&self, error: &wast::Error) -> TextError {
        TextError::syntax(self.text, error)
    }
}

/// Takes the module's identifier, which names it in the script, away from its
/// binary, where it would become a name section.
fn take_name(module: &mut Module<'_>) -> Option<String> {
    module.id.take().map(|id| id.name().to_owned())
}
