//! Cells that a spreadsheet program would take for a formula.
//!
//! A case number `=HYPERLINK(…)` is text in the record and a command in a spreadsheet. So a CSV file that is likely to be
//! opened in one has an apostrophe before such a cell. The rule is made so that it can be undone exactly: a cell that is a
//! formula after any number of apostrophes gets one more, and every other cell stays as it is. Undoing takes one away from
//! each cell that is a formula after at least one.

use std::borrow::Cow;

/// Whether a byte can stand at the head of a cell that [`guard`] would change. A quick look for whole rows.
#[inline]
#[must_use]
pub const fn may_begin(byte: u8) -> bool {
    matches!(byte, b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n' | b'\'' | 0xef)
}

/// The cell as it can be shown to a spreadsheet program: with an apostrophe before it if it may be taken for a formula.
#[must_use]
pub fn guard(cell: &str) -> Cow<'_, str> {
    if needs_guard(cell.as_bytes()) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell as it was before [`guard`].
#[must_use]
pub fn unguard(cell: &[u8]) -> &[u8] {
    match cell {
        [b'\'', rest @ ..] if needs_guard(rest) => rest,
        cell => cell,
    }
}

/// The same of text.
#[must_use]
pub fn unguarded(cell: &str) -> &str {
    // An apostrophe is one byte, so what is left is text.
    std::str::from_utf8(unguard(cell.as_bytes())).unwrap_or(cell)
}

/// Whether a cell is a formula after any number of apostrophes.
#[must_use]
pub fn needs_guard(cell: &[u8]) -> bool {
    if !cell.first().is_some_and(|&byte| may_begin(byte)) {
        return false;
    }
    let apostrophes = cell.iter().take_while(|&&byte| byte == b'\'').count();
    let Some((first, rest)) = cell.get(apostrophes..).and_then(<[u8]>::split_first) else { return false };
    match first {
        b'=' | b'+' | b'@' | b'\t' | b'\r' | b'\n' => true,
        // A dash alone and a plain negative number are no formula, and stay what programs can calculate with.
        b'-' => !rest.is_empty() && !is_number(rest),
        // The same signs in full width, by which programs in East Asia begin a formula too: U+FF0B, FF0D, FF1D, FF20.
        0xef => matches!(rest, [0xbc, 0x8b | 0x8d | 0x9d | 0xa0, ..]),
        _ => false,
    }
}

/// Digits, with at most one point between them.
fn is_number(text: &[u8]) -> bool {
    let mut parts = text.split(|&byte| byte == b'.');
    let digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    parts.next().is_some_and(digits) && parts.next().is_none_or(digits) && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_formula() {
        for cell in [
            "=1+1", "+1", "-1+1", "--1", "-A1", "-.5", "-5.", "-1.2.3", "-1 ", "@SUM(A1)", "\t=1", "\r=1",
            "\n=1", "＝1", "＋1", "－1", "＠A", "'=1", "''-A1", "'\t",
        ] {
            assert_eq!(guard(cell), format!("'{cell}"), "{cell:?}");
            assert_eq!(unguard(format!("'{cell}").as_bytes()), cell.as_bytes(), "{cell:?}");
        }
        for cell in
            ["", "-", "-1", "-12.5", "'", "''", "'-", "'-1", "'A", "A=1", " =1", "11358 HS", "é", "～", "1-2"]
        {
            assert_eq!(guard(cell), cell, "{cell:?}");
            assert_eq!(unguard(cell.as_bytes()), cell.as_bytes(), "{cell:?}");
        }
    }

    proptest::proptest! {
        /// Whatever the cell, it comes back; two cells never become one; and what is written is no formula.
        #[test]
        fn a_guarded_cell_comes_back(one in "['=+@\t\r\n.0-9A－＝-]{0,6}", other in "['=+@\t\r\n.0-9A－＝-]{0,6}") {
            let (shown, other_shown) = (guard(&one), guard(&other));
            assert_eq!(unguard(shown.as_bytes()), one.as_bytes());
            assert_eq!(shown == other_shown, one == other);
            assert!(!shown.starts_with(['=', '+', '@', '\t', '\r', '\n', '＝', '－']));
            let negative = shown.strip_prefix('-').is_none_or(|rest| rest.is_empty() || rest.parse::<f64>().is_ok());
            assert!(negative, "{shown:?}");
        }
    }
}
