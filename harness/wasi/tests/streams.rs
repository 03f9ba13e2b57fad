//! Standard streams, pipes and random bytes.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::time::Duration;

use crate::common;
use crate::common::guest::{Guest, Outcome, args};
use crate::common::witx::*;
use gainsay_host::process::ProcessExit;
use gainsay_host::sync::thread;
use gainsay_wasi::{Buffer, Input, Output, Pipe, Wasi, WasiBuilder};

/// Asked again after a moment.
const SOON: Outcome = Outcome::Pause(Some(Duration::from_millis(5)));

#[test]
fn input_that_is_known_is_read_to_its_end() {
    let stdin = Input::Bytes(vec![7; 1_500]);
    let mut guest = Guest::new(WasiBuilder::new().stdin(stdin).build().unwrap());
    let lengths: Vec<usize> = (0..4).map(|_| guest.read_fd(0).unwrap().len()).collect();
    assert_eq!(lengths, [1_000, 500, 0, 0]);
}

#[test]
fn without_a_word_there_is_nothing_to_read_and_output_is_forgotten() {
    let mut guest = Guest::new(WasiBuilder::new().build().unwrap());
    assert_eq!(guest.read_fd(0), Ok(Vec::new()));
    assert_eq!(guest.write_fd(1, b"abc"), Ok(3));
    assert_eq!(guest.write_fd(2, b""), Ok(0));
    assert_eq!(guest.errno("fd_prestat_get", args![3u32, 100u32]), BADF);
}

#[test]
fn a_stream_goes_one_way() {
    let mut guest = Guest::new(WasiBuilder::new().build().unwrap());
    assert_eq!(guest.write_fd(0, b"x"), Err(Outcome::Errno(NOTCAPABLE)));
    assert_eq!(guest.read_fd(1), Err(Outcome::Errno(NOTCAPABLE)));
    assert_eq!(guest.errno("fd_seek", args![0u32, 0u64, 0u32, 100u32]), SPIPE);
    assert_eq!(guest.errno("fd_tell", args![1u32, 100u32]), SPIPE);
    assert_eq!(guest.errno("fd_fdstat_set_flags", args![1u32, APPEND]), NOTSUP);
}

#[test]
fn a_buffer_takes_so_much_and_no_more() {
    let buffer = Buffer::new(5);
    let builder = WasiBuilder::new().stdout(Output::Buffer(buffer.clone()));
    let mut guest = Guest::new(builder.build().unwrap());
    assert_eq!(guest.write_fd(1, b"abc"), Ok(3));
    assert_eq!(guest.write_fd(1, b"def"), Ok(2));
    assert_eq!(guest.write_fd(1, b"f"), Err(Outcome::Errno(NOSPC)));
    assert_eq!(buffer.bytes(), b"abcde");
}

#[test]
fn a_read_waits_for_input_unless_it_must_not() {
    let pipe = Pipe::new();
    let stdin = Input::Pipe(pipe.clone());
    let mut guest = Guest::new(WasiBuilder::new().stdin(stdin).build().unwrap());
    assert_eq!(guest.read_fd(0), Err(Outcome::Pause(None)));
    guest.ok("fd_fdstat_set_flags", args![0u32, NONBLOCK]);
    assert_eq!(guest.read_fd(0), Err(Outcome::Errno(AGAIN)));
    pipe.send(b"abc");
    pipe.send(b"def");
    assert_eq!(guest.read_fd(0), Ok(b"abcdef".to_vec()));
    guest.ok("fd_fdstat_set_flags", args![0u32, 0u32]);
    assert_eq!(guest.read_fd(0), Err(Outcome::Pause(None)));
    pipe.close();
    pipe.send(b"too late");
    assert_eq!(guest.read_fd(0), Ok(Vec::new()));
}

/// A pipe of the host: what reads from it and what writes to it.
fn host_pipe() -> (File, File) {
    let (reader, writer) = std::io::pipe().unwrap();
    (std::os::fd::OwnedFd::from(reader).into(), std::os::fd::OwnedFd::from(writer).into())
}

#[test]
fn reading_a_host_pipe_never_blocks() {
    let (reader, mut writer) = host_pipe();
    let stdin = Input::File(reader);
    let mut guest = Guest::new(WasiBuilder::new().stdin(stdin).build().unwrap());
    assert_eq!(guest.read_fd(0), Err(SOON));
    guest.ok("fd_fdstat_set_flags", args![0u32, NONBLOCK]);
    assert_eq!(guest.read_fd(0), Err(Outcome::Errno(AGAIN)));
    writer.write_all(b"abc").unwrap();
    assert_eq!(guest.read_fd(0), Ok(b"abc".to_vec()));
    drop(writer);
    assert_eq!(guest.read_fd(0), Ok(Vec::new()));
}

