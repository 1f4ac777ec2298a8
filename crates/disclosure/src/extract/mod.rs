//! A research extract of a run: a row for each decided conviction, or for each person, in which everybody is like at least `k - 1` others
//! in all that somebody may know of them.
//!
//! Whole columns are made coarser first (global recoding), at the levels that lose least of all that are enough; rows that
//! are still of too few people are left out. What is held is one number for each combination, not for each person.

mod check;
mod classes;
mod columns;
mod error;
mod levels;
mod rows;
mod write;

pub use error::ExtractError;

use classes::{Classes, Ground, Levels};
use levels::Column;
use serde::Deserialize;
use std::fs::File;
use std::path::{Path, PathBuf};

/// What a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A decided conviction.
    Convictions,
    /// A person with a decided conviction.
    People,
}

/// What an extract is to be.
#[derive(Clone, Debug)]
pub struct Options {
    /// What a row is of.
    pub of: Of,
    /// How many people must be alike; at least 2.
    pub k: u64,
    /// The share of the rows that may be left out, 0 to 1.
    pub most_lost: f64,
    /// The names of columns to leave out.
    pub without: Vec<String>,
}

impl Options {
    /// The columns that others may know.
    pub(crate) fn columns(&self) -> Vec<Column> {
        let mut all = self.all_columns();
        all.retain(|column| !self.without.iter().any(|name| name == column.name()));
        all
    }

    fn all_columns(&self) -> Vec<Column> {
        use Column::{Age, County, FirstYear, Level, Race, Section, Sex, Year};
        match self.of {
            Of::Convictions => vec![Section, Level, Race, Age, Year, County, Sex],
            Of::People => vec![Race, Age, FirstYear, County, Sex],
        }
    }
}

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Extract {
    /// The folder.
    pub folder: PathBuf,
    /// Each column with the level that it is at, by their names.
    pub columns: Vec<(String, String)>,
    /// Rows written.
    pub rows: u64,
    /// Rows left out.
    pub rows_lost: u64,
    /// People who lost a row: none, or at least `k`.
    pub people_lost: u64,
    /// Combinations that are left.
    pub classes: u64,
    /// The fewest people in one; at least `k`.
    pub fewest: u64,
    /// Combinations in which all rows have one outcome: whoever is known to be in one is known to have it.
    pub one_outcome: u64,
    /// Rows of these.
    pub rows_of_one_outcome: u64,
}

/// Makes a research extract of a finished run in a new folder: `extract.csv`, `extract.parquet`, `codebook.json`, `codebook.md` and
/// `manifest.json`. What is written is read again and counted against the run before the folder has its name.
///
/// # Errors
///
/// A folder that is no finished run, is encrypted or was changed; a run of fewer than `k` people; columns of which nothing would be left; a folder that
/// is there already or cannot be written.
pub fn extract(run: &Path, out: &Path, options: &Options) -> Result<Extract, ExtractError> {
    let all = options.all_columns();
    if let Some(name) = options.without.iter().find(|name| !all.iter().any(|column| column.name() == *name)) {
        let known: Vec<&str> = all.iter().map(|column| column.name()).collect();
        return Err(ExtractError::NoSuchColumn { name: name.clone(), known: known.join(", ") });
    }
    if std::fs::symlink_metadata(out).is_ok() {
        return Err(ExtractError::Exists { path: out.to_owned() });
    }
    let of_run = open(run)?;
    let ground = Ground::of(run, options)?;
    if ground.rows == 0 {
        return Err(ExtractError::Nothing);
    }
    if ground.people < options.k {
        return Err(ExtractError::TooFew { k: options.k });
    }
    let useless = || ExtractError::Useless { k: options.k, percent: options.most_lost * 100.0 };
    let mut refused: Vec<Levels> = Vec::new();
    loop {
        let levels = ground.choose(options, &refused).ok_or_else(useless)?;
        let says_something =
            options.columns().iter().zip(&levels).any(|(column, level)| level + 1 < column.levels().len());
        if !says_something {
            return Err(useless());
        }
        let mut classes = classes::count(run, options, &levels)?;
        let (left_out, people_lost) = classes::leave_out(run, options, &levels, &mut classes)?;
        let lost: u64 = left_out.values().map(classes::Class::rows).sum();
        if classes.is_empty() || lost as f64 > options.most_lost * ground.rows as f64 {
            // People counted once are fewer than the choice took them for.
            refused.push(levels);
            continue;
        }
        let extract = said(out, options, &levels, &classes, lost, people_lost);
        return write::write(run, &of_run, options, &levels, &classes, &extract).map(|()| extract);
    }
}

fn said(
    out: &Path,
    options: &Options,
    levels: &Levels,
    classes: &Classes,
    rows_lost: u64,
    people_lost: u64,
) -> Extract {
    let at = |(column, level): (&Column, &usize)| {
        (column.name().to_owned(), column.levels().get(*level).copied().unwrap_or_default().to_owned())
    };
    let same = classes.values().filter(|class| class.outcomes.len() == 1);
    Extract {
        folder: out.to_owned(),
        columns: options.columns().iter().zip(levels).map(at).collect(),
        rows: classes.values().map(classes::Class::rows).sum(),
        rows_lost,
        people_lost,
        classes: classes.len() as u64,
        fewest: classes.values().map(|class| class.people).min().unwrap_or(0),
        one_outcome: same.clone().count() as u64,
        rows_of_one_outcome: same.map(classes::Class::rows).sum(),
    }
}

/// What an extract says of the run that it was made of.
pub(crate) struct OfRun {
    pub(crate) manifest: String,
    pub(crate) policy: String,
    pub(crate) as_of: String,
}

#[derive(Deserialize)]
struct Manifest {
    as_of: String,
    policy: Policy,
    outputs: Vec<Output>,
}

#[derive(Deserialize)]
struct Policy {
    id: String,
}

#[derive(Deserialize)]
struct Output {
    name: String,
    blake3: String,
}

/// Opens the folder of a run, and sees to it that its tables are those that it made.
fn open(dir: &Path) -> Result<OfRun, ExtractError> {
    let not = |what: String| ExtractError::NotARun { path: dir.to_owned(), what };
    let bytes = std::fs::read(dir.join("manifest.json")).map_err(|error| {
        if dir.join("manifest.json.age").is_file() {
            ExtractError::Sealed { path: dir.to_owned() }
        } else {
            not(format!("manifest.json: {error}"))
        }
    })?;
    let manifest: Manifest =
        serde_json::from_slice(&bytes).map_err(|error| not(format!("manifest.json: {error}")))?;
    for name in [rows::PEOPLE, rows::DETERMINATIONS] {
        let listed = manifest.outputs.iter().find(|output| output.name == name);
        let listed = listed.ok_or_else(|| ExtractError::Older { path: dir.to_owned() })?;
        let path = dir.join(name);
        if hash(&path).map_err(ExtractError::unreadable(&path))? != listed.blake3 {
            return Err(ExtractError::Changed { path });
        }
    }
    Ok(OfRun {
        manifest: blake3::hash(&bytes).to_hex().to_string(),
        policy: manifest.policy.id,
        as_of: manifest.as_of,
    })
}

fn hash(path: &Path) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}
