//! A run from inputs to a finished folder.

use crate::batch::{Done, Hands, Shared};
use crate::bear;
use crate::error::RunError;
use crate::events;
use crate::evidence::{self, Evidence, Verdict};
use crate::folder::{Folder, Output};
use crate::index::Index;
use crate::later;
use crate::manifest::{Counts, InputRecord, Manifest, OutputRecord, PolicyRecord, ProgramRecord};
use crate::ordered::ordered;
use crate::parquet_file::ParquetFile;
use crate::rejects;
use crate::review;
use crate::summary::{Run as RunHead, Summary, Tally};
use crate::table;
use crate::unread::Unread;
use std::path::{Path, PathBuf};
use vacatur_eligibility::Engine;
use vacatur_ingest::doj::{Columns, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::source::{self, Input, Source};
use vacatur_ingest::survey::{Groups, Run, Survey, SurveyError, group, survey};

/// About how many bytes of rows a batch of people has.
const BATCH: u64 = 1 << 20;

/// An output beside the native ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The spreadsheets of the tool that all counties had.
    Bear,
}

/// What is run.
pub struct Job<'j> {
    /// The inputs.
    pub inputs: &'j [PathBuf],
    /// Files of evidence: what people found in other documents.
    pub evidence: &'j [PathBuf],
    /// The folder to make.
    pub out: &'j Path,
    /// The policies, the day, the statutes. The first policy decides; a second says what the statute itself gives.
    pub engine: &'j Engine,
    /// The layout of the inputs.
    pub layout: &'j Layout,
    /// The words in their cells.
    pub words: &'j Words,
    /// Data that reading and deciding rest on, for the manifest: name and bytes.
    pub data: &'j [(&'j str, &'j str)],
    /// Outputs beside the native ones.
    pub formats: &'j [Format],
    /// How many months ahead it is looked who becomes eligible, if at all.
    pub horizon: Option<u32>,
    /// How many threads.
    pub threads: usize,
    /// The program.
    pub program: Program<'j>,
}

/// The program, for the manifest.
#[derive(Clone, Copy, Debug)]
pub struct Program<'p> {
    /// Its version.
    pub version: &'p str,
    /// The BLAKE3 of its file.
    pub blake3: &'p str,
}

/// A part of a run, for those who watch it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Opening and unpacking.
    Opening,
    /// The first pass.
    Survey,
    /// The second pass.
    Decide,
}

impl Phase {
    /// A word that does not change.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Survey => "survey",
            Self::Decide => "decide",
        }
    }
}

/// Somebody who watches a run.
pub trait Progress: Sync {
    /// A part begins; it has so many bytes.
    fn phase(&self, phase: Phase, bytes: u64);
    /// So many more bytes are done.
    fn advance(&self, bytes: u64);
}

/// A finished run.
#[derive(Debug)]
pub struct Decided {
    /// Its folder.
    pub folder: PathBuf,
    /// Its numbers.
    pub summary: Summary,
    /// Its account.
    pub manifest: Manifest,
}

