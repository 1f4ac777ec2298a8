//! Reads tables and checks them: a table that a lawyer could not rely on does not load.

use crate::grammar::Grammar;
use crate::set::{DatedLevel, Entry, Provenance, Rule, SectionSet};
use crate::{CodeSection, Level, Status};
use serde::Deserialize;
use toml::value::Datetime;
use vacatur_records::Date;

/// What is wrong with a table, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {entry}: {what}")]
pub struct TableError {
    /// The file.
    pub file: String,
    /// The table and entry, or what else the error is about.
    pub entry: String,
    /// What is wrong.
    pub what: String,
}

impl TableError {
    pub(crate) fn new(file: &str, entry: impl Into<String>, what: impl Into<String>) -> Self {
        Self { file: file.into(), entry: entry.into(), what: what.into() }
    }
}

/// A file of tables as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    table: Vec<RawTable>,
}

/// Authority and status; entries take what they do not say themselves from their table.
#[derive(Clone)]
struct RawProvenance {
    cite: Option<String>,
    source: Option<String>,
    status: Option<String>,
    checked: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTable {
    name: String,
    title: Option<String>,
    jurisdiction: Option<String>,
    note: Option<String>,
    attempts: Option<String>,
    conspiracies: Option<String>,
    unread_targets: Option<String>,
    #[serde(default)]
    dated: bool,
    cite: Option<String>,
    source: Option<String>,
    status: Option<String>,
    checked: Option<String>,
    entry: Vec<RawEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    section: Option<String>,
    through: Option<String>,
    title: Option<String>,
    bare: Option<bool>,
    subdivisions: Option<String>,
    number_is_unique: Option<bool>,
    attempts: Option<String>,
    conspiracies: Option<String>,
    needs: Option<String>,
    with: Option<Vec<String>>,
    from: Option<Datetime>,
    until: Option<Datetime>,
    levels: Option<Vec<RawLevel>>,
    flag: Option<String>,
    note: Option<String>,
    cite: Option<String>,
    source: Option<String>,
    status: Option<String>,
    checked: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLevel {
    level: String,
    from: Option<Datetime>,
    until: Option<Datetime>,
    status: Option<String>,
}

/// The tables of one file.
pub(crate) fn read(grammar: &Grammar, file: &str, text: &str) -> Result<Vec<SectionSet>, TableError> {
    let raw: RawFile =
        toml::from_str(text).map_err(|error| TableError::new(file, "file", error.to_string().trim_end()))?;
    raw.table
        .into_iter()
        .map(|table| Reading { grammar, file, table: table.name.clone() }.table(table))
        .collect()
}

/// Where the reading stands, for the errors.
struct Reading<'a> {
    grammar: &'a Grammar,
    file: &'a str,
    table: String,
}

impl Reading<'_> {
    fn error(&self, entry: &str, what: impl Into<String>) -> TableError {
        let place = if entry.is_empty() { self.table.clone() } else { format!("{}, {entry}", self.table) };
        TableError::new(self.file, place, what)
    }

    fn table(&self, raw: RawTable) -> Result<SectionSet, TableError> {
        let inherited =
            RawProvenance { cite: raw.cite, source: raw.source, status: raw.status, checked: raw.checked };
        let attempts = self.rule("", "attempts", raw.attempts.as_deref())?.unwrap_or_default();
        let conspiracies = self.rule("", "conspiracies", raw.conspiracies.as_deref())?.unwrap_or_default();
        let mut entries: Vec<Entry> = Vec::with_capacity(raw.entry.len());
        for entry in raw.entry {
            let entry = self.entry(entry, &inherited, attempts, conspiracies)?;
            if let Some(twin) = entries.iter().find(|other| is_duplicate(other, &entry)) {
                let name = entry.section.to_string();
                return Err(
                    self.error(&name, format!("listed twice for the same time (also: {:?})", twin.title))
                );
            }
            entries.push(entry);
        }
        if entries.is_empty() {
            return Err(self.error("", "no entries"));
        }
        let set = SectionSet {
            title: self.text("", "title", raw.title)?,
            jurisdiction: self.text("", "jurisdiction", raw.jurisdiction)?,
            note: self.text("", "note", raw.note)?,
            unread_targets: self
                .rule("", "unread_targets", raw.unread_targets.as_deref())?
                .unwrap_or(Rule::DoNotCount),
            name: self.text("", "name", Some(raw.name))?,
            eras: Vec::new(),
            entries,
        };
        if raw.dated { set.dated(self.file) } else { Ok(set) }
    }

