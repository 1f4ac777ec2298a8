//! The written files, read again and held against the run.

use super::Options;
use super::classes::{self, Levels};
use super::columns::Table;
use super::error::ExtractError;
use super::write::{CSV, PARQUET};
use std::collections::BTreeMap;
use std::path::Path;

/// Rows by all their words, the outcome last.
type Counted = BTreeMap<Vec<String>, u64>;

/// Counts the rows of both files, and the people of the run anew: every combination that is written must be of `k` people at least, and
/// have all their rows.
pub(crate) fn check(
    run: &Path,
    dir: &Path,
    options: &Options,
    levels: &Levels,
    names: &[&str],
) -> Result<(), ExtractError> {
    let written = of_csv(&dir.join(CSV))?;
    let failed = |what: &str| Err(ExtractError::Failed { what: what.into() });
    if written != of_parquet(&dir.join(PARQUET), names)? {
        return failed("the CSV file and the Parquet file differ");
    }
    let mut found: BTreeMap<&[String], BTreeMap<&str, u64>> = BTreeMap::new();
    for (words, rows) in &written {
        let Some((outcome, class)) = words.split_last() else { return failed("a row is empty") };
        found.entry(class).or_default().insert(outcome, *rows);
    }
    let counted = classes::count(run, options, levels)?;
    for (class, outcomes) in found {
        let Some(there) = counted.get(class) else { return failed("a combination is not in the run") };
        if there.people < options.k {
            return failed("a combination is of too few people");
        }
        if !there.outcomes.iter().map(|(outcome, rows)| (outcome.as_str(), *rows)).eq(outcomes) {
            return failed("a combination has not the rows that it has in the run");
        }
    }
    Ok(())
}

fn of_csv(path: &Path) -> Result<Counted, ExtractError> {
    let mut counted = Counted::new();
    let mut reader = csv::Reader::from_path(path).map_err(ExtractError::unreadable(path))?;
    for record in reader.records() {
        let record = record.map_err(ExtractError::unreadable(path))?;
        *counted.entry(record.iter().map(str::to_owned).collect()).or_default() += 1;
    }
    Ok(counted)
}

fn of_parquet(path: &Path, names: &[&str]) -> Result<Counted, ExtractError> {
    let mut counted = Counted::new();
    let mut table = Table::open(path, names)?;
    while table.next()? {
        let words = (0..names.len()).map(|at| table.text(at).to_owned()).collect();
        *counted.entry(words).or_default() += 1;
    }
    Ok(counted)
}
