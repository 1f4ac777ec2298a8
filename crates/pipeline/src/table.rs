//! Tables that are written as CSV and as Parquet, row by row, and the columns of `determinations`.

use crate::spreadsheet::guard;
use std::io::Write as _;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text; empty if there is nothing to say.
    Text,
    /// A whole number; absent if it is not known.
    Number,
}

/// The columns of a table in order: name, type, meaning.
pub(crate) type Columns = &'static [(&'static str, Kind, &'static str)];

macro_rules! columns {
    ($($name:ident: $kind:ident, $says:literal;)+) => {
        /// The columns in order: name, type, meaning.
        pub(crate) const COLUMNS: $crate::table::Columns =
            &[$((stringify!($name), $crate::table::Kind::$kind, $says)),+];
    };
}
pub(crate) use columns;

columns! {
    subject_id: Text, "The person, by the state's subject number.";
    cnt_order: Text, "The count, by its twelve digits.";
    outcome: Text, "dismiss, reduce, grant, not_eligible, not_yet, refer, already_relieved or review.";
    reason: Text, "The deciding ground in the policy document's words.";
    missing: Text, "What was unknown or in conflict and mattered, joined by `; `.";
    would_be: Text, "For an open decision: each outcome it may have, with its reason, joined by ` | `.";
    relief: Text, "The outcome in full: dismiss and seal, reduce to misdemeanor, refer to somebody.";
    grounds: Text, "All grounds for relief that surely hold, joined by ` | `.";
    bars: Text, "All bars that surely hold, joined by ` | `.";
    others: Text, "All other rules that surely hold: referrals, reviews.";
    rule: Text, "The deciding rule's name in the document.";
    citation: Text, "The source it rests on, with its status.";
    harmless: Text, "What was unknown and made no difference.";
    section: Text, "The code section in normal form; empty if it cannot be read.";
    level: Text, "felony, misdemeanor, infraction, or empty if unknown.";
    county: Text, "The county as recorded.";
    conviction_date: Text, "The date; a month or year if no more is known; empty if nothing is.";
    case_number: Text, "The case number.";
    cii_number: Text, "The CII number.";
    relief_granted: Text, "Relief granted before: provision and date.";
    proxies: Text, "Facts that stood in for others, joined by ` | `.";
    years_since_conviction: Number, "Whole years from the conviction to the day of the decision.";
    years_since_any_conviction: Number, "Whole years from the person's latest conviction.";
    convictions_on_record: Number, "The person's convictions, all counties.";
    prior_convictions: Number, "Those that surely came before this one.";
    cannabis_convictions: Number, "Those of HS 11357 to 11360.";
    super_strikes: Text, "Sections of the person's super strikes, as the counties listed them.";
    registrable_offences: Text, "Sections that require registration under PC 290, as the counties listed them.";
    registered_pc_290: Text, "yes if the record holds such a registration.";
    deceased: Text, "yes, no or unknown.";
    only_in_comment: Text, "Cannabis sections named in the comment and not in the offence.";
    file: Text, "The input of the count's first row.";
    line: Number, "Its line.";
    statute_outcome: Text, "What the statute itself gives, by the policy that this one names for it: one of the outcomes, or out_of_scope; empty if it names none.";
    statute_relief: Text, "The same in full.";
    statute_reason: Text, "Its deciding ground.";
    statute_missing: Text, "What it misses.";
    statute_citation: Text, "The source it rests on, with its status.";
    agency: Text, "The court or agency that reported the conviction, as recorded.";
    policy: Text, "The policy that decided, by its name; more than one, joined by `; `, where the county is unknown and all of them come to the same; empty where it is unknown whose policy decides.";
}

/// One column of a stretch of rows.
pub(crate) enum Column {
    Text { bytes: Vec<u8>, ends: Vec<u32> },
    Number(Vec<Option<i64>>),
}

/// Cells of text that follow one another in a row, ready to be written many times.
pub(crate) struct Cells {
    texts: Vec<String>,
    csv: Vec<u8>,
}

impl Cells {
    pub(crate) fn of(texts: &[&str]) -> Self {
        let mut csv = Vec::new();
        for text in texts {
            put_cell(&mut csv, text);
        }
        Self { texts: texts.iter().map(|text| (*text).to_owned()).collect(), csv }
    }
}

/// Appends a cell and a comma: quoted if it must be, and no formula to a spreadsheet.
fn put_cell(csv: &mut Vec<u8>, text: &str) {
    let text = guard(text);
    if text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        csv.push(b'"');
        for part in text.split_inclusive('"') {
            csv.extend_from_slice(part.as_bytes());
            if part.ends_with('"') {
                csv.push(b'"');
            }
        }
        csv.push(b'"');
    } else {
        csv.extend_from_slice(text.as_bytes());
    }
    csv.push(b',');
}

