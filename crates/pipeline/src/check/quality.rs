//! `quality.json`: what a delivery is worth, as data. Its shape is described in `docs/src/check-a-delivery.md`.
//!
//! It holds no name, no number of a person and no date of birth. A text of the input is in it only if the layout lists
//! it, or if it stands in the records of at least five people.

use super::drift::Drift;
use super::header::HeaderDrift;
use super::verdict::Verdict;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the shape.
pub const SCHEMA: &str = "vacatur-quality/1";

/// What a check found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// [`SCHEMA`].
    pub schema: String,
    /// The layout's name and version.
    pub layout: String,
    /// What it is worth, and why.
    pub verdict: Verdict,
    /// After this day a date is in the future: `YYYY-MM-DD`.
    pub reference_day: String,
    /// Whether the user named that day; if not, it was found in the file.
    pub reference_day_given: bool,
    /// The files.
    pub inputs: Vec<File>,
    /// What there is.
    pub counts: Counts,
    /// Numbers that the verdict uses and no field holds: `people_unborn` have no usable date of birth,
    /// `convictions_undated` no usable date.
    pub measured: BTreeMap<String, u64>,
    /// The first and the last day on which something happened, dates that cannot be left out.
    pub dates: Option<[String; 2]>,
    /// For each field what is amiss.
    pub fields: Vec<FieldQuality>,
    /// For each column of the layout in how many rows it holds something.
    pub columns: Vec<ColumnFill>,
    /// Lines that are no rows, and rows that could not be placed, by the reason.
    pub rejects: BTreeMap<String, u64>,
    /// Entries by the year of their date; those without one under an empty year.
    pub years: Vec<YearQuality>,
    /// Entries by agency.
    pub agencies: Vec<AgencyQuality>,
    /// The words of the coded columns.
    pub words: Vec<ColumnWords>,
    /// Offences that cannot be read as a code section.
    pub unread_offences: Unread,
    /// What reviews rest on, where a policy was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviews: Option<ReviewQuality>,
    /// What differs from the previous delivery, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
    /// Where the header row is not the layout's: nothing else could be looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<HeaderDrift>,
}

/// A file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct File {
    /// Its name as given.
    pub name: String,
    /// Bytes of text.
    pub bytes: u64,
    /// Well-formed rows.
    pub rows: u64,
    /// Lines that are no rows.
    pub rejects: u64,
    /// Whether its first row is a header.
    pub header: bool,
    /// `ascii`, `utf-8` or `windows-1252`.
    pub encoding: String,
    /// `lf`, `crlf`, `mixed` or `none`.
    pub line_ends: String,
    /// `none`, `gzip` or `zip`.
    pub compression: String,
    /// What else the user should know.
    pub notes: Vec<String>,
}

/// Plain numbers. Rows are rows used and rejects.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows and lines that are no rows.
    pub rows_in: u64,
    /// Rows that are part of a record.
    pub rows_used: u64,
    /// The others: lines that are no rows, rows that could not be placed, repeated rows.
    pub rejects: u64,
    /// Of these the repeated rows, which lose nothing.
    pub duplicate_rows: u64,
    /// People.
    pub people: u64,
    /// Of these the rows without a subject number, each a person of its own.
    pub people_without_number: u64,
    /// Entries: counts, and rows that belong to no count.
    pub entries: u64,
    /// Counts.
    pub counts: u64,
    /// Counts that are or may be convictions.
    pub convictions: u64,
    /// Counts of a court.
    pub court_counts: u64,
}

/// A field: a column that is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldQuality {
    /// The column's name in the layout; `(row)` for the line as a whole.
    pub column: String,
    /// What it means, by the layout's word.
    pub field: String,
    /// Whether the state's repository answers for it, and not the agency.
    pub of_repository: bool,
    /// How many entries need it: people, rows or counts, as the field is.
    pub needed: u64,
    /// What is amiss.
    pub defects: Vec<DefectCount>,
}

/// How often something is amiss. An entry has each defect of a field once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DefectCount {
    /// The defect.
    pub defect: String,
    /// The larger kind that it belongs to.
    pub kind: String,
    /// Entries that have it.
    pub count: u64,
}

