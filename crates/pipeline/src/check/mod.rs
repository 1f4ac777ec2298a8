//! What a delivery is worth, before anything is decided: `vacatur check`.
//!
//! The inputs are surveyed and assembled as for a decision. `finder` finds what is amiss in one person's record,
//! `tally` counts it by field, defect, agency and year, `work_list` writes it down for the agencies, `reviews`
//! says which reviews rest on it, `verdict` what it makes of the whole.

mod batch;
mod bounded;
mod build;
mod drift;
mod finder;
mod header;
mod kinds;
mod quality;
mod reference;
mod reviews;
mod screen;
mod tally;
mod verdict;
mod work_list;

use crate::decide::{Phase, Progress};
use crate::error::RunError;
use crate::unread::Unread;
use batch::{Hands, Numbered, Shared};
pub use drift::{Change, Drift};
use finder::Fields;
pub use header::HeaderDrift;
use kinds::{Defect, Field};
pub use quality::{
    AgencyQuality, ColumnDefect, ColumnFill, ColumnWords, Counts as QualityCounts, DefectCount, FieldQuality,
    File as QualityFile, Quality, ReviewCause, ReviewFact, ReviewQuality, SCHEMA, Unread as UnreadOffences,
    Word, YearQuality,
};
use std::ops::Range;
use std::path::{Path, PathBuf};
use tally::Total;
use vacatur_eligibility::Engine;
use vacatur_ingest::doj::{Columns, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::ordered::ordered;
use vacatur_ingest::rows::Block;
use vacatur_ingest::source::{self, Input, Source};
use vacatur_ingest::survey::{Groups, Run, Survey, SurveyError, group, survey};
use vacatur_records::{Date, date};
pub use verdict::{Grade, Measure, Verdict};
use work_list::{Items, WorkList};

/// About how many bytes of rows a batch of people has.
const BATCH: u64 = 1 << 20;

/// What is checked.
pub struct CheckJob<'j> {
    /// The inputs.
    pub inputs: &'j [PathBuf],
    /// The previous delivery: its files, or the `quality.json` of its check.
    pub previous: &'j [PathBuf],
    /// The folder to make for the work list.
    pub work_list: Option<&'j Path>,
    /// Where working copies of packed files may stand.
    pub scratch: &'j Path,
    /// The statutes and the counties; and the policy, if reviews are to be counted.
    pub engine: &'j Engine,
    /// The day after which dates are in the future; if there is none, it is found in the inputs.
    pub as_of: Option<Date>,
    /// The layout of the inputs.
    pub layout: &'j Layout,
    /// The words in their cells.
    pub words: &'j Words,
    /// How many threads.
    pub threads: usize,
}

/// A finished check.
#[derive(Debug)]
pub struct Checked {
    /// What was found.
    pub quality: Quality,
    /// The folder of the work list.
    pub work_list: Option<PathBuf>,
}

/// Looks at every row of the inputs and says what they are worth.
///
/// A file with a header row that is not the layout's is no error here: the report then says how it differs, and nothing
/// else.
///
/// # Errors
/// Inputs that cannot be read or are of another layout, a folder that exists, a full disk.
pub fn check(job: &CheckJob<'_>, progress: &dyn Progress) -> Result<Checked, RunError> {
    let before = previous(job, progress)?;
    let mut list = job.work_list.map(WorkList::create).transpose()?;
    let scratch = list.as_ref().map_or(job.scratch, WorkList::path).to_owned();
    let deciding = !job.engine.policies().is_empty();
    let mut quality = look(job, (job.inputs, &scratch), deciding, list.as_mut(), progress)?;
    if quality.header.is_some() {
        let meaning = "the header row is not the layout's: nothing below it was read".to_owned();
        quality.verdict = Verdict { grade: Grade::Bad, meaning, ..Verdict::default() };
        return Ok(Checked { quality, work_list: None });
    }
    quality.drift = before.map(|before| Drift::between(&before, &quality));
    quality.verdict = Verdict::on(&quality);
    let work_list = list.map(WorkList::finish).transpose()?;
    Ok(Checked { quality, work_list })
}

/// What is known of the previous delivery.
fn previous(job: &CheckJob<'_>, progress: &dyn Progress) -> Result<Option<Quality>, RunError> {
    let Some(first) = job.previous.first() else { return Ok(None) };
    let unusable = |what: String| RunError::Previous { file: first.display().to_string(), what };
    if job.previous.len() == 1 && starts_as_json(first) {
        let text = std::fs::read(first).map_err(|error| unusable(error.to_string()))?;
        let quality: Quality = serde_json::from_slice(&text).map_err(|error| {
            unusable(format!(
                "this is no report of a check (line {}, column {}); name a file that --json wrote, or the delivery itself",
                error.line(),
                error.column()
            ))
        })?;
        if quality.schema != SCHEMA || quality.header.is_some() {
            return Err(unusable(format!(
                "this is no report of a check with the schema {SCHEMA}; check the previous delivery again"
            )));
        }
        return Ok(Some(quality));
    }
    let quality = look(job, (job.previous, job.scratch), false, None, progress)?;
    if let Some(header) = &quality.header {
        return Err(unusable(format!("the header row on line {} is not the layout's", header.line)));
    }
    Ok(Some(quality))
}

