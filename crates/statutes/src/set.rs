//! A named list of sections, with what belongs to each entry.

use crate::{CodeSection, Level, Status};
use vacatur_records::{Date, DateSpan, Truth};

/// What a list says of something that it does not name expressly.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Rule {
    /// It counts like the section itself.
    Count,
    /// The law or the list leaves it open: the answer is unknown.
    #[default]
    Unclear,
    /// It does not count.
    DoNotCount,
}

impl Rule {
    /// `answer`, at most as sure as this rule lets it be.
    pub(crate) fn limit(self, answer: Truth) -> Truth {
        match self {
            Self::Count => answer,
            Self::Unclear => answer.and(Truth::Unknown),
            Self::DoNotCount => Truth::No,
        }
    }
}

/// Where an entry comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Provenance {
    /// The authority: a statute, or a document of an office.
    pub cite: Box<str>,
    /// Where the text or the practice was found.
    pub source: Box<str>,
    /// How sure it is.
    pub status: Status,
    /// What was last compared with what, and when.
    pub checked: Option<Box<str>>,
}

/// A level in force from one day until before another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DatedLevel {
    /// The level.
    pub level: Level,
    /// First day; since ever if absent.
    pub from: Option<Date>,
    /// First day no longer; to this day if absent.
    pub until: Option<Date>,
    /// How sure it is.
    pub status: Status,
}

/// One section of a list, or a range of sections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub(crate) section: CodeSection,
    pub(crate) through: Option<CodeSection>,
    pub(crate) title: Box<str>,
    pub(crate) bare: bool,
    pub(crate) subdivisions: Rule,
    pub(crate) number_is_unique: bool,
    pub(crate) attempts: Rule,
    pub(crate) conspiracies: Rule,
    pub(crate) needs: Option<Box<str>>,
    pub(crate) with: Vec<CodeSection>,
    pub(crate) from: Option<Date>,
    pub(crate) until: Option<Date>,
    pub(crate) levels: Vec<DatedLevel>,
    pub(crate) flag: Option<Box<str>>,
    pub(crate) note: Option<Box<str>>,
    pub(crate) provenance: Option<Provenance>,
}

impl Entry {
    /// An entry that covers a section with all its subdivisions, without conditions.
    pub(crate) fn of(section: CodeSection) -> Self {
        Self {
            section,
            through: None,
            title: Box::default(),
            bare: false,
            subdivisions: Rule::Count,
            number_is_unique: false,
            attempts: Rule::Unclear,
            conspiracies: Rule::Unclear,
            needs: None,
            with: Vec::new(),
            from: None,
            until: None,
            levels: Vec::new(),
            flag: None,
            note: None,
            provenance: None,
        }
    }

    /// The section, or the first of a range.
    #[must_use]
    pub fn section(&self) -> &CodeSection {
        &self.section
    }

    /// The last section of a range.
    #[must_use]
    pub fn through(&self) -> Option<&CodeSection> {
        self.through.as_ref()
    }

    /// What the offence is called; empty for entries that do not come from a table.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Only the section without a subdivision counts.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.bare
    }

    /// What becomes of deeper subdivisions of an entry that is not bare.
    #[must_use]
    pub fn subdivisions(&self) -> Rule {
        self.subdivisions
    }

    /// The number means this section only, even without code letters.
    #[must_use]
    pub fn number_is_unique(&self) -> bool {
        self.number_is_unique
    }

    /// Whether an attempt counts.
    #[must_use]
    pub fn attempts(&self) -> Rule {
        self.attempts
    }

    /// Whether a conspiracy counts.
    #[must_use]
    pub fn conspiracies(&self) -> Rule {
        self.conspiracies
    }

    /// What must be known beyond the section for the entry to count: `sexual intent`.
    #[must_use]
    pub fn needs(&self) -> Option<&str> {
        self.needs.as_deref()
    }

    /// The entry counts only beside one of these, in the same charge or the same case.
    #[must_use]
    pub fn with(&self) -> &[CodeSection] {
        &self.with
    }

    /// What a reviewer should be told of a conviction under this entry.
    #[must_use]
    pub fn flag(&self) -> Option<&str> {
        self.flag.as_deref()
    }

    /// A remark on the entry.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// First day on which this stood there, if the table says.
    #[must_use]
    pub fn from(&self) -> Option<Date> {
        self.from
    }

    /// First day on which it no longer stood there, if the table says.
    #[must_use]
    pub fn until(&self) -> Option<Date> {
        self.until
    }

    /// Authority, source and status; absent for entries that do not come from a table.
    #[must_use]
    pub fn provenance(&self) -> Option<&Provenance> {
        self.provenance.as_ref()
    }

    /// Whether the entry stood there on that day.
    #[must_use]
    pub fn in_force(&self, day: DateSpan) -> Truth {
        within(self.from, self.until, day)
    }

    /// The levels of the offence, by era.
    #[must_use]
    pub fn levels(&self) -> &[DatedLevel] {
        &self.levels
    }

    /// The level of the offence on that day, if the table says and the day is known well enough.
    #[must_use]
    pub fn level_on(&self, day: DateSpan) -> Option<Level> {
        self.levels
            .iter()
            .find(|dated| within(dated.from, dated.until, day).is_yes())
            .map(|dated| dated.level)
    }
}

/// Whether `day` lies from `from` on and before `until`.
fn within(from: Option<Date>, until: Option<Date>, day: DateSpan) -> Truth {
    let begun = from.map_or(Truth::Yes, |from| !day.before(DateSpan::on(from)));
    let not_over = until.map_or(Truth::Yes, |until| day.before(DateSpan::on(until)));
    begun.and(not_over)
}

/// A named list of sections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionSet {
    pub(crate) name: Box<str>,
    pub(crate) title: Box<str>,
    pub(crate) note: Box<str>,
    pub(crate) jurisdiction: Box<str>,
    pub(crate) unread_targets: Rule,
    /// The days on which it changes, in order; empty if the day of the offence does not matter.
    pub(crate) eras: Vec<Date>,
    pub(crate) entries: Vec<Entry>,
}

impl SectionSet {
    /// A list of sections with all their subdivisions, named after them. Attempts and conspiracies are unclear.
    #[must_use]
    pub fn of(sections: &[CodeSection]) -> Self {
        let undated: Vec<_> = sections.iter().map(|section| (section.clone(), None, None)).collect();
        Self::of_dated(&undated)
    }

    /// The name by which policies refer to the list.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the list is; empty for lists that do not come from a table.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What a reader of the list should know.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }

    /// Whose law or practice it is.
    #[must_use]
    pub fn jurisdiction(&self) -> &str {
        &self.jurisdiction
    }

    /// What becomes of an attempt or conspiracy that does not say to commit what.
    #[must_use]
    pub fn unread_targets(&self) -> Rule {
        self.unread_targets
    }

    /// The entries in the order of the table.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}
