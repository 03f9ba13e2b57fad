//! The only place that prints: results to the standard output, everything else
//! to the standard error.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;

use clap::builder::StyledStr;
use serde::Serialize;

use crate::cli_error::CliError;
use crate::exit_code::ExitCode;
use crate::format::Format;

/// Where output goes and what it may look like there.
pub struct Console {
    /// How results are written.
    pub format: Format,
    /// How much is said beside the results.
    volume: Volume,
    /// The live line, if there is one: only a terminal has it.
    live: Option<Mutex<LiveLine>>,
    /// Why a result could not be written, if one could not: the first reason.
    failure: Mutex<Option<io::Error>>,
}

/// How much is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Volume {
    /// Results and errors.
    Quiet,
    /// What will be done, and progress, as well.
    #[default]
    Usual,
    /// All failures, places and files as well.
    Verbose,
}

/// The line at the bottom of a terminal that is overwritten in place.
#[derive(Default)]
struct LiveLine {
    shown: bool,
}

/// Longest live line on a terminal of unknown width.
const LIVE_COLUMNS: usize = 79;
/// Characters of a note that are shown: a module may have names of many millions.
const NOTE_CHARS_MAX: usize = 3_000;
/// Return to the first column and clear to the end of the line (ECMA-48, EL).
const CLEAR_LINE: &str = "\r\x1b[K";

impl Console {
    /// A console for results in this format.
    pub fn new(format: Format, volume: Volume) -> Console {
        let terminal = volume != Volume::Quiet
            && io::stderr().is_terminal()
            && std::env::var_os("TERM").is_none_or(|terminal| terminal != "dumb");
        let (live, failure) = (terminal.then(Mutex::default), Mutex::default());
        Console { format, volume, live, failure }
    }

    /// Whether there is a live line, so that progress may be shown often.
    pub fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// Whether all is to be shown, however long.
    pub fn is_verbose(&self) -> bool {
        self.volume == Volume::Verbose
    }

    /// Write a result: `text` for people or `value` for programs.
    pub fn result(&self, text: &str, value: &impl Serialize) {
        match self.format {
            Format::Text => self.text(text),
            Format::Json => self.json(value),
        }
    }

    /// Write text to the standard output.
    pub fn text(&self, text: &str) {
        self.clear();
        self.keep(write_out(text));
    }

    /// Write a value as JSON to the standard output.
    pub fn json(&self, value: &impl Serialize) {
        self.clear();
        // Our own types: the only thing that can fail here is the stream.
        let text = serde_json::to_string_pretty(value).unwrap_or_else(|error| error.to_string());
        self.keep(write_out(&(text + "\n")));
    }

    /// Remember why a result could not be written.
    fn keep(&self, written: io::Result<()>) {
        if let (Err(error), Ok(mut failure)) = (written, self.failure.lock()) {
            failure.get_or_insert(error);
        }
    }

    /// The number to end with: a result that could not be written is no result.
    pub fn finish(&self, code: u8) -> u8 {
        let failure = self.failure.lock().ok().and_then(|mut failure| failure.take());
        let Some(failure) = failure else { return code };
        let error = unwritten(&failure);
        self.say(format_args!("{} {error}", error_word()));
        error.exit_code.code()
    }

    /// Say something beside the results, unless the user asked for quiet.
    pub fn note(&self, text: impl Display) {
        if self.volume != Volume::Quiet {
            self.say(text);
        }
    }

    /// Say something beside the results.
    pub fn say(&self, text: impl Display) {
        self.clear();
        let text = text.to_string();
        ignore_closed(match text.char_indices().nth(NOTE_CHARS_MAX) {
            None => writeln!(io::stderr().lock(), "{text}"),
            Some((end, _)) => {
                let all = text.chars().count();
                writeln!(io::stderr().lock(), "{} … ({all} characters in all)", &text[..end])
            }
        });
    }

