use proptest::prelude::*;

use super::*;
use crate::cell;
use crate::survey::survey;
use crate::testing::{Naive, hostile, naive, small_layout};

type Cells = Vec<Vec<u8>>;

/// All rows of a text: line, offset, bytes and values.
fn read(text: &[u8]) -> Vec<(u64, u64, Vec<u8>, Cells)> {
    let layout = small_layout();
    let sources = [Source::from_bytes("a.csv", text.to_vec())];
    let found = survey(&sources, &layout, 1, &|_| {}).unwrap();
    let mut block = Block::new(&layout);
    block.load(&sources, &found.runs).unwrap();
    block
        .rows()
        .map(|row| {
            let cells = (0..3).map(|column| row.field(column).to_vec()).collect();
            (row.line(), row.offset(), row.bytes().to_vec(), cells)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn cells_lines_and_places_are_those_of_the_naive_reading(text in hostile()) {
        let text = [b"a,9,c\n", text.as_slice()].concat();
        let layout = small_layout();
        let value = |cell: &Vec<u8>| {
            let trimmed = cell::trim(cell);
            if layout.blanks().is_blank(trimmed) { Vec::new() } else { trimmed.to_vec() }
        };
        let expected: Vec<_> = naive(&text, 3, LONGEST_ROW)
            .into_iter()
            .filter_map(|line| match line {
                Naive::Row { line, offset, raw, cells } if raw != b"FIRST,ID,LAST" => {
                    Some((line, offset, raw, cells.iter().map(value).collect::<Cells>()))
                }
                _ => None,
            })
            .collect();
        prop_assert_eq!(read(&text), expected);
    }

    #[test]
    fn windows_line_ends_change_no_cell(rows in prop::collection::vec(
        prop::collection::vec("[a-c ]{1,5}|\"([ab, ]|\"\"){0,9}\"", 3), 1..20)) {
        let text = |end: &str| -> Vec<u8> {
            rows.iter().flat_map(|row| [row.join(","), end.to_owned()]).collect::<String>().into_bytes()
        };
        let cells = |text: &[u8]| read(text).into_iter().map(|(_, _, bytes, cells)| (bytes, cells)).collect::<Vec<_>>();
        prop_assert_eq!(cells(&text("\n")), cells(&text("\r\n")));
    }
}

#[test]
fn a_block_can_hold_runs_of_several_files_in_any_order() {
    let layout = small_layout();
    let sources = [
        Source::from_bytes("a", b"a,1,x\na,2,\"y\n\"\na,2,w\nbad\na,1,\"z\"".to_vec()),
        Source::from_bytes("b", b"a,1,v\r\n".to_vec()),
    ];
    let found = survey(&sources, &layout, 1, &|_| {}).unwrap();
    let mut block = Block::new(&layout);
    let pick = [2, 3, 0, 1];
    block.load(&sources, pick.iter().map(|&at: &usize| &found.runs[at])).unwrap();
    assert_eq!((block.runs(), block.row_count()), (4, 5));
    let places: Vec<_> =
        block.rows().map(|row| (row.source(), row.line(), row.offset(), row.field(2).to_vec())).collect();
    let expected: Vec<(u32, u64, u64, Vec<u8>)> = vec![
        (0, 6, 25, b"z".to_vec()),
        (1, 1, 0, b"v".to_vec()),
        (0, 1, 0, b"x".to_vec()),
        (0, 2, 6, b"y".to_vec()),
        (0, 4, 15, b"w".to_vec()),
    ];
    assert_eq!(places, expected);
    assert_eq!(block.run_rows(3).len(), 2);
    assert_eq!(block.run_rows(9).count(), 0);
}

#[test]
fn raw_cells_are_verbatim_and_values_are_clean() {
    let layout = small_layout();
    let sources = [Source::from_bytes("a", b"\" the \"\"kid\"\" \",7,\"NULL  \"\r\n".to_vec())];
    let found = survey(&sources, &layout, 1, &|_| {}).unwrap();
    let mut block = Block::new(&layout);
    block.load(&sources, &found.runs).unwrap();
    let row = block.rows().next().unwrap();
    assert_eq!(row.raw_cell(0), b"\" the \"\"kid\"\" \"");
    assert_eq!(row.field(0), b"the \"kid\"");
    assert_eq!((row.raw_cell(2), row.field(2)), (&b"\"NULL  \""[..], &b""[..]));
    assert_eq!((row.raw_cell(3), row.field(3)), (&b""[..], &b""[..]));
    // Whatever is printed, it is not what a row holds.
    let printed = format!("{row:?} {block:?} {:?} {sources:?}", block.run_rows(0));
    assert!(!printed.contains("kid") && !printed.contains("116, 104, 101"), "{printed}");
}

#[test]
fn a_file_that_changed_between_the_passes_is_noticed() {
    let layout = small_layout();
    let before = [Source::from_bytes("a", b"a,1,c\na,1,d\n".to_vec())];
    let found = survey(&before, &layout, 1, &|_| {}).unwrap();
    let mut block = Block::new(&layout);
    for after in ["a,1,c\na,1,\n", "a,1,c\na,\"1\"d", "a,1,c,a,1,d\n", "a,1\n,a,1,c\n", "a,1,\"\na,1,\"\n"] {
        let sources = [Source::from_bytes("a", after.as_bytes().to_vec())];
        assert!(matches!(block.load(&sources, &found.runs), Err(BlockError::Changed { .. })), "{after:?}");
        assert_eq!(block.rows().count(), 0);
    }
    assert!(matches!(block.load(&[], &found.runs), Err(BlockError::NoSource { .. })));
    block.load(&before, &found.runs).unwrap();
    assert_eq!(block.row_count(), 2);
}
