//! The end of a process, and what it may ask for in between.

use crate::call::{Call, Done, Unfinished};
use crate::errno::Errno;
use crate::wasi::Wasi;

/// Random bytes that are made at a time.
const CHUNK: usize = 1 << 16;

pub(crate) fn proc_exit(_: &Wasi, call: &mut Call<'_>) -> Done {
    Err(Unfinished::ProcessExit(call.u32(0)))
}

/// witx, `$signal`, with what POSIX does when nobody handles one (guests cannot).
pub(crate) fn proc_raise(_: &Wasi, call: &mut Call<'_>) -> Done {
    match call.u32(0) {
        // None, and those that are ignored: chld, cont, urg, winch.
        0 | 16 | 17 | 22 | 27 => Ok(()),
        // Who would continue it?
        18..=21 => Err(Errno::NotSup.into()),
        // The status that a shell shows.
        signal @ 1..=30 => Err(Unfinished::ProcessExit(128 + signal)),
        _ => Err(Errno::Inval.into()),
    }
}

pub(crate) fn sched_yield(_: &Wasi, _: &mut Call<'_>) -> Done {
    // Any call of the host is a point where a schedule may go on with another thread.
    Ok(())
}

pub(crate) fn random_get(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let (mut at, length) = (call.u32(0), call.u32(1));
    call.memory.check(at, u64::from(length))?;
    let mut rest = length as usize;
    let mut random = wasi.random.lock();
    let mut bytes = vec![0; rest.min(CHUNK)];
    while rest > 0 {
        let count = rest.min(CHUNK);
        random.fill(&mut bytes[..count]);
        call.memory.write(at, &bytes[..count])?;
        rest -= count;
        // Past the end only when nothing is left.
        at = at.wrapping_add(count as u32);
    }
    Ok(())
}
