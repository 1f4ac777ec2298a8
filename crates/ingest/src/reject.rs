//! Lines that cannot be read as a row: where they are and why.

use std::fmt;

use crate::survey::SubjectKey;

/// One physical line that was not read as a row. It holds no text of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The source, by its place in the list given.
    pub source: u32,
    /// The physical line, counted from 1.
    pub line: u64,
    /// Where the line begins, in decoded bytes from the source's start.
    pub offset: u64,
    /// The length of the line in bytes, without its line end.
    pub bytes: u64,
    /// The column in which the trouble was noticed, counted from 1, where there is one.
    pub column: Option<usize>,
    /// What the trouble is.
    pub reason: RejectReason,
    /// Whose row it would have been, where the line still says so. With a column too many or too few this is a hint.
    pub subject: Option<SubjectKey>,
}

/// Why a line is not a row. The words are for a clerk who looks at the line in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RejectReason {
    /// The row ends before its last column.
    TooFewColumns {
        /// How many columns there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// The row goes on after its last column.
    TooManyColumns {
        /// How many columns there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A quote inside a value, or text right after a closing quote.
    StrayQuote,
    /// A value opens with a quote that is never closed, or only by a quote on a later line that opens another value.
    UnclosedQuote,
    /// A NUL byte.
    NulByte,
    /// The file ends within the row.
    TruncatedLastLine {
        /// How many columns there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// The row is longer than any row can be.
    LineTooLong {
        /// The most bytes that a row may have.
        limit: usize,
    },
}

impl RejectReason {
    /// A short name that never changes, for tables and counts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooFewColumns { .. } => "too_few_columns",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::StrayQuote => "stray_quote",
            Self::UnclosedQuote => "unclosed_quote",
            Self::NulByte => "nul_byte",
            Self::TruncatedLastLine { .. } => "truncated_last_line",
            Self::LineTooLong { .. } => "line_too_long",
        }
    }
}

impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewColumns { found, expected } => {
                write!(f, "the row has {found} columns where {expected} belong; a value or a separator is missing")
            }
            Self::TooManyColumns { found, expected } => {
                write!(f, "the row has {found} columns where {expected} belong; a value with a comma may lack its quotes")
            }
            Self::StrayQuote => f.write_str(
                "a quotation mark stands inside a value; a value that holds one must be quoted and the mark doubled",
            ),
            Self::UnclosedQuote => f.write_str("a value opens with a quotation mark that is not closed"),
            Self::NulByte => f.write_str("the line holds a NUL byte, which no text has; the file may be damaged"),
            Self::TruncatedLastLine { found, expected } => write!(
                f,
                "the file ends in the middle of this row, in column {found} of {expected}; the copy may be incomplete"
            ),
            Self::LineTooLong { limit } => write!(f, "the row is longer than {limit} bytes"),
        }
    }
}
