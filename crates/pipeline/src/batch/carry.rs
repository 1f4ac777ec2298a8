//! A person of whom nothing has changed since the run before: the lines of that run are taken over.
//!
//! The person is read and assembled all the same, so that places, the summary and the spreadsheets are those of this
//! run. What is taken over goes through the same tables as what is decided. If anything of the old lines does not fit
//! the person, the person is decided.

use super::{Done, Hands, OUT_OF_SCOPE, Told};
use crate::error::RunError;
use crate::index::Found;
use crate::later;
use crate::review;
use crate::since::records;
use crate::spreadsheet::write_record;
use crate::summary::Decided;
use crate::table::{self, COLUMNS, Kind};
use csv::StringRecord;
use std::borrow::Cow;
use vacatur_eligibility::Prepared;
use vacatur_ingest::rows::Row;
use vacatur_policy::{Missing, MissingSet, OutcomeKind};
use vacatur_records::{CountOrder, Person};

/// The lines of a person in the run before.
pub(super) struct Carried {
    lines: Vec<Line>,
    review: Vec<StringRecord>,
    turns: Vec<(later::Month, StringRecord)>,
}

/// A determination of the run before.
struct Line {
    /// The count in this run.
    count: u32,
    cells: StringRecord,
    outcome: OutcomeKind,
    missing: MissingSet,
    /// What the statute itself gives, where the runs say so.
    statute: Option<Option<OutcomeKind>>,
}

/// Where the cells stand that are read.
#[derive(Clone, Copy)]
pub(super) struct Places {
    subject: usize,
    order: usize,
    outcome: usize,
    reason: usize,
    missing: usize,
    proxies: usize,
    file: usize,
    line: usize,
    statute: usize,
}

impl Places {
    pub(super) fn of_table() -> Option<Self> {
        Some(Self {
            subject: table::place("subject_id")?,
            order: table::place("cnt_order")?,
            outcome: table::place("outcome")?,
            reason: table::place("reason")?,
            missing: table::place("missing")?,
            proxies: table::place("proxies")?,
            file: table::place("file")?,
            line: table::place("line")?,
            statute: table::place("statute_outcome")?,
        })
    }
}

impl Hands<'_> {
    /// The lines of a person in the run before, if nothing has changed and all of them fit.
    pub(super) fn carried(&self, found: &Found, person: &Person<'_>) -> Result<Option<Carried>, RunError> {
        let (Some(since), Some(places)) = (self.shared.since, self.places) else { return Ok(None) };
        let Some([determinations, review, horizon]) = since.lines_of(found)? else { return Ok(None) };
        let read = || {
            let mut lines: Vec<Line> = Vec::new();
            for cells in records(&determinations)? {
                let after = lines.last().map(|line| line.count);
                lines.push(self.line(cells, &places, person, after)?);
            }
            let subject = person.subject.expose().as_str();
            let of_person = |cells: &StringRecord, at: usize, length: usize| {
                cells.len() == length && cells.get(at).is_some_and(|cell| cell == subject)
            };
            let review = records(&review)?;
            if !review.iter().all(|cells| of_person(cells, 0, review::REVIEW.len())) {
                return None;
            }
            let mut turns = Vec::new();
            for cells in records(&horizon)? {
                if !of_person(&cells, 2, later::COLUMNS.len()) {
                    return None;
                }
                turns.push((later::Month::read(cells.get(0)?)?, cells));
            }
            Some(Carried { lines, review, turns })
        };
        Ok(read())
    }

    /// A determination of the run before, if it fits a count after the one before it.
    fn line(
        &self,
        cells: StringRecord,
        places: &Places,
        person: &Person<'_>,
        after: Option<u32>,
    ) -> Option<Line> {
        if cells.len() != COLUMNS.len() || cells.get(places.subject)? != person.subject.expose().as_str() {
            return None;
        }
        let order = CountOrder::parse(cells.get(places.order)?.as_bytes()).ok()?;
        let from = after.map_or(0, |last| last as usize + 1);
        let mut counts = person.counts.iter().enumerate().skip(from);
        let (count, _) = counts.find(|(_, count)| count.order == order)?;
        let count = u32::try_from(count).ok()?;
        let missing = cells.get(places.missing)?;
        let mut set = MissingSet::NONE;
        for name in missing.split("; ").filter(|name| !name.is_empty()) {
            set = set.and(MissingSet::of(Missing::named(name)?));
        }
        if set.to_string() != missing {
            return None;
        }
        let beside = self.shared.engine.statute().is_some();
        let statute = match (beside, cells.get(places.statute)?) {
            (true, OUT_OF_SCOPE) => Some(None),
            (true, word) => Some(Some(OutcomeKind::named(word)?)),
            (false, "") => None,
            (false, _) => return None,
        };
        let mut numbers = cells.iter().zip(COLUMNS).filter(|(_, (_, kind, _))| *kind == Kind::Number);
        if !numbers.all(|(cell, _)| cell.is_empty() || cell.parse::<i64>().is_ok()) {
            return None;
        }
        let outcome = OutcomeKind::named(cells.get(places.outcome)?)?;
        Some(Line { count, cells, outcome, missing: set, statute })
    }

    /// Takes over what the run before decided of a person.
    pub(super) fn carry(
        &self,
        carried: &Carried,
        person: &Person<'_>,
        prepared: &Prepared<'_, '_>,
        rows: &[Row<'_>],
        done: &mut Done,
    ) {
        let Some(places) = self.places else { return };
        done.carried += 1;
        for cells in &carried.review {
            write_record(&mut done.review, cells);
        }
        done.questions += carried.review.len() as u64;
        for (month, cells) in &carried.turns {
            done.turns.push(month.clone());
            if let Some(later) = &mut done.later {
                write_record(later, cells);
            }
        }
        let told: Vec<Told<'_>> = carried
            .lines
            .iter()
            .map(|line| Told {
                count: line.count,
                outcome: line.outcome,
                reason: Cow::Borrowed(line.cells.get(places.reason).unwrap_or_default()),
            })
            .collect();
        let relief = told.iter().any(|one| one.outcome.is_grant());
        let needed = relief || (self.shared.bear && !told.is_empty());
        let history = needed.then(|| self.worker.history(prepared));
        let beside = self.shared.engine.statute().is_some();
        let entitled = beside.then(|| {
            carried.lines.iter().any(|line| line.statute.flatten().is_some_and(OutcomeKind::is_grant))
        });
        self.tally((person, prepared), &told, (history.as_ref(), entitled), done);
        for line in &carried.lines {
            let count = &person.counts[line.count as usize];
            done.tally.determination(Decided {
                section: self.worker.section_number(prepared, line.count),
                level: count.level.value,
                outcome: line.outcome,
                reason: line.cells.get(places.reason).unwrap_or_default(),
                missing: line.missing,
                proxy: line.cells.get(places.proxies).is_some_and(|cell| !cell.is_empty()),
                statute: line.statute,
            });
            let row = person.rows[count.row.at()];
            for (at, (cell, (_, kind, _))) in line.cells.iter().zip(COLUMNS).enumerate() {
                match kind {
                    _ if at == places.file => {
                        done.rows.text(self.shared.names.get(row.file.at()).map_or("", String::as_str));
                    }
                    _ if at == places.line => done.rows.number(Some(row.line as i64)),
                    Kind::Text => done.rows.text(cell),
                    Kind::Number => done.rows.number(cell.parse().ok()),
                }
            }
            done.rows.end_row();
        }
        if self.shared.bear {
            self.spreadsheets(person, prepared, &told, history.as_ref(), rows, done);
        }
    }
}
