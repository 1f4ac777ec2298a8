//! The second pass: the rows of a few people at a time, and their cells.
//!
//! A [`Block`] is a set of buffers that are used again and again. Loading runs into it copies their bytes and indexes
//! every field; a cell is then two lookups and a trim.

use memchr::memchr;

use crate::cell::{inside_quotes, push_single_quotes, trim, without_return};
use crate::layout::{Blanks, Layout};
use crate::recover::LONGEST_ROW;
use crate::scan::FieldIndex;
use crate::source::Source;
use crate::survey::Run;

/// The most bytes that a block takes.
pub const LARGEST_BLOCK: u64 = 1 << 30;

/// Why runs cannot be loaded. The text holds nothing of the content.
#[derive(Debug, thiserror::Error)]
pub enum BlockError {
    /// Reading failed.
    #[error("{name}: cannot be read again ({error})")]
    Read {
        /// The source.
        name: String,
        /// What the operating system says.
        error: std::io::Error,
    },
    /// The file is not what it was at the first pass.
    #[error(
        "{name}: the file changed while it was being read; wait until it has arrived whole and start again"
    )]
    Changed {
        /// The source.
        name: String,
    },
    /// The runs are too long together. A person with so many rows is no person; look at the column of the subject.
    #[error(
        "{bytes} bytes of rows are too many to be read at once (the most is {LARGEST_BLOCK}); load fewer runs"
    )]
    TooLarge {
        /// How many bytes were asked for.
        bytes: u64,
    },
    /// The scratch folder cannot be used.
    #[error("the scratch folder cannot be used ({error}); is the disk full?")]
    Scratch {
        /// What the operating system says.
        error: std::io::Error,
    },
    /// A run names a source that is not in the list.
    #[error("the rows are of input {}, and there is no such input", number + 1)]
    NoSource {
        /// The source's place.
        number: u32,
    },
}

/// Where a loaded run's rows stand in the block.
#[derive(Debug, Clone, Copy)]
struct Loaded {
    run: Run,
    /// Where its bytes begin in the buffer.
    start: u32,
    /// Its first row, counted over the block.
    first_row: u32,
    /// Whether a row has more than one line, so that lines must be counted.
    long_rows: bool,
}

/// Rows of some runs with an index of their fields.
pub struct Block {
    columns: usize,
    separator: u8,
    blanks: Blanks,
    /// As long as it ever was, so that nothing is cleared before it is written over; `used` bytes are meant.
    bytes: Vec<u8>,
    used: usize,
    index: FieldIndex,
    loaded: Vec<Loaded>,
    /// Values of cells with doubled quotes: the cell's start in `bytes`, and the value's place in `singles`.
    unescaped: Vec<(u32, u32, u32)>,
    singles: Vec<u8>,
}

impl Block {
    /// An empty block for files of this layout.
    #[must_use]
    pub fn new(layout: &Layout) -> Self {
        Self {
            columns: layout.width(),
            separator: layout.delimiter(),
            blanks: layout.blanks().clone(),
            bytes: Vec::new(),
            used: 0,
            index: FieldIndex::default(),
            loaded: Vec::new(),
            unescaped: Vec::new(),
            singles: Vec::new(),
        }
    }

