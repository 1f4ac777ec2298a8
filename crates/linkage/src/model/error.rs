//! What may be wrong with a model.

/// Why a model cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// It is not TOML, or has a key or value that no model has.
    #[error("the model cannot be read, line {line}: {what}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        what: String,
    },
    /// It can be read, and does not make sense.
    #[error("the model does not hold together, {place}: {what}")]
    Meaning {
        /// Where: `comparison 'family name', level 3`.
        place: String,
        /// What is wrong, and what to do.
        what: String,
    },
    /// The records were read for another model.
    #[error(
        "the model was made for other columns: {what}; read the files with this model, or train a model for them"
    )]
    Columns {
        /// Which fields differ.
        what: String,
    },
    /// It has no parameters yet.
    #[error("the model is not trained: {what}; train it first, or set fixed_m and fixed_u")]
    Untrained {
        /// What is missing.
        what: String,
    },
    /// It cannot be written.
    #[error("the model cannot be written: {0}")]
    Unwritable(String),
}