    /// Show progress: in place on a terminal, else as a line of its own.
    pub fn progress(&self, text: &str) {
        if self.volume == Volume::Quiet {
            return;
        }
        let Some(live) = &self.live else {
            return ignore_closed(writeln!(io::stderr().lock(), "{text}"));
        };
        let line: String = text.chars().take(live_columns()).collect();
        let mut stderr = io::stderr().lock();
        ignore_closed(write!(stderr, "{CLEAR_LINE}{line}").and_then(|()| stderr.flush()));
        if let Ok(mut live) = live.lock() {
            live.shown = true;
        }
    }

    /// Say why a command failed; returns the number to end with.
    pub fn error(&self, error: &CliError) -> u8 {
        self.say(format_args!("{} {error}", error_word()));
        if self.format == Format::Json {
            self.json(&ErrorReport::of(&error.message, error.exit_code));
        }
        error.exit_code.code()
    }

    fn clear(&self) {
        let Some(Ok(mut live)) = self.live.as_ref().map(Mutex::lock) else { return };
        if std::mem::take(&mut live.shown) {
            ignore_closed(write!(io::stderr().lock(), "{CLEAR_LINE}"));
        }
    }
}

/// Why there is no result, for programs.
#[derive(Serialize)]
struct ErrorReport<'a> {
    error: ErrorMessage<'a>,
}

#[derive(Serialize)]
struct ErrorMessage<'a> {
    message: &'a str,
    exit_code: u8,
}

impl ErrorReport<'_> {
    fn of(message: &str, exit_code: ExitCode) -> ErrorReport<'_> {
        ErrorReport { error: ErrorMessage { message, exit_code: exit_code.code() } }
    }
}

/// Columns of the terminal's line, but for the last: a line that wraps cannot be overwritten.
fn live_columns() -> usize {
    let size = terminal_size::terminal_size_of(io::stderr());
    size.map_or(LIVE_COLUMNS, |(width, _)| usize::from(width.0).saturating_sub(1))
}

/// Print help, a version or an error of the command line; returns the number to end with.
pub fn clap_message(text: &StyledStr, exit_code: ExitCode, format: Format) -> u8 {
    let to_stdout = exit_code == ExitCode::Agree;
    let terminal = if to_stdout { io::stdout().is_terminal() } else { io::stderr().is_terminal() };
    let text = if terminal && wants_color() { text.ansi().to_string() } else { text.to_string() };
    if !to_stdout {
        ignore_closed(io::stderr().lock().write_all(text.as_bytes()));
        if format == Format::Json {
            let report = ErrorReport::of(text.trim().trim_start_matches("error: "), exit_code);
            let text = serde_json::to_string_pretty(&report).unwrap_or_default();
            ignore_closed(write_out(&(text + "\n")));
        }
        return exit_code.code();
    }
    match write_out(&text) {
        Ok(()) => exit_code.code(),
        Err(error) => {
            let error = unwritten(&error);
            ignore_closed(writeln!(io::stderr().lock(), "{} {error}", error_word()));
            error.exit_code.code()
        }
    }
}

/// Say that a panic is our fault, not the user's; returns the number to end with.
/// The panic's own message stands above this one.
pub fn own_fault() -> u8 {
    let version = env!("CARGO_PKG_VERSION");
    ignore_closed(writeln!(
        io::stderr().lock(),
        "{} this is a fault of gainsay {version} itself: please report it, with the message \
         above and the command line",
        error_word()
    ));
    ExitCode::Fault.code()
}

/// Say that Ctrl-C was seen.
pub fn interrupted() {
    ignore_closed(writeln!(
        io::stderr().lock(),
        "\nending: what was found is kept; Ctrl-C again to end at once"
    ));
}

fn error_word() -> &'static str {
    if io::stderr().is_terminal() && wants_color() { "\x1b[1;31merror:\x1b[0m" } else { "error:" }
}

/// <https://no-color.org>: any non-empty value.
fn wants_color() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
}

/// Write to the standard output. A reader that has seen enough (`gainsay … | head`) is no
/// error; a full disk is.
fn write_out(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    // What stays in a buffer would be lost without a word at the end.
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

fn unwritten(error: &io::Error) -> CliError {
    let message = format!("the results cannot be written to the standard output: {error}");
    CliError { exit_code: ExitCode::Fault, message }
}

/// There is nowhere left to report that the standard error cannot be written to.
fn ignore_closed(result: io::Result<()>) {
    drop(result);
}
