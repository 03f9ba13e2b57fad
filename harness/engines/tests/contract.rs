//! The contract, run over every engine of the registry: a new engine cannot forget it, and a
//! new clause holds for all.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use gainsay_case::Engine;
use gainsay_contract::{CHAPTERS, InProcess};
use gainsay_engines::registry;
use libtest_mimic::{Arguments, Failed, Trial};

/// Clauses run and excused, by engine.
type Counts = Arc<Mutex<BTreeMap<&'static str, (usize, usize)>>>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let counts = Counts::default();
    let mut trials = Vec::new();
    for known in registry::known().iter().filter(|known| !known.is_hidden) {
        match known.open() {
            Ok(engine) => add_trials(&mut trials, known.id, engine, &counts),
            // A default engine that cannot be opened is a failure, not a gap.
            Err(reason) => trials.push(Trial::test(format!("{}::opens", known.id), move || {
                Err(Failed::from(reason))
            })),
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    for (id, (run, excused)) in counts.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        println!("{id}: {run} clauses run, {excused} excused for lack of a proposal");
    }
    conclusion.exit_code()
}

fn add_trials(trials: &mut Vec<Trial>, id: &'static str, engine: Box<dyn Engine>, counts: &Counts) {
    let subject = InProcess(engine);
    let mut clauses = Vec::new();
    for chapter in CHAPTERS {
        for clause in chapter.clauses {
            match chapter.excuse(clause, &subject) {
                Some(_) => count(counts, id, false),
                None => clauses.push((chapter.name, clause)),
            }
        }
    }
    let subject = Arc::new(Mutex::new(subject));
    for (chapter, clause) in clauses {
        let (subject, counts) = (Arc::clone(&subject), Arc::clone(counts));
        trials.push(Trial::test(format!("{id}::{chapter}::{}", clause.name), move || {
            count(&counts, id, true);
            let subject = subject.lock().unwrap_or_else(PoisonError::into_inner);
            (clause.check)(&*subject).map_err(Failed::from)
        }));
    }
}

fn count(counts: &Counts, id: &'static str, was_run: bool) {
    let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    let (run, excused) = counts.entry(id).or_default();
    *(if was_run { run } else { excused }) += 1;
}
