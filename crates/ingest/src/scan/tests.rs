use proptest::prelude::*;

use super::*;
use crate::recover::{Form, Verdict};
use crate::reject::RejectReason;
use crate::testing::hostile;

/// Arbitrary bytes with many that matter.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte =
        prop_oneof![Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), Just(b'a'), Just(0_u8), any::<u8>()];
    prop_oneof![prop::collection::vec(byte, 0..400), hostile()]
}

/// The rows that the strict reading finds from the first byte on, up to the first that is ill-formed in its quoting.
fn strictly(bytes: &[u8]) -> (Vec<(usize, usize)>, bool) {
    let mut rows = Vec::new();
    let mut at = 0;
    loop {
        // A row of any number of columns will do here, so the form is made to fit what is found.
        let mut form = Form { columns: 1, separator: b',', longest: usize::MAX - 1 };
        let rest = &bytes[at..];
        if rest.is_empty() {
            return (rows, false);
        }
        let mut verdict = form.judge(rest, false);
        if let Verdict::Reject { reason: RejectReason::TooManyColumns { found, .. }, .. } = verdict {
            form.columns = found;
            verdict = form.judge(rest, false);
        }
        let end = match verdict {
            Verdict::Row { end } => end,
            Verdict::Blank => rest.iter().position(|&b| b == b'\n').unwrap(),
            Verdict::More => return (rows, false),
            Verdict::Reject { .. } => return (rows, true),
        };
        rows.push((at + end, form.columns - 1));
        at += end + 1;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn both_back_ends_find_the_same(bytes in bytes()) {
        let (mut fast, mut plain) = (RowEnds::default(), RowEnds::default());
        fast.scan(&bytes, b',');
        plain.scan_portably(&bytes, b',');
        prop_assert_eq!(&fast.rows, &plain.rows);
        prop_assert_eq!(fast.bad, plain.bad);
        let (mut fast, mut plain) = (FieldIndex::default(), FieldIndex::default());
        fast.scan(&bytes, b',');
        plain.scan_portably(&bytes, b',');
        prop_assert_eq!(fast.places(), plain.places());
        prop_assert_eq!(&fast.escapes, &plain.escapes);
        prop_assert_eq!((fast.rows, fast.lines, fast.bad), (plain.rows, plain.lines, plain.bad));
    }

    #[test]
    fn a_look_at_one_word_finds_its_separators_outside_quotes(word in prop::collection::vec(
        prop_oneof![Just(b'"'), Just(b','), any::<u8>()], 64)) {
        let word: [u8; 64] = word.try_into().unwrap();
        let mut quoted = false;
        let mut expected = 0;
        for (at, byte) in word.into_iter().enumerate() {
            quoted ^= byte == b'"';
            expected |= u64::from(byte == b',' && !quoted) << at;
        }
        prop_assert_eq!(separators(&word, b','), expected);
        prop_assert_eq!(portable::separators(&word, b','), expected);
    }

    #[test]
    fn the_masks_agree_with_the_strict_reading_byte_by_byte(bytes in bytes()) {
        let mut masks = RowEnds::default();
        masks.scan(&bytes, b',');
        let (rows, bad) = strictly(&bytes);
        let found: Vec<_> = masks.rows.iter().map(|r| (r.end as usize, r.seps as usize)).collect();
        prop_assert_eq!(found, rows);
        prop_assert_eq!(masks.bad.is_some(), bad);
    }

    #[test]
    fn on_sound_text_the_index_holds_every_field_end(text in prop::collection::vec(
        prop::collection::vec("[a ]{0,9}|\"([a,\n ]|\"\"){0,9}\"", 3), 0..40)) {
        let mut bytes = Vec::new();
        let mut ends = Vec::new();
        for row in &text {
            for (column, cell) in row.iter().enumerate() {
                bytes.extend_from_slice(cell.as_bytes());
                ends.push(bytes.len() as u32);
                bytes.push(if column == 2 { b'\n' } else { b',' });
            }
        }
        let mut index = FieldIndex::default();
        index.scan(&bytes, b',');
        prop_assert_eq!(index.places(), ends);
        prop_assert_eq!(index.rows, text.len());
        prop_assert!(!index.bad);
    }
}
