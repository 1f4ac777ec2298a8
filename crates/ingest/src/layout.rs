//! A declared file layout: which columns there are, in which order, and what some of them mean.
//!
//! A layout is data in TOML, beside the code. It knows names and places only: what a value leads to is decided
//! elsewhere.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Deserialize;

/// The layout of the California extract, as it stands in the repository.
/// The layout of the California DOJ extract, as declared.
pub const US_CA_DOJ: &str = include_str!("../../../layouts/us-ca/doj-extract.toml");

/// Why a layout document cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// The text is not TOML, or has a key that no layout has.
    #[error("the layout cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// The delimiter is not one ASCII character, or is one that means something else in a CSV file.
    #[error(
        "the delimiter `{found}` will not do: use one ASCII character that is neither a quote nor a line end"
    )]
    Delimiter {
        /// What the document says.
        found: String,
    },
    /// There are too few columns to tell a row from a blank line.
    #[error("a layout needs at least 2 columns, this one has {found}")]
    TooFewColumns {
        /// How many columns the document lists.
        found: usize,
    },
    /// A column's `number` is not its place in the list.
    #[error("column {name} says it is number {says}, but it is the {place}th in the list")]
    Number {
        /// The column.
        name: String,
        /// What its `number` says.
        says: usize,
        /// Where it stands, counted from 1.
        place: usize,
    },
    /// A column's name is empty, has outer blanks, or is not in capitals.
    #[error("column {place} needs a name in capitals without outer blanks, not `{name}`")]
    Name {
        /// The name as written.
        name: String,
        /// Where it stands, counted from 1.
        place: usize,
    },
    /// Two columns share a name.
    #[error("two columns are named {name}")]
    SameName {
        /// The name.
        name: String,
    },
    /// Two columns claim the same meaning.
    #[error("two columns claim to be the field `{field}`: {first} and {second}")]
    SameField {
        /// The meaning.
        field: String,
        /// The column that claimed it first.
        first: String,
        /// The other one.
        second: String,
    },
    /// No column says which person a row belongs to.
    #[error("no column has field = \"subject_id\", so rows cannot be told apart by person")]
    NoSubject,
    /// A blank word is empty, or a blank run is not a single character.
    #[error(
        "the blank placeholder `{found}` will not do: a word must not be empty, a run is one ASCII character"
    )]
    Blank {
        /// What the document says.
        found: String,
    },
    /// The date format is one that no reader understands.
    #[error("dates in the format `{found}` are not known; YYYYMMDD is")]
    Dates {
        /// What the document says.
        found: String,
    },
}

/// One column of a layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnSpec {
    /// The name in the header row, in capitals.
    pub name: String,
    /// What the column means, such as `subject_id`; none for a column that is only carried along.
    pub field: Option<String>,
    /// One sentence for the reader.
    pub doc: Option<String>,
}

