//! Rows of one person, in order, become events, counts, dispositions and sentences.

use super::parsed::{LevelCell, Parsed};
use super::{Cells, Columns};
use vacatur_records::{
    Charge, Column, Count, DateSpan, Disposition, DispositionKind, Event, EventIx, Fact, Gap, Level, Person,
    Place, Private, Registration, ReliefKind, RowIx, Seen, Sentence, StepKind, Text, Truth, completion,
};

/// How far back an event is looked for: the rows of one event follow one another.
const EVENTS_LOOKED_AT: usize = 8;

/// A person under construction.
pub(super) struct Building<'a> {
    person: Person<'a>,
}

impl<'a> Building<'a> {
    pub(super) fn new(subject: Text<'a>, rejected: Vec<Place>) -> Self {
        let person = Person { rejected, ..Person::new(subject) };
        Self { person }
    }

    /// Takes the rows, sorted.
    pub(super) fn finish<C: Cells<'a>>(
        mut self,
        rows: Vec<Parsed<'a>>,
        given: &[C],
        columns: &Columns,
    ) -> Person<'a> {
        self.person.rows = rows.iter().map(|row| row.place).collect();
        // Of a row there comes about one of each.
        self.person.counts.reserve(rows.len());
        self.person.dispositions.reserve(rows.len());
        self.person.sentences.reserve(rows.len());
        self.person.events.reserve(rows.len() / 2 + 1);
        self.identity(&rows, given, columns);
        let mut start = 0;
        while start < rows.len() {
            let Some(order) = rows[start].order else { break };
            let same =
                |row: &Parsed<'a>| row.order.is_some_and(|other| other.whole_count() == order.whole_count());
            let end = start + rows[start..].iter().take_while(|row| same(row)).count();
            self.count(&rows, start..end);
            start = end;
        }
        for (at, row) in rows.iter().enumerate() {
            self.personal(row, RowIx(at as u32));
        }
        self.case_numbers();
        self.follow_ups();
        self.person
    }

    /// What every row repeats of the person: the first that is given counts, and dates of birth are compared.
    fn identity<C: Cells<'a>>(&mut self, rows: &[Parsed<'a>], given: &[C], columns: &Columns) {
        let person = &mut self.person;
        let first = |column: usize| {
            let cells = rows.iter().filter_map(|row| given.get(row.at)).map(|cells| cells.cell(column));
            cells.into_iter().find(|text| !text.is_blank()).unwrap_or_default()
        };
        person.cii = Private::new(first(columns.cii));
        person.name = Private::new(first(columns.name));
        person.sex = first(columns.sex);
        person.race = first(columns.race);
        let births = rows.iter().enumerate().map(|(at, row)| (row.birth, seen(at, Column::BirthDate)));
        person.birth = agree(births);
    }

    /// Deaths and registrations.
    fn personal(&mut self, row: &Parsed<'a>, at: RowIx) {
        let date = date_fact(row, at);
        match row.step {
            // A step whose kind is lost and that decided nothing may have been a registration or a death.
            StepKind::Unrecognized
                if matches!(row.disposition, DispositionKind::Blank | DispositionKind::Unrecognized) =>
            {
                self.person.rejected.push(Place { file: row.place.file, line: row.place.line, column: None });
            }
            // What a record says that may be another's is unknown of this person, like a row that cannot be used.
            StepKind::Possible => {
                self.person.possible += 1;
                self.person.rejected.push(Place { file: row.place.file, line: row.place.line, column: None });
            }
            StepKind::Deceased => {
                let place = Seen { row: at, column: Column::StepKind };
                if !self.person.deceased.value.is_yes() {
                    self.person.deceased = Fact::known(Truth::Yes, place);
                }
                // Of several notices the earliest date: whatever comes after it is in doubt.
                let died = self.person.died;
                self.person.died = if died.is_unknown() {
                    date.value
                } else if date.value.is_unknown() {
                    died
                } else {
                    died.min(date.value)
                };
            }
            StepKind::Registration => {
                self.person.registrations.push(Registration { charge: row.charged.clone(), date, row: at });
            }
            _ => {}
        }
    }

    fn event(&mut self, row: &Parsed<'a>, at: RowIx) -> EventIx {
        let case = row.order.map_or(0, vacatur_records::CountOrder::case);
        let date = date_fact(row, at);
        let events = &self.person.events;
        let known = events.iter().enumerate().rev().take(EVENTS_LOOKED_AT).find(|(_, event)| {
            event.case == case
                && event.kind == row.step
                && event.date.value == date.value
                && event.agency == row.agency
        });
        if let Some((found, _)) = known {
            return EventIx(found as u32);
        }
        self.person.events.push(Event {
            case,
            kind: row.step,
            date,
            agency: row.agency.clone(),
            agency_code: row.agency_code.clone(),
        });
        EventIx(self.person.events.len() as u32 - 1)
    }

    /// The rows of one count.
    fn count(&mut self, rows: &[Parsed<'a>], range: std::ops::Range<usize>) {
        let indexed = || range.clone().map(|at| (RowIx(at as u32), &rows[at]));
        let convictions = || indexed().filter(|(_, row)| row.disposition == DispositionKind::Convicted);
        // What the count is, is read from the rows that convict, else from all of them.
        let convicts = convictions().next().is_some();
        let telling =
            || indexed().filter(|(_, row)| !convicts || row.disposition == DispositionKind::Convicted);
        let Some((first_ix, first)) = telling().next() else { return };

        let event = self.event(first, first_ix);
        let county = county(telling());
        let date = agree(telling().map(|(at, row)| (row.date, Seen { row: at, column: Column::EventDate })));
        let dispositions = self.dispositions(indexed());
        let convicted = self.convicted(convicts, first, first_ix, dispositions.clone());
        let mut level = level(telling());
        for relief in &self.person.dispositions[dispositions.start as usize..dispositions.end as usize] {
            if relief.kind == DispositionKind::Relief(ReliefKind::Reduced) {
                level = Fact::known(
                    Some(Level::Misdemeanor),
                    Seen { row: relief.row, column: Column::Disposition },
                );
            }
        }

        let start = self.person.sentences.len() as u32;
        for (at, row) in indexed() {
            self.person.sentences.extend(row.sentence.map(|part| Sentence { row: at, ..part }));
        }
        let sentences = start..self.person.sentences.len() as u32;
        let parts = &self.person.sentences[sentences.start as usize..];
        let (mut end, mut gap) = completion(date.value, parts);
        if date.gap.is_some() && gap.is_none() {
            gap = date.gap;
        }
        // A sentence that was changed later may end earlier or later than its parts say. So may one whose count was
        // open again after the conviction: a warrant stops probation.
        let changed = self.person.dispositions[dispositions.start as usize..dispositions.end as usize]
            .iter()
            .any(|d| match d.kind {
                DispositionKind::SentenceChanged | DispositionKind::Relief(ReliefKind::Resentenced) => true,
                DispositionKind::Pending => convicts && !d.date.value.after(date.value).is_no(),
                _ => false,
            });
        if changed {
            end = open_end(date.value);
            gap = Some(Gap::Conflict);
        }
        let place = parts.first().map_or(first_ix, |part| part.row);
        let completed =
            Fact { value: end, gap, seen: [Some(Seen { row: place, column: Column::SentenceLength }), None] };

        let charge = charge(first);
        let other_charge = telling()
            .find(|(_, row)| !operative(row).is_blank() && operative(row) != operative(first))
            .filter(|_| !operative(first).is_blank())
            .map(|(at, row)| (self::charge(row), at));
        // With three different offences there is no telling which two matter: the other one is unreadable.
        let other_charge = other_charge.map(|(other, at)| {
            let text = if other.convicted.is_blank() { &other.charged } else { &other.convicted };
            let third = telling().any(|(_, row)| {
                let own = operative(row);
                !own.is_blank() && own != operative(first) && own != text
            });
            if third { (Charge::default(), at) } else { (other, at) }
        });
        // A later row of a convicted count that says nothing of its outcome may be a relief.
        let relief_unclear = convicts
            && indexed().any(|(_, row)| {
                row.disposition == DispositionKind::Blank
                    && row.sentence.is_none()
                    && row.date.0.after(date.value).is_yes()
            });
        let case_number =
            telling().chain(indexed()).map(|(_, row)| &row.case_number).find(|number| !number.is_blank());
        self.person.counts.push(Count {
            order: first.order.unwrap_or_default(),
            event,
            county,
            case_number: case_number.cloned().unwrap_or_default(),
            charge,
            other_charge,
            relief_unclear,
            convicted,
            level,
            date,
            completed,
            dispositions,
            sentences,
            row: first_ix,
            rows: range.start as u32..range.end as u32,
        });
    }

    /// The dispositions of a count, one for each kind and date, in the order of their dates.
    fn dispositions<'r>(
        &mut self,
        rows: impl Iterator<Item = (RowIx, &'r Parsed<'a>)>,
    ) -> std::ops::Range<u32>
    where
        'a: 'r,
    {
        let start = self.person.dispositions.len();
        for (at, row) in rows {
            if row.disposition == DispositionKind::Blank {
                continue;
            }
            let date = if row.date.0.is_unknown() && !row.disposition_date.0.is_unknown() {
                fact(row.disposition_date, at, Column::EventDate)
            } else {
                date_fact(row, at)
            };
            let same = |other: &Disposition<'_>| {
                other.kind == row.disposition && other.by == row.by && other.date.value == date.value
            };
            if !self.person.dispositions[start..].iter().any(same) {
                let text = row.disposition_text.clone();
                self.person.dispositions.push(Disposition {
                    kind: row.disposition,
                    by: row.by,
                    text,
                    date,
                    row: at,
                });
            }
        }
        self.person.dispositions[start..]
            .sort_by_key(|d| (d.date.value.earliest(), d.date.value.latest(), d.kind));
        start as u32..self.person.dispositions.len() as u32
    }

    /// Whether a count ended in a conviction.
    fn convicted(
        &self,
        convicts: bool,
        first: &Parsed<'a>,
        at: RowIx,
        dispositions: std::ops::Range<u32>,
    ) -> Fact<Truth> {
        let all = &self.person.dispositions[dispositions.start as usize..dispositions.end as usize];
        let place = Seen { row: at, column: Column::Disposition };
        let of = |kind: DispositionKind| all.iter().filter(move |d| d.kind == kind);
        if convicts {
            // Ended without a conviction on the same day or later: one of the two is wrong, or was undone.
            let latest = all.iter().rfind(|d| d.kind == DispositionKind::Convicted);
            let not_before = |end: &&Disposition<'_>| {
                latest.is_none_or(|conviction| !end.date.value.before(conviction.date.value).is_yes())
            };
            // A later outcome that cannot be read may have undone it.
            if let Some(unread) = of(DispositionKind::Unrecognized).find(not_before) {
                return Fact {
                    value: Truth::Unknown,
                    gap: Some(Gap::Unreadable),
                    seen: [Some(place), Some(Seen { row: unread.row, column: Column::Disposition })],
                };
            }
            let undone = of(DispositionKind::NotConvicted).find(|end| {
                latest.is_none_or(|conviction| !end.date.value.before(conviction.date.value).is_yes())
            });
            return match undone {
                Some(end) => Fact {
                    value: Truth::Unknown,
                    gap: Some(Gap::Conflict),
                    seen: [Some(place), Some(Seen { row: end.row, column: Column::Disposition })],
                },
                None => Fact::known(Truth::Yes, place),
            };
        }
        // A charge that was left open is no conviction as far as the record goes; a later one would have a row.
        let no_conviction =
            [DispositionKind::NotConvicted, DispositionKind::Juvenile, DispositionKind::Pending];
        if all.iter().any(|d| no_conviction.contains(&d.kind)) {
            return Fact::known(Truth::No, place);
        }
        let convicts_nobody = matches!(
            first.step,
            StepKind::Arrest
                | StepKind::Registration
                | StepKind::Deceased
                | StepKind::Possible
                | StepKind::Other
        );
        if convicts_nobody {
            return Fact::known(Truth::No, Seen { row: at, column: Column::StepKind });
        }
        // A court's action with no outcome, or with one that cannot be read.
        let gap = if all.is_empty() { Gap::Blank } else { Gap::Unreadable };
        Fact::gap(Truth::Unknown, gap, Some(place))
    }

    /// A count without a case number takes the first of its event.
    fn case_numbers(&mut self) {
        let mut first: Vec<Option<Text<'a>>> = vec![None; self.person.events.len()];
        for count in &self.person.counts {
            let slot = &mut first[count.event.at()];
            if slot.is_none() && !count.case_number.is_blank() {
                *slot = Some(count.case_number.clone());
            }
        }
        for count in &mut self.person.counts {
            if count.case_number.is_blank()
                && let Some(number) = &first[count.event.at()]
            {
                count.case_number = number.clone();
            }
        }
    }

    /// Relief and changes of sentence that stand under a number of their own, in a later step of the cycle, belong
    /// to the conviction of the same charge.
    fn follow_ups(&mut self) {
        for at in 0..self.person.counts.len() {
            let count = &self.person.counts[at];
            let own = self.person.dispositions_of(count);
            let follows = !own.is_empty()
                && own
                    .iter()
                    .all(|d| matches!(d.kind, DispositionKind::Relief(_) | DispositionKind::SentenceChanged));
            if !follows || !count.convicted.value.is_unknown() {
                continue;
            }
            let cycle = count.order.cycle();
            let candidates: Vec<usize> = self
                .person
                .counts
                .iter()
                .enumerate()
                .filter(|(_, other)| other.order.cycle() == cycle && other.convicted.value.is_yes())
                .filter(|(_, other)| !count.date.value.before(other.date.value).is_yes())
                .filter(|(_, other)| same_charge(&count.charge, &other.charge))
                .map(|(other, _)| other)
                .collect();
            let number = count.order.count();
            let by_number: Vec<usize> = candidates
                .iter()
                .copied()
                .filter(|&other| self.person.counts[other].order.count() == number)
                .collect();
            match (candidates.as_slice(), by_number.as_slice()) {
                ([only], _) | (_, [only]) => self.attach(at, *only),
                ([], _) => {}
                (several, _) => {
                    for &other in several {
                        self.in_doubt(other, at);
                    }
                    self.not_its_own(at);
                }
            }
        }
    }

    /// Moves the dispositions of the follow-up `from` to the conviction `to`.
    fn attach(&mut self, from: usize, to: usize) {
        let moved: Vec<Disposition<'a>> = self.person.dispositions_of(&self.person.counts[from]).to_vec();
        let all: Vec<Disposition<'a>> = self
            .person
            .dispositions_of(&self.person.counts[to])
            .iter()
            .cloned()
            .chain(moved.iter().cloned())
            .collect();
        let start = self.person.dispositions.len() as u32;
        self.person.dispositions.extend(all);
        let end = self.person.dispositions.len() as u32;
        let count = &mut self.person.counts[to];
        count.dispositions = start..end;
        for disposition in &moved {
            let place = Seen { row: disposition.row, column: Column::Disposition };
            match disposition.kind {
                DispositionKind::Relief(ReliefKind::Reduced) => {
                    count.level = Fact::known(Some(Level::Misdemeanor), place)
                }
                DispositionKind::SentenceChanged | DispositionKind::Relief(ReliefKind::Resentenced) => {
                    count.completed = Fact::gap(open_end(count.date.value), Gap::Conflict, Some(place));
                }
                _ => {}
            }
        }
        self.not_its_own(from);
    }

    /// The follow-up `from` may be of the conviction `to`, or of another: what it would change there is unknown.
    fn in_doubt(&mut self, to: usize, from: usize) {
        let kinds: Vec<(DispositionKind, RowIx)> =
            self.person.dispositions_of(&self.person.counts[from]).iter().map(|d| (d.kind, d.row)).collect();
        let count = &mut self.person.counts[to];
        for (kind, row) in kinds {
            let place = Some(Seen { row, column: Column::Disposition });
            match kind {
                DispositionKind::Relief(ReliefKind::Reduced) => {
                    count.level =
                        Fact { value: None, gap: Some(Gap::Conflict), seen: [count.level.seen[0], place] };
                    count.relief_unclear = true;
                }
                DispositionKind::SentenceChanged | DispositionKind::Relief(ReliefKind::Resentenced) => {
                    count.completed = Fact::gap(open_end(count.date.value), Gap::Conflict, place);
                }
                _ => count.relief_unclear = true,
            }
        }
    }

    /// A follow-up is no conviction of its own.
    fn not_its_own(&mut self, at: usize) {
        let count = &mut self.person.counts[at];
        count.convicted = Fact { value: Truth::No, gap: None, seen: count.convicted.seen };
    }
}

