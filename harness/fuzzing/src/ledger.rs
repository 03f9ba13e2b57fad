//! What a target has done so far, as counts.

use std::collections::BTreeMap;
use std::fmt;

/// Counts by name. A name has words, the first of which says what kind of count it is:
/// `executed gc`, `rejected damaged envelope`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    counts: BTreeMap<String, u64>,
}

impl Ledger {
    /// Count one.
    pub fn count(&mut self, name: &str) {
        self.add(name, 1);
    }

    /// Count several.
    pub fn add(&mut self, name: &str, count: u64) {
        match self.counts.get_mut(name) {
            Some(sum) => *sum += count,
            None => {
                self.counts.insert(name.to_owned(), count);
            }
        }
    }

    /// How many were counted under this name.
    pub fn get(&self, name: &str) -> u64 {
        self.counts.get(name).copied().unwrap_or_default()
    }

    /// The sum of all counts whose names begin with these words.
    pub fn sum(&self, words: &str) -> u64 {
        let counts = self.counts.iter();
        counts.filter(|(name, _)| begins_with(name, words)).map(|(_, count)| count).sum()
    }
}

fn begins_with(name: &str, words: &str) -> bool {
    name.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// One line per count: the name, a tab, the number. Sums of such texts are made line by line.
impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.counts.iter().try_for_each(|(name, count)| writeln!(f, "{name}\t{count}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_summed_by_their_first_words() {
        let mut ledger = Ledger::default();
        ledger.count("rejected a");
        ledger.add("rejected b c", 2);
        ledger.count("rejectedly");
        assert_eq!((ledger.sum("rejected"), ledger.get("rejected a")), (3, 1));
        assert_eq!((ledger.sum("rejected b"), ledger.get("rejected")), (2, 0));
        assert_eq!(ledger.to_string(), "rejected a\t1\nrejected b c\t2\nrejectedly\t1\n");
    }
}
