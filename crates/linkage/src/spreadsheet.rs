//! Cells that a spreadsheet program would take for a formula: the rule of `vacatur_pipeline::spreadsheet`, which this crate
//! stands below. A cell that is a formula after any number of apostrophes gets one more, and every other stays as it is; so
//! it can be undone exactly.

use std::borrow::Cow;

/// The cell as a spreadsheet program may see it.
pub(crate) fn guard(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell as it was before [`guard`].
pub(crate) fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => cell,
    }
}

fn is_formula(cell: &str) -> bool {
    let cell = cell.trim_start_matches('\'');
    let mut letters = cell.chars();
    match letters.next() {
        Some('=' | '+' | '@' | '\t' | '\r' | '\n' | '＋' | '－' | '＝' | '＠') => true,
        Some('-') => !letters.as_str().is_empty() && !is_number(letters.as_str()),
        _ => false,
    }
}

/// Digits, with at most one point between them.
fn is_number(text: &str) -> bool {
    let mut parts = text.split('.');
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.next().is_some_and(digits) && parts.next().is_none_or(digits) && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cells of the test in `pipeline`.
    #[test]
    fn what_is_a_formula() {
        for cell in [
            "=1+1", "+1", "-1+1", "--1", "-A1", "-.5", "-5.", "-1.2.3", "-1 ", "@SUM(A1)", "\t=1", "\r=1",
            "\n=1", "＝1", "＋1", "－1", "＠A", "'=1", "''-A1", "'\t",
        ] {
            assert_eq!(guard(cell), format!("'{cell}"), "{cell:?}");
            assert_eq!(unguard(&format!("'{cell}")), cell, "{cell:?}");
        }
        for cell in
            ["", "-", "-1", "-12.5", "'", "''", "'-", "'-1", "'A", "A=1", " =1", "11358 HS", "é", "～", "1-2"]
        {
            assert_eq!(guard(cell), cell, "{cell:?}");
            assert_eq!(unguard(cell), cell, "{cell:?}");
        }
    }
}
