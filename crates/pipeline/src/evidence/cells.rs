//! The lines of a file of evidence, as cells.

/// A cell longer than this is none that a person wrote.
const LONGEST: usize = 4096;

/// Why a line cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// A cell in quotes does not end.
    Unclosed,
    /// Something stands between a closing quote and the next comma.
    Stray,
    /// A cell is too long.
    TooLong,
}

impl Broken {
    /// A word that does not change.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Unclosed | Self::Stray => "stray_quote",
            Self::TooLong => "too_long",
        }
    }

    /// In words.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Unclosed => "a cell begins with a quotation mark and none closes it",
            Self::Stray => "something stands between a closing quotation mark and the next comma",
            Self::TooLong => "a cell is longer than 4,096 bytes",
        }
    }
}

/// One line; a cell in quotes may go over several in the file.
pub(super) struct Line {
    /// Its number in the file, from 1.
    pub(super) number: u64,
    /// The cells without quotes; or the cell, from 1, at which reading failed.
    pub(super) cells: Result<Vec<Vec<u8>>, (usize, Broken)>,
}

/// Goes over a file line by line. A line that cannot be read costs itself and no other: reading goes on at the next.
pub(super) struct Lines<'b> {
    bytes: &'b [u8],
    at: usize,
    number: u64,
}

impl<'b> Lines<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0, number: 1 }
    }

    fn cell(&self, mut at: usize) -> Result<(Vec<u8>, usize), Broken> {
        let mut cell = Vec::new();
        if self.bytes.get(at) != Some(&b'"') {
            let rest = &self.bytes[at..];
            let end = rest.iter().position(|byte| matches!(byte, b',' | b'\n')).unwrap_or(rest.len());
            if end > LONGEST {
                return Err(Broken::TooLong);
            }
            return Ok((rest[..end].to_vec(), at + end));
        }
        at += 1;
        loop {
            match self.bytes.get(at) {
                None => return Err(Broken::Unclosed),
                Some(b'"') if self.bytes.get(at + 1) == Some(&b'"') => {
                    cell.push(b'"');
                    at += 2;
                }
                Some(b'"') => break,
                Some(&byte) => {
                    cell.push(byte);
                    at += 1;
                }
            }
            if cell.len() > LONGEST {
                return Err(Broken::TooLong);
            }
        }
        at += 1;
        if self.bytes.get(at) == Some(&b'\r') && matches!(self.bytes.get(at + 1), None | Some(b'\n')) {
            at += 1;
        }
        match self.bytes.get(at) {
            None | Some(b',' | b'\n') => Ok((cell, at)),
            Some(_) => Err(Broken::Stray),
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        if self.at >= self.bytes.len() {
            return None;
        }
        let (start, number) = (self.at, self.number);
        let mut cells = Vec::new();
        let mut at = start;
        let cells = loop {
            match self.cell(at) {
                Ok((cell, end)) => {
                    cells.push(cell);
                    at = end;
                    if self.bytes.get(at) != Some(&b',') {
                        break Ok(cells);
                    }
                    at += 1;
                }
                Err(broken) => {
                    let rest = &self.bytes[start..];
                    at = start + rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
                    break Err((cells.len() + 1, broken));
                }
            }
        };
        self.at = at + 1;
        let end = self.at.min(self.bytes.len());
        self.number += self.bytes[start..end].iter().filter(|&&byte| byte == b'\n').count() as u64;
        Some(Line { number, cells })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Cells = Result<Vec<String>, (usize, Broken)>;

    fn read(text: &str) -> Vec<(u64, Cells)> {
        Lines::new(text.as_bytes())
            .map(|line| {
                let text = |cell: &Vec<u8>| String::from_utf8(cell.clone()).unwrap();
                (line.number, line.cells.map(|cells| cells.iter().map(text).collect()))
            })
            .collect()
    }

    fn cells(cells: &[&str]) -> Cells {
        Ok(cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn quotes_and_line_ends() {
        assert_eq!(read("a,\"b,\"\"c\"\"\"\r\n"), [(1, cells(&["a", "b,\"c\""]))]);
        assert_eq!(read("a,\n,b"), [(1, cells(&["a", ""])), (2, cells(&["", "b"]))]);
        assert_eq!(read("\"a\nb\",c\nd\n"), [(1, cells(&["a\nb", "c"])), (3, cells(&["d"]))]);
        assert!(read("").is_empty());
    }

    #[test]
    fn a_broken_line_costs_itself() {
        assert_eq!(
            read("a,\"b\nc,d\ne,\"f\"g\nh\n"),
            [
                (1, Err((2, Broken::Stray))),
                (2, cells(&["c", "d"])),
                (3, Err((2, Broken::Stray))),
                (4, cells(&["h"])),
            ]
        );
        assert_eq!(read("a,\"b\nc\n"), [(1, Err((2, Broken::Unclosed))), (2, cells(&["c"]))]);
        let long = format!("a,{}\nb\n", "x".repeat(1 << 20));
        assert_eq!(read(&long), [(1, Err((2, Broken::TooLong))), (2, cells(&["b"]))]);
    }

    proptest::proptest! {
        /// Whatever the bytes, reading comes to an end, and no line of the file is read twice.
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(proptest::sample::select(b"a,\"\r\n\x00\xff".as_slice()), 0..80)) {
            let lines: Vec<Line> = Lines::new(&bytes).collect();
            let ends = bytes.iter().filter(|&&byte| byte == b'\n').count();
            assert!(lines.len() <= ends + 1);
            assert!(lines.windows(2).all(|pair| pair[0].number < pair[1].number));
            let read: usize = lines.iter().filter_map(|line| line.cells.as_ref().ok()).flatten().map(Vec::len).sum();
            assert!(read <= bytes.len());
        }
    }
}
