//! A run from inputs to a finished folder.

use crate::batch::{Hands, Shared};
use crate::changes::{self, Changes, Compared};
use crate::checkpoint::{self, Checkpoint};
use crate::counties;
use crate::error::RunError;
use crate::events;
use crate::evidence::{self, Evidence};
use crate::finding::Finding;
use crate::folder::Folder;
use crate::index;
use crate::manifest::{
    CountiesRecord, Counts, InputRecord, Manifest, OutputRecord, PolicyRecord, ProgramRecord,
};
use crate::outputs::{Outputs, Totals, Wanted};
use crate::rejects;
use crate::sealed::Recipients;
use crate::since::Since;
use crate::summary::{Run as RunHead, Summary, Tally};
use crate::verify::same_inputs;
use std::path::{Path, PathBuf};
use vacatur_eligibility::Engine;
use vacatur_ingest::doj::{Columns, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::ordered::ordered;
use vacatur_ingest::source::{self, Input, Source};
use vacatur_ingest::survey::{SurveyError, survey_into};

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
    /// Those to whom every file of the folder is encrypted, if it is to be.
    pub recipients: Option<&'j Recipients>,
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
    /// The folder of the run before, to compare with and to carry over from what has not changed.
    pub since: Option<&'j Path>,
    /// How many threads.
    pub threads: usize,
    /// Whether to go on with a run that was interrupted, if there is one.
    pub resume: bool,
    /// After how many bytes of rows a checkpoint is left. It changes nothing in the outputs.
    pub checkpoint_every: u64,
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
    /// Copying scattered rows so that those of a person stand together, where that is needed.
    Gather,
    /// The second pass.
    Decide,
    /// Comparing with the run before.
    Compare,
    /// Reading the cases in which relief is granted.
    Docket,
    /// Writing papers for the court.
    Papers,
    /// Reading who is in a file.
    Identities,
    /// Finding out who is who.
    Link,
    /// Comparing the cases of both files.
    Reconcile,
    /// The files of a finished run are looked at.
    Check,
    /// The files of a finished run are decrypted.
    Decrypt,
}

impl Phase {
    /// A word that does not change.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Survey => "survey",
            Self::Gather => "gather",
            Self::Decide => "decide",
            Self::Compare => "compare",
            Self::Docket => "docket",
            Self::Papers => "papers",
            Self::Identities => "identities",
            Self::Link => "link",
            Self::Reconcile => "reconcile",
            Self::Check => "check",
            Self::Decrypt => "decrypt",
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
    /// What differs from the run before, if one was named.
    pub changes: Option<Changes>,
    /// How many people had been done when an interrupted run was gone on with.
    pub resumed: Option<u64>,
}

/// Bytes of rows between two checkpoints, unless said otherwise.
pub const CHECKPOINT_EVERY: u64 = 512 << 20;

/// Decides every conviction in the inputs and leaves the folder of the run.
///
/// # Errors
/// Inputs that cannot be read or are of another layout, a folder that exists, a full disk. Rows that cannot be used are
/// no error: they are in `rejects.csv`.
pub fn decide(job: &Job<'_>, progress: &dyn Progress) -> Result<Decided, RunError> {
    run(job, Evidence::read(job.evidence, job.engine)?, None, progress)
}

/// The same with evidence at hand, for a run that was made before: its inputs must be those of `then`, under any name.
pub(crate) fn decide_again(
    job: &Job<'_>,
    evidence: Evidence,
    then: &Manifest,
    progress: &dyn Progress,
) -> Result<Decided, RunError> {
    run(job, evidence, Some(then), progress)
}

