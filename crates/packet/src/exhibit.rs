//! The machine-readable exhibit: the same rows as the typeset one, in the columns that the court imports, as CSV, JSON and
//! Excel.

use crate::court::{Cell, Court, Dates};
use crate::error::PacketError;
use crate::folder::{Folder, Output, Written};
use crate::matter::{Asked, Matter};
use crate::names::Name;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use serde::Serialize;
use std::io::Write;
use vacatur_pipeline::spreadsheet_cell;

/// The name of the schema that `exhibit.json` follows: `forms/us-ca/exhibit.schema.json`.
pub const SCHEMA: &str = "vacatur-exhibit-1";

/// The published schema.
pub const SCHEMA_TEXT: &str = include_str!("../../../forms/us-ca/exhibit.schema.json");

/// Rows that an Excel sheet can have beside its header.
const SHEET: u64 = 1_048_575;

/// What `exhibit.json` says of itself.
#[derive(Clone, Serialize)]
pub(crate) struct About {
    /// The court.
    pub court: String,
    /// The county.
    pub county: String,
    /// Who prosecutes.
    pub prosecutor: String,
    /// `completed`, `serving`, `challenged`.
    pub part: &'static str,
    /// The policy, by name.
    pub policy: String,
    /// The day of the decision.
    pub as_of: String,
    /// The BLAKE3 of the run's manifest.
    pub run_manifest_blake3: String,
    /// The BLAKE3 of the last authorization.
    pub authorization_blake3: String,
}

/// A row of the exhibit.
pub(crate) struct Row<'m> {
    /// Its line, from 1.
    pub line: u64,
    /// Its page, from 1.
    pub page: u64,
    /// The case.
    pub matter: &'m Matter,
    /// The conviction.
    pub asked: &'m Asked,
}

/// The three files, being written.
pub(crate) struct Machine {
    court: Court,
    csv: csv::Writer<Output>,
    json: Output,
    excel: Workbook,
    place: String,
    rows: u64,
    folder: std::path::PathBuf,
}

