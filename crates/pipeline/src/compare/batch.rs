//! One batch of people: read and assembled as for a decision, and decided by every candidate.

use super::differences::{self, Listing};
use super::groups::{self, Dimension, NOT_RECORDED, OTHER, UNREADABLE};
use super::public::{self, Helped};
use super::tally::{NONE, OUTCOMES, PeopleOf, Tally, place};
use crate::batch::{by_subject, one_subject};
use crate::error::RunError;
use crate::evidence::{Evidence, Verdict};
use crate::people::OnRecord;
use crate::rejects;
use crate::table::{Cells, Columns as TableColumns, Rows};
use crate::unread::Unread;
use std::sync::Mutex;
use vacatur_eligibility::{Engine, Prepared, Standing, Worker};
use vacatur_ingest::doj::{Assembler, Columns, UnplacedRow, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::people::{Batch, Person as Group};
use vacatur_ingest::rows::{Block, Row};
use vacatur_ingest::source::Source;
use vacatur_policy::OutcomeKind;
use vacatur_records::{Date, DateSpan, FileIx, Level, Person, Place, Text};

/// What all batches share.
pub(super) struct Shared<'s> {
    pub(super) engine: &'s Engine,
    pub(super) layout: &'s Layout,
    pub(super) columns: &'s Columns,
    pub(super) words: &'s Words,
    pub(super) sources: &'s [Source],
    pub(super) names: &'s [String],
    pub(super) unread: &'s Unread,
    pub(super) evidence: &'s Evidence,
    pub(super) listing: Listing,
    /// The columns of the table of differences.
    pub(super) table: TableColumns,
    /// How many of the candidates were chosen; the baselines come after them.
    pub(super) chosen: usize,
    /// Whether there is to be a table for the public.
    pub(super) public: bool,
    /// What the threads have counted. A batch takes one of them and brings it back.
    pub(super) tallies: Mutex<Vec<Tally>>,
}

impl Shared<'_> {
    fn candidates(&self) -> usize {
        self.engine.policies().len()
    }

    fn stopped() -> RunError {
        RunError::Stopped { what: "a thread ended before it was done".into() }
    }

    fn take(&self) -> Result<Tally, RunError> {
        let mut tallies = self.tallies.lock().map_err(|_| Self::stopped())?;
        Ok(tallies.pop().unwrap_or_else(|| Tally::new(self.candidates())))
    }

    fn bring(&self, tally: Tally) -> Result<(), RunError> {
        self.tallies.lock().map_err(|_| Self::stopped())?.push(tally);
        Ok(())
    }
}

/// What a thread keeps between batches.
pub(super) struct Hands<'s> {
    shared: &'s Shared<'s>,
    block: Block,
    assembler: Assembler<'s>,
    worker: Worker<'s>,
    /// The answers about one person: of count `n` and candidate `c` at `n * candidates + c`.
    answers: Vec<u32>,
}

/// What a batch leaves beside what is counted.
pub(super) struct Done {
    pub(super) rows: Rows,
    pub(super) rejects: Vec<rejects::Line>,
    pub(super) verdicts: Vec<(u32, Verdict)>,
    pub(super) bytes: u64,
}

impl<'s> Hands<'s> {
    pub(super) fn new(shared: &'s Shared<'s>) -> Self {
        Self {
            shared,
            block: Block::new(shared.layout),
            assembler: Assembler::new(shared.columns, shared.words),
            worker: shared.engine.worker(),
            answers: Vec::new(),
        }
    }

