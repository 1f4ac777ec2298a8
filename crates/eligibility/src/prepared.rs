//! A person's record made ready to be asked: offences read, impossible dates set aside, lists of convictions drawn up.

use crate::offences::{OffenceIx, Offences};
use rustc_hash::FxHashMap;
use vacatur_policy::{Missing, MissingSet};
use vacatur_records::{
    Charge, Column, Count, CountIx, Date, DateSpan, DispositionKind, Event, Fact, Gap, NumberSpan, Person,
    RowIx, Seen, StepKind, Text, Truth,
};

/// What a run knows beside the record: the day, and the names of the counties.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The day of the decision.
    pub as_of: Date,
    /// The counties of the jurisdiction, in upper case. A county that is none of them cannot be read.
    pub counties: Vec<String>,
}

/// A count made ready.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    pub(crate) offence: OffenceIx,
    /// A second offence that another row names.
    pub(crate) other: Option<OffenceIx>,
    pub(crate) date: Fact<DateSpan>,
    pub(crate) completed: Fact<DateSpan>,
    pub(crate) county_readable: bool,
    /// Which county it is, by its place in the setting; none if it cannot be read or the setting has no counties.
    pub(crate) county: Option<u16>,
}

/// A person with its counts made ready.
pub struct Prepared<'p, 'a> {
    pub(crate) person: &'p Person<'a>,
    pub(crate) as_of: Date,
    pub(crate) ready: Vec<Ready>,
    pub(crate) birth: Fact<DateSpan>,
    pub(crate) deceased: Fact<Truth>,
    pub(crate) registrations: Vec<OffenceIx>,
    /// Indices of the counts that are or may be convictions.
    pub(crate) convictions: Vec<u32>,
    pub(crate) charges: Vec<u32>,
    pub(crate) registration_list: Vec<u32>,
    /// Whether steps and counts are in the order of the record's own numbers, as they come from an extract: then those of
    /// a cycle stand together.
    in_order: bool,
    /// What tells it from every other that its worker has prepared.
    pub(crate) number: u64,
    /// Whether it was prepared like another, to try something out.
    pub(crate) is_trial: bool,
}

/// Lists of somebody who was prepared before: their room is used again, and what stands in them is not.
#[derive(Default)]
pub(crate) struct Room {
    ready: Vec<Ready>,
    registrations: Vec<OffenceIx>,
    convictions: Vec<u32>,
    charges: Vec<u32>,
    registration_list: Vec<u32>,
}

