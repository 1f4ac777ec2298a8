//! A row of the file: 95 fields in one piece of text, and how its line is spoilt.

use crate::columns::COLUMNS;

/// A row as it is written, defects included.
#[derive(Clone, Debug)]
pub struct Row {
    text: String,
    spans: [(u32, u32); COLUMNS],
    /// Which count of the person the row belongs to.
    pub(crate) count: usize,
    pub(crate) quirks: Quirks,
}

/// What is wrong with the line as a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Quirks {
    /// Columns left out at the end (negative) or added (positive).
    pub(crate) columns: i8,
    /// A field whose quotes stand where none may stand.
    pub(crate) stray_quote: Option<u8>,
    /// A field whose opening quote is never closed.
    pub(crate) unclosed: Option<u8>,
    /// Ends as the other lines of the file do not.
    pub(crate) line_end: bool,
    /// A line that is no row stands before it.
    pub(crate) junk_before: Option<u8>,
}

/// Room for the text of most rows.
const ROOM: usize = 448;

impl Row {
    /// An empty row.
    pub(crate) fn new() -> Self {
        Self {
            text: String::with_capacity(ROOM),
            spans: [(0, 0); COLUMNS],
            count: 0,
            quirks: Quirks::default(),
        }
    }

    /// A copy with room to grow, which a clone has not.
    pub(crate) fn copy(&self) -> Self {
        let mut text = String::with_capacity(ROOM.max(self.text.len() + ROOM / 4));
        text.push_str(&self.text);
        Self { text, ..*self }
    }

    /// The text of a column, by its place from 0; empty if there is no such column.
    #[must_use]
    pub fn field(&self, column: usize) -> &str {
        let (from, to) = self.spans.get(column).copied().unwrap_or_default();
        self.text.get(from as usize..to as usize).unwrap_or_default()
    }

    /// The texts of all columns.
    pub fn fields(&self) -> impl Iterator<Item = &str> + '_ {
        self.spans.iter().map(|(from, to)| {
            if from == to { "" } else { self.text.get(*from as usize..*to as usize).unwrap_or_default() }
        })
    }

    /// The place of the row's count in [`crate::Synthetic::counts`].
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Sets a column. What it held before is left behind in the text, which costs a few bytes and saves a copy.
    pub(crate) fn set(&mut self, column: usize, value: &str) {
        self.with(column, |text| text.push_str(value));
    }

    /// Sets a column to what is pushed.
    pub(crate) fn with(&mut self, column: usize, push: impl FnOnce(&mut String)) {
        let from = self.text.len() as u32;
        push(&mut self.text);
        self.spans[column] = (from, self.text.len() as u32);
    }

    /// Changes a column's text.
    pub(crate) fn change(&mut self, column: usize, change: impl FnOnce(&str) -> String) {
        let changed = change(self.field(column));
        self.set(column, &changed);
    }

    /// Blanks a column.
    pub(crate) fn clear(&mut self, column: usize) {
        self.spans[column] = (0, 0);
    }
}
