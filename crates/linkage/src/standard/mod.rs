//! Values brought into one form before they are compared: capitals of plain ASCII, no punctuation, no fillers.
//!
//! Every function takes a cell as a file has it and appends to a buffer or returns a small value. A cell that holds
//! nothing usable gives `false` or `None`: it is then as if the field were blank.

mod date;
mod name;

pub use date::{Date, date};
pub use name::{PersonName, given, person_name, suffix};

use unicode_normalization::UnicodeNormalization;

/// What clerks write where they know nothing.
const FILLERS: &[&str] = &[
    "UNK",
    "UNKNOWN",
    "UNKN",
    "NONE",
    "NULL",
    "NA",
    "N A",
    "NFN",
    "NLN",
    "NMN",
    "NMI",
    "NONAME",
    "NO NAME",
    "NOT GIVEN",
    "REFUSED",
    "TEST",
    "XXX",
    "XX",
    "ANONYMOUS",
    "BLANK",
];

/// Names given to those whose name is not known.
const NOBODY: &[&str] = &["DOE", "JOHNDOE", "JANEDOE"];

/// Appends the text in capitals of plain ASCII to `out`: accents go, an apostrophe goes, every other sign becomes one
/// blank. `RENÉE O'BRIEN-LÓPEZ` becomes `RENEE OBRIEN LOPEZ`.
pub fn fold(text: &str, out: &mut String) {
    let start = out.len();
    if text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        // Most cells of most files.
        out.push_str(text);
        return;
    }
    if text.is_ascii() {
        text.bytes().for_each(|byte| push(char::from(byte), start, out));
    } else {
        for letter in text.nfd() {
            match letter {
                'ß' | 'ẞ' => out.push_str("SS"),
                'Æ' | 'æ' => out.push_str("AE"),
                'Œ' | 'œ' => out.push_str("OE"),
                'Ø' | 'ø' => out.push('O'),
                'Ł' | 'ł' => out.push('L'),
                'Đ' | 'đ' | 'Ð' | 'ð' => out.push('D'),
                'Þ' | 'þ' => out.push_str("TH"),
                'ı' => out.push('I'),
                '\u{300}'..='\u{36f}' => {}
                '’' | '‘' | 'ʼ' => {}
                other => push(other, start, out),
            }
        }
    }
    while out.len() > start && out.ends_with(' ') {
        out.pop();
    }
}

fn push(letter: char, start: usize, out: &mut String) {
    if letter.is_ascii_alphanumeric() {
        out.push(letter.to_ascii_uppercase());
    } else if letter != '\'' && letter != '`' && out.len() > start && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// Whether a folded text stands for nothing: blank, one letter over and over, or a filler such as `UNK`.
#[must_use]
pub fn is_filler(folded: &str) -> bool {
    let bytes = folded.as_bytes();
    let Some(first) = bytes.first() else { return true };
    bytes.len() > 2 && bytes.iter().all(|byte| byte == first) || FILLERS.contains(&folded)
}

/// The same for a name, where `DOE` stands for nothing too. Given without blanks.
#[must_use]
pub fn is_nobody(squeezed: &str) -> bool {
    is_filler(squeezed) || NOBODY.contains(&squeezed)
}

/// Appends an identifier to `out`: capitals and digits without blanks and signs. `false` where it is a filler: all
/// one digit, `123456789`, or fewer than four characters.
pub fn identifier(text: &str, out: &mut String) -> bool {
    let start = out.len();
    out.extend(text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()));
    let found = out.get(start..).unwrap_or_default();
    let digits = found.bytes().filter(u8::is_ascii_digit);
    let same =
        found.bytes().filter(u8::is_ascii_digit).min() == found.bytes().filter(u8::is_ascii_digit).max();
    let usable = found.len() >= 4
        && digits.count() > 0
        && !(same && found.bytes().filter(u8::is_ascii_digit).count() > 1)
        && !matches!(found, "123456789" | "0123456789" | "1234567890")
        && !is_filler(found);
    if !usable {
        out.truncate(start);
    }
    usable
}

/// Appends a ZIP code to `out`, its first five digits. `false` where there are fewer, or all are one digit.
pub fn zip(text: &str, out: &mut String) -> bool {
    let start = out.len();
    out.extend(text.chars().filter(char::is_ascii_digit).take(5));
    let found = out.get(start..).unwrap_or_default();
    let usable = found.len() == 5 && found.bytes().min() != found.bytes().max();
    if !usable {
        out.truncate(start);
    }
    usable
}

/// Appends a code such as sex or race to `out`: folded, and `false` where it says that it is not known (`U`, `X`,
/// `UNK`).
pub fn code(text: &str, out: &mut String) -> bool {
    let start = out.len();
    fold(text, out);
    let found = out.get(start..).unwrap_or_default();
    let usable = !is_filler(found) && !matches!(found, "U" | "X" | "Z" | "UK");
    if !usable {
        out.truncate(start);
    }
    usable
}

/// Appends any other text to `out`, folded, words parted by one blank.
pub fn text(text: &str, out: &mut String) -> bool {
    let start = out.len();
    fold(text, out);
    let usable = !is_filler(out.get(start..).unwrap_or_default());
    if !usable {
        out.truncate(start);
    }
    usable
}

#[cfg(test)]
mod tests;