impl<'p, 'a> Prepared<'p, 'a> {
    pub(crate) fn new(
        person: &'p Person<'a>,
        offences: &mut Offences<'_>,
        counties: &mut Counties<'_>,
        day: Date,
        number: u64,
        room: Room,
    ) -> Self {
        let Room { mut ready, mut registrations, mut convictions, mut charges, mut registration_list } = room;
        ready.clear();
        ready.reserve(person.counts.len());
        registrations.clear();
        let stated_so = person.registrations.iter().map(|registration| stated(&registration.charge));
        registrations.extend(stated_so.map(|charge| offences.read(&charge)));
        convictions.clear();
        charges.clear();
        charges.extend(0..person.counts.len() as u32);
        registration_list.clear();
        registration_list.extend(0..person.registrations.len() as u32);
        let mut prepared = Self {
            person,
            as_of: day,
            ready,
            birth: person.birth,
            deceased: person.deceased,
            registrations,
            convictions,
            charges,
            registration_list,
            in_order: person.events.is_sorted_by_key(|event| event.case)
                && person.counts.is_sorted_by_key(|count| count.order),
            number,
            is_trial: false,
        };
        // The counties of a person's counts are mostly the same: each is looked up once.
        let mut known: Option<(&Text<'_>, Option<u16>)> = None;
        for (at, count) in person.counts.iter().enumerate() {
            let county = &count.county.value;
            let place = match known {
                Some((same, place)) if same == county => place,
                _ => counties.place_of(county),
            };
            known = Some((county, place));
            let (offence, other) = offence(person, at, offences);
            prepared.ready.push(Ready {
                offence,
                other,
                date: count.date,
                completed: count.completed,
                county_readable: place.is_some() || (counties.all.is_empty() && !county.is_blank()),
                county: place,
            });
        }
        prepared.settle(DateSpan::on(day));
        prepared
    }

    /// The same person with other dates, dispositions or levels: what was read of offences and counties still holds.
    pub(crate) fn again<'q, 'b>(&self, person: &'q Person<'b>, number: u64, room: Room) -> Prepared<'q, 'b> {
        let Room { mut ready, mut registrations, mut convictions, mut charges, mut registration_list } = room;
        ready.clone_from(&self.ready);
        registrations.clone_from(&self.registrations);
        convictions.clear();
        charges.clone_from(&self.charges);
        registration_list.clone_from(&self.registration_list);
        let mut prepared = Prepared {
            person,
            as_of: self.as_of,
            ready,
            birth: person.birth,
            deceased: person.deceased,
            registrations,
            convictions,
            charges,
            registration_list,
            in_order: self.in_order,
            number,
            is_trial: true,
        };
        prepared.settle(DateSpan::on(self.as_of));
        prepared
    }

    /// The room that its lists took.
    pub(crate) fn into_room(self) -> Room {
        Room {
            ready: self.ready,
            registrations: self.registrations,
            convictions: self.convictions,
            charges: self.charges,
            registration_list: self.registration_list,
        }
    }

    /// Draws up the convictions and the dates, impossible and contradicted ones set aside.
    fn settle(&mut self, as_of: DateSpan) {
        self.birth = possible(self.person.birth, as_of);
        for (at, (count, ready)) in self.person.counts.iter().zip(&mut self.ready).enumerate() {
            if !count.convicted.value.is_no() {
                self.convictions.push(at as u32);
            }
            ready.date = possible(count.date, as_of);
            let impossible = ready.date.value.is_unknown() && !count.date.value.is_unknown();
            ready.completed = if impossible && rests_on_the_conviction(&count.completed) {
                Fact { value: DateSpan::UNKNOWN, gap: ready.date.gap, seen: count.completed.seen }
            } else {
                count.completed
            };
        }
        self.set_conflicts_aside();
    }

    /// Facts that contradict one another are all in doubt: it cannot be told which of them is wrong.
    fn set_conflicts_aside(&mut self) {
        let birth = self.birth;
        let mut born_after_conviction = None;
        for &at in &self.convictions {
            let count = &self.person.counts[at as usize];
            let convicted = self.ready[at as usize].date;
            if convicted.value.is_unknown() {
                continue;
            }
            let mut against = None;
            if convicted.value.before(birth.value).is_yes() {
                against = birth.seen[0];
                born_after_conviction = convicted.seen[0];
            } else if let Some(arrest) = self.arrested_later(count, convicted.value) {
                against = Some(arrest);
            }
            if let Some(against) = against {
                let ready = &mut self.ready[at as usize];
                ready.date = in_conflict(convicted, Some(against));
                if rests_on_the_conviction(&count.completed) {
                    ready.completed = in_conflict(count.completed, Some(against));
                }
            }
            if self.deceased.value.is_yes() && convicted.value.after(self.person.died).is_yes() {
                self.deceased = Fact {
                    value: Truth::Unknown,
                    gap: Some(Gap::Conflict),
                    seen: [self.person.deceased.seen[0], convicted.seen[0]],
                };
            }
        }
        if born_after_conviction.is_some() {
            self.birth = in_conflict(birth, born_after_conviction);
        }
    }

    /// An arrest of the same cycle after the conviction, where every arrest of the cycle comes after it.
    fn arrested_later(&self, count: &Count<'_>, convicted: DateSpan) -> Option<Seen> {
        let mut later = None;
        for event in self.steps_of(count.order.cycle()).filter(|event| event.kind == StepKind::Arrest) {
            if event.date.value.is_unknown() || !event.date.value.after(convicted).is_yes() {
                return None;
            }
            later = later.or(event.date.seen[0]);
        }
        later
    }

    /// The steps of a cycle, in order.
    fn steps_of(&self, cycle: u16) -> impl Iterator<Item = &'p Event<'a>> + use<'p, 'a> {
        let cycle = u32::from(cycle);
        let mut events = self.person.events.as_slice();
        if self.in_order {
            let start = events.partition_point(|event| event.case / 1000 < cycle);
            events = events.get(start..).unwrap_or_default();
            let end = events.partition_point(|event| event.case / 1000 == cycle);
            events = events.get(..end).unwrap_or_default();
        }
        events.iter().filter(move |event| event.case / 1000 == cycle)
    }

    /// The counts of a cycle, in order.
    pub(crate) fn counts_of_cycle(&self, cycle: u16) -> impl Iterator<Item = &'p Count<'a>> + use<'p, 'a> {
        let mut counts = self.person.counts.as_slice();
        if self.in_order {
            let start = counts.partition_point(|count| count.order.cycle() < cycle);
            counts = counts.get(start..).unwrap_or_default();
            let end = counts.partition_point(|count| count.order.cycle() == cycle);
            counts = counts.get(..end).unwrap_or_default();
        }
        counts.iter().filter(move |count| count.order.cycle() == cycle)
    }

    /// The counts of a case that are or may be convictions, in order.
    pub(crate) fn convictions_of_case(&self, case: u32) -> impl Iterator<Item = u32> + use<'_, 'p, 'a> {
        let of = |at: &u32| self.person.counts[*at as usize].order.case();
        let mut convictions = self.convictions.as_slice();
        if self.in_order {
            let start = convictions.partition_point(|at| of(at) < case);
            convictions = convictions.get(start..).unwrap_or_default();
            let end = convictions.partition_point(|at| of(at) == case);
            convictions = convictions.get(..end).unwrap_or_default();
        }
        convictions.iter().copied().filter(move |at| of(at) == case)
    }

