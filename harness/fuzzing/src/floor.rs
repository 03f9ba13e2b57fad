//! What a target must have reached after some thousand inputs.

use std::fmt;

use crate::ledger::Ledger;

/// Something that was reached too seldom, or too often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// What was counted.
    pub name: String,
    /// How many.
    pub count: u64,
    /// How many it must be at least, or at most.
    pub bound: Bound,
}

/// A bound of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// No fewer.
    AtLeast(u64),
    /// No more.
    AtMost(u64),
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shortfall { name, count, bound } = self;
        match bound {
            Bound::AtLeast(bound) => write!(f, "{name}: {count}, must be at least {bound}"),
            Bound::AtMost(bound) => write!(f, "{name}: {count}, must be at most {bound}"),
        }
    }
}

/// Checks counts and keeps what falls short.
pub(crate) struct Floor<'l> {
    ledger: &'l Ledger,
    shortfalls: Vec<Shortfall>,
}

impl<'l> Floor<'l> {
    pub(crate) fn of(ledger: &'l Ledger) -> Floor<'l> {
        Floor { ledger, shortfalls: Vec::new() }
    }

    /// The count of this name is at least one.
    pub(crate) fn reached(self, name: &str) -> Floor<'l> {
        let count = self.ledger.get(name);
        self.at_least(name, count, 1)
    }

    pub(crate) fn at_least(mut self, name: &str, count: u64, bound: u64) -> Floor<'l> {
        if count < bound {
            let (name, bound) = (name.to_owned(), Bound::AtLeast(bound));
            self.shortfalls.push(Shortfall { name, count, bound });
        }
        self
    }

    /// At most one input in `inverse` was rejected.
    pub(crate) fn rejected_one_in(mut self, inverse: u64) -> Floor<'l> {
        let count = self.ledger.sum("rejected");
        let bound = self.ledger.get("inputs") / inverse;
        if count > bound {
            let (name, bound) = ("rejected".to_owned(), Bound::AtMost(bound));
            self.shortfalls.push(Shortfall { name, count, bound });
        }
        self
    }

    pub(crate) fn shortfalls(self) -> Vec<Shortfall> {
        self.shortfalls
    }
}
