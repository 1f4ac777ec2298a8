//! What a report says, before anybody draws it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All that a report says.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Report {
    /// What the numbers rest on.
    pub head: Head,
    /// How small numbers were withheld.
    pub disclosure: Disclosure,
    /// The headline figures, in order.
    pub figures: Vec<Figure>,
    /// The tables, in order of their sections.
    pub tables: Vec<Table>,
}

/// What the numbers rest on.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Head {
    /// The policy that decided; or the list by which each county has its own, and after it these, with their counties.
    pub policies: Vec<PolicyHead>,
    /// The policy that says what the statute itself gives, where the run has one.
    pub statute: Option<PolicyHead>,
    /// The day of the decision, as `2020-07-01`.
    pub as_of: String,
    /// The version of the program that decided, and the BLAKE3 of its file.
    pub program: (String, String),
    /// The files that were read.
    pub inputs: Vec<InputHead>,
    /// Rows in the inputs, and rows that could not be used.
    pub rows: u64,
    /// Rows that could not be used.
    pub rejects: u64,
    /// The BLAKE3 of the run's `manifest.json`.
    pub manifest: String,
    /// The tables that the figures were counted in: name in the run's folder and BLAKE3.
    pub read: Vec<(String, String)>,
}

/// A policy, for the method note.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct PolicyHead {
    /// Its name, as `us-ca/los-angeles-2020`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The BLAKE3 of its document.
    pub blake3: String,
    /// Its parameters as set.
    pub parameters: BTreeMap<String, String>,
    /// The counties that it decides for, where there are several policies; empty for the one that decides for the rest.
    pub counties: Vec<String>,
}

/// An input, for the method note.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct InputHead {
    /// Its name, without the folders before it.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its BLAKE3.
    pub blake3: String,
    /// Its rows.
    pub rows: u64,
}

/// How small numbers were withheld.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Disclosure {
    /// Whether the report may be published: every number of people or convictions above nothing and below `least` is
    /// withheld, and with it as many others as it takes.
    pub public: bool,
    /// The least number that is shown, other than 0.
    pub least: u64,
    /// How many cells are withheld because they are small.
    pub small: u64,
    /// How many more are withheld because a small one could be worked out from them.
    pub complementary: u64,
}

/// A headline figure. Its words are under `figure.<id>` of the texts.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Figure {
    /// Its name, in letters, digits and `_`: `people_helped`.
    pub id: String,
    /// The number.
    pub value: Shown,
    /// The query that gives it again: SQL over the run's Parquet files, as DuckDB reads it.
    pub sql: String,
}

/// A number as it may be shown.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// So many.
    Count(u64),
    /// So many of so many.
    Share(Share),
    /// One share over another.
    Ratio(Ratio),
    /// A word: an outcome, a county.
    Word(String),
    /// Not shown, since it or another number could be worked out to be small.
    Withheld,
    /// There is nothing to say: a share of nobody.
    Nothing,
}

/// A share with its interval.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq)]
pub struct Share {
    /// So many.
    pub count: u64,
    /// Of so many; above 0.
    pub of: u64,
    /// The lower end of the interval, 0 to 1.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Share {
    /// The share, 0 to 1.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.count as f64 / self.of as f64
    }
}

/// A ratio of two shares with its interval.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq)]
pub struct Ratio {
    /// The ratio.
    pub value: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// The part of the report that a table stands in.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// From everybody in the files to those who were helped.
    Funnel,
    /// What was decided of convictions: outcomes, reasons, sections, levels, years.
    Convictions,
    /// Who was helped.
    Who,
    /// How people stand before and after.
    BeforeAfter,
    /// How groups compare.
    Disparities,
    /// Counties and agencies.
    Places,
    /// What could not be decided and why.
    Undecided,
}

/// A table. Its title and explanation are under `table.<id>` of the texts, the heads of its columns under `column.<id>`, and
/// the words of its rows under `word.<dimension>`, where a word that is not listed stands as it is.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Table {
    /// Its name, in letters, digits and `_`.
    pub id: String,
    /// Where it stands.
    pub section: Section,
    /// What its rows are told apart by: `race`, `county`, `outcome`.
    pub dimension: String,
    /// Its columns' names.
    pub columns: Vec<String>,
    /// Its rows, in the order in which they are shown.
    pub rows: Vec<Row>,
    /// All rows together, where that can be said.
    pub total: Option<Row>,
    /// The query that gives it again.
    pub sql: String,
    /// Remarks that belong to it, by name: `note.<id>` of the texts.
    pub notes: Vec<String>,
}

/// A row of a table.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Row {
    /// What it is of: a word of the table's dimension. Empty means not recorded.
    pub key: String,
    /// Its numbers, one for each column.
    pub cells: Vec<Shown>,
}
