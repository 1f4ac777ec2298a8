//! What a run tells a log: phases, numbers, names of files, and reasons in the program's own words. Nothing of a record.

use crate::batch::Done;
use crate::decide::{Phase, Progress};
use crate::folder::Written;
use crate::manifest::Counts;

/// Somebody who watches a run, with its phases told to the log too.
pub(crate) struct Logged<'p>(pub(crate) &'p dyn Progress);

impl Progress for Logged<'_> {
    fn phase(&self, phase: Phase, bytes: u64) {
        tracing::info!(phase = phase.word(), bytes, "phase begins");
        self.0.phase(phase, bytes);
    }

    fn advance(&self, bytes: u64) {
        self.0.advance(bytes);
    }
}

/// A batch of people has been decided.
pub(crate) fn batch(done: &Done) {
    tracing::debug!(
        bytes = done.bytes,
        people = done.found.len(),
        rows_used = done.rows_used,
        rejects = done.rejects.len(),
        questions = done.questions,
        "batch decided"
    );
    for line in &done.rejects {
        tracing::debug!(
            source = line.source,
            line = line.line,
            column = line.column,
            reason = line.code(),
            "row rejected"
        );
    }
}

/// A file of the folder is on the disk.
pub(crate) fn written(file: &Written) {
    tracing::debug!(file = file.name.as_str(), bytes = file.bytes, "file written");
}

/// The run is over and its folder has its final name.
pub(crate) fn finished(counts: &Counts) {
    tracing::info!(
        rows_in = counts.rows_in,
        rows_used = counts.rows_used,
        rejects = counts.rejects,
        people = counts.people,
        determinations = counts.determinations,
        questions = counts.questions,
        "run finished"
    );
}
