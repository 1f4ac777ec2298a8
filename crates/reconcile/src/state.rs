//! What is read of the state's file: who people are, and their court cases in one county.

use crate::matching::{StateCase, StateCount};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::rows::Row;
use vacatur_records::{Column, DateSpan, DispositionKind, Person, Private, StepKind, Text};

/// Somebody in the state's file, as far as it says who they are. Everything is as recorded.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct StateIdentity {
    /// The subject number.
    pub subject: String,
    /// `LAST,FIRST MIDDLE`.
    pub name: String,
    /// Other names given at arrests.
    pub also: Vec<String>,
    /// Eight digits, `00` for parts that are not known; empty if there is no birth date, or several.
    pub born: String,
    /// As recorded.
    pub sex: String,
    /// As recorded.
    pub race: String,
    /// The state's identification number.
    pub cii: String,
    /// The number of the federal record.
    pub fbi: String,
    /// Social security number.
    pub ssn: String,
    /// Driver's license number.
    pub license: String,
}

vacatur_records::silent_debug!(StateIdentity);

/// The columns that only the linker looks at, by number from 0.
pub(crate) struct IdentityColumns {
    also: Option<usize>,
    fbi: Option<usize>,
    ssn: Option<usize>,
    license: Option<usize>,
    birth: Option<usize>,
}

impl IdentityColumns {
    pub(crate) fn of(layout: &Layout) -> Self {
        Self {
            // The name given at the arrest has no meaning in the layout: nothing is decided by it.
            also: layout.column("REQ_NAME"),
            fbi: layout.field("fbi_number"),
            ssn: layout.field("ssn"),
            license: layout.field("driver_license"),
            birth: layout.field("birth_date"),
        }
    }

    /// Who the person of these rows is; none for a row without a subject number, which is nobody's.
    pub(crate) fn identity(&self, person: &Person<'_>, rows: &[Row<'_>]) -> Option<StateIdentity> {
        let subject = plain(&person.subject);
        if subject.is_empty() {
            return None;
        }
        let first = |column: Option<usize>| -> String {
            let Some(column) = column else { return String::new() };
            let found = rows.iter().map(|row| row.field(column)).find(|cell| !cell.is_empty());
            found.map_or_else(String::new, |cell| Text::of(cell).as_str().into_owned())
        };
        let name = plain(&person.name);
        let mut also: Vec<String> = Vec::new();
        if let Some(column) = self.also {
            let mut last: &[u8] = &[];
            for row in rows {
                let cell = row.field(column);
                if cell.is_empty() || cell == last {
                    continue;
                }
                last = cell;
                let other = Text::of(cell).as_str().into_owned();
                if other != name && !also.contains(&other) {
                    also.push(other);
                }
            }
            also.sort_unstable();
        }
        let several = person.birth.gap == Some(vacatur_records::Gap::Conflict);
        Some(StateIdentity {
            name,
            also,
            born: if several { String::new() } else { first(self.birth) },
            sex: person.sex.as_str().into_owned(),
            race: person.race.as_str().into_owned(),
            cii: plain(&person.cii),
            fbi: first(self.fbi),
            ssn: first(self.ssn),
            license: first(self.license),
            subject,
        })
    }
}

fn plain(text: &Private<Text<'_>>) -> String {
    text.expose().as_str().into_owned()
}

/// The record of a person who is linked to cases of the court.
pub(crate) struct StateRecord {
    /// The subject number.
    pub(crate) subject: String,
    /// The CII number.
    pub(crate) cii: String,
    /// Court cases in the counties asked for, and in those that the record does not name.
    pub(crate) cases: Vec<StateCase>,
    /// The cycles that the record uses.
    pub(crate) cycles: Vec<u16>,
}

/// Takes from a person's record what cases are compared with. `key` gives a case number in the court's form.
pub(crate) fn record(person: &Person<'_>, counties: &[String], key: &dyn Fn(&str) -> String) -> StateRecord {
    let mut cases: Vec<(u32, StateCase)> = Vec::new();
    for count in &person.counts {
        let event = person.event_of(count);
        let county = count.county.value.as_str();
        let here = county.is_empty() || counties.iter().any(|name| name.eq_ignore_ascii_case(&county));
        if event.kind != StepKind::Court || !here {
            continue;
        }
        let reliefs = person.dispositions_of(count).iter().filter_map(|one| match one.kind {
            DispositionKind::Relief(kind) => Some(kind),
            _ => None,
        });
        let offence = count.charge.offence();
        let offence = if offence.is_blank() { &count.charge.comment } else { offence };
        let place = person.rows.get(count.row.at());
        let read_as_level = count.level.seen.first().is_some_and(|seen| {
            // The level of the charge only stands in for that of the conviction.
            seen.is_none_or(|seen| seen.column != Column::ChargeLevel)
        });
        let found = StateCount {
            order: count.order,
            offence: offence.as_str().into_owned(),
            level: count.level.value.filter(|_| read_as_level),
            convicted: count.convicted.value,
            date: if count.date.gap.is_some() && count.date.value.known().is_some() {
                DateSpan::UNKNOWN
            } else {
                count.date.value
            },
            reliefs: reliefs.collect(),
            place: place.map_or((0, 0), |row| (row.file.0, row.line)),
        };
        let number = count.case_number.as_str().into_owned();
        match cases.iter_mut().find(|(step, case)| *step == event.case && case.number == number) {
            Some((_, case)) => case.counts.push(found),
            None => {
                let case = StateCase { key: key(&number), number, counts: vec![found] };
                cases.push((event.case, case));
            }
        }
    }
    let cases = with_numbers(cases);
    let mut cycles: Vec<u16> = person.counts.iter().map(|count| count.order.cycle()).collect();
    cycles.sort_unstable();
    cycles.dedup();
    StateRecord { subject: plain(&person.subject), cii: plain(&person.cii), cases, cycles }
}

/// The state writes a case's number on its first count only. The counts of a step without one belong to the step's case, if
/// it has one number.
fn with_numbers(cases: Vec<(u32, StateCase)>) -> Vec<StateCase> {
    let (numbered, bare): (Vec<_>, Vec<_>) = cases.into_iter().partition(|(_, case)| !case.number.is_empty());
    let mut all = numbered;
    for (step, case) in bare {
        let mut own = all.iter_mut().filter(|(other, _)| *other == step);
        match (own.next(), own.next()) {
            (Some((_, first)), None) => first.counts.extend(case.counts),
            _ => all.push((step, case)),
        }
    }
    all.into_iter().map(|(_, case)| case).collect()
}
