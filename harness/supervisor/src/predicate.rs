//! A command of the user's that says whether a file is interesting.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::group;

/// Between two looks at a command that runs.
const POLL: Duration = Duration::from_millis(2);

/// A command that gets the path of a file as its last argument, and ends with status 0 if the
/// file is interesting.
#[derive(Clone, Debug)]
pub struct Predicate {
    /// The command: a program, with arguments if there are any. A shell reads it where there
    /// is one.
    pub command: String,
    /// How long it may take.
    pub time_max: Duration,
}

/// What a command said of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PredicateEnd {
    /// The file is interesting.
    Holds,
    /// It is not.
    Fails,
    /// The command took too long.
    TimedOut,
    /// It was ended because the user wants to stop.
    Stopped,
}

impl Predicate {
    /// Ask about a file. The command and all that it starts end with the question.
    ///
    /// # Errors
    /// The command cannot be started.
    pub fn ask(&self, file: &Path, stops: &AtomicBool) -> io::Result<PredicateEnd> {
        let mut command = self.command(file);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = group::lead(&mut command).spawn()?;
        let start = Instant::now();
        let end = loop {
            if stops.load(Ordering::Relaxed) {
                break PredicateEnd::Stopped;
            }
            if start.elapsed() >= self.time_max {
                break PredicateEnd::TimedOut;
            }
            // Until it has been waited for, nobody else has its group's number.
            if cfg!(unix) && group::has_ended(&child) {
                group::kill(&child);
            }
            if let Some(status) = child.try_wait()? {
                return Ok(match status.success() {
                    true => PredicateEnd::Holds,
                    false => PredicateEnd::Fails,
                });
            }
            thread::sleep(POLL);
        };
        group::kill(&child);
        let _ = child.kill();
        child.wait()?;
        Ok(end)
    }

    #[cfg(unix)]
    fn command(&self, file: &Path) -> Command {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("{} \"$1\"", self.command)).arg("sh").arg(file);
        command
    }

    #[cfg(not(unix))]
    fn command(&self, file: &Path) -> Command {
        let mut words = self.command.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).arg(file);
        command
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn asked(command: &str, stops: bool) -> PredicateEnd {
        let predicate =
            Predicate { command: command.to_owned(), time_max: Duration::from_millis(300) };
        let end = predicate.ask(Path::new("/dev/null"), &AtomicBool::new(stops));
        end.expect("a shell can be started")
    }

    #[test]
    fn the_status_of_the_command_decides() {
        assert_eq!(asked("test -e", false), PredicateEnd::Holds);
        assert_eq!(asked("test -d", false), PredicateEnd::Fails);
        assert_eq!(asked("no-such-command", false), PredicateEnd::Fails);
    }

    #[test]
    fn a_command_that_takes_too_long_is_ended() {
        let start = Instant::now();
        assert_eq!(asked("sleep 60; true", false), PredicateEnd::TimedOut);
        assert_eq!(asked("sleep 60; true", true), PredicateEnd::Stopped);
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}
