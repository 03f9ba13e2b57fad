//! The memory of a process.

/// Resident memory of a process in bytes; `None` where the system does not say.
///
/// From `/proc/PID/statm`, whose second field counts pages.
pub fn resident_bytes(process: u32) -> Option<u64> {
    let statm = std::fs::read_to_string(format!("/proc/{process}/statm")).ok()?;
    let pages: u64 = statm.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(pages * page_bytes()?)
}

/// The most resident memory that a process ever had, in bytes; `None` where the system
/// does not say.
pub(crate) fn peak_resident_bytes(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = peak.split_ascii_whitespace().next()?.parse().ok()?;
    Some(kib << 10)
}

/// What Rust's runtime says before it aborts for want of memory.
const REFUSED: &str = "memory allocation of ";

/// Whether a process that ended with these words was refused memory because the user bounds
/// the address space (`ulimit -v`). Without such a bound, it asked for more than there can be.
pub(crate) fn was_refused(last_words: &str) -> bool {
    last_words.contains(REFUSED) && is_bounded()
}

/// Whether the address space of this process, and of those that it starts, is bounded.
#[cfg(all(unix, not(target_os = "openbsd")))]
fn is_bounded() -> bool {
    use rustix::process::{Resource, getrlimit};
    getrlimit(Resource::As).current.is_some()
}

/// Whether the address space of this process, and of those that it starts, is bounded.
#[cfg(not(all(unix, not(target_os = "openbsd"))))]
fn is_bounded() -> bool {
    false
}

#[cfg(unix)]
fn page_bytes() -> Option<u64> {
    u64::try_from(rustix::param::page_size()).ok()
}

#[cfg(not(unix))]
fn page_bytes() -> Option<u64> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_and_had_no_less_before() {
        let process = std::process::id();
        let (now, peak) = (resident_bytes(process), peak_resident_bytes(process));
        assert!(now > Some(100 << 10) && peak >= now, "{now:?} {peak:?}");
    }
}
