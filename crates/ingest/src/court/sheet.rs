//! Sheets of Excel workbooks.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read};

use calamine::{DataRef, Dimensions, Reader, Xlsx};

use super::account::CourtRejectReason as Reason;
use super::error::CourtError;
use super::layout::Inner;
use super::lines::Stream;
use super::table::{Cells, LONGEST_CELL, LONGEST_ROW, Next, Table};
use crate::source::Source;

/// What a workbook may unpack to. A sheet of Excel ends at a million rows; the texts of its cells are held in memory.
#[derive(Clone, Copy)]
pub(super) struct BookLimits {
    /// All its parts together, in bytes.
    pub(super) unpacked: u64,
    /// How many parts it may have.
    pub(super) parts: usize,
    /// The most merged cells.
    pub(super) merged: usize,
}

impl Default for BookLimits {
    fn default() -> Self {
        Self { unpacked: 1 << 30, parts: 2_000, merged: 100_000 }
    }
}

/// Excel itself has no more.
const MOST_COLUMNS: u32 = 16_384;

/// A workbook that is opened.
pub(super) struct Book<'s> {
    name: String,
    sheet: String,
    workbook: Xlsx<BufReader<Stream<'s>>>,
    merged: Vec<Dimensions>,
}

impl<'s> Book<'s> {
    pub(super) fn open(source: &'s Source, layout: &Inner, limits: BookLimits) -> Result<Self, CourtError> {
        let name = source.name().to_owned();
        let damaged = |what: String| CourtError::Damaged { name: name.clone(), line: 0, what };
        weigh(source, limits).map_err(damaged)?;
        // The library's own words may hold a part of the file.
        let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(Stream::new(source))).map_err(|_| {
            damaged("this Excel workbook cannot be read; open it and save it again".to_owned())
        })?;
        let sheets = workbook.sheet_names();
        let sheet = match &layout.sheet {
            Some(wanted) => sheets.iter().find(|sheet| sheet.eq_ignore_ascii_case(wanted)).cloned(),
            None => sheets.first().cloned(),
        };
        let Some(sheet) = sheet else {
            return Err(CourtError::DoesNotFit {
                name: source.name().to_owned(),
                layout: layout.name.clone(),
                what: match &layout.sheet {
                    Some(wanted) => format!("there is no sheet `{wanted}` among its {} sheets", sheets.len()),
                    None => "the workbook has no sheet".to_owned(),
                },
            });
        };
        let merged = workbook.merge_cells_by_sheet_name(&sheet).map_err(|_| {
            damaged("the merged cells of the sheet cannot be read; save the workbook again".to_owned())
        })?;
        if merged.len() > limits.merged {
            return Err(damaged(format!(
                "the sheet has {} merged cells, more than {}",
                merged.len(),
                limits.merged
            )));
        }
        Ok(Self { name: source.name().to_owned(), sheet, workbook, merged })
    }

    pub(super) fn rows(&mut self) -> Result<Sheet<'_, 's>, CourtError> {
        let name = self.name.clone();
        let cells = self.workbook.worksheet_cells_reader(&self.sheet).map_err(|_| CourtError::Damaged {
            name: name.clone(),
            line: 0,
            what: "the sheet cannot be read; open the workbook and save it again".to_owned(),
        })?;
        let mut merged: Vec<Merged> =
            self.merged.iter().map(|d| Merged { at: *d, text: String::new() }).collect();
        merged.sort_by_key(|merged| (merged.at.start, merged.at.end));
        Ok(Sheet {
            name,
            cells,
            pending: None,
            last: None,
            merged,
            next_merged: 0,
            active: Vec::new(),
            own: None,
            row: BTreeMap::new(),
            done: false,
        })
    }
}

/// Whether a workbook unpacks to more than one does. Its own table of contents is not believed: it is unpacked once.
fn weigh(source: &Source, limits: BookLimits) -> Result<(), String> {
    let sound =
        "this is not a sound Excel workbook (.xlsx); open it and save it again, or save the sheet as CSV";
    let mut archive =
        zip::ZipArchive::new(BufReader::new(Stream::new(source))).map_err(|_| sound.to_owned())?;
    if archive.len() > limits.parts {
        return Err(format!("the workbook has {} parts, more than {}", archive.len(), limits.parts));
    }
    let mut left = limits.unpacked;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| sound.to_owned())?;
        let read = io::copy(&mut part.take(left.saturating_add(1)), &mut io::sink())
            .map_err(|_| sound.to_owned())?;
        left = left.checked_sub(read).ok_or_else(|| {
            format!("the workbook unpacks to more than {} bytes; save the sheet as CSV", limits.unpacked)
        })?;
    }
    Ok(())
}

struct Merged {
    at: Dimensions,
    text: String,
}

/// A cell's row and column, from 0, and its text; none for one that is too long.
type Placed = ((u32, u32), Option<String>);