    /// The date of the offence: as another document states it, else the latest arrest of the cycle on or before the
    /// conviction stands in.
    pub(crate) fn offence_date(&self, at: u32) -> Fact<DateSpan> {
        if let Some(found) = self.person.offence_date_found(CountIx(at)) {
            return found;
        }
        let count = &self.person.counts[at as usize];
        let convicted = self.ready[at as usize].date;
        let arrests = self.steps_of(count.order.cycle()).filter(|event| {
            event.kind == StepKind::Arrest && !event.date.value.after(convicted.value).is_yes()
        });
        // Without an arrest, or by one without a date, the offence is only known to come before the conviction.
        let before = DateSpan::between(Date::MIN, convicted.value.latest()).unwrap_or(DateSpan::UNKNOWN);
        let mut found: Option<Fact<DateSpan>> = None;
        for event in arrests {
            let date = if event.date.value.is_unknown() {
                Fact { value: before, gap: event.date.gap.or(Some(Gap::Blank)), seen: event.date.seen }
            } else {
                event.date
            };
            found = Some(match found {
                None => date,
                Some(fact) if fact.value == date.value => fact,
                Some(fact) => Fact {
                    value: fact.value.or(date.value),
                    gap: Some(Gap::Partial),
                    seen: [fact.seen[0], date.seen[0]],
                },
            });
        }
        found.unwrap_or(Fact { value: before, gap: Some(Gap::Blank), seen: convicted.seen })
    }

    /// The person.
    #[must_use]
    pub fn person(&self) -> &'p Person<'a> {
        self.person
    }

    /// The day of the decision for which it was prepared.
    #[must_use]
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// The counts that are or may be convictions.
    #[must_use]
    pub fn convictions(&self) -> &[u32] {
        &self.convictions
    }

    /// The county of a count by its place in the setting; none if it cannot be read.
    #[must_use]
    pub fn county_of(&self, at: u32) -> Option<usize> {
        self.ready[at as usize].county.map(usize::from)
    }

    /// The date of a count, impossible and contradicted dates set aside.
    #[must_use]
    pub fn date_of(&self, at: u32) -> Fact<DateSpan> {
        self.ready[at as usize].date
    }

    /// Whole years from the date of a count to `as_of`.
    #[must_use]
    pub fn years_since(&self, at: u32, as_of: Date) -> NumberSpan {
        self.ready[at as usize].date.value.years_until(DateSpan::on(as_of))
    }

