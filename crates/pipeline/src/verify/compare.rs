//! Where two files begin to differ, and in how much.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// How two files differ.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Place {
    /// The first byte that differs, counted from 0.
    pub offset: u64,
    /// The line in which it stands, counted from 1; nothing for a file without lines.
    pub line: Option<u64>,
    /// How many lines differ, the files laid side by side line by line; nothing for a file without lines.
    pub lines: Option<u64>,
    /// The lengths in bytes: of the run's file, and of the new one.
    pub bytes: (u64, u64),
}

/// Compares two files; nothing if they are the same to the byte.
pub(crate) fn compare(one: &Path, other: &Path) -> io::Result<Option<Place>> {
    let open = |path: &Path| File::open(path).map(|file| BufReader::with_capacity(1 << 18, file));
    let (one_file, other_file) = (open(one)?, open(other)?);
    let text =
        one.extension().is_some_and(|end| ["csv", "txt", "json", "md"].iter().any(|text| end == *text));
    if text { by_line(one_file, other_file) } else { by_byte(one_file, other_file) }
}

fn by_line(mut one: impl BufRead, mut other: impl BufRead) -> io::Result<Option<Place>> {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let (mut number, mut bytes) = (0, (0, 0));
    let mut place: Option<Place> = None;
    loop {
        left.clear();
        right.clear();
        let got = (one.read_until(b'\n', &mut left)?, other.read_until(b'\n', &mut right)?);
        if got == (0, 0) {
            break;
        }
        number += 1;
        if left != right {
            let same = left.iter().zip(&right).take_while(|(a, b)| a == b).count() as u64;
            let first = Place { offset: bytes.0 + same, line: Some(number), lines: Some(0), bytes };
            let place = place.get_or_insert(first);
            place.lines = place.lines.map(|lines| lines + 1);
        }
        bytes = (bytes.0 + got.0 as u64, bytes.1 + got.1 as u64);
    }
    Ok(place.map(|place| Place { bytes, ..place }))
}

fn by_byte(mut one: impl Read, mut other: impl Read) -> io::Result<Option<Place>> {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let (mut first, mut bytes) = (None, (0, 0));
    loop {
        left.clear();
        right.clear();
        let stretch = 1 << 18;
        let got = (
            one.by_ref().take(stretch).read_to_end(&mut left)?,
            other.by_ref().take(stretch).read_to_end(&mut right)?,
        );
        if got == (0, 0) {
            break;
        }
        if first.is_none() && left != right {
            let same = left.iter().zip(&right).take_while(|(a, b)| a == b).count() as u64;
            first = Some(bytes.0 + same);
        }
        bytes = (bytes.0 + got.0 as u64, bytes.1 + got.1 as u64);
    }
    Ok(first.map(|offset| Place { offset, line: None, lines: None, bytes }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(one: &str, other: &str) -> Option<(u64, u64, u64)> {
        let place = by_line(one.as_bytes(), other.as_bytes()).unwrap()?;
        assert_eq!(place.bytes, (one.len() as u64, other.len() as u64));
        Some((place.offset, place.line.unwrap(), place.lines.unwrap()))
    }

    #[test]
    fn the_first_difference_and_how_many() {
        assert_eq!(lines("a\nb\n", "a\nb\n"), None);
        assert_eq!(lines("a\nbc\nd\n", "a\nbx\nd\n"), Some((3, 2, 1)));
        assert_eq!(lines("a\nb\n", "a\nb"), Some((3, 2, 1)));
        assert_eq!(lines("a\n", "a\nb\nc\n"), Some((2, 2, 2)));
        assert_eq!(lines("", "a"), Some((0, 1, 1)));
    }

    #[test]
    fn bytes_beyond_one_stretch() {
        let one = vec![7; 600_000];
        let mut other = one.clone();
        other[500_000] = 8;
        let offset = |other: &[u8]| by_byte(one.as_slice(), other).unwrap().map(|place| place.offset);
        assert_eq!(offset(&one), None);
        assert_eq!(offset(&other), Some(500_000));
        assert_eq!(offset(&one[..599_999]), Some(599_999));
    }
}
