//! A person of a few facts, each known or unknown, and all persons that it may turn out to be.

use super::common::MORE_FACTS as FACTS;
use vacatur_policy::{Collection, FactIx, FactUse, Kin, Missing, MissingSet, Of, Record, Scope, SetIx};
use vacatur_records::{Date, DateSpan, Level, NumberSpan, Truth, date};

/// The days that a fact can be known as, in order.
pub(crate) const DAYS: [Date; 4] = [date(1990, 2, 28), date(2000, 2, 29), date(2010, 3, 1), date(2020, 7, 1)];

/// The day of the decision.
pub(crate) const AS_OF: Date = date(2020, 7, 1);

const LEVELS: [Level; 3] = [Level::Felony, Level::Misdemeanor, Level::Infraction];

/// One unknown: what is reported missing for it, and how many values it has.
pub(crate) struct Slot {
    pub(crate) missing: Missing,
    pub(crate) values: usize,
}

const fn slot(missing: Missing, values: usize) -> Slot {
    Slot { missing, values }
}

/// The weights that a fact can be known as, in milligrams, and the numbers.
pub(crate) const WEIGHTS: [i32; 3] = [28_000, 28_500, 28_501];
pub(crate) const PLANTS: [i32; 3] = [0, 6, 7];

/// What can be known or unknown of a person: of the person, of two counts, of the counts to each other, of a
/// registration, and of a row that nobody could read.
pub(crate) const SLOTS: [Slot; 23] = [
    slot(Missing::Death, 2),
    slot(Missing::BirthDate, 4),
    slot(Missing::ConvictionDate, 4),
    slot(Missing::Level, 3),
    slot(Missing::Section, 2),
    slot(Missing::Sentence, 2),
    slot(Missing::ConvictionDate, 4),
    slot(Missing::Level, 3),
    slot(Missing::Section, 2),
    slot(Missing::Sentence, 2),
    slot(Missing::Disposition, 2),
    slot(Missing::Section, 2),
    slot(Missing::County, 2),
    slot(Missing::Disposition, 2),
    slot(Missing::RegistrationDate, 4),
    slot(Missing::Environment, 4),
    slot(Missing::Environment, 4),
    slot(Missing::Payment, 4),
    slot(Missing::Payment, 4),
    slot(Missing::Weight, 3),
    slot(Missing::Plants, 3),
    slot(Missing::Import, 2),
    slot(Missing::UnusableRow, 11),
];

/// The slot of the row that nobody could read.
pub(crate) const HIDDEN: usize = SLOTS.len() - 1;

/// The value of each slot; `None` is unknown.
pub(crate) type Values = [Option<usize>; SLOTS.len()];

/// Every way in which the unknown values can turn out.
pub(crate) fn completions(values: &Values) -> Vec<Values> {
    let mut all = vec![*values];
    for (at, slot) in SLOTS.iter().enumerate().filter(|(at, _)| values[*at].is_none()) {
        all = all
            .into_iter()
            .flat_map(|one| {
                (0..slot.values).map(move |value| {
                    let mut one = one;
                    one[at] = Some(value);
                    one
                })
            })
            .collect();
    }
    all
}

/// One count.
#[derive(Clone, Debug)]
pub(crate) struct Count {
    pub(crate) date: DateSpan,
    pub(crate) level: Option<Level>,
    pub(crate) listed: Truth,
    pub(crate) attempt: Truth,
    pub(crate) convicted: Truth,
    pub(crate) in_yolo: Truth,
    pub(crate) relieved: Truth,
    /// Whether it is of the same case as every other count that says so.
    pub(crate) same_case: Truth,
    /// The same of the cycle.
    pub(crate) same_cycle: Truth,
    pub(crate) offence: DateSpan,
    pub(crate) completed: DateSpan,
    pub(crate) weight: NumberSpan,
    pub(crate) plants: NumberSpan,
    /// The case that it is counted with, which is always known.
    pub(crate) case: u32,
}

