//! What each `try_table` of a module catches, by the instructions within it.
//!
//! Nothing is executed for a `try_table`: where an exception is thrown, the place of
//! the instruction says which ones are around it.

use std::ops::Range;

/// The `try_table`s of a module.
#[derive(Debug, Default)]
pub(crate) struct Catches {
    /// Ascending in the first: from this instruction on, that one is the innermost.
    regions: Vec<(u32, Option<u32>)>,
    tables: Vec<TryTable>,
    clauses: Vec<Clause>,
}

#[derive(Clone, Copy, Debug)]
struct TryTable {
    /// The one around it in the same function.
    outer: Option<u32>,
    /// Its clauses are those from here on, up to the next one's.
    first: u32,
    /// How many clauses it has, and those around it.
    around: u32,
}

/// A catch clause (§ syntax/instructions, control instructions).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    /// The index of the tag; without one it catches all, and takes no values.
    pub(crate) tag: Option<u32>,
    /// Whether a reference to the exception follows the values.
    pub(crate) reference: bool,
    /// The slot where the values go.
    pub(crate) slot: u16,
    /// Where the label is in [`crate::module::Code::targets`].
    pub(crate) target: u32,
}

impl Catches {
    /// Begin a `try_table` at an instruction, with the clauses added after this:
    /// its number.
    pub(crate) fn declare(&mut self, outer: Option<u32>) -> u32 {
        let around = outer.map_or(0, |outer| self.around(outer));
        self.tables.push(TryTable { outer, first: self.clauses.len() as u32, around });
        self.tables.len() as u32 - 1
    }

    /// Add a clause to the latest `try_table`.
    pub(crate) fn add(&mut self, clause: Clause) {
        self.clauses.push(clause);
        if let Some(table) = self.tables.last_mut() {
            table.around += 1;
        }
    }

    /// From the instruction `pc` on, which is no earlier than in any call before, this
    /// one is the innermost.
    pub(crate) fn enter(&mut self, pc: u32, innermost: Option<u32>) {
        match self.regions.last_mut() {
            Some((start, table)) if *start == pc => *table = innermost,
            _ => self.regions.push((pc, innermost)),
        }
    }

    /// The one around a `try_table`.
    pub(crate) fn outer(&self, table: u32) -> Option<u32> {
        self.tables[table as usize].outer
    }

    /// How many clauses a `try_table` has, together with those around it.
    pub(crate) fn around(&self, table: u32) -> u32 {
        self.tables[table as usize].around
    }

    /// The clauses of a `try_table`.
    pub(crate) fn clauses(&self, table: u32) -> &[Clause] {
        let first = |table: &TryTable| table.first as usize;
        let end = self.tables.get(table as usize + 1).map_or(self.clauses.len(), first);
        &self.clauses[first(&self.tables[table as usize])..end]
    }

    /// The innermost `try_table` around an instruction.
    fn innermost(&self, pc: u32) -> Option<u32> {
        let behind = self.regions.partition_point(|(start, _)| *start <= pc);
        self.regions[..behind].last()?.1
    }

    /// The clause that catches what the instruction `pc` throws, if `is` says of tag
    /// indices whether they are its tag: the first of the innermost `try_table` that
    /// has one (§ exec/instructions, `throw_ref`).
    pub(crate) fn find(&self, pc: u32, is: impl Fn(u32) -> bool) -> Option<Clause> {
        let mut next = self.innermost(pc);
        while let Some(table) = next {
            let fits = |clause: &&Clause| clause.tag.is_none_or(&is);
            if let Some(clause) = self.clauses(table).iter().find(fits) {
                return Some(*clause);
            }
            next = self.outer(table);
        }
        None
    }

    /// The runs of instructions from `start` to `end` with a `try_table` around them,
    /// each with the innermost one.
    pub(crate) fn runs(&self, start: u32, end: u32) -> impl Iterator<Item = (Range<u32>, u32)> {
        let ends = self.regions.iter().skip(1).map(|(start, _)| *start);
        let runs = self.regions.iter().zip(ends);
        runs.filter(move |((at, _), _)| (start..end).contains(at))
            .filter_map(|((start, table), end)| Some((*start..end, (*table)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn clause(tag: Option<u32>, slot: u16) -> Clause {
        Clause { tag, reference: false, slot, target: 0 }
    }

    /// Instructions 10 to 30 in a `try_table`, of those 15 to 20 in another one, and
    /// an empty one behind.
    fn sample() -> Catches {
        let mut catches = Catches::default();
        let outer = catches.declare(None);
        catches.add(clause(Some(1), 0));
        catches.add(clause(None, 1));
        catches.enter(10, Some(outer));
        let inner = catches.declare(Some(outer));
        catches.add(clause(Some(2), 2));
        catches.add(clause(Some(2), 3));
        catches.enter(15, Some(inner));
        catches.enter(20, Some(outer));
        catches.enter(30, None);
        let empty = catches.declare(None);
        catches.add(clause(None, 4));
        catches.enter(40, Some(empty));
        catches.enter(40, None);
        catches
    }

    fn slot(pc: u32, tag: u32) -> Option<u16> {
        sample().find(pc, |wanted| wanted == tag).map(|clause| clause.slot)
    }

    #[test]
    fn the_first_clause_of_the_innermost_table_catches() {
        assert_eq!(slot(15, 2), Some(2));
        assert_eq!(slot(19, 2), Some(2));
        assert_eq!(slot(15, 1), Some(0));
        assert_eq!(slot(15, 9), Some(1));
        assert_eq!(slot(20, 2), Some(1));
    }

    #[test]
    fn instructions_outside_are_not_caught() {
        assert_eq!([9, 30, 40, 41].map(|pc| slot(pc, 1)), [None; 4]);
        assert_eq!(slot(10, 1), Some(0));
        assert_eq!(slot(29, 1), Some(0));
        assert_eq!(Catches::default().find(0, |_| true), None);
    }
}
