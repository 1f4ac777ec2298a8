//! Reading a map, with every mistake at its line.

use super::words::{FORMATS, List, parse};
use super::{
    CheckEntry, Column, FieldMap, Format, Known, Overflow, Piece, RowsEntry, Status, TextEntry, To, Words,
};
use crate::facts::is_fact_name;
use crate::field::Kind;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::Spanned;

/// A mistake in a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what is right.
    pub message: String,
}

/// All mistakes of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapErrors(pub Vec<MapError>);

impl std::fmt::Display for MapErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, error) in self.0.iter().enumerate() {
            let comma = if at > 0 { "\n" } else { "" };
            write!(f, "{comma}line {}: {}", error.line, error.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for MapErrors {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    form: String,
    title: String,
    revision: Spanned<String>,
    whose: String,
    source: String,
    status: Status,
    #[serde(default)]
    text: Vec<Spanned<Text>>,
    #[serde(default)]
    check: Vec<Spanned<Check>>,
    #[serde(default)]
    rows: Vec<Spanned<Rows>>,
    #[serde(default)]
    attests: Vec<Spanned<Group>>,
    #[serde(default)]
    leave: Vec<Spanned<Group>>,
    blank: Option<BlankPart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Text {
    field: Option<String>,
    at: Option<[f32; 5]>,
    fact: Option<String>,
    text: Option<String>,
    list: Option<String>,
    each: Option<String>,
    only: Option<String>,
    join: Option<String>,
    format: Option<String>,
    size: Option<f32>,
    label: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Check {
    field: Option<String>,
    at: Option<[f32; 5]>,
    state: Option<String>,
    tick_if: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    of: String,
    #[serde(default)]
    overflow: Overflow,
    label: String,
    columns: Vec<RowsColumn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowsColumn {
    fact: Option<String>,
    text: Option<String>,
    format: Option<String>,
    size: Option<f32>,
    label: String,
    fields: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    reason: String,
    fields: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlankPart {
    hash: Spanned<String>,
    fields: Vec<Spanned<Known>>,
}

struct Reading<'a> {
    text: &'a str,
    errors: Vec<MapError>,
}

impl FieldMap {
    /// Reads a map.
    ///
    /// # Errors
    ///
    /// Every mistake in it, with its line. A map that puts anything into a field it lists under `attests` is refused.
    pub fn parse(text: &str) -> Result<Self, MapErrors> {
        let mut reading = Reading { text, errors: Vec::new() };
        let file: File = match toml::from_str(text) {
            Ok(file) => file,
            Err(error) => {
                let at = error.span().unwrap_or(0..0);
                reading.wrong(&at, error.message());
                return Err(MapErrors(reading.errors));
            }
        };
        let map = reading.map(file);
        if reading.errors.is_empty() { Ok(map) } else { Err(MapErrors(reading.errors)) }
    }
}

impl Reading<'_> {
    fn wrong(&mut self, at: &Range<usize>, message: impl Into<String>) {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        self.errors.push(MapError { line, message: message.into() });
    }

    fn map(&mut self, file: File) -> FieldMap {
        let revision = file.revision.get_ref();
        if revision != "undated" && revision.parse::<jiff::civil::Date>().is_err() {
            self.wrong(&file.revision.span(), "revision must be a day, YYYY-MM-DD, or \"undated\"");
        }
        let mut used: BTreeMap<String, &'static str> = BTreeMap::new();
        let attests = self.groups(file.attests, &mut used, "attests");
        let leaves = self.groups(file.leave, &mut used, "leave");
        let mut texts = Vec::new();
        for entry in file.text {
            let (at, entry) = (entry.span(), entry.into_inner());
            let to = self.to(&at, &entry.field, entry.at, &mut used);
            let words = self.words(&at, &entry);
            if let (Some(to), Some(words)) = (to, words) {
                texts.push(TextEntry { to, words, label: entry.label });
            }
        }
        let mut checks = Vec::new();
        for entry in file.check {
            let (at, entry) = (entry.span(), entry.into_inner());
            self.fact(&at, &entry.tick_if);
            if let Some(to) = self.to(&at, &entry.field, entry.at, &mut used) {
                checks.push(CheckEntry { to, tick_if: entry.tick_if, state: entry.state });
            }
        }
        let rows = file.rows.into_iter().map(|entry| self.rows(entry, &mut used)).collect();
        let (mut hash, mut known) = (String::new(), Vec::new());
        if let Some(blank) = file.blank {
            if blank.hash.get_ref().len() != 64 {
                self.wrong(
                    &blank.hash.span(),
                    "hash must be the field hash that `vacatur forms inspect` shows",
                );
            }
            hash = blank.hash.into_inner();
            known = self.known(blank.fields, &used);
        }
        FieldMap {
            form: file.form,
            title: file.title,
            revision: file.revision.into_inner(),
            whose: file.whose,
            source: file.source,
            status: file.status,
            texts,
            checks,
            rows,
            attests,
            leaves,
            hash,
            known,
        }
    }

    fn known(&mut self, fields: Vec<Spanned<Known>>, used: &BTreeMap<String, &'static str>) -> Vec<Known> {
        let mut names = BTreeSet::new();
        let mut known = Vec::with_capacity(fields.len());
        for field in fields {
            let (at, field) = (field.span(), field.into_inner());
            if !names.insert(field.name.clone()) {
                self.wrong(&at, format!("{:?} stands here twice", field.name));
            }
            match (field.kind, used.get(&field.name)) {
                (Kind::Button, _) | (_, Some(_)) => {}
                (_, None) => self.wrong(
                    &at,
                    format!("{:?} is neither filled nor under `attests` nor under `leave`", field.name),
                ),
            }
            if field.kind == Kind::Signature && used.get(&field.name).is_some_and(|&how| how != "attests") {
                self.wrong(&at, format!("{:?} is a signature: it belongs under `attests`", field.name));
            }
            known.push(field);
        }
        if let Some(name) = used.keys().find(|name| !names.contains(*name)) {
            self.wrong(&(0..0), format!("{name:?} is not among the fields of `blank`"));
        }
        known
    }

    fn groups(
        &mut self,
        groups: Vec<Spanned<Group>>,
        used: &mut BTreeMap<String, &'static str>,
        how: &'static str,
    ) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for group in groups {
            let (at, group) = (group.span(), group.into_inner());
            if group.reason.trim().is_empty() {
                self.wrong(&at, "a reason is needed");
            }
            for field in group.fields {
                self.take(&at, &field, how, used);
                all.push((field, group.reason.clone()));
            }
        }
        all
    }

    fn take(
        &mut self,
        at: &Range<usize>,
        field: &str,
        how: &'static str,
        used: &mut BTreeMap<String, &'static str>,
    ) {
        match used.insert(field.to_owned(), how) {
            None => {}
            Some("attests") => {
                used.insert(field.to_owned(), "attests");
                self.wrong(
                    at,
                    format!("{field:?} is under `attests`: only a person may fill it, and no map puts anything there"),
                );
            }
            Some(before) => self.wrong(at, format!("{field:?} stands under `{before}` already")),
        }
    }

    fn to(
        &mut self,
        at: &Range<usize>,
        field: &Option<String>,
        place: Option<[f32; 5]>,
        used: &mut BTreeMap<String, &'static str>,
    ) -> Option<To> {
        match (field, place) {
            (Some(field), None) => {
                self.take(at, field, "filled", used);
                Some(To::Field(field.clone()))
            }
            (None, Some([page, left, bottom, right, top])) => {
                let is_place =
                    (1.0..=500.0).contains(&page) && page.fract() == 0.0 && left < right && bottom < top;
                if !is_place || ![left, bottom, right, top].iter().all(|value| value.abs() <= 20_000.0) {
                    self.wrong(
                        at,
                        "`at` must be [page, left, bottom, right, top], in points from the lower left",
                    );
                    return None;
                }
                Some(To::Place(page as u32, [left, bottom, right, top]))
            }
            _ => {
                self.wrong(at, "name either a `field` or a place with `at`");
                None
            }
        }
    }

    fn fact(&mut self, at: &Range<usize>, name: &str) {
        if !is_fact_name(name) {
            self.wrong(at, format!("{name:?} is no name of a fact: small letters, digits, dots and hyphens"));
        }
    }

    fn pieces(
        &mut self,
        at: &Range<usize>,
        fact: &Option<String>,
        text: &Option<String>,
    ) -> Option<Vec<Piece>> {
        match (fact, text) {
            (Some(fact), None) => {
                self.fact(at, fact);
                Some(vec![Piece::Fact(fact.clone())])
            }
            (None, Some(text)) => match parse(text) {
                Ok(pieces) => Some(pieces),
                Err(message) => {
                    self.wrong(at, message);
                    None
                }
            },
            _ => {
                self.wrong(at, "name one of `fact`, `text` and `list`");
                None
            }
        }
    }

    fn format(&mut self, at: &Range<usize>, name: &Option<String>) -> Format {
        let Some(name) = name else { return Format::Plain };
        if let Some((_, format)) = FORMATS.iter().find(|(known, _)| known == name) {
            return *format;
        }
        let known: Vec<String> = FORMATS.iter().map(|(name, _)| format!("{name:?}")).collect();
        self.wrong(at, format!("format must be one of {}", known.join(", ")));
        Format::Plain
    }

    fn size(&mut self, at: &Range<usize>, size: Option<f32>) -> Option<f32> {
        if size.is_some_and(|size| !(6.0..=24.0).contains(&size)) {
            self.wrong(at, "size must be from 6 to 24 points");
        }
        size
    }

    fn words(&mut self, at: &Range<usize>, entry: &Text) -> Option<Words> {
        let format = self.format(at, &entry.format);
        let size = self.size(at, entry.size);
        let Some(of) = &entry.list else {
            if entry.each.is_some() || entry.only.is_some() || entry.join.is_some() {
                self.wrong(at, "`each`, `only` and `join` belong to a `list`");
            }
            let pieces = self.pieces(at, &entry.fact, &entry.text)?;
            return Some(Words { pieces, format, size, list: None });
        };
        self.fact(at, of);
        if let Some(only) = &entry.only {
            self.fact(at, only);
        }
        if entry.fact.is_some() || entry.text.is_some() {
            self.wrong(at, "a `list` says with `each` what is written of each row");
        }
        let pieces = self.pieces(at, &None, &entry.each)?;
        let join = entry.join.clone().unwrap_or_else(|| ", ".into());
        Some(Words {
            pieces,
            format,
            size,
            list: Some(List { of: of.clone(), only: entry.only.clone(), join }),
        })
    }

    fn rows(&mut self, entry: Spanned<Rows>, used: &mut BTreeMap<String, &'static str>) -> RowsEntry {
        let (at, entry) = (entry.span(), entry.into_inner());
        self.fact(&at, &entry.of);
        let mut columns = Vec::new();
        let longest = entry.columns.iter().map(|column| column.fields.len()).max().unwrap_or(0);
        if longest == 0 {
            self.wrong(&at, "a table needs columns with fields");
        }
        for column in entry.columns {
            if column.fields.len() != longest {
                self.wrong(
                    &at,
                    format!("column {:?} has another number of fields than the first", column.label),
                );
            }
            for field in &column.fields {
                self.take(&at, field, "filled", used);
            }
            let format = self.format(&at, &column.format);
            let size = self.size(&at, column.size);
            if let Some(pieces) = self.pieces(&at, &column.fact, &column.text) {
                let words = Words { pieces, format, size, list: None };
                columns.push(Column { words, label: column.label, fields: column.fields });
            }
        }
        RowsEntry { of: entry.of, overflow: entry.overflow, label: entry.label, columns }
    }
}
