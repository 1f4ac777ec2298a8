//! What ends a packet.

use crate::authorize::AuthorizeError;
use crate::court::CourtError;
use std::io;
use std::path::{Path, PathBuf};
use vacatur_pipeline::RunError;

/// Why there is no packet.
#[derive(Debug, thiserror::Error)]
pub enum PacketError {
    /// The run cannot be read.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The authorizations cannot be read.
    #[error(transparent)]
    Authorize(#[from] AuthorizeError),
    /// A court profile cannot be used.
    #[error(transparent)]
    Court(#[from] CourtError),
    /// Nothing is authorized.
    #[error(
        "nobody has authorized anything of this run, and nothing is filed without it. Record who does:\n  vacatur authorize {} --by NAME --title TITLE --under AUTHORITY --all",
        run.display()
    )]
    NotAuthorized {
        /// The run.
        run: PathBuf,
    },
    /// The folder exists.
    #[error("{}: the folder exists; choose another with --out, or remove it first", path.display())]
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// A folder of that name is no unfinished packet.
    #[error("{}: there is a folder of this name that is no unfinished packet; move it away", path.display())]
    NotOurs {
        /// The folder.
        path: PathBuf,
    },
    /// Another program makes it.
    #[error("{}: another program is making this packet; wait for it, or choose another folder", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// An unfinished packet is of something else.
    #[error(
        "{}: the unfinished packet is of another run, of other authorizations or of other settings; leave out --resume to begin anew",
        path.display()
    )]
    Other {
        /// The folder.
        path: PathBuf,
    },
    /// A file cannot be read.
    #[error("{}: {what}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        what: String,
    },
    /// A file cannot be written.
    #[error("{}: {error}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A paper could not be typeset.
    #[error("{paper}: {what}")]
    Paper {
        /// Which.
        paper: String,
        /// Why.
        what: String,
    },
    /// The numbers do not add up. This is a mistake of the program.
    #[error("the packet was not made, because its numbers do not add up: {0}. Please report this")]
    Sum(String),
}

impl PacketError {
    /// For `map_err`: writing this failed.
    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |error| Self::Write { path, error }
    }

    /// For `map_err`: reading this failed.
    pub(crate) fn read<E: std::fmt::Display>(path: &Path) -> impl FnOnce(E) -> Self + use<E> {
        let path = path.to_owned();
        move |error| Self::Read { path, what: error.to_string() }
    }
}
