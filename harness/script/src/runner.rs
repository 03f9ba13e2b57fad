//! Walks the forms of a script in one session after the other: a new one begins where an
//! engine broke, with the next module.

use std::sync::Arc;

use wast::WastDirective;

use crate::dialect::Dialect;
use crate::directive::{self, Directive, FormKind};
use crate::form::{Form, Lines, assertions};
use crate::judge::Verdict;
use crate::names::Names;
use crate::report::FileReport;
use crate::run::Script;
use crate::spectest;
use crate::threads::Threads;
use gainsay_case::StepFailure;
use gainsay_case::guarded;
use gainsay_case::words;
use gainsay_case::{Capabilities, Engine, Limits, Session};

/// What takes the directives of a script, or of one of its threads.
pub(super) struct Runner<'s> {
    pub(super) script: Script<'s>,
    pub(super) lines: Arc<Lines>,
    /// Where the form that is taken begins in the script.
    offset: usize,
    /// What came of the forms since it was last told.
    pub(super) report: FileReport,
    /// For another session; a thread has none.
    engine: Option<(&'s dyn Engine, &'s Limits)>,
    /// `None` when the engine cannot go on, for the reason in `broken`.
    pub(super) session: Option<Box<dyn Session>>,
    pub(super) broken: String,
    /// Why forms are passed over until a module starts.
    lost: Option<String>,
    pub(super) names: Names,
    pub(super) capabilities: &'s Capabilities,
    /// Names that were registered, each with the session's name of the instance.
    pub(super) registrations: Vec<(String, String)>,
    /// Those that threads registered which were waited for.
    pub(super) late: Vec<(String, String)>,
}

/// Why the assertions of wasm-tools' scripts are not tried.
const VALIDATED_ONLY: &str = "scripts of wasm-tools are validated, not run";

