//! What is a row and what is not: the strict reading, byte by byte.
//!
//! A row is well-formed when every quote opens or closes a field (two of them inside a quoted field stand for one),
//! every quoted field is closed and followed by a delimiter or the row's end, it has exactly the layout's number of
//! columns, holds no NUL, and is not longer than the limit. A line end is `\n`, with a `\r` before it if there is one,
//! or the end of the file.
//!
//! If the row that begins at a line is not well-formed, that one physical line is rejected and reading goes on at the
//! next with fresh quote state. So a stray quote never costs more than its own line.
//!
//! The survey reads by bit masks (`scan`) and comes here only with what looked wrong.

use crate::reject::RejectReason;

/// The longest row, line end not counted: 1 MiB, a thousand times the usual length.
pub(crate) const LONGEST_ROW: usize = 1 << 20;

/// What a row must be like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form {
    pub(crate) columns: usize,
    pub(crate) separator: u8,
    pub(crate) longest: usize,
}

/// The strict reading of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Well-formed; `end` is the place of its newline, or the length of the bytes at the end of the file.
    Row { end: usize },
    /// The line holds nothing but blanks.
    Blank,
    /// The physical line is not a row. The column is counted from 1.
    Reject { reason: RejectReason, column: Option<usize> },
    /// The bytes end before the row does, and the file goes on.
    More,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// After a quote inside a quoted field.
    AfterQuote,
    /// After that quote and a carriage return.
    AfterReturn,
}

impl Form {
    /// Reads the row that begins at the first byte. `to_end` says that the file ends where the bytes do.
    pub(crate) fn judge(&self, bytes: &[u8], to_end: bool) -> Verdict {
        if let Some(verdict) = self.blank(bytes, to_end) {
            return verdict;
        }
        let mut state = State::FieldStart;
        let mut column = 1;
        // Whether the field at hand, or the row, has gone past the end of its first physical line.
        let (mut later_line, mut row_later_line) = (false, false);
        let reject = |reason, column| Verdict::Reject { reason, column: Some(column) };
        let stray = |later| if later { RejectReason::UnclosedQuote } else { RejectReason::StrayQuote };
        for (at, &byte) in bytes.iter().enumerate() {
            if at >= self.longest && (state == State::Quoted || byte != b'\n') {
                return if state == State::Quoted && row_later_line {
                    reject(RejectReason::UnclosedQuote, column)
                } else {
                    Verdict::Reject {
                        reason: RejectReason::LineTooLong { limit: self.longest },
                        column: None,
                    }
                };
            }
            if byte == 0 {
                return reject(RejectReason::NulByte, column);
            }
            state = match (state, byte) {
                (State::Quoted, b'"') => State::AfterQuote,
                (State::Quoted, _) => {
                    later_line |= byte == b'\n';
                    row_later_line |= later_line;
                    State::Quoted
                }
                (State::AfterQuote, b'"') => State::Quoted,
                (State::FieldStart, b'"') => State::Quoted,
                (State::Plain | State::AfterReturn, b'"') => return reject(stray(later_line), column),
                (_, b'\n') => return self.count(column, at),
                (State::AfterReturn, _) => return reject(stray(later_line), column),
                (_, b) if b == self.separator => {
                    column += 1;
                    later_line = false;
                    State::FieldStart
                }
                (State::AfterQuote, b'\r') => State::AfterReturn,
                (State::AfterQuote, _) => return reject(stray(later_line), column),
                (State::FieldStart | State::Plain, _) => State::Plain,
            };
        }
        if !to_end {
            return Verdict::More;
        }
        match state {
            State::Quoted if row_later_line => reject(RejectReason::UnclosedQuote, column),
            State::Quoted => reject(self.truncated(column), column),
            _ if column < self.columns && !row_later_line => reject(self.truncated(column), column),
            _ => self.count(column, bytes.len()),
        }
    }

    /// A line of nothing but blanks, or of the mark with which old systems end a file.
    fn blank(&self, bytes: &[u8], to_end: bool) -> Option<Verdict> {
        for (at, &byte) in bytes.iter().enumerate() {
            match byte {
                b'\n' => return Some(Verdict::Blank),
                _ if at >= self.longest || byte == self.separator => return None,
                b' ' | b'\t' | b'\r' | 0x1a => {}
                _ => return None,
            }
        }
        Some(if to_end { Verdict::Blank } else { Verdict::More })
    }

    fn count(&self, found: usize, end: usize) -> Verdict {
        let expected = self.columns;
        let (reason, column) = match found.cmp(&expected) {
            std::cmp::Ordering::Equal => return Verdict::Row { end },
            std::cmp::Ordering::Less => (RejectReason::TooFewColumns { found, expected }, found),
            std::cmp::Ordering::Greater => (RejectReason::TooManyColumns { found, expected }, expected + 1),
        };
        Verdict::Reject { reason, column: Some(column) }
    }

    fn truncated(&self, found: usize) -> RejectReason {
        RejectReason::TruncatedLastLine { found, expected: self.columns }
    }
}

#[cfg(test)]
#[path = "recover_tests.rs"]
mod tests;
