//! `rejects.csv`: every row or line that could not be used, with its place and the reason.

use crate::spreadsheet::write_record;
use vacatur_ingest::doj::{Unplaced, UnplacedRow};
use vacatur_ingest::reject::Reject;

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Line {
    pub(crate) source: u32,
    pub(crate) line: u64,
    pub(crate) column: Option<usize>,
    pub(crate) code: &'static str,
    pub(crate) reason: String,
}

impl Line {
    pub(crate) fn unread(reject: &Reject) -> Self {
        Self {
            source: reject.source,
            line: reject.line,
            column: reject.column,
            code: reject.reason.code(),
            reason: reject.reason.to_string(),
        }
    }

    pub(crate) fn unplaced(row: &UnplacedRow, names: &[String]) -> Self {
        let (code, reason) = match &row.why {
            Unplaced::CountNumber(error) => ("count_number", error.to_string()),
            Unplaced::Duplicate { of } => {
                let name = names.get(of.file.at()).map_or("", String::as_str);
                ("duplicate_row", format!("the row repeats {name}, line {}; it was used once", of.line))
            }
        };
        Self { source: row.place.file.0, line: row.place.line, column: row.column, code, reason }
    }
}

/// The whole file, in the order of the inputs and their lines.
pub(crate) fn csv(lines: &mut [Line], names: &[String], column_names: &[&str]) -> Vec<u8> {
    lines.sort();
    let mut out = csv::WriterBuilder::new().from_writer(Vec::new());
    write_record(&mut out, ["file", "line", "column", "column_name", "kind", "reason"]);
    for line in lines.iter() {
        let number = line.column.map(|column| column.to_string()).unwrap_or_default();
        let name = line.column.and_then(|column| column_names.get(column - 1)).copied().unwrap_or("");
        let file = names.get(line.source as usize).map_or("", String::as_str);
        write_record(&mut out, [file, &line.line.to_string(), &number, name, line.code, &line.reason]);
    }
    out.into_inner().unwrap_or_default()
}