/// A column of the layout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnFill {
    /// Its name.
    pub column: String,
    /// Rows in which it holds something.
    pub filled: u64,
}

/// A year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct YearQuality {
    /// The year; empty for entries without a usable date.
    pub year: String,
    /// Entries.
    pub entries: u64,
    /// Of these the ones with a defect that loses something.
    pub defective: u64,
    /// What is amiss.
    pub defects: Vec<ColumnDefect>,
}

/// How often something is amiss with a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnDefect {
    /// The column.
    pub column: String,
    /// The defect.
    pub defect: String,
    /// Entries that have it.
    pub count: u64,
    /// The same by year, where it is asked for; those without a date under an empty year.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub years: BTreeMap<String, u64>,
}

/// An agency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgencyQuality {
    /// Its name as recorded. In brackets and small letters: `(state repository)`; `(not given)`; and `(in few people's
    /// records)`, for all that stand in the records of fewer than five people, of which one might be a name.
    pub agency: String,
    /// Entries; of the repository: people.
    pub entries: u64,
    /// Of these the ones with a defect that loses something.
    pub defective: u64,
    /// What is amiss.
    pub defects: Vec<ColumnDefect>,
}

/// The words of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnWords {
    /// The column.
    pub column: String,
    /// The words that are listed or frequent.
    pub words: Vec<Word>,
    /// Rows with any other word.
    pub rare_rows: u64,
}

/// A word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// The word, in capitals.
    pub text: String,
    /// Rows that hold it.
    pub rows: u64,
    /// Whether the layout lists it.
    pub listed: bool,
}

/// Offences that cannot be read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Unread {
    /// Counts that have one.
    pub counts: u64,
    /// Different texts.
    pub distinct: u64,
    /// The most frequent of those that stand in the records of at least five people, with the number of counts.
    pub most_frequent: Vec<Word>,
}

/// What reviews rest on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReviewQuality {
    /// The policy.
    pub policy: String,
    /// Determinations.
    pub determinations: u64,
    /// Of these the reviews.
    pub reviews: u64,
    /// Of these the ones that a rule of the policy asks for, and for which nothing is missing.
    pub by_rule: u64,
    /// Of these the ones that rest on at least one defect.
    pub by_defects: u64,
    /// By defect. A review that rests on several is counted once for each, and in no `alone`.
    pub defects: Vec<ReviewCause>,
    /// By missing fact, for facts that are missing though nothing is amiss in the file.
    pub without_defect: Vec<ReviewFact>,
}

/// What reviews rest on: a defect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReviewCause {
    /// The column.
    pub column: String,
    /// The defect.
    pub defect: String,
    /// Reviews that rest on it.
    pub reviews: u64,
    /// Of these the ones that rest on nothing else.
    pub alone: u64,
}

/// What reviews rest on: a fact that no file holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReviewFact {
    /// The fact.
    pub missing: String,
    /// Reviews that lack it.
    pub reviews: u64,
    /// Of these the ones that lack nothing else.
    pub alone: u64,
}

impl Quality {
    /// A report in which nothing is counted yet.
    pub(crate) fn empty(layout: &str) -> Self {
        Self {
            schema: SCHEMA.into(),
            layout: layout.into(),
            verdict: Verdict::default(),
            reference_day: String::new(),
            reference_day_given: false,
            inputs: Vec::new(),
            counts: Counts::default(),
            measured: BTreeMap::new(),
            dates: None,
            fields: Vec::new(),
            columns: Vec::new(),
            rejects: BTreeMap::new(),
            years: Vec::new(),
            agencies: Vec::new(),
            words: Vec::new(),
            unread_offences: Unread::default(),
            reviews: None,
            drift: None,
            header: None,
        }
    }

    /// How often a defect of a field was counted, by the layout's word for the field.
    #[must_use]
    pub fn count(&self, field: &str, defect: &str) -> u64 {
        let of = self.fields.iter().filter(|known| known.field == field).flat_map(|known| &known.defects);
        of.filter(|known| known.defect == defect).map(|known| known.count).sum()
    }

    /// How many entries need a field.
    #[must_use]
    pub fn needed(&self, field: &str) -> u64 {
        self.fields.iter().find(|known| known.field == field).map_or(0, |known| known.needed)
    }
}
