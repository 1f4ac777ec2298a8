//! Named sets of code sections.

use crate::document::{Block, Entry, after, entries};
use crate::lex::{self, is_dash};
use crate::reader::one_line;
use crate::{Diagnostic, ParameterIx};
use std::ops::Range;
use vacatur_records::Date;

/// How a set treats an attempt at, or a conspiracy to commit, what it lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// As the offence itself.
    Count,
    /// The law or the office has not settled it: cannot tell.
    Unclear,
    /// Not in the set.
    DoNotCount,
}

/// A section of a set that is written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSection {
    /// The section as written.
    pub section: String,
    /// The first day of offences for which it is listed; since ever if absent.
    pub from: Option<Date>,
    /// The first day of offences for which it is no longer listed; to this day if absent.
    pub until: Option<Date>,
    /// The place of the section in the document.
    pub span: Range<usize>,
}

/// Where a set's sections come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetSource {
    /// A statute table of the jurisdiction.
    Table(String),
    /// Written out. If any section has a day, the set is dated.
    Listed(Vec<ListedSection>),
    /// A parameter of the document.
    Parameter(ParameterIx),
}

/// A set as a document names it.
#[derive(Clone, Debug)]
pub struct NamedSet {
    /// Its name.
    pub name: String,
    /// Where its sections come from.
    pub source: SetSource,
    /// Attempts; `None` leaves it to the table.
    pub attempts: Option<Treatment>,
    /// Conspiracies; `None` leaves it to the table.
    pub conspiracies: Option<Treatment>,
    /// Where it is declared.
    pub span: Range<usize>,
    /// All that the document says of it.
    pub whole: Range<usize>,
}

/// How many sets a document may have.
const MOST: usize = 256;

/// Reads a `sections` block into `sets`.
pub(crate) fn read(block: &Block<'_>, sets: &mut Vec<NamedSet>, wrong: &mut Vec<Diagnostic>) {
    let entries = match entries(block) {
        Ok(entries) => entries,
        Err(error) => return wrong.push(error),
    };
    for entry in entries {
        if sets.len() == MOST {
            let says = format!("a document has at most {MOST} section sets");
            return wrong.push(Diagnostic::error(entry.span(), says));
        }
        match one(&entry) {
            Ok(set) if sets.iter().any(|other| other.name == set.name) => {
                wrong.push(Diagnostic::error(
                    set.span,
                    format!("the section set `{}` is given twice", set.name),
                ));
            }
            Ok(set) => sets.push(set),
            Err(error) => wrong.push(error),
        }
    }
}

/// `HS 11357(a) from 1976-01-01 until 2016-11-09`; the text stands at byte `at` of the document.
fn listed_section(text: &str, at: usize) -> Result<ListedSection, Diagnostic> {
    let start = at + text.len() - text.trim_start().len();
    let mut listed = ListedSection { section: String::new(), from: None, until: None, span: start..start };
    let mut next = at;
    let mut words = text
        .split_inclusive(char::is_whitespace)
        .map(|piece| {
            let start = next;
            next += piece.len();
            (piece.trim_end(), start..start + piece.trim_end().len())
        })
        .filter(|(word, _)| !word.is_empty());
    while let Some((word, place)) = words.next() {
        let dated = listed.from.is_some() || listed.until.is_some();
        let slot = match word.to_ascii_lowercase().as_str() {
            "from" => &mut listed.from,
            "until" => &mut listed.until,
            _ if dated => {
                return Err(Diagnostic::error(place, format!("`{word}` means nothing behind a day"))
                    .hint("write a comma between two sections"));
            }
            _ => {
                listed.span.end = place.end;
                continue;
            }
        };
        let day = words.next().map(|(day, place)| (day.replace(is_dash, "-"), place));
        let Some((day, end)) = day.and_then(|(day, place)| {
            (day.len() == 10).then_some(())?;
            Some((day.parse::<Date>().ok()?, place.end))
        }) else {
            return Err(Diagnostic::error(place, format!("a day is missing behind `{word}`"))
                .hint("write `HS 11357(a) from 1976-01-01 until 2016-11-09`"));
        };
        if slot.replace(day).is_some() {
            return Err(Diagnostic::error(place.start..end, format!("`{word}` is given twice")));
        }
        if let (Some(from), Some(until)) = (listed.from, listed.until)
            && from >= until
        {
            return Err(Diagnostic::error(
                place.start..end,
                format!("from {from} is not before until {until}"),
            )
            .hint("`until` takes the first day on which it is no longer listed"));
        }
    }
    listed.section = text[listed.span.start - at..listed.span.end - at].to_owned();
    if listed.section.is_empty() {
        let end = at + text.trim_end().len();
        return Err(Diagnostic::error(start..end, "a section is missing before its days"));
    }
    Ok(listed)
}

