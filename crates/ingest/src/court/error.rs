//! Why a layout, or a file by it, cannot be read at all.

use std::io;

use crate::source::SourceError;

/// A mistake in a layout document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}{}: {what}", line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct LayoutProblem {
    /// The document's name or path.
    pub place: String,
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong and what would do.
    pub what: String,
}

/// What ends the reading of a court's file. No text holds anything of a file's content, but for the names in its header.
#[derive(Debug, thiserror::Error)]
pub enum CourtError {
    /// It cannot be opened.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// It cannot be read on, or the scratch directory cannot be written to.
    #[error("{name}: {error}")]
    Io {
        /// The file.
        name: String,
        /// What the operating system says.
        error: io::Error,
    },
    /// The columns of the file are not those of the layout.
    #[error("{name}: the layout {layout} does not fit: {what}")]
    DoesNotFit {
        /// The file.
        name: String,
        /// The layout's name.
        layout: String,
        /// Which columns are missing, which are unknown, and which names are near.
        what: String,
    },
    /// The file is damaged, or made to do harm.
    #[error("{name}, line {line}: {what}")]
    Damaged {
        /// The file.
        name: String,
        /// The line, or the row of a sheet; from 1. 0 if the trouble is in no line.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// More rows cannot be read than any transfer spoils.
    #[error(
        "{name}: {count} rows cannot be read, the last at line {line} because {reason}; the layout {layout} does not fit \
         this file, or the file is spoiled"
    )]
    TooManyRejects {
        /// The file.
        name: String,
        /// The layout's name.
        layout: String,
        /// How many.
        count: usize,
        /// Where the last of them is.
        line: u64,
        /// Why the last of them cannot be read.
        reason: String,
    },
}
