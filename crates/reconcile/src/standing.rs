//! Where each conviction stands: what the court's file and the state's say of it together.

use crate::matching::{Differs, Doubt, Found, Matched, StateCase, StateFound, matched};
use crate::offence::Offences;
use crate::state::StateRecord;
use crate::table::Lines;
use vacatur_records::{CountOrder, CourtCase, DateSpan, Level, Truth};

/// Where a conviction of the court's file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The state's file has it.
    InState,
    /// The state's file has the person, and not this conviction.
    CaseMissing,
    /// The state's file does not have the person.
    PersonUnknown,
    /// It cannot be told.
    CannotTell,
}

impl Status {
    /// As tables write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::InState => "in_state",
            Self::CaseMissing => "case_missing",
            Self::PersonUnknown => "person_unknown",
            Self::CannotTell => "cannot_tell",
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::InState => "in the state's file",
            Self::CaseMissing => "person known, case missing",
            Self::PersonUnknown => "person unknown to the state",
            Self::CannotTell => "cannot tell",
        }
    }
}

/// What the state's record leaves open of a count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lacks {
    pub(crate) level: bool,
    pub(crate) date: bool,
    pub(crate) outcome: bool,
    /// The offence cannot be read.
    pub(crate) section: bool,
}

/// Where a charge of the court stands.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) status: Status,
    pub(crate) why: Option<Doubt>,
    pub(crate) differs: Vec<Differs>,
    /// The state's count, of a charge that the state has.
    pub(crate) order: Option<CountOrder>,
    pub(crate) lacks: Lacks,
    /// The step of the state's record that holds the case without this count: its count number is the next free one.
    pub(crate) beside: Option<CountOrder>,
}

impl Standing {
    pub(crate) fn new(status: Status, why: Option<Doubt>) -> Self {
        Self { status, why, differs: Vec::new(), order: None, lacks: Lacks::default(), beside: None }
    }
}

/// What is found of a person of the state's file.
pub(crate) struct PersonFound {
    pub(crate) subject: String,
    /// The cycles that the record uses.
    pub(crate) cycles: Vec<u16>,
    /// By the number of the case and of the charge.
    pub(crate) standings: Vec<(u32, usize, Standing)>,
    /// Lines of the table of the state's convictions.
    pub(crate) lines: Vec<u8>,
    pub(crate) tally: StateTally,
    /// Charges of defendants in doubt that may be counts of this record: case and charge.
    pub(crate) maybe_here: Vec<(u32, usize)>,
}

impl PersonFound {
    /// Somebody of whom nothing was found.
    pub(crate) fn nothing(subject: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            cycles: Vec::new(),
            standings: Vec::new(),
            lines: Vec::new(),
            tally: StateTally::default(),
            maybe_here: Vec::new(),
        }
    }
}

/// How the state's convictions stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct StateTally {
    /// The court has them and says the same.
    pub confirmed: u64,
    /// The court has them and says something else.
    pub in_conflict: u64,
    /// The court's file does not have them.
    pub not_found: u64,
    /// A charge of the court may be them.
    pub cannot_tell: u64,
}

impl StateTally {
    pub(crate) fn add(&mut self, other: Self) {
        self.confirmed += other.confirmed;
        self.in_conflict += other.in_conflict;
        self.not_found += other.not_found;
        self.cannot_tell += other.cannot_tell;
    }
}

/// The columns of the table of the state's convictions.
pub(crate) const STATE_COLUMNS: [&str; 16] = [
    "subject_id",
    "cii_number",
    "cnt_order",
    "case_number",
    "section",
    "level",
    "conviction_date",
    "status",
    "differs",
    "court_file",
    "court_line",
    "court_case_number",
    "court_section",
    "court_level",
    "court_date",
    "court_disposition",
];