#[test]
fn writing_to_a_host_pipe_never_blocks() {
    let (mut reader, writer) = host_pipe();
    let stdout = Output::File(writer);
    let mut guest = Guest::new(WasiBuilder::new().stdout(stdout).build().unwrap());
    guest.buffer(100, 0, 60_000);
    let mut written = 0;
    let paused = loop {
        match guest.call("fd_write", args![1u32, 100u32, 1u32, 200u32]) {
            Outcome::Errno(0) => written += u64::from(guest.u32_at(200)),
            other => break other,
        }
        assert!(written < 1 << 30, "no pipe holds so much");
    };
    assert_eq!(paused, SOON);
    let mut first = vec![0; 8_192];
    reader.read_exact(&mut first).unwrap();
    guest.ok("fd_write", args![1u32, 100u32, 1u32, 200u32]);
    drop(reader);
    let broken = guest.call("fd_write", args![1u32, 100u32, 1u32, 200u32]);
    assert_eq!(broken, Outcome::Errno(64), "errno::pipe");
}

#[test]
fn opening_and_reading_a_named_pipe_in_a_directory_never_blocks() {
    let host = tempfile::tempdir().unwrap();
    let path = host.path().join("fifo");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &path,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RWXU,
        0,
    )
    .unwrap();
    let mut guest = Guest::new(WasiBuilder::new().preopen(host.path(), ".").build().unwrap());
    let fifo = guest.open(3, "fifo", 0, FD_READ).unwrap();
    let mut writer = OpenOptions::new().write(true).open(&path).unwrap();
    assert_eq!(guest.read_fd(fifo), Err(SOON));
    writer.write_all(b"abc").unwrap();
    assert_eq!(guest.read_fd(fifo), Ok(b"abc".to_vec()));
    // errno::nxio: nobody reads from this one.
    drop((guest.errno("fd_close", args![fifo]), writer));
    assert_eq!(guest.open(3, "fifo", 0, FD_WRITE), Err(60));
}

#[test]
fn a_file_of_the_host_as_a_stream_has_an_offset_and_keeps_its_flags() {
    let host = tempfile::tempdir().unwrap();
    let path = host.path().join("file");
    let file = OpenOptions::new().create_new(true).append(true).open(&path).unwrap();
    let mut guest = Guest::new(WasiBuilder::new().stdout(Output::File(file)).build().unwrap());
    assert_eq!(guest.write_fd(1, b"abc"), Ok(3));
    guest.ok("fd_tell", args![1u32, 100u32]);
    assert_eq!(guest.u64_at(100), 3);
    assert_eq!(guest.errno("fd_fdstat_set_flags", args![1u32, APPEND]), NOTSUP);
    assert_eq!(guest.errno("fd_filestat_set_size", args![1u32, 0u64]), NOTCAPABLE);
    assert_eq!(fs::read(&path).unwrap(), b"abc");
}

#[test]
fn a_device_that_is_not_a_terminal_is_not_reported_as_one() {
    let null = File::open("/dev/null").unwrap();
    let mut guest = Guest::new(WasiBuilder::new().stdin(Input::File(null)).build().unwrap());
    guest.ok("fd_fdstat_get", args![0u32, 100u32]);
    // What the C library looks at: a device without an offset is a terminal.
    assert_eq!(guest.read(100, 1), [2]);
    assert_eq!(guest.u64_at(108) & (FD_SEEK | FD_TELL), FD_SEEK | FD_TELL);
}

fn random(wasi: Wasi) -> Vec<u8> {
    let mut guest = Guest::new(wasi);
    guest.ok("random_get", args![100u32, 50u32]);
    guest.ok("random_get", args![150u32, 14u32]);
    guest.read(100, 64)
}

#[test]
fn random_bytes_are_a_function_of_the_seed() {
    let of = |seed| random(WasiBuilder::new().seed(seed).build().unwrap());
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
    let without = || random(WasiBuilder::new().build().unwrap());
    assert_ne!(without(), without());
}

#[test]
fn a_whole_memory_is_filled_with_random_bytes() {
    let mut guest = Guest::new(WasiBuilder::new().seed(1).build().unwrap());
    guest.ok("random_get", args![0u32, 65_536u32]);
    let zeros = guest.read(0, 65_536).iter().filter(|byte| **byte == 0).count();
    assert!((100..500).contains(&zeros), "{zeros} of 65,536 bytes are zero");
}

/// Copies standard input to standard output until it ends.
const CAT: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_read"
        (func $fd_read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write"
        (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\40\00\00\00\10\00\00\00")
    (func (export "_start")
        (loop $more
            (i32.store (i32.const 4) (i32.const 16))
            (if (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4))
                (then unreachable))
            (if (i32.load (i32.const 4)) (then
                (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
                (br $more))))))"#;

#[test]
fn a_command_goes_on_when_input_comes() {
    let pipe = Pipe::new();
    let sender = pipe.clone();
    let sending = thread::spawn(move || {
        for _ in 0..100 {
            sender.send(b"some of the input, ");
            thread::yield_now();
        }
        sender.close();
    });
    let ended = common::run(CAT, WasiBuilder::new().stdin(Input::Pipe(pipe)));
    sending.join().unwrap();
    assert_eq!(ended.exit, ProcessExit::Returned);
    assert_eq!(ended.stdout, "some of the input, ".repeat(100));
}
