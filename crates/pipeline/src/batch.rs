//! One batch of people: read, assembled, decided, written into memory.

mod carry;

use crate::bear;
use crate::error::RunError;
use crate::evidence::{Evidence, Verdict};
use crate::index::{Found, Marks, Span, Stretch, key};
use crate::later;
use crate::people;
use crate::phrases::{Phrasebook, join};
use crate::rejects;
use crate::review::{self, Standing};
use crate::since::Since;
use crate::summary::{Decided, OnePerson, Tally};
use crate::table::{self, Rows};
use crate::unread::Unread;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use vacatur_eligibility::{Determination, Engine, History, OFFICE, Prepared, Worker, horizon};
use vacatur_ingest::doj::{Assembler, Columns, UnplacedRow, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::people::{Batch, Person as Group};
use vacatur_ingest::rows::{Block, Row};
use vacatur_ingest::source::Source;
use vacatur_policy::OutcomeKind;
use vacatur_records::{Date, DateSpan, DispositionKind, FileIx, Level, Person, Place, Text};

/// The word for a count that the statute's policy does not decide.
pub(crate) const OUT_OF_SCOPE: &str = "out_of_scope";

/// What all batches share.
pub(crate) struct Shared<'s> {
    pub(crate) engine: &'s Engine,
    pub(crate) layout: &'s Layout,
    pub(crate) columns: &'s Columns,
    pub(crate) words: &'s Words,
    pub(crate) sources: &'s [Source],
    pub(crate) names: &'s [String],
    pub(crate) unread: &'s Unread,
    pub(crate) evidence: &'s Evidence,
    pub(crate) bear: bool,
    /// How many months ahead is looked.
    pub(crate) horizon: Option<u32>,
    /// The run before, of which what has not changed is carried over.
    pub(crate) since: Option<&'s Since>,
}

/// What a thread keeps between batches.
pub(crate) struct Hands<'s> {
    shared: &'s Shared<'s>,
    block: Block,
    assembler: Assembler<'s>,
    worker: Worker<'s>,
    phrases: Phrasebook,
    condensed: Vec<usize>,
    /// Where the cells of the run before stand, if there is one that can be carried over.
    places: Option<carry::Places>,
}

/// What a batch leaves.
pub(crate) struct Done {
    pub(crate) rows: Rows,
    pub(crate) people_rows: Rows,
    pub(crate) bear: Option<[Vec<u8>; 3]>,
    pub(crate) later: Option<later::Table>,
    pub(crate) turns: Vec<later::Month>,
    pub(crate) review: review::Table,
    pub(crate) questions: u64,
    pub(crate) effects: Option<review::Table>,
    pub(crate) changed: u64,
    pub(crate) verdicts: Vec<(u32, Verdict)>,
    pub(crate) tally: Tally,
    pub(crate) rejects: Vec<rejects::Line>,
    pub(crate) found: Vec<Found>,
    pub(crate) people: u64,
    /// Those of them whose decisions were carried over from the run before.
    pub(crate) carried: u64,
    pub(crate) rows_used: u64,
    pub(crate) duplicates: u64,
    pub(crate) unnamed: u64,
    pub(crate) bytes: u64,
}

impl Done {
    /// Nothing yet, of a batch of so many people and bytes of rows.
    pub(crate) fn new(shared: &Shared<'_>, people: u64, bytes: u64) -> Self {
        Self {
            rows: Rows::new(table::COLUMNS),
            people_rows: Rows::new(people::COLUMNS),
            bear: shared.bear.then(Default::default),
            later: shared.horizon.map(|_| later::table()),
            turns: Vec::new(),
            review: review::table(),
            questions: 0,
            effects: (!shared.evidence.is_none()).then(review::table),
            changed: 0,
            verdicts: Vec::new(),
            tally: Tally::default(),
            rejects: Vec::new(),
            found: Vec::new(),
            people,
            carried: 0,
            rows_used: 0,
            duplicates: 0,
            unnamed: 0,
            bytes,
        }
    }

    /// How long the texts are of which the index says where a person's lines stand.
    fn lengths(&mut self) -> [usize; 3] {
        let length = |table: &mut csv::Writer<Vec<u8>>| {
            // Writing to memory cannot fail.
            let _ = table.flush();
            table.get_ref().len()
        };
        [self.rows.csv.len(), length(&mut self.review), self.later.as_mut().map(length).unwrap_or_default()]
    }
}

