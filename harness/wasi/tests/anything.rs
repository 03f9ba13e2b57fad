//! Whatever a guest calls with whatever arguments: it gets an error code of the list, and
//! the host goes on.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;

use crate::common::guest::{Arg, Guest, Outcome};
use crate::common::witx::*;
use gainsay_wasi::{Buffer, Input, Output, Pipe, WasiBuilder};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

const CALLS: u32 = 20_000;

/// Numbers of descriptors, addresses of what lies in memory, ends of the memory, flags.
const I32: [u32; 24] = [
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    16,
    31,
    100,
    200,
    300,
    400,
    500,
    1_000,
    4_096,
    65_528,
    65_535,
    65_536,
    0x7fff_ffff,
    0x8000_0000,
    u32::MAX,
];

/// What more often is right: directories, addresses of paths and their lengths.
const LIKELY: [u32; 8] = [0, 1, 3, 3, 4, 100, 200, 300];

/// Positions, lengths, rights; none with which a real disk would be filled.
const I64: [u64; 10] =
    [0, 1, 2, 0x2a, 100, ALL_OF_FILES, ALL_OF_DIRECTORIES, i64::MAX as u64, 1 << 63, u64::MAX];

fn pick<T: Copy>(random: &mut ChaCha8Rng, from: &[T]) -> T {
    from[random.next_u32() as usize % from.len()]
}

/// A memory with paths, lists of buffers and subscriptions, some of them good.
fn furnish(guest: &mut Guest, random: &mut ChaCha8Rng) {
    let paths = ["file", "dir", "link", "../outside", ".", "dir/inner", "out/secret", ""];
    for at in [100, 200, 300] {
        guest.write(at, pick(random, &paths).as_bytes());
    }
    for at in [400, 408, 500, 508] {
        guest.buffer(at, pick(random, &I32), pick(random, &I32));
    }
    let mut subscription = [0; 48];
    subscription[8] = (random.next_u32() % 4) as u8;
    subscription[16] = (random.next_u32() % 8) as u8;
    guest.write(1_000, &subscription);
}

#[test]
fn no_call_brings_the_host_down_or_leads_outside() {
    let host = tempfile::tempdir().unwrap();
    let (given, outside) = (host.path().join("given"), host.path().join("outside"));
    fs::create_dir_all(&given).unwrap();
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("secret"), "secret").unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut seen: BTreeMap<i32, u32> = BTreeMap::new();
    let mut guest = None;
    for number in 0..CALLS {
        if number % 100 == 0 {
            fs::remove_dir_all(&given).unwrap();
            fs::create_dir_all(given.join("dir")).unwrap();
            fs::write(given.join("file"), "content").unwrap();
            symlink("../outside", given.join("out")).unwrap();
            let builder = WasiBuilder::new()
                .seed(1)
                .stdin(Input::Pipe(Pipe::new()))
                .stdout(Output::Buffer(Buffer::new(1_000)))
                .preopen(&given, ".")
                .preopen(given.join("dir"), "/dir");
            guest = Some(Guest::new(builder.build().unwrap()));
        }
        let guest = guest.as_mut().expect("the first call has made one");
        furnish(guest, &mut random);
        let (name, params, _) = pick(&mut random, &FUNCTIONS);
        let arg = |letter| match letter {
            'i' if random.next_u32() % 4 == 0 => Arg::I(pick(&mut random, &I32)),
            'i' => Arg::I(pick(&mut random, &LIKELY)),
            _ => Arg::L(pick(&mut random, &I64)),
        };
        let args: Vec<Arg> = params.chars().map(arg).collect();
        match guest.call(name, &args) {
            Outcome::Errno(errno) => {
                assert!((0..=76).contains(&errno), "{name} {args:?}: {errno}");
                *seen.entry(errno).or_default() += 1;
            }
            Outcome::ProcessExit(_) => assert!(name.starts_with("proc_")),
            Outcome::Pause(_) => assert!(["poll_oneoff", "fd_read"].contains(&name), "{name}"),
        }
    }
    println!("error codes by how often they were seen: {seen:?}");
    assert!(seen[&SUCCESS] > CALLS / 50 && seen.len() > 10, "{seen:?}");
    assert_eq!(fs::read_to_string(outside.join("secret")).unwrap(), "secret");
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
}
