//! What a process has of the system.

use std::fs;

use serde::{Deserialize, Serialize};

/// Counts of what a process has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceSnapshot {
    /// Threads.
    pub threads: u64,
    /// Open files.
    pub files: u64,
    /// Mapped ranges of memory.
    pub maps: u64,
}

impl ResourceSnapshot {
    /// Ranges that may be added without anybody's fault: allocators grow.
    pub const MAPS_TOLERANCE: u64 = 64;

    /// What has grown beyond tolerance since `before`, if anything.
    pub fn growth_since(&self, before: &ResourceSnapshot) -> Option<String> {
        let grown = [
            ("threads", self.threads, before.threads, 0),
            ("files", self.files, before.files, 0),
            ("maps", self.maps, before.maps, ResourceSnapshot::MAPS_TOLERANCE),
        ];
        let grown = grown.into_iter().find(|(_, now, then, tolerance)| *now > then + tolerance)?;
        Some(grown.0.to_owned())
    }
}

/// The counts of this process; `None` where `/proc` does not tell them.
pub fn resources() -> Option<ResourceSnapshot> {
    let entries = |path: &str| Some(fs::read_dir(path).ok()?.count() as u64);
    let maps = fs::read_to_string("/proc/self/maps").ok()?;
    Some(ResourceSnapshot {
        threads: entries("/proc/self/task")?,
        files: entries("/proc/self/fd")?,
        maps: maps.lines().count() as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_more_is_growth_and_a_few_maps_are_not() {
        let before = ResourceSnapshot { threads: 2, files: 5, maps: 100 };
        let same = ResourceSnapshot { maps: 100 + ResourceSnapshot::MAPS_TOLERANCE, ..before };
        assert_eq!(same.growth_since(&before), None);
        let threads = ResourceSnapshot { threads: 3, ..before };
        assert_eq!(threads.growth_since(&before), Some("threads".to_owned()));
        let maps = ResourceSnapshot { maps: same.maps + 1, ..before };
        assert_eq!(maps.growth_since(&before), Some("maps".to_owned()));
    }
}
