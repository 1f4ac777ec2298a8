//! What the tests of several modules share: a layout of three columns, hostile text, and a naive reading of it.

use proptest::prelude::*;

use crate::layout::Layout;

/// A layout of the columns FIRST, ID and LAST, of which ID is the subject.
pub(crate) fn small_layout() -> Layout {
    Layout::parse(
        r#"
name = "small"
version = "1"
title = "Small"
jurisdiction = "test"
delimiter = ","
[blank]
words = ["NULL"]
runs = ["-"]
[dates]
format = "YYYYMMDD"
unknown_part = "00"
[[column]]
number = 1
name = "FIRST"
[[column]]
number = 2
name = "ID"
field = "subject_id"
[[column]]
number = 3
name = "LAST"
"#,
    )
    .unwrap()
}

/// Text of sound rows and of everything that breaks them.
pub(crate) fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let sound = prop::sample::select(vec![
        &b"a,1,c\n"[..],
        b"\"a\",\"1\",\"c\"\n",
        b"a,2,\"x,y\"\r\n",
        b"a,2,\"x\ny,2,z\nq\"\n",
        b"\"\"\"\",1,\"say \"\"no\"\"\"\n",
        b" a , NULL ,---\n",
        b"a,\"2\",\xc3\xa9\n",
        b"a,1,\xe9\r\n",
        b"\nFIRST,ID,LAST\n",
        b"b,ID,b\n",
    ]);
    let odd = prop::sample::select(vec![
        &b"\""[..],
        b"\"\"",
        b",",
        b"\n",
        b"\r\n",
        b"\r",
        b" ",
        b"x",
        b"\0",
        b"\"\n",
        b"\",\"",
        b"a,1,",
        b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ]);
    let piece = prop_oneof![3 => sound, 1 => odd];
    prop::collection::vec(piece, 0..60).prop_map(|pieces: Vec<&[u8]>| pieces.concat())
}

/// What the naive reading makes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Naive {
    Row { line: u64, offset: u64, raw: Vec<u8>, cells: Vec<Vec<u8>> },
    Reject { line: u64, offset: u64 },
    Blank,
}

/// Reads text by the rule as it is written down, one line after another, without a thought for speed.
pub(crate) fn naive(text: &[u8], columns: usize, longest: usize) -> Vec<Naive> {
    let mut out = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < text.len() {
        let rest = &text[at..];
        let physical = rest.iter().position(|&b| b == b'\n').map_or(rest.len(), |n| n + 1);
        let content = rest[..physical].strip_suffix(b"\n").unwrap_or(&rest[..physical]);
        let offset = at as u64;
        let blank = content.len() <= longest && content.iter().all(|b| b" \t\r\x1a".contains(b));
        if blank {
            out.push(Naive::Blank);
            (at, line) = (at + physical, line + 1);
        } else if let Some((cells, len)) = naive_row(rest, columns).filter(|(_, len)| *len <= longest) {
            let raw = rest[..len].strip_suffix(b"\r").unwrap_or(&rest[..len]).to_vec();
            let lines = rest[..len].iter().filter(|&&b| b == b'\n').count() as u64 + 1;
            out.push(Naive::Row { line, offset, raw, cells });
            (at, line) = (at + (len + 1).min(rest.len()), line + lines);
        } else {
            out.push(Naive::Reject { line, offset });
            (at, line) = (at + physical, line + 1);
        }
    }
    out
}

/// The cells of a row and its length up to the newline.
fn naive_row(text: &[u8], columns: usize) -> Option<(Vec<Vec<u8>>, usize)> {
    let mut cells = Vec::new();
    let mut at = 0;
    loop {
        let (cell, next) = naive_cell(text, at)?;
        cells.push(cell);
        let rest = &text[next..];
        if rest.starts_with(b",") {
            at = next + 1;
            continue;
        }
        let end = if rest.starts_with(b"\r") { next + 1 } else { next };
        let sound = cells.len() == columns && !text[..end].contains(&0);
        return sound.then_some((cells, end));
    }
}

/// A cell's value and the place after it, which is that of a comma, a line end or the end of the text.
fn naive_cell(text: &[u8], start: usize) -> Option<(Vec<u8>, usize)> {
    let ends_at = |at: usize| {
        let rest = &text[at..];
        rest.is_empty()
            || rest == b"\r"
            || [&b","[..], b"\n", b"\r\n"].iter().any(|end| rest.starts_with(end))
    };
    let mut value = Vec::new();
    let mut at = start;
    if text.get(at) == Some(&b'"') {
        at += 1;
        loop {
            match text.get(at)? {
                b'"' if text.get(at + 1) == Some(&b'"') => {
                    value.push(b'"');
                    at += 2;
                }
                b'"' => break,
                &byte => {
                    value.push(byte);
                    at += 1;
                }
            }
        }
        at += 1;
        return ends_at(at).then_some((value, at));
    }
    while !ends_at(at) {
        if text[at] == b'"' {
            return None;
        }
        value.push(text[at]);
        at += 1;
    }
    Some((value, at))
}
