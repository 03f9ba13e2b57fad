//! No function on paths waits for who is at the other end of what a path names.

use std::os::unix::net::UnixListener;
use std::time::Duration;

use crate::common::guest::{Guest, Outcome, args};
use crate::common::witx::*;
use gainsay_wasi::WasiBuilder;
use rustix::fs::{CWD, FileType, Mode};

/// Longer than any of these calls takes, and shorter than for ever.
const TIME_MAX: Duration = Duration::from_secs(20);

const PATH: u32 = 60_000;
const OTHER: u32 = 61_000;

/// All that can be done to what a path names, with and without following it.
fn everything(guest: &mut Guest, path: &str) {
    guest.write(PATH, path.as_bytes());
    guest.write(OTHER, b"other");
    let (length, other_length) = (path.len() as u32, 5u32);
    for follow in [0u32, 1] {
        let times = args![3u32, follow, PATH, length, 0u64, 0u64, 2u32 | 8];
        returns(guest, "path_filestat_set_times", times);
        returns(guest, "path_filestat_get", args![3u32, follow, PATH, length, 50_000u32]);
        returns(guest, "path_link", args![3u32, follow, PATH, length, 3u32, OTHER, other_length]);
        returns(guest, "path_unlink_file", args![3u32, OTHER, other_length]);
        for oflags in 0..16 {
            for rights in [FD_READ, FD_WRITE, FD_READ | FD_WRITE] {
                if let Ok(fd) = guest.open_with(3, path, [follow, oflags, 0], [rights, 0]) {
                    guest.errno("fd_close", args![fd]);
                }
            }
        }
    }
    returns(guest, "path_readlink", args![3u32, PATH, length, 50_000u32, 100u32, 50_200u32]);
    returns(guest, "path_create_directory", args![3u32, PATH, length]);
    returns(guest, "path_remove_directory", args![3u32, PATH, length]);
    returns(guest, "path_symlink", args![OTHER, other_length, 3u32, PATH, length]);
    returns(guest, "path_rename", args![3u32, PATH, length, 3u32, OTHER, other_length]);
    returns(guest, "path_rename", args![3u32, OTHER, other_length, 3u32, PATH, length]);
}

fn returns(guest: &mut Guest, name: &str, args: &[crate::common::guest::Arg]) {
    assert!(matches!(guest.call(name, args), Outcome::Errno(_)), "{name}");
}

#[test]
fn opening_a_file_never_blocks() {
    let host = tempfile::tempdir().unwrap();
    let at = |name: &str| host.path().join(name);
    let mode = Mode::RUSR | Mode::WUSR;
    rustix::fs::mknodat(CWD, at("fifo"), FileType::Fifo, mode, 0).unwrap();
    let _listener = UnixListener::bind(at("socket")).unwrap();
    std::os::unix::fs::symlink("fifo", at("link")).unwrap();
    std::os::unix::fs::symlink("link", at("links")).unwrap();
    std::os::unix::fs::symlink("socket", at("socket-link")).unwrap();
    let (done, ended) = std::sync::mpsc::channel();
    let path = host.path().to_owned();
    gainsay_host::sync::thread::spawn(move || {
        for name in ["fifo", "socket", "link", "links", "socket-link", "./fifo", "fifo/", "."] {
            let mut guest = Guest::new(WasiBuilder::new().preopen(&path, ".").build().unwrap());
            everything(&mut guest, name);
        }
        done.send(()).unwrap();
    });
    ended.recv_timeout(TIME_MAX).expect("every call returns");
}

#[test]
fn times_are_set_through_links_and_of_the_link() {
    let host = tempfile::tempdir().unwrap();
    std::fs::write(host.path().join("file"), "").unwrap();
    std::os::unix::fs::symlink("file", host.path().join("link")).unwrap();
    let mut guest = Guest::new(WasiBuilder::new().preopen(host.path(), ".").build().unwrap());
    guest.write(PATH, b"link");
    let second = 1_000_000_000u64;
    guest
        .ok("path_filestat_set_times", args![3u32, 1u32, PATH, 4u32, second, 2 * second, 1u32 | 4]);
    guest.ok("path_filestat_set_times", args![3u32, 0u32, PATH, 4u32, 0u64, 9 * second, 4u32]);
    let modified = |metadata: std::fs::Metadata| {
        metadata.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
    };
    assert_eq!(modified(std::fs::metadata(host.path().join("file")).unwrap()), 2);
    assert_eq!(modified(std::fs::symlink_metadata(host.path().join("link")).unwrap()), 9);
}
