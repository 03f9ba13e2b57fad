//! Waiting for clocks and descriptors.

use std::time::Duration;

use crate::abi::{EVENT_HANGUP, SUBSCRIPTION_CLOCK_ABSTIME, clock, eventtype, size};
use crate::call::{Call, Done, Unfinished};
use crate::clock as clocks;
use crate::errno::Errno;
use crate::file_io::POLL_INTERVAL;
use crate::guest_memory::{u16_at, u32_at, u64_at};
use crate::node::{Attempt, Readiness};
use crate::rights::Rights;
use crate::wasi::Wasi;

/// How many subscriptions a call may have: as many as there can be descriptors.
const SUBSCRIPTIONS_MAX: u32 = 1 << 16;

/// What a guest waits for (witx, `$subscription_u`).
enum Subject {
    /// Until the process's clock shows this.
    Clock(Result<Duration, Errno>),
    Descriptor {
        number: u32,
        write: bool,
    },
}

/// How it is with a subject.
enum State {
    Occurred(Readiness),
    Failed(Errno),
    /// Ask again then; `None`: a waker says.
    Pending(Option<Duration>),
}

pub(crate) fn poll_oneoff(wasi: &Wasi, call: &mut Call<'_>) -> Done {
    let (subscriptions, events, count) = (call.u32(0), call.u32(1), call.u32(2));
    if count == 0 || count > SUBSCRIPTIONS_MAX {
        return Err(Errno::Inval.into());
    }
    call.memory.check(subscriptions, u64::from(count) * size::SUBSCRIPTION)?;
    call.memory.check(events, u64::from(count) * size::EVENT)?;
    call.memory.check(call.u32(3), 4)?;
    let mut records = vec![0; count as usize * size::SUBSCRIPTION as usize];
    call.memory.read(subscriptions, &mut records)?;

    let mut occurred = Vec::new();
    let mut pending = Vec::new();
    for record in records.chunks_exact(size::SUBSCRIPTION as usize) {
        let (userdata, kind) = (u64_at(record, 0), record[8]);
        match state(wasi, call, &subject(wasi, call, record)?) {
            State::Occurred(ready) => occurred.push(event(userdata, kind, Ok(ready))),
            State::Failed(errno) => occurred.push(event(userdata, kind, Err(errno))),
            State::Pending(until) => pending.push(until),
        }
    }
    if occurred.is_empty() {
        return Err(Unfinished::Wait(pending.into_iter().flatten().min()));
    }
    // They may lie where the subscriptions were: those are read.
    call.memory.write(events, &occurred.concat())?;
    Ok(call.memory.write_u32(call.u32(3), occurred.len() as u32)?)
}

/// witx, `$subscription`: after the user data the kind, then, by kind, a clock or a
/// descriptor.
fn subject(wasi: &Wasi, call: &Call<'_>, record: &[u8]) -> Result<Subject, Errno> {
    match record[8] {
        eventtype::CLOCK => {
            let (id, timeout) = (u32_at(record, 16), Duration::from_nanos(u64_at(record, 24)));
            Ok(Subject::Clock(deadline(wasi, call, id, timeout, u16_at(record, 40))))
        }
        kind @ (eventtype::FD_READ | eventtype::FD_WRITE) => {
            let write = kind == eventtype::FD_WRITE;
            Ok(Subject::Descriptor { number: u32_at(record, 16), write })
        }
        _ => Err(Errno::Inval),
    }
}

/// On the process's clock.
fn deadline(
    wasi: &Wasi,
    call: &Call<'_>,
    id: u32,
    timeout: Duration,
    flags: u16,
) -> Result<Duration, Errno> {
    let shown = clocks::read(wasi, id, call.now)?;
    match (flags, id) {
        // From when the call was made, however often it was resumed since.
        (0, _) => Ok(call.began.saturating_add(timeout)),
        (SUBSCRIPTION_CLOCK_ABSTIME, clock::MONOTONIC) => Ok(timeout),
        (SUBSCRIPTION_CLOCK_ABSTIME, _) => {
            Ok(call.now.saturating_add(timeout.saturating_sub(shown)))
        }
        _ => Err(Errno::Inval),
    }
}

fn state(wasi: &Wasi, call: &Call<'_>, subject: &Subject) -> State {
    match *subject {
        Subject::Clock(Err(errno)) => State::Failed(errno),
        Subject::Clock(Ok(deadline)) if call.now >= deadline => {
            State::Occurred(Readiness { bytes: 0, hangup: false })
        }
        Subject::Clock(Ok(deadline)) => State::Pending(Some(deadline)),
        Subject::Descriptor { number, write } => match readiness(wasi, number, write) {
            Ok(Attempt::Done(ready)) => State::Occurred(ready),
            Ok(Attempt::Unready { polled: true }) => {
                State::Pending(Some(call.now.saturating_add(POLL_INTERVAL)))
            }
            Ok(Attempt::Unready { polled: false }) => State::Pending(None),
            Err(errno) => State::Failed(errno),
        },
    }
}

fn readiness(wasi: &Wasi, number: u32, write: bool) -> Result<Attempt<Readiness>, Errno> {
    let direction = if write { Rights::FD_WRITE } else { Rights::FD_READ };
    let descriptor = wasi.descriptor(number, Rights::POLL_FD_READWRITE | direction)?;
    descriptor.node.readiness(write)
}

/// witx, `$event`.
fn event(userdata: u64, kind: u8, outcome: Result<Readiness, Errno>) -> [u8; 32] {
    let mut record = [0; size::EVENT as usize];
    record[0..8].copy_from_slice(&userdata.to_le_bytes());
    record[10] = kind;
    match outcome {
        Err(errno) => record[8..10].copy_from_slice(&(errno as u16).to_le_bytes()),
        Ok(ready) if kind != eventtype::CLOCK => {
            record[16..24].copy_from_slice(&ready.bytes.to_le_bytes());
            let flags = if ready.hangup { EVENT_HANGUP } else { 0 };
            record[24..26].copy_from_slice(&flags.to_le_bytes());
        }
        Ok(_) => {}
    }
    record
}
