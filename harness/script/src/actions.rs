//! What each directive does to a session.

use wast::token::Id;
use wast::{QuoteWat, WastArg, WastDirective, WastExecute, WastInvoke};

use crate::dialect::Dialect;
use crate::directive::{Directive, InstanceNames, NoBinary, encode, patterns};
use crate::judge::{Ended, Verdict, Wanted, judge_refusal};
use crate::names::{Resolved, consequence, known};
use crate::runner::{Runner, refused_text};
use crate::trap_message::TrapMessage;
use crate::{decode, outside, spectest};
use gainsay_case::RefusalKind;
use gainsay_case::StepFailure;
use gainsay_case::Value;
use gainsay_case::text::argument;
use gainsay_case::{Request, mistake};

impl Runner<'_> {
    pub(super) fn directive(&mut self, directive: WastDirective<'_>) -> Verdict {
        match directive {
            WastDirective::Module(wat) => self.module(wat, &Wanted::Success),
            WastDirective::ModuleDefinition(wat) => self.definition(wat),
            WastDirective::ModuleInstance { instance, module, .. } => {
                self.module_instance(InstanceNames::new(instance, module), &Wanted::Success)
            }
            WastDirective::AssertMalformed { module, .. } => {
                self.refusal(module, RefusalKind::Malformed)
            }
            WastDirective::AssertInvalid { module, .. } => {
                self.refusal(module, RefusalKind::Invalid)
            }
            WastDirective::AssertMalformedCustom { .. }
            | WastDirective::AssertInvalidCustom { .. } => {
                Verdict::Skip("engines may ignore custom sections".to_owned())
            }
            WastDirective::Register { name, module, .. } => self.register(name, module),
            WastDirective::Invoke(invoke) => self.invoke(&invoke, &Wanted::Success),
            WastDirective::AssertTrap { exec, message, .. } => {
                self.execute(exec, &Wanted::Trap(self.trap_message(message)))
            }
            WastDirective::AssertReturn { exec, results, .. } => match patterns(&results) {
                Some(patterns) => self.execute(exec, &Wanted::Returned(patterns)),
                None => Verdict::Skip("components".to_owned()),
            },
            WastDirective::AssertExhaustion { call, .. } => self.invoke(&call, &Wanted::Exhaustion),
            WastDirective::AssertException { exec, .. } => self.execute(exec, &Wanted::Exception),
            WastDirective::AssertUnlinkable { module, .. } => {
                self.module(QuoteWat::Wat(module), &self.unlinkable())
            }
            WastDirective::AssertSuspension { .. } => Verdict::Skip("stack-switching".to_owned()),
            WastDirective::Thread(_) | WastDirective::Wait { .. } => {
                unreachable!("threads are not directives of one session")
            }
        }
    }

    /// The directives that the `wast` crate has no words for.
    pub(super) fn extension(&mut self, directive: Directive<'_>) -> Verdict {
        match directive {
            Directive::Wast(directive) => self.directive(*directive),
            Directive::Get(get) => self.execute(get, &Wanted::Success),
            Directive::Instance(assertion) => {
                let wanted = match assertion.trap {
                    Some(message) => Wanted::Trap(self.trap_message(message)),
                    None => self.unlinkable(),
                };
                self.module_instance(assertion.names, &wanted)
            }
        }
    }

    /// wasmtime's scripts say of all that fails while it is instantiated that it does not link.
    fn unlinkable(&self) -> Wanted<'static> {
        match self.script.dialect {
            Dialect::Wasmtime => Wanted::Uninstantiable,
            _ => Wanted::Unlinkable,
        }
    }

    fn trap_message<'m>(&self, text: &'m str) -> TrapMessage<'m> {
        TrapMessage { text, is_ignored: self.script.ignores_messages }
    }

    /// Defines and instantiates; what is wanted is wanted of the instantiation.
    fn module(&mut self, wat: QuoteWat<'_>, wanted: &Wanted<'_>) -> Verdict {
        let name = wat.name().map(|id| id.name().to_owned());
        let verdict = self.definition(wat);
        if self.script.dialect == Dialect::WasmTools {
            return verdict;
        }
        let module = match verdict {
            Verdict::Pass => self.names.module(None),
            verdict => Err(verdict),
        };
        if let (Ok((_, bytes)), Wanted::Success) = (&module, wanted) {
            self.offer_late(bytes);
        }
        self.instance(name, module, wanted)
    }

    fn module_instance(&mut self, names: InstanceNames<'_>, wanted: &Wanted<'_>) -> Verdict {
        let module = self.names.module(names.module);
        self.instance(names.instance.map(|id| id.name().to_owned()), module, wanted)
    }

    fn definition(&mut self, wat: QuoteWat<'_>) -> Verdict {
        let name = wat.name().map(|id| id.name().to_owned());
        let (module, verdict) = match encode(wat) {
            Ok(bytes) => {
                let module = self.names.fresh();
                let ended = self.engine(|session| session.define(&module, &bytes));
                let verdict = match &ended {
                    Err(StepFailure::Rejected(_)) => outside::proposal(&bytes).map(needs),
                    _ => None,
                };
                let verdict = verdict
                    .unwrap_or_else(|| self.judge(&Wanted::Success, ended.map(|()| Vec::new())));
                ((module, bytes.into()), verdict)
            }
            Err(NoBinary::Component) => {
                ((String::new(), Vec::new().into()), Verdict::Skip("components".to_owned()))
            }
            Err(NoBinary::Malformed { message, offset, is_quoted }) => {
                let verdict = self.refused_module(&self.placed(&message, offset, is_quoted));
                ((String::new(), Vec::new().into()), verdict)
            }
        };
        self.names.defined(name, known(module, &verdict));
        verdict
    }

    fn instance(&mut self, name: Option<String>, module: Resolved, wanted: &Wanted<'_>) -> Verdict {
        let (module, bytes) = match module {
            Ok(module) => module,
            Err(verdict) => {
                if matches!(wanted, Wanted::Success) {
                    self.names.instantiated(name.clone(), Err(consequence(&verdict)));
                    self.offer_by_name(name, String::new(), &verdict);
                }
                return verdict;
            }
        };
        let instance = self.names.fresh();
        let capabilities = self.capabilities;
        let ended = self.engine(|session| {
            spectest::instantiate(session, capabilities, (&module, &bytes), &instance)
        });
        let verdict = match &ended {
            // That an import is missing may be for what an earlier directive left out.
            Err(StepFailure::Unlinkable(_)) => self.names.unavailable(&bytes),
            _ => None,
        };
        let is_made = ended.is_ok();
        let verdict = verdict.unwrap_or_else(|| self.judge(wanted, ended.map(|()| Vec::new())));
        // An assertion about a module that failed to instantiate leaves no instance,
        // and actions without a name go on to mean the one before.
        if matches!(wanted, Wanted::Success) || is_made {
            self.names.instantiated(name.clone(), known((instance.clone(), bytes), &verdict));
            self.offer_by_name(name, instance, &verdict);
        }
        verdict
    }

    /// wasmtime's scripts import from an instance by the name of its module.
    pub(super) fn offer_by_name(
        &mut self,
        name: Option<String>,
        instance: String,
        verdict: &Verdict,
    ) {
        let Some(name) = name.filter(|_| self.script.dialect == Dialect::Wasmtime) else { return };
        match verdict {
            Verdict::Pass => drop(self.offer(&name, instance)),
            verdict => self.names.registered(&name, Some(consequence(verdict))),
        }
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
        self.judge(&Wanted::Success, ended.map(|()| Vec::new()))
    }

    fn execute(&mut self, exec: WastExecute<'_>, wanted: &Wanted<'_>) -> Verdict {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke, wanted),
            WastExecute::Wat(wat) => self.module(QuoteWat::Wat(wat), wanted),
            WastExecute::Get { module, global, .. } => match self.names.instance(module) {
                Ok((instance, bytes)) => {
                    let ended = self.engine(|session| session.get(&instance, global));
                    let is_alive = self.session.is_some();
                    let failure = ended.as_ref().err().filter(|_| is_alive);
                    let mistake = failure
                        .and_then(|failure| {
                            mistake(failure, &bytes, Request::Get { field: global })
                        })
                        .map(Verdict::Fail);
                    mistake.unwrap_or_else(|| self.judge(wanted, ended.map(|value| vec![value])))
                }
                Err(verdict) => verdict,
            },
        }
    }

    fn invoke(&mut self, invoke: &WastInvoke<'_>, wanted: &Wanted<'_>) -> Verdict {
        let (instance, bytes) = match self.names.instance(invoke.module) {
            Ok(instance) => instance,
            Err(verdict) => return verdict,
        };
        let arguments = invoke.args.iter().map(|arg| match arg {
            WastArg::Core(arg) => argument(arg),
            _ => Err("components"),
        });
        let args: Vec<Value> = match arguments.collect() {
            Ok(args) => args,
            Err(what) => return Verdict::Skip(format!("the harness cannot create {what}")),
        };
        let ended = self.engine(|session| session.invoke(&instance, invoke.name, &args));
        // One that panicked says more than what it was asked.
        let is_alive = self.session.is_some();
        let failure = ended.as_ref().err().filter(|_| is_alive);
        let request = Request::Invoke { field: invoke.name, args: &args };
        let mistake =
            failure.and_then(|failure| mistake(failure, &bytes, request)).map(Verdict::Fail);
        mistake.unwrap_or_else(|| self.judge(wanted, ended))
    }

    /// A module that should be refused, by the phase `wanted`.
    fn refusal(&mut self, wat: QuoteWat<'_>, wanted: RefusalKind) -> Verdict {
        let bytes = match encode(wat) {
            Ok(bytes) => bytes,
            Err(NoBinary::Component) => return Verdict::Skip("components".to_owned()),
            Err(NoBinary::Malformed { message, offset, is_quoted }) => {
                let message = self.placed(&message, offset, is_quoted);
                return refused_text(wanted == RefusalKind::Malformed, &message);
            }
        };
        let module = self.names.fresh();
        let ended = self.engine(|session| session.define(&module, &bytes));
        let told = match self.script.dialect.tells_refusals() {
            true => self.session.as_mut().and_then(|session| session.detail()?.refusal),
            false => None,
        };
        // A module is decoded before it is validated (§ binary): one that is invalid may be
        // malformed, too, whatever an engine that does both in one pass meets first.
        let told = match (wanted, told) {
            (RefusalKind::Malformed, Some(RefusalKind::Invalid))
                if decode::is_malformed(&bytes) =>
            {
                Some(RefusalKind::Malformed)
            }
            (_, told) => told,
        };
        match judge_refusal(wanted, &ended, told) {
            Verdict::Fail(message) => {
                let is_refused = matches!(ended, Err(StepFailure::Rejected(_)));
                let outside = is_refused.then(|| outside::proposal(&bytes)).flatten();
                outside.map_or(Verdict::Fail(message), needs)
            }
            Verdict::Skip(reason) => Verdict::Skip(self.exactly(&ended, reason)),
            verdict => verdict,
        }
    }

    /// Judges how the last request to the session ended.
    pub(super) fn judge(&mut self, wanted: &Wanted<'_>, ended: Ended) -> Verdict {
        match wanted.judge(&ended) {
            Verdict::Skip(reason) => Verdict::Skip(self.exactly(&ended, reason)),
            verdict => verdict,
        }
    }

    /// Which limit it was, if the engine says.
    fn exactly<T>(&mut self, ended: &Result<T, StepFailure>, reason: String) -> String {
        let is_limit = matches!(ended, Err(StepFailure::Limit(_)));
        let detail = self.session.as_mut().filter(|_| is_limit).and_then(|it| it.detail());
        detail.map_or(reason, |detail| format!("a limit was hit: {}", detail.message))
    }
}

/// Why what needs a proposal that gainsay does not have is not judged.
fn needs(proposal: &str) -> Verdict {
    Verdict::Skip(format!("needs {proposal}, a proposal that gainsay does not have"))
}