    /// Loads runs in the order given, in place of what was loaded before. Runs that adjoin in their file are read at
    /// once.
    ///
    /// # Errors
    /// [`BlockError`] if the bytes cannot be read or are not those that the survey saw; then the block is empty.
    pub fn load<'r>(
        &mut self,
        sources: &[Source],
        runs: impl IntoIterator<Item = &'r Run>,
    ) -> Result<(), BlockError> {
        self.clear();
        let loaded = self.read(sources, runs).and_then(|()| self.make_index(sources));
        if loaded.is_err() {
            self.clear();
        }
        loaded
    }

    /// As [`load`](Self::load), where `read` gives the bytes of all runs, one after another, each with its line end.
    pub(crate) fn load_gathered<'r>(
        &mut self,
        sources: &[Source],
        runs: impl IntoIterator<Item = &'r Run>,
        read: impl FnOnce(&mut [u8]) -> std::io::Result<()>,
    ) -> Result<(), BlockError> {
        self.clear();
        let loaded = self.place(sources, runs).and_then(|()| {
            let into = self.bytes.get_mut(..self.used).unwrap_or_default();
            read(into).map_err(|error| BlockError::Scratch { error })?;
            self.make_index(sources)
        });
        if loaded.is_err() {
            self.clear();
        }
        loaded
    }

    /// Makes room for runs that stand one after another.
    fn place<'r>(
        &mut self,
        sources: &[Source],
        runs: impl IntoIterator<Item = &'r Run>,
    ) -> Result<(), BlockError> {
        let mut first_row = 0_u32;
        let mut total = 0_u64;
        for run in runs {
            self.loaded.push(Loaded { run: *run, start: total as u32, first_row, long_rows: false });
            first_row = first_row.saturating_add(run.rows);
            total += length_with_end(run, sources)?;
            if total > LARGEST_BLOCK {
                return Err(BlockError::TooLarge { bytes: total });
            }
        }
        self.used = total as usize;
        if self.bytes.len() < self.used {
            self.bytes.resize(self.used, 0);
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.used = 0;
        self.loaded.clear();
        self.unescaped.clear();
        self.singles.clear();
        self.index.scan(&[], self.separator);
    }

    fn read<'r>(
        &mut self,
        sources: &[Source],
        runs: impl IntoIterator<Item = &'r Run>,
    ) -> Result<(), BlockError> {
        let mut first_row = 0_u32;
        // A stretch of adjoining runs that is still to be read: source, offset, length.
        let mut pending: Option<(u32, u64, u64)> = None;
        let mut total = 0_u64;
        for run in runs {
            total += run.bytes + 1;
            if total > LARGEST_BLOCK {
                return Err(BlockError::TooLarge { bytes: total });
            }
            match &mut pending {
                Some((source, offset, bytes)) if *source == run.source && *offset + *bytes == run.offset => {
                    *bytes += run.bytes;
                }
                _ => {
                    if let Some(stretch) = pending.replace((run.source, run.offset, run.bytes)) {
                        self.read_stretch(sources, stretch)?;
                    }
                }
            }
            // The bytes of a pending stretch will come right after those that are there.
            let ahead = pending.map_or(0, |(_, offset, _)| run.offset - offset);
            let start = self.used as u32 + ahead as u32;
            self.loaded.push(Loaded { run: *run, start, first_row, long_rows: false });
            first_row = first_row.saturating_add(run.rows);
        }
        match pending {
            Some(stretch) => self.read_stretch(sources, stretch),
            None => Ok(()),
        }
    }

    fn read_stretch(
        &mut self,
        sources: &[Source],
        (number, offset, bytes): (u32, u64, u64),
    ) -> Result<(), BlockError> {
        let source = sources.get(number as usize).ok_or(BlockError::NoSource { number })?;
        let start = self.used;
        self.used += bytes as usize;
        if self.bytes.len() <= self.used {
            self.bytes.resize(self.used + 1, 0);
        }
        let got = source
            .read_at(offset, &mut self.bytes[start..self.used])
            .map_err(|error| BlockError::Read { name: source.name().to_owned(), error })?;
        if (got as u64) < bytes {
            return Err(BlockError::Changed { name: source.name().to_owned() });
        }
        // The last row of a file may lack its line end.
        if self.bytes[start..self.used].last().is_some_and(|&byte| byte != b'\n') {
            self.bytes[self.used] = b'\n';
            self.used += 1;
        }
        Ok(())
    }

    /// Indexes all fields and makes sure that there are just the rows that there should be.
    fn make_index(&mut self, sources: &[Source]) -> Result<(), BlockError> {
        self.index.scan(&self.bytes[..self.used], self.separator);
        let rows: usize = self.loaded.iter().map(|l| l.run.rows as usize).sum();
        let places = self.index.places();
        let sound = |last_row: usize, end: usize| {
            let last = last_row.checked_mul(self.columns).and_then(|n| n.checked_sub(1));
            last.and_then(|last| places.get(last)).is_some_and(|&place| place as usize + 1 == end)
        };
        let mut good = !self.index.bad && self.index.rows == rows && places.len() == rows * self.columns;
        for (at, loaded) in self.loaded.iter().enumerate() {
            let next = self.loaded.get(at + 1).map_or(self.used, |next| next.start as usize);
            good &= sound(loaded.first_row as usize + loaded.run.rows as usize, next);
        }
        good &= places
            .iter()
            .skip(self.columns - 1)
            .step_by(self.columns)
            .all(|&p| self.bytes[p as usize] == b'\n');
        if !good {
            let name = self.loaded.first().and_then(|l| sources.get(l.run.source as usize)).map(Source::name);
            return Err(BlockError::Changed { name: name.unwrap_or_default().to_owned() });
        }
        if self.index.lines != rows {
            for at in 0..self.loaded.len() {
                let start = self.loaded[at].start as usize;
                let next = self.loaded.get(at + 1).map_or(self.used, |next| next.start as usize);
                let lines = memchr::memchr_iter(b'\n', &self.bytes[start..next]).count();
                self.loaded[at].long_rows = lines != self.loaded[at].run.rows as usize;
            }
        }
        self.unescape();
        Ok(())
    }

    /// Makes the values of cells with doubled quotes. There are few.
    fn unescape(&mut self) {
        let places = self.index.places();
        let mut done = 0;
        for &escape in &self.index.escapes {
            if escape < done {
                continue;
            }
            let at = places.partition_point(|&place| place < escape);
            let start = if at == 0 { 0 } else { places[at - 1] + 1 };
            let end = places.get(at).copied().unwrap_or(start);
            let cell = without_return(&self.bytes[start as usize..end as usize]);
            let from = self.singles.len() as u32;
            push_single_quotes(inside_quotes(cell), &mut self.singles);
            self.unescaped.push((start, from, self.singles.len() as u32));
            done = end;
        }
    }

    /// All rows, in the order of the runs.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.loaded.len()).flat_map(|at| self.run_rows(at))
    }

    /// The rows of one of the runs, by its place among those loaded.
    #[must_use]
    pub fn run_rows(&self, at: usize) -> RunRows<'_> {
        let Some(loaded) = self.loaded.get(at) else {
            return RunRows { block: self, row: 0, end: 0, line: 0, loaded: None };
        };
        RunRows {
            block: self,
            row: loaded.first_row,
            end: loaded.first_row + loaded.run.rows,
            line: loaded.run.first_line,
            loaded: Some(loaded),
        }
    }

    /// How many runs are loaded.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.loaded.len()
    }

    /// How many rows are loaded.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.index.rows
    }
}