/// Decides every conviction in the inputs and leaves the folder of the run.
///
/// # Errors
/// Inputs that cannot be read or are of another layout, a folder that exists, a full disk. Rows that cannot be used are
/// no error: they are in `rejects.csv`.
pub fn decide(job: &Job<'_>, progress: &dyn Progress) -> Result<Decided, RunError> {
    let layout = job.layout;
    let columns = Columns::of(layout).map_err(|meaning| RunError::Layout {
        layout: layout.name().to_owned(),
        meaning: meaning.to_owned(),
    })?;
    let evidence = Evidence::read(job.evidence, job.engine)?;
    let progress = &events::Logged(progress);
    let mut folder = Folder::create(job.out)?;

    progress.phase(Phase::Opening, 0);
    let (inputs, kept) = keep_standard_input(job.inputs, &mut folder)?;
    let sources = source::open(&inputs, folder.path()).map_err(|error| named(error, kept.as_deref()))?;
    progress.phase(Phase::Survey, sources.iter().map(source::Source::len).sum());
    let mut survey = survey(&sources, layout, job.threads, &|bytes| progress.advance(bytes))
        .map_err(|error| named(error, kept.as_deref()))?;
    if let Some(kept) = &kept {
        let path = kept.display().to_string();
        for source in survey.sources.iter_mut().filter(|source| source.name.starts_with(&path)) {
            source.name = source.name.replacen(&path, "standard input", 1);
        }
    }
    some_rows(&survey)?;
    let names: Vec<String> = survey.sources.iter().map(|source| source.name.clone()).collect();
    let groups = group(&survey.runs);
    let unread = Unread::of(&survey, &groups, &sources, layout, &columns)?;
    let evidence = evidence.after_inputs(names.len());
    let bear = job.formats.contains(&Format::Bear);
    let shared = Shared {
        engine: job.engine,
        layout,
        columns: &columns,
        words: job.words,
        sources: &sources,
        names: &names,
        runs: &survey.runs,
        groups: &groups,
        unread: &unread,
        evidence: &evidence,
        bear,
        horizon: job.horizon,
    };

    progress.phase(Phase::Decide, survey.runs.iter().map(|run| run.bytes).sum());
    let wanted = Wanted { bear, evidence: !evidence.is_none(), horizon: job.horizon.is_some() };
    let mut outputs = Outputs::create(&folder, layout, wanted)?;
    let mut totals = Totals::default();
    let batches = batches(&groups, &survey.runs);
    ordered(
        batches.len(),
        job.threads,
        || Hands::new(&shared),
        |hands, at| hands.batch(batches[at].clone()),
        |done| {
            progress.advance(done.bytes);
            events::batch(&done);
            totals.take(done, &mut outputs)
        },
    )?;
    check_county(job.engine, &totals.tally)?;

    let mut lines: Vec<rejects::Line> = survey.rejects.iter().map(rejects::Line::unread).collect();
    lines.append(&mut totals.rejects);
    let column_names: Vec<&str> = layout.columns().iter().map(|column| column.name.as_str()).collect();
    let rejects = lines.len() as u64;
    let rejects_csv = rejects::csv(&mut lines, &names, &column_names);
    let counts = Counts {
        rows_in: survey.rows() + survey.rejects.len() as u64,
        rows_used: totals.rows_used,
        rejects,
        duplicate_rows: totals.duplicates,
        people: totals.tally.people(),
        people_unnamed: totals.unnamed,
        determinations: totals.tally.determinations(),
        questions: totals.questions,
        changed_by_evidence: totals.changed,
    };
    if counts.rows_in != counts.rows_used + counts.rejects {
        let what = format!(
            "{} rows went in, {} were used and {} rejected",
            counts.rows_in, counts.rows_used, counts.rejects
        );
        return Err(RunError::Stopped { what });
    }

    outputs.close(&mut folder)?;
    let account = evidence.account(totals.verdicts)?;
    if !evidence.is_none() {
        folder.whole(evidence::COPY, &account.copy)?;
        folder.whole("evidence_rejects.csv", &account.rejects)?;
    }
    folder.whole("rejects.csv", &rejects_csv)?;
    folder.whole("people.idx", &totals.index.bytes())?;
    let compiled = &job.engine.policies()[0];
    let policy = compiled.policy();
    folder.whole("policy.md", policy.text().as_bytes())?;
    for (at, (_, text)) in policy.bases().enumerate() {
        folder.whole(&policy_base(at), text.as_bytes())?;
    }
    let as_of = job.engine.setting().as_of;
    let statute = job.engine.policies().get(1);
    if let Some(statute) = statute {
        folder.whole(STATUTE, statute.policy().text().as_bytes())?;
    }
    folder.whole("inputs.json", &places(&inputs, kept.as_deref())?)?;
    let record = PolicyRecord::of(compiled, as_of);
    let head = RunHead {
        policy: policy.heading.id.clone(),
        title: policy.heading.title.clone(),
        policy_hash: policy.hash().digits().to_owned(),
        parameters: record.parameters.iter().cloned().collect(),
        as_of: as_of.to_string(),
        statute: statute.map(|statute| statute.policy().heading.id.clone()),
    };
    let mut summary = totals.tally.finish(head, counts);
    summary.turns = totals.turns.finish();
    folder.whole("summary.json", &json(&summary)?)?;
    folder.whole("summary.txt", summary.text().as_bytes())?;
    let manifest = Manifest {
        program: ProgramRecord {
            version: job.program.version.to_owned(),
            blake3: job.program.blake3.to_owned(),
        },
        policy: record,
        statute: statute.map(|statute| PolicyRecord::of(statute, as_of)),
        horizon_months: job.horizon,
        as_of: as_of.to_string(),
        data: job
            .data
            .iter()
            .map(|(name, text)| ((*name).to_owned(), blake3::hash(text.as_bytes()).to_hex().to_string()))
            .collect(),
        inputs: survey.sources.iter().map(InputRecord::of).collect(),
        evidence: account.files,
        counts,
        outputs: folder
            .written()
            .into_iter()
            .filter(|file| file.name != "inputs.json")
            .map(|file| OutputRecord { name: file.name, bytes: file.bytes, blake3: file.blake3 })
            .collect(),
    };
    folder.whole("manifest.json", &json(&manifest)?)?;
    unchanged(&sources)?;
    drop(sources);
    let folder = folder.finish()?;
    events::finished(&manifest.counts);
    Ok(Decided { folder, summary, manifest })
}

