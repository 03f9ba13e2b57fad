//! A worker with all that it starts: a process group, where there are such.

use std::process::{Child, Command};

#[cfg(unix)]
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// Let what is started lead a group of its own.
#[cfg(unix)]
pub(crate) fn lead(command: &mut Command) -> &mut Command {
    use std::os::unix::process::CommandExt;
    command.process_group(0)
}

/// Let what is started lead a group of its own.
#[cfg(not(unix))]
pub(crate) fn lead(command: &mut Command) -> &mut Command {
    command
}

/// Kill what is left of the group. Until its leader has been waited for, nobody else has
/// the group's number.
#[cfg(unix)]
pub(crate) fn kill(leader: &Child) {
    // It fails if nothing is left.
    let _ = kill_process_group(Pid::from_child(leader), Signal::KILL);
}

/// Kill what is left of the group.
#[cfg(not(unix))]
pub(crate) fn kill(_leader: &Child) {}

/// Whether the leader has ended; its status stays where it is.
#[cfg(unix)]
pub(crate) fn has_ended(leader: &Child) -> bool {
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let status = waitid(WaitId::Pid(Pid::from_child(leader)), look);
    // Without a child of this number it has been waited for already.
    !matches!(status, Ok(None))
}

/// Whether the leader has ended. Where it cannot be looked at without waiting for it, its
/// output says so.
#[cfg(not(unix))]
pub(crate) fn has_ended(_leader: &Child) -> bool {
    true
}
