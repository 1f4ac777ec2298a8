//! Header rows, recognised by their content.
//!
//! A row is a header if most of its cells are column names of the layout. Then all of them must be the right names in
//! the right places, for a file whose columns stand otherwise would be read wrongly from the first row to the last.

use std::fmt;

use crate::cell::value;
use crate::layout::Layout;

/// What a row is, as far as headers are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderCheck {
    /// No header.
    Data,
    /// The layout's header.
    Header,
    /// A header, but of another layout.
    Mismatch(Vec<HeaderMismatch>),
}

/// A column whose name is not the layout's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderMismatch {
    /// The column, counted from 1.
    pub column: usize,
    /// The name found, shortened; none if the header ends before.
    pub found: Option<String>,
    /// The name that belongs there; none if the layout ends before.
    pub expected: Option<String>,
}

impl fmt::Display for HeaderMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { column, found, expected } = self;
        write!(f, "column {column}: found {}, ", found.as_deref().unwrap_or("nothing"))?;
        write!(f, "expected {}", expected.as_deref().unwrap_or("nothing"))
    }
}

/// Checks the raw cells of a row against the layout's names.
#[must_use]
pub fn check<'a>(cells: impl Iterator<Item = &'a [u8]>, layout: &Layout) -> HeaderCheck {
    let found: Vec<String> = cells
        .map(|cell| {
            let name = String::from_utf8_lossy(&value(cell)).to_uppercase();
            name.trim_start_matches('\u{feff}').trim_matches('"').trim().to_owned()
        })
        .collect();
    let known = found.iter().filter(|name| layout.column(name).is_some()).count();
    if known * 2 <= found.len() {
        return HeaderCheck::Data;
    }
    let mismatches: Vec<_> = (0..found.len().max(layout.width()))
        .filter_map(|at| {
            let found = found.get(at);
            let expected = layout.columns().get(at).map(|column| &column.name);
            (found != expected).then(|| HeaderMismatch {
                column: at + 1,
                // Beyond the layout's last column there may be a row whose line end was lost: names and birth dates.
                found: found
                    .map(|name| if expected.is_some() { shown(name) } else { "a further cell".to_owned() }),
                expected: expected.cloned(),
            })
        })
        .collect();
    if mismatches.is_empty() { HeaderCheck::Header } else { HeaderCheck::Mismatch(mismatches) }
}

/// A name fit for a message. What does not look like the name of a column may be a value, and is not shown.
fn shown(name: &str) -> String {
    if name.is_empty() {
        return "a blank".to_owned();
    }
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.' | '#' | '/');
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    if name.len() <= 40 && name.chars().all(letters) && name.starts_with(char::is_alphabetic) && digits <= 2 {
        name.to_owned()
    } else {
        "something else".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(names: &[String]) -> HeaderCheck {
        check(names.iter().map(String::as_bytes), &Layout::us_ca_doj())
    }

    fn names() -> Vec<String> {
        Layout::us_ca_doj().columns().iter().map(|column| column.name.clone()).collect()
    }

    #[test]
    fn quotes_blanks_small_letters_and_a_mark_do_not_hide_a_header() {
        let names: Vec<_> = names().iter().map(|name| format!("\" {} \"", name.to_lowercase())).collect();
        assert_eq!(checked(&names), HeaderCheck::Header);
        let marked = [&["\u{feff}RECORD_ID".to_owned()], &super::tests::names()[1..]].concat();
        assert_eq!(checked(&marked), HeaderCheck::Header);
    }

    #[test]
    fn two_columns_changed_about_are_told_by_name() {
        let mut names = names();
        names.swap(14, 15);
        let HeaderCheck::Mismatch(found) = checked(&names) else { unreachable!() };
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].to_string(), "column 15: found PRI_SSN, expected PRI_DOB");
    }

    #[test]
    fn a_row_behind_a_header_that_lost_its_line_end_is_not_shown() {
        let values = ["R1", "X", "7654321", "ZEBEDEE,WILHELMINA", "19610223"];
        let mut cells = names();
        let last = cells.pop().unwrap();
        cells.push(format!("{last}{}", values[2]));
        cells.extend(values.iter().map(|value| (*value).to_owned()));
        let HeaderCheck::Mismatch(found) = checked(&cells) else { unreachable!() };
        assert_eq!(found.len(), 6);
        let said = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        assert!(values.iter().skip(2).all(|value| !said.contains(value)), "{said}");
        assert!(said.contains("column 95: found something else, expected END_OF_REC"), "{said}");
        assert!(said.contains("column 96: found a further cell, expected nothing"), "{said}");
    }

    #[test]
    fn a_header_cut_short_is_a_mismatch_and_a_row_of_data_is_no_header() {
        assert!(matches!(checked(&names()[..90]), HeaderCheck::Mismatch(m) if m.len() == 5));
        assert_eq!(checked(&vec![String::new(); 95]), HeaderCheck::Data);
    }
}
