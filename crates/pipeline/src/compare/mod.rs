//! Policies beside one another on the same people: `vacatur compare`.
//!
//! The inputs are surveyed and assembled as for a decision, once, and every candidate decides every person. `batch` asks
//! them, `tally` counts by numbers that stand for texts, `results` makes the numbers of it, `differences` is the table of
//! counts on which they differ, `write` the folder, `text` the screen, `page` the page. `sweep` reads what is to be varied.
//! `again` explains one count of a finished comparison under every candidate.

mod again;
mod batch;
mod chart;
mod choose;
mod differences;
mod frontier;
mod groups;
mod intervals;
mod page;
mod public;
mod record;
mod results;
mod sweep;
mod tally;
mod text;
mod write;

use crate::decide::{Phase, Program, Progress, unchanged};
use crate::error::RunError;
use crate::evidence::Evidence;
use crate::finding::Finding;
use crate::folder::Folder;
use crate::manifest::{InputRecord, PolicyRecord};
use crate::parquet_file::ParquetFile;
use crate::table;
pub use again::{AskedAgain, Explained as ExplainedAgain, explain_compared};
use batch::{Hands, Shared};
pub use choose::{Choice, ChooseError, Estimate, MOST_CHOSEN, Named, NamedAndSet, choose, name_and_settings};
pub use differences::{Listing, MOST_CANDIDATES};
pub use frontier::{Frontier, Point};
pub use intervals::{Ratio, Share};
pub use public::MOST_PUBLIC;
pub use record::CompareManifest;
use record::{CompareCounts, EngineRecord};
pub use results::{
    Compared, Comparison, Disparity, Group, GroupPeople, MissingFact, Pair, PairKind, Reviews,
};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
pub use sweep::{Sweep, SweepError};
use tally::Tally;
use vacatur_eligibility::Engine;
use vacatur_ingest::doj::{Columns, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::ordered::ordered;
use vacatur_ingest::source::{self, Input, Source};
use vacatur_ingest::survey::survey_into;

/// Why a policy is in a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It was asked for.
    Chosen,
    /// It says what the statute itself gives.
    Entitlement,
    /// It dismisses everything that there is to dismiss.
    Everything,
}

impl Role {
    /// The word in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Chosen => "chosen",
            Self::Entitlement => "entitlement",
            Self::Everything => "everything",
        }
    }
}

/// A policy of a comparison, with its parameters.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its name, with the parameters that were set.
    pub label: String,
    /// Why it is here.
    pub role: Role,
}

/// What is compared.
pub struct CompareJob<'j> {
    /// The inputs.
    pub inputs: &'j [PathBuf],
    /// Files of evidence.
    pub evidence: &'j [PathBuf],
    /// The folder to make, if one is wanted.
    pub out: Option<&'j Path>,
    /// Where working files may stand if none is.
    pub scratch: &'j Path,
    /// The policies: those that were chosen, and after them the baselines.
    pub engine: &'j Engine,
    /// What they are called, in the same order.
    pub candidates: &'j [Candidate],
    /// Minutes that a person needs for one review.
    pub minutes_per_review: u32,
    /// Which counts are listed.
    pub listing: Listing,
    /// The least number that a table for the public shows, if one is wanted.
    pub public: Option<u64>,
    /// The layout of the inputs.
    pub layout: &'j Layout,
    /// The words in their cells.
    pub words: &'j Words,
    /// Data that reading and deciding rest on, for the manifest: name and bytes.
    pub data: &'j [(&'j str, &'j str)],
    /// How many threads.
    pub threads: usize,
    /// The program.
    pub program: Program<'j>,
}

/// A finished comparison.
pub struct Done {
    /// What was found.
    pub comparison: Comparison,
    /// Its folder.
    pub folder: Option<PathBuf>,
    /// Counts that add up.
    pub counts: CompareCounts,
    /// What there is to know of the inputs.
    pub notes: Vec<String>,
}

