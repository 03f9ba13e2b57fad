//! Waiting, on a clock that only these tests move.

use std::time::Duration;

use crate::common::guest::{Guest, Outcome, args};
use crate::common::witx::*;
use gainsay_wasi::{Input, Pipe, Realtime, WasiBuilder};

const IN: u32 = 1_000;
const OUT: u32 = 3_000;
const COUNT: u32 = 5_000;

const MS: Duration = Duration::from_millis(1);

/// When the process began, by the time of day.
const EPOCH: Duration = Duration::from_secs(1_000_000);

fn guest() -> (Guest, Pipe) {
    let pipe = Pipe::new();
    let builder = WasiBuilder::new().stdin(Input::Pipe(pipe.clone()));
    (Guest::new(builder.realtime(Realtime::Since(EPOCH)).build().unwrap()), pipe)
}

/// Subscribe to a clock.
fn clock(guest: &mut Guest, index: u32, id: u32, timeout: Duration, absolute: bool) {
    let mut record = [0; 48];
    record[0] = index as u8 + 1;
    record[16..20].copy_from_slice(&id.to_le_bytes());
    record[24..32].copy_from_slice(&(timeout.as_nanos() as u64).to_le_bytes());
    record[40] = absolute.into();
    guest.write(IN + 48 * index, &record);
}

/// Subscribe to a descriptor: `kind` is 1 for reading and 2 for writing.
fn descriptor(guest: &mut Guest, index: u32, kind: u8, fd: u32) {
    let mut record = [0; 48];
    record[0] = index as u8 + 1;
    record[8] = kind;
    record[16..20].copy_from_slice(&fd.to_le_bytes());
    guest.write(IN + 48 * index, &record);
}

/// An event: user data, error, type, bytes and flags.
type Event = (u64, u16, u8, u64, u16);

fn poll(guest: &mut Guest, count: u32) -> Result<Vec<Event>, Outcome> {
    match guest.call("poll_oneoff", args![IN, OUT, count, COUNT]) {
        Outcome::Errno(0) => {}
        other => return Err(other),
    }
    let event = |number| {
        let record = guest.read(OUT + 32 * number, 32);
        let u16_at = |at| u16::from_le_bytes([record[at], record[at + 1]]);
        let u64_at = |at: usize| u64::from_le_bytes(record[at..at + 8].try_into().unwrap());
        (u64_at(0), u16_at(8), record[10], u64_at(16), u16_at(24))
    };
    Ok((0..guest.u32_at(COUNT)).map(event).collect())
}

const OCCURRED: Event = (1, 0, 0, 0, 0);

#[test]
fn a_relative_timeout_counts_from_when_the_call_was_made() {
    for id in [0, 1] {
        let (mut guest, _pipe) = guest();
        (guest.now, guest.began) = (MS * 7, MS * 5);
        clock(&mut guest, 0, id, MS * 10, false);
        assert_eq!(poll(&mut guest, 1), Err(Outcome::Pause(Some(MS * 15))));
        guest.now = MS * 15 - Duration::from_nanos(1);
        assert_eq!(poll(&mut guest, 1), Err(Outcome::Pause(Some(MS * 15))));
        guest.now = MS * 15;
        assert_eq!(poll(&mut guest, 1), Ok(vec![OCCURRED]));
    }
}

#[test]
fn an_absolute_timeout_is_a_time_of_its_clock() {
    let (mut guest, _pipe) = guest();
    (guest.now, guest.began) = (MS * 7, MS * 5);
    clock(&mut guest, 0, 1, MS * 10, true);
    assert_eq!(poll(&mut guest, 1), Err(Outcome::Pause(Some(MS * 10))));
    clock(&mut guest, 0, 0, EPOCH + MS * 9, true);
    assert_eq!(poll(&mut guest, 1), Err(Outcome::Pause(Some(MS * 9))));
    clock(&mut guest, 0, 0, EPOCH, true);
    assert_eq!(poll(&mut guest, 1), Ok(vec![OCCURRED]));
}

#[test]
fn the_earliest_clock_counts_and_all_expired_ones_are_reported() {
    let (mut guest, _pipe) = guest();
    clock(&mut guest, 0, 1, MS * 30, false);
    clock(&mut guest, 1, 1, MS * 10, false);
    clock(&mut guest, 2, 1, MS * 20, false);
    assert_eq!(poll(&mut guest, 3), Err(Outcome::Pause(Some(MS * 10))));
    guest.now = MS * 20;
    assert_eq!(poll(&mut guest, 3), Ok(vec![(2, 0, 0, 0, 0), (3, 0, 0, 0, 0)]));
}

