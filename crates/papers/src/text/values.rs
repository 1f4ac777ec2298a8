//! Values on their way through Markdown, in letters that mean nothing to it.

use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, Output, State, Value};
use std::fmt::Write as _;

const BEGIN: char = '\u{E000}';
const END: char = '\u{E001}';
const BLANK: char = '\u{E002}';
const BYTES: u32 = 0xE100;

/// A piece of a text that has been through Markdown.
pub(super) enum Piece<'a> {
    /// Words of the text itself.
    Own(&'a str),
    /// A value.
    Value(String),
    /// A place to be filled in by hand.
    Blank,
}

/// Whether a letter is of the private areas of Unicode.
pub(super) fn is_private(letter: char) -> bool {
    matches!(letter, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Writes a value where a placeholder stands. Whole numbers get commas. Nothing there is a blank.
pub(super) fn write(out: &mut Output<'_>, _: &State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = match value.kind() {
        ValueKind::None => return out.write_char(BLANK).map_err(failed),
        ValueKind::Number if value.is_integer() => commas(&value.to_string()),
        ValueKind::String => value.to_string(),
        ValueKind::Undefined => return Err(Error::from(ErrorKind::UndefinedError)),
        _ => return Err(Error::new(ErrorKind::InvalidOperation, "not a text or a whole number")),
    };
    out.write_char(BEGIN).map_err(failed)?;
    for byte in text.bytes() {
        out.write_char(char::from_u32(BYTES + u32::from(byte)).unwrap_or(BLANK)).map_err(failed)?;
    }
    out.write_char(END).map_err(failed)
}

fn failed(error: std::fmt::Error) -> Error {
    Error::new(ErrorKind::WriteFailure, "the text cannot be written").with_source(error)
}

/// A whole number with commas.
fn commas(digits: &str) -> String {
    let mut out = String::new();
    let count = digits.chars().filter(char::is_ascii_digit).count();
    let mut left = count;
    for letter in digits.chars() {
        if letter.is_ascii_digit() {
            if left != count && left.is_multiple_of(3) {
                out.push(',');
            }
            left -= 1;
        }
        out.push(letter);
    }
    out
}

/// Cuts a text into its own words, values and blanks.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find([BEGIN, BLANK]) {
        let (own, marked) = rest.split_at(at);
        if !own.is_empty() {
            pieces.push(Piece::Own(own));
        }
        if let Some(after) = marked.strip_prefix(BLANK) {
            pieces.push(Piece::Blank);
            rest = after;
            continue;
        }
        let (value, after) = marked.split_once(END).unwrap_or((marked, ""));
        let bytes =
            value.chars().filter_map(|letter| u8::try_from(u32::from(letter).checked_sub(BYTES)?).ok());
        pieces.push(Piece::Value(String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()).into_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Own(rest));
    }
    pieces
}

/// A text of one line, with its values. A blank is underscores there.
pub(super) fn plain(text: &str) -> String {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Own(own) => own.to_owned(),
            Piece::Value(value) => value,
            Piece::Blank => "________".to_owned(),
        })
        .collect()
}
