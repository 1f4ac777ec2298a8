//! What the first pass tells a log: places, numbers and the program's own words. No cell, and no hash of one.

use super::SourceSummary;
use super::part::Part;
use crate::reject::Reject;

/// A stretch of a source has been joined to what comes before it.
pub(super) fn segment(source: usize, part: &Part) {
    tracing::debug!(
        source,
        from = part.start,
        to = part.end,
        rows = part.rows,
        rejects = part.rejects.len(),
        "segment surveyed"
    );
}

/// A source has been gone over.
pub(super) fn surveyed(summary: &SourceSummary) {
    tracing::info!(
        input = summary.name.as_str(),
        bytes = summary.bytes,
        lines = summary.lines,
        rows = summary.rows,
        rejects = summary.rejects,
        blank_lines = summary.blank_lines,
        header = summary.header,
        duplicate_of = summary.duplicate_of,
        "input surveyed"
    );
}

/// Lines of a source have been found to be no rows.
pub(super) fn rejected(input: &str, rejects: &[Reject]) {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    for reject in rejects {
        tracing::debug!(
            input,
            line = reject.line,
            column = reject.column,
            reason = reject.reason.code(),
            "line rejected"
        );
    }
}
