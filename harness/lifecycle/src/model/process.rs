//! Processes: how operations on them may end, and what they change.
//!
//! Threads of the host race with each other and with the operations. How such an operation
//! has ended must not decide whether a later one has a meaning: a campaign counts the same
//! however its races end. So what is not certain stays open until the process is joined.

use super::interleavings::{Endings, Threads, trap};
use super::role::{ROLES_MAX, Role, Starter};
use super::{Expected, Model};
use crate::op::Op;
use crate::op_outcome::{OpOutcome, ProcessEnd, Refusal};
use crate::word::{Deed, RunsOn};

/// The main thread of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Main {
    NotBegun,
    OnThreads,
    /// It ran to its end.
    Scheduled,
}

#[derive(Clone, Debug)]
pub(super) struct Process {
    limit: usize,
    roles: Vec<Role>,
    main: Main,
    /// Reasons to end that came from outside.
    outside: Vec<OpOutcome>,
    /// Whether it is certain that it has ended.
    is_over: bool,
    /// How it ended, once that was seen.
    exit: Option<OpOutcome>,
    /// Whether that was for a race to decide.
    is_raced: bool,
}

const CLOSED: OpOutcome = OpOutcome::Refused(Refusal::Closed);
const LIMIT: OpOutcome = OpOutcome::Refused(Refusal::Limit);
const FINISHED: OpOutcome = OpOutcome::Refused(Refusal::Finished);

impl Process {
    fn new(limit: u8, deed: Deed) -> Process {
        Process {
            limit: limit.into(),
            roles: vec![Role { starter: Starter::Main, deed }],
            main: Main::NotBegun,
            outside: Vec::new(),
            is_over: false,
            exit: None,
            is_raced: false,
        }
    }

    /// How it may end of itself.
    fn endings(&self) -> Endings {
        let has_begun = self.main != Main::NotBegun;
        if !has_begun && !self.roles.iter().any(Role::is_the_hosts) {
            return Endings { may_hang: true, ..Endings::default() };
        }
        Threads {
            roles: &self.roles,
            limit: self.limit,
            has_begun,
            is_scheduled: self.main == Main::Scheduled,
        }
        .endings()
    }

    fn may_have_ended(&self) -> bool {
        !self.outside.is_empty() || !self.endings().exits.is_empty()
    }

    fn has_threads_of_host(&self) -> bool {
        self.roles.iter().any(|role| matches!(role.starter, Starter::Host { .. }))
    }

    fn expect_plan(&self, parent: u8) -> Expected {
        let is_the_hosts = self.roles.iter().any(Role::is_the_hosts);
        let is_planned = usize::from(parent) < self.roles.len();
        match () {
            () if self.main != Main::NotBegun || is_the_hosts => {
                Expected::Void("the process has threads")
            }
            () if self.roles.len() == ROLES_MAX => Expected::Void("the process is full"),
            () if !is_planned => Expected::Void("no such thread is planned"),
            () => Expected::is(OpOutcome::DONE),
        }
    }

    fn expect_start(&self, runs_on: RunsOn) -> Expected {
        match () {
            () if self.main != Main::NotBegun || self.is_over => Expected::is(FINISHED),
            () if runs_on != RunsOn::Threads && self.has_threads_of_host() => {
                Expected::Void("the host has started threads of the process")
            }
            () => {
                let mut ways = vec![OpOutcome::DONE];
                ways.extend(self.may_have_ended().then_some(FINISHED));
                Expected::raced(ways)
            }
        }
    }

    /// What comes of asking for a place among the threads, of which `done` comes if there is
    /// one.
    fn expect_place(&self, done: OpOutcome) -> Expected {
        if self.is_over || self.main == Main::Scheduled {
            return Expected::is(CLOSED);
        }
        let count = |counts: &dyn Fn(&&Role) -> bool| self.roles.iter().filter(counts).count();
        let used_at_least = count(&|role| role.stays());
        let used_at_most = count(&|role| match role.starter {
            Starter::Host { .. } => true,
            Starter::Thread { .. } => self.main != Main::NotBegun,
            Starter::Main | Starter::Environment => false,
        });
        let mut ways = Vec::new();
        ways.extend((used_at_least < self.limit).then_some(done));
        ways.extend((used_at_most >= self.limit).then_some(LIMIT));
        ways.extend(self.may_have_ended().then_some(CLOSED));
        Expected::raced(ways)
    }

    fn expect_add(&self) -> Expected {
        match self.roles.len() < ROLES_MAX {
            true => self.expect_place(OpOutcome::DONE),
            false => Expected::Void("the process is full"),
        }
    }

    fn expect_enter(&self, deed: Deed) -> Expected {
        let done = match deed {
            Deed::Return | Deed::Join => OpOutcome::DONE,
            Deed::Trap(cause) => OpOutcome::Trap(trap(cause)),
            Deed::Exit(status) => OpOutcome::Exit(status.into()),
            Deed::Wait | Deed::Busy | Deed::Read => {
                return Expected::Void("the host's thread would stay in the environment");
            }
        };
        match self.roles.len() < ROLES_MAX {
            true => self.expect_place(done),
            false => Expected::Void("the process is full"),
        }
    }