impl<'s> Runner<'s> {
    pub(super) fn new(
        script: Script<'s>,
        lines: Arc<Lines>,
        capabilities: &'s Capabilities,
    ) -> Runner<'s> {
        Runner {
            script,
            lines,
            offset: 0,
            report: FileReport::default(),
            engine: None,
            session: None,
            broken: String::new(),
            lost: None,
            names: Names::default(),
            capabilities,
            registrations: Vec::new(),
            late: Vec::new(),
        }
    }

    /// Opens the first session.
    pub(super) fn begin(&mut self, engine: &'s dyn Engine, limits: &'s Limits) {
        self.engine = Some((engine, limits));
        self.open();
    }

    /// Takes over where an engine ended: nothing of what these forms made is there.
    pub(super) fn resume(&mut self, before: &[Form<'_>], reason: &str) {
        self.lost = Some(reason.to_owned());
        for form in before {
            self.pass_over(*form, reason);
        }
    }

    fn open(&mut self) {
        let Some((engine, limits)) = self.engine else { return };
        let dialect = self.script.dialect;
        let opened = guarded(|| -> Result<Box<dyn Session>, String> {
            let mut session = engine.session(limits)?;
            install(dialect, &engine.info().capabilities, &mut *session)
                .map_err(|failure| words::failure(&failure))?;
            Ok(session)
        });
        match opened.and_then(|result| result) {
            Ok(session) => self.session = Some(session),
            Err(message) => {
                self.broken = format!("no session with the module spectest: {message}");
            }
        }
    }

    /// Take the forms from `first` on; threads that nobody waited for end with the last one.
    pub(super) fn run(
        &mut self,
        forms: &[Form<'s>],
        first: usize,
        tell: &mut dyn FnMut(usize, FileReport),
    ) {
        std::thread::scope(|scope| {
            let mut threads = Threads::new(scope);
            for (index, form) in forms.iter().enumerate().skip(first) {
                if self.session.is_none() && self.lost.is_none() {
                    self.give_up(&forms[index..]);
                    break;
                }
                self.form(*form, &mut threads);
                tell(index, std::mem::take(&mut self.report));
            }
            threads.end_all(self);
        });
        // A store may panic when dropped; it has then said all it could.
        let session = self.session.take();
        let _ = guarded(|| drop(session));
        if let Some(last) = forms.len().checked_sub(1) {
            tell(last, std::mem::take(&mut self.report));
        }
    }

    /// No session can be had: all that is left fails at once.
    fn give_up(&mut self, forms: &[Form<'_>]) {
        let count: u64 = forms.iter().map(|form| assertions(*form)).sum();
        let message = format!("{count} assertions not run: {}", self.broken);
        self.report.fail(count.max(1), self.lines.place(forms[0].place_offset()), message);
    }

    fn form<'scope, 'env>(&mut self, form: Form<'s>, threads: &mut Threads<'scope, 'env>)
    where
        's: 'env,
    {
        let place = self.lines.place(form.place_offset());
        let kind = FormKind::of(form);
        if let Some(reason) = self.lost.take() {
            let is_start = kind == FormKind::Module
                && !form.begins(&["module", "definition"])
                && !form.begins(&["module", "instance"]);
            if !is_start {
                self.report.skip(assertions(form).max(1), place, &reason);
                self.pass_over(form, &reason);
                self.lost = Some(reason);
                return;
            }
            if self.session.is_none() {
                self.open();
            }
        }
        let verdict = self.verdict(form, kind, threads);
        match verdict {
            Verdict::Pass | Verdict::Untold if is_assertion(kind) => {
                self.report.passed += 1;
                self.report.untold += u64::from(verdict == Verdict::Untold);
            }
            Verdict::Pass | Verdict::Untold => self.report.directives += 1,
            Verdict::Text => self.report.text += 1,
            Verdict::Fail(message) => self.report.fail(1, place, message),
            Verdict::Skip(reason) => self.report.skip(assertions(form).max(1), place, &reason),
        }
        // Nobody asks what the host functions were called with.
        let _ = self.engine(|session| {
            session.take_trace();
            Ok(())
        });
        if self.session.is_none() && self.engine.is_some() {
            self.lose(&format!("the engine failed at line {}", place.line));
        }
    }

    /// The session is gone with all that was in it.
    fn lose(&mut self, reason: &str) {
        let registered = self.registrations.drain(..).map(|(name, _)| name);
        self.names.lose(registered, &Verdict::Skip(reason.to_owned()));
        self.late.clear();
        self.lost = Some(reason.to_owned());
    }

    /// What a form that is not taken would have made is not there.
    fn pass_over(&mut self, form: Form<'_>, reason: &str) {
        let verdict = Verdict::Skip(reason.to_owned());
        match FormKind::of(form) {
            FormKind::Module | FormKind::Component => self.missing(form.name(), &verdict),
            FormKind::Other if form.begins(&["register"]) => {
                let buffer = directive::buffer(form.text);
                let parsed = buffer.as_ref().map(|buffer| Directive::parse(form, buffer));
                if let Ok(Ok(Directive::Wast(directive))) = parsed
                    && let WastDirective::Register { name, .. } = *directive
                {
                    self.names.registered(name, Some(verdict));
                }
            }
            _ => {}
        }
    }

    /// A module and an instance of this name are not there.
    fn missing(&mut self, name: Option<String>, verdict: &Verdict) {
        self.names.defined(name.clone(), Err(verdict.clone()));
        self.names.instantiated(name.clone(), Err(verdict.clone()));
        self.offer_by_name(name, String::new(), verdict);
    }

    fn verdict<'scope, 'env>(
        &mut self,
        form: Form<'s>,
        kind: FormKind,
        threads: &mut Threads<'scope, 'env>,
    ) -> Verdict
    where
        's: 'env,
    {
        let first = form.words().next().unwrap_or_default();
        self.offset = form.offset;
        match kind {
            FormKind::Stray => return Verdict::Fail("text between the directives".to_owned()),
            FormKind::Unknown if matches!(first, "script" | "input" | "output") => {
                return Verdict::Skip(format!("the meta command {first:?}"));
            }
            FormKind::Unknown => {
                return Verdict::Skip(format!("unknown directive {first:?}"));
            }
            FormKind::Component => {
                let verdict = Verdict::Skip("components".to_owned());
                if first == "component" {
                    self.missing(form.name(), &verdict);
                }
                return verdict;
            }
            FormKind::Assertion | FormKind::Other if self.only_validates() => {
                return Verdict::Skip(VALIDATED_ONLY.to_owned());
            }
            _ => {}
        }
        if first == "thread" {
            return threads.begin(self, form);
        }
        let buffer = directive::buffer(form.text);
        let parsed = buffer.and_then(|buffer| {
            let directive = Directive::parse(form, &buffer)?;
            Ok(match directive {
                Directive::Wast(wast) => match *wast {
                    WastDirective::Wait { thread, .. } => threads.end(self, thread.name()),
                    other => self.directive(other),
                },
                other => self.extension(other),
            })
        });
        parsed.unwrap_or_else(|error| self.unreadable(form, kind, &error))
    }

    fn only_validates(&self) -> bool {
        self.script.dialect == Dialect::WasmTools
    }

    /// What becomes of a form that cannot be read as what it begins like.
    fn unreadable(&mut self, form: Form<'_>, kind: FormKind, error: &wast::Error) -> Verdict {
        let message = self.placed(&error.message(), error.span().offset(), false);
        let is_about_text = form.words().nth(1) == Some("module");
        match kind {
            FormKind::Refusal if is_about_text => {
                refused_text(form.begins(&["assert_malformed"]), &message)
            }
            FormKind::Module => {
                let verdict = self.refused_module(&message);
                self.missing(form.name(), &crate::names::consequence(&verdict));
                verdict
            }
            _ => Verdict::Fail(format!("not a directive: {message}")),
        }
    }

    /// What is wrong with the text of the present form, with its place.
    pub(super) fn placed(&self, message: &str, offset: usize, is_quoted: bool) -> String {
        match is_quoted {
            true => format!("{message} (byte {offset} of the quoted text)"),
            false => {
                let place = self.lines.place(self.offset + offset);
                format!("{message} (line {}, column {})", place.line, place.column)
            }
        }
    }

    /// What becomes of a module whose text is refused. One with an instruction that is not
    /// known is of a proposal that is newer, or older, than the parser; and what that parser
    /// takes is what wasm-tools' scripts are about.
    pub(super) fn refused_module(&self, message: &str) -> Verdict {
        match message.contains(UNKNOWN_OPERATOR) || self.only_validates() {
            true => Verdict::Skip(no_engine_saw(message)),
            false => Verdict::Fail(format!("malformed text: {message}")),
        }
    }

    /// Asks the engine for something. A panic ends the session.
    pub(super) fn engine<T>(
        &mut self,
        act: impl FnOnce(&mut dyn Session) -> Result<T, StepFailure>,
    ) -> Result<T, StepFailure> {
        let Some(session) = &mut self.session else {
            return Err(StepFailure::Fault(self.broken.clone()));
        };
        guarded(|| act(&mut **session)).unwrap_or_else(|panic| {
            // A store that panicked may panic again when dropped.
            std::mem::forget(self.session.take());
            self.broken = format!("an earlier directive broke the session: {panic}");
            Err(StepFailure::Fault(panic))
        })
    }
}

fn is_assertion(kind: FormKind) -> bool {
    matches!(kind, FormKind::Assertion | FormKind::Refusal)
}

/// What the `wast` crate says of an instruction that it does not have.
const UNKNOWN_OPERATOR: &str = "unknown operator or unexpected token";

fn no_engine_saw(message: &str) -> String {
    format!("text that the parser refuses before any engine sees it: {message}")
}

/// What becomes of an assertion about text that the `wast` crate refuses. Text is malformed,
/// never invalid, so that this decides the one kind of assertion and not the other.
pub(super) fn refused_text(is_malformed_wanted: bool, message: &str) -> Verdict {
    match is_malformed_wanted {
        true => Verdict::Text,
        false => Verdict::Skip(no_engine_saw(message)),
    }
}

/// The modules that every script of a dialect may import from.
///
/// # Errors
/// What the engine says to them.
pub(super) fn install(
    dialect: Dialect,
    capabilities: &Capabilities,
    session: &mut dyn Session,
) -> Result<(), StepFailure> {
    spectest::install(capabilities, session)?;
    if dialect == Dialect::Wasmtime {
        // A collection cannot be asked for; a script may not depend on when one happens.
        spectest::make(session, "wasmtime", r#"(func (export "gc"))"#)?;
        session.register("wasmtime", "wasmtime")?;
    }
    Ok(())
}
