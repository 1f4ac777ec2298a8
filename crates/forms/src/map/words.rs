//! What is written into a field: facts, and words around them.

use crate::facts::{Facts, Value, is_fact_name};
use jiff::civil::Date;

/// How a fact is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    Plain,
    Upper,
    Lower,
    /// MM/DD/YYYY.
    Slashes,
    /// M/D/YYYY.
    ShortSlashes,
    /// Month D, YYYY.
    Long,
    /// YYYY-MM-DD.
    Iso,
    /// `x2` for two or more, nothing for one.
    Times,
}

/// The names of the formats in maps.
pub(crate) const FORMATS: [(&str, Format); 8] = [
    ("plain", Format::Plain),
    ("upper", Format::Upper),
    ("lower", Format::Lower),
    ("date MM/DD/YYYY", Format::Slashes),
    ("date M/D/YYYY", Format::ShortSlashes),
    ("date MMMM D, YYYY", Format::Long),
    ("date YYYY-MM-DD", Format::Iso),
    ("times", Format::Times),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A fact that is of another kind than its place in the form takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WrongKind {
    pub(crate) fact: String,
    pub(crate) expected: &'static str,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece {
    Words(String),
    Fact(String),
    /// Left out as a whole if a fact in it is unknown.
    Optional(Vec<Piece>),
}

/// What is written into a field.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) format: Format,
    /// The size of letters, if it is to be another than the form asks for.
    pub(crate) size: Option<f32>,
    /// The rows it is written of, one after another, if it is a list.
    pub(crate) list: Option<List>,
}

#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) of: String,
    /// A flag that a row must have.
    pub(crate) only: Option<String>,
    pub(crate) join: String,
}

impl Words {
    pub(crate) fn facts(&self, into: &mut Vec<String>) {
        fn collect(pieces: &[Piece], into: &mut Vec<String>) {
            for piece in pieces {
                match piece {
                    Piece::Words(_) => {}
                    Piece::Fact(fact) => into.push(fact.clone()),
                    Piece::Optional(inner) => collect(inner, into),
                }
            }
        }
        collect(&self.pieces, into);
        if let Some(list) = &self.list {
            into.push(list.of.clone());
            into.extend(list.only.clone());
        }
    }

    /// The text, or `None` if a fact that it needs is unknown.
    pub(crate) fn of(&self, facts: &Facts) -> Result<Option<String>, WrongKind> {
        let Some(list) = &self.list else { return text(&self.pieces, self.format, facts) };
        let rows = match facts.get(&list.of) {
            None => return Ok(None),
            Some(Value::Rows(rows)) => rows,
            Some(_) => return Err(WrongKind { fact: list.of.clone(), expected: "a list of rows" }),
        };
        // A text that is the same several times is written once, with how often.
        let mut parts: Vec<(String, usize)> = Vec::new();
        for row in rows {
            if let Some(only) = &list.only
                && !flag(row, only)?
            {
                continue;
            }
            // Of a list with a gap nobody can tell that it is all.
            let Some(part) = text(&self.pieces, self.format, row)? else { return Ok(None) };
            match parts.iter_mut().find(|(known, _)| *known == part) {
                Some((_, times)) => *times += 1,
                None => parts.push((part, 1)),
            }
        }
        let parts: Vec<String> = parts
            .into_iter()
            .map(|(part, times)| if times > 1 { format!("{part} x{times}") } else { part })
            .collect();
        Ok((!parts.is_empty()).then(|| parts.join(&list.join)))
    }
}

/// Whether a flag is surely set.
pub(crate) fn flag(facts: &Facts, name: &str) -> Result<bool, WrongKind> {
    match facts.get(name) {
        None => Ok(false),
        Some(Value::Flag(flag)) => Ok(*flag),
        Some(_) => Err(WrongKind { fact: name.to_owned(), expected: "true or false" }),
    }
}

