//! The columns of `determinations.csv` and `.parquet`, and rows of them.

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text; empty if there is nothing to say.
    Text,
    /// A whole number; absent if it is not known.
    Number,
}

macro_rules! columns {
    ($($name:ident: $kind:ident, $says:literal;)+) => {
        /// The columns in order: name, type, meaning.
        pub(crate) const COLUMNS: &[(&str, Kind, &str)] = &[$((stringify!($name), Kind::$kind, $says)),+];
    };
}

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
}

/// One column of a stretch of rows.
#[derive(Debug)]
pub(crate) enum Column {
    Text { bytes: Vec<u8>, ends: Vec<u32> },
    Number(Vec<Option<i64>>),
}

/// A stretch of rows, as text for the CSV file and column by column for the Parquet file.
pub(crate) struct Rows {
    pub(crate) csv: csv::Writer<Vec<u8>>,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: usize,
    at: usize,
}

impl Rows {
    pub(crate) fn new() -> Self {
        let columns = COLUMNS
            .iter()
            .map(|(_, kind, _)| match kind {
                Kind::Text => Column::Text { bytes: Vec::new(), ends: Vec::new() },
                Kind::Number => Column::Number(Vec::new()),
            })
            .collect();
        Self { csv: csv::WriterBuilder::new().from_writer(Vec::new()), columns, rows: 0, at: 0 }
    }

    /// The next cell of the row.
    pub(crate) fn text(&mut self, text: &str) {
        // Writing to memory cannot fail.
        let _ = self.csv.write_field(text);
        if let Column::Text { bytes, ends } = &mut self.columns[self.at] {
            bytes.extend_from_slice(text.as_bytes());
            ends.push(bytes.len() as u32);
        }
        self.at += 1;
    }

    /// The next cell of the row.
    pub(crate) fn number(&mut self, number: Option<i64>) {
        let _ = match number {
            Some(number) => self.csv.write_field(number.to_string()),
            None => self.csv.write_field(""),
        };
        if let Column::Number(numbers) = &mut self.columns[self.at] {
            numbers.push(number);
        }
        self.at += 1;
    }

    pub(crate) fn end_row(&mut self) {
        debug_assert_eq!(self.at, COLUMNS.len());
        let _ = self.csv.write_record(None::<&[u8]>);
        self.at = 0;
        self.rows += 1;
    }
}

/// The place of a column, from 0.
pub(crate) fn place(name: &str) -> Option<usize> {
    COLUMNS.iter().position(|(known, ..)| *known == name)
}

/// The header row.
pub(crate) fn header() -> Vec<u8> {
    let names: Vec<&str> = COLUMNS.iter().map(|(name, ..)| *name).collect();
    let mut line = names.join(",").into_bytes();
    line.push(b'\n');
    line
}
