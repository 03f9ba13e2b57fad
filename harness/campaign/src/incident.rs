//! What an end of a worker is called that no case explains.

use gainsay_oracle::normalised_message;
use gainsay_supervisor::WorkerEnd;

/// How much is shown of what a worker said that is not the protocol, in characters.
const SHOWN_MAX: usize = 200;

/// The name under which such ends are counted.
pub(crate) fn incident(end: &WorkerEnd) -> String {
    match end {
        WorkerEnd::KilledFromOutside(_) | WorkerEnd::Interrupted => "worker_killed".to_owned(),
        WorkerEnd::TimedOut => "worker_slow".to_owned(),
        // Memory that no single case explains has leaked over many.
        WorkerEnd::Memory => "worker_memory".to_owned(),
        WorkerEnd::Exited(_) | WorkerEnd::Signalled(_) => format!("worker_ended: {end}"),
        WorkerEnd::Protocol(text) => {
            let shown: String = text.chars().take(SHOWN_MAX).collect();
            format!("worker_protocol: {}", normalised_message(&shown))
        }
    }
}
