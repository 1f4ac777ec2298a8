//! A layout document checked, and made ready.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;
use vacatur_records::{DispositionKind, Level, ReliefKind, SentenceKind};

use super::document::{ColumnDocument, CourtDocument, Document, Entry};
use super::{ColumnSpec, Court, Format, Inner, RowIs};
use crate::court::dates::DateFormat;
use crate::court::error::LayoutProblem;
use crate::court::meaning::Meaning;
use crate::court::names::{NameOrder, NameRules};
use crate::court::number::CasePattern;
use crate::court::section::Sections;
use crate::court::sentence::{SentenceWords, Unit};
use crate::court::values::{Codes, squeezed};

/// Two digits up to this are of this century, unless the document says otherwise.
const PIVOT: u8 = 30;
/// A line of fixed width has at most so many characters.
const LONGEST: u32 = 65_536;

struct Checker<'a> {
    text: &'a str,
    name: &'a str,
}

type Checked<T> = Result<T, LayoutProblem>;

impl Checker<'_> {
    fn at(&self, offset: usize, what: impl Into<String>) -> LayoutProblem {
        let line = self.text.get(..offset).map(|before| before.matches('\n').count() + 1);
        LayoutProblem { place: self.name.to_owned(), line, what: what.into() }
    }

    fn wrong<T>(&self, spanned: &Spanned<T>, what: impl Into<String>) -> LayoutProblem {
        self.at(spanned.span().start, what)
    }

    fn overall(&self, what: impl Into<String>) -> LayoutProblem {
        LayoutProblem { place: self.name.to_owned(), line: None, what: what.into() }
    }

    fn one_of<T: Copy>(&self, spanned: &Spanned<String>, what: &str, all: &[(&str, T)]) -> Checked<T> {
        let word = spanned.get_ref();
        all.iter().find(|(name, _)| name == word).map(|(_, meaning)| *meaning).ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
            self.wrong(spanned, format!("{what} `{word}` is not known; it is one of {}", names.join(", ")))
        })
    }

    fn byte(&self, spanned: &Spanned<String>, what: &str) -> Checked<u8> {
        match spanned.get_ref().as_bytes() {
            &[byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r' | 0) => Ok(byte),
            _ => Err(self.wrong(spanned, format!("the {what} must be one ASCII character and no line end"))),
        }
    }

    fn status(&self, offset: usize, status: Option<&str>) -> Checked<()> {
        match status {
            None | Some("confirmed" | "observed" | "secondary" | "unconfirmed") => Ok(()),
            Some(other) => Err(self.at(
                offset,
                format!("the status `{other}` is not known; it is one of confirmed, observed, secondary, unconfirmed"),
            )),
        }
    }

    fn codes<T: Copy>(&self, list: &str, entries: &[Spanned<Entry>], all: &[(&str, T)]) -> Checked<Codes<T>> {
        let mut codes = Codes::default();
        for entry in entries {
            let inner = entry.get_ref();
            self.status(entry.span().start, inner.status.as_deref())?;
            let meaning = all.iter().find(|(name, _)| *name == inner.is).map(|(_, meaning)| *meaning);
            let Some(meaning) = meaning else {
                let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
                let is = &inner.is;
                return Err(
                    self.wrong(entry, format!("no {list} is `{is}`; it is one of {}", names.join(", ")))
                );
            };
            if !inner.by.is_empty() && list != "relief" {
                return Err(self.wrong(
                    entry,
                    format!(
                        "`by` says by which provision a relief is granted; the list {list} has no use for it"
                    ),
                ));
            }
            for code in &inner.codes {
                if squeezed(code).is_empty() {
                    return Err(
                        self.wrong(entry, format!("an empty code in the list {list}; name it under `blank`"))
                    );
                }
                if !codes.add(code, meaning) {
                    return Err(self.wrong(entry, format!("the list {list} has the code `{code}` twice")));
                }
            }
        }
        Ok(codes)
    }

    fn words(&self, list: &str, entries: &[Spanned<Entry>]) -> Checked<BTreeMap<String, String>> {
        let mut words = BTreeMap::new();
        for entry in entries {
            let inner = entry.get_ref();
            self.status(entry.span().start, inner.status.as_deref())?;
            for code in &inner.codes {
                if words.insert(squeezed(code), inner.is.clone()).is_some() {
                    return Err(self.wrong(entry, format!("the list {list} has the code `{code}` twice")));
                }
            }
        }
        Ok(words)
    }

    fn formats(&self, offset: usize, formats: &[String]) -> Checked<Vec<DateFormat>> {
        formats.iter().map(|f| DateFormat::parse(f).map_err(|what| self.at(offset, what))).collect()
    }

    fn court(&self, spanned: &Spanned<CourtDocument>, pivot: u8) -> Checked<Court> {
        let court = spanned.get_ref();
        self.status(spanned.span().start, court.status.as_deref())?;
        let patterns = court.case_numbers.iter().map(|text| CasePattern::parse(text));
        Ok(Court {
            name: court.name.clone(),
            ori: court.ori.clone(),
            county: court.county.to_uppercase(),
            codes: court.codes.iter().map(|code| squeezed(code)).collect(),
            case_numbers: patterns.collect::<Result<_, _>>().map_err(|what| self.wrong(spanned, what))?,
            pivot,
        })
    }

    fn column(
        &self,
        spanned: &Spanned<ColumnDocument>,
        format: Format,
        defaults: &Defaults,
    ) -> Checked<ColumnSpec> {
        let column = spanned.get_ref();
        let wrong = |what: String| self.wrong(spanned, format!("column {}: {what}", column.name));
        if column.name.trim().is_empty() {
            return Err(self.wrong(spanned, "a column needs a name"));
        }
        let Some(meaning) = Meaning::named(&column.is) else {
            let near = nearest(&column.is, Meaning::ALL.iter().map(|(name, _)| *name));
            return Err(wrong(format!("no column is `{}`{near}", column.is)));
        };
        if column.group > 0 && meaning.level() != crate::court::meaning::Level::Charge {
            return Err(wrong(format!(
                "a group repeats what is said of a charge, and `{}` is not",
                column.is
            )));
        }
        let mut formats = self.formats(spanned.span().start, &column.formats)?;
        if meaning.is_date() {
            if formats.is_empty() {
                formats.clone_from(&defaults.formats);
            }
            if formats.is_empty() {
                return Err(wrong("a date needs `formats`, its own or those under [dates]".to_owned()));
            }
            if format == Format::Xlsx && !formats.iter().any(|f| f.text == "YYYY-MM-DD") {
                // As cells that are dates to Excel come out.
                formats.extend(DateFormat::parse("YYYY-MM-DD"));
            }
        } else if !formats.is_empty() {
            return Err(wrong("`formats` are for dates".to_owned()));
        }
        let (start, width) = match (format, column.start, column.width) {
            (Format::Fixed, Some(start @ 1..), Some(width @ 1..))
                if start.checked_add(width).is_some_and(|end| end <= LONGEST) =>
            {
                (start - 1, width)
            }
            (Format::Fixed, ..) => {
                return Err(wrong("a column of fixed width needs `start`, from 1, and `width`".to_owned()));
            }
            (_, None, None) => (0, 0),
            _ => return Err(wrong("`start` and `width` are for format = \"fixed\"".to_owned())),
        };
        let unit = match column.unit.as_deref() {
            None => None,
            Some("days") => Some(Unit::Days),
            Some("months") => Some(Unit::Months),
            Some("years") => Some(Unit::Years),
            Some(_) => return Err(wrong("`unit` is days, months or years".to_owned())),
        };
        if matches!(meaning, Meaning::Prison | Meaning::Jail | Meaning::Supervision) && unit.is_none() {
            return Err(wrong("a length needs its `unit`: days, months or years".to_owned()));
        }
        Ok(ColumnSpec {
            name: column.name.clone(),
            meaning,
            group: column.group,
            required: !column.optional.unwrap_or(meaning == Meaning::Ignored),
            formats,
            pivot: column.pivot.unwrap_or(defaults.pivot),
            start,
            width,
            unit,
            code: column.code.clone(),
            blank: column.blank.iter().map(|word| squeezed(word)).collect(),
        })
    }
}

