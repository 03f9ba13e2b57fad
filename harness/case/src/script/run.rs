//! Walks the directives of a script on one engine.

use wast::token::Id;
use wast::{QuoteWat, WastArg, WastDirective, WastExecute, WastInvoke};

use super::directive::{self, assertions, encode, is_assertion, patterns};
use super::judge::{Verdict, Wanted};
use super::names::{Known, Names, consequence, known};
use super::report::FileReport;
use super::spectest;
use super::threads::Threads;
use crate::engine::{Capabilities, Engine, Limits, Session};
use crate::execute::guarded;
use crate::outcome::Failure;
use crate::text::{Place, argument, trap_kind};
use crate::value::Value;

/// Run a script on an engine, in one session, with the module `spectest` there.
///
/// `path` is only how the report calls the script. A text that is no script is one
/// failure. When the engine panics, the rest of the script fails.
///
/// Assertions about custom sections and about suspensions are skipped, and those of
/// threads by engines without sessions for them. Malformed text is refused by the `wast` crate, which passes; what it
/// takes is put to the engine.
pub fn run(engine: &dyn Engine, limits: &Limits, path: &str, source: &str) -> FileReport {
    let mut report = FileReport { path: path.to_owned(), ..FileReport::default() };
    let buffer = directive::buffer(source);
    let directives = match directive::directives(&buffer, source) {
        Ok(directives) => directives,
        Err(error) => {
            report.fail(1, error.place, format!("not a script: {}", error.kind));
            return report;
        }
    };
    let session = guarded(|| -> Result<Box<dyn Session>, String> {
        let mut session = engine.session(limits)?;
        spectest::install(&engine.info().capabilities, &mut *session)
            .map_err(|failure| format!("{failure:?}"))?;
        Ok(session)
    });
    let (session, broken) = match session.and_then(|result| result) {
        Ok(session) => (Some(session), String::new()),
        Err(message) => (None, format!("no session with the module spectest: {message}")),
    };
    let capabilities = &engine.info().capabilities;
    let names = Names::default();
    let (registrations, late) = (Vec::new(), Vec::new());
    let mut runner =
        Runner { source, report, session, broken, names, capabilities, registrations, late };
    runner.run(directives);
    runner.report
}

/// Takes the directives of a script, or of one of its threads.
pub(super) struct Runner<'s> {
    pub(super) source: &'s str,
    pub(super) report: FileReport,
    /// `None` when the engine cannot go on, for the reason in `broken`.
    pub(super) session: Option<Box<dyn Session>>,
    pub(super) broken: String,
    pub(super) names: Names,
    pub(super) capabilities: &'s Capabilities,
    /// Names that were registered, each with the session's name of the instance.
    pub(super) registrations: Vec<(String, String)>,
    /// Those that threads registered which were waited for.
    pub(super) late: Vec<(String, String)>,
}

