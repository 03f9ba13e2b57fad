//! Clocks.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::abi::clock;
use crate::call::{Call, Done};
use crate::errno::Errno;
use crate::wasi::Wasi;

/// What a guest's clock of the time of day shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Realtime {
    /// What the host's shows.
    #[default]
    Host,
    /// This much after 1970 when the process began, and from then on what the process's
    /// own clock says: under a chosen schedule, always the same.
    Since(Duration),
}

impl Realtime {
    /// The time since 1970 when the process's clock shows `now`.
    pub(crate) fn since_1970(self, now: Duration) -> Duration {
        match self {
            Realtime::Host => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
            Realtime::Since(begin) => begin.saturating_add(now),
        }
    }

    pub(crate) fn now(self, now: Duration) -> SystemTime {
        UNIX_EPOCH + self.since_1970(now)
    }
}

/// As `$timestamp`, which ends in 2554.
pub(crate) fn timestamp(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// What the clock shows. Those of the time that the process or a thread has used are not
/// supported: the host knows its own only.
pub(crate) fn read(wasi: &Wasi, id: u32, now: Duration) -> Result<Duration, Errno> {
    match id {
        clock::REALTIME => Ok(wasi.realtime.since_1970(now)),
        clock::MONOTONIC => Ok(now),
        _ => Err(Errno::Inval),
    }
}

pub(crate) fn clock_res_get(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    read(wasi, call.u32(0), call.now)?;
    Ok(call.memory.write_u64(call.u32(1), 1)?)
}

pub(crate) fn clock_time_get(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let time = read(wasi, call.u32(0), call.now)?;
    Ok(call.memory.write_u64(call.u32(2), timestamp(time))?)
}
