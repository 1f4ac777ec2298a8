//! A record that answers every question, each from a number that stands for the person.

use vacatur_eligibility::VOCABULARY;
use vacatur_policy::{Collection, FactIx, FactUse, Missing, MissingSet, Of, Record, Scope, SetIx};
use vacatur_records::{Date, DateSpan, Level, NumberSpan, Truth, add_days, date};

/// A record of two counts and two registrations. Two records of the same number answer alike.
pub struct Anything {
    number: u64,
    gaps: bool,
}

/// The counts, and the registrations.
pub const MEMBERS: &[u32] = &[0, 1];

impl Anything {
    /// The record of a number; the odd ones lack a row.
    #[must_use]
    pub fn new(number: u64) -> Self {
        Self { number, gaps: number % 2 == 1 }
    }

    /// A number below `below` that depends on the question alone.
    fn draw(&self, question: u64, below: u64) -> u64 {
        let mut mixed = self.number ^ question.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 32)) % below
    }

    fn about(&self, fact: FactIx, of: Of, below: u64) -> u64 {
        // What a quantifier finds once for a person is asked without a count that is decided.
        let decided = if VOCABULARY.fact(fact).scope == Scope::Pair { u64::from(of.decided) } else { 0 };
        let subject = if VOCABULARY.fact(fact).scope == Scope::Person { 0 } else { u64::from(of.subject) };
        self.draw(u64::from(fact.0) << 16 | decided << 8 | subject, below)
    }

    fn truth(&self, fact: FactIx, of: Of) -> Truth {
        [Truth::No, Truth::Unknown, Truth::Yes][self.about(fact, of, 3) as usize]
    }
}

impl Record for Anything {
    fn flag(&self, fact: FactIx, of: Of) -> Truth {
        self.truth(fact, of)
    }

    fn date(&self, fact: FactIx, of: Of) -> DateSpan {
        let day = |seed: u64| add_days(date(1950, 1, 1), (seed % 27_000) as i32);
        let number = self.about(fact, of, 1 << 40);
        match number % 5 {
            0 => DateSpan::UNKNOWN,
            1 => DateSpan::year(day(number >> 8).year()).unwrap_or(DateSpan::UNKNOWN),
            _ => DateSpan::on(day(number >> 8)),
        }
    }

    fn level(&self, fact: FactIx, of: Of) -> Option<Level> {
        [None, Some(Level::Felony), Some(Level::Misdemeanor), Some(Level::Infraction)]
            [self.about(fact, of, 4) as usize]
    }

    fn in_set(&self, fact: FactIx, of: Of, _: SetIx) -> Truth {
        self.truth(fact, of)
    }

    fn county_is(&self, fact: FactIx, of: Of, _: &str) -> Truth {
        self.truth(fact, of)
    }

    fn includes(&self, fact: FactIx, of: Of, _: &str) -> Truth {
        self.truth(fact, of)
    }

    fn number(&self, fact: FactIx, of: Of) -> NumberSpan {
        match self.about(fact, of, 1 << 20) {
            number if number % 4 == 0 => NumberSpan::UNKNOWN,
            number => NumberSpan::exactly((number >> 2) as i32),
        }
    }

    fn case_of(&self, member: u32) -> u32 {
        self.draw(u64::from(member) + 2_000_000, 2) as u32
    }

    fn day_of(&self, member: u32) -> (DateSpan, MissingSet) {
        let day = match self.draw(u64::from(member) + 3_000_000, 3) {
            0 => DateSpan::UNKNOWN,
            days => DateSpan::on(add_days(date(2010, 1, 1), days as i32)),
        };
        (day, MissingSet::of(Missing::ConvictionDate))
    }

    fn missing(&self, fact: FactIx, _: Of) -> MissingSet {
        MissingSet::of(VOCABULARY.fact(fact).missing)
    }

    fn members(&self, _: Collection) -> &[u32] {
        MEMBERS
    }

    fn belongs(&self, of: Collection, member: u32) -> (Truth, MissingSet) {
        match self.draw(u64::from(member) + 1_000_000, 3) {
            0 if of == Collection::Convictions => (Truth::Unknown, MissingSet::of(Missing::Disposition)),
            _ => (Truth::Yes, MissingSet::NONE),
        }
    }

    fn gaps(&self) -> MissingSet {
        if self.gaps { MissingSet::of(Missing::UnusableRow) } else { MissingSet::NONE }
    }

    fn as_of(&self) -> Date {
        date(2020, 2, 29)
    }

    fn is_of_conviction(&self, fact: FactIx) -> bool {
        VOCABULARY.fact(fact).scope == Scope::Conviction
    }

    fn shown(&self, fact: FactIx, _: Of) -> FactUse {
        let name = VOCABULARY.fact(fact).name.to_owned();
        FactUse { name, value: String::new(), gap: None, proxy: None, seen: Vec::new() }
    }

    fn named(&self, of: Collection, member: u32) -> String {
        format!("{} {member}", of.singular())
    }
}
