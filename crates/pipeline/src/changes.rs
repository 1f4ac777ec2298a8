//! `changes.csv` and `changes.json`: what is decided otherwise than in the run before, and why.
//!
//! They are made of the finished files of both runs, and not of what was carried over, so that a mistake in carrying over
//! shows here. Every line of both tables is gone over: lines of a count are found together by sorting, in memory that
//! does not grow with their number. A count that is decided otherwise although nothing has changed stops the run.

mod gather;
mod group;
mod text;
mod write;
pub(crate) use write::NAME as CSV;

use crate::decide::{Phase, Progress, json};
use crate::error::RunError;
use crate::folder::Folder;
use crate::index::{self, Reader};
use crate::since::Since;
use serde::Serialize;
use std::fs::File;
use std::path::Path;
use vacatur_ingest::doj::Columns;
use vacatur_ingest::layout::Layout;
use vacatur_ingest::sorter::{BUDGET, Sorter};
use vacatur_ingest::source::Source;

/// The report in numbers.
pub(crate) const JSON: &str = "changes.json";

/// How a count stands beside the run before. The order is that of `changes.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// It had relief, and the person or the count is not in this delivery.
    GoneWithGrant,
    /// It had relief and has none now.
    NoLongerEligible,
    /// It has relief and had none.
    NewlyEligible,
    /// It has other relief.
    OtherRelief,
    /// It had relief, and the record now shows that relief was granted.
    ReliefRecorded,
    /// Outcome, reason or missing facts differ, and it has relief in neither run or the same in both.
    Changed,
    /// It had no relief, and the person or the count is not in this delivery.
    Gone,
    /// It has no relief, and was not decided in the run before.
    New,
}

impl Change {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 8] = [
        Self::GoneWithGrant,
        Self::NoLongerEligible,
        Self::NewlyEligible,
        Self::OtherRelief,
        Self::ReliefRecorded,
        Self::Changed,
        Self::Gone,
        Self::New,
    ];

    /// The word of the column `change`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::GoneWithGrant => "gone_with_grant",
            Self::NoLongerEligible => "no_longer_eligible",
            Self::NewlyEligible => "newly_eligible",
            Self::OtherRelief => "other_relief",
            Self::ReliefRecorded => "relief_recorded",
            Self::Changed => "changed",
            Self::Gone => "gone",
            Self::New => "new",
        }
    }

    /// Whether a grant of the run before is lost.
    pub(crate) fn is_loss(self) -> bool {
        matches!(self, Self::GoneWithGrant | Self::NoLongerEligible)
    }
}

/// `changes.json`: what a run changes of the run before, in numbers.
#[derive(Clone, Debug, Serialize)]
pub struct Changes {
    /// The BLAKE3 of the `manifest.json` of the run before.
    pub since: String,
    /// The settings that are not the same in the two runs, in words. If there are any, everybody was decided.
    pub settings_changed: Vec<String>,
    /// People.
    pub people: PeopleChanged,
    /// Determinations in the run before.
    pub determinations_before: u64,
    /// Determinations in this run.
    pub determinations: u64,
    /// Those of the run before that gave relief, of which this run gives none: `gone_with_grant` and
    /// `no_longer_eligible` together.
    pub lost_grants: u64,
    /// The lines of `changes.csv`, by the word in `change`; every word is there.
    pub changes: Vec<Number>,
}

/// People, as far as they stand in both runs.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PeopleChanged {
    /// In the run before.
    pub before: u64,
    /// In this run.
    pub now: u64,
    /// In this run and not in the run before; absent if the run before does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<u64>,
    /// In the run before and not in this one; absent if the run before does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone: Option<u64>,
    /// In both, with other rows, other evidence or other lines that may be theirs and cannot be read; absent if the run
    /// before does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<u64>,
    /// Carried over.
    pub carried: u64,
    /// Decided.
    pub decided: u64,
}

/// How many counts have a change.
#[derive(Clone, Debug, Serialize)]
pub struct Number {
    /// The word in `change`.
    pub change: String,
    /// How many lines have it.
    pub number: u64,
    /// Those lines by what stands in `why`, the most frequent first.
    pub why: Vec<Because>,
}

/// How often something is why.
#[derive(Clone, Debug, Serialize)]
pub struct Because {
    /// What stands in `why`.
    pub why: String,
    /// How often.
    pub number: u64,
}

/// What is compared.
pub(crate) struct Compared<'c> {
    pub(crate) since: &'c Since,
    pub(crate) sources: &'c [Source],
    pub(crate) layout: &'c Layout,
    pub(crate) columns: &'c Columns,
    /// People of this run, and those of them who were carried over.
    pub(crate) people: u64,
    pub(crate) carried: u64,
}

/// Compares the finished tables of this run with those of the run before, and writes what differs.
pub(crate) fn report(
    compared: &Compared<'_>,
    folder: &mut Folder<'_>,
    progress: &dyn Progress,
) -> Result<Changes, RunError> {
    let since = compared.since;
    let scratch = folder.path().to_owned();
    let index = Reader::open(&scratch.join(index::NAME))?;
    let (before, now) = (since.determinations()?, determinations(&scratch)?);
    let length = |file: &File| file.metadata().map_or(0, |about| about.len());
    progress.phase(Phase::Compare, length(&before) + length(&now));

    let mut gathering = gather::Gathering::new(&scratch, progress);
    let damaged = |what: &str| since.damaged(what);
    let before = gathering.table(false, before, since.index.as_ref(), &damaged)?;
    let damaged = |what: &str| RunError::Stopped { what: format!("{what} in the run just made") };
    let now = gathering.table(true, now, Some(&index), &damaged)?;

    let kept = || RunError::write(&scratch, "sorting");
    let mut pairs = Sorter::new(&scratch, BUDGET);
    let mut groups = group::Groups::new(compared, &index, &mut pairs, &scratch);
    let (mut people, mut lines) = gathering.finish().map_err(kept())?;
    while let Some(whose) = [people.whose(), lines.whose()].into_iter().flatten().min() {
        let people = people.of(whose).map_err(kept())?;
        let lines = lines.of(whose).map_err(kept())?;
        groups.group(&people, &lines)?;
    }
    let mut of_people = PeopleChanged {
        before: since.manifest.counts.people,
        now: compared.people,
        carried: compared.carried,
        decided: compared.people.saturating_sub(compared.carried),
        ..groups.people
    };
    if since.index.is_none() {
        (of_people.new, of_people.gone, of_people.changed) = (None, None, None);
    }
    let numbers = write::write(
        &since.decisive().collect::<Vec<_>>().join("; "),
        pairs,
        (&before, &now),
        &index,
        folder,
    )?;
    let lost = Change::ALL.into_iter().zip(&numbers).filter(|(change, _)| change.is_loss());
    let changes = Changes {
        since: since.blake3.clone(),
        settings_changed: since.differences.iter().map(|one| one.words.clone()).collect(),
        people: of_people,
        determinations_before: before.lines,
        determinations: now.lines,
        lost_grants: lost.map(|(_, numbers)| numbers.number).sum(),
        changes: numbers,
    };
    folder.whole(JSON, &json(&changes)?)?;
    Ok(changes)
}

/// The determinations of the run just made.
fn determinations(folder: &Path) -> Result<File, RunError> {
    let path = folder.join(index::LINES[0]);
    File::open(&path).map_err(RunError::write(&path, "reading again"))
}