/// The rows of a sheet.
pub(super) struct Sheet<'b, 's> {
    name: String,
    cells: calamine::XlsxCellReader<'b, BufReader<Stream<'s>>>,
    pending: Option<Placed>,
    /// The last row given, from 0.
    last: Option<u32>,
    merged: Vec<Merged>,
    /// The first that begins below the present row.
    next_merged: usize,
    /// Those that the present row is in.
    active: Vec<usize>,
    /// Of which columns every row needs its own value; none while the header is sought.
    own: Option<Vec<bool>>,
    row: BTreeMap<u32, Option<String>>,
    done: bool,
}

impl Sheet<'_, '_> {
    fn cell(&mut self) -> Result<Option<Placed>, CourtError> {
        if let Some(pending) = self.pending.take() {
            return Ok(Some(pending));
        }
        if self.done {
            return Ok(None);
        }
        let line = self.last.map_or(1, |last| u64::from(last) + 2);
        let cell = self.cells.next_cell().map_err(|_| CourtError::Damaged {
            name: self.name.clone(),
            line,
            what: "the sheet is damaged from here on; open the workbook and save it again".to_owned(),
        })?;
        self.done = cell.is_none();
        Ok(cell.map(|cell| {
            let text = shown(cell.get_value());
            (cell.get_position(), (text.len() <= LONGEST_CELL).then_some(text))
        }))
    }

    /// Gives cells merged with others the value of the first; `Err` where that cannot be meant.
    fn spread(&mut self, row: u32) -> Result<(), (u32, Reason)> {
        while self.merged.get(self.next_merged).is_some_and(|merged| merged.at.start.0 <= row) {
            self.active.push(self.next_merged);
            self.next_merged += 1;
        }
        let merged = &mut self.merged;
        self.active.retain(|at| merged.get(*at).is_some_and(|merged| merged.at.end.0 >= row));
        let mut wrong = Ok(());
        for at in &self.active {
            let Some(merged) = merged.get_mut(*at) else { continue };
            let ((top, left), (_, right)) = (merged.at.start, merged.at.end);
            if top == row {
                merged.text = self.row.get(&left).cloned().flatten().unwrap_or_default();
            }
            let Some(own) = &self.own else { continue };
            if merged.text.is_empty() {
                continue;
            }
            if right > left {
                wrong = wrong.and(Err((left + 1, Reason::MergedAcross)));
            } else if own.get(left as usize).copied().unwrap_or(false) {
                // The first of its rows has the value; whether the others are meant too cannot be told.
                if row > top {
                    wrong = wrong.and(Err((left + 1, Reason::MergedDown)));
                }
            } else if row > top {
                self.row.insert(left, Some(merged.text.clone()));
            }
        }
        wrong
    }
}

impl Table for Sheet<'_, '_> {
    fn next(&mut self, cells: &mut Cells) -> Result<Next, CourtError> {
        self.row.clear();
        let mut current: Option<u32> = None;
        while let Some(((row, column), text)) = self.cell()? {
            match current {
                None if self.last.is_some_and(|last| row <= last) => {
                    return Err(CourtError::Damaged {
                        name: self.name.clone(),
                        line: u64::from(row) + 1,
                        what: "the rows of the sheet are not in order; open the workbook and save it again"
                            .to_owned(),
                    });
                }
                None => current = Some(row),
                Some(now) if now != row => {
                    self.pending = Some(((row, column), text));
                    break;
                }
                Some(_) => {}
            }
            if text.as_ref().is_none_or(|text| !text.is_empty()) {
                self.row.insert(column, text);
            }
        }
        let Some(row) = current else { return Ok(Next::End) };
        self.last = Some(row);
        let line = u64::from(row) + 1;
        cells.clear(line);
        if let Err((column, reason)) = self.spread(row) {
            return Ok(Next::Bad { line, column: Some(column), reason });
        }
        let width = self.row.keys().next_back().map_or(0, |last| last + 1);
        if width > MOST_COLUMNS {
            return Ok(Next::Bad { line, column: None, reason: Reason::TooLong });
        }
        let mut bytes = 0;
        for column in 0..width {
            match self.row.get(&column) {
                None => cells.push(""),
                Some(Some(text)) if text.contains('\0') => {
                    return Ok(Next::Bad { line, column: Some(column + 1), reason: Reason::Nul });
                }
                Some(Some(text)) => {
                    bytes += text.len();
                    cells.push(text);
                }
                Some(None) => {
                    return Ok(Next::Bad { line, column: Some(column + 1), reason: Reason::HugeCell });
                }
            }
        }
        if bytes > LONGEST_ROW {
            return Ok(Next::Bad { line, column: None, reason: Reason::TooLong });
        }
        Ok(if cells.is_blank() { Next::Blank } else { Next::Row })
    }

    fn own_values(&mut self, columns: Vec<bool>) {
        self.own = Some(columns);
    }

    fn loose_end(&self) -> bool {
        true
    }
}

/// A value as a person reads it; dates as `YYYY-MM-DD`.
fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(time) => time.as_f64().to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        // Looks like a value and is none: it fits no list and no format, and is counted.
        DataRef::Error(_) => "#ERROR".to_owned(),
    }
}
