//! Every function given what it must refuse: addresses outside the memory, descriptors
//! that are not there, of another kind or without the rights, flags without a meaning.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use crate::common::guest::{Arg, Guest, Outcome, args};
use crate::common::witx::*;
use gainsay_host::system::{Answer, System, SystemCall};
use gainsay_runtime::{Config, Store, Value};
use gainsay_wasi::{Input, WasiBuilder};
use tempfile::TempDir;

/// Descriptors: a directory, the same once more, a file in it, and one that is not open.
const DIR: u32 = 3;
const SECOND: u32 = 4;
const FILE: u32 = 5;
const NOTHING: u32 = 99;

/// Where strings and records lie in the guest's memory.
const NAME: u32 = 100;
const OTHER: u32 = 200;
const NEW: u32 = 300;
const LINK: u32 = 400;
const BUFFERS: u32 = 500;
const SUBSCRIPTION: u32 = 600;
const BUFFER: u32 = 1_000;
const RESULT: u32 = 2_000;

/// A guest with a directory in which there are `file`, `dir`, `empty` and `link`.
fn guest() -> (Guest, TempDir) {
    let host = tempfile::tempdir().unwrap();
    fs::write(host.path().join("file"), "content").unwrap();
    fs::create_dir(host.path().join("dir")).unwrap();
    fs::write(host.path().join("dir/inner"), "").unwrap();
    fs::create_dir(host.path().join("empty")).unwrap();
    std::os::unix::fs::symlink("file", host.path().join("link")).unwrap();
    let builder = WasiBuilder::new().arg("a").env("b", "c").stdin(Input::Bytes(b"in".to_vec()));
    let builder = builder.preopen(host.path(), "here").preopen(host.path(), "again");
    let mut guest = Guest::new(builder.build().unwrap());
    assert_eq!(guest.open(DIR, "file", 0, ALL_OF_FILES), Ok(FILE));
    guest.write(NAME, b"file");
    guest.write(OTHER, b"empty");
    guest.write(NEW, b"new");
    guest.write(LINK, b"link");
    guest.buffer(BUFFERS, BUFFER, 4);
    // A clock that has run off.
    guest.write(SUBSCRIPTION + 16, &1u32.to_le_bytes());
    (guest, host)
}

/// For each function with pointers a call that succeeds, and which arguments are pointers.
fn calls() -> Vec<(&'static str, Vec<Arg>, Vec<usize>)> {
    let io = |fd: u32| args![fd, BUFFERS, 1u32, RESULT].to_vec();
    let at = |fd: u32| args![fd, BUFFERS, 1u32, 0u64, RESULT].to_vec();
    let path = |name: u32, length: u32| args![DIR, name, length].to_vec();
    vec![
        ("args_get", args![BUFFER, RESULT].to_vec(), vec![0, 1]),
        ("args_sizes_get", args![BUFFER, RESULT].to_vec(), vec![0, 1]),
        ("environ_get", args![BUFFER, RESULT].to_vec(), vec![0, 1]),
        ("environ_sizes_get", args![BUFFER, RESULT].to_vec(), vec![0, 1]),
        ("clock_res_get", args![0u32, RESULT].to_vec(), vec![1]),
        ("clock_time_get", args![1u32, 0u64, RESULT].to_vec(), vec![2]),
        ("fd_fdstat_get", args![FILE, RESULT].to_vec(), vec![1]),
        ("fd_filestat_get", args![FILE, RESULT].to_vec(), vec![1]),
        ("fd_pread", at(FILE), vec![1, 4]),
        ("fd_prestat_get", args![DIR, RESULT].to_vec(), vec![1]),
        ("fd_prestat_dir_name", args![DIR, BUFFER, 4u32].to_vec(), vec![1]),
        ("fd_pwrite", at(FILE), vec![1, 4]),
        ("fd_read", io(FILE), vec![1, 3]),
        ("fd_readdir", args![DIR, BUFFER, 100u32, 0u64, RESULT].to_vec(), vec![1, 4]),
        ("fd_seek", args![FILE, 0u64, 0u32, RESULT].to_vec(), vec![3]),
        ("fd_tell", args![FILE, RESULT].to_vec(), vec![1]),
        ("fd_write", io(FILE), vec![1, 3]),
        ("path_create_directory", path(NEW, 3), vec![1]),
        ("path_filestat_get", args![DIR, 1u32, NAME, 4u32, RESULT].to_vec(), vec![2, 4]),
        ("path_filestat_set_times", set_times(), vec![2]),
        ("path_link", args![DIR, 0u32, NAME, 4u32, DIR, NEW, 3u32].to_vec(), vec![2, 5]),
        ("path_open", open(), vec![2, 8]),
        ("path_readlink", args![DIR, LINK, 4u32, BUFFER, 9u32, RESULT].to_vec(), vec![1, 3, 5]),
        ("path_remove_directory", path(OTHER, 5), vec![1]),
        ("path_rename", args![DIR, NAME, 4u32, DIR, NEW, 3u32].to_vec(), vec![1, 4]),
        ("path_symlink", args![NAME, 4u32, DIR, NEW, 3u32].to_vec(), vec![0, 3]),
        ("path_unlink_file", path(NAME, 4), vec![1]),
        ("poll_oneoff", args![SUBSCRIPTION, BUFFER, 1u32, RESULT].to_vec(), vec![0, 1, 3]),
        ("random_get", args![BUFFER, 8u32].to_vec(), vec![0]),
    ]
}

