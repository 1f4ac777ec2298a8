//! `review.csv`: what has to be known before the open convictions can be decided, to be filled in and given back; and
//! `evidence_effects.csv`: what the evidence changed.

use crate::spreadsheet::write_record;
use vacatur_eligibility::{Determination, Prepared, Question, Worker};
use vacatur_records::{Level, Person};

/// The columns of `review.csv`. Whoever gives the file back fills the last five.
pub(crate) const REVIEW: [&str; 16] = [
    "subject_id",
    "cnt_order",
    "needed_for",
    "section",
    "level",
    "conviction_date",
    "county",
    "case_number",
    "fact",
    "question",
    "answers",
    "value",
    "document",
    "said_by",
    "said_on",
    "how",
];

/// The columns of `evidence_effects.csv`.
pub(crate) const EFFECTS: [&str; 9] = [
    "subject_id",
    "cnt_order",
    "outcome_before",
    "outcome",
    "reason_before",
    "reason",
    "missing_before",
    "missing",
    "evidence",
];

/// The word for a conviction that has no determination.
const OUT_OF_SCOPE: &str = "out_of_scope";

/// A table in memory.
pub(crate) type Table = csv::Writer<Vec<u8>>;

pub(crate) fn table() -> Table {
    csv::WriterBuilder::new().from_writer(Vec::new())
}

/// A header row.
pub(crate) fn header(columns: &[&str]) -> Vec<u8> {
    let mut line = columns.join(",").into_bytes();
    line.push(b'\n');
    line
}

/// Writes a line for each question.
pub(crate) fn ask(
    questions: &[Question],
    worker: &Worker<'_>,
    person: &Person<'_>,
    prepared: &Prepared<'_, '_>,
    out: &mut Table,
) {
    for question in questions {
        let count = &person.counts[question.count as usize];
        let date = prepared.date_of(question.count).value;
        write_record(
            out,
            [
                &*person.subject.expose().as_str(),
                &count.order.to_string(),
                &person.counts[question.decided as usize].order.to_string(),
                worker.section(prepared, question.count),
                count.level.value.map_or("", Level::word),
                &if date.is_unknown() { String::new() } else { date.to_string() },
                &count.county.value.as_str(),
                &count.case_number.as_str(),
                question.fact,
                &question.text,
                &question.answers,
                "",
                "",
                "",
                "",
                "",
            ],
        );
    }
}

/// What was decided of a count, as far as evidence may change it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    count: u32,
    outcome: &'static str,
    reason: String,
    missing: String,
}

impl Standing {
    pub(crate) fn of(
        worker: &Worker<'_>,
        prepared: &Prepared<'_, '_>,
        determination: &Determination<'_>,
    ) -> Self {
        let number = worker.section_number(prepared, determination.count);
        Self {
            count: determination.count,
            outcome: determination.outcome().word(),
            reason: determination.reason(number).into_owned(),
            missing: determination.decision().missing.to_string(),
        }
    }
}

/// Writes a line for each determination of a person that the evidence changed. Evidence adds no count and takes none
/// away, so that a count has the same index before and after. Returns how many lines.
pub(crate) fn compare(
    person: &Person<'_>,
    before: &[Standing],
    after: &[Standing],
    evidence: &str,
    out: &mut Table,
) -> u64 {
    let of = |all: &[Standing], count: u32| {
        all.iter().find(|one| one.count == count).cloned().unwrap_or_else(|| Standing {
            count,
            outcome: OUT_OF_SCOPE,
            reason: String::new(),
            missing: String::new(),
        })
    };
    let mut changed = 0;
    for at in 0..person.counts.len() as u32 {
        let (old, new) = (of(before, at), of(after, at));
        if old == new {
            continue;
        }
        changed += 1;
        write_record(
            out,
            [
                &*person.subject.expose().as_str(),
                &person.counts[at as usize].order.to_string(),
                old.outcome,
                new.outcome,
                &old.reason,
                &new.reason,
                &old.missing,
                &new.missing,
                evidence,
            ],
        );
    }
    changed
}

vacatur_records::silent_debug!(Standing);
