//! Why files cannot be linked.

use vacatur_pipeline::RunError;

/// An error that ends the linking. Nothing is left under a final name.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// The state's file cannot be read, or the folder not be written.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The court's file cannot be read.
    #[error("{0}")]
    Court(String),
    /// The linker cannot do it: a rule that makes too many pairs, a model for other columns, training that does not
    /// settle.
    #[error("{0}")]
    Linkage(String),
    /// A review sheet cannot be used.
    #[error("{file}: {what}")]
    Answers {
        /// The file.
        file: String,
        /// What is wrong, with the line.
        what: String,
    },
    /// One side is empty.
    #[error("{0}")]
    Empty(String),
}
