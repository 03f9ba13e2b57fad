//! Numbers of descriptors and the rights that come with them.

use std::fs;

use crate::common::guest::{Guest, args};
use crate::common::witx::*;
use gainsay_wasi::{Buffer, Output, WasiBuilder};
use tempfile::TempDir;

const DIR: u32 = 3;

fn guest() -> (Guest, TempDir) {
    let host = tempfile::tempdir().unwrap();
    fs::write(host.path().join("file"), "content").unwrap();
    fs::create_dir(host.path().join("dir")).unwrap();
    fs::write(host.path().join("dir/inner"), "").unwrap();
    let builder = WasiBuilder::new().preopen(host.path(), "/some/where");
    (Guest::new(builder.build().unwrap()), host)
}

/// File type, flags, base and inheriting rights of a descriptor.
fn fdstat(guest: &mut Guest, fd: u32) -> (u8, u8, u64, u64) {
    guest.ok("fd_fdstat_get", args![fd, 1_000u32]);
    let record = guest.read(1_000, 4);
    (record[0], record[2], guest.u64_at(1_008), guest.u64_at(1_016))
}

#[test]
fn a_directory_that_was_given_has_its_name() {
    let (mut guest, _host) = guest();
    guest.ok("fd_prestat_get", args![DIR, 100u32]);
    assert_eq!((guest.u32_at(100), guest.u32_at(104)), (0, 11));
    guest.ok("fd_prestat_dir_name", args![DIR, 200u32, 50u32]);
    assert_eq!(guest.read(200, 12), b"/some/where\0");
    let dir = guest.open(DIR, "dir", DIRECTORY, 0).unwrap();
    assert_eq!(guest.errno("fd_prestat_get", args![dir, 100u32]), BADF);
    assert_eq!(guest.errno("fd_prestat_get", args![0u32, 100u32]), BADF);
}

#[test]
fn a_new_descriptor_never_stands_in_for_a_standard_stream() {
    let (mut guest, _host) = guest();
    guest.ok("fd_close", args![1u32]);
    let file = guest.open(DIR, "file", 0, 0).unwrap();
    assert_eq!(file, 4);
    assert_eq!(guest.errno("fd_close", args![1u32]), BADF);
    guest.ok("fd_close", args![DIR]);
    assert_eq!(guest.open(DIR, "file", 0, 0), Err(BADF));
}

#[test]
fn a_number_is_used_again_when_it_is_free() {
    let (mut guest, _host) = guest();
    let open: Vec<u32> = (0..5).map(|_| guest.open(DIR, "file", 0, 0).unwrap()).collect();
    assert_eq!(open, [4, 5, 6, 7, 8]);
    guest.ok("fd_close", args![6u32]);
    assert_eq!(guest.open(DIR, "file", 0, 0), Ok(6));
    assert_eq!(guest.open(DIR, "file", 0, 0), Ok(9));
}

#[test]
fn a_descriptor_moves_to_another_number() {
    let host = tempfile::tempdir().unwrap();
    fs::write(host.path().join("file"), "content").unwrap();
    let buffer = Buffer::new(100);
    let builder = WasiBuilder::new().stdout(Output::Buffer(buffer.clone()));
    let mut guest = Guest::new(builder.preopen(host.path(), ".").build().unwrap());
    let file = guest.open(DIR, "file", 0, FD_READ).unwrap();
    guest.ok("fd_renumber", args![file, 0u32]);
    assert_eq!(guest.read_fd(0).unwrap(), b"content");
    assert_eq!(guest.errno("fd_close", args![file]), BADF);
    // Onto itself.
    guest.ok("fd_renumber", args![1u32, 1u32]);
    assert_eq!(guest.write_fd(1, b"x"), Ok(1));
    // The name of a directory goes where it goes.
    guest.ok("fd_renumber", args![DIR, 2u32]);
    guest.ok("fd_prestat_get", args![2u32, 100u32]);
    assert_eq!(guest.errno("fd_prestat_get", args![DIR, 100u32]), BADF);
    assert_eq!(buffer.bytes(), b"x");
}

#[test]
fn rights_are_those_asked_for_as_far_as_they_apply() {
    let (mut guest, _host) = guest();
    assert_eq!(
        fdstat(&mut guest, DIR),
        (3, 0, ALL_OF_DIRECTORIES, ALL_OF_DIRECTORIES | ALL_OF_FILES)
    );
    let file = guest.open_with(DIR, "file", [0, 0, NONBLOCK], [FD_READ | FD_READDIR, FD_READ]);
    assert_eq!(fdstat(&mut guest, file.unwrap()), (4, NONBLOCK as u8, FD_READ, 0));
    let dir = guest.open_with(DIR, "dir", [0, 0, 0], [FD_READ | FD_READDIR, FD_READ]);
    assert_eq!(fdstat(&mut guest, dir.unwrap()), (3, 0, FD_READDIR, FD_READ));
}

#[test]
fn rights_shrink_from_directory_to_directory_and_never_grow() {
    let (mut guest, _host) = guest();
    let open = 1 << 13;
    let dir = guest.open_with(DIR, "dir", [0, DIRECTORY, 0], [open, FD_READ | open]).unwrap();
    assert_eq!(guest.open(dir, "inner", 0, FD_WRITE), Err(NOTCAPABLE));
    assert_eq!(guest.open(dir, "new", CREAT, 0), Err(NOTCAPABLE));
    assert_eq!(guest.open(dir, "inner", TRUNC, 0), Err(NOTCAPABLE));
    assert_eq!(guest.open_with(dir, ".", [0, DIRECTORY, 0], [0, FD_WRITE]), Err(NOTCAPABLE));
    let inner = guest.open(dir, "inner", 0, FD_READ).unwrap();
    assert_eq!(
        guest.errno("fd_fdstat_set_rights", args![inner, FD_READ | FD_SEEK, 0u64]),
        NOTCAPABLE
    );
    assert_eq!(guest.errno("fd_fdstat_set_rights", args![inner, 0u64, 1u64]), NOTCAPABLE);
    guest.ok("fd_fdstat_set_rights", args![inner, 0u64, 0u64]);
    assert_eq!(guest.errno("fd_fdstat_set_rights", args![inner, FD_READ, 0u64]), NOTCAPABLE);
    guest.ok("fd_fdstat_set_rights", args![dir, 0u64, 0u64]);
    assert_eq!(guest.open(dir, "inner", 0, 0), Err(NOTCAPABLE));
    // A file that was opened before is not concerned.
    let file = guest.open(DIR, "file", 0, FD_READ).unwrap();
    guest.ok("fd_fdstat_set_rights", args![DIR, 0u64, 0u64]);
    assert_eq!(guest.read_fd(file).unwrap(), b"content");
}

#[test]
fn the_tell_right_does_not_permit_seeking_and_the_seek_right_permits_telling() {
    let (mut guest, _host) = guest();
    let tells = guest.open(DIR, "file", 0, FD_TELL).unwrap();
    guest.ok("fd_tell", args![tells, 100u32]);
    guest.ok("fd_seek", args![tells, 0u64, 1u32, 100u32]);
    assert_eq!(guest.errno("fd_seek", args![tells, 0u64, 0u32, 100u32]), NOTCAPABLE);
    let seeks = guest.open(DIR, "file", 0, FD_SEEK).unwrap();
    guest.ok("fd_tell", args![seeks, 100u32]);
    guest.ok("fd_seek", args![seeks, 2u64, 2u32, 100u32]);
    assert_eq!(guest.u64_at(100), 9);
}
