//! Operations on processes.

use super::Maker;
use crate::decide::{below, one_of, percent, weighted};
use crate::op::{Op, Verb};
use crate::word::{
    Cause, Deed, EngineId, ProcessId, RunsOn, SLOTS, SpawnStyle, THREADS_MAX, ThreadLimit,
};

/// What verbs are drawn from where processes are made: first what makes one do something.
pub(super) const VERBS: [Verb; 9] = [
    Verb::ProcessNew,
    Verb::Plan,
    Verb::Start,
    Verb::AddThread,
    Verb::Enter,
    Verb::Kill,
    Verb::JoinProcess,
    Verb::CountProcess,
    Verb::DropProcess,
];

impl Maker<'_> {
    pub(super) fn process_op(&mut self, verb: Verb, wild: bool) -> Op {
        if verb == Verb::ProcessNew {
            return Op::ProcessNew {
                process: fresh!(self, wild, ProcessId, processes),
                engine: used!(self, wild, EngineId, engines),
                limit: ThreadLimit(below(&mut self.bytes, usize::from(THREADS_MAX) + 1) as u8),
                deed: self.deed(),
            };
        }
        let process = used!(self, wild, ProcessId, processes);
        match verb {
            Verb::Plan => Op::Plan {
                process,
                // Mostly a child of the main thread.
                parent: below(&mut self.bytes, 5).saturating_sub(2) as u8,
                style: one_of(&mut self.bytes, SpawnStyle::ALL),
                deed: self.deed(),
            },
            Verb::Start => Op::Start {
                process,
                runs_on: match percent(&mut self.bytes, 50) {
                    true => RunsOn::Threads,
                    false => RunsOn::Schedule(below(&mut self.bytes, 256) as u8),
                },
            },
            Verb::AddThread => Op::AddThread { process, deed: self.deed() },
            Verb::Enter => Op::Enter { process, deed: self.deed() },
            Verb::Kill => Op::Kill { process },
            Verb::CountProcess => Op::CountProcess { process },
            Verb::DropProcess => Op::DropProcess { process },
            _ => Op::JoinProcess { process },
        }
    }

    fn deed(&mut self) -> Deed {
        let cause = Deed::Trap(one_of(&mut self.bytes, Cause::ALL));
        let exit = Deed::Exit(self.small());
        // A busy thread takes time from all others.
        let deeds = [
            (4, Deed::Return),
            (4, Deed::Join),
            (3, Deed::Wait),
            (1, Deed::Busy),
            (2, Deed::Read),
            (3, cause),
            (3, exit),
        ];
        weighted(&mut self.bytes, &deeds).unwrap_or(Deed::Return)
    }
}
