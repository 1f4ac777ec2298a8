//! One person of a finished comparison, found again and explained under every candidate.

use super::record::{CompareManifest, SCHEMA};
use crate::error::RunError;
use crate::evidence::{self, Evidence};
use crate::explain::place;
use crate::finding::Finding;
use crate::finished::{INPUTS, MANIFEST, document_of, is_plain_name};
use crate::manifest::{InputRecord, PolicyRecord};
use serde::Serialize;
use std::path::{Path, PathBuf};
use vacatur_eligibility::{Account, Compiled, Engine, Setting};
use vacatur_ingest::doj::{Assembler, Columns, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::rows::{Block, Row};
use vacatur_ingest::source::{self, Input};
use vacatur_ingest::survey::survey_into;
use vacatur_records::{Column, FileIx, Place, Seen, Text};
use vacatur_statutes::Statutes;

/// What is asked.
pub struct AskedAgain<'a> {
    /// The folder of the comparison.
    pub folder: &'a Path,
    /// The subject number or CII number.
    pub person: &'a str,
    /// One count; all that any candidate decides if absent.
    pub count: Option<&'a str>,
    /// Where the inputs are now, if not where they were.
    pub inputs: Option<&'a Path>,
    /// Where working files may stand.
    pub scratch: &'a Path,
    /// The layout of the inputs.
    pub layout: &'a Layout,
    /// The words in their cells.
    pub words: &'a Words,
    /// The statute tables.
    pub statutes: Statutes,
    /// The counties.
    pub counties: Vec<String>,
    /// How many threads.
    pub threads: usize,
}

/// A count under every candidate.
#[derive(Debug, Serialize)]
pub struct Explained {
    /// The count, by its twelve digits.
    pub count: String,
    /// What each candidate says of it, in the order of their numbers: its label, and the account, or nothing if the count is
    /// not in its scope.
    pub accounts: Vec<(String, Option<Account>)>,
}

/// Evaluates a person of a comparison again. The inputs are read once from beginning to end: a comparison keeps no index, and
/// lines that could not be read may be anybody's.
///
/// # Errors
/// A folder that is no comparison, an input that has gone or changed, a person or count that is not there.
pub fn explain_compared(asked: AskedAgain<'_>) -> Result<Vec<Explained>, RunError> {
    let manifest = open(asked.folder)?;
    let engine = engine(asked.folder, &manifest, asked.statutes, asked.counties)?;
    let broken = |what: String| RunError::NotARun { path: asked.folder.to_owned(), what };
    let evidence = match manifest.evidence.as_slice() {
        [] => Evidence::default(),
        files => {
            let bytes = listed(asked.folder, &manifest, evidence::COPY)?;
            Evidence::of_run(&bytes, files, &engine, manifest.inputs.len() as u32).map_err(broken)?
        }
    };
    let columns = Columns::of(asked.layout).map_err(|meaning| RunError::Layout {
        layout: asked.layout.name().to_owned(),
        meaning: meaning.to_owned(),
    })?;
    let paths = inputs(asked.folder, asked.inputs, &manifest)?;
    let opened: Vec<Input> = paths.into_iter().map(Input::Path).collect();
    let sources = source::open(&opened, asked.scratch)?;
    let mut finding = Finding::new(&sources, asked.layout, &columns, asked.scratch);
    let about = survey_into(&sources, asked.layout, asked.threads, &|_| {}, &mut finding)?;
    let now: Vec<InputRecord> = about.iter().map(InputRecord::of).collect();
    let other = now.iter().zip(&manifest.inputs).find(|(now, then)| now.blake3 != then.blake3);
    if let Some((now, _)) = other {
        return Err(gone(&now.name, "it is not the file that was compared"));
    }
    if now.len() != manifest.inputs.len() {
        return Err(broken(format!(
            "{} inputs were compared, and {} are there",
            manifest.inputs.len(),
            now.len()
        )));
    }
    let found = finding.finish(asked.scratch, &|_| {})?;
    let wanted = asked.person.trim().as_bytes();
    let assembler = Assembler::new(&columns, asked.words);
    let mut worker = engine.worker();
    let mut block = Block::new(asked.layout);
    let (mut explained, mut known, mut anybody) = (Vec::new(), Vec::new(), false);
    for batch in found.batches {
        let batch = batch?;
        batch.load(&sources, &mut block)?;
        let mut at = 0;
        for group in &batch.people {
            let own = at..at + group.runs.len();
            at = own.end;
            let all: Vec<Row<'_>> = own.flat_map(|run| block.run_rows(run)).collect();
            for rows in crate::batch::by_subject(&all, asked.layout.subject()) {
                let subject = rows.first().map_or(&[][..], |row| row.field(asked.layout.subject()));
                let named = !subject.is_empty() && Text::of(subject).as_str().trim().as_bytes() == wanted;
                let mut numbers = rows.iter().map(|row| row.field(columns.cii()));
                if !named && !numbers.any(|cii| Text::of(cii).as_str().trim().as_bytes() == wanted) {
                    continue;
                }
                anybody = true;
                let ciis = rows.iter().map(|row| row.field(columns.cii()));
                let mut rejected = found.unread.of_person(group.subject, ciis)?;
                if group.subject.is_none() {
                    rejected.extend(rows.iter().map(|row| Place {
                        file: FileIx(row.source()),
                        line: row.line(),
                        column: None,
                    }));
                    rejected.sort_unstable();
                    rejected.dedup();
                }
                let mut person = assembler.assemble(Text::of(subject), &rows, rejected, &mut Vec::new());
                let lines = evidence.about(Text::of(subject).as_str().as_bytes());
                if !lines.is_empty() {
                    worker.take_evidence(&mut person, &evidence.testimonies(lines));
                }
                let prepared = worker.prepare(&person);
                let place_of = |seen: Seen| {
                    let row = person.rows.get(seen.row.at()).filter(|_| seen.column == Column::Evidence);
                    row.and_then(|row| evidence.place(&manifest.evidence, row))
                        .unwrap_or_else(|| place(seen, &person, &manifest.inputs, &columns, asked.layout))
                };
                let mut decided = vec![Vec::new(); engine.policies().len()];
                for (policy, all) in decided.iter_mut().enumerate() {
                    worker.determine(&prepared, policy, |one| all.push(one));
                }
                for (at, count) in person.counts.iter().enumerate() {
                    if !decided.iter().flatten().any(|one| one.count as usize == at) {
                        continue;
                    }
                    let order = count.order.to_string();
                    known.push(order.clone());
                    if asked.count.is_some_and(|count| count != order) {
                        continue;
                    }
                    let account = |(policy, all): (usize, &Vec<_>)| {
                        let one = vacatur_eligibility::Determination::of_count(all, at as u32)?;
                        Some(Account::new(&worker, &prepared, policy, one, &place_of))
                    };
                    let labels = manifest.candidates.iter().map(|one| one.label.clone());
                    let accounts = labels.zip(decided.iter().enumerate().map(account)).collect();
                    explained.push(Explained { count: order, accounts });
                }
            }
        }
    }
    if !anybody {
        return Err(RunError::NoSuchPerson);
    }
    if explained.is_empty() {
        return Err(RunError::NoSuchCount { count: asked.count.unwrap_or("at all").to_owned(), known });
    }
    Ok(explained)
}

