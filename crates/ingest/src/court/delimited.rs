//! Cells between delimiters.
//!
//! The reading is strict: a quote inside a value is not guessed at. A value that opens with a quote may go on over lines,
//! but not over so many that one stray quote could swallow the rows below it.

use std::borrow::Cow;

use super::account::CourtRejectReason as Reason;
use super::error::CourtError;
use super::layout::Inner;
use super::lines::{Line, Lines};
use super::table::{Cells, LONGEST_CELL, LONGEST_ROW, Next, Table};
use crate::source::Source;

/// Over how many lines a value may go.
const MOST_LINES: usize = 32;

pub(super) struct Delimited<'s> {
    name: &'s str,
    lines: Lines<'s>,
    delimiter: u8,
    quote: Option<u8>,
    encoding: &'static encoding_rs::Encoding,
    buffer: Vec<u8>,
    cell: Vec<u8>,
}

/// How the bytes of a row were split.
enum Split {
    Done,
    /// The end lies within quotes.
    Open,
    Bad(u32, Reason),
}

impl<'s> Delimited<'s> {
    pub(super) fn new(source: &'s Source, layout: &Inner) -> Self {
        Self {
            name: source.name(),
            lines: Lines::new(source),
            delimiter: layout.delimiter,
            quote: layout.quote,
            encoding: layout.encoding,
            buffer: Vec::new(),
            cell: Vec::new(),
        }
    }

    fn line(&mut self) -> Result<Option<Line>, CourtError> {
        let buffer = std::mem::take(&mut self.buffer);
        self.lines.next(buffer).map_err(|error| CourtError::Io { name: self.name.to_owned(), error })
    }

    fn split(&mut self, row: &[u8], cells: &mut Cells) -> Split {
        let mut rest = row;
        let mut column = 0_u32;
        loop {
            column += 1;
            self.cell.clear();
            let opened = self.quote.is_some() && rest.first() == self.quote.as_ref();
            let more = if let (true, Some(quote)) = (opened, self.quote) {
                rest = rest.get(1..).unwrap_or_default();
                loop {
                    let Some(end) = memchr::memchr(quote, rest) else { return Split::Open };
                    self.cell.extend_from_slice(rest.get(..end).unwrap_or_default());
                    rest = rest.get(end + 1..).unwrap_or_default();
                    if rest.first() != Some(&quote) {
                        break;
                    }
                    self.cell.push(quote);
                    rest = rest.get(1..).unwrap_or_default();
                }
                match rest.split_first() {
                    None => false,
                    Some((byte, after)) if *byte == self.delimiter => {
                        rest = after;
                        true
                    }
                    Some(_) => return Split::Bad(column, Reason::StrayQuote),
                }
            } else {
                let end = memchr::memchr(self.delimiter, rest);
                self.cell.extend_from_slice(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default());
                rest = end.and_then(|end| rest.get(end + 1..)).unwrap_or_default();
                end.is_some()
            };
            if self.cell.len() > LONGEST_CELL {
                return Split::Bad(column, Reason::HugeCell);
            }
            match decode(&self.cell, self.encoding) {
                Ok(text) => cells.push(&text),
                Err(reason) => return Split::Bad(column, reason),
            }
            if !more {
                return Split::Done;
            }
        }
    }
}

/// Bytes as text, without NUL.
pub(super) fn decode<'b>(
    bytes: &'b [u8],
    encoding: &'static encoding_rs::Encoding,
) -> Result<Cow<'b, str>, Reason> {
    if memchr::memchr(0, bytes).is_some() {
        return Err(Reason::Nul);
    }
    if bytes.is_ascii() || encoding == encoding_rs::UTF_8 {
        return std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| Reason::Encoding);
    }
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    if damaged { Err(Reason::Encoding) } else { Ok(text) }
}

impl Table for Delimited<'_> {
    fn next(&mut self, cells: &mut Cells) -> Result<Next, CourtError> {
        let Some(first) = self.line()? else { return Ok(Next::End) };
        let number = first.number;
        cells.clear(number);
        if first.cut || first.bytes.len() > LONGEST_ROW {
            return Ok(Next::Bad { line: number, column: None, reason: Reason::TooLong });
        }
        let split = self.split(&first.bytes, cells);
        let bad = |column, reason| Ok(Next::Bad { line: number, column: Some(column), reason });
        match split {
            Split::Bad(column, reason) => {
                self.buffer = first.bytes;
                return bad(column, reason);
            }
            Split::Done => {
                self.buffer = first.bytes;
                return Ok(if cells.is_blank() { Next::Blank } else { Next::Row });
            }
            Split::Open => {}
        }
        let opened = cells.len() as u32 + 1;
        let mut row = first.bytes;
        let mut taken = Vec::new();
        while taken.len() < MOST_LINES && row.len() < LONGEST_ROW {
            let Some(line) = self.line()? else { break };
            row.push(b'\n');
            row.extend_from_slice(&line.bytes);
            let cut = line.cut;
            taken.push(line);
            if cut {
                break;
            }
            cells.clear(number);
            match self.split(&row, cells) {
                Split::Open => {}
                Split::Done => return Ok(if cells.is_blank() { Next::Blank } else { Next::Row }),
                // The quote that closes is one that opens a value further down.
                Split::Bad(..) => break,
            }
        }
        // Only the line with the quote is lost: those below are read as if it were not there.
        self.lines.give_back(taken);
        bad(opened, Reason::UnclosedQuote)
    }
}
