//! Exceptions (§ exec/runtime, exception instances).

use std::fmt;

use crate::exec::Stop;
use crate::handle::{Exn, Tag};
use crate::heap::Futility;
use crate::refs::exn_ref;
use crate::store::Store;
use crate::value::{Value, read_slots, slot_count, write_slots};

/// An exception: what was thrown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// What kind of exception it is.
    pub tag: Tag,
    /// One value for each parameter of the tag's type.
    pub values: Vec<Value>,
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("uncaught exception")
    }
}

impl std::error::Error for Exception {}

/// An exception in the form that execution handles.
#[derive(Clone, Debug)]
pub(crate) struct ExnInst {
    /// The address of its tag.
    pub(crate) tag: u32,
    /// The slots of its values. References in them keep alive what they refer to as
    /// long as the exception lives.
    pub(crate) slots: Box<[u64]>,
}

impl ExnInst {
    /// What it counts for in [`crate::Limits::exception_bytes_max`].
    fn bytes(&self) -> u64 {
        32 + 8 * self.slots.len() as u64
    }
}

/// The exceptions of a store that references exist to. Others are never here: one
/// that is caught without a reference is gone once its values are on the stack.
#[derive(Debug, Default)]
pub(crate) struct Exceptions {
    /// By number; nothing where one was collected.
    list: Vec<Option<ExnInst>>,
    /// The numbers of those.
    unused: Vec<u32>,
    /// What all of them count for.
    bytes: u64,
    /// When a collection is due.
    threshold: u64,
    futility: Futility,
}

/// Bytes of exceptions, at least, between two collections.
const GROWTH_MIN: u64 = 1 << 20;

impl Exceptions {
    /// Keep an exception, unless all together would then take more than `bytes_max`:
    /// its number.
    fn add(&mut self, exn: ExnInst, bytes_max: u64) -> Option<u32> {
        let bytes = self.bytes.saturating_add(exn.bytes());
        if bytes > bytes_max {
            return None;
        }
        let number = match self.unused.pop() {
            Some(number) => number,
            None => {
                let number = u32::try_from(self.list.len()).ok()?;
                self.list.push(None);
                number
            }
        };
        self.bytes = bytes;
        self.list[number as usize] = Some(exn);
        Some(number)
    }

    /// Whether there were ever any.
    pub(crate) fn is_touched(&self) -> bool {
        !self.list.is_empty()
    }

    /// How many numbers there are.
    pub(crate) fn numbers(&self) -> usize {
        self.list.len()
    }

    /// The exception with this number.
    pub(crate) fn get(&self, number: u32) -> Option<&ExnInst> {
        self.list.get(number as usize)?.as_ref()
    }

    /// Whether a collection is due before this one is kept.
    fn is_due(&self, exn: &ExnInst, bytes_max: u64) -> bool {
        self.bytes.saturating_add(exn.bytes()) > self.threshold.max(GROWTH_MIN).min(bytes_max)
    }

    /// Forget those that are not in `marks`, one bit per number.
    pub(crate) fn sweep(&mut self, marks: &[u64]) {
        for (number, place) in self.list.iter_mut().enumerate() {
            if marks[number / 64] >> (number % 64) & 1 == 0
                && let Some(exn) = place.take()
            {
                self.bytes -= exn.bytes();
                self.unused.push(number as u32);
            }
        }
        self.threshold = self.bytes.saturating_mul(2);
    }
}

impl Store {
    /// Make an exception that can be referred to (§ embedding, exceptions). The store
    /// holds it for its user, as it does objects ([`crate::Object`]).
    ///
    /// # Errors
    /// [`Stop::Mismatch`] if the values are not of the tag's type,
    /// [`Stop::HeapExhausted`] past [`crate::Limits::exception_bytes_max`].
    pub fn new_exception(&mut self, exception: &Exception) -> Result<Exn, Stop> {
        let exn = self.lower_exception(exception)?;
        let number = self.keep_exception(exn, &[])?;
        self.heap.hold(exn_ref(number));
        Ok(Exn(number))
    }

    /// The tag and values of an exception.
    ///
    /// # Panics
    /// When it is gone: neither held nor referred to any more.
    pub fn exception(&self, exn: Exn) -> Exception {
        self.lift_exception(self.exceptions.get(exn.0).expect("an exception that is not gone"))
    }

    /// The number of an exception that a reference shall exist to, while an activation
    /// with these slots runs.
    pub(crate) fn keep_exception(&mut self, exn: ExnInst, running: &[u64]) -> Result<u32, Stop> {
        let bytes_max = self.limits.exception_bytes_max;
        if self.exceptions.is_due(&exn, bytes_max) {
            if self.exceptions.futility.is_too_great() {
                return Err(Stop::HeapExhausted);
            }
            let before = self.exceptions.bytes;
            let work = self.collect([running, &exn.slots]);
            let gain = before - self.exceptions.bytes;
            self.exceptions.futility.judge(work, gain);
        }
        self.exceptions.add(exn, bytes_max).ok_or(Stop::HeapExhausted)
    }

    pub(crate) fn lower_exception(&self, exception: &Exception) -> Result<ExnInst, Stop> {
        let Exception { tag, values } = exception;
        let types = match self.tags.get(tag.0 as usize) {
            Some(&ty) => &self.types.get(ty).params,
            None => return Err(Stop::Mismatch("the exception's tag is of another store".into())),
        };
        if !self.fit(values, types) {
            return Err(Stop::Mismatch("an exception's values are not of its tag's type".into()));
        }
        let mut slots = vec![0; slot_count(types)];
        write_slots(values, &mut slots);
        Ok(ExnInst { tag: tag.0, slots: slots.into() })
    }

    pub(crate) fn lift_exception(&self, exn: &ExnInst) -> Exception {
        let types = &self.tag_type(Tag(exn.tag)).params;
        let values = read_slots(types, &exn.slots);
        self.hold(&values);
        Exception { tag: Tag(exn.tag), values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_are_kept_up_to_the_limit_and_no_further() {
        let mut exceptions = Exceptions::default();
        let exn = |slots| ExnInst { tag: 3, slots: vec![7; slots].into() };
        assert_eq!(exceptions.add(exn(0), 32), Some(0));
        assert_eq!(exceptions.add(exn(2), 79), None);
        assert_eq!(exceptions.add(exn(2), 80), Some(1));
        assert_eq!(exceptions.get(1).map(|exn| exn.slots.len()), Some(2));
        assert!(exceptions.get(2).is_none());
    }
}