impl Machine {
    /// Begins the files in a folder of the packet.
    ///
    /// # Errors
    /// Files that cannot be made.
    pub(crate) fn begin(
        folder: &Folder,
        place: &str,
        court: &Court,
        about: &About,
    ) -> Result<Self, PacketError> {
        let mut csv = csv::Writer::from_writer(folder.create(&format!("{place}/exhibit.csv"))?);
        let header = court.exhibit.columns.iter().map(|column| column.name.as_str());
        csv.write_record(header.clone()).map_err(|error| failed(folder, place, "exhibit.csv", error))?;
        let mut json = folder.create(&format!("{place}/exhibit.json"))?;
        let head = serde_json::to_string_pretty(&Head { schema: SCHEMA, about })
            .map_err(|error| failed(folder, place, "exhibit.json", error))?;
        let head = head.trim_end_matches(['\n', '}', ' ']);
        write!(json, "{head},\n  \"rows\": [")
            .map_err(|error| failed(folder, place, "exhibit.json", error))?;
        let mut excel = Workbook::new();
        let mut set = || -> Result<(), XlsxError> {
            excel.set_tempdir(folder.path())?;
            // The day of the decision, so that the same packet has the same bytes.
            let on = ExcelDateTime::parse_from_str(&about.as_of)?;
            excel.set_properties(&DocProperties::new().set_title("Exhibit A").set_creation_datetime(&on));
            let sheet = excel.add_worksheet_with_constant_memory()?;
            sheet.set_name("Exhibit A")?;
            sheet.set_freeze_panes(1, 0)?;
            let bold = Format::new().set_bold();
            for (at, column) in (0..).zip(&court.exhibit.columns) {
                sheet.set_column_width(at, if column.value == Cell::Defendant { 32 } else { 16 })?;
                sheet.write_string_with_format(0, at, &column.name, &bold)?;
            }
            Ok(())
        };
        set().map_err(|error| failed(folder, place, "exhibit.xlsx", error))?;
        Ok(Self {
            court: court.clone(),
            csv,
            json,
            excel,
            place: place.to_owned(),
            rows: 0,
            folder: folder.path().to_owned(),
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// A full disk.
    pub(crate) fn row(&mut self, row: &Row<'_>) -> Result<(), PacketError> {
        let cells: Vec<String> =
            self.court.exhibit.columns.iter().map(|column| cell(&self.court, column.value, row)).collect();
        self.csv
            .write_record(cells.iter().map(|cell| spreadsheet_cell(cell).into_owned()))
            .map_err(|error| self.failed("exhibit.csv", error))?;
        let data = Data {
            line: row.line,
            page: row.page,
            case_number: &row.matter.case_number,
            other_case_numbers: &row.matter.other_numbers,
            court_code: &row.matter.court_code,
            branch: &row.matter.branch,
            defendant: Name::of(&row.matter.name).listed(),
            birth_date: &row.matter.birth_date,
            count: row.asked.number,
            section: &row.asked.section,
            level: &row.asked.level,
            conviction_date: &row.asked.date,
            relief: row.asked.relief.words(),
            relief_code: self.court.relief_codes.get(row.asked.relief.words()).map(String::as_str),
            ground: &row.asked.ground,
        };
        let text = serde_json::to_string(&data).map_err(|error| self.failed("exhibit.json", error))?;
        let comma = if self.rows == 0 { "" } else { "," };
        write!(self.json, "{comma}\n    {text}").map_err(|error| self.failed("exhibit.json", error))?;
        self.rows += 1;
        if self.rows <= SHEET {
            let sheet_row = self.rows as u32;
            let write = |sheet: &mut rust_xlsxwriter::Worksheet| -> Result<(), XlsxError> {
                for (at, cell) in (0..).zip(&cells) {
                    if !cell.is_empty() {
                        sheet.write_string(sheet_row, at, cell)?;
                    }
                }
                Ok(())
            };
            let written = self.excel.worksheet_from_index(0).and_then(write);
            written.map_err(|error| self.failed("exhibit.xlsx", error))?;
        }
        Ok(())
    }

    fn failed(&self, file: &str, error: impl std::fmt::Display) -> PacketError {
        PacketError::Write {
            path: self.folder.join(&self.place).join(file),
            error: std::io::Error::other(error.to_string()),
        }
    }

    /// Finishes the files: CSV, JSON, Excel. An Excel file that cannot hold all rows is not made.
    ///
    /// # Errors
    /// A full disk.
    pub(crate) fn finish(mut self, folder: &Folder) -> Result<Vec<Written>, PacketError> {
        write!(self.json, "\n  ]\n}}\n").map_err(|error| self.failed("exhibit.json", error))?;
        let excel = (self.rows <= SHEET)
            .then(|| self.excel.save_to_buffer().map_err(|error| self.failed("exhibit.xlsx", error)))
            .transpose()?;
        let place = self.place;
        let csv = self.csv.into_inner().map_err(|error| PacketError::Write {
            path: folder.path().join(&place).join("exhibit.csv"),
            error: error.into_error(),
        })?;
        let mut files = vec![csv.finish()?, self.json.finish()?];
        if let Some(bytes) = excel {
            files.push(folder.write(&format!("{place}/exhibit.xlsx"), &bytes)?);
        }
        Ok(files)
    }
}

fn failed(folder: &Folder, place: &str, file: &str, error: impl std::fmt::Display) -> PacketError {
    PacketError::Write {
        path: folder.path().join(place).join(file),
        error: std::io::Error::other(error.to_string()),
    }
}

#[derive(Serialize)]
struct Head<'a> {
    schema: &'static str,
    #[serde(flatten)]
    about: &'a About,
}

#[derive(Serialize)]
struct Data<'a> {
    line: u64,
    page: u64,
    case_number: &'a str,
    other_case_numbers: &'a [String],
    court_code: &'a str,
    branch: &'a str,
    defendant: String,
    birth_date: &'a str,
    count: u16,
    section: &'a str,
    level: &'a str,
    conviction_date: &'a str,
    relief: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    relief_code: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    ground: &'a str,
}

fn cell(court: &Court, cell: Cell, row: &Row<'_>) -> String {
    let Row { matter, asked, .. } = row;
    match cell {
        Cell::Line => row.line.to_string(),
        Cell::Page => row.page.to_string(),
        Cell::CaseNumber => matter.case_number.clone(),
        Cell::OtherCaseNumbers => matter.other_numbers.join("; "),
        Cell::CourtCode => matter.court_code.clone(),
        Cell::Branch => matter.branch.clone(),
        Cell::Defendant => Name::of(&matter.name).listed(),
        Cell::BirthDate => date(&matter.birth_date, court.exhibit.dates),
        Cell::Cii => matter.cii.clone(),
        Cell::Count => asked.number.to_string(),
        Cell::Section => asked.section.clone(),
        Cell::Level => asked.level.clone(),
        Cell::Date => date(&asked.date, court.exhibit.dates),
        Cell::Relief => relief_words(asked),
        Cell::ReliefCode => court.relief_codes.get(asked.relief.words()).cloned().unwrap_or_default(),
    }
}

/// What the column of relief says: what is asked, or on what ground it is contested.
pub(crate) fn relief_words(asked: &Asked) -> String {
    match asked.ground.as_str() {
        "" => asked.relief.words().to_owned(),
        ground => format!("challenged: {}", ground.replace('-', " ")),
    }
}

/// A date in the court's way. One of which less is known stays as it is.
fn date(date: &str, way: Dates) -> String {
    match (way, date.split('-').collect::<Vec<_>>().as_slice()) {
        (Dates::American, [year, month, day]) => format!("{month}/{day}/{year}"),
        _ => date.to_owned(),
    }
}
