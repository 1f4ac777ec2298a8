//! The whole state at once: a list of potentially eligible convictions for each county's prosecutor, and how far each
//! county has come with them, against the deadlines of the statute.
//!
//! The lists are cut from a finished run's `determinations.csv`, in its order. What has happened to a conviction is read
//! from files of steps and from the relief that the run itself found on the state's record. Both are sorted by conviction,
//! outside memory if need be, and met there.

mod account;
mod lists;
mod progress;
mod public;
mod steps;
mod table;
mod text;

pub use account::{CountyProgress, DeadlineProgress, Progressed, StepsFile};
pub use lists::{ListRecord, PLACES_UNKNOWN};

use crate::decide::{Program, json};
use crate::error::RunError;
use crate::finished::Finished;
use crate::folder::Folder;
use lists::Lists;
use progress::Tally;
use std::path::{Path, PathBuf};
use table::Reader;
use vacatur_records::Date;
use vacatur_statutes::Deadlines;

/// What is asked.
pub struct StatewideJob<'j> {
    /// The folder of a finished run.
    pub run: &'j Path,
    /// The folder to make.
    pub out: &'j Path,
    /// Files of what happened to convictions.
    pub steps: &'j [PathBuf],
    /// The day on which it is looked how far everything is; the run's own if absent.
    pub on: Option<Date>,
    /// Whether a table for publication is made too.
    pub public: bool,
    /// The deadlines, and the file that they are from: its name and its text.
    pub deadlines: &'j Deadlines,
    /// That file.
    pub data: (&'j str, &'j str),
    /// The counties.
    pub counties: &'j [String],
    /// The program.
    pub program: Program<'j>,
}

/// The lists of a state.
#[derive(Debug)]
pub struct Statewide {
    /// The folder.
    pub folder: PathBuf,
    /// Every list, in the order of the counties, and last of what could not be told.
    pub lists: Vec<ListRecord>,
    /// How far each county is.
    pub progress: Progressed,
}

/// Makes the lists, and counts how far each county is.
///
/// # Errors
/// A folder that is no run or was changed, a run that does not say what the statute itself gives, a file of steps that is no
/// such table, a full disk. A line of steps that cannot be used is no error: it is in `steps_rejects.csv`.
pub fn statewide(job: &StatewideJob<'_>) -> Result<Statewide, RunError> {
    let run = Finished::open(job.run)?;
    let refuse = |what: String| RunError::Statewide { path: job.run.to_owned(), what };
    let as_of: Date = run
        .manifest
        .as_of
        .parse()
        .map_err(|_| run.broken(format!("manifest.json: `{}` is no date", run.manifest.as_of)))?;
    let on = job.on.unwrap_or(as_of);
    if on < as_of {
        return Err(refuse(format!(
            "its day is {as_of}, and --on {on} is before it; what the state's record showed on an earlier day is not in it"
        )));
    }
    let beside = match &run.manifest.statute {
        Some(statute) if statute.id == job.deadlines.statute => true,
        Some(statute) => {
            return Err(refuse(format!(
                "what the statute itself gives is told there by {}, and the deadlines speak of {}; decide again with a policy that names it",
                statute.id, job.deadlines.statute
            )));
        }
        None => false,
    };
    let mut folder = Folder::create(job.out, None)?;
    let scratch = folder.path().to_owned();
    let mut tally = Tally::new(job.deadlines, job.counties.len() + 1, &scratch);
    let mut lists = Lists::open(job.counties, &folder)?;
    lists.not_decided(&not_decided(&run, job.counties));
    let mut reader = Reader::open(&run, job.counties, job.deadlines, beside)?;
    while let Some(row) = reader.next()? {
        lists.take(&row)?;
        tally.conviction(&row)?;
    }
    reader.unchanged(&run)?;
    let mut rejects = steps::Rejects::new(&scratch);
    let mut files = Vec::with_capacity(job.steps.len());
    for (at, path) in job.steps.iter().enumerate() {
        files.push(steps::read(path, at, on, job.deadlines, &mut tally, &mut rejects)?);
    }
    let run_hash = blake3::hash(&run.manifest_bytes).to_hex().to_string();
    let head = lists::Head { run: &run_hash, as_of, deadlines: job.deadlines, program: job.program };
    let lists = lists.close(&head, &mut folder)?;
    let conflicts = tally.settle(on, as_of, &mut rejects)?;
    let joint = tally.joint();
    let mut progress = tally.finish(on, as_of, job.counties, job.deadlines)?;
    if !files.is_empty() {
        let names: Vec<String> = files.iter().map(|file: &StepsFile| file.name.clone()).collect();
        folder.whole("steps_rejects.csv", &rejects.finish(&names, &mut files)?)?;
        folder.whole("conflicts.csv", &conflicts.finish(&names, job.counties)?)?;
    }
    progress.steps_files = files;
    progress.run.clone_from(&run_hash);
    account::adds_up(&lists, &progress)?;
    folder.whole("progress.csv", &text::progress_csv(&progress))?;
    folder.whole("progress.json", &json(&progress)?)?;
    if job.public {
        folder.whole("progress-public.csv", &public::progress_csv(&progress, &joint)?)?;
    }
    folder.whole("index.csv", &text::index_csv(&lists))?;
    folder.whole("index.json", &json(&lists)?)?;
    folder.whole("deadlines.toml", job.data.1.as_bytes())?;
    let manifest = account::manifest(job, &run_hash, (as_of, on), &progress, &folder);
    folder.whole("manifest.json", &json(&manifest)?)?;
    let folder = folder.finish()?;
    Ok(Statewide { folder, lists, progress })
}

/// The counties of which the run decided nothing: those that its list leaves to nobody, or all but the one that its policy
/// was set to.
fn not_decided(run: &Finished<'_>, counties: &[String]) -> Vec<String> {
    if let Some(list) = &run.manifest.counties {
        let nobody = list.counties.iter().filter(|one| one.document.is_none());
        return nobody.map(|one| one.county.clone()).collect();
    }
    let set = run.manifest.policy.parameters.iter().find(|(_, value)| counties.contains(value));
    let Some((_, only)) = set else { return Vec::new() };
    counties.iter().filter(|county| *county != only).cloned().collect()
}