fn gone(input: &str, what: &str) -> RunError {
    RunError::InputGone { input: input.to_owned(), what: what.to_owned() }
}

/// The manifest of a comparison.
fn open(folder: &Path) -> Result<CompareManifest, RunError> {
    let broken = |what: String| RunError::NotARun { path: folder.to_owned(), what };
    let bytes =
        std::fs::read(folder.join(MANIFEST)).map_err(|error| broken(format!("{MANIFEST}: {error}")))?;
    let value: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| broken(format!("{MANIFEST}: {error}")))?;
    if value.get("schema").and_then(serde_json::Value::as_str) != Some(SCHEMA) {
        return Err(broken(format!("{MANIFEST} is not that of a comparison; `vacatur explain` is for runs")));
    }
    serde_json::from_value(value).map_err(|error| broken(format!("{MANIFEST}: {error}")))
}

/// A file of the folder, as the manifest lists it.
fn listed(folder: &Path, manifest: &CompareManifest, name: &str) -> Result<Vec<u8>, RunError> {
    let broken = |what: String| RunError::NotARun { path: folder.to_owned(), what };
    if !is_plain_name(name) {
        return Err(broken(format!("{MANIFEST} names `{name}`, which is no name of a file in it")));
    }
    let bytes = std::fs::read(folder.join(name)).map_err(|error| broken(format!("{name}: {error}")))?;
    let hash = blake3::hash(&bytes).to_hex();
    if !manifest.outputs.iter().any(|output| output.name == name && output.blake3 == hash.as_str()) {
        return Err(broken(format!("{name} is not the file that the manifest names")));
    }
    Ok(bytes)
}

/// The candidates, from the documents in the folder.
fn engine(
    folder: &Path,
    manifest: &CompareManifest,
    statutes: Statutes,
    counties: Vec<String>,
) -> Result<Engine, RunError> {
    let broken = |what: String| RunError::NotARun { path: folder.to_owned(), what };
    let as_of = manifest.as_of.parse();
    let as_of = as_of.map_err(|_| broken(format!("{MANIFEST}: `{}` is no date", manifest.as_of)))?;
    let read = |name: &str| -> Result<String, RunError> {
        String::from_utf8(listed(folder, manifest, name)?)
            .map_err(|_| broken(format!("{name} is not UTF-8 text")))
    };
    let compile =
        |file: &str, record: &PolicyRecord, bases: &[(String, String)]| -> Result<Compiled, RunError> {
            let mut texts: Vec<(&str, String)> = Vec::new();
            for (name, file) in bases {
                texts.push((name, read(file)?));
            }
            document_of(file, &read(file)?, record, &texts, &statutes).map_err(broken)
        };
    let mut policies = Vec::new();
    for one in &manifest.candidates {
        policies.push(compile(&one.document, &one.policy, &one.bases)?);
    }
    Ok(Engine::new(statutes, policies, Setting { as_of, counties }))
}

/// Where the inputs are.
fn inputs(folder: &Path, moved: Option<&Path>, manifest: &CompareManifest) -> Result<Vec<PathBuf>, RunError> {
    let broken = |what: String| RunError::NotARun { path: folder.to_owned(), what };
    let text = std::fs::read(folder.join(INPUTS)).map_err(|error| broken(format!("{INPUTS}: {error}")))?;
    let places: Vec<Option<String>> =
        serde_json::from_slice(&text).map_err(|error| broken(format!("{INPUTS}: {error}")))?;
    let mut paths = Vec::with_capacity(places.len());
    for (place, input) in places.iter().zip(&manifest.inputs) {
        let Some(was) = place else {
            return Err(gone(&input.name, "it came through standard input and was not kept"));
        };
        let was = Path::new(was);
        let path = match moved {
            Some(folder) => folder.join(was.file_name().unwrap_or(was.as_os_str())),
            None => was.to_owned(),
        };
        if !path.exists() {
            return Err(gone(&path.display().to_string(), "the input of this comparison is not there"));
        }
        paths.push(path);
    }
    Ok(paths)
}