/// A person as far as the values tell.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) deceased: Truth,
    pub(crate) birth: DateSpan,
    pub(crate) counts: Vec<Count>,
    pub(crate) registrations: Vec<DateSpan>,
    complete: bool,
    convictions: Vec<u32>,
    charges: Vec<u32>,
    registered: Vec<u32>,
}

fn truth(value: Option<usize>) -> Truth {
    value.map_or(Truth::Unknown, |value| Truth::of(value == 1))
}

fn day(value: Option<usize>, vague: bool) -> DateSpan {
    match value {
        Some(value) => DateSpan::on(DAYS[value]),
        // Some day of the years in question, or any day at all.
        None if vague => DateSpan::UNKNOWN,
        None => DateSpan::between(DAYS[0], DAYS[3]).unwrap(),
    }
}

fn number(value: Option<usize>, of: &[i32; 3]) -> NumberSpan {
    value.map_or(NumberSpan::UNKNOWN, |value| NumberSpan::exactly(of[value]))
}

impl Person {
    /// The person of these values; `vague` makes an unknown date any day at all. The two counts are counted as one case
    /// if they are vague, too: any choice will do.
    pub(crate) fn new(values: &Values, vague: bool) -> Self {
        let count = |from: usize, offence: usize, case: u32| Count {
            date: day(values[from], vague),
            level: values[from + 1].map(|value| LEVELS[value]),
            listed: truth(values[from + 2]),
            attempt: truth(values[from + 3]),
            convicted: Truth::Yes,
            in_yolo: Truth::Yes,
            relieved: Truth::No,
            same_case: truth(values[11]),
            same_cycle: truth(values[21]),
            offence: day(values[offence], vague),
            completed: day(values[offence + 2], vague),
            weight: number(values[19], &WEIGHTS),
            plants: number(values[20], &PLANTS),
            case,
        };
        let (mut first, mut second) = (count(2, 15, 0), count(6, 16, u32::from(!vague)));
        second.convicted = truth(values[10]);
        first.in_yolo = truth(values[12]);
        first.relieved = truth(values[13]);
        let mut person = Self {
            deceased: truth(values[0]),
            birth: day(values[1], vague),
            counts: vec![first, second],
            registrations: vec![day(values[14], vague)],
            complete: values[HIDDEN].is_some(),
            convictions: Vec::new(),
            charges: Vec::new(),
            registered: Vec::new(),
        };
        match values[HIDDEN] {
            // The row held nothing, or a conviction, or a registration.
            None | Some(0) => {}
            Some(hidden @ 1..=8) => person.counts.push(Count {
                date: DateSpan::on(DAYS[(hidden - 1) / 2]),
                level: Some(Level::Felony),
                listed: Truth::of(hidden % 2 == 0),
                attempt: Truth::No,
                convicted: Truth::Yes,
                in_yolo: Truth::Yes,
                relieved: Truth::No,
                same_case: Truth::Yes,
                same_cycle: Truth::Yes,
                offence: DateSpan::on(DAYS[(hidden - 1) / 4]),
                completed: DateSpan::on(DAYS[3 - (hidden - 1) / 2]),
                weight: NumberSpan::exactly(WEIGHTS[hidden % 3]),
                plants: NumberSpan::exactly(PLANTS[hidden % 3]),
                case: 2 * u32::from(hidden % 2 == 1),
            }),
            Some(hidden) => person.registrations.push(DateSpan::on(DAYS[hidden - 8])),
        }
        person.charges = (0..person.counts.len() as u32).collect();
        let convicted = |&at: &u32| !person.counts[at as usize].convicted.is_no();
        person.convictions = person.charges.iter().copied().filter(convicted).collect();
        person.registered = (0..person.registrations.len() as u32).collect();
        person
    }

    fn count(&self, of: Of) -> &Count {
        &self.counts[of.subject as usize]
    }
}

fn name(fact: FactIx) -> (&'static str, Scope) {
    (FACTS[fact.at()].name, FACTS[fact.at()].scope)
}