/// `cannabis = table cannabis` or `possession = HS 11357(a), HS 11357(b)`, then `attempts …`, `conspiracies …`.
fn one(entry: &Entry<'_>) -> Result<NamedSet, Diagnostic> {
    let head = entry.text.lines().next().unwrap_or("").trim_end();
    let span = entry.at..entry.at + head.len().max(1);
    let Some((name, value)) = head.split_once('=') else {
        return Err(Diagnostic::error(span, "this names no section set")
            .hint("write `cannabis = table cannabis` or `possession = HS 11357(a), HS 11357(b)`"));
    };
    let name = lex::name(name);
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '-') {
        return Err(Diagnostic::error(span, "a set's name is made of letters, digits and hyphens"));
    }
    let source = match after(value.trim(), "table") {
        Some(table) => SetSource::Table(lex::name(table)),
        None => {
            let mut at = entry.at + head.len() - value.len();
            let mut listed = Vec::new();
            for section in value.split(',') {
                if section.trim().is_empty() {
                    return Err(Diagnostic::error(span, "a section is missing between two commas"));
                }
                listed.push(listed_section(section, at)?);
                at += section.len() + 1;
            }
            SetSource::Listed(listed)
        }
    };
    let whole = entry.at..entry.at + entry.text.trim_end().len();
    let mut set = NamedSet { name, source, attempts: None, conspiracies: None, span, whole };
    let mut at = entry.at;
    for line in entry.text.split_inclusive('\n') {
        let place = at + line.len() - line.trim_start().len()..at + line.trim_end().len();
        at += line.len();
        let text = one_line(line).to_lowercase();
        if place.start == entry.at || text.is_empty() {
            continue;
        }
        let (what, how) = text.split_once(' ').unwrap_or((text.as_str(), ""));
        let treatment = match how.trim() {
            "count" => Treatment::Count,
            "are unclear" | "unclear" => Treatment::Unclear,
            "do not count" => Treatment::DoNotCount,
            _ => {
                return Err(Diagnostic::error(place, "expected `count`, `are unclear` or `do not count`")
                    .hint("write `attempts count` or `conspiracies are unclear`"));
            }
        };
        match what {
            "attempts" => set.attempts = Some(treatment),
            "conspiracies" => set.conspiracies = Some(treatment),
            _ => {
                return Err(Diagnostic::error(place, format!("`{what}` means nothing here"))
                    .hint("`attempts` or `conspiracies`"));
            }
        }
    }
    Ok(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_sections_in_a_table() {
        let shown = |text: &str| match listed_section(text, 100) {
            Ok(ListedSection { section, from, until, span }) => {
                let day = |day: Option<Date>| day.map_or("-".to_owned(), |day| day.to_string());
                format!("{section} {} {} at {}..{}", day(from), day(until), span.start, span.end)
            }
            Err(error) => error.message,
        };
        let table = [
            ("HS 11357(a)", "HS 11357(a) - - at 100..111"),
            (" HS  11357 ", "HS  11357 - - at 101..110"),
            ("HS 11357 from 1976-01-01", "HS 11357 1976-01-01 - at 100..108"),
            ("HS 11357 Until 2016-11-09", "HS 11357 - 2016-11-09 at 100..108"),
            ("HS 11357 until 2016-11-09 from 1976-01-01", "HS 11357 1976-01-01 2016-11-09 at 100..108"),
            ("HS 11357 from 1976–01–01", "HS 11357 1976-01-01 - at 100..108"),
            ("\u{a0}HS 11357 from\u{a0}1976-01-01", "HS 11357 1976-01-01 - at 102..110"),
            ("HS 11357 from 1976-1-1", "a day is missing behind `from`"),
            ("HS 11357 from until 1976-01-01", "a day is missing behind `from`"),
            ("until 1976-01-01", "a section is missing before its days"),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
