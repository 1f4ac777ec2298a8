//! `da-tracking`: a prosecutor's own sheet. Excel or CSV, one row for each case, with three charges at most.
//!
//! The sheet tells of convictions. A case without any has a row that says how it ended; where only some charges ended in a
//! conviction, the others are not in it. A case with more than three convictions goes on in a further row.

use std::io::Write;

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as Style, Workbook};

use super::line::{Outcome, Written, WrittenCharge, sentence, slashed};
use super::{CourtError, Format};
use crate::calendar::push_number;

const COLUMNS: [&str; 24] = [
    "DA Number",
    "Court Number",
    "CII",
    "Last Name",
    "First Name",
    "Middle",
    "DOB",
    "Sex",
    "Race",
    "Filed",
    "Conviction Date",
    "Charge 1",
    "Level 1",
    "Count 1",
    "Charge 2",
    "Level 2",
    "Count 2",
    "Charge 3",
    "Level 3",
    "Count 3",
    "Disposition",
    "Sentence",
    "Completed Sentence",
    "Notes",
];

/// Rows of an Excel sheet.
const ROWS: u64 = 1_048_576;

/// The sheet as it grows.
pub(crate) struct Sheet<'a> {
    file: File<'a>,
    /// The last row written, from 1.
    row: u64,
    /// The day of the sheet: what has ended by then is completed.
    today: Date,
}

enum File<'a> {
    Csv(Box<csv::Writer<&'a mut dyn Write>>),
    Excel(Box<Workbook>, &'a mut dyn Write),
}

fn title(county: &str) -> String {
    format!("{county} COUNTY DISTRICT ATTORNEY: CASE TRACKING")
}

impl<'a> Sheet<'a> {
    pub(crate) fn csv(out: &'a mut dyn Write, county: &str, today: Date) -> Result<Self, CourtError> {
        let mut file = csv::Writer::from_writer(out);
        let title = title(county);
        let mut first = [""; COLUMNS.len()];
        first[0] = &title;
        file.write_record(first)?;
        file.write_record(COLUMNS)?;
        Ok(Self { file: File::Csv(Box::new(file)), row: 2, today })
    }

    pub(crate) fn excel(out: &'a mut dyn Write, county: &str, today: Date) -> Result<Self, CourtError> {
        let mut book = Workbook::new();
        // The day of the state's file, so that the same population has the same bytes.
        let on =
            ExcelDateTime::from_ymd(today.year().max(1900) as u16, today.month() as u8, today.day() as u8)?;
        book.set_properties(&DocProperties::new().set_title("Case tracking").set_creation_datetime(&on));
        let sheet = book.add_worksheet();
        sheet.set_name("Cases")?;
        let bold = Style::new().set_bold();
        sheet.merge_range(0, 0, 0, COLUMNS.len() as u16 - 1, &title(county), &bold)?;
        for (at, column) in (0..).zip(COLUMNS) {
            sheet.write_string_with_format(1, at, column, &bold)?;
        }
        Ok(Self { file: File::Excel(Box::new(book), out), row: 2, today })
    }

    /// One row. A cell of an Excel sheet is a text, but for the counts.
    fn row(&mut self, cells: &[String; COLUMNS.len()]) -> Result<u64, CourtError> {
        match &mut self.file {
            File::Csv(file) => file.write_record(cells)?,
            File::Excel(book, _) => {
                if self.row >= ROWS {
                    return Err(CourtError::SheetFull);
                }
                let sheet = book.worksheet_from_index(0)?;
                for (at, cell) in (0..).zip(cells) {
                    match cell.parse::<u16>() {
                        Ok(count) if matches!(at, 13 | 16 | 19) => {
                            sheet.write_number(self.row as u32, at, count)?;
                        }
                        _ if cell.is_empty() => {}
                        _ => {
                            sheet.write_string(self.row as u32, at, cell)?;
                        }
                    }
                }
            }
        }
        self.row += 1;
        Ok(self.row)
    }
}

impl Format for Sheet<'_> {
    fn case(&mut self, case: &Written) -> Result<Vec<Option<u64>>, CourtError> {
        let mut places = Vec::new();
        for (at, defendant) in case.defendants.iter().enumerate() {
            let first = places.len();
            places.resize(first + defendant.charges.len(), None);
            let convictions: Vec<usize> = (0..defendant.charges.len())
                .filter(|at| defendant.charges.get(*at).is_some_and(|charge| charge.outcome.is_conviction()))
                .collect();
            let told =
                if convictions.is_empty() { (0..defendant.charges.len()).collect() } else { convictions };
            // A row says one disposition and one date: those of its first charge.
            let mut rest = told.as_slice();
            while let Some(lead) = rest.first().and_then(|lead| defendant.charges.get(*lead)) {
                let same = rest
                    .iter()
                    .take(3)
                    .take_while(|other| {
                        defendant.charges.get(**other).is_some_and(|other| alike(lead, other))
                    })
                    .count();
                let (now, later) = rest.split_at(same.max(1));
                rest = later;
                let charges: Vec<&WrittenCharge> =
                    now.iter().filter_map(|at| defendant.charges.get(*at)).collect();
                let row = self.row(&self.cells(case, at, &charges))?;
                for told in now {
                    if let Some(place) = places.get_mut(first + told) {
                        *place = Some(row);
                    }
                }
            }
        }
        Ok(places)
    }

    fn finish(&mut self) -> Result<(), CourtError> {
        match &mut self.file {
            File::Csv(file) => file.flush()?,
            File::Excel(book, out) => {
                out.write_all(&book.save_to_buffer()?)?;
                out.flush()?;
            }
        }
        Ok(())
    }
}

