//! Files and directories through descriptors.

use std::fs;

use crate::common::guest::{Guest, args};
use crate::common::witx::*;
use gainsay_wasi::WasiBuilder;
use tempfile::TempDir;

const DIR: u32 = 3;

fn guest() -> (Guest, TempDir) {
    let host = tempfile::tempdir().unwrap();
    let builder = WasiBuilder::new().preopen(host.path(), ".");
    (Guest::new(builder.build().unwrap()), host)
}

/// Names and cookies of a directory from a cookie on, as far as they fit; whether all did.
fn list(guest: &mut Guest, fd: u32, cookie: u64, room: u32) -> (Vec<(String, u64)>, bool) {
    guest.ok("fd_readdir", args![fd, 1_000u32, room, cookie, 100u32]);
    let used = guest.u32_at(100);
    assert!(used <= room);
    let mut bytes = guest.read(1_000, used as usize).into_iter();
    let mut names = Vec::new();
    loop {
        let record: Vec<u8> = bytes.by_ref().take(24).collect();
        if record.len() < 24 {
            break;
        }
        let length = u32::from_le_bytes(record[16..20].try_into().unwrap());
        let name: Vec<u8> = bytes.by_ref().take(length as usize).collect();
        if name.len() < length as usize {
            break;
        }
        let next = u64::from_le_bytes(record[0..8].try_into().unwrap());
        names.push((String::from_utf8(name).unwrap(), next));
    }
    (names, used < room)
}

#[test]
fn buffers_are_filled_and_emptied_in_order() {
    let (mut guest, host) = guest();
    let file = guest.open(DIR, "file", CREAT, FD_READ | FD_WRITE | FD_SEEK).unwrap();
    guest.write(1_000, b"abcdef");
    guest.buffer(500, 1_003, 3);
    guest.buffer(508, 9_999, 0);
    guest.buffer(516, 1_000, 2);
    guest.ok("fd_write", args![file, 500u32, 3u32, 100u32]);
    assert_eq!(guest.u32_at(100), 5);
    assert_eq!(fs::read(host.path().join("file")).unwrap(), b"defab");
    guest.ok("fd_seek", args![file, -4i64 as u64, 1u32, 104u32]);
    assert_eq!(guest.u64_at(104), 1);
    // Two buffers that overlap: "efa", then "b" over its second byte.
    guest.buffer(500, 2_000, 3);
    guest.buffer(508, 2_001, 3);
    guest.ok("fd_read", args![file, 500u32, 2u32, 100u32]);
    assert_eq!(guest.u32_at(100), 4);
    assert_eq!(guest.read(2_000, 3), b"eba");
    guest.ok("fd_tell", args![file, 104u32]);
    assert_eq!(guest.u64_at(104), 5);
}

#[test]
fn a_list_of_buffers_may_lie_in_a_buffer() {
    let (mut guest, host) = guest();
    fs::write(host.path().join("file"), [0xff; 64]).unwrap();
    let file = guest.open(DIR, "file", 0, FD_READ).unwrap();
    guest.buffer(500, 496, 32);
    guest.ok("fd_read", args![file, 500u32, 1u32, 100u32]);
    assert_eq!((guest.u32_at(100), guest.read(496, 33)), (32, [vec![0xff; 32], vec![0]].concat()));
}

#[test]
fn positions_given_do_not_move_the_offset() {
    let (mut guest, host) = guest();
    let file = guest.open(DIR, "file", CREAT, FD_READ | FD_WRITE | FD_SEEK).unwrap();
    assert_eq!(guest.write_fd(file, b"0123456789"), Ok(10));
    guest.write(1_000, b"XY");
    guest.buffer(500, 1_000, 2);
    guest.ok("fd_pwrite", args![file, 500u32, 1u32, 3u64, 100u32]);
    guest.ok("fd_pread", args![file, 500u32, 1u32, 8u64, 100u32]);
    assert_eq!(guest.read(1_000, 2), b"89");
    guest.ok("fd_pread", args![file, 500u32, 1u32, 9u64, 100u32]);
    assert_eq!(guest.u32_at(100), 1);
    guest.ok("fd_tell", args![file, 104u32]);
    assert_eq!(guest.u64_at(104), 10);
    assert_eq!(fs::read(host.path().join("file")).unwrap(), b"012XY56789");
}

