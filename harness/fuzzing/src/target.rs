//! What every fuzz target is.

use std::fmt::Write as _;

use crate::floor::Shortfall;
use crate::ledger::Ledger;

/// A fuzz target: takes inputs one at a time and keeps count of what came of them.
pub trait Target {
    /// Its name, which is that of the file in `fuzz/fuzz_targets` as well.
    const NAME: &'static str;

    /// Everything that it needs, opened.
    fn open() -> Self;

    /// Take an input.
    ///
    /// # Errors
    /// A finding, with all that a person needs to see it again.
    fn take(&mut self, bytes: &[u8]) -> Result<Taken, Finding>;

    /// Another input in place of one that is more than bytes, of at most `size_max` bytes;
    /// `None` for one that a fuzzer mutates as well.
    fn mutate(input: &[u8], size_max: usize, seed: u32) -> Option<Vec<u8>>;

    /// What an input stands for, in words that stay the same as long as it does.
    fn meaning(&mut self, bytes: &[u8]) -> String;

    /// What was done so far.
    fn ledger(&self) -> Ledger;

    /// What was not reached although it should have been after some thousand inputs.
    fn shortfalls(&self) -> Vec<Shortfall>;
}

/// What became of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was used. A fuzzer keeps it if it covers something new.
    Used,
    /// It stands for nothing, or for something that is known. A fuzzer must not keep it.
    Rejected,
}

/// Mutate the input in the first `size` bytes of `data`, as libFuzzer asks: the new length.
/// `None` if libFuzzer is to do it.
pub fn mutate<T: Target>(
    data: &mut [u8],
    size: usize,
    size_max: usize,
    seed: u32,
) -> Option<usize> {
    let mutated = T::mutate(&data[..size], size_max.min(data.len()), seed)?;
    data[..mutated.len()].copy_from_slice(&mutated);
    Some(mutated.len())
}

/// Something that a target must not see.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Finding(pub String);

/// At how many inputs the floors are checked. A run that does not get there checks nothing.
pub const FLOORS_AT: &str = "GAINSAY_FUZZ_FLOORS_AT";

/// The directory in which a target leaves what it has counted.
pub const LEDGERS: &str = "GAINSAY_FUZZ_LEDGERS";

/// How often counts are written: at this many inputs, and at each multiple of it.
const WRITTEN_EVERY: u64 = 1 << 10;

/// A target under a fuzzer: takes inputs, writes counts down, and checks floors.
pub struct Session<T: Target> {
    target: T,
    inputs: u64,
    floors_at: Option<u64>,
    ledgers: Option<std::path::PathBuf>,
}

impl<T: Target> Session<T> {
    /// Open the target as the environment says: [`FLOORS_AT`], [`LEDGERS`].
    pub fn open() -> Session<T> {
        let variable = |name: &str| std::env::var(name).ok();
        Session {
            target: T::open(),
            inputs: 0,
            floors_at: variable(FLOORS_AT).and_then(|number| number.parse().ok()),
            ledgers: variable(LEDGERS).map(Into::into),
        }
    }

    /// Take an input; true if the fuzzer may keep it.
    ///
    /// # Errors
    /// A finding, or floors that are missed.
    pub fn take(&mut self, bytes: &[u8]) -> Result<bool, Finding> {
        self.inputs += 1;
        let taken = self.target.take(bytes);
        if self.inputs.is_multiple_of(WRITTEN_EVERY) || taken.is_err() {
            self.write();
        }
        if Some(self.inputs) == self.floors_at {
            self.check_floors()?;
        }
        taken.map(|taken| taken == Taken::Used)
    }

    fn check_floors(&self) -> Result<(), Finding> {
        let shortfalls = self.target.shortfalls();
        let mut text = format!("{} inputs did not reach what they should have:\n", self.inputs);
        shortfalls.iter().for_each(|shortfall| _ = writeln!(text, "  {shortfall}"));
        if shortfalls.is_empty() { Ok(()) } else { Err(Finding(text)) }
    }

    /// Losing a count loses nothing that a person has to know, so a directory that cannot be
    /// written is no reason to stop.
    fn write(&self) {
        let Some(directory) = &self.ledgers else { return };
        let name = format!("{}-{}.tsv", T::NAME, std::process::id());
        let part = directory.join(format!("{name}.part"));
        let text = self.target.ledger().to_string();
        let _ =
            std::fs::write(&part, text).and_then(|()| std::fs::rename(&part, directory.join(name)));
    }
}

/// A fuzzer that is done ends the process; what was counted since the last time is written
/// then, by the destructor of the thread's local.
impl<T: Target> Drop for Session<T> {
    fn drop(&mut self) {
        self.write();
    }
}