/// What was decided of a count, now or in the run before.
struct Told<'t> {
    count: u32,
    outcome: OutcomeKind,
    reason: Cow<'t, str>,
}

/// What was decided of a count, among all of a person, which stand in the order of the counts.
fn told_of<'a, 't>(told: &'a [Told<'t>], count: u32) -> Option<&'a Told<'t>> {
    told.binary_search_by_key(&count, |one| one.count).ok().and_then(|at| told.get(at))
}

impl<'s> Hands<'s> {
    pub(crate) fn new(shared: &'s Shared<'s>) -> Self {
        let condensed = bear::CONDENSED.iter().filter_map(|name| shared.layout.column(name)).collect();
        Self {
            shared,
            block: Block::new(shared.layout),
            assembler: Assembler::new(shared.columns, shared.words),
            worker: shared.engine.worker(),
            phrases: Phrasebook::default(),
            condensed,
            places: shared.since.and_then(|_| carry::Places::of_table()),
        }
    }

    /// Does some people.
    pub(crate) fn batch(&mut self, batch: &Batch) -> Result<Done, RunError> {
        let shared = self.shared;
        batch.load(shared.sources, &mut self.block)?;
        let mut done = Done::new(shared, batch.people.len() as u64, batch.bytes());
        let mut at = 0;
        let block = std::mem::replace(&mut self.block, Block::new(shared.layout));
        let mut rows: Vec<Row<'_>> = Vec::new();
        for group in &batch.people {
            let own = at..at + group.runs.len();
            at = own.end;
            rows.clear();
            own.for_each(|run| rows.extend(block.run_rows(run)));
            if one_subject(&rows, shared.layout.subject()) {
                self.person(group, &rows, &mut done)?;
                continue;
            }
            for rows in by_subject(&rows, shared.layout.subject()) {
                self.person(group, &rows, &mut done)?;
            }
        }
        drop(rows);
        self.block = block;
        Ok(done)
    }