/// Whether two charges can stand in one row, which has one disposition, one date and one sentence.
fn alike(one: &WrittenCharge, other: &WrittenCharge) -> bool {
    words(one) == words(other) && one.disposed == other.disposed && one.relief == other.relief
}

fn words(charge: &WrittenCharge) -> &'static str {
    match charge.outcome {
        _ if charge.silent => "",
        Outcome::Guilty | Outcome::NoContest | Outcome::Verdict => "Convicted",
        Outcome::Dismissed => "Dismissed",
        Outcome::Interest => "Dismissed 1385",
        Outcome::Acquitted => "Acquitted",
        Outcome::Diverted => "Diversion",
    }
}

impl Sheet<'_> {
    fn cells(&self, case: &Written, at: usize, charges: &[&WrittenCharge]) -> [String; COLUMNS.len()] {
        let mut cells: [String; COLUMNS.len()] = Default::default();
        let Some((defendant, lead)) = case.defendants.get(at).zip(charges.first()) else { return cells };
        let party = &defendant.party;
        let mut last = party.name.last.clone();
        if !party.name.suffix.is_empty() {
            // The sheet has no column for it.
            last = format!("{last} {}", party.name.suffix);
        }
        cells[0] = own_number(case);
        cells[1] = case.number_of(at);
        cells[2].clone_from(&party.cii);
        cells[3] = last;
        cells[4].clone_from(&party.name.first);
        cells[5].clone_from(&party.name.middle);
        cells[6] = slashed(party.birth, false);
        cells[7] = party.sex.to_owned();
        cells[8] = party.race.to_owned();
        cells[9] = slashed(case.filed, false);
        cells[10] = slashed(lead.disposed, false);
        for (charge, group) in charges.iter().zip([11, 14, 17]) {
            cells[group] = format!("{} {}", charge.code, charge.section).trim().to_owned();
            cells[group + 1] = charge.level.to_owned();
            cells[group + 2] = charge.number.to_string();
        }
        cells[20] = words(lead).to_owned();
        cells[21] = sentence(&lead.sentence);
        cells[22] = match lead.sentence_end.filter(|_| lead.outcome.is_conviction()) {
            Some(end) if end <= self.today => "Yes".to_owned(),
            Some(_) => "No".to_owned(),
            None => String::new(),
        };
        cells[23] = notes(lead);
        cells
    }
}

/// `1203.4 granted 05/01/1999; 17(b) granted 06/02/2001`.
fn notes(charge: &WrittenCharge) -> String {
    let mut text = String::new();
    for relief in &charge.relief {
        let section = relief.by.split_once(' ').map_or(relief.by, |(_, section)| section);
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(section);
        text.push_str(" granted ");
        text.push_str(&slashed(Some(relief.on), false));
    }
    text
}

/// The prosecutor's own number: the year and digits that hang on the case alone.
fn own_number(case: &Written) -> String {
    let sum = case.clean.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(131).wrapping_add(byte.into()));
    let mut number = String::from("DA");
    push_number(&mut number, case.on.year().rem_euclid(100) as u32, 2);
    number.push('-');
    push_number(&mut number, sum % 1_000_000, 6);
    number
}
