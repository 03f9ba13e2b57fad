//! Identifiers of threads.

use std::collections::BTreeSet;

/// The largest one (wasi-threads: the upper three bits are reserved). The smallest is 1.
const LAST: u32 = (1 << 29) - 1;

/// Those in use, of threads and of environments; the main thread's, 0, is not among them.
#[derive(Debug, Default)]
pub(super) struct Identifiers {
    used: BTreeSet<u32>,
    /// Given last: who has gone is not soon taken for somebody else.
    given: u32,
}

impl Identifiers {
    /// One that nobody uses, unless `count_max` are in use.
    pub(super) fn reserve(&mut self, count_max: usize) -> Option<u32> {
        if self.used.len() >= count_max.min(LAST as usize) {
            return None;
        }
        loop {
            // Ends: fewer are in use than there are.
            self.given = self.given % LAST + 1;
            if self.used.insert(self.given) {
                return Some(self.given);
            }
        }
    }

    /// It is used no more.
    pub(super) fn give_back(&mut self, identifier: u32) {
        self.used.remove(&identifier);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_not_soon_used_again() {
        let mut identifiers = Identifiers::default();
        assert_eq!(identifiers.reserve(2), Some(1));
        assert_eq!(identifiers.reserve(2), Some(2));
        assert_eq!(identifiers.reserve(2), None);
        identifiers.give_back(1);
        assert_eq!(identifiers.reserve(2), Some(3));
        assert_eq!(identifiers.reserve(0), None);
    }

    #[test]
    fn after_the_last_one_comes_the_first_that_is_free() {
        let used = [1, 2, 4].into();
        let mut identifiers = Identifiers { used, given: LAST - 1 };
        let given: Vec<u32> = (0..3).filter_map(|_| identifiers.reserve(9)).collect();
        assert_eq!(given, [LAST, 3, 5]);
        assert_eq!(LAST, 0x1fff_ffff);
    }
}
