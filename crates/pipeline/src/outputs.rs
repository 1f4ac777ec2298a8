//! The files of a run that grow with it, and what is counted on the way.

use crate::batch::Done;
use crate::bear;
use crate::checkpoint::{Checkpoint, Counted};
use crate::error::RunError;
use crate::evidence::Verdict;
use crate::folder::{Folder, Output};
use crate::index::{self, Index};
use crate::later;
use crate::log::Log;
use crate::parquet_file::ParquetFile;
use crate::people;
use crate::rejects;
use crate::review;
use crate::summary::Tally;
use crate::table;
use std::collections::BTreeMap;
use std::io::Read;
use vacatur_ingest::layout::Layout;
use vacatur_ingest::sorter::{Fixed, Sorter};

/// The files of determinations.
const CSV: &str = "determinations.csv";
const PARQUET: &str = "determinations.parquet";
/// Scratch files.
const ENTRIES: &str = ".index-entries";
const PEOPLE: &str = ".index-people";
const STRETCHES: &str = ".index-stretches";
const REJECTS: &str = ".rejects";

/// Which files a run has beside those that every run has.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) bear: bool,
    pub(crate) evidence: bool,
    pub(crate) horizon: bool,
}

/// The files that grow with the run.
pub(crate) struct Outputs {
    /// All but the Parquet files, which are made again from the CSV files if the run is gone on with.
    texts: Vec<Output>,
    determinations: ParquetFile,
    people: ParquetFile,
    pub(crate) index: Index,
    rejects: Log,
}

impl Outputs {
    /// New files; or those of an interrupted run, as they were at its checkpoint.
    pub(crate) fn open(
        folder: &mut Folder<'_>,
        layout: &Layout,
        wanted: Wanted,
        from: Option<&Checkpoint>,
    ) -> Result<Self, RunError> {
        let mut texts = Vec::new();
        for (name, header) in files(layout, wanted) {
            texts.push(match from {
                Some(checkpoint) => folder.again(name, checkpoint.length(name))?,
                None => {
                    let mut file = folder.file(name)?;
                    file.put(&header)?;
                    file
                }
            });
        }
        let mut determinations = ParquetFile::new(folder.file(PARQUET)?, "determinations", table::COLUMNS)?;
        let mut people = ParquetFile::new(folder.file(people::PARQUET)?, "people", people::COLUMNS)?;
        if let Some(checkpoint) = from {
            determinations.again(&folder.path().join(CSV), checkpoint.length(CSV))?;
            people.again(&folder.path().join(people::CSV), checkpoint.length(people::CSV))?;
        }
        let mut log = |name| {
            let path = folder.scratch(name);
            Log::open(path, from.map_or(0, |checkpoint| checkpoint.length(name)))
        };
        let index = Index::new(log(ENTRIES)?, log(PEOPLE)?, log(STRETCHES)?);
        Ok(Self { texts, determinations, people, index, rejects: log(REJECTS)? })
    }

    /// Sees to it that all files are on the disk, and says how long each is.
    fn sync(&mut self) -> Result<BTreeMap<String, u64>, RunError> {
        let mut lengths = BTreeMap::new();
        for file in &mut self.texts {
            lengths.insert(file.name().to_owned(), file.sync()?);
        }
        for log in self.index.logs().into_iter().chain([&mut self.rejects]) {
            log.sync()?;
            lengths.insert(log.name(), log.len());
        }
        Ok(lengths)
    }

    /// Closes the files. What is left is the index, and the rejects of the second pass, which join the others.
    pub(crate) fn close(
        self,
        folder: &mut Folder<'_>,
        rejects: &mut Sorter<rejects::Line>,
    ) -> Result<Index, RunError> {
        folder.close(self.determinations.finish()?)?;
        folder.close(self.people.finish()?)?;
        for file in self.texts {
            folder.close(file)?;
        }
        let (mut log, length) = self.rejects.read()?;
        let mut bytes = [0; rejects::Line::BYTES];
        let mut moved = || -> std::io::Result<()> {
            for _ in 0..length / rejects::Line::BYTES as u64 {
                log.read_exact(&mut bytes)?;
                rejects.push(rejects::Line::get(&bytes))?;
            }
            Ok(())
        };
        moved().map_err(RunError::write(folder.path(), "sorting"))?;
        Ok(self.index)
    }
}

