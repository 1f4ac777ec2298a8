//! `rejects.csv`: every row or line that could not be used, with its place and the reason.

use crate::error::RunError;
use crate::folder::Output;
use crate::spreadsheet::guard;
use std::io;
use vacatur_ingest::doj::{Unplaced, UnplacedRow};
use vacatur_ingest::reject::{Reject, RejectReason};
use vacatur_ingest::sorter::{Cursor, Fixed, Sorter};
use vacatur_records::{FileIx, OrderError};

/// One line of the file, as numbers. Ordered by place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Line {
    pub(crate) source: u32,
    pub(crate) line: u64,
    /// Counted from 1; 0 if no one column is meant.
    pub(crate) column: u32,
    kind: Kind,
    one: u64,
    other: u64,
}

/// Why, in the order of their numbers in a scratch file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    TooFewColumns,
    TooManyColumns,
    StrayQuote,
    UnclosedQuote,
    NulByte,
    TruncatedLastLine,
    LineTooLong,
    BlankNumber,
    NumberLength,
    NoDigit,
    Duplicate,
}

const KINDS: [Kind; 11] = [
    Kind::TooFewColumns,
    Kind::TooManyColumns,
    Kind::StrayQuote,
    Kind::UnclosedQuote,
    Kind::NulByte,
    Kind::TruncatedLastLine,
    Kind::LineTooLong,
    Kind::BlankNumber,
    Kind::NumberLength,
    Kind::NoDigit,
    Kind::Duplicate,
];

impl Line {
    pub(crate) fn unread(reject: &Reject) -> Self {
        let (kind, one, other) = match reject.reason {
            RejectReason::TooFewColumns { found, expected } => (Kind::TooFewColumns, found, expected),
            RejectReason::TooManyColumns { found, expected } => (Kind::TooManyColumns, found, expected),
            RejectReason::StrayQuote => (Kind::StrayQuote, 0, 0),
            RejectReason::UnclosedQuote => (Kind::UnclosedQuote, 0, 0),
            RejectReason::NulByte => (Kind::NulByte, 0, 0),
            RejectReason::TruncatedLastLine { found, expected } => (Kind::TruncatedLastLine, found, expected),
            RejectReason::LineTooLong { limit } => (Kind::LineTooLong, limit, 0),
        };
        Self::new(reject.source, reject.line, reject.column, kind, (one as u64, other as u64))
    }

    pub(crate) fn unplaced(row: &UnplacedRow) -> Self {
        let (kind, numbers) = match &row.why {
            Unplaced::CountNumber(OrderError::Blank) => (Kind::BlankNumber, (0, 0)),
            Unplaced::CountNumber(OrderError::Length(length)) => (Kind::NumberLength, (*length as u64, 0)),
            Unplaced::CountNumber(OrderError::NotADigit(at)) => (Kind::NoDigit, (*at as u64, 0)),
            Unplaced::Duplicate { of } => (Kind::Duplicate, (u64::from(of.file.0), of.line)),
        };
        Self::new(row.place.file.0, row.place.line, row.column, kind, numbers)
    }

    fn new(source: u32, line: u64, column: Option<usize>, kind: Kind, (one, other): (u64, u64)) -> Self {
        let column = column.map_or(0, |column| u32::try_from(column).unwrap_or(u32::MAX));
        Self { source, line, column, kind, one, other }
    }

    /// Whether the row repeats another.
    pub(crate) fn is_duplicate(&self) -> bool {
        self.kind == Kind::Duplicate
    }

    /// The name of the reason, which never changes.
    pub(crate) fn code(&self) -> &'static str {
        self.says(&[]).0
    }

    /// The name that never changes, and the reason in words.
    fn says(&self, names: &[String]) -> (&'static str, String) {
        let (found, expected) = (self.one as usize, self.other as usize);
        let unread = |reason: RejectReason| (reason.code(), reason.to_string());
        let number = |error: OrderError| ("count_number", error.to_string());
        match self.kind {
            Kind::TooFewColumns => unread(RejectReason::TooFewColumns { found, expected }),
            Kind::TooManyColumns => unread(RejectReason::TooManyColumns { found, expected }),
            Kind::StrayQuote => unread(RejectReason::StrayQuote),
            Kind::UnclosedQuote => unread(RejectReason::UnclosedQuote),
            Kind::NulByte => unread(RejectReason::NulByte),
            Kind::TruncatedLastLine => unread(RejectReason::TruncatedLastLine { found, expected }),
            Kind::LineTooLong => unread(RejectReason::LineTooLong { limit: found }),
            Kind::BlankNumber => number(OrderError::Blank),
            Kind::NumberLength => number(OrderError::Length(found)),
            Kind::NoDigit => number(OrderError::NotADigit(found)),
            Kind::Duplicate => {
                let name = names.get(FileIx(self.one as u32).at()).map_or("", String::as_str);
                ("duplicate_row", format!("the row repeats {name}, line {}; it was used once", self.other))
            }
        }
    }
}

impl Fixed for Line {
    const BYTES: usize = 36;

    fn put(&self, into: &mut [u8]) {
        let kind = self.kind as u32;
        let mut into = Cursor::new(into);
        into.u64(self.line).u64(self.one).u64(self.other).u32(self.source).u32(self.column).u32(kind);
    }

    fn get(from: &[u8]) -> Self {
        let mut from = Cursor::new(from);
        let (line, one, other) = (from.u64(), from.u64(), from.u64());
        let (source, column, kind) = (from.u32(), from.u32(), from.u32());
        let kind = KINDS.get(kind as usize).copied().unwrap_or(Kind::NulByte);
        Self { source, line, column, kind, one, other }
    }
}

/// Writes the whole file, in the order of the inputs and their lines. Returns how many lines there are.
pub(crate) fn write(
    lines: Sorter<Line>,
    names: &[String],
    column_names: &[&str],
    out: &mut Output,
) -> Result<u64, RunError> {
    let path = out.path().to_owned();
    let mut number = 0;
    let written = || -> io::Result<()> {
        let mut out = csv::WriterBuilder::new().from_writer(out);
        out.write_record(["file", "line", "column", "column_name", "kind", "reason"])?;
        for line in lines.finish()? {
            let line = line?;
            let column = if line.column == 0 { String::new() } else { line.column.to_string() };
            let at = (line.column as usize).wrapping_sub(1);
            let column_name = column_names.get(at).copied().unwrap_or("");
            let file = names.get(line.source as usize).map_or("", String::as_str);
            let (code, reason) = line.says(names);
            let place = line.line.to_string();
            let cells = [file, &place, &column, column_name, code, &reason];
            out.write_record(cells.map(guard).iter().map(|cell| cell.as_bytes()))?;
            number += 1;
        }
        out.flush()
    };
    written().map_err(RunError::write(&path, "writing"))?;
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_reject_comes_back_from_a_scratch_file_as_it_was() {
        for (at, kind) in KINDS.into_iter().enumerate() {
            assert_eq!(kind as usize, at);
            let line = Line { source: 3, line: 1 << 40, column: 7, kind, one: 1, other: u64::MAX };
            let mut bytes = [0; Line::BYTES];
            line.put(&mut bytes);
            assert_eq!(Line::get(&bytes), line);
        }
    }
}
