//! Tables of a linked folder: CSV with a header, cells that are formulas guarded.

use std::path::Path;
use vacatur_pipeline::{Folder, Output, RunError, write_record};

/// A table being written.
pub(crate) struct Table {
    output: Output,
    lines: Lines,
}

impl Table {
    pub(crate) fn begin(folder: &Folder<'_>, name: &str, columns: &[&str]) -> Result<Self, RunError> {
        let mut table = Self { output: folder.file(name)?, lines: Lines::new() };
        table.row(columns)?;
        Ok(table)
    }

    pub(crate) fn row<S: AsRef<str>>(&mut self, cells: &[S]) -> Result<(), RunError> {
        self.lines.row(cells);
        let bytes = self.lines.take();
        self.output.put(&bytes)
    }

    /// Lines that were made elsewhere.
    pub(crate) fn lines(&mut self, lines: &[u8]) -> Result<(), RunError> {
        self.output.put(lines)
    }

    pub(crate) fn finish(self, folder: &mut Folder<'_>) -> Result<(), RunError> {
        folder.close(self.output)
    }
}

/// Lines of a table in memory.
pub(crate) struct Lines(csv::Writer<Vec<u8>>);

impl Lines {
    pub(crate) fn new() -> Self {
        Self(csv::Writer::from_writer(Vec::new()))
    }

    pub(crate) fn row<S: AsRef<str>>(&mut self, cells: &[S]) {
        write_record(&mut self.0, cells.iter().map(AsRef::as_ref));
    }

    /// What was written so far.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        let written = std::mem::replace(self, Self::new());
        // Writing to memory cannot fail.
        written.0.into_inner().unwrap_or_default()
    }
}

/// The last part of a path, which is how outputs name a file.
pub(crate) fn file_name(path: &str) -> String {
    Path::new(path).file_name().map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned())
}
