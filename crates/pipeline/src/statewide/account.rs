//! The account of the lists and of the progress: what `progress.json`, `index.json` and `manifest.json` say.

use super::StatewideJob;
use super::lists::ListRecord;
use crate::error::RunError;
use crate::folder::Folder;
use serde::Serialize;
use std::collections::BTreeMap;
use vacatur_records::Date;

/// How far the state is.
#[derive(Clone, Debug, Serialize)]
pub struct Progressed {
    /// The day of the account.
    pub on: String,
    /// The day of the run, by which the state's record is known.
    pub as_of: String,
    /// The BLAKE3 of the run's manifest.
    pub run: String,
    /// The files of steps.
    pub steps_files: Vec<StepsFile>,
    /// Lines of steps that say again what another line says.
    pub repeated: u64,
    /// All counties together, those that cannot be told among them.
    pub state: CountyProgress,
    /// Each county, and last those that cannot be told.
    pub counties: Vec<CountyProgress>,
}

/// A file of steps. `lines = used + rejected`.
#[derive(Clone, Debug, Serialize)]
pub struct StepsFile {
    /// Its name as given.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its BLAKE3.
    pub blake3: String,
    /// Its lines without the header row.
    pub lines: u64,
    /// Lines that speak of a conviction of the run.
    pub used: u64,
    /// Lines that cannot be used; each stands in `steps_rejects.csv`.
    pub rejected: u64,
}

/// How far a county is.
#[derive(Clone, Debug, Serialize)]
pub struct CountyProgress {
    /// The county.
    pub county: String,
    /// Convictions that are potentially eligible, those with the relief among them.
    pub convictions: u64,
    /// Those that have the relief on the state's record.
    pub relieved: u64,
    /// Convictions of which each step is known; those in conflict are not among them.
    pub steps: BTreeMap<String, u64>,
    /// How they stand to each deadline.
    pub deadlines: Vec<DeadlineProgress>,
}

/// How the convictions of a county stand to a deadline. The seven numbers add up to its convictions.
#[derive(Clone, Debug, Serialize)]
pub struct DeadlineProgress {
    /// The deadline.
    pub deadline: String,
    /// Its last day.
    pub by: String,
    /// Done by the last day.
    pub in_time: u64,
    /// Done after it.
    pub late: u64,
    /// Done, and it is not known when.
    pub undated: u64,
    /// Nobody said anything by the last day, which counts as done.
    pub by_lapse: u64,
    /// There is nothing to do, or not yet.
    pub not_due: u64,
    /// What is said of it cannot all be true.
    pub in_conflict: u64,
    /// Not done.
    pub open: u64,
    /// If any is open: by how many days it is overdue on the day of the account.
    pub days_overdue: u64,
}

impl CountyProgress {
    /// How it stands to a deadline.
    #[must_use]
    pub fn at(&self, deadline: &str) -> Option<&DeadlineProgress> {
        self.deadlines.iter().find(|one| one.deadline == deadline)
    }

    /// How often a step is known.
    #[must_use]
    pub fn step(&self, name: &str) -> u64 {
        self.steps.get(name).copied().unwrap_or(0)
    }
}

/// What was made of what.
#[derive(Debug, Serialize)]
pub(super) struct Manifest {
    schema: &'static str,
    program: (String, String),
    run: String,
    as_of: String,
    on: String,
    data: (String, String),
    steps: Vec<StepsFile>,
    convictions: u64,
    outputs: Vec<(String, u64, String)>,
}

pub(super) fn manifest(
    job: &StatewideJob<'_>,
    run: &str,
    (as_of, on): (Date, Date),
    progress: &Progressed,
    folder: &Folder<'_>,
) -> Manifest {
    let (name, text) = job.data;
    Manifest {
        schema: "vacatur-statewide-1",
        program: (job.program.version.to_owned(), job.program.blake3.to_owned()),
        run: run.to_owned(),
        as_of: as_of.to_string(),
        on: on.to_string(),
        data: (name.to_owned(), blake3::hash(text.as_bytes()).to_hex().to_string()),
        steps: progress.steps_files.clone(),
        convictions: progress.state.convictions,
        outputs: folder.written().into_iter().map(|file| (file.name, file.bytes, file.blake3)).collect(),
    }
}

/// The lists and the progress are of the same convictions.
pub(super) fn adds_up(lists: &[ListRecord], progress: &Progressed) -> Result<(), RunError> {
    let same = lists.len() == progress.counties.len()
        && lists.iter().zip(&progress.counties).all(|(list, of)| {
            list.county == of.county
                && list.convictions + list.relieved == of.convictions
                && list.eligible + list.undecided == list.convictions
                && list.relieved == of.relieved
        });
    if same {
        return Ok(());
    }
    Err(RunError::Stopped { what: "the lists of the counties and their progress do not add up".into() })
}
