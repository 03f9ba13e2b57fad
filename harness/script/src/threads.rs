//! The threads of a script (threads proposal, `thread` and `wait`): real ones, each with
//! a session of its own in which the instance that it shares has its memories.
//!
//! Each thread has names of its own, as the proposal's `thread.wast` asserts. Older scripts
//! come from when all threads had one registry: a module of theirs imports a name that only
//! threads have registered. So a module that must link, and imports such a name, gets it once
//! the thread was waited for; `assert_unlinkable` does not.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::{Scope, ScopedJoinHandle};

use wast::WastDirective;

use crate::directive::{Directive, buffer};
use crate::form::{Form, Lines};
use crate::judge::{Verdict, Wanted};
use crate::names::{Names, consequence};
use crate::report::FileReport;
use crate::run::Script;
use crate::runner::{Runner, install};
use gainsay_case::guarded;
use gainsay_case::text::{Place, imported_modules};
use gainsay_case::words;
use gainsay_case::{Capabilities, Session};

/// What came of a thread: its report, and the names that it registered, each with the
/// session's name of the instance.
type Ended = (FileReport, Vec<(String, String)>);

/// A thread that was begun.
struct Thread<'scope> {
    handle: ScopedJoinHandle<'scope, Ended>,
    /// The session's name of the instance that it shares.
    shared: Option<String>,
    /// Where its directive stands.
    place: Place,
}

/// The threads that a script, or a thread, has begun and not waited for.
pub struct Threads<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    /// By name; without one that was skipped, for this reason.
    threads: HashMap<String, Result<Thread<'scope>, Verdict>>,
}

impl<'scope, 'env> Threads<'scope, 'env> {
    pub fn new(scope: &'scope Scope<'scope, 'env>) -> Threads<'scope, 'env> {
        Threads { scope, threads: HashMap::new() }
    }

    /// Begins a thread. If it cannot be, its assertions share the verdict.
    pub fn begin<'s: 'env>(&mut self, runner: &mut Runner<'s>, thread: Form<'s>) -> Verdict {
        let name = thread.name().unwrap_or_default();
        let begun = self.spawn(runner, thread);
        let verdict = match &begun {
            Ok(_) => Verdict::Pass,
            Err(verdict) => verdict.clone(),
        };
        if begun.is_err() {
            runner.miss(&registered(thread), &verdict);
        }
        self.threads.insert(name, begun);
        verdict
    }

    fn spawn<'s: 'env>(
        &self,
        runner: &mut Runner<'s>,
        thread: Form<'s>,
    ) -> Result<Thread<'scope>, Verdict> {
        let names = runner.names.of_thread(thread.shared())?;
        let shared = match thread.shared() {
            Some(name) => Some(names.instance_named(Some(name))?.0),
            None => None,
        };
        let forked = runner.engine(|session| session.fork(shared.as_deref()));
        let session = match forked {
            Ok(session) => session,
            Err(failure) => return Err(Wanted::Success.judge(&Err(failure))),
        };
        let (script, lines) = (runner.script, Arc::clone(&runner.lines));
        let (capabilities, place) = (runner.capabilities, lines.place(thread.place_offset()));
        let body = move || run((script, lines), capabilities, session, names, thread);
        Ok(Thread { handle: self.scope.spawn(body), shared, place })
    }

    /// Waits for a thread and counts what its report counts.
    pub fn end(&mut self, runner: &mut Runner<'_>, name: &str) -> Verdict {
        match self.threads.remove(name) {
            Some(Ok(thread)) => join(runner, thread),
            Some(Err(verdict)) => verdict,
            None => Verdict::Fail(format!("there is no thread {name:?}")),
        }
    }

    /// Waits for all that are left.
    pub fn end_all(self, runner: &mut Runner<'_>) {
        for thread in self.threads.into_values().flatten() {
            let place = thread.place;
            if let Verdict::Fail(message) = join(runner, thread) {
                runner.report.fail(1, place, message);
            }
        }
    }
}

fn join(runner: &mut Runner<'_>, thread: Thread<'_>) -> Verdict {
    let Ok((report, registrations)) = thread.handle.join() else {
        return Verdict::Fail("the thread ended the harness's way to run it".to_owned());
    };
    runner.report.add(report);
    for (name, instance) in registrations {
        if thread.shared.as_ref() == Some(&instance) {
            runner.late.push((name, instance));
        }
    }
    Verdict::Pass
}

/// The names that a thread registers.
fn registered(thread: Form<'_>) -> Vec<String> {
    let name = |form: &Form<'_>| {
        let buffer = buffer(form.text).ok()?;
        let Ok(Directive::Wast(directive)) = Directive::parse(*form, &buffer) else { return None };
        match *directive {
            WastDirective::Register { name, .. } => Some(name.to_owned()),
            _ => None,
        }
    };
    thread.thread().iter().filter(|form| form.begins(&["register"])).filter_map(name).collect()
}

impl Runner<'_> {
    /// Offers the names that this module imports and only ended threads have registered.
    pub(super) fn offer_late(&mut self, bytes: &[u8]) {
        if self.late.is_empty() {
            return;
        }
        for name in imported_modules(bytes) {
            let is_known = self.registrations.iter().any(|(known, _)| *known == name);
            let late = self.late.iter().find(|(late, _)| *late == name).cloned();
            if let (false, Some((name, instance))) = (is_known, late) {
                let _ = self.offer(&name, instance);
            }
        }
    }

    /// Modules that import from these names share the verdict, unless the script itself
    /// has registered them.
    fn miss(&mut self, names: &[String], verdict: &Verdict) {
        let known = |name: &str| self.registrations.iter().any(|(known, _)| known == name);
        for name in names.iter().filter(|name| !known(name)) {
            self.names.registered(name, Some(consequence(verdict)));
        }
    }
}

/// The thread itself.
fn run<'s>(
    (script, lines): (Script<'s>, Arc<Lines>),
    capabilities: &'s Capabilities,
    session: Box<dyn Session + Send>,
    names: Names,
    thread: Form<'s>,
) -> Ended {
    let mut session: Box<dyn Session> = session;
    let installed = guarded(|| install(script.dialect, capabilities, &mut *session));
    let (session, broken) = match installed {
        Ok(Ok(())) => (Some(session), String::new()),
        Ok(Err(failure)) => (None, format!("no module spectest: {}", words::failure(&failure))),
        Err(panic) => (None, panic),
    };
    let mut runner = Runner::new(script, lines, capabilities);
    (runner.session, runner.broken, runner.names) = (session, broken, names);
    let mut report = FileReport::default();
    runner.run(&thread.thread(), 0, &mut |_, part| report.add(part));
    (report, runner.registrations)
}
