//! Turns rows into the bytes of lines.

use crate::columns::{COLUMNS, columns};
use crate::profile::Quote;
use crate::row::Row;

/// How the bytes stand for letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, without a byte order mark.
    #[default]
    Utf8,
    /// Windows-1252, as older systems write it. A letter that it lacks becomes a question mark.
    Windows1252,
}

/// How lines are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) quote: Quote,
    pub(crate) crlf: bool,
    pub(crate) encoding: Encoding,
}

/// Lines that are no rows.
const JUNK: [&str; 4] = ["", "PAGE 12 OF 480", "   ", "---- END OF SEGMENT ----"];

impl Style {
    /// Appends the header line.
    pub(crate) fn header(self, out: &mut Vec<u8>) {
        for (at, name) in columns().iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend_from_slice(name.as_bytes());
        }
        self.end(false, out);
    }

    /// Appends a row's line, after the junk that stands before it.
    pub(crate) fn row(self, row: &Row, out: &mut Vec<u8>) {
        if let Some(junk) = row.quirks.junk_before {
            out.extend_from_slice(JUNK[usize::from(junk) % JUNK.len()].as_bytes());
            self.end(false, out);
        }
        let start = out.len();
        let kept = COLUMNS.saturating_add_signed(isize::from(row.quirks.columns)).min(COLUMNS);
        let plain = row.quirks.stray_quote.is_none() && row.quirks.unclosed.is_none();
        for (column, text) in row.fields().take(kept).enumerate() {
            if column > 0 {
                out.push(b',');
            }
            if plain {
                self.field(text, out);
            } else if row.quirks.stray_quote == Some(column as u8) {
                self.stray(text, out);
            } else if row.quirks.unclosed == Some(column as u8) {
                out.push(b'"');
                out.extend_from_slice(text.as_bytes());
            } else {
                self.field(text, out);
            }
        }
        for _ in 0..row.quirks.columns.max(0) {
            out.extend_from_slice(b",X");
        }
        if self.encoding == Encoding::Windows1252 && !out[start..].is_ascii() {
            narrow(out, start);
        }
        self.end(row.quirks.line_end, out);
    }

    fn end(self, other: bool, out: &mut Vec<u8>) {
        out.extend_from_slice(if self.crlf != other { b"\r\n" } else { b"\n" });
    }

    fn field(self, text: &str, out: &mut Vec<u8>) {
        let bytes = text.as_bytes();
        if bytes.is_empty() {
            out.extend_from_slice(if self.quote == Quote::All { b"\"\"" } else { b"" });
            return;
        }
        let (mut special, mut inner) = (false, false);
        for byte in bytes {
            special |= matches!(byte, b',' | b'\r' | b'\n');
            inner |= *byte == b'"';
        }
        if self.quote == Quote::Needed && !special && !inner {
            out.extend_from_slice(bytes);
            return;
        }
        out.push(b'"');
        if inner {
            for piece in text.split_inclusive('"') {
                out.extend_from_slice(piece.as_bytes());
                if piece.ends_with('"') {
                    out.push(b'"');
                }
            }
        } else {
            out.extend_from_slice(bytes);
        }
        out.push(b'"');
    }

    /// A quote near the end of the text, which is not doubled.
    fn stray(self, text: &str, out: &mut Vec<u8>) {
        let cut = text.char_indices().rev().nth(2).map_or(0, |(at, _)| at);
        let quotes: &[u8] = if self.quote == Quote::Needed { b"" } else { b"\"" };
        out.extend_from_slice(quotes);
        out.extend_from_slice(&text.as_bytes()[..cut]);
        out.push(b'"');
        out.extend_from_slice(&text.as_bytes()[cut..]);
        out.extend_from_slice(quotes);
    }
}

/// Rewrites what follows `start` from UTF-8 to Windows-1252.
fn narrow(out: &mut Vec<u8>, start: usize) {
    let wide = String::from_utf8_lossy(&out[start..]).into_owned();
    out.truncate(start);
    out.extend(wide.chars().map(|letter| match u32::from(letter) {
        code @ (0..0x80 | 0xa0..0x100) => code as u8,
        _ => b'?',
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled_and_letters_narrowed() {
        let mut out = Vec::new();
        let style = Style { quote: Quote::Needed, crlf: true, encoding: Encoding::Windows1252 };
        let mut row = Row::new();
        row.set(0, "A \"B\", C");
        row.set(1, "PEÑA\u{2019}S");
        style.row(&row, &mut out);
        assert!(out.starts_with(b"\"A \"\"B\"\", C\",PE\xd1A?S,,"));
        assert!(out.ends_with(b",\r\n"));
    }
}
