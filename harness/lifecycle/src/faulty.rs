//! Backends with a planted fault, to see that the oracles find it.

mod process;

use std::collections::{BTreeMap, BTreeSet};

use self::process::Processes;
use crate::backend::{Abilities, Accounts, Backend};
use crate::op::Op;
use crate::op_outcome::{OpOutcome, Refusal};
use crate::program::Program;
use crate::word::{CacheId, ModuleId, StoreId};

/// What is wrong with a backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A command may be run as often as one likes.
    RunsCommandsAgain,
    /// A store that is taken apart gives nothing back.
    LeaksStores,
    /// Closing a module for the second time closes somebody else's handle.
    CountsCloseTwice,
    /// A cache builds again what it has.
    Forgets,
    /// A call that ends by `proc_exit` ends the process.
    Aborts,
    /// A trap never arrives, neither at the host nor at the process of a thread.
    Hangs,
    /// A trap in a thread that a process has started ends that thread only.
    IgnoresTrapsOfChildren,
    /// A thread that a process has started keeps its environment.
    KeepsEnvironments,
    /// A process that exits has the status of another of its threads.
    TakesAnotherStatus,
    /// Of the reasons for which a process ends, the last one counts.
    LastReasonCounts,
}

/// A backend with a fault.
pub struct Faulty {
    inner: Box<dyn Backend>,
    fault: Fault,
    id: String,
    /// What modules were compiled from, and by which cache; whether they are open.
    modules: BTreeMap<ModuleId, (Program, CacheId, bool)>,
    /// Names of stores that were leaked, and the names that later ones get in their place.
    leaked: BTreeMap<StoreId, StoreId>,
    /// The names that were given so.
    hidden: BTreeSet<StoreId>,
    processes: Processes,
}

/// Names that neither scenarios nor probes have.
const HIDDEN: u8 = 100;

impl Faulty {
    /// `inner`, but with `fault`.
    pub fn new(inner: Box<dyn Backend>, fault: Fault) -> Faulty {
        let id = match fault {
            Fault::RunsCommandsAgain => "canary".to_owned(),
            Fault::Aborts => "faulty-abort".to_owned(),
            Fault::Hangs => "faulty-hang".to_owned(),
            other => format!("faulty-{other:?}").to_lowercase(),
        };
        Faulty {
            inner,
            fault,
            id,
            modules: BTreeMap::new(),
            leaked: BTreeMap::new(),
            hidden: BTreeSet::new(),
            processes: Processes::default(),
        }
    }

    fn close_again(&mut self, module: ModuleId) {
        let Some((program, cache, _)) = self.modules.get(&module).copied() else { return };
        let other = self
            .modules
            .iter_mut()
            .find(|(name, other)| **name != module && **other == (program, cache, true));
        if let Some((name, (_, _, is_open))) = other {
            *is_open = false;
            self.inner.apply(&Op::CloseModule { module: *name });
        }
    }

    fn note(&mut self, op: &Op, outcome: &OpOutcome) {
        match op {
            Op::Compile { module, program, via, .. } if *outcome == OpOutcome::DONE => {
                self.modules.remove(module);
                if let Some(cache) = via {
                    self.modules.insert(*module, (*program, *cache, true));
                }
            }
            Op::CloseModule { module } => match outcome {
                OpOutcome::Refused(Refusal::Closed) if self.fault == Fault::CountsCloseTwice => {
                    self.close_again(*module);
                }
                _ => {
                    if let Some((_, _, is_open)) = self.modules.get_mut(module) {
                        *is_open = false;
                    }
                }
            },
            _ => {}
        }
    }

    /// The operation with the names that stores have in the inner backend.
    fn renamed(&self, op: &Op) -> Op {
        let name = |store: &StoreId| self.leaked.get(store).copied().unwrap_or(*store);
        let mut op = op.clone();
        if let Op::StoreNew { store, .. }
        | Op::DropStore { store }
        | Op::IntoData { store }
        | Op::Instantiate { store, .. } = &mut op
        {
            *store = name(store);
        }
        op
    }

    fn forgets(&self, op: &Op) -> Option<Op> {
        let Op::Compile { module, engine, program, via: Some(cache) } = op else { return None };
        let is_there = self.modules.values().any(|other| *other == (*program, *cache, true));
        let (module, engine, program) = (*module, *engine, *program);
        is_there.then_some(Op::Compile { module, engine, program, via: None })
    }
}

impl Backend for Faulty {
    fn id(&self) -> &str {
        &self.id
    }

    fn version(&self) -> &str {
        self.inner.version()
    }

    fn abilities(&self) -> Abilities {
        self.inner.abilities()
    }

    fn apply(&mut self, op: &Op) -> OpOutcome {
        match (self.fault, op) {
            (Fault::Aborts, Op::ProcExit { .. }) => std::process::abort(),
            (Fault::Hangs, Op::Trap { .. }) => loop {
                std::thread::park();
            },
            (Fault::LeaksStores, Op::DropStore { store }) => {
                let name = StoreId(HIDDEN + self.hidden.len() as u8 % HIDDEN);
                self.hidden.insert(name);
                self.leaked.insert(*store, name);
                return OpOutcome::DONE;
            }
            (Fault::Forgets, _) => {
                if let Some(instead) = self.forgets(op) {
                    return self.inner.apply(&instead);
                }
            }
            _ => {}
        }
        let instead = self.processes.instead(self.fault, op);
        let outcome = self.inner.apply(&self.renamed(instead.as_ref().unwrap_or(op)));
        let outcome = self.processes.told(self.fault, op, outcome);
        self.note(op, &outcome);
        match (self.fault, op, &outcome) {
            (Fault::RunsCommandsAgain, Op::Run { .. }, OpOutcome::Refused(Refusal::Finished)) => {
                OpOutcome::DONE
            }
            _ => outcome,
        }
    }

    fn rest(&mut self) -> Accounts {
        let mut accounts = self.inner.rest();
        *accounts.entry("environments of processes".to_owned()).or_default() += self.processes.kept;
        accounts
    }

    fn clear(&mut self) {
        self.modules.clear();
        self.leaked.clear();
        self.hidden.clear();
        self.processes = Processes::default();
        self.inner.clear();
    }
}
