//! Why a run cannot be made, or a finished one not be read.

use std::path::{Path, PathBuf};
use vacatur_ingest::rows::BlockError;
use vacatur_ingest::source::SourceError;
use vacatur_ingest::survey::SurveyError;

/// An error that ends a run. Nothing is left under a final name.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// An input cannot be opened.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// An input is of another layout, or cannot be read.
    #[error(transparent)]
    Survey(#[from] SurveyError),
    /// An input cannot be read a second time.
    #[error(transparent)]
    Block(#[from] BlockError),
    /// A file of evidence cannot be read, or is no such table.
    #[error("{file}: {what}")]
    Evidence {
        /// The file.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// A file of steps cannot be read, or is no such table.
    #[error("{file}: {what}")]
    Steps {
        /// The file.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// A run from which no lists for the counties can be made.
    #[error("{}: {what}", path.display())]
    Statewide {
        /// The folder of the run.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The previous delivery, or the report on it, cannot be used.
    #[error("{file}: {what}")]
    Previous {
        /// The file.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// Standard input cannot be used.
    #[error("{what}")]
    StandardInput {
        /// What is wrong.
        what: String,
    },
    /// An input has lines, and not one of them is a row.
    #[error(
        "{input}: none of its {lines} lines is a row of an extract ({reason}); name the file that the state delivered"
    )]
    NoRows {
        /// The input.
        input: String,
        /// How many lines were looked at.
        lines: u64,
        /// The first line and what is wrong with it.
        reason: String,
    },
    /// The output folder is there already.
    #[error("{}: the output folder exists; choose another with --out, or remove it first", path.display())]
    FolderExists {
        /// The folder.
        path: PathBuf,
    },
    /// Another run is writing to the same place.
    #[error("{}: another run is writing there; wait for it, or choose another folder with --out", path.display())]
    FolderBusy {
        /// The folder.
        path: PathBuf,
    },
    /// The interrupted run is another one.
    #[error("{}: the run that was interrupted there had other inputs, another policy, day, program or run before; start anew without --resume", path.display())]
    OtherRun {
        /// The folder.
        path: PathBuf,
    },
    /// A file cannot be written: the disk is full, or writing is not permitted.
    #[error("{}: {doing} failed: {error}{}", path.display(), advice(error))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the operating system says.
        error: std::io::Error,
    },
    /// No row is in the county asked for.
    #[error("no row of the input is in the county {county}{}", near.as_ref().map_or_else(|| format!("; the counties in it are {}", seen.join(", ")), |near| format!("; did you mean {near}?")))]
    County {
        /// The county asked for.
        county: String,
        /// The most similar county in the input.
        near: Option<String>,
        /// Counties in the input.
        seen: Vec<String>,
    },
    /// A finished run's folder lacks a file, or holds one that cannot be read.
    #[error("{}: this is not a finished run ({what}); name the folder given to --out", path.display())]
    NotARun {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A run cannot be made again for a check.
    #[error("{}: the run cannot be made again there ({what}); name another folder with --scratch, or check some people with --sample", path.display())]
    Scratch {
        /// Where it was tried.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// The folder of a run is encrypted.
    #[error("{}: the files of this run are encrypted; decrypt them first: vacatur decrypt {} --identity FILE --out DIR", path.display(), path.display())]
    Sealed {
        /// The folder.
        path: PathBuf,
    },
    /// A folder cannot be decrypted.
    #[error("{}: this is not an encrypted run that can be decrypted ({what})", path.display())]
    NotSealed {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A file of keys, recipients or signers cannot be used, or does not fit.
    #[error("{file}: {what}")]
    Key {
        /// The file.
        file: String,
        /// What is wrong with it; nothing of what stands in it.
        what: String,
    },
    /// The run before cannot be used.
    #[error("{}: {what}", path.display())]
    Since {
        /// Its folder.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// An input of a finished run is not where it was, or has changed.
    #[error("{input}: {what}; bring the file back to its place or name its folder with --inputs")]
    InputGone {
        /// The input.
        input: String,
        /// What is wrong.
        what: String,
    },
    /// Nobody in the run has that number.
    #[error("nobody in this run has the subject number or CII number asked for")]
    NoSuchPerson,
    /// The person has no such count in the policy's scope.
    #[error("this person has no count {count} that the policy decides; the counts decided are {}", if known.is_empty() { "none".to_owned() } else { known.join(", ") })]
    NoSuchCount {
        /// The count asked for.
        count: String,
        /// The counts that were decided.
        known: Vec<String>,
    },
    /// The layout lacks a column that the assembly needs.
    #[error("the layout {layout} has no column for {meaning}")]
    Layout {
        /// The layout.
        layout: String,
        /// What is missing.
        meaning: String,
    },
    /// Something that cannot happen did; the run stops rather than go on wrongly.
    #[error("the run stopped because {what}; please report this")]
    Stopped {
        /// What happened, without any value from the input.
        what: String,
    },
}

impl RunError {
    pub(crate) fn write(path: &Path, doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Write { path, doing, error }
    }
}

fn advice(error: &std::io::Error) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            "; make room, or choose a folder on another disk with --out. Nothing was left behind"
        }
        std::io::ErrorKind::PermissionDenied => "; choose a folder in which you may write with --out",
        _ => "",
    }
}