struct Defaults {
    formats: Vec<DateFormat>,
    pivot: u8,
}

/// `; do you mean …?`, if a name is near.
pub(in crate::court) fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> String {
    let lower = word.to_lowercase();
    names
        .map(|name| (strsim::jaro_winkler(&lower, &name.to_lowercase()), name))
        .filter(|(near, _)| *near >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| format!("; do you mean `{name}`?"))
        .unwrap_or_default()
}

pub(super) fn parse(text: &str, name: &str) -> Checked<Inner> {
    let checker = Checker { text, name };
    let document: Document = toml::from_str(text).map_err(|error| {
        let line = error.span().and_then(|span| text.get(..span.start)).map(|b| b.matches('\n').count() + 1);
        LayoutProblem { place: name.to_owned(), line, what: error.message().to_owned() }
    })?;
    let offset = document.name.span().start;
    let (format, delimiter) = checker.one_of(
        &document.format,
        "the format",
        &[
            ("csv", (Format::Delimited, b',')),
            ("tsv", (Format::Delimited, b'\t')),
            ("fixed", (Format::Fixed, 0)),
            ("xlsx", (Format::Xlsx, b',')),
            ("jsonl", (Format::JsonLines, 0)),
            ("xml", (Format::Xml, 0)),
        ],
    )?;
    let rows = [("charge", RowIs::Charge), ("case", RowIs::Case), ("party", RowIs::Party)];
    let row = checker.one_of(&document.row, "the row", &rows)?;
    checker.status(offset, document.status.as_ref().map(|s| s.get_ref().as_str()))?;
    let delimiter = document.delimiter.as_ref().map_or(Ok(delimiter), |d| checker.byte(d, "delimiter"))?;
    let quote = match &document.quote {
        None if *document.format.get_ref() == "tsv" => None,
        None => Some(b'"'),
        Some(quote) if quote.get_ref().is_empty() => None,
        Some(quote) => Some(checker.byte(quote, "quote")?),
    };
    if quote == Some(delimiter) {
        return Err(checker.at(offset, "the quote and the delimiter are the same character"));
    }
    let encoding = match &document.encoding {
        None => encoding_rs::UTF_8,
        Some(label) => encoding_rs::Encoding::for_label(label.get_ref().as_bytes())
            .filter(|encoding| encoding.is_single_byte() || *encoding == encoding_rs::UTF_8)
            .ok_or_else(|| {
                checker.wrong(label, "the encoding is utf-8, or one byte a character such as windows-1252")
            })?,
    };
    let pivot = document.dates.pivot.as_ref().map_or(Ok(PIVOT), |pivot| match *pivot.get_ref() {
        pivot @ 0..=99 => Ok(pivot),
        _ => Err(checker.wrong(pivot, "the pivot is a year of two digits")),
    })?;
    let mut formats = Vec::new();
    for text in &document.dates.formats {
        formats.push(DateFormat::parse(text.get_ref()).map_err(|what| checker.wrong(text, what))?);
    }
    let defaults = Defaults { formats, pivot };
    let header_rows = match (document.header, document.header_rows.as_ref().map(|rows| *rows.get_ref())) {
        (Some(false), None | Some(0)) => 0,
        (_, None) => 1,
        (None | Some(true), Some(rows @ 1..=3)) => rows,
        _ => return Err(checker.at(offset, "header-rows is 1 to 3, and none goes with header = false")),
    };
    let columns = document.column.iter().map(|column| checker.column(column, format, &defaults));
    let columns: Vec<ColumnSpec> = columns.collect::<Result<_, _>>()?;
    check_columns(&checker, &document, &columns, format, row)?;
    let names = NameRules::default();
    let order = document.names.order.as_ref().map_or(Ok(NameOrder::LastFirst), |order| {
        let orders = [("last-first", NameOrder::LastFirst), ("first-last", NameOrder::FirstLast)];
        checker.one_of(order, "the order of names", &orders)
    })?;
    let with = |mut own: Vec<String>, more: &[String]| {
        own.extend(more.iter().map(|word| word.to_uppercase()));
        own
    };
    let names = NameRules {
        order,
        particles: with(names.particles, &document.names.particles),
        organizations: with(names.organizations, &document.names.organizations),
        placeholders: with(names.placeholders, &document.names.placeholders),
        aka: with(names.aka, &document.names.aka),
    };
    for section in &document.sections.subdivided {
        if section.get_ref().split_once(' ').is_none_or(|(code, number)| code.is_empty() || number.is_empty())
        {
            return Err(checker.wrong(section, "a subdivided section is written with its code, as HS 11357"));
        }
    }
    let reliefs = [
        ("set_aside", ReliefKind::SetAside),
        ("reduced", ReliefKind::Reduced),
        ("resentenced", ReliefKind::Resentenced),
        ("vacated", ReliefKind::Vacated),
    ];
    let mut dispositions = vec![
        ("convicted", DispositionKind::Convicted),
        ("not_convicted", DispositionKind::NotConvicted),
        ("pending", DispositionKind::Pending),
        ("sentence_changed", DispositionKind::SentenceChanged),
        ("juvenile", DispositionKind::Juvenile),
    ];
    dispositions.extend(reliefs.map(|(name, kind)| (name, DispositionKind::Relief(kind))));
    let levels = [Level::Felony, Level::Misdemeanor, Level::Infraction].map(|level| (level.word(), level));
    let sentences = [
        ("prison", SentenceKind::Prison),
        ("jail", SentenceKind::Jail),
        ("supervision", SentenceKind::Supervision),
        ("fine", SentenceKind::Fine),
    ];
    let units = [("days", Unit::Days), ("months", Unit::Months), ("years", Unit::Years)];
    let sexes = checker.words("sex", &document.sex)?;
    if let Some((_, odd)) = sexes.iter().find(|(_, is)| !matches!(is.as_str(), "M" | "F" | "X" | "")) {
        return Err(checker.overall(format!("a sex is M, F, X or nothing, not `{odd}`")));
    }
    let courts = document.court.iter().map(|court| checker.court(court, pivot));
    let last = columns.iter().map(|column| column.start + column.width).max().unwrap_or(0);
    let length = document.record_length.unwrap_or(last);
    if format == Format::Fixed && !(last..=LONGEST).contains(&length) {
        return Err(checker.overall(format!("record-length is at least {last}, where the last column ends")));
    }
    let tree = document.tree.unwrap_or_default();
    Ok(Inner {
        format,
        row,
        delimiter,
        quote,
        encoding,
        header_rows: if matches!(format, Format::Delimited | Format::Xlsx) { header_rows } else { 0 },
        skip: document.skip,
        sheet: document.sheet,
        record_length: length,
        pad: document.short_lines.as_ref().map_or(Ok(false), |word| {
            checker.one_of(word, "what is done with short-lines", &[("reject", false), ("pad", true)])
        })?,
        ignore_others: document.other_columns.as_ref().map_or(Ok(false), |word| {
            checker.one_of(word, "what is done with other-columns", &[("refuse", false), ("ignore", true)])
        })?,
        blank: document.blank.iter().map(|word| squeezed(word)).collect(),
        record: tree.record,
        parties: tree.parties,
        charges: tree.charges,
        columns,
        names,
        sections: Sections {
            default_code: document.sections.default_code,
            codes: checker.words("section-code", &document.section_code)?,
            whole: checker.words("section", &document.section)?,
            subdivided: document.sections.subdivided.iter().map(|s| s.get_ref().clone()).collect(),
        },
        dispositions: checker.codes("disposition", &document.disposition, &dispositions)?,
        reliefs: checker.codes("relief", &document.relief, &reliefs)?,
        relief_by: document
            .relief
            .iter()
            .map(|entry| entry.get_ref())
            .flat_map(|entry| entry.codes.iter().map(|code| (squeezed(code), entry.by.clone())))
            .collect(),
        levels: checker.codes("level", &document.level, &levels)?,
        sexes,
        races: checker.words("race", &document.race)?,
        sentence: SentenceWords {
            kinds: checker.codes("sentence", &document.sentence, &sentences)?,
            units: checker.codes("unit", &document.unit, &units)?,
        },
        courts: courts.collect::<Result<_, _>>()?,
        name: document.name.into_inner(),
        title: document.title,
        version: document.version,
        jurisdiction: document.jurisdiction,
        status: document.status.map_or_else(|| "unconfirmed".to_owned(), Spanned::into_inner),
        source: document.source,
    })
}