fn text(pieces: &[Piece], format: Format, facts: &Facts) -> Result<Option<String>, WrongKind> {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Words(words) => out.push_str(words),
            Piece::Fact(fact) => match facts.get(fact) {
                None => return Ok(None),
                Some(value) => match write(fact, value, format)? {
                    None => return Ok(None),
                    Some(text) => out.push_str(&text),
                },
            },
            Piece::Optional(inner) => {
                if let Some(text) = text(inner, format, facts)? {
                    out.push_str(&text);
                }
            }
        }
    }
    Ok(Some(out).filter(|out| !out.trim().is_empty()))
}

fn write(fact: &str, value: &Value, format: Format) -> Result<Option<String>, WrongKind> {
    let wrong = |expected| WrongKind { fact: fact.to_owned(), expected };
    Ok(match (value, format) {
        (Value::Text(text), Format::Upper) => Some(text.to_uppercase()),
        (Value::Text(text), Format::Lower) => Some(text.to_lowercase()),
        (Value::Text(text), Format::Plain) => Some(text.clone()),
        (Value::Date(day), Format::Plain | Format::Slashes) => Some(slashes(*day)),
        (Value::Date(day), Format::ShortSlashes) => {
            Some(format!("{}/{}/{:04}", day.month(), day.day(), day.year()))
        }
        (Value::Date(day), Format::Long) => {
            let month = usize::try_from(day.month() - 1).ok().and_then(|at| MONTHS.get(at)).copied();
            Some(format!("{} {}, {:04}", month.unwrap_or_default(), day.day(), day.year()))
        }
        (Value::Date(day), Format::Iso) => Some(day.to_string()),
        (Value::Number(number), Format::Times) => (*number > 1).then(|| format!("x{number}")),
        (Value::Number(number), Format::Plain | Format::Upper | Format::Lower) => Some(number.to_string()),
        (_, Format::Times) => return Err(wrong("a number")),
        (Value::Flag(_) | Value::Rows(_), _) => return Err(wrong("a text, a day or a number")),
        (_, Format::Slashes | Format::ShortSlashes | Format::Long | Format::Iso) => {
            return Err(wrong("a day"));
        }
        (Value::Date(_), _) => return Err(wrong("a text")),
    })
}

fn slashes(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.month(), day.day(), day.year())
}

/// Reads a text with facts in braces and optional parts in brackets.
pub(crate) fn parse(text: &str) -> Result<Vec<Piece>, &'static str> {
    let mut rest = text;
    let pieces = parse_until(&mut rest, false)?;
    if pieces.is_empty() { Err("an empty text says nothing") } else { Ok(pieces) }
}

fn parse_until(rest: &mut &str, inside: bool) -> Result<Vec<Piece>, &'static str> {
    let mut pieces = Vec::new();
    loop {
        let at = rest.find(['{', '}', '[', ']']).unwrap_or(rest.len());
        let (words, after) = rest.split_at(at);
        if !words.is_empty() {
            pieces.push(Piece::Words(words.to_owned()));
        }
        let mut letters = after.chars();
        match letters.next() {
            None if inside => return Err("a [ without its ]"),
            None => {
                *rest = "";
                return Ok(pieces);
            }
            Some('{') => {
                let Some((fact, after)) = letters.as_str().split_once('}') else {
                    return Err("a { without its }");
                };
                if !is_fact_name(fact) {
                    return Err("what stands in braces must be the name of a fact, as in {defendant.name}");
                }
                pieces.push(Piece::Fact(fact.to_owned()));
                *rest = after;
            }
            Some('[') if inside => return Err("brackets in brackets"),
            Some('[') => {
                *rest = letters.as_str();
                pieces.push(Piece::Optional(parse_until(rest, true)?));
            }
            Some(']') if inside => {
                *rest = letters.as_str();
                return Ok(pieces);
            }
            Some(']') => return Err("a ] without its ["),
            Some(_) => return Err("a } without its {"),
        }
    }
}
