//! Field maps: which fact goes into which field of a form, as a document that a clerk can read.

mod check;
mod draft;
mod read;
mod shipped;
mod words;

use crate::field::Kind;
pub use check::{Moved, Was};
pub use draft::draft;
pub(crate) use draft::looks_attesting;
pub use read::{MapError, MapErrors};
pub use shipped::Shipped;
pub(crate) use words::{Format, Piece, Words, WrongKind, flag};

/// How sure a map is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Compared with the official form, field by field.
    Confirmed,
    /// Made from a blank that was in use.
    Observed,
    /// Made from somebody else's account of the form.
    Secondary,
    /// Made from general knowledge.
    Unconfirmed,
}

impl Status {
    /// The word for it in maps.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Observed => "observed",
            Self::Secondary => "secondary",
            Self::Unconfirmed => "unconfirmed",
        }
    }
}

/// What happens to what a form has no room for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Overflow {
    /// It goes onto a page at the end.
    #[default]
    Addendum,
    /// The form is filled several times.
    Copy,
}

/// Where a value goes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum To {
    /// Into a field.
    Field(String),
    /// Onto a page: its number from 1, then left, bottom, right and top.
    Place(u32, [f32; 4]),
}

/// Words for a field.
#[derive(Clone, Debug)]
pub(crate) struct TextEntry {
    pub(crate) to: To,
    pub(crate) words: Words,
    pub(crate) label: Option<String>,
}

/// A tick for a box.
#[derive(Clone, Debug)]
pub(crate) struct CheckEntry {
    pub(crate) to: To,
    pub(crate) tick_if: String,
    pub(crate) state: Option<String>,
}

/// A column of a table: a field for each row.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) words: Words,
    pub(crate) label: String,
    pub(crate) fields: Vec<String>,
}

/// A table on the form.
#[derive(Clone, Debug)]
pub(crate) struct RowsEntry {
    pub(crate) of: String,
    pub(crate) overflow: Overflow,
    pub(crate) label: String,
    pub(crate) columns: Vec<Column>,
}

impl RowsEntry {
    /// How many rows the form has.
    pub(crate) fn room(&self) -> usize {
        self.columns.iter().map(|column| column.fields.len()).max().unwrap_or(0)
    }
}

/// A field as the blank had it for which the map was made.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Page, left, bottom, right and top of each place.
    pub(crate) at: Vec<[i32; 5]>,
    #[serde(default)]
    pub(crate) states: Vec<String>,
}

/// A field map.
#[derive(Clone, Debug)]
pub struct FieldMap {
    pub(crate) form: String,
    pub(crate) title: String,
    pub(crate) revision: String,
    pub(crate) whose: String,
    pub(crate) source: String,
    pub(crate) status: Status,
    pub(crate) texts: Vec<TextEntry>,
    pub(crate) checks: Vec<CheckEntry>,
    pub(crate) rows: Vec<RowsEntry>,
    /// Fields that swear, sign or date a signature, each with the reason.
    pub(crate) attests: Vec<(String, String)>,
    /// Fields that are left to whoever files the paper, each with the reason.
    pub(crate) leaves: Vec<(String, String)>,
    pub(crate) hash: String,
    pub(crate) known: Vec<Known>,
}

impl FieldMap {
    /// The form's number: `CR-400`.
    #[must_use]
    pub fn form(&self) -> &str {
        &self.form
    }

    /// The form's own title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The day of the form's revision, as YYYY-MM-DD, or `undated`.
    #[must_use]
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// Whose paper it is: who signs it.
    #[must_use]
    pub fn whose(&self) -> &str {
        &self.whose
    }

    /// What the map was made from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// How sure it is.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.status
    }

    /// The hash of the fields of the blank it was made for: see [`crate::Blank::field_hash`].
    #[must_use]
    pub fn field_hash(&self) -> &str {
        &self.hash
    }

    /// The fields that only a person may fill, each with the reason: oaths, signatures and their dates, waivers, orders.
    pub fn attests(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attests.iter().map(|(field, reason)| (field.as_str(), reason.as_str()))
    }

    /// All fields into which the map puts something.
    pub fn filled(&self) -> impl Iterator<Item = &str> {
        let texts = self.texts.iter().map(|entry| &entry.to);
        let checks = self.checks.iter().map(|entry| &entry.to);
        let single = texts.chain(checks).filter_map(|to| match to {
            To::Field(field) => Some(field.as_str()),
            To::Place(..) => None,
        });
        let columns = self.rows.iter().flat_map(|rows| &rows.columns);
        single.chain(columns.flat_map(|column| &column.fields).map(String::as_str))
    }

    /// The names of the facts that the map uses, without repetition, in alphabetical order.
    #[must_use]
    pub fn facts(&self) -> Vec<String> {
        let mut names: Vec<String> = self.checks.iter().map(|check| check.tick_if.clone()).collect();
        self.texts.iter().for_each(|text| text.words.facts(&mut names));
        for rows in &self.rows {
            names.push(rows.of.clone());
            rows.columns.iter().for_each(|column| column.words.facts(&mut names));
        }
        names.sort_unstable();
        names.dedup();
        names
    }
}
