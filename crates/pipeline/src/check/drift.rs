//! What differs from the previous delivery.

use super::quality::{Quality, Word};
use super::screen::number;
use super::verdict::{percent, percent_text};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A share that moved by so many points of a hundred is told.
const POINTS: f64 = 5.0;
/// The same for the share of a defect.
const DEFECT_POINTS: f64 = 1.0;
/// A word of which there are fewer rows than this is not missed, nor greeted.
const ROWS: u64 = 20;
/// Rows and people that became more or fewer by so many per cent.
const MOVED: f64 = 10.0;

/// What differs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// The previous delivery's files.
    pub previous: Vec<String>,
    /// Its rows.
    pub rows_before: u64,
    /// Its people.
    pub people_before: u64,
    /// How many columns of the layout held something in it.
    pub columns_before: u64,
    /// How many of these hold nothing now.
    pub emptied: u64,
    /// The differences, in the order of their subjects.
    pub changes: Vec<Change>,
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What kind it is: `form`, `size`, `dates`, `column`, `word_new`, `word_gone`, `county_new`, `county_gone`,
    /// `defect`.
    pub kind: String,
    /// What differs: a column, a word.
    pub subject: String,
    /// Before.
    pub before: String,
    /// Now.
    pub now: String,
}

impl Drift {
    /// Compares a delivery with the one before it.
    pub(crate) fn between(before: &Quality, now: &Quality) -> Self {
        let mut changes = Vec::new();
        forms(before, now, &mut changes);
        sizes(before, now, &mut changes);
        let (columns_before, emptied) = columns(before, now, &mut changes);
        words(before, now, &mut changes);
        defects(before, now, &mut changes);
        Self {
            previous: before.inputs.iter().map(|file| file.name.clone()).collect(),
            rows_before: before.counts.rows_in,
            people_before: before.counts.people,
            columns_before,
            emptied,
            changes,
        }
    }
}

fn change(kind: &str, subject: &str, before: impl Into<String>, now: impl Into<String>) -> Change {
    Change { kind: kind.into(), subject: subject.into(), before: before.into(), now: now.into() }
}

/// The layout and the form of the files.
fn forms(before: &Quality, now: &Quality, changes: &mut Vec<Change>) {
    let joined = |quality: &Quality, of: &dyn Fn(&super::quality::File) -> String| -> String {
        let set: BTreeSet<String> = quality.inputs.iter().map(of).collect();
        set.into_iter().collect::<Vec<_>>().join(", ")
    };
    let mut compare = |subject: &str, one: String, other: String| {
        if one != other {
            changes.push(change("form", subject, one, other));
        }
    };
    compare("layout", before.layout.clone(), now.layout.clone());
    compare("files", before.inputs.len().to_string(), now.inputs.len().to_string());
    type Of = dyn Fn(&super::quality::File) -> String;
    let forms: [(&str, &Of); 4] = [
        ("header row", &|file| if file.header { "yes".into() } else { "no".into() }),
        ("letters", &|file| file.encoding.clone()),
        ("line ends", &|file| file.line_ends.clone()),
        ("packing", &|file| file.compression.clone()),
    ];
    for (subject, of) in forms {
        compare(subject, joined(before, of), joined(now, of));
    }
}

fn sizes(before: &Quality, now: &Quality, changes: &mut Vec<Change>) {
    let (one, other) = (&before.counts, &now.counts);
    for (subject, a, b) in [
        ("rows", one.rows_in, other.rows_in),
        ("people", one.people, other.people),
        ("counts", one.counts, other.counts),
        ("convictions", one.convictions, other.convictions),
    ] {
        if percent(a.abs_diff(b), a.max(1)) >= MOVED {
            changes.push(change("size", subject, number(a), number(b)));
        }
    }
    if before.dates != now.dates {
        let shown = |dates: &Option<[String; 2]>| {
            dates.as_ref().map_or("none".into(), |[first, last]| format!("{first} to {last}"))
        };
        changes.push(change("dates", "first and last", shown(&before.dates), shown(&now.dates)));
    }
}

/// Columns that hold something much more or less often. How many did, and how many of these hold nothing now.
fn columns(before: &Quality, now: &Quality, changes: &mut Vec<Change>) -> (u64, u64) {
    let rows = |quality: &Quality| quality.needed("row");
    let (rows_before, rows_now) = (rows(before), rows(now));
    let filled: BTreeMap<&str, u64> =
        now.columns.iter().map(|column| (column.column.as_str(), column.filled)).collect();
    let (mut held, mut emptied) = (0, 0);
    for column in &before.columns {
        let Some(&other) = filled.get(column.column.as_str()) else { continue };
        held += u64::from(column.filled > 0);
        emptied += u64::from(column.filled > 0 && other == 0 && rows_now > 0);
        let (a, b) = (percent(column.filled, rows_before), percent(other, rows_now));
        if (a - b).abs() >= POINTS || (a > 0.0 && other == 0) || (column.filled == 0 && b > 0.0) {
            let (a, b) = (percent_text(column.filled, rows_before), percent_text(other, rows_now));
            changes.push(change("column", &column.column, format!("{a} filled"), format!("{b} filled")));
        }
    }
    (held, emptied)
}

fn words(before: &Quality, now: &Quality, changes: &mut Vec<Change>) {
    for column in &before.words {
        let Some(other) = now.words.iter().find(|other| other.column == column.column) else { continue };
        let county = column.column == county_column(now);
        let mut told = |one: &[Word], other: &[Word], kind: &str, gone: bool| {
            let known: BTreeSet<&str> = other.iter().map(|word| word.text.as_str()).collect();
            for word in one.iter().filter(|word| !known.contains(word.text.as_str())) {
                if word.rows < ROWS && !county {
                    continue;
                }
                let rows = format!("{} row{}", number(word.rows), if word.rows == 1 { "" } else { "s" });
                let listed = if word.listed { "" } else { " (not in the layout's list)" };
                let subject = format!("{} {}{listed}", column.column, word.text);
                let (before, now) = if gone { (rows, "none".into()) } else { ("none".into(), rows) };
                changes.push(change(kind, &subject, before, now));
            }
        };
        let (gone, new) = if county { ("county_gone", "county_new") } else { ("word_gone", "word_new") };
        told(&column.words, &other.words, gone, true);
        told(&other.words, &column.words, new, false);
    }
}

fn county_column(quality: &Quality) -> &str {
    quality.fields.iter().find(|field| field.field == "county").map_or("", |field| field.column.as_str())
}

/// Defects that became much more or less frequent.
fn defects(before: &Quality, now: &Quality, changes: &mut Vec<Change>) {
    for field in &now.fields {
        let mut kinds: BTreeSet<&str> = field.defects.iter().map(|known| known.defect.as_str()).collect();
        let earlier = before.fields.iter().find(|other| other.field == field.field);
        kinds.extend(earlier.iter().flat_map(|other| &other.defects).map(|known| known.defect.as_str()));
        for kind in kinds {
            let share = |quality: &Quality| (quality.count(&field.field, kind), quality.needed(&field.field));
            let ((a, of_a), (b, of_b)) = (share(before), share(now));
            if (percent(a, of_a) - percent(b, of_b)).abs() >= DEFECT_POINTS && of_a > 0 && of_b > 0 {
                let subject = format!("{} {}", field.column, kind.replace('_', " "));
                changes.push(change("defect", &subject, percent_text(a, of_a), percent_text(b, of_b)));
            }
        }
    }
}
