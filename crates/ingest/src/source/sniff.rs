//! What a file is, told by its first bytes.

/// How much of a file is looked at.
pub(super) const HEAD: usize = 64 * 1024;

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Empty,
    Gzip,
    Zip,
    /// Text; `mark` bytes of byte order mark come first.
    Text {
        encoding: Encoding,
        mark: usize,
    },
    /// Something that is not read.
    Other {
        what: &'static str,
        hint: &'static str,
    },
}

/// How the text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// One byte a character for all that matters: ASCII, UTF-8, windows-1252.
    Bytes,
    Utf16Le,
    Utf16Be,
}

const UNPACK: &str = "unpack it first and name the file inside";
const EXPORT: &str = "export it as CSV first";
const CHECK: &str = "check that the right file was named";

const SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"%PDF", "a PDF document", CHECK),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office document", EXPORT),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", UNPACK),
    (b"\xfd7zXZ\0", "an xz archive", UNPACK),
    (b"BZh", "a bzip2 archive", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", UNPACK),
    (b"Rar!", "a RAR archive", UNPACK),
    (b"PAR1", "a Parquet file", EXPORT),
    (b"SQLite format 3\0", "an SQLite database", EXPORT),
    (b"\0\x01\0\0Standard ", "a Microsoft Access database", EXPORT),
    (b"{\\rtf", "a rich-text document", EXPORT),
    (b"\x89PNG", "a picture", CHECK),
    (b"\xff\xd8\xff", "a picture", CHECK),
    (b"-----BEGIN PGP", "an encrypted file", "decrypt it first"),
    (b"age-encryption.org", "an encrypted file", "decrypt it first"),
    (b"\xff\xfe\0\0", "text in UTF-32", "save it as UTF-8 first"),
    (b"\0\0\xfe\xff", "text in UTF-32", "save it as UTF-8 first"),
];

#[cfg(test)]
pub(super) fn kind(head: &[u8]) -> Kind {
    kind_of(head, false)
}

/// Tells what a file is by its head: up to [`HEAD`] bytes, all of it if it is shorter. With `xml`, an XML document is text like any other.
pub(super) fn kind_of(head: &[u8], xml: bool) -> Kind {
    if head.is_empty() {
        return Kind::Empty;
    }
    if head.starts_with(&[0x1f, 0x8b]) {
        return Kind::Gzip;
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Kind::Zip;
    }
    if let Some(&(_, what, hint)) = SIGNATURES.iter().find(|(signature, ..)| head.starts_with(signature)) {
        return Kind::Other { what, hint };
    }
    if let Some((encoding, mark)) = utf16(head) {
        return Kind::Text { encoding, mark };
    }
    let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let text = &head[mark..];
    let start = text.trim_ascii_start();
    if [&b"<!doctype html"[..], b"<html", b"<?xml"].iter().any(|tag| {
        !(xml && tag == b"<?xml")
            && start.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag))
    }) {
        return Kind::Other {
            what: "a web page or XML document",
            hint: "the download may have failed; fetch it again",
        };
    }
    if is_binary(text) {
        return Kind::Other { what: "binary data", hint: CHECK };
    }
    Kind::Text { encoding: Encoding::Bytes, mark }
}

/// Whether the head has no newline but carriage returns: the line ends of old Macintosh programs.
pub(super) fn has_old_mac_line_ends(head: &[u8]) -> bool {
    memchr::memchr(b'\n', head).is_none() && memchr::memchr(b'\r', head).is_some_and(|at| at + 1 < head.len())
}

/// UTF-16 by its mark, or by every other byte being NUL.
fn utf16(head: &[u8]) -> Option<(Encoding, usize)> {
    if head.starts_with(&[0xff, 0xfe]) {
        return Some((Encoding::Utf16Le, 2));
    }
    if head.starts_with(&[0xfe, 0xff]) {
        return Some((Encoding::Utf16Be, 2));
    }
    let (pairs, _) = head.as_chunks::<2>();
    let share = |matching: usize| pairs.len() >= 8 && matching * 10 >= pairs.len() * 9;
    if share(pairs.iter().filter(|&&[a, b]| a != 0 && b == 0).count()) {
        return Some((Encoding::Utf16Le, 0));
    }
    if share(pairs.iter().filter(|&&[a, b]| a == 0 && b != 0).count()) {
        return Some((Encoding::Utf16Be, 0));
    }
    None
}

/// Whether more than one byte in twenty is a control character that no text has. A single NUL rejects its own row
/// later and nothing else.
fn is_binary(text: &[u8]) -> bool {
    let odd = text.iter().filter(|b| matches!(b, 0..=8 | 14..=25 | 27..=31 | 127)).count();
    odd * 20 > text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_holds_and_not_what_it_is_called() {
        let plain = Kind::Text { encoding: Encoding::Bytes, mark: 0 };
        assert_eq!(kind(b""), Kind::Empty);
        assert_eq!(kind(b"a,b\n"), plain);
        assert_eq!(kind(b"\x1f\x8b\x08"), Kind::Gzip);
        assert_eq!(kind(b"\xef\xbb\xbfa,b\n"), Kind::Text { encoding: Encoding::Bytes, mark: 3 });
        assert_eq!(kind(b"a\0,\0b\0,\0c\0,\0d\0,\0e\0"), Kind::Text { encoding: Encoding::Utf16Le, mark: 0 });
        assert_eq!(kind(b"\0a\0,\0b\0,\0c\0,\0d\0,\0e"), Kind::Text { encoding: Encoding::Utf16Be, mark: 0 });
        for other in [&b"%PDF-1.7"[..], b"  <!DOCTYPE HTML><p>", &[1, 2, 3, 0, 0, 0, 9, 9], b"BZh91AY"] {
            assert!(matches!(kind(other), Kind::Other { .. }));
        }
        // One damaged byte does not make a file binary.
        assert_eq!(kind(b"a,b,c,d,e,f,g,h,i,j,k,l,m\0,n,o\n"), plain);
    }

    #[test]
    fn a_one_line_file_that_ends_in_a_return_is_not_an_old_mac_file() {
        assert!(has_old_mac_line_ends(b"a,b\rc,d\r"));
        assert!(!has_old_mac_line_ends(b"a,b\r"));
        assert!(!has_old_mac_line_ends(b"a,b\r\nc,d\r\n"));
    }
}
