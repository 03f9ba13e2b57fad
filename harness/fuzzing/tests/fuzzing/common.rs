//! What the tests of this crate share.

use std::fs;
use std::path::{Path, PathBuf};

use gainsay_fuzzing::{Target, mutate};

/// `corpus/` of the repository.
pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus")
}

/// The seeds of a target.
pub fn folder(target: &str) -> PathBuf {
    corpus().join("seeds").join(target)
}

/// The files of a folder in the order of their names.
pub fn inputs(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder of seeds");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a seed")).collect()
}

/// Engines and wasm-mutate panic, and are caught; a backtrace of each takes seconds.
pub fn quietly() {
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
}

/// Draws that are the same each time.
pub struct Draws(u64);

impl Draws {
    pub fn new(seed: u64) -> Draws {
        Draws(seed)
    }

    pub fn u32(&mut self) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 32) as u32
    }

    pub fn below(&mut self, count: usize) -> usize {
        ((u64::from(self.u32()) * count as u64) >> 32) as usize
    }
}

/// A mutation by the target, or else of one to four bytes, as libFuzzer would do it.
pub fn mutated<T: Target>(input: &[u8], draws: &mut Draws) -> Vec<u8> {
    const SIZE_MAX: usize = 1 << 16;
    let mut data = input.to_vec();
    data.resize(SIZE_MAX.max(input.len()), 0);
    if let Some(len) = mutate::<T>(&mut data, input.len(), SIZE_MAX, draws.u32()) {
        data.truncate(len);
        return data;
    }
    let mut data = input.to_vec();
    for _ in 0..=draws.below(4) {
        if data.is_empty() {
            break;
        }
        let at = draws.below(data.len());
        match draws.below(3) {
            0 => data[at] = draws.u32() as u8,
            1 => data.insert(at, draws.u32() as u8),
            _ => drop(data.remove(at)),
        }
    }
    data
}