/// The growing files and their header rows, in the order in which a batch has their texts.
fn files(layout: &Layout, wanted: Wanted) -> Vec<(&'static str, Vec<u8>)> {
    let mut files =
        vec![(CSV, table::header(table::COLUMNS)), ("review.csv", review::header(&review::REVIEW))];
    files.push((people::CSV, table::header(people::COLUMNS)));
    if wanted.horizon {
        files.push(("horizon.csv", later::header()));
    }
    if wanted.evidence {
        files.push(("evidence_effects.csv", review::header(&review::EFFECTS)));
    }
    if wanted.bear {
        let full = bear::header(layout.columns().iter().map(|column| column.name.as_str()));
        let condensed = bear::header(bear::CONDENSED.into_iter());
        files.extend(bear::FILES.into_iter().zip([full.clone(), condensed, full]));
    }
    files
}

/// What has been taken from the batches.
#[derive(Default)]
pub(crate) struct Totals {
    /// How many people are done.
    pub(crate) people: u64,
    pub(crate) tally: Tally,
    pub(crate) rows_used: u64,
    pub(crate) duplicates: u64,
    pub(crate) unnamed: u64,
    pub(crate) carried: u64,
    pub(crate) turns: later::Months,
    pub(crate) questions: u64,
    pub(crate) changed: u64,
    pub(crate) verdicts: Vec<(u32, Verdict)>,
    /// Bytes of rows done since the last checkpoint.
    since: u64,
}

impl Totals {
    /// What had been counted at a checkpoint. None if another version counted.
    pub(crate) fn again(people: u64, counted: Counted) -> Option<Self> {
        Some(Self {
            people,
            tally: counted.tally.tally()?,
            rows_used: counted.rows_used,
            duplicates: counted.duplicates,
            unnamed: counted.unnamed,
            carried: counted.carried,
            turns: later::Months::again(counted.turns),
            questions: counted.questions,
            changed: counted.changed,
            verdicts: counted.verdicts,
            since: 0,
        })
    }

    /// Takes the next batch.
    pub(crate) fn take(&mut self, done: Done, outputs: &mut Outputs) -> Result<(), RunError> {
        let mut rows = done.rows;
        let columns = std::mem::take(&mut rows.columns);
        let text = |table: review::Table| {
            table.into_inner().map_err(|error| RunError::Stopped { what: error.to_string() })
        };
        outputs.determinations.add(columns, rows.rows)?;
        let mut people = done.people_rows;
        outputs.people.add(std::mem::take(&mut people.columns), people.rows)?;
        let mut texts = vec![rows.csv, text(done.review)?, people.csv];
        texts.extend(done.later.map(text).transpose()?);
        texts.extend(done.effects.map(text).transpose()?);
        texts.extend(done.bear.into_iter().flatten());
        debug_assert_eq!(texts.len(), outputs.texts.len());
        let mut bases = [0; 3];
        for (file, bytes) in outputs.texts.iter_mut().zip(texts) {
            if let Some(base) = index::LINES.iter().zip(&mut bases).find(|(name, _)| **name == file.name()) {
                *base.1 = file.len();
            }
            file.put(&bytes)?;
        }
        let mut bytes = [0; rejects::Line::BYTES];
        for reject in &done.rejects {
            reject.put(&mut bytes);
            outputs.rejects.put(&bytes)?;
        }
        for person in &done.found {
            outputs.index.add(person, bases)?;
        }
        self.turns.add(done.turns);
        self.tally.add(done.tally);
        self.people += done.people;
        self.rows_used += done.rows_used;
        self.duplicates += done.duplicates;
        self.unnamed += done.unnamed;
        self.carried += done.carried;
        self.questions += done.questions;
        self.changed += done.changed;
        self.verdicts.extend(done.verdicts);
        self.since += done.bytes;
        Ok(())
    }

    /// Leaves a checkpoint if so many bytes of rows were done since the last one.
    pub(crate) fn checkpoint(
        &mut self,
        every: u64,
        run: &str,
        folder: &mut Folder<'_>,
        outputs: &mut Outputs,
    ) -> Result<(), RunError> {
        if self.since < every {
            return Ok(());
        }
        self.since = 0;
        let checkpoint = Checkpoint {
            run: run.to_owned(),
            people: self.people,
            lengths: outputs.sync()?,
            counted: Counted {
                tally: (&self.tally).into(),
                rows_used: self.rows_used,
                duplicates: self.duplicates,
                unnamed: self.unnamed,
                carried: self.carried,
                questions: self.questions,
                changed: self.changed,
                turns: self.turns.finish(),
                verdicts: self.verdicts.clone(),
            },
        };
        checkpoint.write(folder.path())?;
        folder.leave();
        Ok(())
    }
}
