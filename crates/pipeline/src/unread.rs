//! What could not be read, and whose it may be.
//!
//! A line that could not be read, or a row that does not say whose it is, may hold anything: a murder, a registration, a
//! relief. Whoever it may belong to has a record that is not complete, so that nothing is granted there because
//! something was not found.

use crate::error::RunError;
use crate::index::key;
use rustc_hash::FxHashMap;
use vacatur_ingest::doj::Columns;
use vacatur_ingest::layout::Layout;
use vacatur_ingest::reject::{Reject, RejectReason};
use vacatur_ingest::rows::Block;
use vacatur_ingest::source::Source;
use vacatur_ingest::survey::{Groups, Run, SubjectKey, Survey};
use vacatur_records::{FileIx, Place};

/// Places of lines and rows, by the person whose they may be.
#[derive(Default)]
pub(crate) struct Unread {
    by_subject: FxHashMap<SubjectKey, Vec<Place>>,
    by_cii: FxHashMap<u128, Vec<Place>>,
}

impl Unread {
    pub(crate) fn of(
        survey: &Survey,
        groups: &Groups,
        sources: &[Source],
        layout: &Layout,
        columns: &Columns,
    ) -> Result<Self, RunError> {
        let mut unread = Self::default();
        for reject in &survey.rejects {
            unread.reject(reject, &survey.runs);
        }
        // Rows without a subject number that carry a CII number.
        let mut block = Block::new(layout);
        for group in groups.iter().filter(|group| group.subject.is_none()) {
            block.load(sources, group.runs.iter().filter_map(|&run| survey.runs.get(run as usize)))?;
            for row in block.rows() {
                let cii = row.field(columns.cii());
                if !cii.is_empty() {
                    let place = Place { file: FileIx(row.source()), line: row.line(), column: None };
                    unread.by_cii.entry(key(cii)).or_default().push(place);
                }
            }
        }
        Ok(unread)
    }

    /// A line is of the person it names. Where it names none, or its columns have slipped, it may be of either of its
    /// neighbours.
    fn reject(&mut self, reject: &Reject, runs: &[Run]) {
        let place = Place {
            file: FileIx(reject.source),
            line: reject.line,
            column: reject.column.map(|column| column as u16),
        };
        let slipped =
            matches!(reject.reason, RejectReason::TooFewColumns { .. } | RejectReason::TooManyColumns { .. });
        let mut whose: Vec<SubjectKey> = reject.subject.into_iter().collect();
        let after = runs.partition_point(|run| (run.source, run.offset) < (reject.source, reject.offset));
        let neighbours: Vec<SubjectKey> = [after.checked_sub(1), Some(after)]
            .into_iter()
            .flatten()
            .filter_map(|at| runs.get(at))
            .filter(|run| run.source == reject.source)
            .filter_map(|run| run.subject)
            .collect();
        // A number that a row beside it has too was read from the right column.
        let sure = reject.subject.is_some_and(|subject| !slipped || neighbours.contains(&subject));
        if !sure {
            whose.extend(neighbours);
        }
        whose.dedup();
        for subject in whose {
            let places = self.by_subject.entry(subject).or_default();
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
    }

    /// What may be of a person.
    pub(crate) fn of_person<'c>(
        &self,
        subject: Option<SubjectKey>,
        ciis: impl Iterator<Item = &'c [u8]>,
    ) -> Vec<Place> {
        let mut places =
            subject.and_then(|subject| self.by_subject.get(&subject)).cloned().unwrap_or_default();
        if !self.by_cii.is_empty() {
            let mut last: &[u8] = &[];
            for cii in ciis.filter(|cii| !cii.is_empty()) {
                if cii != last {
                    places.extend(self.by_cii.get(&key(cii)).into_iter().flatten());
                    last = cii;
                }
            }
            places.sort_unstable();
            places.dedup();
        }
        places
    }
}