    fn expect_join(&self) -> Expected {
        let (ways, is_raced) = match &self.exit {
            Some(exit) => (vec![exit.clone()], self.is_raced),
            None => {
                let Endings { mut exits, may_hang } = self.endings();
                if may_hang && !self.is_over {
                    return Expected::Void("the process may not end");
                }
                exits.extend(self.outside.iter().cloned());
                let is_raced = exits.len() > 1 && self.main != Main::Scheduled;
                (exits.into_iter().collect(), is_raced)
            }
        };
        if is_raced { Expected::Raced(ways) } else { Expected::OneOf(ways) }
    }

    fn expect_count(&self) -> Expected {
        let is_idle = match self.main {
            Main::NotBegun => !self.roles.iter().any(Role::is_the_hosts),
            Main::OnThreads => false,
            Main::Scheduled => true,
        };
        match is_idle || self.exit.is_some() {
            true => Expected::is(OpOutcome::Ok(vec![0, 0])),
            false => Expected::Void("threads of the process run"),
        }
    }

    fn expect_drop(&self) -> Expected {
        match self.main == Main::OnThreads && self.exit.is_none() {
            true => Expected::Void("threads of the process run"),
            false => Expected::is(OpOutcome::DONE),
        }
    }

    /// Take over what is certain, and what is possible.
    fn commit(&mut self, op: &Op, expected: &Expected, outcome: &OpOutcome) {
        let may_be = |way: &OpOutcome| expected.ways().contains(way);
        match *op {
            Op::Plan { parent, style, deed, .. } => {
                let starter = Starter::Thread { parent: parent.into(), style };
                self.roles.push(Role { starter, deed });
            }
            Op::Start { runs_on, .. } if may_be(&OpOutcome::DONE) => {
                self.main = match runs_on {
                    RunsOn::Threads => Main::OnThreads,
                    RunsOn::Schedule(_) => Main::Scheduled,
                };
                self.is_over |= self.main == Main::Scheduled;
            }
            Op::AddThread { deed, .. } if may_be(&OpOutcome::DONE) => {
                let is_certain = expected.ways().len() == 1;
                self.roles.push(Role { starter: Starter::Host { is_certain }, deed });
            }
            Op::Enter { deed, .. } => self.commit_enter(deed, expected.ways()),
            Op::Kill { .. } if !self.is_over => {
                self.outside.push(OpOutcome::Ended(ProcessEnd::Killed));
                self.is_over = true;
            }
            Op::JoinProcess { .. } => {
                self.is_raced = matches!(expected, Expected::Raced(_));
                self.is_over = true;
                self.exit = Some(outcome.clone());
            }
            _ => {}
        }
    }

    fn commit_enter(&mut self, deed: Deed, ways: &[OpOutcome]) {
        let Some(done) = ways.iter().find(|way| !matches!(way, OpOutcome::Refused(_))) else {
            return;
        };
        if self.main == Main::OnThreads {
            // For that time there was a place less for others.
            self.roles.push(Role { starter: Starter::Environment, deed: Deed::Return });
        }
        if let Deed::Trap(_) | Deed::Exit(_) = deed {
            self.outside.push(done.clone());
            self.is_over |= !ways.contains(&LIMIT);
        }
    }
}

impl Model {
    pub(super) fn expect_process(&self, op: &Op) -> Expected {
        if let Op::ProcessNew { process, engine, .. } = op {
            return match () {
                () if self.processes.number(process.0).is_some() => {
                    Expected::Void("the name is bound")
                }
                () if self.engines.number(engine.0).is_none() => Expected::Void("no such engine"),
                () => Expected::is(OpOutcome::DONE),
            };
        }
        let process = op.process().and_then(|name| self.processes.at(name.0));
        let Some(process) = process else { return Expected::Void("no such process") };
        match op {
            Op::Plan { parent, .. } => process.expect_plan(*parent),
            Op::Start { runs_on, .. } => process.expect_start(*runs_on),
            Op::AddThread { .. } => process.expect_add(),
            Op::Enter { deed, .. } => process.expect_enter(*deed),
            Op::JoinProcess { .. } => process.expect_join(),
            Op::CountProcess { .. } => process.expect_count(),
            Op::DropProcess { .. } => process.expect_drop(),
            _ => Expected::is(OpOutcome::DONE),
        }
    }

    pub(super) fn commit_process(&mut self, op: &Op, outcome: &OpOutcome) {
        match op {
            Op::ProcessNew { process, limit, deed, .. } => {
                self.processes.bind(process.0, Process::new(limit.0, *deed));
            }
            Op::DropProcess { process } => {
                self.processes.unbind(process.0);
            }
            _ => {
                let expected = self.expect_process(op);
                let Some(name) = op.process() else { return };
                if let Some(process) = self.processes.at_mut(name.0) {
                    process.commit(op, &expected, outcome);
                }
            }
        }
    }
}