    fn person(&mut self, group: &Group, rows: &[Row<'_>], done: &mut Done) -> Result<(), RunError> {
        let shared = self.shared;
        let ciis = rows.iter().map(|row| row.field(shared.columns.cii()));
        let mut rejected = shared.unread.of_person(group.subject, ciis)?;
        if group.subject.is_none() {
            // Somebody of whom one row is known: what else there is to know of them is not.
            rejected.extend(rows.iter().map(|row| Place {
                file: FileIx(row.source()),
                line: row.line(),
                column: None,
            }));
            rejected.sort_unstable();
            rejected.dedup();
        }
        self.record(group, rows, rejected, done)
    }

    /// The same, once it is known which lines that could not be read may be the person's.
    pub(crate) fn record(
        &mut self,
        group: &Group,
        rows: &[Row<'_>],
        rejected: Vec<Place>,
        done: &mut Done,
    ) -> Result<(), RunError> {
        let shared = self.shared;
        let subject = rows.first().map_or(&[][..], |row| row.field(shared.layout.subject()));
        let mut unplaced: Vec<UnplacedRow> = Vec::new();
        let unread: Vec<Stretch> = rejected.iter().map(Stretch::unread).collect();
        let mut person = self.assembler.assemble(Text::of(subject), rows, rejected, &mut unplaced);
        done.rows_used += (rows.len() - unplaced.len()) as u64;
        done.unnamed += u64::from(group.subject.is_none());
        for row in &unplaced {
            let line = rejects::Line::unplaced(row);
            done.duplicates += u64::from(line.is_duplicate());
            done.rejects.push(line);
        }
        let lines = shared.evidence.about(Text::of(subject).as_str().as_bytes());
        let mut found = found(group, &person, rows, unread);
        found.marks.evidence = shared.evidence.hash(lines);
        let start = done.lengths();
        let carried = self.carried(&found, &person)?;
        let before = if lines.is_empty() { Vec::new() } else { self.take_evidence(&mut person, lines, done) };
        let prepared = self.worker.prepare(&person);
        for alike in person.counts.chunk_by(|one, next| one.county.value == next.county.value) {
            if let Some(count) = alike.first() {
                done.tally.county(&count.county.value.as_str(), alike.len() as u64);
            }
        }
        if let Some(office) = shared.engine.counties() {
            for county in prepared.convictions().iter().filter_map(|&at| prepared.county_of(at)) {
                if office.policy_of(county).is_none()
                    && let Some(name) = shared.engine.setting().counties.get(county)
                {
                    done.tally.not_decided(name);
                }
            }
        }
        for text in self.worker.unreadable(&prepared) {
            done.tally.unreadable(&text);
        }
        for disposition in &person.dispositions {
            if disposition.kind == DispositionKind::Unrecognized {
                done.tally.unlisted(&disposition.text.as_str());
            }
        }
        match carried {
            Some(carried) => self.carry(&carried, &person, &prepared, rows, done),
            None => self.decide(&person, &prepared, (lines, &before), rows, done),
        }
        let end = done.lengths();
        for ((span, start), end) in found.lines.iter_mut().zip(start).zip(end) {
            *span = Span::between(start, end)
                .ok_or_else(|| RunError::Stopped { what: "one person has gigabytes of lines".into() })?;
        }
        done.found.push(found);
        Ok(())
    }

    /// Decides a person's counts. `lines` are those of evidence about the person, with what was decided without it.
    fn decide(
        &mut self,
        person: &Person<'_>,
        prepared: &Prepared<'_, '_>,
        (lines, before): (&[u32], &[Standing]),
        rows: &[Row<'_>],
        done: &mut Done,
    ) {
        let shared = self.shared;
        let mut determinations: Vec<Determination<'s>> = Vec::new();
        self.worker.determine(prepared, OFFICE, |determination| determinations.push(determination));
        if !lines.is_empty() {
            let after: Vec<Standing> =
                determinations.iter().map(|one| Standing::of(&self.worker, prepared, one)).collect();
            let places: Vec<String> = lines.iter().map(|&at| shared.evidence.short_place(at)).collect();
            if let Some(effects) = &mut done.effects {
                done.changed += review::compare(person, before, &after, &places.join("; "), effects);
            }
        }
        let questions = self.worker.questions(prepared, OFFICE, &determinations);
        review::ask(&questions, &self.worker, person, prepared, &mut done.review);
        done.questions += questions.len() as u64;
        let mut statute: Vec<Determination<'s>> = Vec::new();
        if let Some(policy) = shared.engine.statute().filter(|_| !determinations.is_empty()) {
            self.worker.determine(prepared, policy, |determination| statute.push(determination));
        }
        if let Some(months) = shared.horizon {
            let turns = horizon(&self.worker, prepared, OFFICE, &determinations, months);
            if let Some(later) = &mut done.later {
                later::rows(&turns, &determinations, &self.worker, prepared, later);
            }
            done.turns.extend(turns.iter().map(|turn| later::Month::of(turn.on)));
        }
        let entitled = |one: &Determination<'_>| {
            Determination::of_count(&statute, one.count).is_some_and(|beside| beside.outcome().is_grant())
        };
        let entitled = shared.engine.statute().is_some().then(|| determinations.iter().any(entitled));
        let history = (!determinations.is_empty()).then(|| self.worker.history(prepared));
        let earlier = history.as_ref().map(Earlier::of);
        let told: Vec<Told<'_>> = determinations
            .iter()
            .map(|found| Told {
                count: found.count,
                outcome: found.outcome(),
                // Only the spreadsheets ask for it again.
                reason: if shared.bear {
                    found.reason(self.worker.section_number(prepared, found.count))
                } else {
                    Cow::Borrowed("")
                },
            })
            .collect();
        self.tally((person, prepared), &told, (history.as_ref(), entitled), done);
        if let (Some(history), Some(earlier)) = (&history, &earlier) {
            for determination in &determinations {
                let beside = Determination::of_count(&statute, determination.count);
                self.row(person, prepared, (determination, beside), (history, earlier), done);
            }
        }
        if shared.bear {
            self.spreadsheets(person, prepared, &told, history.as_ref(), rows, done);
        }
    }

    /// Counts a person for the summary, and writes their line. The history is needed of somebody with relief.
    fn tally(
        &self,
        (person, prepared): (&Person<'_>, &Prepared<'_, '_>),
        told: &[Told<'_>],
        (history, entitled): (Option<&History>, Option<bool>),
        done: &mut Done,
    ) {
        let shared = self.shared;
        let certain =
            person.is_complete() && person.counts.iter().all(|count| !count.convicted.value.is_unknown());
        let one = OnePerson {
            race: shared.words.race(&person.race.as_str()),
            sex: shared.words.sex(&person.sex.as_str()),
            in_scope: !told.is_empty(),
            relief: told.iter().any(|one| one.outcome.is_grant()),
            history,
            certain,
        };
        let as_of = shared.engine.setting().as_of;
        done.tally.person(&one, as_of, |count| told_of(told, count).map(|one| one.outcome));
        let own;
        let standings = match history {
            Some(history) => &history.counts,
            None => {
                own = self.worker.standings(prepared);
                &own
            }
        };
        let decided: Vec<(u32, OutcomeKind)> = told.iter().map(|one| (one.count, one.outcome)).collect();
        let line = people::Line {
            person,
            race: one.race,
            sex: one.sex,
            as_of,
            complete: certain,
            standings,
            decided: &decided,
            entitled,
            names: shared.names,
        };
        line.write(&mut done.people_rows);
    }

    /// Puts evidence into the person's record, and returns what was decided without it.
    fn take_evidence(&mut self, person: &mut Person<'_>, lines: &[u32], done: &mut Done) -> Vec<Standing> {
        let prepared = self.worker.prepare(person);
        let mut before = Vec::new();
        self.worker.determine(&prepared, OFFICE, |one| before.push(one));
        let before = before.iter().map(|one| Standing::of(&self.worker, &prepared, one)).collect();
        let told = self.shared.evidence.testimonies(lines);
        let verdicts = self.worker.take_evidence(person, &told);
        done.verdicts.extend(lines.iter().copied().zip(verdicts));
        before
    }

    /// A row of `determinations`.
    fn row(
        &mut self,
        person: &Person<'_>,
        prepared: &Prepared<'_, '_>,
        (determination, statute): (&Determination<'_>, Option<&Determination<'_>>),
        (history, earlier): (&History, &Earlier),
        done: &mut Done,
    ) {
        let at = determination.count;
        let beside = self.shared.engine.statute().is_some();
        let count = &person.counts[at as usize];
        let number = self.worker.section_number(prepared, at);
        let phrases = self.phrases.of(determination, number);
        let as_of = self.shared.engine.setting().as_of;
        let date = prepared.date_of(at);
        let proxies = self.worker.proxies(prepared, determination.compiled(), at);
        done.tally.determination(Decided {
            section: number,
            level: count.level.value,
            outcome: determination.outcome(),
            reason: &phrases.reason,
            missing: determination.decision().missing,
            proxy: !proxies.is_empty(),
            statute: beside.then(|| statute.map(Determination::outcome)),
        });
        let rows = &mut done.rows;
        rows.text(&person.subject.expose().as_str());
        rows.text(&count.order.to_string());
        rows.cells(&phrases.cells);
        rows.text(self.worker.section(prepared, at));
        rows.text(count.level.value.map_or("", Level::word));
        rows.text(&count.county.value.as_str());
        rows.text(&if date.value.is_unknown() { String::new() } else { date.value.to_string() });
        rows.text(&count.case_number.as_str());
        rows.text(&person.cii.expose().as_str());
        rows.text(&join(prepared.relief_granted(at)));
        rows.text(&join(proxies.iter()));
        rows.number(prepared.years_since(at, as_of).known().map(i64::from));
        let latest = if history.undated { None } else { history.latest };
        rows.number(latest.and_then(|latest| latest.years_until(DateSpan::on(as_of)).known()).map(i64::from));
        rows.number(Some(i64::from(history.convictions)));
        rows.number(Some(earlier.than(date.value)));
        rows.number(Some(i64::from(history.cannabis)));
        rows.text(&history.super_strikes.join("; "));
        rows.text(&history.registrable.join("; "));
        rows.text(if history.registered_290.is_yes() { "yes" } else { "" });
        rows.text(history.deceased.word());
        rows.text(&self.worker.only_in_comment(prepared, at).join("; "));
        let row = person.rows[count.row.at()];
        rows.text(self.shared.names.get(row.file.at()).map_or("", String::as_str));
        rows.number(Some(row.line as i64));
        match statute {
            Some(found) => {
                rows.cells(&self.phrases.of(found, number).statute);
            }
            None => {
                rows.text(if beside { OUT_OF_SCOPE } else { "" });
                for _ in 0..4 {
                    rows.text("");
                }
            }
        }
        rows.text(&person.event_of(count).agency.as_str());
        rows.text(&determination.decided_by());
        rows.end_row();
    }

    /// The former tool's spreadsheets: every row of the person as it came, with what was found of its count.
    fn spreadsheets(
        &self,
        person: &Person<'_>,
        prepared: &Prepared<'_, '_>,
        told: &[Told<'_>],
        history: Option<&History>,
        rows: &[Row<'_>],
        done: &mut Done,
    ) {
        let as_of = self.shared.engine.setting().as_of;
        // The count of each row, by the row's place.
        let mut count_of: FxHashMap<(u32, u64), u32> = FxHashMap::default();
        for (at, count) in person.counts.iter().enumerate() {
            for row in &person.rows[count.rows.start as usize..count.rows.end as usize] {
                count_of.insert((row.file.0, row.offset), at as u32);
            }
        }
        let mut cells = Vec::new();
        for row in rows {
            let count = count_of.get(&(row.source(), row.offset())).copied();
            let told = count.and_then(|count| told_of(told, count));
            let only_in_comment =
                count.map(|count| self.worker.only_in_comment(prepared, count)).unwrap_or_default();
            cells.clear();
            match (told, history) {
                (Some(found), Some(history)) => {
                    let case_number = person.counts[found.count as usize].case_number.as_str();
                    let added = bear::Added {
                        case_number: &case_number,
                        date: prepared.date_of(found.count).value,
                        outcome: found.outcome,
                        reason: &found.reason,
                        as_of,
                    };
                    bear::cells(Some((&added, history)), &only_in_comment, &mut cells);
                }
                _ => bear::cells(None, &only_in_comment, &mut cells),
            }
            let Some([all, condensed, cannabis]) = &mut done.bear else { return };
            let width = self.shared.layout.width();
            bear::raw_row(row, width, all);
            all.extend_from_slice(&cells);
            for (at, &column) in self.condensed.iter().enumerate() {
                if at > 0 {
                    condensed.push(b',');
                }
                bear::raw_cell(row.raw_cell(column), condensed);
            }
            condensed.extend_from_slice(&cells);
            if told.is_some() {
                bear::raw_row(row, width, cannabis);
                cannabis.extend_from_slice(&cells);
            }
        }
    }
}

/// The days by which the convictions of a history had surely come, in order, to count those before a day.
struct Earlier(Vec<Date>);

impl Earlier {
    fn of(history: &History) -> Self {
        let mut days: Vec<Date> = history.counts.iter().map(|count| count.date.latest()).collect();
        days.sort_unstable();
        Self(days)
    }

    /// How many convictions surely came before one of this date: none of them is that one itself.
    fn than(&self, date: DateSpan) -> i64 {
        self.0.partition_point(|day| *day < date.earliest()) as i64
    }
}

/// Whether all rows are surely of one subject: the cells are the same to the byte.
pub(crate) fn one_subject(rows: &[Row<'_>], subject: usize) -> bool {
    rows.split_first().is_none_or(|(first, others)| {
        let first = first.raw_cell(subject);
        others.iter().all(|row| row.raw_cell(subject) == first)
    })
}

/// Rows of one subject each. Two subjects can only meet here if their hashes are the same.
pub(crate) fn by_subject<'r>(rows: &[Row<'r>], subject: usize) -> Vec<Vec<Row<'r>>> {
    let mut apart: Vec<Vec<Row<'r>>> = Vec::new();
    for row in rows {
        match apart.iter_mut().find(|group| group[0].field(subject) == row.field(subject)) {
            Some(group) => group.push(*row),
            None => apart.push(vec![*row]),
        }
    }
    apart
}

/// What `explain` needs to find the person again.
fn found(group: &Group, person: &Person<'_>, rows: &[Row<'_>], unread: Vec<Stretch>) -> Found {
    let subject = group.subject.map(|_| key(person.subject.expose().bytes()));
    let mut keys: Vec<u128> = subject.into_iter().collect();
    let cii = person.cii.expose().bytes();
    if !cii.is_empty() {
        keys.push(key(cii));
    }
    keys.dedup();
    let context = unread.len() as u32;
    let stretches = group
        .runs
        .iter()
        .map(|run| Stretch {
            source: run.source,
            rows: run.rows,
            offset: run.offset,
            bytes: run.bytes,
            first_line: run.first_line,
        })
        .chain(unread)
        .collect();
    let marks = Marks { rows: hash_of(rows), evidence: 0, context };
    Found { keys, subject, marks, lines: [Span::default(); 3], stretches }
}

/// A hash of rows, to see later whether they are still the same. Their order does not matter, nor what their lines end
/// with.
pub(crate) fn hash_of(rows: &[Row<'_>]) -> u64 {
    rows.iter().fold(0, |hash, row| hash.wrapping_add(xxhash_rust::xxh3::xxh3_64(row.bytes())))
}