    fn entry(
        &self,
        raw: RawEntry,
        inherited: &RawProvenance,
        attempts: Rule,
        conspiracies: Rule,
    ) -> Result<Entry, TableError> {
        let name = raw.section.as_deref().unwrap_or("an entry without a section");
        let section = self.section(name, raw.section.as_deref().unwrap_or_default())?;
        let through = raw.through.as_deref().map(|last| self.section(name, last)).transpose()?;
        if let Some(last) = &through {
            let whole = section.tail().is_empty() && last.tail().is_empty() && section.code() == last.code();
            if !whole || section.place() >= last.place() {
                return Err(self.error(name, format!("a range from {section} through {last} is none")));
            }
        }
        let (from, until) = self.era(name, raw.from, raw.until)?;
        let bare = raw.bare.unwrap_or(false);
        let subdivisions = self.rule(name, "subdivisions", raw.subdivisions.as_deref())?;
        if bare && (subdivisions.is_some() || through.is_some()) {
            return Err(self.error(name, "`bare` goes neither with `subdivisions` nor with `through`"));
        }
        let own =
            RawProvenance { cite: raw.cite, source: raw.source, status: raw.status, checked: raw.checked };
        let provenance = self.provenance(name, own, inherited)?;
        let levels = raw.levels.unwrap_or_default();
        let levels = levels.into_iter().map(|level| self.level(name, level, provenance.status));
        Ok(Entry {
            title: self.text(name, "title", raw.title)?,
            bare,
            subdivisions: subdivisions.unwrap_or(Rule::Count),
            number_is_unique: raw.number_is_unique.unwrap_or(false),
            attempts: self.rule(name, "attempts", raw.attempts.as_deref())?.unwrap_or(attempts),
            conspiracies: self
                .rule(name, "conspiracies", raw.conspiracies.as_deref())?
                .unwrap_or(conspiracies),
            needs: self.optional(name, "needs", raw.needs)?,
            with: raw
                .with
                .unwrap_or_default()
                .iter()
                .map(|companion| self.section(name, companion))
                .collect::<Result<_, _>>()?,
            from,
            until,
            levels: levels.collect::<Result<_, _>>()?,
            flag: self.optional(name, "flag", raw.flag)?,
            note: self.optional(name, "note", raw.note)?,
            provenance: Some(provenance),
            through,
            section,
        })
    }

    fn provenance(
        &self,
        entry: &str,
        own: RawProvenance,
        inherited: &RawProvenance,
    ) -> Result<Provenance, TableError> {
        let inherited = inherited.clone();
        let status = self.text(entry, "status", own.status.or(inherited.status))?;
        Ok(Provenance {
            cite: self.text(entry, "cite", own.cite.or(inherited.cite))?,
            source: self.text(entry, "source", own.source.or(inherited.source))?,
            status: self.status(entry, &status)?,
            checked: self.optional(entry, "checked", own.checked.or(inherited.checked))?,
        })
    }

    fn status(&self, entry: &str, word: &str) -> Result<Status, TableError> {
        Status::of(word).ok_or_else(|| {
            self.error(entry, format!("status {word:?} is not confirmed, observed, secondary or unconfirmed"))
        })
    }

    fn level(&self, entry: &str, raw: RawLevel, inherited: Status) -> Result<DatedLevel, TableError> {
        let level = Level::of(&raw.level)
            .ok_or_else(|| self.error(entry, format!("level {:?} is not known", raw.level)))?;
        let (from, until) = self.era(entry, raw.from, raw.until)?;
        let status = raw.status.map(|word| self.status(entry, &word)).transpose()?.unwrap_or(inherited);
        Ok(DatedLevel { level, from, until, status })
    }

    fn section(&self, entry: &str, text: &str) -> Result<CodeSection, TableError> {
        self.grammar.section(text).ok_or_else(|| {
            self.error(entry, format!("{text:?} cannot be read as one section with its code letters"))
        })
    }

    fn era(
        &self,
        entry: &str,
        from: Option<Datetime>,
        until: Option<Datetime>,
    ) -> Result<(Option<Date>, Option<Date>), TableError> {
        let from = from.map(|day| self.day(entry, day)).transpose()?;
        let until = until.map(|day| self.day(entry, day)).transpose()?;
        match (from, until) {
            (Some(from), Some(until)) if from >= until => {
                Err(self.error(entry, format!("from {from} is not before until {until}")))
            }
            era => Ok(era),
        }
    }

    fn day(&self, entry: &str, written: Datetime) -> Result<Date, TableError> {
        written
            .date
            .filter(|_| written.time.is_none())
            .and_then(|day| Date::new(i16::try_from(day.year).ok()?, day.month as i8, day.day as i8).ok())
            .ok_or_else(|| self.error(entry, format!("{written} is not a day")))
    }

    fn rule(&self, entry: &str, field: &str, word: Option<&str>) -> Result<Option<Rule>, TableError> {
        match word {
            None => Ok(None),
            Some("count") => Ok(Some(Rule::Count)),
            Some("unclear") => Ok(Some(Rule::Unclear)),
            Some("do not count") => Ok(Some(Rule::DoNotCount)),
            Some(other) => {
                Err(self.error(entry, format!("{field} {other:?} is not count, unclear or do not count")))
            }
        }
    }

    /// A text that must be there.
    fn text(&self, entry: &str, field: &str, text: Option<String>) -> Result<Box<str>, TableError> {
        self.optional(entry, field, text)?.ok_or_else(|| self.error(entry, format!("no {field}")))
    }

    /// A text that may be absent, but not blank.
    fn optional(
        &self,
        entry: &str,
        field: &str,
        text: Option<String>,
    ) -> Result<Option<Box<str>>, TableError> {
        match text.as_deref().map(str::trim) {
            Some("") => Err(self.error(entry, format!("{field} is blank"))),
            text => Ok(text.map(Box::from)),
        }
    }
}

/// The same section, in eras that overlap. A bare entry and one with its subdivisions are still the same section; an
/// entry that must stand beside another is a rule of its own.
fn is_duplicate(one: &Entry, two: &Entry) -> bool {
    let begins_before_end = |a: &Entry, b: &Entry| match (a.from, b.until) {
        (Some(from), Some(until)) => from < until,
        _ => true,
    };
    one.section == two.section
        && one.through == two.through
        && one.with.is_empty() == two.with.is_empty()
        && begins_before_end(one, two)
        && begins_before_end(two, one)
}
