//! Sets of ordinals as ranges.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Disjoint ranges in ascending order, neighbours joined. In JSON `[[from, to], …]`,
/// `to` not included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ranges(Vec<(u64, u64)>);

impl Ranges {
    /// Add a range; what is there already stays there once.
    pub fn insert(&mut self, range: Range<u64>) {
        if range.is_empty() {
            return;
        }
        self.0.push((range.start, range.end));
        self.0.sort_unstable();
        let mut joined: Vec<(u64, u64)> = Vec::with_capacity(self.0.len());
        for &(start, end) in &self.0 {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        self.0 = joined;
    }

    /// The first range from `from` on that is not in the set, at most `len` long
    /// and not beyond `end`.
    pub fn gap(&self, from: u64, len: u64, end: u64) -> Option<Range<u64>> {
        let mut start = from;
        let mut limit = end;
        for &(first, last) in &self.0 {
            if last <= start {
                continue;
            }
            if first <= start {
                start = last;
            } else {
                limit = limit.min(first);
                break;
            }
        }
        (start < limit).then(|| start..limit.min(start.saturating_add(len)))
    }

    /// Whether every member of `other` is one of this set.
    pub fn contains_all(&self, other: &Ranges) -> bool {
        other
            .0
            .iter()
            .all(|&(start, end)| self.0.iter().any(|&(first, last)| first <= start && end <= last))
    }

    /// How many members there are.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|(start, end)| end - start).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges<const N: usize>(of: [(u64, u64); N]) -> Ranges {
        let mut ranges = Ranges::default();
        of.into_iter().for_each(|(start, end)| ranges.insert(start..end));
        ranges
    }

    #[test]
    fn neighbours_are_joined_whatever_the_order() {
        assert_eq!(ranges([(4, 6), (0, 2), (2, 4)]), ranges([(0, 6)]));
        assert_eq!(ranges([(4, 6), (0, 2)]).count(), 4);
    }

    #[test]
    fn gaps_are_what_is_missing() {
        let done = ranges([(2, 4), (8, 9)]);
        assert_eq!(done.gap(0, 16, 20), Some(0..2));
        assert_eq!(done.gap(2, 16, 20), Some(4..8));
        assert_eq!(done.gap(4, 3, 20), Some(4..7));
        assert_eq!(done.gap(8, 16, 20), Some(9..20));
        assert_eq!(done.gap(8, 16, 9), None);
    }

    #[test]
    fn a_longer_run_contains_a_shorter_one() {
        assert!(ranges([(0, 9)]).contains_all(&ranges([(0, 2), (4, 9)])));
        assert!(!ranges([(0, 4)]).contains_all(&ranges([(2, 5)])));
    }
}
