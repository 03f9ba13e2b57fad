//! The descriptors of a process.

use std::collections::BTreeMap;

use gainsay_host::sync::Arc;

use crate::errno::Errno;
use crate::node::Node;
use crate::rights::Rights;

/// The first number that is not for a standard stream, even if that is closed.
const FIRST: u32 = 3;

/// How many descriptors a process may have.
const DESCRIPTORS_MAX: usize = 1 << 16;

/// A descriptor.
#[derive(Clone, Debug)]
pub(crate) struct Descriptor {
    pub(crate) node: Arc<Node>,
    /// What may be done with it.
    pub(crate) base: Rights,
    /// What may be done with descriptors that are opened through it.
    pub(crate) inheriting: Rights,
    /// `$fdflags`.
    pub(crate) flags: u16,
    /// The guest's name of a directory that the process was given.
    pub(crate) preopen: Option<Arc<str>>,
}

/// All descriptors, by number.
#[derive(Debug, Default)]
pub(crate) struct Table(BTreeMap<u32, Descriptor>);

impl Table {
    /// Put it at a number of its own.
    pub(crate) fn insert(&mut self, descriptor: Descriptor) -> Result<u32, Errno> {
        if self.0.len() >= DESCRIPTORS_MAX {
            return Err(Errno::MFile);
        }
        let mut free = FIRST;
        for number in self.0.range(FIRST..).map(|(number, _)| *number) {
            if number != free {
                break;
            }
            free += 1;
        }
        self.0.insert(free, descriptor);
        Ok(free)
    }

    /// Put it at this number.
    pub(crate) fn put(&mut self, number: u32, descriptor: Descriptor) {
        self.0.insert(number, descriptor);
    }

    pub(crate) fn get(&self, number: u32) -> Result<&Descriptor, Errno> {
        self.0.get(&number).ok_or(Errno::BadF)
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Result<&mut Descriptor, Errno> {
        self.0.get_mut(&number).ok_or(Errno::BadF)
    }

    pub(crate) fn close(&mut self, number: u32) -> Result<(), Errno> {
        self.0.remove(&number).map(drop).ok_or(Errno::BadF)
    }

    /// Move what is at `from` to `to`, in place of what is there.
    pub(crate) fn renumber(&mut self, from: u32, to: u32) -> Result<(), Errno> {
        self.get(from)?;
        self.get(to)?;
        if from != to
            && let Some(descriptor) = self.0.remove(&from)
        {
            self.0.insert(to, descriptor);
        }
        Ok(())
    }
}

impl Descriptor {
    /// Fails unless these rights are among the descriptor's.
    pub(crate) fn demand(&self, rights: Rights) -> Result<(), Errno> {
        if self.base.contains(rights) { Ok(()) } else { Err(Errno::NotCapable) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing() -> Descriptor {
        let (base, inheriting) = (Rights::NONE, Rights::NONE);
        Descriptor { node: Arc::new(Node::Null), base, inheriting, flags: 0, preopen: None }
    }

    #[test]
    fn there_is_an_end_to_descriptors() {
        let mut table = Table::default();
        // Each at the end: filling holes is looked at elsewhere.
        for number in 0..DESCRIPTORS_MAX as u32 {
            table.put(number + FIRST, nothing());
        }
        assert_eq!(table.insert(nothing()), Err(Errno::MFile));
        table.close(100).unwrap();
        assert_eq!(table.insert(nothing()), Ok(100));
        assert_eq!(table.insert(nothing()), Err(Errno::MFile));
    }
}
