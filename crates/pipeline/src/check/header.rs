//! A header row that is not the layout's: which columns are new, which are gone, which stand elsewhere.

use serde::{Deserialize, Serialize};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::source::Source;

/// How much of a file is looked at for its header row. The layout's own has two kilobytes.
const LOOKED_AT: usize = 64 << 10;
/// How much of a name is shown.
const SHOWN: usize = 40;

/// How a header row differs from the layout's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderDrift {
    /// The file.
    pub file: String,
    /// The line of the header row.
    pub line: u64,
    /// How many columns it has.
    pub columns: u64,
    /// How many the layout has.
    pub expected: u64,
    /// Names that the layout does not have, with their places from 1.
    pub new: Vec<(u64, String)>,
    /// Names of the layout that are not there, with the places where they belong.
    pub gone: Vec<(u64, String)>,
    /// Names that stand elsewhere: the place, the name, the place where it belongs.
    pub moved: Vec<(u64, String, u64)>,
}

impl HeaderDrift {
    /// Compares the header row on a line of a file; `None` if it cannot be found again.
    pub(crate) fn of(source: &Source, line: u64, layout: &Layout) -> Option<Self> {
        let mut bytes = vec![0; LOOKED_AT];
        let read = source.read_at(0, &mut bytes).ok()?;
        bytes.truncate(read);
        let text = String::from_utf8_lossy(&bytes);
        let row = text.split('\n').nth(usize::try_from(line.checked_sub(1)?).ok()?)?;
        let delimiter = char::from(layout.delimiter());
        let names: Vec<String> = row
            .trim_start_matches('\u{feff}')
            .split(delimiter)
            .map(|cell| cell.trim().trim_matches('"').trim().to_uppercase())
            .collect();
        let mut drift = Self {
            file: source.name().to_owned(),
            line,
            columns: names.len() as u64,
            expected: layout.width() as u64,
            ..Self::default()
        };
        for (at, name) in names.iter().enumerate() {
            match layout.column(name) {
                None => drift.new.push((at as u64 + 1, shown(name))),
                Some(place) if place != at => {
                    drift.moved.push((at as u64 + 1, name.clone(), place as u64 + 1));
                }
                Some(_) => {}
            }
        }
        for (at, column) in layout.columns().iter().enumerate() {
            if !names.contains(&column.name) {
                drift.gone.push((at as u64 + 1, column.name.clone()));
            }
        }
        Some(drift)
    }
}

/// A name fit for a message.
fn shown(name: &str) -> String {
    name.chars().take(SHOWN).map(|c| if c.is_control() { '?' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_gone_and_moved_columns_are_told_by_name() {
        let layout = Layout::us_ca_doj();
        let mut names: Vec<&str> = layout.columns().iter().map(|column| column.name.as_str()).collect();
        names.swap(14, 15);
        names[20] = "ZIP_CODE";
        names.pop();
        let header = format!("\u{feff}\"{}\"\r\n1,2\n", names.join("\",\""));
        let source = Source::from_bytes("x.dat", header.into_bytes());
        let drift = HeaderDrift::of(&source, 1, &layout).unwrap();
        let shown = serde_json::to_string(&drift).unwrap();
        insta::assert_snapshot!(shown, @r#"{"file":"x.dat","line":1,"columns":94,"expected":95,"new":[[21,"ZIP_CODE"]],"gone":[[21,"PDR_SEG_SEP"],[95,"END_OF_REC"]],"moved":[[15,"PRI_SSN",16],[16,"PRI_DOB",15]]}"#);
    }
}
