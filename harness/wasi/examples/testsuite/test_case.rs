//! A test program and what is expected of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use gainsay_host::process::{Process, ProcessExit, ProcessLimits, Program};
use gainsay_host::sync::{Arc, thread};
use gainsay_runtime::{Config, Module};
use gainsay_wasi::{Buffer, Input, Output, Pipe, WasiBuilder};
use serde_json::Value;

/// How long a program may run: the longest sleep for a fraction of a second.
const TIME_MAX: Duration = Duration::from_secs(120);

/// What a program may write to a stream.
const OUTPUT_BYTES_MAX: usize = 1 << 20;

/// A program with what its `.json` says, which need not be there.
pub struct TestCase {
    path: PathBuf,
    says: Value,
}

/// What became of a program.
struct Ended {
    exit: ProcessExit,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl TestCase {
    pub fn read(path: &Path) -> Result<TestCase, String> {
        let says = match fs::read_to_string(path.with_extension("json")) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| error.to_string())?,
            Err(_) => Value::Null,
        };
        Ok(TestCase { path: path.to_owned(), says })
    }

    /// Run it in a copy of its directories; why it does not pass.
    pub fn run(&self) -> Result<(), String> {
        let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
        let ended = self.execute(scratch.path())?;
        let expected = self.says["exit_code"].as_u64().unwrap_or(0);
        let status = u64::from(ended.exit.status());
        if status != expected {
            let stderr = String::from_utf8_lossy(&ended.stderr);
            return Err(format!("{}, with status {status}, not {expected}\n{stderr}", ended.exit));
        }
        for (name, written) in [("stdout", &ended.stdout), ("stderr", &ended.stderr)] {
            match self.says[name].as_str() {
                Some(text) if text.as_bytes() != written => {
                    let written = String::from_utf8_lossy(written);
                    return Err(format!("{name} is {written:?}, not {text:?}"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn execute(&self, scratch: &Path) -> Result<Ended, String> {
        let bytes = fs::read(&self.path).map_err(|error| error.to_string())?;
        let config = Config { fuel: true, ..Config::default() };
        let module = Module::new(&config, &bytes).map_err(|error| error.to_string())?;
        let buffers = [Buffer::new(OUTPUT_BYTES_MAX), Buffer::new(OUTPUT_BYTES_MAX)];
        let wasi = self.builder(scratch, &buffers)?.build().map_err(|error| error.to_string())?;
        let program = Program::new(&config, &module, Arc::new(wasi), ProcessLimits::default());
        let program = program.map_err(|error| error.to_string())?;
        let process = Process::new(program).map_err(|error| error.to_string())?;
        let exit = finish(&process)?;
        let [stdout, stderr] = buffers.map(|buffer| buffer.bytes());
        Ok(Ended { exit, stdout, stderr })
    }

    fn builder(&self, scratch: &Path, output: &[Buffer; 2]) -> Result<WasiBuilder, String> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let mut builder = WasiBuilder::new()
            .arg(name)
            .args(strings(&self.says["args"]))
            // Open, so that those who are to be ended while they read do read.
            .stdin(Input::Pipe(Pipe::new()))
            .stdout(Output::Buffer(output[0].clone()))
            .stderr(Output::Buffer(output[1].clone()));
        if self.path.components().any(|component| component.as_os_str() == "rust") {
            // Error codes exactly as on a POSIX host: those of the Rust suite can ask.
            builder = builder.env("ERRNO_MODE_UNIX", "1");
        }
        for (name, value) in self.says["env"].as_object().into_iter().flatten() {
            builder = builder.env(name, value.as_str().unwrap_or_default());
        }
        for directory in strings(&self.says["dirs"]) {
            builder = builder.preopen(self.copy(&directory, scratch)?, directory);
        }
        if let Some(root) = self.says["root"].as_str() {
            builder = builder.preopen(self.copy(root, scratch)?, "/");
        }
        Ok(builder)
    }

    fn copy(&self, directory: &str, scratch: &Path) -> Result<PathBuf, String> {
        let from = self.path.with_file_name(directory);
        let to = scratch.join(directory);
        copy(&from, &to).map_err(|error| format!("{}: {error}", from.display()))?;
        Ok(to)
    }
}

/// Run it, but not for ever.
fn finish(process: &Process) -> Result<ProcessExit, String> {
    let (send, receive) = mpsc::channel();
    let running = process.clone();
    let thread = thread::spawn(move || send.send(running.run()));
    let outcome = receive.recv_timeout(TIME_MAX);
    process.kill();
    let ran = thread.join().map_err(|_| "the host panicked")?;
    // Sent or not, nobody waits any more.
    drop(ran);
    match outcome {
        Ok(exit) => exit.map_err(|error| error.to_string()),
        Err(_) => Err(format!("it did not end in {TIME_MAX:?}")),
    }
}

fn strings(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
