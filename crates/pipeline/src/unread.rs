//! What could not be read, and whose it may be.
//!
//! A line that could not be read, or a row that does not say whose it is, may hold anything: a murder, a registration, a
//! relief. Whoever it may belong to has a record that is not complete, so that nothing is granted there because
//! something was not found.

use crate::error::RunError;
use crate::index::key;
use crate::lookup::{Entry, Lookup, MOST};
use std::io;
use std::path::Path;
use vacatur_ingest::doj::Columns;
use vacatur_ingest::layout::Layout;
use vacatur_ingest::reject::{Reject, RejectReason};
use vacatur_ingest::rows::{Block, BlockError};
use vacatur_ingest::sorter::{BUDGET, Sorter};
use vacatur_ingest::source::Source;
use vacatur_ingest::survey::{Run, SubjectKey, Survey};
use vacatur_records::{FileIx, Place};

/// Rows without a subject number that are read at once.
const AT_ONCE: usize = 256;

/// Places in the gathering, while runs and rejects come in the order of the inputs.
pub(crate) struct Gathering<'a> {
    sources: &'a [Source],
    columns: &'a Columns,
    by_subject: Sorter<Entry>,
    by_cii: Sorter<Entry>,
    block: Block,
    /// Rows that do not say whose they are, still to be read.
    nobodies: Vec<Run>,
    /// The run before, and its source.
    before: Option<(u32, Option<SubjectKey>)>,
    /// Rejects whose next neighbour is not known yet, at most [`MOST`] of them.
    waiting: Vec<Waiting>,
}

struct Waiting {
    place: Place,
    subject: Option<SubjectKey>,
    /// Whether the columns may have slipped.
    slipped: bool,
    before: Option<SubjectKey>,
}

impl Waiting {
    /// A line is of the person it names. Where it names none, or its columns have slipped, it may be of either of its
    /// neighbours.
    fn whose(&self, after: Option<SubjectKey>) -> impl Iterator<Item = SubjectKey> {
        let neighbours = [self.before, after];
        // A number that a row beside it has too was read from the right column.
        let sure = self.subject.is_some_and(|subject| !self.slipped || neighbours.contains(&Some(subject)));
        let neighbours = if sure { [None, None] } else { neighbours };
        self.subject.into_iter().chain(neighbours.into_iter().flatten())
    }
}

impl<'a> Gathering<'a> {
    pub(crate) fn new(
        sources: &'a [Source],
        layout: &'a Layout,
        columns: &'a Columns,
        scratch: &Path,
    ) -> Self {
        Self {
            sources,
            columns,
            by_subject: Sorter::new(scratch, BUDGET / 2),
            by_cii: Sorter::new(scratch, BUDGET / 2),
            block: Block::new(layout),
            nobodies: Vec::new(),
            before: None,
            waiting: Vec::new(),
        }
    }

    /// The next run.
    pub(crate) fn run(&mut self, run: &Run) -> Result<(), BlockError> {
        self.settle(run.source, run.subject).map_err(kept)?;
        self.before = Some((run.source, run.subject));
        if run.subject.is_none() {
            self.nobodies.push(*run);
            if self.nobodies.len() == AT_ONCE {
                self.read_nobodies()?;
            }
        }
        Ok(())
    }

    /// The next line that is no row.
    pub(crate) fn reject(&mut self, reject: &Reject) -> io::Result<()> {
        let slipped =
            matches!(reject.reason, RejectReason::TooFewColumns { .. } | RejectReason::TooManyColumns { .. });
        let place = Place {
            file: FileIx(reject.source),
            line: reject.line,
            column: reject.column.map(|column| column as u16),
        };
        if self.waiting.first().is_some_and(|first| first.place.file != place.file) {
            self.settle(reject.source, None)?;
        }
        let before =
            self.before.filter(|(source, _)| *source == reject.source).and_then(|(_, subject)| subject);
        let waiting = Waiting { place, subject: reject.subject, slipped, before };
        if self.waiting.len() < MOST {
            self.waiting.push(waiting);
            return Ok(());
        }
        // The next neighbour has a hundred of them already.
        self.put(&waiting, None)
    }

    /// The rejects that wait have `after` as their next neighbour, if it is of their source.
    fn settle(&mut self, source: u32, after: Option<SubjectKey>) -> io::Result<()> {
        for waiting in std::mem::take(&mut self.waiting) {
            let after = after.filter(|_| waiting.place.file.0 == source);
            self.put(&waiting, after)?;
        }
        Ok(())
    }

    fn put(&mut self, waiting: &Waiting, after: Option<SubjectKey>) -> io::Result<()> {
        for subject in waiting.whose(after) {
            self.by_subject.push(Entry { key: subject.get(), place: waiting.place })?;
        }
        Ok(())
    }

    /// Rows without a subject number that carry a CII number.
    fn read_nobodies(&mut self) -> Result<(), BlockError> {
        self.block.load(self.sources, &self.nobodies)?;
        for row in self.block.rows() {
            let cii = row.field(self.columns.cii());
            if !cii.is_empty() {
                let place = Place { file: FileIx(row.source()), line: row.line(), column: None };
                self.by_cii.push(Entry { key: key(cii), place }).map_err(kept)?;
            }
        }
        self.nobodies.clear();
        Ok(())
    }

    /// All there is.
    pub(crate) fn finish(mut self, scratch: &Path) -> Result<Unread, RunError> {
        self.settle(0, None).map_err(kept)?;
        self.read_nobodies()?;
        Ok(Unread {
            by_subject: Lookup::of(self.by_subject, scratch)?,
            by_cii: Lookup::of(self.by_cii, scratch)?,
        })
    }
}

fn kept(error: io::Error) -> BlockError {
    BlockError::Scratch { error }
}

/// Places of lines and rows, by the person whose they may be.
#[derive(Default)]
pub(crate) struct Unread {
    by_subject: Lookup,
    by_cii: Lookup,
}

impl Unread {
    /// Of a survey that is held in memory.
    pub(crate) fn of(
        survey: &Survey,
        sources: &[Source],
        layout: &Layout,
        columns: &Columns,
        scratch: &Path,
    ) -> Result<Self, RunError> {
        let mut gathering = Gathering::new(sources, layout, columns, scratch);
        let mut rejects = survey.rejects.iter().peekable();
        for run in &survey.runs {
            let here = (run.source, run.offset);
            while let Some(reject) = rejects.next_if(|reject| (reject.source, reject.offset) < here) {
                gathering.reject(reject).map_err(kept)?;
            }
            gathering.run(run)?;
        }
        rejects.try_for_each(|reject| gathering.reject(reject)).map_err(kept)?;
        gathering.finish(scratch)
    }

    /// What may be of a person, at most a hundred places of each kind.
    pub(crate) fn of_person<'c>(
        &self,
        subject: Option<SubjectKey>,
        ciis: impl Iterator<Item = &'c [u8]>,
    ) -> Result<Vec<Place>, BlockError> {
        let mut places = Vec::new();
        if let Some(subject) = subject.filter(|_| !self.by_subject.is_empty()) {
            self.by_subject.places(subject.get(), &mut places).map_err(kept)?;
        }
        if !self.by_cii.is_empty() {
            let mut last: &[u8] = &[];
            for cii in ciis.filter(|cii| !cii.is_empty()) {
                if cii != last {
                    self.by_cii.places(key(cii), &mut places).map_err(kept)?;
                    last = cii;
                }
            }
            places.sort_unstable();
            places.dedup();
        }
        Ok(places)
    }
}
