//! Words of the condition language.
//!
//! What a lawyer's word processor makes of plain punctuation (curly quotes, dashes in words and dates, no-break blanks)
//! is read as the plain sign. A line that begins with `#` is a remark.

use crate::Diagnostic;
use std::ops::Range;
use vacatur_records::Date;

/// The signs that texts stand between.
pub(crate) const QUOTES: [char; 4] = ['"', '“', '”', '„'];

/// A word, number or sign with its place in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word in lower case: letters, digits and inner hyphens.
    Word(String),
    Number(i32),
    /// A number with decimals, in thousandths: only weights have them.
    Decimal(i32),
    Date(Date),
    Text(String),
    /// `.` between two words: `person.age`.
    Dot,
    Open,
    Close,
    Comma,
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
    End,
}

impl Kind {
    /// How an error names it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Word(word) => format!("`{word}`"),
            Self::Number(number) => format!("`{number}`"),
            Self::Decimal(thousandths) => format!("`{}.{:03}`", thousandths / 1_000, thousandths % 1_000),
            Self::Date(day) => format!("`{day}`"),
            Self::Text(text) => format!("\"{text}\""),
            Self::Dot => "`.`".into(),
            Self::Open => "`(`".into(),
            Self::Close => "`)`".into(),
            Self::Comma => "`,`".into(),
            Self::Less => "`<`".into(),
            Self::AtMost => "`<=`".into(),
            Self::Equal => "`=`".into(),
            Self::AtLeast => "`>=`".into(),
            Self::More => "`>`".into(),
            Self::End => "the end".into(),
        }
    }
}

/// Cuts `text`, which stands at byte `at` of the document, into tokens; the last is always [`Kind::End`].
pub(crate) fn tokens(text: &str, at: usize) -> Result<Vec<Token>, Diagnostic> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, sign)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let mut length = sign.len_utf8();
        let kind = match sign {
            _ if sign.is_whitespace() => continue,
            // A remark, to the end of its line.
            '#' => {
                while chars.next_if(|&(_, next)| next != '\n').is_some() {}
                continue;
            }
            '(' => Kind::Open,
            ')' => Kind::Close,
            ',' => Kind::Comma,
            '.' => Kind::Dot,
            '=' => Kind::Equal,
            '≤' => Kind::AtMost,
            '≥' => Kind::AtLeast,
            '<' | '>' if next == Some('=') => {
                chars.next();
                length += 1;
                if sign == '<' { Kind::AtMost } else { Kind::AtLeast }
            }
            '<' => Kind::Less,
            '>' => Kind::More,
            _ if QUOTES.contains(&sign) => {
                let from = start + length;
                let end = text[from..].find(QUOTES).ok_or_else(|| {
                    Diagnostic::error(at + start..at + text.len(), "this quotation mark is never closed")
                        .hint("write the words between two quotation marks, on one line")
                })?;
                let quoted = text[from..from + end].split_whitespace().collect::<Vec<_>>().join(" ");
                let closing = text[from + end..].chars().next().map_or(1, char::len_utf8);
                length = length + end + closing;
                Kind::Text(quoted)
            }
            _ if sign.is_ascii_digit() => {
                let digits = text[start..]
                    .find(|c: char| !c.is_ascii_digit() && !is_dash(c))
                    .unwrap_or(text.len() - start);
                let word = text[start..start + digits].trim_end_matches(is_dash);
                length = word.len();
                let decimals = text[start + length..]
                    .strip_prefix('.')
                    .map_or(0, |rest| rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
                if decimals > 0 {
                    length += 1 + decimals;
                    decimal(&text[start..start + length], at + start..at + start + length)?
                } else {
                    number_or_date(&word.replace(is_dash, "-"), at + start..at + start + length)?
                }
            }
            _ if sign.is_alphabetic() => {
                let letters = text[start..]
                    .find(|c: char| !c.is_alphanumeric() && !is_dash(c) && c != '_')
                    .unwrap_or(text.len() - start);
                length = letters;
                Kind::Word(name(&text[start..start + letters]))
            }
            _ => {
                return Err(Diagnostic::error(
                    at + start..at + start + length,
                    format!("`{sign}` means nothing here"),
                )
                .hint(match sign {
                    '§' => "name sections in a ```sections block, and write `conviction.section in NAME`",
                    '+' => "write `plus`: `conviction.date plus 10 years`",
                    _ if is_dash(sign) => "write `minus`: `as-of minus 10 years`",
                    '≠' => "write `is not`",
                    _ => "conditions are written in words, numbers, dates, \"texts\" and ( ) , . = < >",
                }));
            }
        };
        found.push(Token { kind, span: at + start..at + start + length });
        while chars.peek().is_some_and(|&(next, _)| next < start + length) {
            chars.next();
        }
    }
    found.push(Token { kind: Kind::End, span: at + text.len()..at + text.len() });
    Ok(found)
}

/// A name as conditions know it: capitals and the kind of a hyphen do not matter.
pub(crate) fn name(text: &str) -> String {
    text.trim().to_lowercase().replace(|c| is_dash(c) || c == '_', "-")
}

/// A day as a document writes it: `2016-11-09`, whatever the dashes.
pub(crate) fn day(text: &str) -> Option<Date> {
    let text = text.trim().replace(is_dash, "-");
    if text.len() == 10 { text.parse().ok() } else { None }
}

/// A hyphen, or a dash that a word processor put in its place.
pub(crate) fn is_dash(sign: char) -> bool {
    matches!(sign, '-' | '\u{2010}'..='\u{2013}')
}

fn number_or_date(word: &str, span: Range<usize>) -> Result<Kind, Diagnostic> {
    let wrong = |what: &str| {
        Err(Diagnostic::error(span.clone(), what.to_owned())
            .hint("numbers are written 10, dates 2016-11-09 (year-month-day)"))
    };
    if word.contains('-') {
        return day(word).map(Kind::Date).map_or_else(|| wrong("this is no day of the calendar"), Ok);
    }
    word.parse::<i32>().map(Kind::Number).or_else(|_| wrong("this number is too large"))
}

/// `28.5` in thousandths.
fn decimal(word: &str, span: Range<usize>) -> Result<Kind, Diagnostic> {
    let wrong = || {
        Diagnostic::error(span.clone(), "this is no number with up to three decimals")
            .hint("write `28.5 grams`")
    };
    let (whole, part) = word.split_once('.').ok_or_else(wrong)?;
    if part.len() > 3 {
        return Err(wrong());
    }
    let whole: i32 = whole.parse().map_err(|_| wrong())?;
    let part: i32 = format!("{part:0<3}").parse().map_err(|_| wrong())?;
    whole.checked_mul(1_000).and_then(|whole| whole.checked_add(part)).map(Kind::Decimal).ok_or_else(wrong)
}
