//! What the first pass finds, sorted while it is found so that memory does not grow with it.

use crate::error::RunError;
use crate::rejects;
use crate::unread::{Gathering, Unread};
use std::path::Path;
use vacatur_ingest::doj::Columns;
use vacatur_ingest::layout::Layout;
use vacatur_ingest::people::{Batches, Gather, Tuning};
use vacatur_ingest::reject::{Reject, RejectReason};
use vacatur_ingest::rows::BlockError;
use vacatur_ingest::sorter::{BUDGET, Sorter};
use vacatur_ingest::source::Source;
use vacatur_ingest::survey::{Finds, Run, SourceSummary};

/// Rows, and lines that are none, on the way to people.
pub(crate) struct Finding<'a> {
    sources: &'a [Source],
    people: Gather,
    unread: Gathering<'a>,
    rejects: Sorter<rejects::Line>,
    /// The first line of each source that is no row.
    first: Vec<Option<(u64, RejectReason)>>,
    bytes: u64,
}

/// All that was found.
pub(crate) struct Found {
    /// People, in the order of their first rows.
    pub(crate) batches: Batches,
    /// Lines that are no rows.
    pub(crate) rejects: Sorter<rejects::Line>,
    /// Whose they may be.
    pub(crate) unread: Unread,
    /// The length of all rows.
    pub(crate) bytes: u64,
}

impl<'a> Finding<'a> {
    pub(crate) fn new(
        sources: &'a [Source],
        layout: &'a Layout,
        columns: &'a Columns,
        scratch: &Path,
    ) -> Self {
        Self {
            sources,
            people: Gather::new(scratch, Tuning::default()),
            unread: Gathering::new(sources, layout, columns, scratch),
            rejects: Sorter::new(scratch, BUDGET / 2),
            first: vec![None; sources.len()],
            bytes: 0,
        }
    }

    fn run(&mut self, run: Run) -> Result<(), BlockError> {
        self.bytes += run.bytes;
        self.unread.run(&run)?;
        self.people.push(run).map_err(|error| BlockError::Scratch { error })
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), BlockError> {
        if let Some(first) = self.first.get_mut(reject.source as usize) {
            first.get_or_insert((reject.line, reject.reason));
        }
        let kept = self.unread.reject(reject).and_then(|()| self.rejects.push(rejects::Line::unread(reject)));
        kept.map_err(|error| BlockError::Scratch { error })
    }

    /// A file of which not one line is a row is something else than an extract.
    pub(crate) fn some_rows(&self, sources: &[SourceSummary]) -> Result<(), RunError> {
        let none = |source: &SourceSummary| {
            source.rows == 0 && source.rejects > 0 && !source.header && source.duplicate_of.is_none()
        };
        let Some((source, first)) = sources.iter().zip(&self.first).find(|(source, _)| none(source)) else {
            return Ok(());
        };
        let reason = first.map(|(line, reason)| format!("line {line}: {reason}")).unwrap_or_default();
        Err(RunError::NoRows { input: source.name.clone(), lines: source.rejects, reason })
    }

    /// People, and what may be whose.
    pub(crate) fn finish(self, scratch: &Path, progress: &dyn Fn(u64)) -> Result<Found, RunError> {
        Ok(Found {
            unread: self.unread.finish(scratch)?,
            batches: self.people.finish(self.sources, progress)?,
            rejects: self.rejects,
            bytes: self.bytes,
        })
    }
}

impl Finds for Finding<'_> {
    fn take(&mut self, runs: Vec<Run>, rejects: Vec<Reject>) -> Result<(), BlockError> {
        let mut rejects = rejects.into_iter().peekable();
        for run in runs {
            while let Some(reject) =
                rejects.next_if(|reject| (reject.source, reject.offset) < (run.source, run.offset))
            {
                self.reject(&reject)?;
            }
            self.run(run)?;
        }
        rejects.try_for_each(|reject| self.reject(&reject))
    }
}