/// Standard input can be read once, but a determination is explained from its rows: it is kept in the run's folder.
/// The path of the copy comes with the inputs.
fn keep_standard_input(
    inputs: &[PathBuf],
    folder: &mut Folder,
) -> Result<(Vec<Input>, Option<PathBuf>), RunError> {
    let mut opened = Vec::with_capacity(inputs.len());
    let mut kept: Option<PathBuf> = None;
    for path in inputs {
        match Input::named(path) {
            Input::Stdin if kept.is_some() => {}
            Input::Stdin => {
                let mut file = folder.file(STANDARD_INPUT)?;
                let path = file.path().to_owned();
                std::io::copy(&mut std::io::stdin().lock(), &mut file)
                    .map_err(RunError::write(&path, "keeping standard input"))?;
                folder.close(file)?;
                opened.push(Input::Path(path.clone()));
                kept = Some(path);
            }
            input => opened.push(input),
        }
    }
    Ok((opened, kept))
}

/// An error about an input; the copy of standard input is named as what it is.
fn named<E: std::fmt::Display + Into<RunError>>(error: E, kept: Option<&Path>) -> RunError {
    let text = error.to_string();
    match kept.map(|kept| kept.display().to_string()).filter(|kept| text.contains(kept)) {
        Some(kept) => RunError::StandardInput { what: text.replace(&kept, "standard input") },
        None => error.into(),
    }
}

/// A file of which not one line is a row is something else than an extract.
fn some_rows(survey: &Survey) -> Result<(), RunError> {
    let Some((at, source)) = survey.sources.iter().enumerate().find(|(_, source)| {
        source.rows == 0 && source.rejects > 0 && !source.header && source.duplicate_of.is_none()
    }) else {
        return Ok(());
    };
    let first = survey.rejects.iter().find(|reject| reject.source as usize == at);
    let reason = first.map(|reject| format!("line {}: {}", reject.line, reject.reason)).unwrap_or_default();
    Err(RunError::NoRows { input: source.name.clone(), lines: source.rejects, reason })
}

/// A file that grew or was written to while it was read is not the file that the folder would be about.
fn unchanged(sources: &[Source]) -> Result<(), RunError> {
    for source in sources {
        let name = source.name().to_owned();
        match source.has_changed() {
            Ok(false) => {}
            Ok(true) => return Err(SurveyError::Changed { name }.into()),
            Err(error) => return Err(SurveyError::Read { name, error }.into()),
        }
    }
    Ok(())
}

/// The copy of the document that says what the statute itself gives.
pub(crate) const STATUTE: &str = "statute.md";

/// The copy of a document that the policy builds on, by its number from 0.
pub(crate) fn policy_base(at: usize) -> String {
    format!("policy-base-{}.md", at + 1)
}

/// The copy of standard input in a run's folder.
pub(crate) const STANDARD_INPUT: &str = "standard-input";