impl Record for Person {
    fn flag(&self, fact: FactIx, of: Of) -> Truth {
        match name(fact).0 {
            "deceased" => self.deceased,
            "attempt" => self.count(of).attempt,
            "itself" => Truth::of(of.subject == of.decided),
            "same-case" if of.subject == of.decided => Truth::Yes,
            "same-case" => self.count(of).same_case.and(self.counts[of.decided as usize].same_case),
            "same-cycle" if of.subject == of.decided => Truth::Yes,
            "same-cycle" => self.count(of).same_cycle.and(self.counts[of.decided as usize].same_cycle),
            other => panic!("{other} is no flag"),
        }
    }

    fn date(&self, fact: FactIx, of: Of) -> DateSpan {
        match name(fact) {
            ("birth-date", _) => self.birth,
            (_, Scope::Registration) => self.registrations[of.subject as usize],
            ("offence-date", _) => self.count(of).offence,
            ("completed", _) => self.count(of).completed,
            _ => self.count(of).date,
        }
    }

    fn number(&self, fact: FactIx, of: Of) -> NumberSpan {
        if name(fact).0 == "weight" { self.count(of).weight } else { self.count(of).plants }
    }

    fn case_of(&self, member: u32) -> u32 {
        self.counts[member as usize].case
    }

    fn kin(&self, fact: FactIx, count: u32) -> Kin {
        let this = &self.counts[count as usize];
        match (name(fact).0, this.same_case, this.same_cycle) {
            ("itself", ..) => Kin::Itself,
            // Of those that say so, any two are of the same case; of the others each stands for itself.
            ("same-case", Truth::Yes, _) => Kin::Group(u32::MAX),
            ("same-cycle", _, Truth::Yes) => Kin::Kind(0),
            ("same-case", Truth::No, _) | ("same-cycle", _, Truth::No) => Kin::Group(count),
            _ => Kin::Alone,
        }
    }

    fn day_of(&self, member: u32) -> (DateSpan, MissingSet) {
        (self.counts[member as usize].date, MissingSet::of(Missing::ConvictionDate))
    }

    fn level(&self, _: FactIx, of: Of) -> Option<Level> {
        self.count(of).level
    }

    fn in_set(&self, _: FactIx, of: Of, _: SetIx) -> Truth {
        self.count(of).listed
    }

    fn county_is(&self, _: FactIx, of: Of, _: &str) -> Truth {
        self.count(of).in_yolo
    }

    fn includes(&self, _: FactIx, of: Of, _: &str) -> Truth {
        self.count(of).relieved
    }

    fn missing(&self, fact: FactIx, _: Of) -> MissingSet {
        MissingSet::of(FACTS[fact.at()].missing)
    }

    fn members(&self, of: Collection) -> &[u32] {
        match of {
            Collection::Convictions => &self.convictions,
            Collection::Charges => &self.charges,
            Collection::Registrations => &self.registered,
        }
    }

    fn belongs(&self, of: Collection, member: u32) -> (Truth, MissingSet) {
        if of != Collection::Convictions {
            return (Truth::Yes, MissingSet::NONE);
        }
        let convicted = self.counts[member as usize].convicted;
        let doubt = MissingSet::of(Missing::Disposition);
        (convicted, if convicted.is_unknown() { doubt } else { MissingSet::NONE })
    }

    fn gaps(&self) -> MissingSet {
        if self.complete { MissingSet::NONE } else { MissingSet::of(Missing::UnusableRow) }
    }

    fn as_of(&self) -> Date {
        AS_OF
    }

    fn is_of_conviction(&self, fact: FactIx) -> bool {
        name(fact).1 == Scope::Conviction
    }

    fn shown(&self, fact: FactIx, _: Of) -> FactUse {
        FactUse { name: name(fact).0.into(), value: String::new(), gap: None, proxy: None, seen: Vec::new() }
    }

    fn named(&self, of: Collection, member: u32) -> String {
        format!("{} {member}", of.singular())
    }
}
