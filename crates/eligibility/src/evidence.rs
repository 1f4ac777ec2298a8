//! What people found in other documents, set against the record.
//!
//! A [`Testimony`] is one statement of one document about one fact. [`Worker::take_evidence`] puts all of a person's
//! into the record. What the record leaves unknown is filled. What contradicts something that the record surely says
//! makes the fact unknown, unless the statement is given as a correction; so do two statements that contradict one
//! another. Nothing is overwritten in silence.

mod facts;
mod settle;

use crate::engine::Worker;
use crate::offences::OffenceIx;
use crate::prepared::same_county;
pub use facts::{EvidenceFact, Refused, Stated, Taken, Testimony};
use settle::{Settled, days, exact};
use vacatur_records::{
    Column, Count, CountIx, Date, DateSpan, DispositionKind, Fact, Finding, FindingKind, FoundOffence,
    FoundOffenceDate, Gap, NumberSpan, Person, Row, RowIx, Seen, Text, Truth, completion,
};
use vacatur_statutes::Offence;

/// What the record surely says before any evidence is looked at. What contradicts something else, or cannot be, is
/// not surely said.
#[derive(Clone)]
pub(crate) struct Known {
    birth: DateSpan,
    deceased: Truth,
    counts: Vec<KnownCount>,
}

#[derive(Clone, Copy)]
struct KnownCount {
    date: DateSpan,
    completed: DateSpan,
    county_readable: bool,
    offence: OffenceIx,
    other: Option<OffenceIx>,
}

impl Known {
    pub(crate) fn of(prepared: &crate::Prepared<'_, '_>) -> Self {
        Self {
            birth: prepared.birth.value,
            deceased: prepared.deceased.value,
            counts: prepared
                .ready
                .iter()
                .map(|ready| KnownCount {
                    date: ready.date.value,
                    completed: ready.completed.value,
                    county_readable: ready.county_readable,
                    offence: ready.offence,
                    other: ready.other,
                })
                .collect(),
        }
    }
}

impl Known {
    /// As it was before the evidence on a count, or on the person, was taken.
    pub(crate) fn undo(&mut self, before: &Self, count: Option<usize>) {
        (self.birth, self.deceased) = (before.birth, before.deceased);
        if let Some(at) = count {
            self.counts[at] = before.counts[at];
        }
    }
}

impl Worker<'_> {
    /// Puts what documents state into a person's record, and says of each statement what became of it. The order of
    /// the statements does not matter.
    pub fn take_evidence(
        &mut self,
        person: &mut Person<'_>,
        told: &[Testimony],
    ) -> Vec<Result<Taken, Refused>> {
        let mut known = Known::of(&self.prepare(person));
        self.take(person, &mut known, told)
    }

    /// The same, with what the record surely says already drawn up. It is kept up with what the evidence changes.
    pub(crate) fn take(
        &mut self,
        person: &mut Person<'_>,
        known: &mut Known,
        told: &[Testimony],
    ) -> Vec<Result<Taken, Refused>> {
        let mut verdicts = vec![Err(Refused::NoSuchCount); told.len()];
        let mut placed: Vec<(EvidenceFact, Option<CountIx>, usize)> = Vec::with_capacity(told.len());
        for (at, one) in told.iter().enumerate() {
            let count = match one.count {
                Some(order) => {
                    let whole = order.whole_count();
                    let is = |count: &Count<'_>| count.order.whole_count() == whole;
                    // Counts stand in the order of their numbers.
                    let first = person.counts.partition_point(|count| count.order.whole_count() < whole);
                    let found = person.counts.get(first).filter(|count| is(count)).map(|_| first);
                    let found = found.or_else(|| person.counts.iter().position(is));
                    let Some(found) = found else { continue };
                    Some(CountIx(found as u32))
                }
                None if one.fact.is_of_person() => None,
                None => continue,
            };
            let count = count.filter(|_| !one.fact.is_of_person());
            placed.push((one.fact, count, at));
        }
        // Other dates are held against the birth, and then against the conviction, as evidence leaves them.
        placed.sort_by_key(|(fact, count, _)| (*fact, *count));
        let mut taking = Taking { worker: self, person, known };
        for group in placed.chunk_by(|one, two| (one.0, one.1) == (two.0, two.1)) {
            let Some(&(fact, count, _)) = group.first() else { continue };
            let mut members: Vec<usize> = group.iter().map(|(.., at)| *at).collect();
            members.retain(|&at| match taking.possible(&told[at], count) {
                Ok(()) => true,
                Err(refused) => {
                    verdicts[at] = Err(refused);
                    false
                }
            });
            if members.is_empty() {
                continue;
            }
            let statements: Vec<(&Testimony, Seen)> = members
                .iter()
                .map(|&at| (&told[at], Seen { row: taking.row(told[at].row), column: Column::Evidence }))
                .collect();
            let taken = match count {
                None => taking.of_person(fact, &statements),
                Some(count) => taking.of_count(fact, count, &statements),
            };
            for at in members {
                verdicts[at] = Ok(taken);
            }
        }
        verdicts
    }

    fn offence_of(&mut self, text: &Text<'_>) -> Option<Offence> {
        let read = self.offences.read(&crate::prepared::stated(text));
        self.offences.offence(read).cloned()
    }
}

