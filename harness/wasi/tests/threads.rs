//! Several threads of a process call at once.

use std::collections::BTreeSet;

use crate::common::guest::{Guest, Outcome, args};
use crate::common::witx::*;
use gainsay_host::sync::{Arc, Mutex, thread};
use gainsay_runtime::{AddrType, MemoryType, SharedMemory, SizeLimits};
use gainsay_wasi::{Wasi, WasiBuilder};

const THREADS: u32 = 4;
const ROUNDS: u32 = 200;

fn shared_memory() -> SharedMemory {
    let limits = SizeLimits { min: 1, max: Some(1) };
    let ty = MemoryType { limits, addr: AddrType::I32, shared: true, page_log2: 16 };
    SharedMemory::new(ty, 1 << 16).unwrap()
}

/// Run the same on several threads that share a system; each has a memory of its own,
/// which is of the kind that can be shared.
fn on_threads(wasi: Wasi, body: impl Fn(&mut Guest, u32) + Clone + Send + 'static) {
    let wasi = Arc::new(wasi);
    let start = |number| {
        let (wasi, body) = (Arc::clone(&wasi), body.clone());
        thread::spawn(move || body(&mut Guest::thread(wasi, &shared_memory()), number))
    };
    let threads: Vec<_> = (0..THREADS).map(start).collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn concurrent_appends_to_a_file_stay_whole() {
    let host = tempfile::tempdir().unwrap();
    std::fs::write(host.path().join("file"), "").unwrap();
    on_threads(WasiBuilder::new().preopen(host.path(), ".").build().unwrap(), |guest, number| {
        let file = guest.open_with(3, "file", [0, 0, APPEND], [FD_WRITE, 0]).unwrap();
        let line = [b'a' + number as u8; 16];
        for _ in 0..ROUNDS {
            assert_eq!(guest.write_fd(file, &line), Ok(16));
        }
    });
    let written = std::fs::read(host.path().join("file")).unwrap();
    assert_eq!(written.len() as u32, 16 * THREADS * ROUNDS);
    for line in written.chunks(16) {
        assert!(line.iter().all(|byte| *byte == line[0]), "{line:?}");
    }
}

#[test]
fn no_two_threads_are_given_the_same_descriptor() {
    let given = Arc::new(Mutex::new(BTreeSet::new()));
    let host = tempfile::tempdir().unwrap();
    std::fs::write(host.path().join("file"), "").unwrap();
    on_threads(WasiBuilder::new().preopen(host.path(), ".").build().unwrap(), move |guest, _| {
        for _ in 0..ROUNDS {
            let file = guest.open(3, "file", 0, 0).unwrap();
            assert!(given.lock().insert(file), "{file} is open already");
            assert!(given.lock().remove(&file));
            guest.ok("fd_close", args![file]);
        }
    });
}

#[test]
fn a_descriptor_that_another_thread_closes_is_bad_from_then_on_and_no_other() {
    let host = tempfile::tempdir().unwrap();
    std::fs::write(host.path().join("file"), vec![b'x'; 100_000]).unwrap();
    let wasi = Arc::new(WasiBuilder::new().preopen(host.path(), ".").build().unwrap());
    let mut main = Guest::thread(Arc::clone(&wasi), &shared_memory());
    let file = main.open(3, "file", 0, FD_READ).unwrap();
    let reader = thread::spawn(move || {
        let mut guest = Guest::thread(wasi, &shared_memory());
        loop {
            match guest.read_fd(file) {
                Ok(bytes) => assert!(bytes.iter().all(|byte| *byte == b'x')),
                Err(outcome) => return outcome,
            }
        }
    });
    main.ok("fd_close", args![file]);
    assert_eq!(reader.join().unwrap(), Outcome::Errno(BADF));
}

#[test]
fn threads_share_a_memory_as_well() {
    let (memory, wasi) =
        (shared_memory(), Arc::new(WasiBuilder::new().arg("name").build().unwrap()));
    let mut one = Guest::thread(Arc::clone(&wasi), &memory);
    let two = Guest::thread(wasi, &memory);
    one.ok("args_get", args![100u32, 200u32]);
    assert_eq!((two.u32_at(100), two.read(200, 5)), (200, b"name\0".to_vec()));
    assert_eq!(one.errno("args_get", args![100u32, 65_533u32]), FAULT);
}
