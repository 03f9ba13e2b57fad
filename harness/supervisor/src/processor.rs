//! The processor time of a process.

use std::time::Duration;

/// The processor time that a process has used in all its threads; `None` where the system
/// does not say.
///
/// From `/proc/PID/stat`, whose fields 14 and 15 count clock ticks.
#[cfg(target_os = "linux")]
pub(crate) fn processor_time(process: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field is a name, which may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    let per_second = rustix::param::clock_ticks_per_second();
    Some(Duration::from_millis((user + system) * 1_000 / per_second.max(1)))
}

/// The processor time that a process has used; not known here.
#[cfg(not(target_os = "linux"))]
pub(crate) fn processor_time(_process: u32) -> Option<Duration> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn work_takes_processor_time_and_sleep_takes_none() {
        let process = std::process::id();
        let before = processor_time(process).expect("Linux says so");
        let start = std::time::Instant::now();
        let mut sum = 0u64;
        while processor_time(process) < Some(before + Duration::from_millis(50)) {
            sum = std::hint::black_box(sum.wrapping_add(1));
            assert!(start.elapsed() < Duration::from_secs(60), "no progress");
        }
    }
}