fn run(
    job: &Job<'_>,
    evidence: Evidence,
    then: Option<&Manifest>,
    progress: &dyn Progress,
) -> Result<Decided, RunError> {
    let layout = job.layout;
    let columns = Columns::of(layout).map_err(|meaning| RunError::Layout {
        layout: layout.name().to_owned(),
        meaning: meaning.to_owned(),
    })?;
    let progress = &events::Logged(progress);
    let settings = Settings::of(job);
    let mut since = job.since.map(|path| Since::open(path, job.out)).transpose()?;
    if let Some(since) = &mut since {
        since.compare(&settings)?;
    }
    let (mut folder, checkpoint) = open_folder(job)?;

    progress.phase(Phase::Opening, 0);
    let (inputs, kept) = keep_standard_input(job.inputs, &mut folder, checkpoint.is_some())?;
    let sources = source::open(&inputs, folder.path()).map_err(|error| named(error, kept.as_deref()))?;
    folder.forget_copies();
    let total = sources.iter().map(source::Source::len).sum();
    progress.phase(Phase::Survey, total);
    let mut finding = Finding::new(&sources, layout, &columns, folder.path());
    let mut about =
        survey_into(&sources, layout, job.threads, &|bytes| progress.advance(bytes), &mut finding)
            .map_err(|error| named(error, kept.as_deref()))?;
    if let Some(kept) = &kept {
        let path = kept.display().to_string();
        for source in about.iter_mut().filter(|source| source.name.starts_with(&path)) {
            source.name = source.name.replacen(&path, "standard input", 1);
        }
    }
    if let Some(then) = then {
        same_inputs(&mut about, &then.inputs)?;
    }
    finding.some_rows(&about)?;
    let rows_in = about.iter().filter(|source| source.duplicate_of.is_none());
    let rows_in = rows_in.map(|source| source.rows + source.rejects).sum();
    let names: Vec<String> = about.iter().map(|source| source.name.clone()).collect();
    let inputs_record: Vec<InputRecord> = about.iter().map(InputRecord::of).collect();
    progress.phase(Phase::Gather, total);
    let mut found = finding.finish(folder.path(), &|bytes| progress.advance(bytes))?;

    let evidence = evidence.after_inputs(names.len());
    let bear = job.formats.contains(&Format::Bear);
    let shared = Shared {
        engine: job.engine,
        layout,
        columns: &columns,
        words: job.words,
        sources: &sources,
        names: &names,
        unread: &found.unread,
        evidence: &evidence,
        bear,
        horizon: job.horizon,
        since: since.as_ref(),
    };

    let wanted = Wanted { bear, evidence: !evidence.is_none(), horizon: job.horizon.is_some() };
    let before = since.as_ref().map(|since| since.blake3.clone());
    let run = fingerprint(job, &settings, (&inputs_record, &evidence.records(), &before))?;
    if checkpoint.as_ref().is_some_and(|checkpoint| checkpoint.run != run) {
        return Err(RunError::OtherRun { path: folder.path().to_owned() });
    }
    let mut outputs = Outputs::open(&mut folder, layout, wanted, checkpoint.as_ref())?;
    let resumed = checkpoint.as_ref().map(|checkpoint| checkpoint.people);
    let mut totals = match checkpoint {
        Some(Checkpoint { people, counted, .. }) => Totals::again(people, counted)
            .ok_or_else(|| RunError::OtherRun { path: folder.path().to_owned() })?,
        None => Totals::default(),
    };
    folder.scratch(checkpoint::NAME);
    progress.phase(Phase::Decide, found.bytes);
    let done = totals.people;
    let batches = found.batches.by_ref().filter_map(|batch| match batch {
        Ok(batch) if batch.first < done => {
            progress.advance(batch.bytes());
            None
        }
        batch => Some(batch.map_err(RunError::from)),
    });
    ordered(
        job.threads,
        batches,
        || Hands::new(&shared),
        |hands, batch| hands.batch(&batch),
        |done| {
            progress.advance(done.bytes);
            events::batch(&done);
            totals.take(done, &mut outputs)?;
            if job.recipients.is_some() {
                // What is encrypted cannot be gone on with: its key is in memory only.
                return Ok(());
            }
            totals.checkpoint(job.checkpoint_every, &run, &mut folder, &mut outputs)
        },
    )?;
    check_county(job.engine, &totals.tally)?;

    let mut rejected = found.rejects;
    let index = outputs.close(&mut folder, &mut rejected)?;
    let column_names: Vec<&str> = layout.columns().iter().map(|column| column.name.as_str()).collect();
    let mut rejects_csv = folder.file("rejects.csv")?;
    let rejects = rejects::write(rejected, &names, &column_names, &mut rejects_csv)?;
    folder.close(rejects_csv)?;
    let counts = Counts {
        rows_in,
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

    let account = evidence.account(totals.verdicts)?;
    if !evidence.is_none() {
        folder.whole(evidence::COPY, &account.copy)?;
        folder.whole("evidence_rejects.csv", &account.rejects)?;
    }
    let mut people = folder.file(index::NAME)?;
    index.write(folder.path(), &mut people)?;
    folder.close(people)?;
    let changes = match &since {
        Some(since) => {
            let (layout, columns, sources) = (layout, &columns, sources.as_slice());
            let (people, carried) = (totals.people, totals.carried);
            let compared = Compared { since, sources, layout, columns, people, carried };
            Some(changes::report(&compared, &mut folder, progress)?)
        }
        None => None,
    };
    match job.engine.counties() {
        Some(office) => counties::write(office, job.engine, &mut folder)?,
        None => {
            let policy = job.engine.policies()[0].policy();
            folder.whole("policy.md", policy.text().as_bytes())?;
            for (at, (_, text)) in policy.bases().enumerate() {
                folder.whole(&policy_base(at), text.as_bytes())?;
            }
        }
    }
    if let Some(statute) = job.engine.statute().and_then(|at| job.engine.policies().get(at)) {
        folder.whole(STATUTE, statute.policy().text().as_bytes())?;
    }
    folder.whole("inputs.json", &places(&inputs, kept.as_deref())?)?;
    let Settings { program, policy: record, counties, statute, as_of, data, horizon } = settings;
    let head = RunHead {
        policy: record.id.clone(),
        title: record.title.clone(),
        policy_hash: record.blake3.clone(),
        parameters: record.parameters.iter().cloned().collect(),
        as_of: as_of.clone(),
        statute: statute.as_ref().map(|statute| statute.id.clone()),
    };
    let mut summary = totals.tally.finish(head, counts);
    summary.turns = totals.turns.finish();
    folder.whole("summary.json", &json(&summary)?)?;
    folder.whole("summary.txt", summary.text().as_bytes())?;
    let manifest = Manifest {
        program,
        policy: record,
        counties,
        statute,
        horizon_months: horizon,
        as_of,
        since: before,
        data,
        inputs: inputs_record,
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
    Ok(Decided { folder, summary, manifest, changes, resumed })
}

/// The run's folder: that of an interrupted run with its checkpoint, if it is to be gone on with and can be.
fn open_folder<'j>(job: &Job<'j>) -> Result<(Folder<'j>, Option<Checkpoint>), RunError> {
    let left = if job.resume { Folder::reopen(job.out)? } else { None };
    match left {
        None => Ok((Folder::create(job.out, job.recipients)?, None)),
        Some(folder) => match Checkpoint::read(folder.path()) {
            Some(checkpoint) => Ok((folder, Some(checkpoint))),
            // It was interrupted before there was anything to go on from.
            None => Ok((folder.clear()?, None)),
        },
    }
}

/// What decides about everybody.
pub(crate) struct Settings {
    pub(crate) program: ProgramRecord,
    pub(crate) policy: PolicyRecord,
    pub(crate) counties: Option<CountiesRecord>,
    pub(crate) statute: Option<PolicyRecord>,
    pub(crate) as_of: String,
    pub(crate) data: Vec<(String, String)>,
    /// How many months ahead is looked.
    pub(crate) horizon: Option<u32>,
}

impl Settings {
    fn of(job: &Job<'_>) -> Self {
        let as_of = job.engine.setting().as_of;
        let policies = job.engine.policies();
        let office = job.engine.counties().map(|office| counties::record(office, job.engine));
        let (policy, counties) = match office {
            Some((policy, counties)) => (policy, Some(counties)),
            None => (PolicyRecord::of(&policies[0], as_of), None),
        };
        let statute = job.engine.statute().and_then(|at| policies.get(at));
        let program =
            ProgramRecord { version: job.program.version.to_owned(), blake3: job.program.blake3.to_owned() };
        Self {
            program,
            policy,
            counties,
            statute: statute.map(|statute| PolicyRecord::of(statute, as_of)),
            as_of: as_of.to_string(),
            data: data(job),
            horizon: job.horizon,
        }
    }
}

/// A hash of all that fixes the bytes of a run, to know an interrupted one again: with the settings the inputs, the
/// evidence and the run before.
fn fingerprint(
    job: &Job<'_>,
    settings: &Settings,
    rest: (&[InputRecord], &[(String, String)], &Option<String>),
) -> Result<String, RunError> {
    let Settings { program, policy, counties, statute, as_of, data, horizon } = settings;
    let bear = job.formats.contains(&Format::Bear);
    let all = (program, policy, counties, statute, as_of, data, rest, horizon, bear);
    Ok(blake3::hash(&json(&all)?).to_hex().to_string())
}

/// The data that reading and deciding rest on, by name and hash.
fn data(job: &Job<'_>) -> Vec<(String, String)> {
    let hashed = |text: &str| blake3::hash(text.as_bytes()).to_hex().to_string();
    job.data.iter().map(|(name, text)| ((*name).to_owned(), hashed(text))).collect()
}

/// Standard input can be read once, but a determination is explained from its rows: it is kept in the run's folder.
/// The path of the copy comes with the inputs.
fn keep_standard_input(
    inputs: &[PathBuf],
    folder: &mut Folder<'_>,
    resumed: bool,
) -> Result<(Vec<Input>, Option<PathBuf>), RunError> {
    let mut opened = Vec::with_capacity(inputs.len());
    let mut kept: Option<PathBuf> = None;
    for path in inputs {
        match Input::named(path) {
            Input::Stdin if kept.is_some() => {}
            Input::Stdin if resumed => {
                // It was kept whole before the first checkpoint.
                let file = folder.again_whole(STANDARD_INPUT)?;
                let path = file.path().to_owned();
                folder.close(file)?;
                opened.push(Input::Path(path.clone()));
                kept = Some(path);
            }
            Input::Stdin => {
                let path = folder.keep(STANDARD_INPUT, &mut std::io::stdin().lock())?;
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

/// A file that grew or was written to while it was read is not the file that the folder would be about.
pub(crate) fn unchanged(sources: &[Source]) -> Result<(), RunError> {
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
pub(crate) fn places(inputs: &[Input], kept: Option<&Path>) -> Result<Vec<u8>, RunError> {
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

pub(crate) fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, RunError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| RunError::Stopped {
        what: format!("a record cannot be written as JSON ({error})"),
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// A county that is in none of the rows is a slip of the pen, not an empty result. Only counties of the jurisdiction are
/// named back: what else stands in that column may be anything.
fn check_county(engine: &Engine, tally: &Tally) -> Result<(), RunError> {
    if engine.counties().is_some() {
        // A county of which a state's file has nothing is none that was misspelt: each is one of the list.
        return Ok(());
    }
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