fn set_times() -> Vec<Arg> {
    args![DIR, 0u32, NAME, 4u32, 0u64, 0u64, 0u32].to_vec()
}

fn open() -> Vec<Arg> {
    args![DIR, 0u32, NAME, 4u32, 0u32, 0u64, 0u64, 0u32, RESULT].to_vec()
}

#[test]
fn an_address_outside_the_memory_is_a_fault_and_nothing_is_done() {
    let mut tried = 0;
    for (name, valid, pointers) in calls() {
        for &pointer in &pointers {
            // The last byte of the page, and the last one there can be.
            for outside in [65_535, 65_536, u32::MAX] {
                let (mut guest, host) = guest();
                let mut args = valid.clone();
                args[pointer] = Arg::I(outside);
                assert_eq!(guest.errno(name, &args), FAULT, "{name}, argument {pointer}");
                let left: BTreeSet<_> =
                    fs::read_dir(host.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
                let whole = ["dir", "empty", "file", "link"].map(Into::into).into();
                assert_eq!(left, whole, "{name}, argument {pointer}");
                assert_eq!(fs::read(host.path().join("file")).unwrap(), b"content", "{name}");
                guest.ok("fd_tell", args![FILE, RESULT]);
                assert_eq!(guest.u64_at(RESULT), 0, "{name} has read or written something");
                assert_eq!(guest.open(DIR, "file", 0, 0), Ok(FILE + 1), "{name} has opened one");
                tried += 1;
            }
        }
        let (mut guest, _host) = guest();
        assert_eq!(guest.errno(name, &valid), SUCCESS, "{name}");
    }
    println!("{tried} calls with an address outside");
}

#[test]
fn a_guest_without_a_memory_gets_faults() {
    let wasi = WasiBuilder::new().build().unwrap();
    let mut guest = Guest::with_memory(wasi, r#"(memory (export "memory") 0)"#);
    for (name, args) in [
        ("random_get", args![0u32, 1u32]),
        ("args_sizes_get", args![0u32, 4u32]),
        ("fd_fdstat_get", args![0u32, 0u32]),
    ] {
        assert_eq!(guest.errno(name, args), FAULT, "{name}");
    }
    // Nothing is in every memory.
    guest.ok("random_get", args![0u32, 0u32]);
}

#[test]
fn a_call_that_no_guest_can_make_fails_or_is_refused() {
    let wasi = WasiBuilder::new().build().unwrap();
    let mut store = Store::new(&Config::default());
    let mut call = |function, args: &[Value]| {
        let now = Duration::ZERO;
        let (store, memory, thread) = (&mut store, None, 0);
        wasi.call(SystemCall { store, memory, function, args, thread, now, began: now })
    };
    assert!(matches!(call(46, &[]), Answer::Fail(_)));
    // The arguments are missing, and so is a memory.
    for function in 0..46 {
        match call(function, &[]) {
            Answer::Return(results) => assert_eq!(results.len(), 1, "{function}"),
            Answer::Exit(status) => assert_eq!((function, status), (38, 0)),
            other => panic!("{function}: {other:?}"),
        }
    }
    let fault = Answer::Return(vec![Value::I32(FAULT)]);
    assert_eq!(call(1, &[Value::I32(0), Value::I32(8)]), fault);
}

/// Calls of functions on files, with nothing wrong but perhaps the descriptor, and what
/// comes of them on a directory.
fn on_file(fd: u32) -> Vec<(&'static str, Vec<Arg>, i32)> {
    vec![
        ("fd_advise", args![fd, 0u64, 0u64, 0u32].to_vec(), BADF),
        ("fd_allocate", args![fd, 0u64, 1u64].to_vec(), BADF),
        ("fd_filestat_set_size", args![fd, 0u64].to_vec(), BADF),
        ("fd_pread", args![fd, BUFFERS, 1u32, 0u64, RESULT].to_vec(), ISDIR),
        ("fd_pwrite", args![fd, BUFFERS, 1u32, 0u64, RESULT].to_vec(), ISDIR),
        ("fd_read", args![fd, BUFFERS, 1u32, RESULT].to_vec(), ISDIR),
        ("fd_seek", args![fd, 1u64, 0u32, RESULT].to_vec(), ISDIR),
        ("fd_tell", args![fd, RESULT].to_vec(), ISDIR),
        ("fd_write", args![fd, BUFFERS, 1u32, RESULT].to_vec(), ISDIR),
    ]
}

/// Calls of functions on directories.
fn on_directory(fd: u32) -> Vec<(&'static str, Vec<Arg>)> {
    vec![
        ("fd_readdir", args![fd, BUFFER, 100u32, 0u64, RESULT].to_vec()),
        ("path_create_directory", args![fd, NEW, 3u32].to_vec()),
        ("path_filestat_get", args![fd, 0u32, NAME, 4u32, RESULT].to_vec()),
        ("path_filestat_set_times", args![fd, 0u32, NAME, 4u32, 0u64, 0u64, 0u32].to_vec()),
        ("path_link", args![fd, 0u32, NAME, 4u32, SECOND, NEW, 3u32].to_vec()),
        ("path_link", args![SECOND, 0u32, NAME, 4u32, fd, NEW, 3u32].to_vec()),
        ("path_open", args![fd, 0u32, NAME, 4u32, 0u32, 0u64, 0u64, 0u32, RESULT].to_vec()),
        ("path_readlink", args![fd, LINK, 4u32, BUFFER, 9u32, RESULT].to_vec()),
        ("path_remove_directory", args![fd, OTHER, 5u32].to_vec()),
        ("path_rename", args![fd, NAME, 4u32, SECOND, NEW, 3u32].to_vec()),
        ("path_rename", args![SECOND, NAME, 4u32, fd, NEW, 3u32].to_vec()),
        ("path_symlink", args![NAME, 4u32, fd, NEW, 3u32].to_vec()),
        ("path_unlink_file", args![fd, NAME, 4u32].to_vec()),
    ]
}

/// Calls of functions on either.
fn on_either(fd: u32) -> Vec<(&'static str, Vec<Arg>)> {
    vec![
        ("fd_datasync", args![fd].to_vec()),
        ("fd_fdstat_set_flags", args![fd, 0u32].to_vec()),
        ("fd_filestat_get", args![fd, RESULT].to_vec()),
        ("fd_filestat_set_times", args![fd, 0u64, 0u64, 0u32].to_vec()),
        ("fd_sync", args![fd].to_vec()),
    ]
}

/// Calls for which no right is needed.
fn on_any(fd: u32) -> Vec<(&'static str, Vec<Arg>)> {
    vec![
        ("fd_fdstat_get", args![fd, RESULT].to_vec()),
        ("fd_fdstat_set_rights", args![fd, 0u64, 0u64].to_vec()),
        ("fd_prestat_get", args![fd, RESULT].to_vec()),
        ("fd_prestat_dir_name", args![fd, BUFFER, 100u32].to_vec()),
        ("fd_renumber", args![fd, FILE].to_vec()),
        ("fd_renumber", args![FILE, fd].to_vec()),
        ("sock_accept", args![fd, 0u32, RESULT].to_vec()),
        ("sock_recv", args![fd, BUFFERS, 1u32, 0u32, RESULT, RESULT].to_vec()),
        ("sock_send", args![fd, BUFFERS, 1u32, 0u32, RESULT].to_vec()),
        ("sock_shutdown", args![fd, 1u32].to_vec()),
        ("fd_close", args![fd].to_vec()),
    ]
}

/// Every call that takes a descriptor.
fn on(fd: u32) -> Vec<(&'static str, Vec<Arg>)> {
    let of_files = on_file(fd).into_iter().map(|(name, args, _)| (name, args));
    of_files.chain(on_directory(fd)).chain(on_either(fd)).chain(on_any(fd)).collect()
}

#[test]
fn a_descriptor_that_is_not_open_is_bad() {
    for fd in [NOTHING, u32::MAX, 1 << 31] {
        for (name, args) in on(fd) {
            let (mut guest, _host) = guest();
            assert_eq!(guest.errno(name, &args), BADF, "{name} {args:?}");
        }
    }
}

#[test]
fn the_calls_of_these_tests_are_of_all_functions() {
    let mut named: BTreeSet<&str> = calls().iter().map(|(name, ..)| *name).collect();
    named.extend(on(FILE).iter().map(|(name, _)| *name));
    named.extend(["proc_exit", "proc_raise", "sched_yield"]);
    assert_eq!(named, FUNCTIONS.iter().map(|(name, ..)| *name).collect());
}

#[test]
fn a_descriptor_without_rights_is_good_for_nothing() {
    let (mut guest, _host) = guest();
    guest.ok("fd_fdstat_set_rights", args![FILE, 0u64, 0u64]);
    guest.ok("fd_fdstat_set_rights", args![DIR, 0u64, 0u64]);
    for (name, args, _) in on_file(FILE) {
        assert_eq!(guest.errno(name, &args), NOTCAPABLE, "{name}");
    }
    for (name, args) in on_directory(DIR).into_iter().chain(on_either(DIR)).chain(on_either(FILE)) {
        assert_eq!(guest.errno(name, &args), NOTCAPABLE, "{name}");
    }
}

#[test]
fn a_directory_is_not_used_as_a_file() {
    let (mut guest, _host) = guest();
    for (name, args, errno) in on_file(DIR) {
        assert_eq!(guest.errno(name, &args), errno, "{name}");
    }
}

#[test]
fn a_file_is_not_used_as_a_directory() {
    let (mut guest, _host) = guest();
    for (name, args) in on_directory(FILE) {
        assert_eq!(guest.errno(name, &args), NOTDIR, "{name}");
    }
}

#[test]
fn nothing_is_a_socket() {
    let (mut guest, _host) = guest();
    for (name, args) in on_any(FILE) {
        if name.starts_with("sock_") {
            assert_eq!(guest.errno(name, &args), NOTSOCK, "{name}");
        }
    }
}

#[test]
fn meaningless_operations_are_invalid() {
    let (mut guest, _host) = guest();
    let path = |lookup: u32, oflags: u32, fdflags: u32| {
        args![DIR, lookup, NAME, 4u32, oflags, 0u64, 0u64, fdflags, RESULT].to_vec()
    };
    let times = |flags: u32| args![FILE, 0u64, 0u64, flags].to_vec();
    let cases = [
        ("clock_res_get", args![4u32, RESULT].to_vec()),
        ("clock_time_get", args![2u32, 0u64, RESULT].to_vec()),
        ("clock_time_get", args![3u32, 0u64, RESULT].to_vec()),
        ("fd_advise", args![FILE, 0u64, 0u64, 6u32].to_vec()),
        ("fd_advise", args![FILE, 1u64 << 63, 0u64, 0u32].to_vec()),
        ("fd_allocate", args![FILE, 0u64, 0u64].to_vec()),
        ("fd_fdstat_set_flags", args![FILE, 32u32].to_vec()),
        ("fd_fdstat_set_flags", args![FILE, 1u32 << 16].to_vec()),
        ("fd_filestat_set_size", args![FILE, 1u64 << 63].to_vec()),
        ("fd_filestat_set_times", times(3)),
        ("fd_filestat_set_times", times(12)),
        ("fd_filestat_set_times", times(16)),
        ("fd_pread", args![FILE, BUFFERS, 1u32, 1u64 << 63, RESULT].to_vec()),
        ("fd_pwrite", args![FILE, BUFFERS, 1u32, 1u64 << 63, RESULT].to_vec()),
        ("fd_seek", args![FILE, 0u64, 3u32, RESULT].to_vec()),
        ("fd_seek", args![FILE, 1u64 << 63, 0u32, RESULT].to_vec()),
        ("fd_seek", args![FILE, -1i64 as u64, 1u32, RESULT].to_vec()),
        ("path_filestat_get", args![DIR, 2u32, NAME, 4u32, RESULT].to_vec()),
        ("path_link", args![DIR, 2u32, NAME, 4u32, DIR, NEW, 3u32].to_vec()),
        ("path_open", path(2, 0, 0)),
        ("path_open", path(0, 16, 0)),
        ("path_open", path(0, 0, 32)),
        ("path_open", path(0, CREAT | DIRECTORY, 0)),
        ("poll_oneoff", args![SUBSCRIPTION, BUFFER, 0u32, RESULT].to_vec()),
        ("poll_oneoff", args![SUBSCRIPTION, BUFFER, u32::MAX, RESULT].to_vec()),
        ("proc_raise", args![31u32].to_vec()),
    ];
    for (name, args) in cases {
        assert_eq!(guest.errno(name, &args), INVAL, "{name} {args:?}");
    }
}

#[test]
fn paths_are_read_as_strings() {
    let (mut guest, _host) = guest();
    let mut create = |path: &[u8]| {
        guest.write(10_000, path);
        guest.errno("path_create_directory", args![DIR, 10_000u32, path.len() as u32])
    };
    assert_eq!(create(b"not \xff UTF-8"), ILSEQ);
    assert_eq!(create(b"a zero\0"), INVAL);
    assert_eq!(create(b""), NOENT);
    assert_eq!(create(&[b'a'; 256]), NAMETOOLONG);
    assert_eq!(create(&[b'a'; 5_000]), NAMETOOLONG);
    assert_eq!(create("schön".as_bytes()), SUCCESS);
    assert_eq!(create("schön/".as_bytes()), EXIST);
}

#[test]
fn files_fail_as_posix_says() {
    let (mut guest, _host) = guest();
    let name = |at: u32, length: u32| args![DIR, at, length].to_vec();
    guest.write(10_000, b"dir");
    let cases = [
        ("path_create_directory", name(NAME, 4), EXIST),
        ("path_remove_directory", name(10_000, 3), NOTEMPTY),
        ("path_remove_directory", name(NAME, 4), NOTDIR),
        ("path_remove_directory", name(LINK, 4), NOTDIR),
        ("path_remove_directory", name(NEW, 3), NOENT),
        ("path_unlink_file", name(10_000, 3), ISDIR),
        ("path_unlink_file", name(NEW, 3), NOENT),
        ("path_readlink", args![DIR, NAME, 4u32, BUFFER, 9u32, RESULT].to_vec(), INVAL),
        ("path_symlink", args![NAME, 4u32, DIR, LINK, 4u32].to_vec(), EXIST),
        ("path_rename", args![DIR, NAME, 4u32, DIR, OTHER, 5u32].to_vec(), ISDIR),
        ("path_rename", args![DIR, OTHER, 5u32, DIR, 10_000u32, 3u32].to_vec(), NOTEMPTY),
        ("path_rename", args![DIR, NEW, 3u32, DIR, OTHER, 5u32].to_vec(), NOENT),
        ("fd_allocate", args![FILE, u64::MAX, 2u64].to_vec(), FBIG),
        ("fd_prestat_get", args![FILE, RESULT].to_vec(), BADF),
        ("fd_prestat_dir_name", args![DIR, BUFFER, 3u32].to_vec(), NAMETOOLONG),
        ("fd_fdstat_set_flags", args![FILE, 16u32].to_vec(), NOTSUP),
        ("proc_raise", args![18u32].to_vec(), NOTSUP),
    ];
    for (name, args, errno) in cases {
        assert_eq!(guest.errno(name, &args), errno, "{name} {args:?}");
    }
    assert_eq!(guest.open(DIR, "new", DIRECTORY, 0), Err(NOENT));
    assert_eq!(guest.open(DIR, "file", DIRECTORY, 0), Err(NOTDIR));
    assert_eq!(guest.open(DIR, "file/", 0, 0), Err(NOTDIR));
    assert_eq!(guest.open(DIR, "file", CREAT | EXCL, 0), Err(EXIST));
    assert_eq!(guest.open(DIR, "dir", 0, FD_WRITE), Err(ISDIR));
    assert_eq!(guest.open(DIR, "dir", CREAT, 0), Err(ISDIR));
    assert_eq!(guest.open(DIR, "dir", DIRECTORY, FD_WRITE), Err(ISDIR));
    assert_eq!(guest.open_with(DIR, "link", [0, 0, 0], [0, 0]), Err(LOOP));
}

#[test]
fn the_process_ends_as_it_says() {
    let (mut guest, _host) = guest();
    assert_eq!(guest.call("proc_exit", args![7u32]), Outcome::ProcessExit(7));
    assert_eq!(guest.call("proc_exit", args![u32::MAX]), Outcome::ProcessExit(u32::MAX));
    assert_eq!(guest.call("proc_raise", args![6u32]), Outcome::ProcessExit(134));
    assert_eq!(guest.errno("proc_raise", args![0u32]), SUCCESS);
    assert_eq!(guest.errno("proc_raise", args![17u32]), SUCCESS);
    assert_eq!(guest.errno("sched_yield", args![]), SUCCESS);
}