/// A stretch of rows, as text for the CSV file and column by column for the Parquet file.
pub(crate) struct Rows {
    pub(crate) csv: Vec<u8>,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: usize,
    width: usize,
    at: usize,
}

impl Rows {
    pub(crate) fn new(of: Columns) -> Self {
        let columns = of
            .iter()
            .map(|(_, kind, _)| match kind {
                Kind::Text => Column::Text { bytes: Vec::new(), ends: Vec::new() },
                Kind::Number => Column::Number(Vec::new()),
            })
            .collect();
        Self { csv: Vec::new(), columns, rows: 0, width: of.len(), at: 0 }
    }

    /// The next cell of the row. The CSV file shows it to spreadsheet programs, the Parquet file as it is.
    pub(crate) fn text(&mut self, text: &str) {
        put_cell(&mut self.csv, text);
        self.column(text);
    }

    /// The next cells of the row.
    pub(crate) fn cells(&mut self, cells: &Cells) {
        self.csv.extend_from_slice(&cells.csv);
        for text in &cells.texts {
            self.column(text);
        }
    }

    fn column(&mut self, text: &str) {
        if let Some(Column::Text { bytes, ends }) = self.columns.get_mut(self.at) {
            bytes.extend_from_slice(text.as_bytes());
            ends.push(bytes.len() as u32);
        }
        self.at += 1;
    }

    /// The next cell of the row.
    pub(crate) fn number(&mut self, number: Option<i64>) {
        if let Some(number) = number {
            // Writing to memory cannot fail.
            let _ = write!(self.csv, "{number}");
        }
        self.csv.push(b',');
        if let Some(Column::Number(numbers)) = self.columns.get_mut(self.at) {
            numbers.push(number);
        }
        self.at += 1;
    }

    pub(crate) fn end_row(&mut self) {
        debug_assert_eq!(self.at, self.width);
        if let Some(last) = self.csv.last_mut() {
            *last = b'\n';
        }
        self.at = 0;
        self.rows += 1;
    }
}

/// The place of a column, from 0.
pub(crate) fn place(name: &str) -> Option<usize> {
    COLUMNS.iter().position(|(known, ..)| *known == name)
}

/// The header row.
pub(crate) fn header(of: Columns) -> Vec<u8> {
    let names: Vec<&str> = of.iter().map(|(name, ..)| *name).collect();
    let mut line = names.join(",").into_bytes();
    line.push(b'\n');
    line
}

vacatur_records::silent_debug!(Column);

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// What is written is what the library would write, and reads back.
        #[test]
        fn a_row_reads_back_as_it_was(texts in proptest::collection::vec("[-a, \"\n\r=é']{0,6}", COLUMNS.len())) {
            let mut rows = Rows::new(COLUMNS);
            let mut library = csv::WriterBuilder::new().from_writer(Vec::new());
            let mut expected = Vec::new();
            for ((_, kind, _), text) in COLUMNS.iter().zip(&texts) {
                let cell = match kind {
                    Kind::Text => text.clone(),
                    Kind::Number => text.len().to_string(),
                };
                match kind {
                    Kind::Text if text.len() % 2 == 0 => rows.cells(&Cells::of(&[text])),
                    Kind::Text => rows.text(text),
                    Kind::Number => rows.number(Some(text.len() as i64)),
                }
                library.write_field(&*guard(&cell)).unwrap();
                expected.push(cell);
            }
            rows.end_row();
            library.write_record(None::<&[u8]>).unwrap();
            proptest::prop_assert_eq!(&rows.csv, &library.into_inner().unwrap());
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(rows.csv.as_slice());
            let record = reader.records().next().unwrap().unwrap();
            let read: Vec<&str> = record.iter().map(crate::spreadsheet::unguarded).collect();
            proptest::prop_assert_eq!(read, expected);
        }
    }

    #[test]
    fn parquet_keeps_what_the_csv_file_guards() {
        let mut rows = Rows::new(COLUMNS);
        for (_, kind, _) in COLUMNS {
            match kind {
                Kind::Text => rows.text("=1+1"),
                Kind::Number => rows.number(Some(-7)),
            }
        }
        rows.end_row();
        let csv = String::from_utf8(rows.csv).unwrap();
        assert!(csv.trim_end().split(',').all(|cell| ["'=1+1", "-7"].contains(&cell)), "{csv}");
        for column in &rows.columns {
            match column {
                Column::Text { bytes, .. } => assert_eq!(bytes, b"=1+1"),
                Column::Number(numbers) => assert_eq!(numbers, &[Some(-7)]),
            }
        }
    }
}