/// Where the inputs are, for `explain`: an absolute path, or nothing for the copy of standard input. It stands apart
/// from the manifest, which must not depend on places.
fn places(inputs: &[Input], kept: Option<&Path>) -> Result<Vec<u8>, RunError> {
    let places: Vec<Option<String>> = inputs
        .iter()
        .map(|input| match input {
            Input::Path(path) if Some(path.as_path()) != kept => {
                Some(std::path::absolute(path).unwrap_or_else(|_| path.clone()).display().to_string())
            }
            _ => None,
        })
        .collect();
    json(&places)
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, RunError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| RunError::Stopped {
        what: format!("a record cannot be written as JSON ({error})"),
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// People in batches of about the same number of bytes.
fn batches(groups: &Groups, runs: &[Run]) -> Vec<std::ops::Range<usize>> {
    let mut batches = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (at, group) in groups.iter().enumerate() {
        bytes +=
            group.runs.iter().filter_map(|&run| runs.get(run as usize)).map(|run| run.bytes).sum::<u64>();
        if bytes >= BATCH {
            batches.push(start..at + 1);
            (start, bytes) = (at + 1, 0);
        }
    }
    if start < groups.len() {
        batches.push(start..groups.len());
    }
    batches
}

/// A county that is in none of the rows is a slip of the pen, not an empty result. Only counties of the jurisdiction are
/// named back: what else stands in that column may be anything.
fn check_county(engine: &Engine, tally: &Tally) -> Result<(), RunError> {
    let Some(county) = engine.policies().first().and_then(|policy| policy.county()) else { return Ok(()) };
    let known = &engine.setting().counties;
    let normal = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
    let mut seen: Vec<(String, u64)> = Vec::new();
    let mut any = false;
    for (name, number) in tally.counties() {
        let name = normal(name);
        if name == county {
            return Ok(());
        }
        any |= !name.is_empty();
        match seen.iter_mut().find(|(other, _)| *other == name) {
            Some((_, total)) => *total += number,
            None if known.contains(&name) => seen.push((name, *number)),
            None => {}
        }
    }
    // A file that names no county at all leaves every county open; a county that does not exist is a slip all the same.
    if !any && known.iter().any(|name| name == county) {
        return Ok(());
    }
    seen.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let names = seen.iter().map(|(name, _)| name.as_str());
    let near = vacatur_policy::nearest(county, names)
        .or_else(|| {
            vacatur_policy::nearest(county, known.iter().map(String::as_str)).filter(|_| seen.is_empty())
        })
        .map(str::to_owned);
    let seen = seen.into_iter().take(10).map(|(name, _)| name).collect();
    Err(RunError::County { county: county.to_owned(), near, seen })
}

/// Which files a run has beside those that every run has.
#[derive(Clone, Copy)]
struct Wanted {
    bear: bool,
    evidence: bool,
    horizon: bool,
}

/// The files that grow with the run.
struct Outputs {
    csv: Output,
    parquet: ParquetFile,
    horizon: Option<Output>,
    review: Output,
    effects: Option<Output>,
    bear: Vec<Output>,
}

impl Outputs {
    fn create(folder: &Folder, layout: &Layout, wanted: Wanted) -> Result<Self, RunError> {
        let mut csv = folder.file("determinations.csv")?;
        csv.put(&table::header())?;
        let parquet = ParquetFile::new(folder.file("determinations.parquet")?)?;
        let mut questions = folder.file("review.csv")?;
        questions.put(&review::header(&review::REVIEW))?;
        let (mut effects, mut horizon) = (None, None);
        if wanted.horizon {
            let mut file = folder.file("horizon.csv")?;
            file.put(&later::header())?;
            horizon = Some(file);
        }
        if wanted.evidence {
            let mut file = folder.file("evidence_effects.csv")?;
            file.put(&review::header(&review::EFFECTS))?;
            effects = Some(file);
        }
        let mut spreadsheets = Vec::new();
        if wanted.bear {
            let full = bear::header(layout.columns().iter().map(|column| column.name.as_str()));
            let condensed = bear::header(bear::CONDENSED.into_iter());
            for (name, header) in bear::FILES.into_iter().zip([&full, &condensed, &full]) {
                let mut file = folder.file(name)?;
                file.put(header)?;
                spreadsheets.push(file);
            }
        }
        Ok(Self { csv, parquet, horizon, review: questions, effects, bear: spreadsheets })
    }

    fn close(self, folder: &mut Folder) -> Result<(), RunError> {
        folder.close(self.csv)?;
        folder.close(self.parquet.finish()?)?;
        folder.close(self.review)?;
        for file in [self.horizon, self.effects].into_iter().flatten() {
            folder.close(file)?;
        }
        for file in self.bear {
            folder.close(file)?;
        }
        Ok(())
    }
}

/// What has been taken from the batches.
#[derive(Default)]
struct Totals {
    tally: Tally,
    rejects: Vec<rejects::Line>,
    index: Index,
    rows_used: u64,
    duplicates: u64,
    unnamed: u64,
    turns: later::Months,
    questions: u64,
    changed: u64,
    verdicts: Vec<(u32, Verdict)>,
}

impl Totals {
    fn take(&mut self, done: Done, outputs: &mut Outputs) -> Result<(), RunError> {
        let Done { mut rows, bear, review, effects, later, .. } = done;
        let columns = std::mem::take(&mut rows.columns);
        let text = |table: review::Table| {
            table.into_inner().map_err(|error| RunError::Stopped { what: error.to_string() })
        };
        outputs.csv.put(&text(rows.csv)?)?;
        outputs.parquet.add(columns, rows.rows)?;
        outputs.review.put(&text(review)?)?;
        if let Some(file) = &mut outputs.effects {
            file.put(&text(effects)?)?;
        }
        if let Some(file) = &mut outputs.horizon {
            file.put(&text(later)?)?;
        }
        for (file, bytes) in outputs.bear.iter_mut().zip(bear) {
            file.put(&bytes)?;
        }
        self.turns.add(done.turns);
        self.tally.add(done.tally);
        self.rejects.extend(done.rejects);
        for person in &done.found {
            self.index.add(person);
        }
        self.rows_used += done.rows_used;
        self.duplicates += done.duplicates;
        self.unnamed += done.unnamed;
        self.questions += done.questions;
        self.changed += done.changed;
        self.verdicts.extend(done.verdicts);
        Ok(())
    }
}
