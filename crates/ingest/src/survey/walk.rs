//! Reading a stretch of a source row by row.
//!
//! What is found from a row start on depends on the bytes from there on and on nothing else: no quote state is carried
//! from row to row. That is what lets stretches be read apart and joined.

use std::io;

use crate::cell::{LooseCells, inside_quotes, trim, value, without_return};
use crate::header::{self, HeaderCheck};
use crate::recover::Verdict;
use crate::reject::{Reject, RejectReason};
use crate::scan::{RowEnd, RowEnds, separators};
use crate::source::Source;

use super::hash::SegmentHash;
use super::part::{Part, WrongHeader};
use super::{Plan, SubjectKey};

/// How many lines are tried as the first row of a segment.
const TRIES: usize = 64;

/// Reads beyond the end of the stretch are rounded up to this only.
const SMALL_READ: u64 = 16 << 10;

/// A reader of one source with a sliding buffer.
pub(super) struct Walker<'a> {
    plan: Plan<'a>,
    source: &'a Source,
    number: u32,
    /// Told how many bytes have been done.
    progress: &'a (dyn Fn(u64) + Sync),
    hash: Option<SegmentHash>,
    /// The buffer holds the source's bytes from `base` on, `have` of them.
    buffer: Vec<u8>,
    base: u64,
    have: usize,
    /// Where the stretch ends: reading goes on in small steps from there.
    limit: u64,
    ends: RowEnds,
}

impl<'a> Walker<'a> {
    pub(super) fn new(
        plan: Plan<'a>,
        source: &'a Source,
        number: u32,
        progress: &'a (dyn Fn(u64) + Sync),
        hash: Option<SegmentHash>,
    ) -> Self {
        let ends = RowEnds::default();
        Self { plan, source, number, progress, hash, buffer: Vec::new(), base: 0, have: 0, limit: 0, ends }
    }

    /// How far beyond its beginning it has read.
    #[cfg(test)]
    pub(super) fn held(&self) -> u64 {
        self.base + self.have as u64
    }

    /// The hash of the bytes read, if it was asked for. Reads what no row had need of.
    pub(super) fn finish_hash(&mut self) -> io::Result<Option<super::hash::Piece>> {
        while let Some(at) = self.hash.as_ref().and_then(SegmentHash::missing) {
            self.fill(at, self.plan.tuning.read)?;
        }
        Ok(self.hash.as_ref().map(SegmentHash::finish))
    }

    /// Where the first row at or after `start` probably begins: the first line on which a well-formed row begins,
    /// or, if there is none near, the first line. Only a guess: the line may be in the middle of a quoted field.
    pub(super) fn guess(&mut self, start: u64, limit: u64) -> io::Result<Option<u64>> {
        self.limit = limit;
        let mut at = start.saturating_sub(1);
        let mut first = None;
        for _ in 0..TRIES {
            // Not beyond the segment: a line of a gigabyte would be searched for its end once for each segment in it.
            let Some(line) = self.next_line(at, limit)? else { break };
            if line >= limit {
                break;
            }
            first.get_or_insert(line);
            if matches!(self.judge(line)?, Verdict::Row { .. }) {
                return Ok(Some(line));
            }
            at = line;
        }
        Ok(first)
    }

