//! Which locals without a default value have been set (§ valid/conventions, local
//! types; § appendix/algorithm, `inits`).

use crate::decode::reader::Checked;
use crate::lower::Lower;

/// The locals set so far. What a block has set counts until its end.
#[derive(Debug, Default)]
pub(super) struct Initialized {
    /// Parameters of the function: they have values.
    params: u32,
    /// One bit for each of the other locals, if any of them is set.
    bits: Vec<u64>,
    /// The locals that have their bit set, in the order in which they got it: what
    /// clearing the bits costs is what setting them has cost.
    order: Vec<u32>,
}

impl Initialized {
    /// Begin a function.
    pub(super) fn begin(&mut self, params: u32) {
        self.reset(0);
        self.params = params;
    }

    fn has(&self, index: u32) -> bool {
        let word = self.bits.get(index as usize / 64);
        index < self.params || word.is_some_and(|word| word >> (index % 64) & 1 != 0)
    }

    /// Note that a local is set.
    pub(super) fn set(&mut self, index: u32) {
        if self.has(index) {
            return;
        }
        let word = index as usize / 64;
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        self.bits[word] |= 1 << (index % 64);
        self.order.push(index);
    }

    /// How many locals are set, to come back to with [`Initialized::reset`].
    pub(super) fn height(&self) -> u32 {
        self.order.len() as u32
    }

    /// Forget the locals that were set since there were `height` of them.
    pub(super) fn reset(&mut self, height: u32) {
        for index in self.order.drain(height as usize..) {
            self.bits[index as usize / 64] &= !(1 << (index % 64));
        }
    }
}

impl Lower {
    /// Refuse to read a local that has no value yet.
    #[cold]
    pub(super) fn check_initialized(&self, index: u32) -> Checked<()> {
        if self.initialized.has(index) {
            return Ok(());
        }
        Err(self.invalid(format!("uninitialized local {index}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locals_set_in_a_block_are_unset_after_it() {
        let mut initialized = Initialized::default();
        initialized.begin(2);
        assert!(initialized.has(1) && !initialized.has(2));
        initialized.set(2);
        let height = initialized.height();
        for index in [2, 63, 64, 60_000] {
            initialized.set(index);
        }
        assert!(initialized.has(64) && initialized.has(60_000) && !initialized.has(65));
        initialized.reset(height);
        assert!(initialized.has(2) && !initialized.has(64) && !initialized.has(60_000));
        initialized.begin(0);
        assert!(!initialized.has(0) && !initialized.has(2));
    }
}
