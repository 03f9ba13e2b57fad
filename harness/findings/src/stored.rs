//! Cases that a campaign keeps instead of generating them.

use std::collections::BTreeMap;

use gainsay_case::Case;
use gainsay_case::text::{Script, read_case};
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;

/// Cases by the hash of their text, which is their order in a campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredCases(BTreeMap<Fingerprint, Case>);

/// Which stored cases a campaign has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StoredSet {
    /// How many.
    pub count: u64,
    /// Of their hashes; zero if there are none.
    pub hash: Fingerprint,
}

/// What became of a case that was to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// It is stored.
    New,
    /// The same case was stored before.
    Known,
    /// Its text does not read as the same case.
    Unreadable,
    /// It has no steps.
    Empty,
}

impl StoredCases {
    /// Store a case, unless its text would not say the same.
    pub fn insert(&mut self, case: Case) -> Inserted {
        if case.steps.is_empty() {
            return Inserted::Empty;
        }
        let text = text(&case);
        if read_case(&text).ok().as_ref() != Some(&case) {
            return Inserted::Unreadable;
        }
        match self.0.insert(Fingerprint::of(text.as_bytes()), case) {
            None => Inserted::New,
            Some(_) => Inserted::Known,
        }
    }

    /// Store a case as the text that it was kept as; the error says why it is none.
    pub(crate) fn insert_text(&mut self, hash: Fingerprint, text: &str) -> Result<(), String> {
        let found = Fingerprint::of(text.as_bytes());
        if found != hash {
            return Err(format!("its hash is {found}, and its name says {hash}"));
        }
        let case = read_case(text).map_err(|error| error.to_string())?;
        self.0.insert(hash, case);
        Ok(())
    }

    /// The case of this hash.
    pub fn get(&self, hash: Fingerprint) -> Option<&Case> {
        self.0.get(&hash)
    }

    /// The hashes, in order.
    pub fn hashes(&self) -> impl Iterator<Item = Fingerprint> {
        self.0.keys().copied()
    }

    /// The texts by their hashes, in order.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (Fingerprint, String)> {
        self.0.iter().map(|(hash, case)| (*hash, text(case)))
    }

    /// Which cases these are.
    pub fn set(&self) -> StoredSet {
        if self.0.is_empty() {
            return StoredSet::default();
        }
        let hashes: Vec<u8> = self.hashes().flat_map(|hash| hash.number().to_le_bytes()).collect();
        StoredSet { count: self.len(), hash: Fingerprint::of(&hashes) }
    }

    /// Store the cases of another campaign as well.
    pub(crate) fn extend(&mut self, other: StoredCases) {
        self.0.extend(other.0);
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl StoredSet {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// The text that a case is kept as; it follows from the case alone.
fn text(case: &Case) -> String {
    Script::new(case.clone(), None).to_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(text: &str) -> Case {
        read_case(text).expect("a script")
    }

    const ONE: &str = r#"(module $m (func (export "f"))) (invoke $m "f")"#;
    const TWO: &str = r#"(module $m (func (export "g"))) (invoke $m "g")"#;

    #[test]
    fn a_case_is_stored_once_and_the_order_of_cases_does_not_matter() {
        let (mut forth, mut back) = (StoredCases::default(), StoredCases::default());
        assert_eq!([forth.insert(case(ONE)), forth.insert(case(TWO))], [Inserted::New; 2]);
        assert_eq!(forth.insert(case(ONE)), Inserted::Known);
        assert_eq!([back.insert(case(TWO)), back.insert(case(ONE))], [Inserted::New; 2]);
        assert_eq!((forth.set(), forth.set().count), (back.set(), 2));
        assert_eq!(forth.insert(Case::default()), Inserted::Empty);
    }

    #[test]
    fn a_text_that_was_changed_is_refused() {
        let mut stored = StoredCases::default();
        stored.insert(case(ONE));
        let texts: Vec<(Fingerprint, String)> = stored.texts().collect();
        let (hash, text) = &texts[0];
        let mut again = StoredCases::default();
        assert_eq!(again.insert_text(*hash, text), Ok(()));
        assert_eq!(again, stored);
        let error = again.insert_text(*hash, &text.replace("\"f\"", "\"h\""));
        assert!(error.is_err_and(|error| error.contains("its name says")));
    }
}
