//! The tables beside the papers: the disposition report, the deputy's list of cases, what is filed, and the fix-list.

use crate::error::PacketError;
use crate::folder::{Folder, Output, Written};
use crate::matter::{Asked, Matter};
use crate::names::Name;
use std::path::PathBuf;
use vacatur_pipeline::spreadsheet_cell;

/// A table being written.
pub(crate) struct Table {
    writer: csv::Writer<Output>,
    path: PathBuf,
    rows: u64,
}

impl Table {
    /// Begins a table.
    ///
    /// # Errors
    /// A file that cannot be made.
    pub(crate) fn begin(folder: &Folder, name: &str, columns: &[&str]) -> Result<Self, PacketError> {
        let path = folder.path().join(name);
        let mut writer = csv::Writer::from_writer(folder.create(name)?);
        writer.write_record(columns).map_err(|error| failed(&path, error))?;
        Ok(Self { writer, path, rows: 0 })
    }

    /// Adds a row. No cell of it is a formula.
    ///
    /// # Errors
    /// A full disk.
    pub(crate) fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> Result<(), PacketError> {
        self.rows += 1;
        let cells = cells.into_iter().map(|cell| spreadsheet_cell(cell).into_owned());
        self.writer.write_record(cells).map_err(|error| failed(&self.path, error))
    }

    /// Finishes it: the file, and its rows.
    ///
    /// # Errors
    /// A full disk.
    pub(crate) fn finish(self) -> Result<(Written, u64), PacketError> {
        let path = self.path;
        let output = self
            .writer
            .into_inner()
            .map_err(|error| PacketError::Write { path: path.clone(), error: error.into_error() })?;
        Ok((output.finish()?, self.rows))
    }
}

fn failed(path: &std::path::Path, error: csv::Error) -> PacketError {
    PacketError::Write { path: path.to_owned(), error: error.into() }
}

/// The columns of `dispositions.csv`: what the state's repository is told of each conviction once the order is made
/// (Pen. Code, § 13151). What only the order can say is left blank.
pub(crate) const DISPOSITIONS: [&str; 19] = [
    "cii_number",
    "name",
    "birth_date",
    "court_code",
    "court",
    "case_number",
    "other_case_numbers",
    "count",
    "cnt_order",
    "original_section",
    "original_level",
    "conviction_date",
    "proposed_disposition",
    "reason",
    "disposition_code",
    "disposition_date",
    "authority",
    "seal",
    "order_id",
];

/// A line of the disposition report.
pub(crate) fn disposition(
    table: &mut Table,
    court: &str,
    matter: &Matter,
    asked: &Asked,
) -> Result<(), PacketError> {
    let name = Name::of(&matter.name).listed();
    let (others, count) = (matter.other_numbers.join("; "), asked.number.to_string());
    table.row([
        matter.cii.as_str(),
        &name,
        &matter.birth_date,
        &matter.court_code,
        court,
        &matter.case_number,
        &others,
        &count,
        &asked.order,
        &asked.section,
        &asked.level,
        &asked.date,
        asked.relief.words(),
        &asked.reason,
        "",
        "",
        &asked.citation,
        if asked.relief.seals() { "yes" } else { "no" },
        "",
    ])
}

/// The columns of `cases.csv`: every count of every case, asked or not.
pub(crate) const CASES: [&str; 12] = [
    "case_number",
    "other_case_numbers",
    "defendant",
    "count",
    "section",
    "level",
    "conviction_date",
    "asked",
    "reason",
    "flag",
    "line",
    "page",
];

/// The lines of a case in the deputy's list.
pub(crate) fn case(table: &mut Table, matter: &Matter, lines: &[(u64, u64)]) -> Result<(), PacketError> {
    let name = Name::of(&matter.name).listed();
    let others = matter.other_numbers.join("; ");
    for (asked, (line, page)) in matter.asked.iter().zip(lines) {
        let (count, line, page) = (asked.number.to_string(), line.to_string(), page.to_string());
        table.row([
            matter.case_number.as_str(),
            &others,
            &name,
            &count,
            &asked.section,
            &asked.level,
            &asked.date,
            &crate::exhibit::relief_words(asked),
            &asked.reason,
            if matter.deceased { "deceased" } else { "" },
            &line,
            &page,
        ])?;
    }
    for stays in &matter.stays {
        let count = stays.number.to_string();
        let flag = if stays.unqualified { "conviction that does not qualify" } else { "" };
        table.row([
            matter.case_number.as_str(),
            &others,
            &name,
            &count,
            &stays.offence,
            &stays.level,
            "",
            "stays",
            &stays.because,
            flag,
            "",
            "",
        ])?;
    }
    Ok(())
}

/// The columns of `filed.csv`, by which a later packet sees what this one asked for.
pub(crate) const FILED: [&str; 12] = [
    "key",
    "part",
    "subject_id",
    "cnt_order",
    "folder",
    "line",
    "page",
    "case_number",
    "section",
    "relief",
    "cii_number",
    "ground",
];

/// A line of what is filed.
pub(crate) fn filed(
    table: &mut Table,
    place: &str,
    matter: &Matter,
    asked: &Asked,
    (line, page): (u64, u64),
) -> Result<(), PacketError> {
    let (key, line, page) = (key_text(asked.key), line.to_string(), page.to_string());
    table.row([
        key.as_str(),
        matter.part.folder(),
        &matter.subject,
        &asked.order,
        place,
        &line,
        &page,
        &matter.case_number,
        &asked.section,
        asked.relief.words(),
        &matter.cii,
        &asked.ground,
    ])
}

/// A key in `filed.csv`.
#[must_use]
pub(crate) fn key_text(key: u128) -> String {
    format!("{key:032x}")
}
