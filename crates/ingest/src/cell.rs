//! From the raw bytes of a cell to its value.

use std::borrow::Cow;

/// Whether a byte is a blank at the edge of a value.
#[inline]
const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// The bytes without blanks at either end.
#[inline]
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    match bytes {
        [first, .., last] if *first > b' ' && *last > b' ' => bytes,
        _ => trim_blanks(bytes),
    }
}

fn trim_blanks(mut bytes: &[u8]) -> &[u8] {
    // Cells padded with a dozen blanks, or of nothing else, are common: eight at a time.
    while let Some((rest, last)) = bytes.split_last_chunk::<8>() {
        let other = u64::from_le_bytes(*last) ^ u64::from_le_bytes(*b"        ");
        if other != 0 {
            bytes = &bytes[..bytes.len() - other.leading_zeros() as usize / 8];
            break;
        }
        bytes = rest;
    }
    while let [rest @ .., last] = bytes
        && is_blank(*last)
    {
        bytes = rest;
    }
    while let [first, rest @ ..] = bytes
        && is_blank(*first)
    {
        bytes = rest;
    }
    bytes
}

/// The bytes between the quotes of a quoted cell, or the cell itself; doubled quotes still doubled. The cell must be
/// one of a well-formed row, without the row's line end.
#[inline]
pub(crate) fn inside_quotes(cell: &[u8]) -> &[u8] {
    // A cell that opens with a quote closes with one; which cells do is a coin toss, so no branch hangs on it.
    let quotes = usize::from(cell.len() >= 2 && cell[0] == b'"');
    &cell[quotes..cell.len() - quotes]
}

/// The value of a cell of a well-formed row: unquoted, doubled quotes undone, outer blanks gone.
pub(crate) fn value(cell: &[u8]) -> Cow<'_, [u8]> {
    let inner = inside_quotes(cell);
    if inner.len() == cell.len() || memchr::memchr(b'"', inner).is_none() {
        return Cow::Borrowed(trim(inner));
    }
    let mut single = Vec::with_capacity(inner.len());
    push_single_quotes(inner, &mut single);
    Cow::Owned(trim(&single).to_vec())
}

/// Appends the bytes with each doubled quote made one.
pub(crate) fn push_single_quotes(inner: &[u8], out: &mut Vec<u8>) {
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'"', rest) {
        out.extend_from_slice(&rest[..=at]);
        // The second of the pair; a well-formed cell always has it.
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

/// The raw cells of the first physical line, as far as its quoting is sound. For looking at a line that may not be a
/// row: a header, or a reject whose person is still to be read.
pub(crate) struct LooseCells<'a> {
    rest: Option<&'a [u8]>,
    separator: u8,
}

impl<'a> LooseCells<'a> {
    /// The cells of a line given without its line end.
    pub(crate) fn new(line: &'a [u8], separator: u8) -> Self {
        Self { rest: Some(line), separator }
    }
}

impl<'a> Iterator for LooseCells<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest.take()?;
        let mut end = 0;
        if rest.first() == Some(&b'"') {
            end = 1;
            loop {
                end += memchr::memchr(b'"', rest.get(end..)?)? + 1;
                if rest.get(end) != Some(&b'"') {
                    break;
                }
                end += 1;
            }
            if rest.get(end).is_some_and(|&b| b != self.separator) {
                return None;
            }
        } else {
            end += memchr::memchr2(self.separator, b'"', rest).unwrap_or(rest.len());
            if rest.get(end) == Some(&b'"') {
                return None;
            }
        }
        let cell = &rest[..end];
        self.rest = rest.get(end + 1..);
        Some(cell)
    }
}

/// Without the `\r` of a line end.
#[inline]
pub(crate) fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_inside_a_value_stay_and_outside_go() {
        for (cell, expected) in [
            (&b"  A  B  "[..], &b"A  B"[..]),
            (b"\"                         \"", b""),
            (b"\"\t x\r\n\"", b"x"),
            (b"\"\"", b""),
            (b"", b""),
            (b"\"THE \"\"KID\"\"\"", b"THE \"KID\""),
            (b"\"\"\"\"", b"\""),
        ] {
            assert_eq!(value(cell).as_ref(), expected, "{}", String::from_utf8_lossy(cell));
        }
    }

    #[test]
    fn loose_cells_end_where_the_quoting_goes_wrong() {
        let cells = |line: &'static str| LooseCells::new(line.as_bytes(), b',').collect::<Vec<_>>();
        assert_eq!(cells("a,,\"b,c\",").len(), 4);
        assert_eq!(cells("a,b\"c,d"), vec![b"a"]);
        assert_eq!(cells("a,\"b\"c,d"), vec![b"a"]);
        assert_eq!(cells("a,\"b"), vec![b"a"]);
        assert_eq!(cells("a,\"\"\"\",d").len(), 3);
    }
}
