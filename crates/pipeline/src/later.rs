//! `horizon.csv`: who becomes eligible in which month, if nothing new is recorded.

use crate::spreadsheet::write_record;
use std::collections::BTreeMap;
use vacatur_eligibility::{Determination, Prepared, Turn, Worker};
use vacatur_records::Date;

/// Lines of the file in memory.
pub(crate) type Table = csv::Writer<Vec<u8>>;

pub(crate) const COLUMNS: [&str; 12] = [
    "month",
    "on",
    "subject_id",
    "cnt_order",
    "section",
    "county",
    "conviction_date",
    "case_number",
    "outcome",
    "relief",
    "reason",
    "now",
];

/// A month, as `2026-05`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month(String);

impl Month {
    pub(crate) fn of(day: Date) -> Self {
        Self(format!("{:04}-{:02}", day.year(), day.month()))
    }

    /// As a line of the file has it.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits =
            |text: &str, number| text.len() == number && text.bytes().all(|byte| byte.is_ascii_digit());
        (digits(year, 4) && digits(month, 2)).then(|| Self(text.to_owned()))
    }
}

pub(crate) fn table() -> Table {
    csv::WriterBuilder::new().from_writer(Vec::new())
}

/// The header row.
pub(crate) fn header() -> Vec<u8> {
    let mut line = COLUMNS.join(",").into_bytes();
    line.push(b'\n');
    line
}

/// A line for each turn of a person.
pub(crate) fn rows(
    turns: &[Turn<'_>],
    now: &[Determination<'_>],
    worker: &Worker<'_>,
    prepared: &Prepared<'_, '_>,
    table: &mut Table,
) {
    let person = prepared.person();
    for turn in turns {
        let at = turn.then.count;
        let count = &person.counts[at as usize];
        let number = worker.section_number(prepared, at);
        let today = Determination::of_count(now, at);
        let today =
            today.map_or_else(String::new, |found| format!("{}: {}", found.relief(), found.reason(number)));
        write_record(
            table,
            [
                Month::of(turn.on).0.as_str(),
                &turn.on.to_string(),
                &person.subject.expose().as_str(),
                &count.order.to_string(),
                worker.section(prepared, at),
                &count.county.value.as_str(),
                &prepared.date_of(at).value.to_string(),
                &count.case_number.as_str(),
                turn.then.outcome().word(),
                &turn.then.relief(),
                &turn.then.reason(number),
                &today,
            ],
        );
    }
}

/// How many convictions turn in each month.
#[derive(Clone, Debug, Default)]
pub(crate) struct Months(BTreeMap<Month, u64>);

impl Months {
    pub(crate) fn add(&mut self, months: impl IntoIterator<Item = Month>) {
        for month in months {
            *self.0.entry(month).or_default() += 1;
        }
    }

    /// As they were at a checkpoint.
    pub(crate) fn again(months: BTreeMap<String, u64>) -> Self {
        Self(months.into_iter().map(|(month, number)| (Month(month), number)).collect())
    }

    pub(crate) fn finish(&self) -> BTreeMap<String, u64> {
        self.0.iter().map(|(month, number)| (month.0.clone(), *number)).collect()
    }
}