    /// Reads rows from `start`, where a row begins, until one begins at or after `limit`.
    pub(super) fn walk(&mut self, start: u64, limit: u64) -> io::Result<Part> {
        self.limit = limit;
        let tuning = self.plan.tuning;
        let mut part = Part::starting_at(start);
        let mut window = tuning.window;
        let stop = limit.min(self.source.len());
        while part.end < stop {
            // Not far beyond the limit: the next stretch reads that.
            let to_limit = usize::try_from(stop - part.end).unwrap_or(usize::MAX);
            let slack = if window < tuning.window { window } else { tuning.small_window.max(window >> 5) };
            self.fill(part.end, window.min(to_limit.saturating_add(slack)))?;
            let from = (part.end - self.base) as usize;
            let to = self.have.min(from.saturating_add(window));
            let to_end = self.base + to as u64 == self.source.len();
            let mut ends = std::mem::take(&mut self.ends);
            ends.scan(&self.buffer[from..to], self.plan.form.separator);
            let (done, confused) = self.rows(&mut part, &ends, from, to, to_end, stop)?;
            let bad = ends.bad.is_some();
            self.ends = ends;
            if part.end >= stop {
                break;
            }
            if confused {
                window = tuning.small_window;
                continue;
            }
            let left = to - done;
            if bad || (to_end && left > 0) || left > self.plan.form.longest {
                // The row that begins here does not end in sight and never will, or it ends with the file.
                self.slow(&mut part)?;
                window = tuning.small_window;
            } else if done == from {
                window = window.saturating_mul(2);
            } else {
                window = (window * 2).min(tuning.window);
            }
        }
        Ok(part)
    }

    /// Takes in the rows that the scan found between places `from` and `to` of the buffer. Returns the place after the
    /// last one, and whether the scan must begin again there.
    fn rows(
        &mut self,
        part: &mut Part,
        ends: &RowEnds,
        from: usize,
        to: usize,
        to_end: bool,
        stop: u64,
    ) -> io::Result<(usize, bool)> {
        let separators = self.plan.form.columns as u32 - 1;
        let mut at = from;
        for row_end in &ends.rows {
            if part.end >= stop {
                break;
            }
            let end = from + row_end.end as usize;
            if row_end.seps == separators && end - at <= self.plan.form.longest {
                self.row(part, at, end, *row_end);
                at = end + 1;
                continue;
            }
            let verdict = self.plan.form.judge(&self.buffer[at..to], to_end);
            let newline = memchr::memchr(b'\n', &self.buffer[at..=end]).map_or(end, |n| at + n);
            if newline - at > self.plan.form.longest {
                self.slow(part)?;
                return Ok((at, true));
            }
            self.no_row(part, verdict, at, newline, true);
            at = newline + 1;
            if newline != end {
                return Ok((at, true));
            }
        }
        Ok((at, false))
    }

    /// Takes in the row between two places of the buffer. It is well-formed.
    #[inline]
    fn row(&mut self, part: &mut Part, at: usize, end: usize, row_end: RowEnd) {
        let line = &self.buffer[at..end];
        part.line_end(line);
        if row_end.high {
            part.characters(line, false);
        }
        self.take(part, at, end, end + 1, row_end.lines);
    }

    /// Takes in a well-formed row, unless it is a header. `next` is the place after its line end.
    #[inline]
    fn take(&self, part: &mut Part, at: usize, end: usize, next: usize, lines: u32) {
        let line = &self.buffer[at..end];
        let bytes = (next - at) as u64;
        let cell = self.subject_cell(line);
        let subject = match memchr::memchr(b'"', cell) {
            None => SubjectKey::of(cell, self.plan.layout),
            Some(_) => SubjectKey::of(&unescaped(cell), self.plan.layout),
        };
        // A header has a column's name where others have the person.
        if cell.first().is_some_and(u8::is_ascii_alphabetic)
            && self.plan.layout.columns().iter().any(|c| c.name.as_bytes().eq_ignore_ascii_case(cell))
            && self.is_header(part, line)
        {
            part.headers += 1;
            part.end += bytes;
            part.lines += u64::from(lines);
            return;
        }
        part.row(self.number, subject, bytes, lines);
    }