/// Statements about one fact, each with its place.
type Statements<'s> = [(&'s Testimony, Seen)];

struct Taking<'t, 'e, 'a> {
    worker: &'t mut Worker<'e>,
    person: &'t mut Person<'a>,
    known: &'t mut Known,
}

impl Taking<'_, '_, '_> {
    fn row(&mut self, row: Row) -> RowIx {
        self.person.rows.push(row);
        RowIx(self.person.rows.len() as u32 - 1)
    }

    /// Whether a statement can be true of this record at all.
    fn possible(&self, one: &Testimony, count: Option<CountIx>) -> Result<(), Refused> {
        let Some(count) = count else { return Ok(()) };
        if one.fact == EvidenceFact::RegistrationDate && self.registrations(count).next().is_none() {
            return Err(Refused::NoRegistration);
        }
        let Stated::Date(day) = &one.says else { return Ok(()) };
        if day.before(self.known.birth).is_yes() {
            return Err(Refused::BeforeBirth);
        }
        let convicted = self.known.counts[count.at()].date;
        match one.fact {
            EvidenceFact::Sentence if day.before(convicted).is_yes() => Err(Refused::BeforeConviction),
            EvidenceFact::OffenceDate if day.after(convicted).is_yes() => Err(Refused::AfterConviction),
            _ => Ok(()),
        }
    }

    /// The registrations that stand under a count's number.
    fn registrations(&self, count: CountIx) -> impl Iterator<Item = usize> + use<> {
        let rows = self.person.counts[count.at()].rows.clone();
        let of_count: Vec<usize> = self
            .person
            .registrations
            .iter()
            .enumerate()
            .filter(|(_, registration)| rows.contains(&registration.row.0))
            .map(|(at, _)| at)
            .collect();
        of_count.into_iter()
    }

    fn of_person(&mut self, fact: EvidenceFact, statements: &Statements<'_>) -> Taken {
        if fact == EvidenceFact::BirthDate {
            let Settled { fact, taken } = days(statements, self.known.birth, self.person.birth);
            if taken.changes() {
                self.known.birth = fact.value;
                self.person.birth = fact;
            }
            return taken;
        }
        // That no notice of a death is on record does not say that the person lives.
        let known = Some(Truth::Yes).filter(|_| self.known.deceased.is_yes());
        let says = |one: &Testimony| match one.says {
            Stated::Flag(dead) => Some(Truth::of(dead)),
            _ => None,
        };
        let Settled { fact, taken } = exact(statements, says, known, self.person.deceased.seen[0]);
        if taken.changes() {
            self.person.deceased =
                Fact { value: fact.value.unwrap_or(Truth::Unknown), gap: fact.gap, seen: fact.seen };
            // The day of a notice that something contradicts must not put the answer in doubt again.
            self.person.died = DateSpan::UNKNOWN;
        }
        taken
    }

    fn of_count(&mut self, fact: EvidenceFact, count: CountIx, statements: &Statements<'_>) -> Taken {
        match fact {
            EvidenceFact::ConvictionDate => self.conviction_date(count, statements),
            EvidenceFact::Level => self.level(count, statements),
            EvidenceFact::Section => self.section(count, statements),
            EvidenceFact::County => self.county(count, statements),
            EvidenceFact::Disposition => self.disposition(count, statements),
            EvidenceFact::Sentence => {
                let known = self.known.counts[count.at()].completed;
                let recorded = self.person.counts[count.at()].completed;
                let Settled { fact, taken } = days(statements, known, recorded);
                if taken.changes() {
                    self.person.counts[count.at()].completed = fact;
                }
                taken
            }
            EvidenceFact::OffenceDate => {
                // An arrest only stands in for the offence: it is nothing that the record says of it.
                let unsaid = Fact { value: DateSpan::UNKNOWN, gap: Some(Gap::Blank), seen: [None; 2] };
                let Settled { fact: date, taken } = days(statements, DateSpan::UNKNOWN, unsaid);
                self.person.offence_dates.push(FoundOffenceDate { count, date });
                taken
            }
            EvidenceFact::RegistrationDate => {
                let mut all = Taken::Agreed;
                for at in self.registrations(count) {
                    let recorded = self.person.registrations[at].date;
                    let Settled { fact, taken } = days(statements, recorded.value, recorded);
                    if taken.changes() {
                        self.person.registrations[at].date = fact;
                        all = taken;
                    }
                }
                all
            }
            EvidenceFact::Found(kind) => self.finding(count, kind, statements),
            EvidenceFact::BirthDate | EvidenceFact::Death => Taken::Agreed,
        }
    }

    fn conviction_date(&mut self, count: CountIx, statements: &Statements<'_>) -> Taken {
        let known = self.known.counts[count.at()].date;
        let recorded = self.person.counts[count.at()].date;
        let Settled { fact, taken } = days(statements, known, recorded);
        if taken.changes() {
            let parts = self.person.sentences_of(&self.person.counts[count.at()]).to_vec();
            let count_of = &mut self.person.counts[count.at()];
            count_of.date = fact;
            // The end of the sentence is reckoned from the conviction; one that was changed later stays open.
            if count_of.completed.gap == Some(Gap::Conflict) {
                let open = DateSpan::between(fact.value.earliest(), Date::MAX);
                count_of.completed.value = open.unwrap_or(DateSpan::UNKNOWN);
            } else {
                let (end, gap) = completion(fact.value, &parts);
                count_of.completed.value = end;
                count_of.completed.gap = gap.or(fact.gap);
            }
            self.known.counts[count.at()].date = fact.value;
            self.known.counts[count.at()].completed = self.person.counts[count.at()].completed.value;
        }
        taken
    }

    fn level(&mut self, count: CountIx, statements: &Statements<'_>) -> Taken {
        let level = self.person.counts[count.at()].level;
        // The level of the charge only stands in for that of the conviction.
        let stands_in = level.seen[0].is_some_and(|seen| seen.column == Column::ChargeLevel);
        let says = |one: &Testimony| match one.says {
            Stated::Level(level) => Some(level),
            _ => None,
        };
        let Settled { fact, taken } =
            exact(statements, says, level.value.filter(|_| !stands_in), level.seen[0]);
        if taken.changes() {
            self.person.counts[count.at()].level = fact;
        }
        taken
    }

    fn county(&mut self, count: CountIx, statements: &Statements<'_>) -> Taken {
        let recorded = self.person.counts[count.at()].county.clone();
        let readable = self.known.counts[count.at()].county_readable;
        let says = |one: &Testimony| match &one.says {
            Stated::County(county) => Some(county.clone()),
            _ => None,
        };
        // Two ways to write one county are the same: the record's own is compared in the statement's spelling.
        let stated = statements.first().and_then(|(one, _)| says(one));
        let same = stated.filter(|stated| same_county(stated.bytes(), recorded.value.bytes()));
        let known = if !readable {
            None
        } else {
            same.or_else(|| Some(Text::owned(recorded.value.bytes().to_vec())))
        };
        let Settled { fact, taken } = exact(statements, says, known, recorded.seen[0]);
        if taken.changes() {
            self.person.counts[count.at()].county =
                Fact { value: fact.value.unwrap_or_default(), gap: fact.gap, seen: fact.seen };
        }
        taken
    }

    fn disposition(&mut self, count: CountIx, statements: &Statements<'_>) -> Taken {
        let convicted = self.person.counts[count.at()].convicted;
        let known = (!convicted.value.is_unknown()).then_some(convicted.value);
        let says = |one: &Testimony| match one.says {
            Stated::Disposition { convicted, .. } => Some(Truth::of(convicted)),
            _ => None,
        };
        let Settled { mut fact, mut taken } = exact(statements, says, known, convicted.seen[0]);
        let unrelieved = statements
            .iter()
            .find(|(one, _)| matches!(one.says, Stated::Disposition { unrelieved: true, .. }))
            .map(|(_, seen)| *seen);
        if let Some(seen) = unrelieved {
            let of_count = &self.person.counts[count.at()];
            let relieved = self
                .person
                .dispositions_of(of_count)
                .iter()
                .find(|disposition| matches!(disposition.kind, DispositionKind::Relief(_)));
            if let Some(relief) = relieved {
                let recorded = Seen { row: relief.row, column: Column::Disposition };
                fact = Fact { value: None, gap: Some(Gap::Conflict), seen: [Some(recorded), Some(seen)] };
                taken = Taken::Conflict;
            } else if of_count.relief_unclear && taken != Taken::Conflict {
                self.person.counts[count.at()].relief_unclear = false;
                self.person.unrelieved.push((count, seen));
                taken = if taken == Taken::Agreed { Taken::Filled } else { taken };
                fact.value = fact.value.or(known);
            }
        }
        if taken.changes() {
            self.person.counts[count.at()].convicted =
                Fact { value: fact.value.unwrap_or(Truth::Unknown), gap: fact.gap, seen: fact.seen };
        }
        taken
    }

    fn finding(&mut self, count: CountIx, kind: FindingKind, statements: &Statements<'_>) -> Taken {
        let recorded = self.person.finding(count, kind);
        let says = |one: &Testimony| match one.says {
            Stated::Flag(yes) => Some(NumberSpan::exactly(i32::from(yes))),
            Stated::Number(number) => Some(number),
            _ => None,
        };
        let known = Some(recorded.value).filter(|value| value.known().is_some() && recorded.gap.is_none());
        let Settled { fact, taken } = exact(statements, says, known, recorded.seen[0]);
        if taken.changes() {
            let unknown = NumberSpan { least: 0, most: i32::MAX };
            let value = Fact { value: fact.value.unwrap_or(unknown), gap: fact.gap, seen: fact.seen };
            self.person.findings.retain(|found| found.count != count || found.kind != kind);
            self.person.findings.push(Finding { count, kind, value });
        }
        taken
    }

    fn section(&mut self, count: CountIx, statements: &Statements<'_>) -> Taken {
        let KnownCount { offence, other, .. } = self.known.counts[count.at()];
        let recorded = self.worker.offences.offence(offence).cloned();
        let beside = other.map(|other| self.worker.offences.offence(other).cloned());
        let mut best: Option<(Offence, &Text<'static>, Seen)> = None;
        let mut contradiction = None;
        for (one, seen) in statements {
            let Stated::Section(text) = &one.says else { continue };
            let Some(offence) = self.worker.offence_of(text) else { continue };
            match &best {
                Some((kept, ..)) if refines(kept, &offence) => {}
                Some((kept, ..)) if !refines(&offence, kept) => contradiction = contradiction.or(Some(*seen)),
                _ => best = Some((offence, text, *seen)),
            }
        }
        let Some((best, text, seen)) = best else { return Taken::Agreed };
        let corrects = statements.iter().any(|(one, _)| one.corrects);
        let (taken, text, against) = if contradiction.is_some() {
            (Taken::Conflict, Text::default(), true)
        } else {
            let fits = |recorded: &Option<Offence>| {
                recorded.as_ref().is_none_or(|recorded| refines(&best, recorded))
            };
            match (&recorded, &beside) {
                (Some(recorded), None) if refines(recorded, &best) => return Taken::Agreed,
                (recorded, None) if fits(recorded) => (Taken::Filled, text.clone(), false),
                (recorded, Some(beside)) if fits(recorded) || fits(beside) => {
                    (Taken::Filled, text.clone(), false)
                }
                _ if corrects => (Taken::Corrected, text.clone(), false),
                _ => (Taken::Conflict, text.clone(), true),
            }
        };
        self.person.offences_found.push(FoundOffence { count, text, against, seen });
        taken
    }
}

/// Whether one offence says what another says, and perhaps more: a subdivision, or the code's letters.
fn refines(one: &Offence, other: &Offence) -> bool {
    one.attempt == other.attempt
        && one.conspiracy == other.conspiracy
        && one.sections().len() == other.sections().len()
        && one.sections().iter().zip(other.sections()).all(|(one, other)| {
            let mut subdivisions = one.subdivisions();
            one.number() == other.number()
                && (other.code().is_none() || one.code() == other.code())
                && other.subdivisions().all(|subdivision| subdivisions.next() == Some(subdivision))
        })
}

vacatur_records::silent_debug!(Known, KnownCount);