/// Any day from the first on which it can be.
fn open_end(from: DateSpan) -> DateSpan {
    DateSpan::between(from.earliest(), vacatur_records::Date::MAX).unwrap_or(DateSpan::UNKNOWN)
}

fn seen(at: usize, column: Column) -> Seen {
    Seen { row: RowIx(at as u32), column }
}

fn fact((value, gap): (DateSpan, Option<Gap>), row: RowIx, column: Column) -> Fact<DateSpan> {
    Fact { value, gap, seen: [Some(Seen { row, column }), None] }
}

fn date_fact(row: &Parsed<'_>, at: RowIx) -> Fact<DateSpan> {
    fact(row.date, at, Column::EventDate)
}

fn charge<'a>(row: &Parsed<'a>) -> Charge<'a> {
    Charge { charged: row.charged.clone(), convicted: row.convicted_of.clone(), comment: row.comment.clone() }
}

/// The offence a row speaks of.
fn operative<'r, 'a>(row: &'r Parsed<'a>) -> &'r Text<'a> {
    if row.convicted_of.is_blank() { &row.charged } else { &row.convicted_of }
}

/// The county; two that differ leave it unknown.
fn county<'r, 'a: 'r>(rows: impl Iterator<Item = (RowIx, &'r Parsed<'a>)>) -> Fact<Text<'a>> {
    let mut found: Option<Fact<Text<'a>>> = None;
    let mut blank = None;
    for (row, parsed) in rows {
        let place = Seen { row, column: Column::County };
        match &found {
            _ if parsed.county.is_blank() => blank = blank.or(Some(place)),
            None => found = Some(Fact::known(parsed.county.clone(), place)),
            Some(fact) if same_words(&fact.value, &parsed.county) => {}
            Some(fact) => {
                return Fact {
                    value: Text::default(),
                    gap: Some(Gap::Conflict),
                    seen: [fact.seen[0], Some(place)],
                };
            }
        }
    }
    found.unwrap_or(Fact::gap(Text::default(), Gap::Blank, blank))
}

