//! Signals by their names, whatever their numbers are on this system.

#[cfg(unix)]
use rustix::process::Signal;

/// The name of a signal (POSIX.1-2017, `<signal.h>`); `signal 62` for one without.
#[cfg(unix)]
pub(crate) fn name(number: i32) -> String {
    const NAMES: [(Signal, &str); 16] = [
        (Signal::HUP, "SIGHUP"),
        (Signal::INT, "SIGINT"),
        (Signal::QUIT, "SIGQUIT"),
        (Signal::ILL, "SIGILL"),
        (Signal::TRAP, "SIGTRAP"),
        (Signal::ABORT, "SIGABRT"),
        (Signal::BUS, "SIGBUS"),
        (Signal::FPE, "SIGFPE"),
        (Signal::KILL, "SIGKILL"),
        (Signal::SEGV, "SIGSEGV"),
        (Signal::PIPE, "SIGPIPE"),
        (Signal::ALARM, "SIGALRM"),
        (Signal::TERM, "SIGTERM"),
        (Signal::XCPU, "SIGXCPU"),
        (Signal::XFSZ, "SIGXFSZ"),
        (Signal::SYS, "SIGSYS"),
    ];
    let known = NAMES.iter().find(|(signal, _)| signal.as_raw() == number);
    known.map_or_else(|| format!("signal {number}"), |(_, name)| (*name).to_owned())
}

/// Whether a signal comes from the system's memory killer or a person rather than from
/// what the process did.
#[cfg(unix)]
pub(crate) fn is_from_outside(number: i32) -> bool {
    [Signal::KILL, Signal::TERM, Signal::INT].iter().any(|signal| signal.as_raw() == number)
}