/// The length of a run with the line end that the last row of a source may lack.
pub(crate) fn length_with_end(run: &Run, sources: &[Source]) -> Result<u64, BlockError> {
    let source = sources.get(run.source as usize).ok_or(BlockError::NoSource { number: run.source })?;
    if run.bytes == 0 || run.offset + run.bytes < source.len() {
        return Ok(run.bytes);
    }
    let mut last = [0];
    source
        .read_at(source.len() - 1, &mut last)
        .map_err(|error| BlockError::Read { name: source.name().to_owned(), error })?;
    Ok(run.bytes + u64::from(last != *b"\n"))
}

/// The rows of one run.
#[derive(Clone)]
pub struct RunRows<'b> {
    block: &'b Block,
    row: u32,
    end: u32,
    line: u64,
    loaded: Option<&'b Loaded>,
}

impl<'b> Iterator for RunRows<'b> {
    type Item = Row<'b>;

    #[inline]
    fn next(&mut self) -> Option<Row<'b>> {
        let loaded = self.loaded?;
        if self.row == self.end {
            return None;
        }
        let block = self.block;
        let columns = block.columns;
        let first = self.row as usize * columns;
        let places = block.index.places();
        let ends = places.get(first..first + columns)?;
        let start = if first == 0 { 0 } else { places[first - 1] + 1 };
        let row = Row { block, loaded, ends, start, line: self.line };
        self.line += if loaded.long_rows {
            let whole = &block.bytes[start as usize..=ends[columns - 1] as usize];
            memchr::memchr_iter(b'\n', whole).count() as u64
        } else {
            1
        };
        self.row += 1;
        Some(row)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = (self.end - self.row) as usize;
        (left, Some(left))
    }
}

impl ExactSizeIterator for RunRows<'_> {}

/// One well-formed row. Columns are counted from 0.
#[derive(Clone, Copy)]
pub struct Row<'b> {
    block: &'b Block,
    loaded: &'b Loaded,
    /// Where each field ends.
    ends: &'b [u32],
    start: u32,
    line: u64,
}

impl<'b> Row<'b> {
    /// The source, by its place in the list given.
    #[must_use]
    pub fn source(&self) -> u32 {
        self.loaded.run.source
    }

    /// The physical line on which the row begins, counted from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Where the row begins, in decoded bytes from the source's start.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.loaded.run.offset + u64::from(self.start - self.loaded.start)
    }

    /// The row as it stands in the file, without its line end.
    #[must_use]
    pub fn bytes(&self) -> &'b [u8] {
        let end = self.ends.last().copied().unwrap_or(self.start);
        without_return(&self.block.bytes[self.start as usize..end as usize])
    }

    /// The cell as it stands in the file, with its quotes and blanks. Empty if there is no such column.
    #[must_use]
    #[inline]
    pub fn raw_cell(&self, column: usize) -> &'b [u8] {
        let (start, end) = self.span(column);
        let cell = &self.block.bytes[start as usize..end as usize];
        if column + 1 == self.ends.len() { without_return(cell) } else { cell }
    }

    /// The value: unquoted, doubled quotes undone, outer blanks gone, and empty if it is a placeholder.
    #[must_use]
    #[inline]
    pub fn field(&self, column: usize) -> &'b [u8] {
        let inner = inside_quotes(self.raw_cell(column));
        let value = if self.block.unescaped.is_empty() { inner } else { self.single(column, inner) };
        let value = trim(value);
        if self.block.blanks.is_blank(value) { &[] } else { value }
    }

    #[cold]
    fn single(&self, column: usize, inner: &'b [u8]) -> &'b [u8] {
        if memchr(b'"', inner).is_none() {
            return inner;
        }
        let (start, _) = self.span(column);
        let block = self.block;
        match block.unescaped.binary_search_by_key(&start, |&(cell, ..)| cell) {
            Ok(at) => {
                let (_, from, to) = block.unescaped[at];
                &block.singles[from as usize..to as usize]
            }
            Err(_) => inner,
        }
    }

    #[inline]
    fn span(&self, column: usize) -> (u32, u32) {
        let Some(&end) = self.ends.get(column) else { return (self.start, self.start) };
        let start = if column == 0 { self.start } else { self.ends[column - 1] + 1 };
        (start, end)
    }
}

// These print where, and nothing of what: rows hold names.

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Block").field("loaded", &self.loaded).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for RunRows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunRows").field("line", &self.line).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Row")
            .field("source", &self.source())
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

const _: () = assert!(LONGEST_ROW as u64 * 2 < LARGEST_BLOCK, "any one row fits a block");

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