/// What can only be seen of all columns together.
fn check_columns(
    checker: &Checker<'_>,
    document: &Document,
    columns: &[ColumnSpec],
    format: Format,
    row: RowIs,
) -> Checked<()> {
    let mut names = BTreeSet::new();
    let mut meanings = BTreeSet::new();
    for (column, spanned) in columns.iter().zip(&document.column) {
        if !names.insert(squeezed(&column.name)) && format != Format::Fixed {
            return Err(checker.wrong(spanned, format!("two columns are named {}", column.name)));
        }
        // Several may hold other names, bookings, sentence parts or reliefs; in a tree any value may come from several places.
        use Meaning as M;
        let several = matches!(
            column.meaning,
            M::Ignored
                | M::Aka
                | M::Booking
                | M::Sentence
                | M::Prison
                | M::Jail
                | M::Supervision
                | M::Relief
                | M::ReliefDate
                | M::Defendant
                | M::SentenceKind
                | M::SentenceLength
                | M::SentenceUnit
        );
        if !meanings.insert((column.meaning as u8, column.group)) && !several {
            let what = format!(
                "two columns are `{}`; give each its `group` if they are of different charges",
                column.meaning.name()
            );
            return Err(checker.wrong(spanned, what));
        }
        if column.group > 0 && row == RowIs::Charge {
            return Err(checker.wrong(spanned, "groups of charges go with row = \"case\" or \"party\""));
        }
    }
    let has = |meaning: Meaning| columns.iter().any(|column| column.meaning == meaning);
    if !has(Meaning::CaseNumber) {
        return Err(checker.overall("no column is `case-number`"));
    }
    if !has(Meaning::Name) && !has(Meaning::Last) {
        return Err(checker.overall("no column is `name` or `last-name`"));
    }
    if has(Meaning::Name) && has(Meaning::Last) {
        return Err(checker.overall("there is a `name` and a `last-name`; mark one of them `ignored`"));
    }
    if format == Format::Xml && document.tree.as_ref().is_none_or(|tree| tree.record.is_empty()) {
        return Err(checker.overall("an XML layout names the element of a case: [tree] record = \"Case\""));
    }
    Ok(())
}