#[test]
fn a_timeout_beyond_all_times_is_one_that_never_comes() {
    let (mut guest, _pipe) = guest();
    guest.now = Duration::MAX - MS;
    guest.began = guest.now;
    clock(&mut guest, 0, 1, Duration::from_nanos(u64::MAX), false);
    assert_eq!(poll(&mut guest, 1), Err(Outcome::Pause(Some(Duration::MAX))));
    clock(&mut guest, 0, 0, Duration::from_nanos(u64::MAX), true);
    assert!(poll(&mut guest, 1).is_ok(), "time has overtaken it");
}

#[test]
fn errors_are_reported_for_the_wrong_subscription() {
    let (mut guest, _pipe) = guest();
    clock(&mut guest, 0, 2, MS, false);
    descriptor(&mut guest, 1, 1, 99);
    descriptor(&mut guest, 2, 2, 0);
    clock(&mut guest, 3, 1, MS, false);
    let events = poll(&mut guest, 4).unwrap();
    let expected = [(1, INVAL as u16, 0), (2, BADF as u16, 1), (3, NOTCAPABLE as u16, 2)];
    assert_eq!(events, expected.map(|(data, errno, kind)| (data, errno, kind, 0, 0)));
    descriptor(&mut guest, 0, 3, 0);
    assert_eq!(poll(&mut guest, 1), Err(Outcome::Errno(INVAL)));
}

#[test]
fn input_is_waited_for_without_a_clock_or_with_one() {
    let (mut guest, pipe) = guest();
    descriptor(&mut guest, 0, 1, 0);
    assert_eq!(poll(&mut guest, 1), Err(Outcome::Pause(None)));
    clock(&mut guest, 1, 1, MS, false);
    assert_eq!(poll(&mut guest, 2), Err(Outcome::Pause(Some(MS))));
    pipe.send(b"abc");
    assert_eq!(poll(&mut guest, 2), Ok(vec![(1, 0, 1, 3, 0)]));
    pipe.close();
    assert_eq!(poll(&mut guest, 2), Ok(vec![(1, 0, 1, 3, 1)]));
    assert_eq!(guest.read_fd(0), Ok(b"abc".to_vec()));
    assert_eq!(poll(&mut guest, 2), Ok(vec![(1, 0, 1, 0, 1)]));
}

#[test]
fn output_is_always_ready() {
    let (mut guest, _pipe) = guest();
    descriptor(&mut guest, 0, 2, 1);
    descriptor(&mut guest, 1, 2, 2);
    clock(&mut guest, 2, 1, MS, false);
    let kinds: Vec<(u64, u8)> =
        poll(&mut guest, 3).unwrap().iter().map(|event| (event.0, event.2)).collect();
    assert_eq!(kinds, [(1, 2), (2, 2)]);
}

#[test]
fn subscriptions_may_lie_where_events_will() {
    let (mut guest, _pipe) = guest();
    clock(&mut guest, 0, 1, Duration::ZERO, false);
    clock(&mut guest, 1, 1, Duration::ZERO, false);
    guest.ok("poll_oneoff", args![IN, IN, 2u32, COUNT]);
    assert_eq!((guest.u32_at(COUNT), guest.u64_at(IN), guest.u64_at(IN + 32)), (2, 1, 2));
}

#[test]
fn clocks_show_the_time() {
    let (mut guest, _pipe) = guest();
    guest.now = Duration::from_nanos(12_345);
    guest.ok("clock_time_get", args![1u32, 0u64, 100u32]);
    assert_eq!(guest.u64_at(100), 12_345);
    guest.ok("clock_time_get", args![0u32, 0u64, 100u32]);
    assert_eq!(guest.u64_at(100), 1_000_000_000_012_345);
    for id in [0u32, 1] {
        guest.ok("clock_res_get", args![id, 100u32]);
        assert_ne!(guest.u64_at(100), 0);
    }
    let mut guest = Guest::new(WasiBuilder::new().build().unwrap());
    guest.ok("clock_time_get", args![0u32, 0u64, 100u32]);
    let year = 365 * 24 * 3600 * 1_000_000_000;
    assert!(guest.u64_at(100) > 50 * year, "the host's time of day is after 2020");
}
