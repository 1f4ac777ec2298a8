//! Named sets of code sections.

use crate::document::{Block, Entry, after, entries};
use crate::lex;
use crate::reader::one_line;
use crate::{Diagnostic, ParameterIx};
use std::ops::Range;

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

/// Where a set's sections come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetSource {
    /// A statute table of the jurisdiction.
    Table(String),
    /// Written out: each section with its place in the document.
    Listed(Vec<(String, Range<usize>)>),
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
                let start = at + section.len() - section.trim_start().len();
                let text = section.trim();
                if text.is_empty() {
                    return Err(Diagnostic::error(span, "a section is missing between two commas"));
                }
                listed.push((text.to_owned(), start..start + text.len()));
                at += section.len() + 1;
            }
            SetSource::Listed(listed)
        }
    };
    let mut set = NamedSet { name, source, attempts: None, conspiracies: None, span };
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
