//! Text as it stood in the input.

use std::borrow::Cow;

/// A cell's text: bytes as recorded, outer blanks removed, empty when the cell was blank or held a placeholder.
///
/// The bytes are kept as they came (an extract may be UTF-8 or Windows-1252, even within one file) and read as
/// text only when somebody asks.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<'a>(Cow<'a, [u8]>);

impl<'a> Text<'a> {
    /// Text from bytes that outlive it.
    #[must_use]
    pub const fn of(bytes: &'a [u8]) -> Self {
        Self(Cow::Borrowed(bytes))
    }

    /// Text that owns its bytes.
    #[must_use]
    pub const fn owned(bytes: Vec<u8>) -> Self {
        Self(Cow::Owned(bytes))
    }

    /// The bytes as recorded.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether the cell was blank.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.is_empty()
    }

    /// The text: as UTF-8 if the bytes are that, else as Windows-1252, which any byte can be.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        match std::str::from_utf8(&self.0) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(self.0.iter().map(|&byte| windows_1252(byte)).collect()),
        }
    }
}

/// Names and offences alike pass through here, so nothing is shown.
impl std::fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "(text of {} bytes)", self.0.len())
    }
}

/// One Windows-1252 byte: Latin-1 but for 80–9F; the five bytes without a meaning stay control characters.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_two_encodings_reads_the_same() {
        assert_eq!(Text::of("PEÑA".as_bytes()).as_str(), "PEÑA");
        assert_eq!(Text::of(b"PE\xd1A").as_str(), "PEÑA");
        assert_eq!(Text::of(b"O\x92NEIL").as_str(), "O’NEIL");
    }
}