/// A declared layout. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Layout {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    name: String,
    version: String,
    title: String,
    jurisdiction: String,
    delimiter: u8,
    columns: Vec<ColumnSpec>,
    by_name: HashMap<String, usize>,
    by_field: HashMap<String, usize>,
    subject: usize,
    blanks: Blanks,
    unknown_part: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    name: String,
    version: String,
    title: String,
    jurisdiction: String,
    delimiter: String,
    #[serde(default)]
    blank: BlankDocument,
    dates: DatesDocument,
    column: Vec<ColumnDocument>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct BlankDocument {
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    runs: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatesDocument {
    format: String,
    unknown_part: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnDocument {
    number: usize,
    name: String,
    field: Option<String>,
    doc: Option<String>,
}

impl Layout {
    /// The bulk extract of the California Department of Justice, as built in.
    ///
    /// # Panics
    /// Never in a build whose tests pass: the document is part of the program and a test reads it.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the document is compiled in and a test reads it")]
    pub fn us_ca_doj() -> Self {
        Self::parse(US_CA_DOJ).expect("the built-in layout is read by a test")
    }

    /// Reads a layout document.
    ///
    /// # Errors
    /// [`LayoutError`] names the first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, LayoutError> {
        let document: Document = toml::from_str(text)?;
        let delimiter = match document.delimiter.as_bytes() {
            &[byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r' | 0) => byte,
            _ => return Err(LayoutError::Delimiter { found: document.delimiter }),
        };
        if document.column.len() < 2 {
            return Err(LayoutError::TooFewColumns { found: document.column.len() });
        }
        if document.dates.format != "YYYYMMDD" {
            return Err(LayoutError::Dates { found: document.dates.format });
        }
        let blanks = Blanks::new(&document.blank.words, &document.blank.runs)?;
        let mut columns: Vec<ColumnSpec> = Vec::with_capacity(document.column.len());
        let mut by_name = HashMap::new();
        let mut by_field: HashMap<String, usize> = HashMap::new();
        for (at, column) in document.column.into_iter().enumerate() {
            let ColumnDocument { number, name, field, doc } = column;
            if number != at + 1 {
                return Err(LayoutError::Number { name, says: number, place: at + 1 });
            }
            if name.is_empty() || name.trim() != name || name.to_ascii_uppercase() != name {
                return Err(LayoutError::Name { name, place: at + 1 });
            }
            if by_name.insert(name.clone(), at).is_some() {
                return Err(LayoutError::SameName { name });
            }
            if let Some(field) = &field
                && let Some(first) = by_field.insert(field.clone(), at)
            {
                let first = columns.get(first).map(|c| c.name.clone()).unwrap_or_default();
                return Err(LayoutError::SameField { field: field.clone(), first, second: name });
            }
            columns.push(ColumnSpec { name, field, doc });
        }
        let subject = *by_field.get("subject_id").ok_or(LayoutError::NoSubject)?;
        Ok(Self {
            inner: Arc::new(Inner {
                name: document.name,
                version: document.version,
                title: document.title,
                jurisdiction: document.jurisdiction,
                delimiter,
                columns,
                by_name,
                by_field,
                subject,
                blanks,
                unknown_part: document.dates.unknown_part,
            }),
        })
    }

    /// The short name, such as `us-ca-doj-extract`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The version of the document.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.inner.version
    }

    /// The title, for people.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.inner.title
    }

    /// The jurisdiction, such as `us-ca`.
    #[must_use]
    pub fn jurisdiction(&self) -> &str {
        &self.inner.jurisdiction
    }

    /// The byte between two fields.
    #[must_use]
    pub fn delimiter(&self) -> u8 {
        self.inner.delimiter
    }

    /// How a part of a date that is not known is written, such as `00`.
    #[must_use]
    pub fn unknown_date_part(&self) -> &str {
        &self.inner.unknown_part
    }

    /// The columns in the order of the file.
    #[must_use]
    pub fn columns(&self) -> &[ColumnSpec] {
        &self.inner.columns
    }

    /// How many columns a row has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.inner.columns.len()
    }

    /// The place, from 0, of the column with this header name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.inner.by_name.get(name).copied()
    }

    /// The place, from 0, of the column that means this, such as `event_date`.
    #[must_use]
    pub fn field(&self, meaning: &str) -> Option<usize> {
        self.inner.by_field.get(meaning).copied()
    }

    /// The place, from 0, of the column that says whose row it is.
    #[must_use]
    pub fn subject(&self) -> usize {
        self.inner.subject
    }

    /// What counts as a blank cell.
    #[must_use]
    pub fn blanks(&self) -> &Blanks {
        &self.inner.blanks
    }

    /// All meanings that some column has, for a reader that wants to name an unknown one.
    #[must_use]
    pub fn fields(&self) -> HashSet<&str> {
        self.inner.by_field.keys().map(String::as_str).collect()
    }
}

/// The placeholders that stand for nothing: words such as `NULL`, and runs of one character such as `---`.
#[derive(Debug, Clone)]
pub struct Blanks {
    /// For each first byte: nothing to check (0), may be a word (1), may be a run (2), may be both (3). Nearly all
    /// cells are told from a placeholder by their first byte alone.
    first: [u8; 256],
    words: Vec<Vec<u8>>,
}

impl Blanks {
    fn new(words: &[String], runs: &[String]) -> Result<Self, LayoutError> {
        let mut first = [0_u8; 256];
        for word in words {
            let Some(&byte) = word.as_bytes().first() else {
                return Err(LayoutError::Blank { found: word.clone() });
            };
            first[usize::from(byte.to_ascii_lowercase())] |= 1;
            first[usize::from(byte.to_ascii_uppercase())] |= 1;
        }
        for run in runs {
            match run.as_bytes() {
                &[byte] if byte.is_ascii() => first[usize::from(byte)] |= 2,
                _ => return Err(LayoutError::Blank { found: run.clone() }),
            }
        }
        Ok(Self { first, words: words.iter().map(|w| w.as_bytes().to_vec()).collect() })
    }

    /// Whether a trimmed cell holds nothing: it is empty or a placeholder.
    #[must_use]
    #[inline]
    pub fn is_blank(&self, trimmed: &[u8]) -> bool {
        match trimmed.first() {
            None => true,
            Some(&byte) => {
                let kind = self.first[usize::from(byte)];
                kind != 0 && self.is_placeholder(kind, byte, trimmed)
            }
        }
    }

    #[cold]
    fn is_placeholder(&self, kind: u8, first: u8, trimmed: &[u8]) -> bool {
        (kind & 2 != 0 && trimmed.iter().all(|&b| b == first))
            || (kind & 1 != 0 && self.words.iter().any(|w| w.eq_ignore_ascii_case(trimmed)))
    }
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
