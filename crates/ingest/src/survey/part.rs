//! What was found in a stretch of a source, and putting neighbouring stretches together.

use crate::header::HeaderMismatch;
use crate::reject::Reject;

use super::{Encoding, LineEnds, Run, SubjectKey};

/// The findings of one stretch: whole rows and lines from `start` to `end`. Lines are counted from the stretch's own
/// first line until the stretch is joined to what comes before it.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) lines: u64,
    pub(super) rows: u64,
    pub(super) blank_lines: u64,
    pub(super) headers: u64,
    pub(super) wrong_header: Option<WrongHeader>,
    pub(super) crlf: bool,
    pub(super) lf: bool,
    pub(super) beyond_ascii: bool,
    pub(super) not_utf8: bool,
    pub(super) runs: Vec<Run>,
    pub(super) rejects: Vec<Reject>,
    /// Rejects that have been handed on and are no longer in `rejects`.
    handed_on: u64,
}

/// A header of another layout, and its line.
#[derive(Debug)]
pub(super) struct WrongHeader {
    pub(super) line: u64,
    pub(super) mismatches: Vec<HeaderMismatch>,
}

impl Part {
    pub(super) fn starting_at(start: u64) -> Self {
        Self { start, end: start, ..Self::default() }
    }

    /// Takes in the next row.
    #[inline]
    pub(super) fn row(&mut self, source: u32, subject: Option<SubjectKey>, bytes: u64, lines: u32) {
        self.rows += 1;
        let run = Run { subject, offset: self.end, bytes, first_line: self.lines + 1, rows: 1, source };
        self.push_run(run);
        self.end += bytes;
        self.lines += u64::from(lines);
    }

    /// Takes in a run that follows all others; it becomes one with the last if it is the same person's and adjoins.
    #[inline]
    fn push_run(&mut self, run: Run) {
        if let Some(last) = self.runs.last_mut()
            && run.subject.is_some()
            && last.subject == run.subject
            && last.offset + last.bytes == run.offset
            && let Some(rows) = last.rows.checked_add(run.rows)
        {
            last.bytes += run.bytes;
            last.rows = rows;
        } else {
            self.runs.push(run);
        }
    }

    /// Notes a line end by the bytes before the newline.
    #[inline]
    pub(super) fn line_end(&mut self, line: &[u8]) {
        if line.last() == Some(&b'\r') {
            self.crlf = true;
        } else {
            self.lf = true;
        }
    }

    /// Looks at the characters of a line that may hold some beyond ASCII. `cut` says that the line goes on.
    pub(super) fn characters(&mut self, line: &[u8], cut: bool) {
        if line.is_ascii() {
            return;
        }
        self.beyond_ascii = true;
        if let Err(error) = std::str::from_utf8(line)
            && !(cut && error.error_len().is_none())
        {
            self.not_utf8 = true;
        }
    }

    /// Joins the stretch that begins where this one ends.
    pub(super) fn join(&mut self, next: Self) {
        debug_assert_eq!(self.end, next.start);
        let lines = self.lines;
        self.end = next.end;
        self.lines += next.lines;
        self.rows += next.rows;
        self.blank_lines += next.blank_lines;
        self.headers += next.headers;
        if self.wrong_header.is_none() {
            self.wrong_header =
                next.wrong_header.map(|wrong| WrongHeader { line: wrong.line + lines, ..wrong });
        }
        self.crlf |= next.crlf;
        self.lf |= next.lf;
        self.beyond_ascii |= next.beyond_ascii;
        self.not_utf8 |= next.not_utf8;
        self.runs.reserve(next.runs.len());
        for run in next.runs {
            self.push_run(Run { first_line: run.first_line + lines, ..run });
        }
        self.rejects
            .extend(next.rejects.into_iter().map(|reject| Reject { line: reject.line + lines, ..reject }));
    }

    /// All rejects, those handed on among them.
    pub(super) fn reject_count(&self) -> u64 {
        self.handed_on + self.rejects.len() as u64
    }

    /// What the next stretch cannot change any more, to be handed on: all but the last run, which may go on, and what
    /// comes after it.
    pub(super) fn settled(&mut self) -> (Vec<Run>, Vec<Reject>) {
        let Some(last) = self.runs.pop() else {
            self.handed_on += self.rejects.len() as u64;
            return (Vec::new(), std::mem::take(&mut self.rejects));
        };
        let runs = std::mem::replace(&mut self.runs, vec![last]);
        let before = self.rejects.partition_point(|reject| reject.offset < last.offset);
        let later = self.rejects.split_off(before);
        self.handed_on += before as u64;
        (runs, std::mem::replace(&mut self.rejects, later))
    }

    /// All that is left.
    pub(super) fn rest(&mut self) -> (Vec<Run>, Vec<Reject>) {
        self.handed_on += self.rejects.len() as u64;
        (std::mem::take(&mut self.runs), std::mem::take(&mut self.rejects))
    }

    pub(super) fn line_ends(&self) -> LineEnds {
        match (self.lf, self.crlf) {
            (false, false) => LineEnds::None,
            (true, false) => LineEnds::Lf,
            (false, true) => LineEnds::CrLf,
            (true, true) => LineEnds::Mixed,
        }
    }

    pub(super) fn encoding(&self) -> Encoding {
        match (self.beyond_ascii, self.not_utf8) {
            (false, _) => Encoding::Ascii,
            (true, false) => Encoding::Utf8,
            (true, true) => Encoding::Windows1252,
        }
    }
}
