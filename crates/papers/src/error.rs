//! Why a paper was not made.

/// Why a paper was not made. Nothing of a record is in the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// A text or a layout has a mistake.
    #[error("{name}, line {line}, column {column}: {message}")]
    Template {
        /// Name of the template, as `Papers::new` asked for it.
        name: String,
        /// Line, from one.
        line: usize,
        /// Column, from one, in characters.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A value has a letter that no font has. A box instead of it would name somebody else.
    #[error("{field} has a letter that none of the fonts has (U+{:04X})", *letter as u32)]
    Letter {
        /// Where the value stands: `rows[3].defendant`.
        field: String,
        /// The first such letter.
        letter: char,
    },
    /// A value is too long for its place.
    #[error("{field} has {characters} characters, which do not fit its place")]
    TooLarge {
        /// Where the value stands.
        field: String,
        /// Its length.
        characters: usize,
    },
    /// The lines of a volume are not whole pages, in order, from the beginning of a page.
    #[error("the lines of this volume do not begin a page or are not numbered without a gap, at {line}")]
    Lines {
        /// Number of the line.
        line: u64,
    },
    /// The document could not be written. The text is the typesetter's.
    #[error("{file}: {message}")]
    Export {
        /// The document.
        file: String,
        /// What is wrong.
        message: String,
    },
}