fn starts_as_json(path: &Path) -> bool {
    use std::io::Read as _;
    let mut start = [0; 64];
    let read = std::fs::File::open(path).and_then(|mut file| file.read(&mut start)).unwrap_or(0);
    start[..read].trim_ascii_start().first() == Some(&b'{')
}

/// Looks at the files of one delivery.
fn look(
    job: &CheckJob<'_>,
    (files, scratch): (&[PathBuf], &Path),
    deciding: bool,
    mut list: Option<&mut WorkList>,
    progress: &dyn Progress,
) -> Result<Quality, RunError> {
    let layout = job.layout;
    let columns = Columns::of(layout).map_err(|meaning| RunError::Layout {
        layout: layout.name().to_owned(),
        meaning: meaning.to_owned(),
    })?;
    let fields = Fields::of(layout);
    let mut quality = Quality::empty(&format!("{} {}", layout.name(), layout.version()));

    progress.phase(Phase::Opening, 0);
    let inputs: Vec<Input> = files.iter().map(|path| Input::named(path)).collect();
    let sources = source::open(&inputs, scratch)?;
    progress.phase(Phase::Survey, sources.iter().map(Source::len).sum());
    let found = survey(&sources, layout, job.threads, &|bytes| progress.advance(bytes));
    let survey = match found {
        Err(SurveyError::Header { name, line, first, total }) => {
            let drift = sources
                .iter()
                .find(|source| source.name() == name)
                .and_then(|source| HeaderDrift::of(source, line, layout));
            let Some(drift) = drift else {
                return Err(SurveyError::Header { name, line, first, total }.into());
            };
            quality.header = Some(drift);
            return Ok(quality);
        }
        found => found?,
    };
    some_rows(&survey)?;
    let names: Vec<String> = survey.sources.iter().map(|source| source.name.clone()).collect();
    let groups = group(&survey.runs);
    let unread = Unread::of(&survey, &sources, layout, &columns, scratch)?;
    let batches = batches(&groups, &survey.runs);
    let bytes = survey.runs.iter().map(|run| run.bytes).sum();
    let reference = match job.as_of {
        Some(day) => day,
        None => {
            progress.phase(Phase::Survey, bytes);
            let of = (&sources[..], &survey.runs[..], &groups);
            let advance = |bytes| progress.advance(bytes);
            reference::reference(of, (layout, &fields), (&batches, job.threads), &advance)?
                .unwrap_or(date(9999, 12, 31))
        }
    };
    quality.reference_day = reference.to_string();
    quality.reference_day_given = job.as_of.is_some();

    let shared = Shared {
        engine: job.engine,
        layout,
        columns: &columns,
        fields: &fields,
        words: job.words,
        sources: &sources,
        names: &names,
        survey: &survey,
        groups: &groups,
        unread: &unread,
        reference,
        listing: list.is_some(),
        deciding,
    };
    progress.phase(Phase::Decide, bytes);
    let mut total = Total::new(layout.width());
    let mut numbered: Vec<Numbered> = Vec::new();
    ordered(
        job.threads,
        batches.into_iter().map(Ok),
        || Hands::new(&shared),
        |hands, batch| hands.batch(batch),
        |done| {
            progress.advance(done.bytes);
            total.add(done.local);
            numbered.extend(done.numbered);
            list.as_mut().map_or(Ok(()), |list| list.take(done.items))
        },
    )?;

    let mut items = Items::default();
    let mut block = Block::new(layout);
    for run in share_a_number(&mut numbered) {
        total.of_repository(Field::Cii, Defect::Shared, 1);
        if list.is_some()
            && let Some(run) = survey.runs.get(run as usize)
        {
            batch::shared_number(&shared, run, &mut block, &mut items)?;
        }
    }
    for reject in &survey.rejects {
        if let Some((field, defect)) = batch::of_reject(reject) {
            total.of_repository(field, defect, 1);
            if list.is_some() {
                batch::unread_line(&shared, reject, &mut items);
            }
        }
    }
    if let Some(list) = list {
        list.take(items)?;
    }
    total.needed[Field::Row as usize] += survey.rejects.len() as u64;
    let policy = job.engine.policies().first().filter(|_| deciding);
    let policy = policy.map(|compiled| compiled.policy().heading.id.as_str());
    build::build(&mut quality, total, &survey, layout, policy);
    Ok(quality)
}

/// The first runs of the people whose CII number is on another subject too.
fn share_a_number(numbered: &mut [Numbered]) -> Vec<u32> {
    numbered.sort_unstable();
    let mut runs: Vec<u32> = numbered
        .chunk_by(|one, other| one.cii == other.cii)
        .filter(|same| same.iter().any(|one| Some(one.subject) != same.first().map(|first| first.subject)))
        .flatten()
        .map(|one| one.run)
        .collect();
    runs.sort_unstable();
    runs
}

/// People in batches of about the same number of bytes.
fn batches(groups: &Groups, runs: &[Run]) -> Vec<Range<usize>> {
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
