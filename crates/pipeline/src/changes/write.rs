//! The lines of `changes.csv`.

use super::gather::Table;
use super::group::{Pair, Side, Why};
use super::{Because, Change, Number};
use crate::error::RunError;
use crate::folder::{Folder, Output};
use crate::index::{Reader, key};
use crate::since::records;
use crate::spreadsheet::write_record;
use csv::StringRecord;
use std::collections::BTreeMap;
use vacatur_ingest::sorter::Sorter;
use vacatur_ingest::source::read_exact_at;

/// The file's name.
pub(crate) const NAME: &str = "changes.csv";

/// The columns.
pub(crate) const COLUMNS: [&str; 15] = [
    "subject_id",
    "cnt_order",
    "section",
    "county",
    "case_number",
    "change",
    "outcome_before",
    "outcome",
    "relief_before",
    "relief",
    "reason_before",
    "reason",
    "missing_before",
    "missing",
    "why",
];

/// The word for a conviction that was there and not decided.
const OUT_OF_SCOPE: &str = crate::batch::OUT_OF_SCOPE;

/// How many bytes of lines are held before they are written.
const HELD: usize = 1 << 18;

/// Writes the lines in order, and returns how many there are of each change. `settings` says in words which settings are
/// not the same; `index` is that of this run.
pub(super) fn write(
    settings: &str,
    pairs: Sorter<Pair>,
    (before, now): (&Table, &Table),
    index: &Reader,
    folder: &mut Folder<'_>,
) -> Result<Vec<Number>, RunError> {
    let path = folder.path().join(NAME);
    let mut out = folder.file(NAME)?;
    let mut lines = csv::WriterBuilder::new().from_writer(Vec::new());
    let mut numbers: BTreeMap<(Change, u16), u64> = BTreeMap::new();
    // Writing to memory cannot fail.
    let _ = lines.write_record(COLUMNS);
    for pair in pairs.finish().map_err(RunError::write(&path, "sorting"))? {
        let pair = pair.map_err(RunError::write(&path, "sorting"))?;
        let (old, new) = (cells(before, pair.before)?, cells(now, pair.now)?);
        let mut why = pair.why;
        if why.has(Why::NOBODY) {
            // The state may have given the person another number.
            let cii = old.as_ref().and_then(|cells| cells.get(before.heading.cii)).unwrap_or_default();
            if !cii.is_empty() && !index.of_key(key(cii.as_bytes()))?.is_empty() {
                why = why.and(Why::SAME_CII);
            }
        }
        let shown = match (&new, &old) {
            (Some(new), _) => Some((new, &now.heading)),
            (None, Some(old)) => Some((old, &before.heading)),
            (None, None) => None,
        };
        let Some((shown, heading)) = shown else { continue };
        let cell = |at: usize| shown.get(at).unwrap_or_default();
        let outcome = |cells: &Option<StringRecord>, side: Side, at: usize| match (cells, side) {
            (Some(cells), _) => cells.get(at).unwrap_or_default().to_owned(),
            (None, Side::OutOfScope) => OUT_OF_SCOPE.to_owned(),
            (None, _) => String::new(),
        };
        let of = |cells: &Option<StringRecord>, at: usize| outcome(cells, Side::Nothing, at);
        let cells: [&str; 15] = [
            cell(heading.subject),
            cell(heading.order),
            cell(heading.section),
            cell(heading.county),
            cell(heading.case_number),
            pair.change.word(),
            &outcome(&old, pair.before, before.heading.outcome),
            &outcome(&new, pair.now, now.heading.outcome),
            &of(&old, before.heading.relief),
            &of(&new, now.heading.relief),
            &of(&old, before.heading.reason),
            &of(&new, now.heading.reason),
            &of(&old, before.heading.missing),
            &of(&new, now.heading.missing),
            &words(why, settings),
        ];
        write_record(&mut lines, cells);
        *numbers.entry((pair.change, why.0)).or_default() += 1;
        if lines.get_ref().len() >= HELD {
            set_down(&mut lines, &mut out)?;
        }
    }
    set_down(&mut lines, &mut out)?;
    folder.close(out)?;
    Ok(Change::ALL
        .into_iter()
        .map(|change| {
            let own = numbers.range((change, 0)..=(change, u16::MAX));
            let mut why: Vec<Because> = own
                .map(|((_, why), number)| Because { why: words(Why(*why), settings), number: *number })
                .collect();
            why.sort_by(|one, next| next.number.cmp(&one.number).then_with(|| one.why.cmp(&next.why)));
            let number = why.iter().map(|because| because.number).sum();
            Number { change: change.word().to_owned(), number, why }
        })
        .collect())
}

/// Everything that has changed, joined by `; `.
fn words(why: Why, settings: &str) -> String {
    let own = Why::WORDS.iter().filter(|(one, _)| why.has(*one)).map(|(_, words)| *words);
    let settings = Some(settings).filter(|_| why.has(Why::SETTINGS));
    own.chain(settings).collect::<Vec<_>>().join("; ")
}

/// The cells of a line.
fn cells(table: &Table, side: Side) -> Result<Option<StringRecord>, RunError> {
    let Side::Line { at, bytes } = side else { return Ok(None) };
    let mut line = vec![0; bytes as usize];
    let broken = || RunError::Stopped { what: "a line of determinations.csv cannot be read again".into() };
    read_exact_at(&table.file, &mut line, at).map_err(|_| broken())?;
    records(&line).and_then(|mut records| records.pop()).map(Some).ok_or_else(broken)
}

/// Moves what is held to the file.
fn set_down(lines: &mut csv::Writer<Vec<u8>>, out: &mut Output) -> Result<(), RunError> {
    let full = std::mem::replace(lines, csv::WriterBuilder::new().from_writer(Vec::new()));
    let bytes = full.into_inner().map_err(|error| RunError::Stopped { what: error.to_string() })?;
    out.put(&bytes)
}