impl<'s> Runner<'s> {
    /// Take directives; threads that nobody waited for end with the last one.
    pub(super) fn run<'d>(&mut self, directives: Vec<WastDirective<'d>>)
    where
        's: 'd,
    {
        std::thread::scope(|scope| {
            let mut threads = Threads::new(scope);
            self.take(directives, &mut threads);
            threads.end_all(self);
        });
        // A store may panic when dropped; it has then said all it could.
        let session = self.session.take();
        let _ = guarded(|| drop(session));
    }

    fn take<'env>(&mut self, directives: Vec<WastDirective<'env>>, threads: &mut Threads<'_, 'env>)
    where
        's: 'env,
    {
        let mut directives = directives.into_iter().peekable();
        while self.session.is_some()
            && let Some(directive) = directives.next()
        {
            let offset = directive.span().offset();
            let (assertions, is_assertion) = (assertions(&directive), is_assertion(&directive));
            let verdict = match directive {
                WastDirective::Thread(thread) => threads.begin(self, thread),
                WastDirective::Wait { thread, .. } => threads.end(self, thread.name()),
                other => self.directive(other),
            };
            match verdict {
                Verdict::Pass if is_assertion => self.report.passed += 1,
                Verdict::Pass => self.report.directives += 1,
                Verdict::Text => {
                    self.report.passed += 1;
                    self.report.text += 1;
                }
                Verdict::Fail(message) => {
                    self.report.fail(1, Place::of(self.source, offset), message);
                }
                Verdict::Skip(reason) => self.report.skip(assertions.max(1), &reason),
            }
            // Nobody asks what the host functions were called with.
            let _ = self.engine(|session| {
                session.take_trace();
                Ok(())
            });
        }
        if let Some(next) = directives.peek() {
            let place = Place::of(self.source, next.span().offset());
            let count: u64 = directives.map(|directive| assertions(&directive)).sum();
            let message = format!("{count} assertions not run: {}", self.broken);
            self.report.fail(count.max(1), place, message);
        }
    }

    fn directive(&mut self, directive: WastDirective<'_>) -> Verdict {
        match directive {
            WastDirective::Module(wat) => self.module(wat, &Wanted::Success),
            WastDirective::ModuleDefinition(wat) => self.definition(wat),
            WastDirective::ModuleInstance { instance, module, .. } => {
                let module = self.names.module(module);
                self.instance(instance.map(|id| id.name().to_owned()), module, &Wanted::Success)
            }
            WastDirective::AssertMalformed { module, .. }
            | WastDirective::AssertInvalid { module, .. } => self.refusal(module),
            WastDirective::AssertMalformedCustom { .. }
            | WastDirective::AssertInvalidCustom { .. } => {
                Verdict::Skip("engines need not read custom sections".to_owned())
            }
            WastDirective::Register { name, module, .. } => self.register(name, module),
            WastDirective::Invoke(invoke) => self.invoke(&invoke, &Wanted::Success),
            WastDirective::AssertTrap { exec, message, .. } => {
                if trap_kind(message).is_none() {
                    return Verdict::Fail(format!("no trap has the message {message:?}"));
                }
                self.execute(exec, &Wanted::Trap(message))
            }
            WastDirective::AssertReturn { exec, results, .. } => match patterns(&results) {
                Some(patterns) => self.execute(exec, &Wanted::Returned(patterns)),
                None => Verdict::Skip("components".to_owned()),
            },
            WastDirective::AssertExhaustion { call, .. } => self.invoke(&call, &Wanted::Exhaustion),
            WastDirective::AssertException { exec, .. } => self.execute(exec, &Wanted::Exception),
            WastDirective::AssertUnlinkable { module, .. } => {
                self.module(QuoteWat::Wat(module), &Wanted::Unlinkable)
            }
            WastDirective::AssertSuspension { .. } => Verdict::Skip("stack switching".to_owned()),
            WastDirective::Thread(_) | WastDirective::Wait { .. } => {
                unreachable!("threads are not directives of one session")
            }
        }
    }

    /// Defines and instantiates; what is wanted is wanted of the instantiation.
    fn module(&mut self, wat: QuoteWat<'_>, wanted: &Wanted<'_>) -> Verdict {
        let name = wat.name().map(|id| id.name().to_owned());
        let verdict = self.definition(wat);
        let module = match verdict {
            Verdict::Pass => self.names.module(None),
            verdict => Err(verdict),
        };
        if let (Ok((_, bytes)), Wanted::Success) = (&module, wanted) {
            self.offer_late(bytes);
        }
        self.instance(name, module, wanted)
    }

    fn definition(&mut self, wat: QuoteWat<'_>) -> Verdict {
        let name = wat.name().map(|id| id.name().to_owned());
        let (module, verdict) = match encode(wat) {
            Ok(bytes) => {
                let module = self.names.fresh();
                let ended = self.engine(|session| session.define(&module, &bytes));
                let verdict = Wanted::Success.judge(&ended.map(|()| Vec::new()));
                ((module, bytes.into()), verdict)
            }
            Err(verdict) => ((String::new(), Vec::new().into()), verdict),
        };
        self.names.defined(name, known(module, &verdict));
        verdict
    }

    fn instance(&mut self, name: Option<String>, module: Known, wanted: &Wanted<'_>) -> Verdict {
        let (module, bytes) = match module {
            Ok(module) => module,
            Err(verdict) => {
                if matches!(wanted, Wanted::Success) {
                    self.names.instantiated(name, Err(consequence(&verdict)));
                }
                return verdict;
            }
        };
        let instance = self.names.fresh();
        let ended =
            self.engine(|session| spectest::instantiate(session, (&module, &bytes), &instance));
        let verdict = match &ended {
            // That an import is missing may be for what an earlier directive left out.
            Err(Failure::Unlinkable(_)) => self.names.unavailable(&bytes),
            _ => None,
        };
        let verdict = verdict.unwrap_or_else(|| wanted.judge(&ended.clone().map(|()| Vec::new())));
        // An assertion about a module that failed to instantiate leaves no instance,
        // and actions without a name go on to mean the one before.
        if matches!(wanted, Wanted::Success) || ended.is_ok() {
            self.names.instantiated(name, known((instance, bytes), &verdict));
        }
        verdict
    }

    fn register(&mut self, name: &str, module: Option<Id<'_>>) -> Verdict {
        let instance = match self.names.instance(module) {
            Ok((instance, _)) => instance,
            Err(verdict) => {
                self.names.registered(name, Some(consequence(&verdict)));
                return verdict;
            }
        };
        self.offer(name, instance)
    }

    /// Registers what the session calls `instance`.
    pub(super) fn offer(&mut self, name: &str, instance: String) -> Verdict {
        self.names.registered(name, None);
        let ended = self.engine(|session| session.register(&instance, name));
        self.registrations.push((name.to_owned(), instance));
        Wanted::Success.judge(&ended.map(|()| Vec::new()))
    }

    fn execute(&mut self, exec: WastExecute<'_>, wanted: &Wanted<'_>) -> Verdict {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke, wanted),
            WastExecute::Wat(wat) => self.module(QuoteWat::Wat(wat), wanted),
            WastExecute::Get { module, global, .. } => match self.names.instance(module) {
                Ok((instance, _)) => {
                    let ended = self.engine(|session| session.get(&instance, global));
                    wanted.judge(&ended.map(|value| vec![value]))
                }
                Err(verdict) => verdict,
            },
        }
    }

    fn invoke(&mut self, invoke: &WastInvoke<'_>, wanted: &Wanted<'_>) -> Verdict {
        let instance = match self.names.instance(invoke.module) {
            Ok((instance, _)) => instance,
            Err(verdict) => return verdict,
        };
        let arguments = invoke.args.iter().map(|arg| match arg {
            WastArg::Core(arg) => argument(arg),
            _ => Err("components"),
        });
        let args: Vec<Value> = match arguments.collect() {
            Ok(args) => args,
            Err(what) => return Verdict::Skip(format!("the harness cannot make {what}")),
        };
        wanted.judge(&self.engine(|session| session.invoke(&instance, invoke.name, &args)))
    }

    /// A module that should be malformed or invalid.
    fn refusal(&mut self, wat: QuoteWat<'_>) -> Verdict {
        match encode(wat) {
            Ok(bytes) => {
                let module = self.names.fresh();
                let ended = self.engine(|session| session.define(&module, &bytes));
                Wanted::Rejected.judge(&ended.map(|()| Vec::new()))
            }
            Err(Verdict::Fail(_)) => Verdict::Text,
            Err(verdict) => verdict,
        }
    }

    /// Asks the engine for something. A panic ends the session.
    pub(super) fn engine<T>(
        &mut self,
        act: impl FnOnce(&mut dyn Session) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let Some(session) = &mut self.session else {
            return Err(Failure::Fault(self.broken.clone()));
        };
        guarded(|| act(&mut **session)).unwrap_or_else(|panic| {
            // A store that panicked may panic again when dropped.
            std::mem::forget(self.session.take());
            self.broken = format!("an earlier directive ended the session: {panic}");
            Err(Failure::Fault(panic))
        })
    }
}
