//! Finds one person of a finished run again and shows how each count was decided.

use crate::batch::hash_of;
use crate::error::RunError;
use crate::finished::{Finished, runs};
use crate::index::{self, key};
use crate::manifest::InputRecord;
use std::path::Path;
use vacatur_eligibility::{Account, Determination, OFFICE};
use vacatur_ingest::doj::{Assembler, Columns, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::rows::{Block, Row};
use vacatur_records::{Column, Seen, Text};
use vacatur_statutes::Statutes;

/// What is asked.
pub struct Asked<'a> {
    /// The folder of the run.
    pub run: &'a Path,
    /// The subject number or CII number.
    pub person: &'a str,
    /// One count; all that were decided if absent.
    pub count: Option<&'a str>,
    /// Where the inputs are now, if not where they were.
    pub inputs: Option<&'a Path>,
    /// The layout of the inputs.
    pub layout: &'a Layout,
    /// The words in their cells.
    pub words: &'a Words,
    /// The statute tables.
    pub statutes: Statutes,
    /// The counties.
    pub counties: Vec<String>,
}

/// The answer.
#[derive(Debug)]
pub struct Explained {
    /// One account for each count.
    pub accounts: Vec<Account>,
    /// What the reader should know: another version of the program, for one.
    pub remarks: Vec<String>,
}

/// Evaluates a person of a run again, with the policy and the day of that run.
///
/// # Errors
/// A folder that is no run, an input that has gone or changed, a person or count that is not there.
pub fn explain(asked: Asked<'_>) -> Result<Explained, RunError> {
    let run = Finished::open(asked.run)?;
    let manifest = &run.manifest;
    let persons = index::find(asked.run, key(asked.person.trim().as_bytes()))?;
    if persons.is_empty() {
        return Err(RunError::NoSuchPerson);
    }
    let engine = run.engine(asked.statutes, asked.counties)?;
    let evidence = run.evidence(&engine)?;
    let sources = run.sources(asked.inputs, &std::env::temp_dir())?;
    let remarks = run.version_remark().into_iter().collect();
    let columns = Columns::of(asked.layout).map_err(|meaning| RunError::Layout {
        layout: asked.layout.name().to_owned(),
        meaning: meaning.to_owned(),
    })?;
    let assembler = Assembler::new(&columns, asked.words);
    let mut accounts = Vec::new();
    let mut known = Vec::new();
    for found in &persons {
        let (runs, unread) = runs(found, &sources)?;
        let mut block = Block::new(asked.layout);
        block.load(&sources, &runs)?;
        let rows: Vec<Row<'_>> = block.rows().collect();
        if hash_of(&rows) != found.marks.rows {
            let input =
                found.stretches.first().and_then(|stretch| manifest.inputs.get(stretch.source as usize));
            let input = input.map(|input| input.name.clone()).unwrap_or_default();
            return Err(RunError::InputGone {
                input,
                what: "the rows of this person have changed since the run".into(),
            });
        }
        let subject = rows.first().map_or(&[][..], |row| row.field(asked.layout.subject()));
        let mut person = assembler.assemble(Text::of(subject), &rows, unread, &mut Vec::new());
        let mut worker = engine.worker();
        let told = evidence.testimonies(evidence.about(Text::of(subject).as_str().as_bytes()));
        if !told.is_empty() {
            worker.take_evidence(&mut person, &told);
        }
        let prepared = worker.prepare(&person);
        let mut determinations = Vec::new();
        worker.determine(&prepared, OFFICE, |determination| determinations.push(determination));
        let mut statute = Vec::new();
        if let Some(policy) = engine.statute() {
            worker.determine(&prepared, policy, |determination| statute.push(determination));
        }
        let place_of = |seen: Seen| {
            let row = person.rows.get(seen.row.at()).filter(|_| seen.column == Column::Evidence);
            row.and_then(|row| evidence.place(&manifest.evidence, row))
                .unwrap_or_else(|| place(seen, &person, &manifest.inputs, &columns, asked.layout))
        };
        for determination in &determinations {
            let order = person.counts[determination.count as usize].order.to_string();
            if asked.count.is_none_or(|count| count == order) {
                let mut account =
                    Account::new(&worker, &prepared, determination.policy(), determination, &place_of);
                let beside = Determination::of_count(&statute, determination.count);
                account.statute = beside.map(|found| {
                    Box::new(Account::new(&worker, &prepared, found.policy(), found, &place_of))
                });
                if determination.asked_every_county() {
                    account.remarks.push(every_county(determination));
                }
                accounts.push(account);
            }
            known.push(order);
        }
    }
    if accounts.is_empty() {
        return Err(RunError::NoSuchCount { count: asked.count.unwrap_or("at all").to_owned(), known });
    }
    Ok(Explained { accounts, remarks })
}

/// What is to be known of an account of a count whose county is unknown.
fn every_county(determination: &Determination<'_>) -> String {
    let asked = "it cannot be read of which county this count is, so the policy of every county was asked";
    match (determination.decision().deciding, &*determination.decided_by()) {
        (Some(_), ids) => {
            format!("{asked}, and all come to the same ({ids}); the rules below are of the first of them")
        }
        (None, _) => format!("{asked}, and they do not come to the same; the rules below are of one of them"),
    }
}

/// A cell in words: `input.csv, line 7, column 15 PRI_DOB`.
pub(crate) fn place(
    seen: Seen,
    person: &vacatur_records::Person<'_>,
    inputs: &[InputRecord],
    columns: &Columns,
    layout: &Layout,
) -> String {
    let Some(row) = person.rows.get(seen.row.at()) else { return "no row".into() };
    let name = inputs.get(row.file.at()).map_or("", |input| input.name.as_str());
    let name = Path::new(name)
        .file_name()
        .map_or_else(|| name.to_owned(), |name| name.to_string_lossy().into_owned());
    let column = columns.number(seen.column).filter(|_| seen.column != Column::Row);
    match column.and_then(|column| Some((column, layout.columns().get(column)?))) {
        Some((number, column)) => format!("{name}, line {}, column {} {}", row.line, number + 1, column.name),
        None => format!("{name}, line {}", row.line),
    }
}