/// Decides everybody in the inputs under every candidate, in one pass, and leaves a folder if one is wanted.
///
/// # Errors
/// Inputs that cannot be read or are of another layout, a folder that exists, a full disk, more candidates than
/// [`MOST_CANDIDATES`], a county of a candidate that is in no row.
pub fn compare(job: &CompareJob<'_>, progress: &dyn Progress) -> Result<Done, RunError> {
    let layout = job.layout;
    let columns = Columns::of(layout).map_err(|meaning| RunError::Layout {
        layout: layout.name().to_owned(),
        meaning: meaning.to_owned(),
    })?;
    let candidates = job.engine.policies().len();
    if candidates != job.candidates.len() || candidates > MOST_CANDIDATES {
        return Err(RunError::Stopped { what: format!("there are {candidates} policies to compare") });
    }
    let evidence = Evidence::read(job.evidence, job.engine)?;
    let mut folder = job.out.map(|out| Folder::create(out, None)).transpose()?;
    let scratch = folder.as_ref().map_or(job.scratch, Folder::path).to_owned();

    progress.phase(Phase::Opening, 0);
    let inputs: Vec<Input> = job.inputs.iter().map(|path| Input::named(path)).collect();
    let sources = source::open(&inputs, &scratch)?;
    if let Some(folder) = &mut folder {
        folder.forget_copies();
    }
    let total = sources.iter().map(Source::len).sum();
    progress.phase(Phase::Survey, total);
    let mut finding = Finding::new(&sources, layout, &columns, &scratch);
    let about = survey_into(&sources, layout, job.threads, &|bytes| progress.advance(bytes), &mut finding)?;
    finding.some_rows(&about)?;
    let rows_in = about.iter().filter(|source| source.duplicate_of.is_none());
    let rows_in: u64 = rows_in.map(|source| source.rows + source.rejects).sum();
    let names: Vec<String> = about.iter().map(|source| source.name.clone()).collect();
    let records: Vec<InputRecord> = about.iter().map(InputRecord::of).collect();
    progress.phase(Phase::Gather, total);
    let found = finding.finish(&scratch, &|bytes| progress.advance(bytes))?;
    let mut rejected = found.rejects;

    let evidence = evidence.after_inputs(names.len());
    let shared = Shared {
        engine: job.engine,
        layout,
        columns: &columns,
        words: job.words,
        sources: &sources,
        names: &names,
        unread: &found.unread,
        evidence: &evidence,
        listing: if folder.is_some() { job.listing } else { Listing::Nothing },
        table: differences::columns(candidates),
        chosen: job.candidates.iter().take_while(|one| one.role == Role::Chosen).count(),
        public: job.public.is_some(),
        tallies: Mutex::default(),
    };
    let mut tables = match &folder {
        Some(folder) if job.listing != Listing::Nothing => {
            let mut csv = folder.file(differences::CSV)?;
            csv.put(&table::header(shared.table))?;
            let parquet = folder.file(differences::PARQUET)?;
            Some((csv, ParquetFile::new(parquet, "differences", shared.table)?))
        }
        _ => None,
    };
    let (mut verdicts, mut listed) = (Vec::new(), 0);
    progress.phase(Phase::Decide, found.bytes);
    ordered(
        job.threads,
        found.batches.map(|batch| batch.map_err(RunError::from)),
        || Hands::new(&shared),
        |hands, batch| hands.batch(&batch),
        |done| {
            progress.advance(done.bytes);
            verdicts.extend(done.verdicts);
            listed += done.rows.rows as u64;
            for line in done.rejects {
                rejected.push(line).map_err(RunError::write(&scratch, "sorting"))?;
            }
            if let Some((csv, parquet)) = &mut tables {
                csv.put(&done.rows.csv)?;
                parquet.add(done.rows.columns, done.rows.rows)?;
            }
            Ok(())
        },
    )?;
    unchanged(&sources)?;
    let tallies = std::mem::take(&mut *shared.tallies.lock().map_err(|_| stopped())?);
    let mut tally = Tally::new(candidates);
    tallies.into_iter().for_each(|one| tally.add(one));
    check_counties(job.engine, &tally)?;

    let counts = CompareCounts {
        rows_in,
        rows_used: tally.rows_used,
        rejects: rows_in - tally.rows_used.min(rows_in),
        duplicate_rows: tally.duplicates,
        people: tally.people,
        people_unnamed: tally.unnamed,
        differing: tally.differing,
        listed,
    };
    let as_of = job.engine.setting().as_of;
    let policies: Vec<PolicyRecord> =
        job.engine.policies().iter().map(|compiled| PolicyRecord::of(compiled, as_of)).collect();
    let public = job.public.map(|least| public::rows(&tally, job.candidates, least)).transpose()?;
    let comparison =
        Comparison::of(tally, job.candidates, policies, (as_of.to_string(), job.minutes_per_review));
    let notes =
        records.iter().flat_map(|input| input.notes.iter().map(move |note| format!("{} {note}", input.name)));
    let notes = notes.collect();
    let folder = match folder {
        None => None,
        Some(mut folder) => {
            if let Some((csv, parquet)) = tables {
                folder.close(csv)?;
                folder.close(parquet.finish()?)?;
            }
            let engine = EngineRecord::of(job);
            let rest = write::Rest {
                job,
                names: &names,
                inputs: records,
                rejected,
                evidence: evidence.account(verdicts)?,
                has_evidence: !evidence.is_none(),
                counts,
                public,
            };
            write::write(&mut folder, &comparison, engine, rest)?;
            drop(sources);
            Some(folder.finish()?)
        }
    };
    Ok(Done { comparison, folder, counts, notes })
}

fn stopped() -> RunError {
    RunError::Stopped { what: "a thread ended before it was done".into() }
}

/// A county that is in none of the rows is a slip of the pen, as it is for a decision.
fn check_counties(engine: &Engine, tally: &Tally) -> Result<(), RunError> {
    let known = &engine.setting().counties;
    for county in engine.policies().iter().filter_map(|policy| policy.county()) {
        let none_named = tally.counties.is_empty() && known.iter().any(|name| name == county);
        if tally.counties.contains_key(county) || none_named {
            continue;
        }
        let mut seen: Vec<(&str, u64)> =
            tally.counties.iter().map(|(name, number)| (&**name, *number)).collect();
        seen.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(other.0)));
        let near = vacatur_policy::nearest(county, seen.iter().map(|(name, _)| *name)).or_else(|| {
            vacatur_policy::nearest(county, known.iter().map(String::as_str)).filter(|_| seen.is_empty())
        });
        return Err(RunError::County {
            county: county.to_owned(),
            near: near.map(str::to_owned),
            seen: seen.iter().take(10).map(|(name, _)| (*name).to_owned()).collect(),
        });
    }
    Ok(())
}

vacatur_records::silent_debug!(Done);