/// Compares a person's record with the cases that are surely the person's. `cases` are numbers of `all`.
pub(crate) fn of_person(
    record: &StateRecord,
    cases: &[u32],
    all: &[CourtCase],
    names: &[String],
    offences: &mut Offences<'_>,
) -> PersonFound {
    let own: Vec<&CourtCase> = cases.iter().filter_map(|&at| all.get(at as usize)).collect();
    let Matched { court, state } = matched(&own, &record.cases, offences);
    let mut found = PersonFound {
        subject: record.subject.clone(),
        cycles: record.cycles.clone(),
        standings: Vec::new(),
        lines: Vec::new(),
        tally: StateTally::default(),
        maybe_here: Vec::new(),
    };
    for (at, case) in court.into_iter().enumerate() {
        let Some(&number) = cases.get(at) else { continue };
        for (charge, what) in case.into_iter().enumerate() {
            found.standings.push((number, charge, standing(what, &record.cases, offences)));
        }
    }
    let mut lines = Lines::new();
    for (case, answers) in record.cases.iter().zip(state) {
        for (count, answer) in case.counts.iter().zip(answers) {
            if !count.convicted.is_yes() {
                continue;
            }
            let (word, differs, charge) = match answer {
                StateFound::InCourt { charge, differs } if differs.is_empty() => {
                    found.tally.confirmed += 1;
                    ("confirmed", differs, Some(charge))
                }
                StateFound::InCourt { charge, differs } => {
                    found.tally.in_conflict += 1;
                    ("in_conflict", differs, Some(charge))
                }
                StateFound::NotFound => {
                    found.tally.not_found += 1;
                    ("not_found", Vec::new(), None)
                }
                StateFound::CannotTell => {
                    found.tally.cannot_tell += 1;
                    ("cannot_tell", Vec::new(), None)
                }
            };
            let beside = charge.and_then(|(at, number)| {
                let case = own.get(at)?;
                Some((*case, case.charges.get(number)?))
            });
            let mut cells: Vec<String> = vec![
                record.subject.clone(),
                record.cii.clone(),
                count.order.to_string(),
                case.number.clone(),
                or_as_written(offences.normal(&count.offence), &count.offence),
                level(count.level).to_owned(),
                date(count.date),
                word.to_owned(),
                words(&differs),
            ];
            match beside {
                Some((case, charge)) => cells.extend([
                    names.get(case.file as usize).cloned().unwrap_or_default(),
                    charge.line.to_string(),
                    case.number.clone(),
                    or_as_written(offences.normal(charge.offence()), charge.offence()),
                    level(charge.level).to_owned(),
                    charge.disposed.map_or_else(String::new, |(span, _)| date(span)),
                    charge.disposition_text.clone(),
                ]),
                None => cells.extend(std::iter::repeat_n(String::new(), 7)),
            }
            lines.row(&cells);
        }
    }
    found.lines = lines.take();
    found
}

/// Which charges of cases that may be the person's are in the record, or may be.
pub(crate) fn maybe_here(
    record: &StateRecord,
    cases: &[u32],
    all: &[CourtCase],
    offences: &mut Offences<'_>,
) -> Vec<(u32, usize)> {
    let mut here = Vec::new();
    for &number in cases {
        let Some(case) = all.get(number as usize) else { continue };
        let found = matched(&[case], &record.cases, offences).court.into_iter().next().unwrap_or_default();
        let there = found.iter().enumerate().filter(|(_, found)| !matches!(found, Found::Missing { .. }));
        here.extend(there.map(|(charge, _)| (number, charge)));
    }
    here
}

fn standing(what: Found, state: &[StateCase], offences: &mut Offences<'_>) -> Standing {
    match what {
        Found::InState { count: (i, j), differs } => {
            let count = state.get(i).and_then(|case| case.counts.get(j));
            Standing {
                differs,
                order: count.map(|count| count.order),
                lacks: count.map_or_else(Lacks::default, |count| Lacks {
                    level: count.level.is_none(),
                    date: count.date.known().is_none(),
                    outcome: count.convicted == Truth::Unknown,
                    section: offences.of(&count.offence).is_none(),
                }),
                ..Standing::new(Status::InState, None)
            }
        }
        Found::Missing { case } => Standing {
            beside: case
                .and_then(|at| state.get(at))
                .and_then(|case| case.counts.iter().map(|count| count.order).max()),
            ..Standing::new(Status::CaseMissing, None)
        },
        Found::CannotTell(why) => Standing::new(Status::CannotTell, Some(why)),
    }
}

/// What differs, in words.
pub(crate) fn words(differs: &[Differs]) -> String {
    differs.iter().map(|one| one.word()).collect::<Vec<_>>().join("; ")
}

/// A level in a word.
pub(crate) fn level(level: Option<Level>) -> &'static str {
    level.map_or("", Level::word)
}

/// A date as tables write it: what is known of it.
pub(crate) fn date(span: DateSpan) -> String {
    if span.is_unknown() { String::new() } else { span.to_string() }
}

/// The normal form, or what was written where it cannot be read.
pub(crate) fn or_as_written(normal: String, written: &str) -> String {
    if normal.is_empty() { written.to_owned() } else { normal }
}
