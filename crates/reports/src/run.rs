//! A finished run, opened for a report.

use crate::count::{CONVICTIONS, PEOPLE};
use crate::error::ReportError;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use vacatur_pipeline::{Manifest, RunError};

const MANIFEST: &str = "manifest.json";
const SUMMARY: &str = "summary.json";

/// A finished run whose tables are those that its manifest names.
#[derive(Debug)]
pub struct Run {
    pub(crate) dir: PathBuf,
    pub(crate) manifest: Manifest,
    /// The BLAKE3 of the manifest.
    pub(crate) hash: String,
    /// The tables read, with their hashes.
    pub(crate) read: Vec<(String, String)>,
    pub(crate) summary: Summary,
}

/// What a report's totals are checked against.
#[derive(Debug, Deserialize)]
pub(crate) struct Summary {
    pub(crate) people: SummaryPeople,
    pub(crate) by_outcome: BTreeMap<String, u64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SummaryPeople {
    pub(crate) in_file: u64,
    pub(crate) in_scope: u64,
    pub(crate) with_relief: u64,
}

impl Run {
    /// Opens the folder of a finished run, and sees to it that its tables are those that it made.
    ///
    /// # Errors
    /// A folder that is no finished run, is encrypted, was made by a version that wrote no `people.parquet`, or was changed.
    pub fn open(dir: &Path) -> Result<Self, ReportError> {
        let broken = |what: String| RunError::NotARun { path: dir.to_owned(), what };
        let bytes = std::fs::read(dir.join(MANIFEST)).map_err(|error| {
            if dir.join(format!("{MANIFEST}.age")).is_file() {
                RunError::Sealed { path: dir.to_owned() }
            } else {
                broken(format!("{MANIFEST}: {error}"))
            }
        })?;
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|error| broken(format!("{MANIFEST}: {error}")))?;
        let mut read = Vec::new();
        for name in [PEOPLE, CONVICTIONS, SUMMARY] {
            let listed = manifest.outputs.iter().find(|output| output.name == name);
            let listed = match listed {
                Some(listed) => listed,
                None if name == PEOPLE => {
                    return Err(ReportError::Older { path: dir.to_owned(), file: PEOPLE });
                }
                None => return Err(broken(format!("{MANIFEST} does not list {name}")).into()),
            };
            let hash = hash(&dir.join(name)).map_err(|error| broken(format!("{name}: {error}")))?;
            if hash != listed.blake3 {
                return Err(ReportError::Changed { path: dir.to_owned(), file: name.into() });
            }
            if name != SUMMARY {
                read.push((name.to_owned(), hash));
            }
        }
        let summary =
            std::fs::read(dir.join(SUMMARY)).map_err(|error| broken(format!("{SUMMARY}: {error}")))?;
        let summary =
            serde_json::from_slice(&summary).map_err(|error| broken(format!("{SUMMARY}: {error}")))?;
        let hash = blake3::hash(&bytes).to_hex().to_string();
        Ok(Self { dir: dir.to_owned(), manifest, hash, read, summary })
    }

    /// The folder of the run.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// How many people it has.
    #[must_use]
    pub fn people(&self) -> u64 {
        self.manifest.counts.people
    }

    /// Says whether what was counted is what the run says of itself.
    pub(crate) fn agrees(&self, counts: &crate::count::Counts) -> Result<(), ReportError> {
        use crate::person::{HELPED, IN_FILE, IN_SCOPE};
        let outcome = |name: &str| self.summary.by_outcome.get(name).copied().unwrap_or(0);
        let mut totals = vec![
            ("people", counts.people.of(IN_FILE), self.manifest.counts.people, MANIFEST),
            ("determinations", counts.convictions.all, self.manifest.counts.determinations, MANIFEST),
            ("people", counts.people.of(IN_FILE), self.summary.people.in_file, SUMMARY),
            ("people in scope", counts.people.of(IN_SCOPE), self.summary.people.in_scope, SUMMARY),
            ("people with relief", counts.people.of(HELPED), self.summary.people.with_relief, SUMMARY),
        ];
        for (name, count) in crate::count::OUTCOMES.iter().zip(counts.outcomes) {
            totals.push((name, count, outcome(name), SUMMARY));
        }
        for (what, here, there, file) in totals {
            if here != there {
                return Err(ReportError::Mismatch { path: self.dir.clone(), what, here, there, file });
            }
        }
        Ok(())
    }
}

fn hash(path: &Path) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}
