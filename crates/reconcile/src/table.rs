//! Tables of a linked folder: CSV with a header, cells that are formulas guarded.

use std::path::Path;
use vacatur_pipeline::{Folder, Output, RunError, spreadsheet_cell};

/// A table being written.
pub(crate) struct Table {
    output: Output,
    rows: u64,
}

impl Table {
    pub(crate) fn begin(folder: &Folder<'_>, name: &str, columns: &[&str]) -> Result<Self, RunError> {
        let mut table = Self { output: folder.file(name)?, rows: 0 };
        table.put(columns)?;
        Ok(table)
    }

    pub(crate) fn row<S: AsRef<str>>(&mut self, cells: &[S]) -> Result<(), RunError> {
        self.rows += 1;
        self.put(cells)
    }

    /// Lines that were made elsewhere with [`line`].
    pub(crate) fn lines(&mut self, bytes: &[u8], rows: u64) -> Result<(), RunError> {
        self.rows += rows;
        self.output.put(bytes)
    }

    fn put<S: AsRef<str>>(&mut self, cells: &[S]) -> Result<(), RunError> {
        let mut bytes = Vec::with_capacity(256);
        line(&mut bytes, cells);
        self.output.put(&bytes)
    }

    pub(crate) fn finish(self, folder: &mut Folder<'_>) -> Result<u64, RunError> {
        folder.close(self.output)?;
        Ok(self.rows)
    }
}

/// Appends one line.
pub(crate) fn line<S: AsRef<str>>(to: &mut Vec<u8>, cells: &[S]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            to.push(b',');
        }
        let cell = spreadsheet_cell(cell.as_ref());
        let quoted = cell.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'))
            || cell.starts_with(' ')
            || cell.ends_with(' ');
        if quoted {
            to.push(b'"');
            for byte in cell.bytes() {
                if byte == b'"' {
                    to.push(b'"');
                }
                to.push(byte);
            }
            to.push(b'"');
        } else {
            to.extend_from_slice(cell.as_bytes());
        }
    }
    to.push(b'\n');
}

/// The last part of a path, which is how outputs name a file.
pub(crate) fn file_name(path: &str) -> String {
    Path::new(path).file_name().map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned())
}