#[test]
fn appended_data_goes_to_the_end_whatever_the_offset() {
    let (mut guest, host) = guest();
    fs::write(host.path().join("file"), "old").unwrap();
    let rights = [FD_WRITE | FD_SEEK | 1 << 3, 0];
    let file = guest.open_with(DIR, "file", [0, 0, APPEND], rights).unwrap();
    guest.ok("fd_seek", args![file, 0u64, 0u32, 104u32]);
    assert_eq!(guest.write_fd(file, b"new"), Ok(3));
    guest.ok("fd_fdstat_set_flags", args![file, 0u32]);
    guest.ok("fd_seek", args![file, 0u64, 0u32, 104u32]);
    assert_eq!(guest.write_fd(file, b"!"), Ok(1));
    assert_eq!(fs::read(host.path().join("file")).unwrap(), b"!ldnew");
    // To append, and to begin with nothing.
    let file = guest.open_with(DIR, "file", [0, TRUNC, APPEND], rights).unwrap();
    assert_eq!(guest.write_fd(file, b"x"), Ok(1));
    assert_eq!(fs::read(host.path().join("file")).unwrap(), b"x");
}

#[test]
fn lists_and_lengths_without_end_are_cut_short() {
    let host = tempfile::tempdir().unwrap();
    let wasi = WasiBuilder::new().preopen(host.path(), ".").seed(1).build().unwrap();
    // All of the four GiB, of which hardly any is touched.
    let mut guest = Guest::with_memory(wasi, r#"(memory (export "memory") 65536)"#);
    let file = guest.open(DIR, "file", CREAT, FD_READ | FD_WRITE | FD_SEEK).unwrap();
    // One buffer that is the whole memory.
    guest.buffer(500, 0, u32::MAX);
    guest.ok("fd_write", args![file, 500u32, 1u32, 100u32]);
    assert_eq!(guest.u32_at(100), 1 << 24);
    // As many buffers as there is memory for, each of one byte.
    for number in 0..2_000 {
        guest.buffer(1_000 + 8 * number, 0, 1);
    }
    guest.ok("fd_pread", args![file, 1_000u32, (u32::MAX - 1_000) / 8, 0u64, 100u32]);
    assert_eq!(guest.u32_at(100), 1_024);
    assert_eq!(guest.errno("fd_read", args![file, 1_000u32, u32::MAX, 100u32]), FAULT);
    // A length that wraps around.
    guest.buffer(500, 1_000, u32::MAX);
    assert_eq!(guest.errno("fd_write", args![file, 500u32, 1u32, 100u32]), FAULT);
    guest.ok("fd_readdir", args![DIR, 0u32, u32::MAX, 0u64, 1_000u32]);
    assert!(guest.u32_at(1_000) < 200);
}

#[test]
fn a_directory_is_listed_in_pieces() {
    let (mut guest, host) = guest();
    for number in 0..100 {
        fs::write(host.path().join(format!("file-{number:03}")), "").unwrap();
    }
    let (whole, end) = list(&mut guest, DIR, 0, 20_000);
    assert!(end);
    let names: Vec<&str> = whole.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!((&names[..3], names.len()), (&[".", "..", "file-000"][..], 102));
    for room in [60, 100, 1_000] {
        let (mut pieces, mut cookie) = (Vec::new(), 0);
        loop {
            let (piece, end) = list(&mut guest, DIR, cookie, room);
            cookie = piece.last().map_or(cookie, |(_, next)| *next);
            pieces.extend(piece);
            if end {
                break;
            }
        }
        assert_eq!(pieces, whole, "{room} bytes at a time");
    }
}

#[test]
fn a_continued_listing_is_stable_and_a_new_one_sees_changes() {
    let (mut guest, host) = guest();
    for name in ["a", "b", "c"] {
        fs::write(host.path().join(name), "").unwrap();
    }
    // Room for `.`, `..`, `a` and a piece of the next.
    let (first, _) = list(&mut guest, DIR, 0, 80);
    assert_eq!(first.len(), 3);
    let cookie = first.last().unwrap().1;
    fs::remove_file(host.path().join("a")).unwrap();
    fs::remove_file(host.path().join("b")).unwrap();
    let names = |list: Vec<(String, u64)>| list.into_iter().map(|(name, _)| name).collect();
    let rest: Vec<String> = names(list(&mut guest, DIR, cookie, 1_000).0);
    assert_eq!(rest, ["b", "c"]);
    let again: Vec<String> = names(list(&mut guest, DIR, 0, 1_000).0);
    assert_eq!(again, [".", "..", "c"]);
    // A cookie that nobody gave.
    assert_eq!(list(&mut guest, DIR, u64::MAX, 100), (Vec::new(), true));
}

#[test]
fn times_and_sizes_are_set_and_shown() {
    let (mut guest, _host) = guest();
    let file = guest.open(DIR, "file", CREAT, ALL_OF_FILES).unwrap();
    guest.ok("fd_filestat_set_size", args![file, 1_000u64]);
    guest.ok("fd_filestat_set_times", args![file, 5_000_000_001u64, 7u64, 5u32]);
    guest.ok("fd_filestat_get", args![file, 2_000u32]);
    assert_eq!(guest.read(2_016, 1), [4], "a regular file");
    assert_eq!(guest.u64_at(2_032), 1_000);
    assert_eq!((guest.u64_at(2_040), guest.u64_at(2_048)), (5_000_000_001, 7));
    guest.write(100, b"file");
    let times = args![DIR, 0u32, 100u32, 4u32, 8u64, 9u64, 4u32];
    guest.ok("path_filestat_set_times", times);
    guest.ok("path_filestat_get", args![DIR, 0u32, 100u32, 4u32, 3_000u32]);
    assert_eq!((guest.u64_at(3_040), guest.u64_at(3_048)), (5_000_000_001, 9));
    assert_eq!(guest.read(2_000, 16), guest.read(3_000, 16), "device and inode");
    guest.ok("fd_filestat_set_times", args![DIR, 1u64, 2u64, 5u32]);
    guest.ok("fd_filestat_get", args![DIR, 2_000u32]);
    assert_eq!((guest.u64_at(2_040), guest.u64_at(2_048)), (1, 2));
    guest.ok("fd_allocate", args![file, 0u64, 5_000u64]);
    guest.ok("fd_filestat_get", args![file, 2_000u32]);
    assert_eq!(guest.u64_at(2_032), 5_000);
    for name in ["fd_sync", "fd_datasync"] {
        guest.ok(name, args![file]);
        guest.ok(name, args![DIR]);
    }
}

#[test]
fn a_link_is_made_read_and_followed() {
    let (mut guest, host) = guest();
    fs::write(host.path().join("file"), "content").unwrap();
    guest.write(100, b"file");
    guest.write(200, b"link");
    guest.write(300, b"hard");
    guest.ok("path_symlink", args![100u32, 4u32, DIR, 200u32, 4u32]);
    guest.ok("path_link", args![DIR, 0u32, 100u32, 4u32, DIR, 300u32, 4u32]);
    guest.ok("path_readlink", args![DIR, 200u32, 4u32, 1_000u32, 3u32, 400u32]);
    assert_eq!((guest.u32_at(400), guest.read(1_000, 4)), (3, b"fil\0".to_vec()));
    guest.ok("path_filestat_get", args![DIR, 0u32, 200u32, 4u32, 2_000u32]);
    assert_eq!(guest.read(2_016, 1), [7], "the link itself");
    guest.ok("path_filestat_get", args![DIR, 1u32, 200u32, 4u32, 2_000u32]);
    assert_eq!((guest.read(2_016, 1), guest.u64_at(2_024)), (vec![4], 2), "the file");
    for name in ["link", "hard"] {
        let file = guest.open(DIR, name, 0, FD_READ).unwrap();
        assert_eq!(guest.read_fd(file).unwrap(), b"content");
    }
    guest.ok("path_unlink_file", args![DIR, 200u32, 4u32]);
    assert_eq!(fs::read(host.path().join("file")).unwrap(), b"content");
}

#[test]
fn a_link_to_what_a_link_leads_to_is_one_to_the_file() {
    let (mut guest, host) = guest();
    fs::write(host.path().join("file"), "content").unwrap();
    std::os::unix::fs::symlink("file", host.path().join("link")).unwrap();
    std::os::unix::fs::symlink("missing", host.path().join("dangling")).unwrap();
    std::os::unix::fs::symlink("../..", host.path().join("out")).unwrap();
    guest.write(200, b"new");
    let mut link = |follow: u32, name: &str| {
        guest.write(100, name.as_bytes());
        let length = name.len() as u32;
        let args = args![DIR, follow, 100u32, length, DIR, 200u32, 3u32];
        let errno = guest.errno("path_link", args);
        let made = fs::symlink_metadata(host.path().join("new")).ok().map(|new| new.is_symlink());
        // It is not there, then, if it was not made.
        drop(fs::remove_file(host.path().join("new")));
        (errno, made)
    };
    assert_eq!(link(1, "link"), (SUCCESS, Some(false)));
    assert_eq!(link(0, "link"), (SUCCESS, Some(true)));
    assert_eq!(link(1, "dangling"), (NOENT, None));
    assert_eq!(link(1, "out"), (NOTCAPABLE, None));
}

#[test]
fn names_that_no_guest_can_say_are_not_listed() {
    let (mut guest, host) = guest();
    let name = std::os::unix::ffi::OsStrExt::from_bytes(b"not \xff UTF-8");
    let made = fs::write(host.path().join::<&std::ffi::OsStr>(name), "");
    fs::write(host.path().join("file"), "").unwrap();
    let (names, _) = list(&mut guest, DIR, 0, 1_000);
    let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, [".", "..", "file"]);
    println!("a host with such names: {}", made.is_ok());
}

