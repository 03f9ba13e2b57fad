//! Why a campaign's directory cannot be used.

use std::io;
use std::path::PathBuf;

/// Why a campaign's directory cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// A file or directory of the campaign cannot be read or written.
    #[error("cannot {act} {path:?}: {source}")]
    Storage {
        /// `read`, `write`, `create` ...
        act: &'static str,
        /// What it was done to.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The directory holds a campaign already.
    #[error("{0:?} already holds a campaign: resume it with --resume, or choose another directory")]
    Occupied(PathBuf),
    /// Another process writes to the directory.
    #[error(
        "{0:?} is in use by another gainsay process: wait until it ends, stop it, or choose \
         another directory"
    )]
    Locked(PathBuf),
    /// Its path cannot be written down.
    #[error(
        "{0:?} is not valid Unicode, so the summary could not name it: choose another directory"
    )]
    NotUnicode(PathBuf),
    /// The directory holds no campaign.
    #[error("{0:?} does not hold a campaign")]
    NoCampaign(PathBuf),
    /// The directory was written by another version of the format.
    #[error(
        "{path:?} has campaign format {found}, but this program reads format {known}: use the version \
         of gainsay that wrote it, or start a new campaign"
    )]
    Format {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: String,
        /// The format that can be read.
        known: u32,
    },
    /// A file of the directory is not what it should be.
    #[error("{path:?} is damaged: {reason}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}
