//! Why there is no extract.

use std::fmt::Display;
use std::path::{Path, PathBuf};

/// Why no extract was made. No text holds anything of a person.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// A file of the run cannot be read.
    #[error("{path}: {what}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        what: String,
    },
    /// The folder is no finished run.
    #[error("{path} is not the folder of a finished run: {what}", path = path.display())]
    NotARun {
        /// The folder.
        path: PathBuf,
        /// What is missing.
        what: String,
    },
    /// The run was made before `people.parquet` was written.
    #[error("{path} has no people.parquet: it was made by an older version, so decide again", path = path.display())]
    Older {
        /// The folder.
        path: PathBuf,
    },
    /// The run is encrypted.
    #[error("{path} is encrypted: make a plain copy with `vacatur decrypt` first", path = path.display())]
    Sealed {
        /// The folder.
        path: PathBuf,
    },
    /// A file is not the one that the manifest names.
    #[error("{path} is not the file that the run's manifest names: it was changed since", path = path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A column is missing.
    #[error("{path} has no column `{column}`: it was made by another version, so decide again", path = path.display())]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// People and determinations are not of the same run.
    #[error("people.parquet and determinations.parquet do not belong together: {what}")]
    Apart {
        /// What does not fit.
        what: String,
    },
    /// The run decided nothing.
    #[error("the run has no decided conviction, so that there is nothing to extract")]
    Nothing,
    /// There are fewer people than must be alike.
    #[error(
        "the run decided for fewer than {k} people, and no row may stand for fewer than {k}: no extract can be made of it; \
             decide more people in one run, or ask for a smaller --k"
    )]
    TooFew {
        /// How many people must be alike.
        k: u64,
    },
    /// What would be left says nothing.
    #[error(
        "with k = {k} an extract would either leave out more than {percent} of 100 rows or tell only outcomes: no extract was \
             made; ask for a smaller --k, allow more rows to be left out (--most-lost), or leave a column out (--without)"
    )]
    Useless {
        /// How many people must be alike.
        k: u64,
        /// How many of a hundred rows may be left out.
        percent: f64,
    },
    /// The folder is there already.
    #[error("{path} is there already: choose another folder", path = path.display())]
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// A column that there is not was to be left out.
    #[error("there is no column `{name}` to leave out: there are {known}")]
    NoSuchColumn {
        /// What was given.
        name: String,
        /// The columns that there are.
        known: String,
    },
    /// An output cannot be written.
    #[error("{path} cannot be written: {what}", path = path.display())]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// What went wrong.
        what: String,
    },
    /// The written file does not keep the promise. It was removed.
    #[error(
        "the written extract failed its check and was removed: {what}. This is a mistake in the program, please report it"
    )]
    Failed {
        /// What the check found.
        what: String,
    },
}

impl ExtractError {
    pub(crate) fn unreadable<E: Display>(path: &Path) -> impl FnOnce(E) -> Self {
        let path = path.to_owned();
        move |error| Self::Unreadable { path, what: error.to_string() }
    }

    pub(crate) fn unwritable<E: Display>(path: &Path) -> impl FnOnce(E) -> Self {
        let path = path.to_owned();
        move |error| Self::Unwritable { path, what: error.to_string() }
    }
}
