//! One contract, run over every engine of the registry: a new engine cannot
//! forget it, and a new clause holds for all.

mod globals;
mod host;
mod hostile;
mod limits;
mod linking;
mod memories;
mod refs;
mod refusals;
mod script;
mod sessions;
mod tables;
mod threads;
mod traps;
mod values;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use gainsay_case::{Engine, Proposal};
use gainsay_engines::registry;
use libtest_mimic::{Arguments, Failed, Trial};

/// Something that every engine must do, if it has the proposals that it `needs`.
pub struct Clause {
    /// A sentence with the engine as its subject left out.
    pub name: &'static str,
    /// Engines that lack one of these are excused.
    pub needs: &'static [Proposal],
    /// The error says what was wanted and what came.
    pub check: fn(&dyn Engine) -> Result<(), String>,
}

const CHAPTERS: &[(&str, &[Clause])] = &[
    ("values", values::CLAUSES),
    ("traps", traps::CLAUSES),
    ("limits", limits::CLAUSES),
    ("host", host::CLAUSES),
    ("globals", globals::CLAUSES),
    ("memories", memories::CLAUSES),
    ("tables", tables::CLAUSES),
    ("references", refs::CLAUSES),
    ("linking", linking::CLAUSES),
    ("refusals", refusals::CLAUSES),
    ("hostile", hostile::CLAUSES),
    ("sessions", sessions::CLAUSES),
    ("threads", threads::CLAUSES),
];

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
    let capabilities = engine.info().capabilities.clone();
    let engine = Arc::new(Mutex::new(engine));
    for (chapter, clauses) in CHAPTERS {
        for clause in *clauses {
            if !clause.needs.iter().all(|proposal| capabilities.contains(proposal)) {
                count(counts, id, false);
                continue;
            }
            let (engine, counts) = (Arc::clone(&engine), Arc::clone(counts));
            let check = clause.check;
            trials.push(Trial::test(format!("{id}::{chapter}::{}", clause.name), move || {
                count(&counts, id, true);
                let engine = engine.lock().unwrap_or_else(PoisonError::into_inner);
                check(&**engine).map_err(Failed::from)
            }));
        }
    }
}

fn count(counts: &Counts, id: &'static str, was_run: bool) {
    let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    let (run, excused) = counts.entry(id).or_default();
    *(if was_run { run } else { excused }) += 1;
}
