//! Lines of fixed width.

use super::account::CourtRejectReason as Reason;
use super::delimited::decode;
use super::error::CourtError;
use super::layout::Inner;
use super::lines::Lines;
use super::table::{Cells, LONGEST_ROW, Next, Table};
use crate::source::Source;

pub(super) struct Fixed<'s> {
    name: &'s str,
    lines: Lines<'s>,
    /// Where each column begins, from 0, and its width, in characters.
    columns: Vec<(usize, usize)>,
    length: usize,
    pad: bool,
    encoding: &'static encoding_rs::Encoding,
    buffer: Vec<u8>,
}

impl<'s> Fixed<'s> {
    pub(super) fn new(source: &'s Source, layout: &Inner) -> Self {
        Self {
            name: source.name(),
            lines: Lines::new(source),
            columns: layout.columns.iter().map(|c| (c.start as usize, c.width as usize)).collect(),
            length: layout.record_length as usize,
            pad: layout.pad,
            encoding: layout.encoding,
            buffer: Vec::new(),
        }
    }
}

impl Table for Fixed<'_> {
    fn next(&mut self, cells: &mut Cells) -> Result<Next, CourtError> {
        let line = self.lines.next(std::mem::take(&mut self.buffer));
        let Some(line) = line.map_err(|error| CourtError::Io { name: self.name.to_owned(), error })? else {
            return Ok(Next::End);
        };
        cells.clear(line.number);
        let bad = |reason| Ok(Next::Bad { line: line.number, column: None, reason });
        if line.cut || line.bytes.len() > LONGEST_ROW {
            return bad(Reason::TooLong);
        }
        let next = match decode(&line.bytes, self.encoding) {
            Err(reason) => return bad(reason),
            Ok(text) => {
                if text.trim().is_empty() {
                    Next::Blank
                } else {
                    // Where each character begins: a cell is so many characters, not bytes.
                    let starts: Vec<usize> =
                        text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
                    let found = starts.len() - 1;
                    let expected = self.length;
                    if found < expected && !self.pad {
                        return bad(Reason::ShortLine { found: found as u32, expected: expected as u32 });
                    }
                    let end = starts.get(expected).copied().unwrap_or(text.len());
                    if !text.get(end..).unwrap_or_default().trim().is_empty() {
                        return bad(Reason::LongLine { found: found as u32, expected: expected as u32 });
                    }
                    let at = |place: usize| starts.get(place).copied().unwrap_or(text.len());
                    for (start, width) in &self.columns {
                        cells.push(text.get(at(*start)..at(start + width)).unwrap_or_default());
                    }
                    if cells.is_blank() { Next::Blank } else { Next::Row }
                }
            }
        };
        self.buffer = line.bytes;
        Ok(next)
    }
}
