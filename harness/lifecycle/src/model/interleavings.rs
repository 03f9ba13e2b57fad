//! How a process may end: all orders in which its threads may take their steps.

use std::collections::{BTreeSet, HashSet};

use super::role::{ROLES_MAX, Role, Starter};
use crate::op_outcome::{OpOutcome, ProcessEnd, Trap};
use crate::word::{Cause, Deed, SpawnStyle};

/// What is explored.
pub(super) struct Threads<'a> {
    pub(super) roles: &'a [Role],
    /// How many threads there may be beside the main one.
    pub(super) limit: usize,
    /// Whether the main thread was started.
    pub(super) has_begun: bool,
    pub(super) is_scheduled: bool,
}

/// How a process may end of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Endings {
    pub(super) exits: BTreeSet<OpOutcome>,
    /// Whether it may come to where nothing happens any more and it has not ended.
    pub(super) may_hang: bool,
}

/// What a thread does next.
#[derive(Clone, Copy)]
enum Step {
    Spawn(usize),
    Join(usize),
    /// Sleeps: takes part in a deadlock.
    Sleep,
    /// Never ends, and is in no deadlock.
    Stay,
    Return,
    Trap(Trap),
    Exit(u8),
}

/// Where a thread is.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    /// It was not started.
    Absent,
    /// At this one of its steps.
    At(u8),
    /// It could not start this thread, and exits.
    WasRefused(u8),
    /// It has returned, and was not joined.
    Returned,
    /// It counts no more.
    Gone,
}

type State = [Place; ROLES_MAX];

/// The statuses with which `process.wat` exits when a thread is not started.
const REFUSED_STATUS: u32 = 100;

impl Threads<'_> {
    /// Explore them all.
    pub(super) fn endings(&self) -> Endings {
        let mut endings = Endings::default();
        let steps: Vec<Vec<Step>> =
            (0..self.roles.len()).map(|number| self.steps(number)).collect();
        let mut start = [Place::Absent; ROLES_MAX];
        if self.has_begun {
            start[0] = Place::At(0);
        }
        let mut visited = HashSet::from([start]);
        let mut open = vec![start];
        while let Some(state) = open.pop() {
            let mut next = Vec::new();
            let mut goes_on = false;
            for (number, steps) in steps.iter().enumerate() {
                goes_on |= self.go_on(&state, number, steps, &mut next, &mut endings);
            }
            if !goes_on {
                self.rest(&state, &steps, &mut endings);
            }
            open.extend(next.into_iter().filter(|state| visited.insert(*state)));
        }
        endings
    }

    fn steps(&self, number: usize) -> Vec<Step> {
        let children = || {
            self.roles.iter().enumerate().filter_map(move |(child, role)| match role.starter {
                Starter::Thread { parent, style } if parent == number => Some((child, style)),
                _ => None,
            })
        };
        let mut steps: Vec<Step> = children().map(|(child, _)| Step::Spawn(child)).collect();
        match self.roles[number].deed {
            Deed::Return => {}
            Deed::Join => {
                let posix = children().filter(|(_, style)| *style == SpawnStyle::Posix);
                steps.extend(posix.map(|(child, _)| Step::Join(child)));
            }
            Deed::Wait => steps.push(Step::Sleep),
            // A schedule sees that nobody will write what is read.
            Deed::Read if self.is_scheduled => steps.push(Step::Sleep),
            Deed::Busy | Deed::Read => steps.push(Step::Stay),
            Deed::Trap(cause) => steps.push(Step::Trap(trap(cause))),
            Deed::Exit(status) => steps.push(Step::Exit(status)),
        }
        steps.push(Step::Return);
        steps
    }

    fn has_room(&self, state: &State) -> bool {
        let counts = |place: &&Place| !matches!(place, Place::Absent | Place::Gone);
        // The main thread does not count.
        state[1..].iter().filter(counts).count() < self.limit
    }

    /// Let one thread take a step; whether it can.
    fn go_on(
        &self,
        state: &State,
        number: usize,
        steps: &[Step],
        next: &mut Vec<State>,
        endings: &mut Endings,
    ) -> bool {
        let mut with = |changes: &[(usize, Place)]| {
            let mut state = *state;
            for (number, place) in changes {
                state[*number] = *place;
            }
            next.push(state);
        };
        let at = match state[number] {
            Place::At(at) => at,
            Place::WasRefused(child) => {
                endings.exits.insert(OpOutcome::Exit(REFUSED_STATUS + u32::from(child)));
                return true;
            }
            Place::Absent if self.roles[number].is_the_hosts() && self.has_room(state) => {
                // It may have come now; that it will come is not certain.
                with(&[(number, Place::At(0))]);
                return false;
            }
            Place::Absent | Place::Returned | Place::Gone => return false,
        };
        let after = Place::At(at + 1);
        match steps[usize::from(at)] {
            Step::Spawn(child) if self.has_room(state) => {
                with(&[(number, after), (child, Place::At(0))]);
            }
            Step::Spawn(child) => with(&[(number, Place::WasRefused(child as u8))]),
            Step::Join(child) if state[child] == Place::Returned => {
                with(&[(number, after), (child, Place::Gone)]);
            }
            Step::Join(_) | Step::Sleep | Step::Stay => return false,
            Step::Return if number == 0 => drop(endings.exits.insert(OpOutcome::DONE)),
            Step::Return => with(&[(number, self.roles[number].place_after_return())]),
            Step::Trap(trap) => drop(endings.exits.insert(OpOutcome::Trap(trap))),
            Step::Exit(status) => drop(endings.exits.insert(OpOutcome::Exit(status.into()))),
        }
        true
    }

    /// Nobody can go on.
    fn rest(&self, state: &State, steps: &[Vec<Step>], endings: &mut Endings) {
        let stays = std::iter::zip(state, steps).any(|(place, steps)| match place {
            Place::At(at) => matches!(steps[usize::from(*at)], Step::Stay),
            _ => false,
        });
        match (self.has_begun, stays) {
            (true, false) => {
                endings.exits.insert(OpOutcome::Ended(ProcessEnd::Deadlocked));
            }
            (true, true) if self.is_scheduled => {
                endings.exits.insert(OpOutcome::Ended(ProcessEnd::OutOfSteps));
            }
            _ => endings.may_hang = true,
        }
    }
}

impl Role {
    fn place_after_return(&self) -> Place {
        match self.starter {
            Starter::Thread { style: SpawnStyle::Posix, .. } => Place::Returned,
            _ => Place::Gone,
        }
    }
}

/// The trap that a cause leads to.
pub(super) fn trap(cause: Cause) -> Trap {
    match cause {
        Cause::Unreachable => Trap::Unreachable,
        Cause::Divide => Trap::DivideByZero,
        Cause::Bounds => Trap::MemoryBounds,
        Cause::Null => Trap::NullElement,
    }
}
