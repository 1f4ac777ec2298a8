//! Rows of cells, from whatever kind of table.

use super::account::CourtRejectReason;
use super::error::CourtError;

/// The most bytes of one cell.
pub(super) const LONGEST_CELL: usize = 64 << 10;
/// The most bytes of a row.
pub(super) const LONGEST_ROW: usize = 1 << 20;

/// The cells of a row, trimmed.
#[derive(Default)]
pub(super) struct Cells {
    text: String,
    ends: Vec<usize>,
    /// The line of the row, or its number in a sheet; from 1.
    pub(super) line: u64,
}

vacatur_records::silent_debug!(Cells);

impl Cells {
    pub(super) fn clear(&mut self, line: u64) {
        self.text.clear();
        self.ends.clear();
        self.line = line;
    }

    pub(super) fn push(&mut self, cell: &str) {
        self.text.push_str(cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'));
        self.ends.push(self.text.len());
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a cell; empty if there is none.
    pub(super) fn get(&self, at: usize) -> &str {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(at).and_then(|end| self.text.get(start..*end)).unwrap_or_default()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at))
    }
}

/// What the next row of a table is.
pub(super) enum Next {
    /// Cells.
    Row,
    /// Nothing in it.
    Blank,
    /// No row, with the column in which the trouble is, from 1.
    Bad { line: u64, column: Option<u32>, reason: CourtRejectReason },
    /// There are no more.
    End,
}

/// A table, row by row.
pub(super) trait Table {
    fn next(&mut self, cells: &mut Cells) -> Result<Next, CourtError>;

    /// Told once the header is known: which columns every row needs its own value of.
    fn own_values(&mut self, _columns: Vec<bool>) {}

    /// Whether the cells at the end of a row that are empty may be missing.
    fn loose_end(&self) -> bool {
        false
    }
}
