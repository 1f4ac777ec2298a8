//! Where an interrupted run can go on.
//!
//! A checkpoint says how many people are done, how long each growing file was then, and what had been counted. It is
//! written whole under another name and then renamed, after everything that it speaks of is on the disk.

use crate::error::RunError;
use crate::evidence::Verdict;
use crate::summary_saved::Saved;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

/// The checkpoint's name in the folder of a run in the making.
pub(crate) const NAME: &str = ".checkpoint";

/// What is counted on the way.
#[derive(Serialize, Deserialize)]
pub(crate) struct Counted {
    pub(crate) tally: Saved,
    pub(crate) rows_used: u64,
    pub(crate) duplicates: u64,
    pub(crate) unnamed: u64,
    pub(crate) carried: u64,
    pub(crate) questions: u64,
    pub(crate) changed: u64,
    pub(crate) turns: BTreeMap<String, u64>,
    pub(crate) verdicts: Vec<(u32, Verdict)>,
}

/// A run as it stood.
#[derive(Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    /// A hash of all that fixes the run's bytes: program, policies, day, data, inputs, evidence, formats, the run before.
    pub(crate) run: String,
    /// How many people are done.
    pub(crate) people: u64,
    /// How long each growing file is.
    pub(crate) lengths: BTreeMap<String, u64>,
    pub(crate) counted: Counted,
}

impl Checkpoint {
    /// Writes it in place of an earlier one.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), RunError> {
        let path = folder.join(NAME);
        let making = folder.join(format!("{NAME}.new"));
        let written = || -> std::io::Result<()> {
            let _ = fs::remove_file(&making);
            let mut file = crate::folder::private_file(&making)?;
            file.write_all(&serde_json::to_vec(self)?)?;
            file.sync_all()?;
            fs::rename(&making, &path)
        };
        written().map_err(RunError::write(&path, "writing the checkpoint"))
    }

    /// The last one in a folder, if there is one that can be read.
    pub(crate) fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(folder.join(NAME)).ok()?).ok()
    }

    pub(crate) fn length(&self, name: &str) -> u64 {
        self.lengths.get(name).copied().unwrap_or(0)
    }
}
