//! `differences.csv` and `.parquet`: each count of which the candidates' answers differ, with all of them side by side.

use crate::table::{Cells, Columns, Kind, Rows};
use std::sync::LazyLock;

/// The files.
pub(super) const CSV: &str = "differences.csv";
pub(super) const PARQUET: &str = "differences.parquet";

/// The most candidates of a comparison, baselines included.
pub const MOST_CANDIDATES: usize = 202;

/// Which counts are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listing {
    /// Those on which two of the chosen policies differ.
    #[default]
    Chosen,
    /// Also those on which one of them differs from a baseline.
    All,
    /// None.
    Nothing,
}

/// The columns before the answers: name, type, meaning.
const FIRST: [(&str, Kind, &str); 10] = [
    ("subject_id", Kind::Text, "The person, by the state's subject number."),
    ("cnt_order", Kind::Text, "The count, by its twelve digits."),
    ("section", Kind::Text, "The code section in normal form; empty if it cannot be read."),
    ("level", Kind::Text, "felony, misdemeanor, infraction, or empty if unknown."),
    ("county", Kind::Text, "The county as recorded."),
    ("conviction_date", Kind::Text, "The date; a month or year if no more is known; empty if nothing is."),
    ("case_number", Kind::Text, "The case number."),
    (
        "chosen_differ",
        Kind::Text,
        "yes if two of the chosen policies differ; no if one differs from a baseline only.",
    ),
    ("file", Kind::Text, "The input of the count's first row."),
    ("line", Kind::Number, "Its line."),
];

/// The names of the columns of answers.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    (1..=MOST_CANDIDATES).flat_map(|at| [format!("outcome_{at}"), format!("reason_{at}")]).collect()
});

/// All columns that there may be.
static ALL: LazyLock<Vec<(&'static str, Kind, &'static str)>> = LazyLock::new(|| {
    let mut columns = FIRST.to_vec();
    for (at, name) in NAMES.iter().enumerate() {
        let says = if at % 2 == 0 {
            "The outcome under the policy of this number in policies.csv; out_of_scope if it does not decide the count."
        } else {
            "Its deciding ground in the policy document's words."
        };
        columns.push((name, Kind::Text, says));
    }
    columns
});

/// The columns for so many candidates.
pub(super) fn columns(candidates: usize) -> Columns {
    let columns: &'static [_] = &ALL;
    columns.get(..FIRST.len() + 2 * candidates).unwrap_or(columns)
}

/// A count of which the answers differ.
pub(super) struct Line<'l> {
    pub(super) subject: &'l str,
    pub(super) order: &'l str,
    pub(super) section: &'l str,
    pub(super) level: &'l str,
    pub(super) county: &'l str,
    pub(super) date: &'l str,
    pub(super) case_number: &'l str,
    /// Whether two of the chosen policies differ.
    pub(super) chosen: bool,
    pub(super) file: &'l str,
    pub(super) line: Option<i64>,
}

impl Line<'_> {
    /// Writes the row; `answers` has the outcome and the reason of each candidate.
    pub(super) fn write(&self, answers: &Cells, rows: &mut Rows) {
        let texts =
            [self.subject, self.order, self.section, self.level, self.county, self.date, self.case_number];
        for text in texts {
            rows.text(text);
        }
        rows.text(if self.chosen { "yes" } else { "no" });
        rows.text(self.file);
        rows.number(self.line);
        rows.cells(answers);
        rows.end_row();
    }
}