    /// Does some people.
    pub(super) fn batch(&mut self, batch: &Batch) -> Result<Done, RunError> {
        let shared = self.shared;
        batch.load(shared.sources, &mut self.block)?;
        let mut done = Done {
            rows: Rows::new(shared.table),
            rejects: Vec::new(),
            verdicts: Vec::new(),
            bytes: batch.bytes(),
        };
        let mut tally = shared.take()?;
        let block = std::mem::replace(&mut self.block, Block::new(shared.layout));
        let (mut rows, mut at): (Vec<Row<'_>>, usize) = (Vec::new(), 0);
        for group in &batch.people {
            let own = at..at + group.runs.len();
            at = own.end;
            rows.clear();
            own.for_each(|run| rows.extend(block.run_rows(run)));
            if one_subject(&rows, shared.layout.subject()) {
                self.person(group, &rows, &mut tally, &mut done)?;
                continue;
            }
            for rows in by_subject(&rows, shared.layout.subject()) {
                self.person(group, &rows, &mut tally, &mut done)?;
            }
        }
        drop(rows);
        self.block = block;
        shared.bring(tally)?;
        Ok(done)
    }

    fn person(
        &mut self,
        group: &Group,
        rows: &[Row<'_>],
        tally: &mut Tally,
        done: &mut Done,
    ) -> Result<(), RunError> {
        let shared = self.shared;
        let subject = rows.first().map_or(&[][..], |row| row.field(shared.layout.subject()));
        let ciis = rows.iter().map(|row| row.field(shared.columns.cii()));
        let mut rejected = shared.unread.of_person(group.subject, ciis)?;
        if group.subject.is_none() {
            rejected.extend(rows.iter().map(|row| Place {
                file: FileIx(row.source()),
                line: row.line(),
                column: None,
            }));
            rejected.sort_unstable();
            rejected.dedup();
        }
        let mut unplaced: Vec<UnplacedRow> = Vec::new();
        let mut person = self.assembler.assemble(Text::of(subject), rows, rejected, &mut unplaced);
        tally.people += 1;
        tally.unnamed += u64::from(group.subject.is_none());
        tally.rows_used += (rows.len() - unplaced.len()) as u64;
        for row in &unplaced {
            let line = rejects::Line::unplaced(row);
            tally.duplicates += u64::from(line.is_duplicate());
            done.rejects.push(line);
        }
        let lines = shared.evidence.about(Text::of(subject).as_str().as_bytes());
        if !lines.is_empty() {
            let told = shared.evidence.testimonies(lines);
            let verdicts = self.worker.take_evidence(&mut person, &told);
            done.verdicts.extend(lines.iter().copied().zip(verdicts));
        }
        let prepared = self.worker.prepare(&person);
        let decided = self.decide(&prepared, tally);
        self.count(&prepared, decided, tally, done);
        self.worker.done_with(prepared);
        Ok(())
    }

    /// Asks every candidate about every count. Whether any of them has one in its scope.
    fn decide(&mut self, prepared: &Prepared<'_, '_>, tally: &mut Tally) -> bool {
        let candidates = self.shared.candidates();
        self.answers.clear();
        self.answers.resize(prepared.person().counts.len() * candidates, NONE);
        let (worker, answers) = (&self.worker, &mut self.answers);
        let mut any = false;
        for candidate in 0..candidates {
            worker.determine(prepared, candidate, |found| {
                any = true;
                let section = worker.section_number(prepared, found.count);
                let decision = found.decision();
                let number = tally.sections.id(section);
                let made = (candidate as u16, decision.deciding, decision.outcome, decision.missing, number);
                let id = tally.answers.id(made, || found.reason(section).into());
                if let Some(cell) = answers.get_mut(found.count as usize * candidates + candidate) {
                    *cell = id;
                }
                if decision.outcome == OutcomeKind::Review {
                    *tally.missing.entry((candidate as u16, decision.missing)).or_default() += 1;
                }
            });
        }
        any
    }

    /// Counts a person and the convictions, and lists those of which the answers differ.
    fn count(&self, prepared: &Prepared<'_, '_>, decided: bool, tally: &mut Tally, done: &mut Done) {
        let (shared, person) = (self.shared, prepared.person());
        let candidates = shared.candidates();
        let as_of = shared.engine.setting().as_of;
        counties(person, &shared.engine.setting().counties, tally);
        let race = shown(shared.words.race(&person.race.as_str()).to_owned());
        let sex = shown(shared.words.sex(&person.sex.as_str()).to_owned());
        let age = groups::age(person.birth.value.years_until(DateSpan::on(as_of)));
        let own = Dimension::OF_PEOPLE.map(|dimension| {
            let name = match dimension {
                Dimension::Age => age,
                Dimension::Sex => &sex,
                Dimension::Race => &race,
                _ => Dimension::All.word(),
            };
            let table = &mut tally.tables[dimension as usize];
            let group = table.group(name, candidates);
            if let Some(people) = table.in_file.get_mut(group) {
                *people += 1;
            }
            if let Some(people) = table.concerned.get_mut(group).filter(|_| decided) {
                *people += 1;
            }
            (dimension, group)
        });
        let standings = self.worker.standings(prepared);
        tally.convictions_on_record += standings.iter().filter(|one| !one.vacated).count() as u64;
        if !decided {
            return;
        }
        let complete =
            person.is_complete() && person.counts.iter().all(|count| !count.convicted.value.is_unknown());
        let mut helped: Helped = [0; 4];
        for (candidate, relieved) in (0..candidates).zip(tally.relieved.iter_mut()) {
            let column = self.answers.iter().skip(candidate).step_by(candidates);
            let outcomes = column.map(|&id| kind(tally.answers.outcome(id)));
            let (people, number) = standing(outcomes, &standings, complete, as_of);
            if people == PeopleOf::default() {
                continue;
            }
            if let Some(people) = number.checked_sub(1).and_then(|at| relieved.get_mut(at.min(4))) {
                *people += 1;
            }
            if people.helped > 0 {
                public::set(&mut helped, candidate);
            }
            for (dimension, group) in own {
                let table = &mut tally.tables[dimension as usize];
                if let Some(of) = table.people.get_mut(group * candidates + candidate) {
                    of.add(people);
                }
            }
        }
        for (dimension, group) in own.into_iter().filter(|_| shared.public) {
            *tally.helped.entry((dimension as u8, group as u32, helped)).or_default() += 1;
        }
        for (at, count) in person.counts.iter().enumerate() {
            let Some(answers) = self.answers.get(at * candidates..(at + 1) * candidates) else { continue };
            if answers.iter().all(|&id| id == NONE) {
                continue;
            }
            let section = match self.worker.section_number(prepared, at as u32) {
                "" => UNREADABLE,
                number => number,
            };
            let date = prepared.date_of(at as u32).value;
            let year = groups::year(date).map(|year| year.to_string());
            let year =
                year.as_deref().unwrap_or(if date.is_unknown() { NOT_RECORDED } else { groups::UNCERTAIN });
            let county = county(&count.county.value.as_str(), &shared.engine.setting().counties);
            let level = groups::level(count.level.value);
            let names = [
                (Dimension::Section, section),
                (Dimension::Level, level),
                (Dimension::Year, year),
                (Dimension::County, county),
            ];
            let of_count = names.map(|(dimension, name)| {
                (dimension, tally.tables[dimension as usize].group(name, candidates))
            });
            for (dimension, group) in own.into_iter().chain(of_count) {
                let table = &mut tally.tables[dimension as usize];
                let cells = table.convictions.get_mut(group * candidates..(group + 1) * candidates);
                for (cell, &id) in cells.into_iter().flatten().zip(answers) {
                    let outcome = tally.answers.outcome(id).map(usize::from);
                    if let Some(number) = outcome.and_then(|outcome| cell.get_mut(outcome)) {
                        *number += 1;
                    }
                }
            }
            self.differences(prepared, at, answers, tally, done);
        }
    }

    /// Notes the answers about a count, and lists it if they differ.
    fn differences(
        &self,
        prepared: &Prepared<'_, '_>,
        at: usize,
        answers: &[u32],
        tally: &mut Tally,
        done: &mut Done,
    ) {
        let shared = self.shared;
        let differ = |answers: &[u32]| {
            let mut outcomes = answers.iter().map(|&id| tally.answers.outcome(id));
            outcomes.next().is_some_and(|first| outcomes.any(|other| other != first))
        };
        let chosen = answers.get(..shared.chosen).is_some_and(differ);
        let listed = match shared.listing {
            Listing::Nothing => false,
            Listing::Chosen => chosen,
            Listing::All => differ(answers),
        };
        tally.differing += u64::from(chosen);
        tally.pattern(answers).convictions += 1;
        if !listed {
            return;
        }
        let (known, patterns) = (&tally.answers, &mut tally.patterns);
        let Some(pattern) = patterns.get_mut(answers) else { return };
        let cells = pattern.cells.get_or_insert_with(|| {
            let told = answers.iter().filter_map(|&id| known.get(id));
            let texts: Vec<&str> = told.flat_map(|answer| [answer.word(), &*answer.reason]).collect();
            Cells::of(&texts)
        });
        let person = prepared.person();
        let Some(count) = person.counts.get(at) else { return };
        let row = person.rows.get(count.row.at());
        let date = prepared.date_of(at as u32).value;
        differences::Line {
            subject: &person.subject.expose().as_str(),
            order: &count.order.to_string(),
            section: self.worker.section(prepared, at as u32),
            level: count.level.value.map_or("", Level::word),
            county: &count.county.value.as_str(),
            date: &if date.is_unknown() { String::new() } else { date.to_string() },
            case_number: &count.case_number.as_str(),
            chosen,
            file: row.and_then(|row| shared.names.get(row.file.at())).map_or("", String::as_str),
            line: row.map(|row| row.line as i64),
        }
        .write(cells, &mut done.rows);
    }
}

/// The outcome at a place.
fn kind(at: Option<u8>) -> Option<OutcomeKind> {
    at.and_then(|at| OutcomeKind::ALL.get(usize::from(at)).copied())
}

/// How a person stands under one candidate, of whom these are the outcomes by count; and how many convictions are relieved.
fn standing(
    outcomes: impl Iterator<Item = Option<OutcomeKind>>,
    standings: &[Standing],
    complete: bool,
    as_of: Date,
) -> (PeopleOf, usize) {
    let mut granted: Vec<(u32, OutcomeKind)> = Vec::new();
    let mut numbers = [0u32; OUTCOMES];
    for (count, outcome) in outcomes.enumerate() {
        let Some(outcome) = outcome else { continue };
        if let Some(number) = numbers.get_mut(place(outcome)) {
            *number += 1;
        }
        if outcome.is_grant() {
            granted.push((count as u32, outcome));
        }
    }
    let mut people = PeopleOf {
        in_scope: u64::from(numbers.iter().any(|number| *number > 0)),
        helped: u64::from(!granted.is_empty()),
        review: u64::from(numbers.get(place(OutcomeKind::Review)).is_some_and(|number| *number > 0)),
        ..PeopleOf::default()
    };
    if granted.is_empty() {
        return (people, 0);
    }
    let of = |count: u32| {
        let at = granted.binary_search_by_key(&count, |one| one.0).ok()?;
        granted.get(at).map(|one| one.1)
    };
    let (before, after) = OnRecord::of(standings.iter().copied(), as_of, of);
    let gone = after.felonies == 0 && after.level_unknown == 0;
    let may_be_gone = before.felonies + before.level_unknown > 0 && after.felonies == 0;
    if complete && before.felonies > 0 && gone {
        people.felony_free = 1;
    } else if may_be_gone {
        people.felony_unclear = 1;
    }
    if before.convictions > 0 && after.convictions == 0 {
        if complete {
            people.record_free = 1;
        } else {
            people.record_unclear = 1;
        }
    }
    people.recent_free = u64::from(complete && before.recent > 0 && after.recent == 0);
    (people, granted.len())
}

/// The word for what is recorded, or for nothing.
fn shown(text: String) -> String {
    if text.is_empty() { NOT_RECORDED.to_owned() } else { text }
}

/// A county as it may be shown: one that the setting lists.
fn county<'c>(recorded: &str, known: &'c [String]) -> &'c str {
    if recorded.trim().is_empty() {
        return NOT_RECORDED;
    }
    let normal = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
    let own = known.iter().find(|name| name.as_str() == recorded);
    own.or_else(|| {
        let plain = normal(recorded);
        known.iter().find(|name| **name == plain)
    })
    .map_or(OTHER, String::as_str)
}

/// Counts the counties of a person's record, to notice later that one asked for is in no row.
fn counties(person: &Person<'_>, known: &[String], tally: &mut Tally) {
    for alike in person.counts.chunk_by(|one, next| one.county.value == next.county.value) {
        let Some(count) = alike.first() else { continue };
        let number = alike.len() as u64;
        match county(&count.county.value.as_str(), known) {
            NOT_RECORDED => tally.without_county += number,
            OTHER => {}
            name => match tally.counties.get_mut(name) {
                Some(seen) => *seen += number,
                None => {
                    tally.counties.insert(name.into(), number);
                }
            },
        }
    }
}
