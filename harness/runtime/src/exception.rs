//! Exceptions (§ exec/runtime, exception instances).

use std::fmt;

use crate::exec::Stop;
use crate::handle::{Exn, Tag};
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
    list: Vec<ExnInst>,
    /// What all of them count for.
    bytes: u64,
}

impl Exceptions {
    /// Keep an exception, unless all together would then take more than `bytes_max`:
    /// its number.
    pub(crate) fn add(&mut self, exn: ExnInst, bytes_max: u64) -> Option<u32> {
        let bytes = self.bytes.saturating_add(exn.bytes());
        let number = u32::try_from(self.list.len()).ok()?;
        if bytes > bytes_max {
            return None;
        }
        self.bytes = bytes;
        self.list.push(exn);
        Some(number)
    }

    /// The slots of the values of all of them.
    pub(crate) fn slots(&self) -> impl Iterator<Item = &[u64]> {
        self.list.iter().map(|exn| &*exn.slots)
    }

    /// The exception with this number.
    pub(crate) fn get(&self, number: u32) -> Option<&ExnInst> {
        self.list.get(number as usize)
    }
}

impl Store {
    /// Make an exception that can be referred to (§ embedding, exceptions).
    ///
    /// # Errors
    /// [`Stop::Mismatch`] if the values are not of the tag's type,
    /// [`Stop::HeapExhausted`] past [`crate::Limits::exception_bytes_max`].
    pub fn new_exception(&mut self, exception: &Exception) -> Result<Exn, Stop> {
        let exn = self.lower_exception(exception)?;
        self.keep_exception(exn).map(Exn)
    }

    /// The tag and values of an exception.
    pub fn exception(&self, exn: Exn) -> Exception {
        self.lift_exception(&self.exceptions.list[exn.0 as usize])
    }

    /// The number of an exception that a reference shall exist to.
    pub(crate) fn keep_exception(&mut self, exn: ExnInst) -> Result<u32, Stop> {
        let number = self.exceptions.add(exn, self.limits.exception_bytes_max);
        number.ok_or(Stop::HeapExhausted)
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