    /// The relief granted on a count, in the order of its dates.
    pub(crate) fn reliefs(&self, at: u32) -> impl Iterator<Item = &vacatur_records::Disposition<'a>> {
        let count = &self.person.counts[at as usize];
        self.person
            .dispositions_of(count)
            .iter()
            .filter(|disposition| matches!(disposition.kind, DispositionKind::Relief(_)))
    }

    /// The relief granted on a count before, as provision and date.
    pub fn relief_granted(&self, at: u32) -> impl Iterator<Item = String> + '_ {
        self.reliefs(at).map(|relief| format!("{} on {}", relief.by, relief.date.value))
    }

    /// What is missing when a count's date is not wholly known.
    pub(crate) fn missing_of_date(&self, at: u32) -> MissingSet {
        let date = &self.ready[at as usize].date;
        let mut missing = MissingSet::of(Missing::ConvictionDate);
        // A date set aside because of the date of birth: knowing either would settle it.
        if date.gap == Some(Gap::Conflict)
            && date.seen[1].is_some_and(|against| against.column == Column::BirthDate)
        {
            missing = missing.and(MissingSet::of(Missing::BirthDate));
        }
        missing
    }
}

/// The offence of a count, and a second one beside it where the record, or another document, names another. With three
/// there is no telling which two matter: then the second cannot be read.
fn offence(person: &Person<'_>, at: usize, offences: &mut Offences<'_>) -> (OffenceIx, Option<OffenceIx>) {
    let count = &person.counts[at];
    match person.offence_found(CountIx(at as u32)) {
        Some(found) if !found.against => (offences.read(&stated(&found.text)), None),
        Some(found) => {
            let text = if count.other_charge.is_some() { &Text::default() } else { &found.text };
            (offences.read(&count.charge), Some(offences.read(&stated(text))))
        }
        None => (
            offences.read(&count.charge),
            count.other_charge.as_ref().map(|(charge, _)| offences.read(charge)),
        ),
    }
}

/// An offence that stands alone, without a charge or a comment beside it.
pub(crate) fn stated<'t>(text: &Text<'t>) -> Charge<'t> {
    Charge { charged: text.clone(), ..Charge::default() }
}

/// Whether the end of a sentence was reckoned from the date of the conviction. One that a document states was not.
fn rests_on_the_conviction(completed: &Fact<DateSpan>) -> bool {
    completed.seen[0].is_none_or(|seen| seen.column != Column::Evidence)
}

/// The same date; or nothing, if it lies in the future.
fn possible(date: Fact<DateSpan>, as_of: DateSpan) -> Fact<DateSpan> {
    if !date.value.is_unknown() && date.value.after(as_of).is_yes() {
        return Fact { value: DateSpan::UNKNOWN, gap: Some(Gap::Impossible), seen: date.seen };
    }
    date
}

fn in_conflict(date: Fact<DateSpan>, against: Option<Seen>) -> Fact<DateSpan> {
    Fact { value: DateSpan::UNKNOWN, gap: Some(Gap::Conflict), seen: [date.seen[0], against] }
}

/// Whether two names of counties are the same: letter case and blanks do not matter.
pub(crate) fn same_county(one: &[u8], two: &[u8]) -> bool {
    if one.eq_ignore_ascii_case(two) {
        return true;
    }
    let words = |text| <[u8]>::split(text, u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let (mut one, mut two) = (words(one), words(two));
    loop {
        match (one.next(), two.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a.eq_ignore_ascii_case(b) => {}
            _ => return false,
        }
    }
}

/// The names of counties met so far, and whether each is one of the jurisdiction's. One for each thread.
pub(crate) struct Counties<'s> {
    all: &'s [String],
    met: FxHashMap<Box<[u8]>, Option<u16>>,
}

/// How many names are kept. Honest files have a few hundred spellings; a hostile one makes the memory start anew.
const NAMES: usize = 1 << 12;

impl<'s> Counties<'s> {
    pub(crate) fn new(all: &'s [String]) -> Self {
        Self { all, met: FxHashMap::default() }
    }

    /// Which of the jurisdiction's counties a name is, if it is one.
    fn place_of(&mut self, name: &Text<'_>) -> Option<u16> {
        if name.is_blank() || self.all.is_empty() {
            return None;
        }
        if let Some(&known) = self.met.get(name.bytes()) {
            return known;
        }
        let place = self.all.iter().position(|county| same_county(county.as_bytes(), name.bytes()));
        let place = place.and_then(|place| u16::try_from(place).ok());
        if self.met.len() >= NAMES {
            self.met.clear();
        }
        self.met.insert(name.bytes().into(), place);
        place
    }
}

/// A place for an explanation.
pub(crate) fn at(row: RowIx, column: Column) -> Seen {
    Seen { row, column }
}