#[test]
fn a_slash_at_the_end_asks_for_a_directory() {
    let (mut guest, host) = guest();
    fs::write(host.path().join("file"), "").unwrap();
    fs::create_dir(host.path().join("dir")).unwrap();
    for (link, target) in [("to-file", "file"), ("to-dir", "dir"), ("to-nothing", "nothing")] {
        std::os::unix::fs::symlink(target, host.path().join(link)).unwrap();
    }
    let cases = [
        ("dir/", SUCCESS),
        ("dir///", SUCCESS),
        ("to-dir/", SUCCESS),
        ("file/", NOTDIR),
        ("to-file/", NOTDIR),
        ("to-nothing/", NOENT),
        ("nothing/", NOENT),
    ];
    for (path, errno) in cases {
        for follow in [0, 1] {
            guest.write(100, path.as_bytes());
            let length = path.len() as u32;
            let stat =
                guest.errno("path_filestat_get", args![DIR, follow, 100u32, length, 2_000u32]);
            assert_eq!(stat, errno, "path_filestat_get {path}");
            if stat == SUCCESS {
                assert_eq!(guest.read(2_016, 1), [3], "{path} is a directory");
            }
            let times = args![DIR, follow, 100u32, length, 0u64, 0u64, 0u32];
            assert_eq!(guest.errno("path_filestat_set_times", times), errno, "set_times {path}");
            let opened = guest.open_with(DIR, path, [follow, 0, 0], [0, 0]);
            assert_eq!(opened.map_or_else(|errno| errno, |_| SUCCESS), errno, "path_open {path}");
        }
    }
}