    /// The subject's cell of a well-formed row, unquoted and trimmed, doubled quotes still doubled.
    #[inline]
    fn subject_cell<'r>(&self, row: &'r [u8]) -> &'r [u8] {
        let (separator, subject) = (self.plan.form.separator, self.plan.layout.subject());
        let cell = 'found: {
            // Nearly always the cell ends within the first 64 bytes, and one look at them will do.
            if let Some(word) = row.first_chunk::<64>() {
                let mut seps = separators(word, separator);
                let mut start = 0;
                for _ in 0..subject {
                    start = seps.trailing_zeros() as usize + 1;
                    seps &= seps.wrapping_sub(1);
                }
                if seps != 0 {
                    break 'found &row[start..seps.trailing_zeros() as usize];
                }
            }
            let mut rest = row;
            for _ in 0..subject {
                rest = rest.get(cell_len(rest, separator) + 1..).unwrap_or_default();
            }
            rest.get(..cell_len(rest, separator)).unwrap_or_default()
        };
        // Only the last column of a layout can have the line end's return in it.
        trim(inside_quotes(without_return(cell)))
    }

    #[cold]
    fn is_header(&self, part: &mut Part, row: &[u8]) -> bool {
        let row = without_return(row);
        match header::check(LooseCells::new(row, self.plan.form.separator), self.plan.layout) {
            HeaderCheck::Data => false,
            HeaderCheck::Header => true,
            HeaderCheck::Mismatch(mismatches) => {
                part.wrong_header.get_or_insert(WrongHeader { line: part.lines + 1, mismatches });
                true
            }
        }
    }

    /// Reads what begins at the end of the part by the strict rule.
    #[cold]
    fn slow(&mut self, part: &mut Part) -> io::Result<()> {
        let start = part.end;
        let verdict = self.judge(start)?;
        let longest = self.plan.form.longest;
        if let Verdict::Row { end } = verdict {
            let at = (start - self.base) as usize;
            let row = &self.buffer[at..at + end];
            part.characters(row, false);
            let mut lines = memchr::memchr_iter(b'\n', row).count() as u32 + 1;
            let mut next = at + end + 1;
            if next > self.have {
                // The last row of a file without a last line end.
                next = self.have;
            } else {
                part.line_end(row);
            }
            lines = lines.max(1);
            self.take(part, at, at + end, next, lines);
            return Ok(());
        }
        // The physical line, of which no more than a row's length is looked at.
        let mut wanted = self.plan.tuning.small_window;
        loop {
            self.fill(start, wanted)?;
            let at = (start - self.base) as usize;
            let to = self.have.min(at + longest + 1);
            if let Some(newline) = memchr::memchr(b'\n', &self.buffer[at..to]) {
                self.no_row(part, verdict, at, at + newline, true);
                return Ok(());
            }
            if self.base + to as u64 == self.source.len() {
                self.no_row(part, verdict, at, to, false);
                return Ok(());
            }
            if to - at > longest {
                let next = self.next_line(start + longest as u64, self.source.len())?;
                let end = next.unwrap_or(self.source.len());
                self.long_line(part, verdict, end, next.is_some())?;
                return Ok(());
            }
            wanted = wanted.saturating_mul(2).max(to - at + 1);
        }
    }

    /// Takes in a physical line, between two places of the buffer, that is no row.
    fn no_row(&self, part: &mut Part, verdict: Verdict, at: usize, end: usize, newline: bool) {
        let line = &self.buffer[at..end];
        if newline {
            part.line_end(line);
        }
        match verdict {
            Verdict::Reject { reason, column } => {
                part.characters(line, false);
                let line = without_return(line);
                part.rejects.push(self.reject(part, line, line.len() as u64, reason, column));
            }
            Verdict::Blank | Verdict::Row { .. } | Verdict::More => part.blank_lines += 1,
        }
        part.end += (end - at) as u64 + u64::from(newline);
        part.lines += 1;
    }

    /// Takes in a physical line that is longer than any row, and ends before `next`.
    fn long_line(&mut self, part: &mut Part, verdict: Verdict, next: u64, newline: bool) -> io::Result<()> {
        let start = part.end;
        let longest = self.plan.form.longest;
        let mut line = vec![0; longest];
        let got = self.source.read_at(start, &mut line)?;
        line.truncate(got);
        part.characters(&line, true);
        let mut bytes = next - start - u64::from(newline);
        if newline {
            let mut last = [0];
            self.source.read_at(next - 2, &mut last)?;
            part.line_end(&last);
            bytes -= u64::from(last == *b"\r");
        }
        let (reason, column) = match verdict {
            Verdict::Reject { reason, column } => (reason, column),
            Verdict::Row { .. } | Verdict::Blank | Verdict::More => {
                (RejectReason::LineTooLong { limit: longest }, None)
            }
        };
        part.rejects.push(self.reject(part, &line, bytes, reason, column));
        part.end = next;
        part.lines += 1;
        Ok(())
    }

    fn reject(
        &self,
        part: &Part,
        line: &[u8],
        bytes: u64,
        reason: RejectReason,
        column: Option<usize>,
    ) -> Reject {
        let subject = LooseCells::new(line, self.plan.form.separator)
            .nth(self.plan.layout.subject())
            .filter(|cell| !cell.contains(&0))
            .and_then(|cell| SubjectKey::of(&value(cell), self.plan.layout));
        Reject { source: self.number, line: part.lines + 1, offset: part.end, bytes, column, reason, subject }
    }

    /// The strict verdict on the row that begins at `at`, with as much of it read as that takes.
    fn judge(&mut self, at: u64) -> io::Result<Verdict> {
        let longest = self.plan.form.longest;
        let mut wanted = self.plan.tuning.small_window;
        loop {
            self.fill(at, wanted)?;
            let from = (at - self.base) as usize;
            let to = self.have.min(from + longest + 1);
            let to_end = self.base + to as u64 == self.source.len();
            let verdict = self.plan.form.judge(&self.buffer[from..to], to_end);
            if verdict != Verdict::More || to - from > longest {
                return Ok(verdict);
            }
            wanted = wanted.saturating_mul(2).max(to - from + 1);
        }
    }

    /// Where the line after the next newline at or after `at` begins. None if there is no newline before `limit`.
    fn next_line(&mut self, mut at: u64, limit: u64) -> io::Result<Option<u64>> {
        while at < limit.min(self.source.len()) {
            self.fill(at, self.plan.tuning.small_window)?;
            let from = (at - self.base) as usize;
            if let Some(newline) = memchr::memchr(b'\n', &self.buffer[from..self.have]) {
                return Ok(Some(at + newline as u64 + 1));
            }
            at = self.base + self.have as u64;
        }
        Ok(None)
    }

    /// Makes sure that the buffer holds `wanted` bytes from `at` on, or all there are. `at` never goes back, and never
    /// beyond what has been read.
    fn fill(&mut self, at: u64, wanted: usize) -> io::Result<()> {
        let len = self.source.len();
        let needed = at.saturating_add(wanted as u64).min(len);
        let mut has = self.base + self.have as u64;
        if at >= self.base && needed <= has {
            return Ok(());
        }
        if at >= self.base && at <= has {
            let keep = (at - self.base) as usize;
            self.buffer.copy_within(keep..self.have, 0);
            self.have -= keep;
        } else {
            self.have = 0;
            has = at;
        }
        self.base = at;
        let step = if needed > self.limit { SMALL_READ } else { self.plan.tuning.read as u64 };
        let upto = needed.next_multiple_of(step.max(1)).min(len);
        let fresh = self.have..self.have + (upto - has) as usize;
        if self.buffer.len() < fresh.end {
            self.buffer.resize(fresh.end, 0);
        }
        let got = self.source.read_at(has, &mut self.buffer[fresh.clone()])?;
        if got < fresh.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.have = fresh.end;
        if let Some(hash) = &mut self.hash {
            let done = hash.update(has, &self.buffer[fresh]);
            if done > 0 {
                (self.progress)(done);
            }
        }
        Ok(())
    }
}

/// The length of the first cell of what is left of a well-formed row.
#[inline]
fn cell_len(rest: &[u8], separator: u8) -> usize {
    let mut quoted = false;
    for (at, &byte) in rest.iter().enumerate() {
        if byte == b'"' {
            quoted = !quoted;
        } else if byte == separator && !quoted {
            return at;
        }
    }
    rest.len()
}

/// A value with its doubled quotes made single.
fn unescaped(inner: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(inner.len());
    crate::cell::push_single_quotes(inner, &mut out);
    trim(&out).to_vec()
}
