//! The layout of a court's extract: what its files look like, and what columns and codes mean.

mod check;
mod document;

pub(super) use check::nearest;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use vacatur_records::{DispositionKind, Level, ReliefKind};

use super::dates::DateFormat;
use super::error::LayoutProblem;
use super::meaning::Meaning;
use super::names::NameRules;
use super::number::{self, CaseKey, CasePattern};
use super::section::Sections;
use super::sentence::{SentenceWords, Unit};
use super::values::{Codes, squeezed};

/// The layouts that come with the program.
const BUILT_IN: [(&str, &str); 3] = [
    ("case-export", include_str!("../../../../layouts/us-ca/courts/case-export.toml")),
    ("da-tracking", include_str!("../../../../layouts/us-ca/courts/da-tracking.toml")),
    ("la-index", include_str!("../../../../layouts/us-ca/courts/la-index.toml")),
];

/// How large a layout document may be, in bytes.
const LARGEST: u64 = 1 << 20;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Cells between delimiters: CSV, TSV.
    Delimited,
    /// Cells at fixed places of a line.
    Fixed,
    /// An Excel workbook.
    Xlsx,
    /// A JSON object on each line.
    JsonLines,
    /// Elements of an XML document.
    Xml,
}

/// What a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowIs {
    /// One charge.
    Charge,
    /// A case of one defendant, with groups of columns for its charges.
    Case,
    /// One defendant of a case.
    Party,
}

/// A court of a layout.
#[derive(Clone, Debug)]
pub struct Court {
    /// Its name.
    pub name: String,
    /// Its ORI, by which the state knows it; empty if not known.
    pub ori: String,
    /// The county, in capitals.
    pub county: String,
    /// By which codes the file names it or its branches.
    pub codes: Vec<String>,
    /// How it writes case numbers, the first that fits decides.
    pub case_numbers: Vec<CasePattern>,
    pub(super) pivot: u8,
}

impl Court {
    /// A recorded case number in the form in which numbers of this court are compared; `None` if it fits none of the
    /// court's patterns. The same function for the court's file and for the state's.
    #[must_use]
    pub fn key(&self, recorded: &str) -> Option<CaseKey> {
        number::key(recorded, &self.case_numbers, self.pivot)
    }
}

/// A declared layout. Cheap to clone.
#[derive(Clone, Debug)]
pub struct CourtLayout(pub(super) Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) version: String,
    pub(super) jurisdiction: String,
    pub(super) status: String,
    pub(super) source: String,
    pub(super) format: Format,
    pub(super) row: RowIs,
    pub(super) delimiter: u8,
    pub(super) quote: Option<u8>,
    pub(super) encoding: &'static encoding_rs::Encoding,
    pub(super) header_rows: u8,
    pub(super) skip: u32,
    pub(super) sheet: Option<String>,
    pub(super) record_length: u32,
    pub(super) pad: bool,
    pub(super) ignore_others: bool,
    pub(super) blank: BTreeSet<String>,
    pub(super) record: String,
    pub(super) parties: String,
    pub(super) charges: String,
    pub(super) columns: Vec<ColumnSpec>,
    pub(super) names: NameRules,
    pub(super) sections: Sections,
    pub(super) dispositions: Codes<DispositionKind>,
    pub(super) reliefs: Codes<ReliefKind>,
    /// By which provision, for each code of a relief.
    pub(super) relief_by: BTreeMap<String, String>,
    pub(super) levels: Codes<Level>,
    pub(super) sexes: BTreeMap<String, String>,
    pub(super) races: BTreeMap<String, String>,
    pub(super) sentence: SentenceWords,
    pub(super) courts: Vec<Court>,
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct ColumnSpec {
    pub(super) name: String,
    pub(super) meaning: Meaning,
    /// Which of the repeated groups of charges; 0 for none.
    pub(super) group: u16,
    pub(super) required: bool,
    pub(super) formats: Vec<DateFormat>,
    pub(super) pivot: u8,
    /// From 0.
    pub(super) start: u32,
    pub(super) width: u32,
    pub(super) unit: Option<Unit>,
    pub(super) code: String,
    pub(super) blank: BTreeSet<String>,
}

impl CourtLayout {
    /// The names of the layouts that come with the program.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        BUILT_IN.iter().map(|(name, _)| *name).collect()
    }

    /// The text of a layout that comes with the program.
    #[must_use]
    pub fn text(name: &str) -> Option<&'static str> {
        BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    /// A layout that comes with the program.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn builtin(name: &str) -> Result<Self, LayoutProblem> {
        let text = Self::text(name).ok_or_else(|| LayoutProblem {
            place: name.to_owned(),
            line: None,
            what: format!(
                "there is no such layout; those that come with the program are {}",
                Self::names().join(", ")
            ),
        })?;
        Self::parse(text, &format!("layouts/us-ca/courts/{name}.toml"))
    }

    /// The layout that a word on the command line names: one that comes with the program, else a file.
    ///
    /// # Errors
    /// There is none, or what is wrong with it.
    pub fn named(word: &str) -> Result<Self, LayoutProblem> {
        if Self::text(word).is_some() {
            return Self::builtin(word);
        }
        let wrong = |what: String| LayoutProblem { place: word.to_owned(), line: None, what };
        if !word.contains(['/', '\\', '.']) {
            return Self::builtin(word);
        }
        let bytes =
            crate::source::read_whole(Path::new(word), LARGEST).map_err(|error| wrong(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8".to_owned()))?;
        Self::parse(text.strip_prefix('\u{feff}').unwrap_or(&text), word)
    }

    /// Reads a layout document. `name` is what messages call it.
    ///
    /// # Errors
    /// The first thing that is wrong, and its line.
    pub fn parse(text: &str, name: &str) -> Result<Self, LayoutProblem> {
        check::parse(text, name).map(|inner| Self(Arc::new(inner)))
    }

    /// The short name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The title, for people.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.0.title
    }

    /// The version of the document.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.0.version
    }

    /// The jurisdiction, such as `us-ca`.
    #[must_use]
    pub fn jurisdiction(&self) -> &str {
        &self.0.jurisdiction
    }

    /// How sure the document is of itself: `confirmed`, `observed`, `secondary`, `unconfirmed`.
    #[must_use]
    pub fn status(&self) -> &str {
        &self.0.status
    }

    /// Where what it says is from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// What a file is.
    #[must_use]
    pub fn format(&self) -> Format {
        self.0.format
    }

    /// What a row holds.
    #[must_use]
    pub fn row(&self) -> RowIs {
        self.0.row
    }

    /// The courts, in the order by which [`CourtCase::court`](vacatur_records::CourtCase::court) numbers them.
    #[must_use]
    pub fn courts(&self) -> &[Court] {
        &self.0.courts
    }

    /// Which court a code or an ORI is of.
    #[must_use]
    pub fn court_of(&self, code: &str) -> Option<u32> {
        let bare = squeezed(code);
        let is =
            |court: &Court| !bare.is_empty() && (squeezed(&court.ori) == bare || court.codes.contains(&bare));
        self.0.courts.iter().position(is).and_then(|at| u32::try_from(at).ok())
    }

    /// The columns: name, and what it means as the document says it.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.0.columns.iter().map(|column| (column.name.as_str(), column.meaning.name()))
    }
}
