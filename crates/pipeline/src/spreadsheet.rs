//! Rows of tables that a spreadsheet program may open: the rule for their cells is in `vacatur_records::spreadsheet`.

pub(crate) use vacatur_records::spreadsheet::{guard, may_begin, needs_guard, unguard, unguarded};

/// Writes a row of a table in memory, each cell as a spreadsheet program may see it.
pub fn write_record<'c>(table: &mut csv::Writer<Vec<u8>>, cells: impl IntoIterator<Item = &'c str>) {
    // Writing to memory cannot fail.
    for cell in cells {
        let _ = table.write_field(&*guard(cell));
    }
    let _ = table.write_record(None::<&[u8]>);
}