/// The same words, whatever their case and the blanks between them.
fn same_words(one: &Text<'_>, two: &Text<'_>) -> bool {
    let words = |text: &Text<'_>| text.as_str().split_whitespace().map(str::to_uppercase).collect::<Vec<_>>();
    one == two || words(one) == words(two)
}

/// Whether two counts name the same offence, as far as plain text tells; a blank one may be any.
fn same_charge(one: &Charge<'_>, two: &Charge<'_>) -> bool {
    let head = |charge: &Charge<'_>| -> Vec<u8> {
        let text = charge.offence().bytes();
        text.iter()
            .take(40)
            .filter(|byte| !byte.is_ascii_whitespace())
            .take_while(|&&byte| byte != b'-')
            .map(u8::to_ascii_uppercase)
            .collect()
    };
    let (one, two) = (head(one), head(two));
    one.is_empty() || two.is_empty() || one == two
}

/// One date out of several cells that should agree: the narrowest if each holds it, else the span that holds all,
/// in conflict.
fn agree(cells: impl Iterator<Item = ((DateSpan, Option<Gap>), Seen)>) -> Fact<DateSpan> {
    let mut best: Option<Fact<DateSpan>> = None;
    let mut none: Option<Fact<DateSpan>> = None;
    for ((value, gap), place) in cells {
        if value.is_unknown() {
            let unreadable = gap == Some(Gap::Unreadable);
            if none.is_none()
                || (unreadable && none.as_ref().and_then(|fact| fact.gap) != Some(Gap::Unreadable))
            {
                none = Some(Fact::gap(value, gap.unwrap_or(Gap::Blank), Some(place)));
            }
            continue;
        }
        let Some(kept) = &mut best else {
            best = Some(Fact { value, gap, seen: [Some(place), None] });
            continue;
        };
        if kept.gap == Some(Gap::Conflict) {
            kept.value = kept.value.or(value);
        } else if kept.value == value {
        } else if kept.value.or(value) == kept.value {
            *kept = Fact { value, gap, seen: [Some(place), kept.seen[0]] };
        } else if kept.value.or(value) != value {
            *kept = Fact {
                value: kept.value.or(value),
                gap: Some(Gap::Conflict),
                seen: [kept.seen[0], Some(place)],
            };
        }
    }
    best.or(none).unwrap_or(Fact::gap(DateSpan::UNKNOWN, Gap::Blank, None))
}

/// The level: of the conviction where the record gives one, else of the charge. Two that differ, or one that
/// cannot be read, leave it unknown.
fn level<'r, 'a: 'r>(rows: impl Iterator<Item = (RowIx, &'r Parsed<'a>)> + Clone) -> Fact<Option<Level>> {
    let column = |cell: fn(&Parsed<'a>) -> LevelCell, column: Column| -> Option<Fact<Option<Level>>> {
        let mut found: Option<Fact<Option<Level>>> = None;
        for (row, parsed) in rows.clone() {
            let place = Seen { row, column };
            let level = match cell(parsed) {
                LevelCell::Blank => continue,
                LevelCell::Unreadable => return Some(Fact::gap(None, Gap::Unreadable, Some(place))),
                LevelCell::Level(level) => level,
            };
            match &found {
                None => found = Some(Fact::known(Some(level), place)),
                Some(fact) if fact.value == Some(level) => {}
                Some(fact) => {
                    return Some(Fact {
                        value: None,
                        gap: Some(Gap::Conflict),
                        seen: [fact.seen[0], Some(place)],
                    });
                }
            }
        }
        found
    };
    column(|row| row.level, Column::ConvictionLevel)
        .or_else(|| column(|row| row.charge_level, Column::ChargeLevel))
        .unwrap_or_else(|| {
            let place = rows.clone().next().map(|(row, _)| Seen { row, column: Column::ConvictionLevel });
            Fact::gap(None, Gap::Blank, place)
        })
}
