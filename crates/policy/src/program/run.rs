//! A program at work on one record.

use super::groups::Groups;
use super::members::{Entry, Filled};
use super::node::{About, At, Day, NOWHERE, Number, Ref, Test};
use super::{Plan, Program};
use crate::answer::{Answer, known};
use crate::decide::Conditions;
use crate::evaluate::{Of, Record};
use crate::expression::{Compare, Unit};
use crate::policy::RuleIx;
use crate::{FactIx, Missing, MissingSet};
use vacatur_records::{DateSpan, NumberSpan, Truth};

/// What is remembered of one record on one day; kept between records so that its room is.
pub struct Memory {
    /// First those of the person, then for each count in `rows` as many as a count has.
    truths: Vec<Kept>,
    dates: Vec<(DateSpan, Kept)>,
    numbers: Vec<(NumberSpan, Kept)>,
    /// Of each count or registration, by its index: the number of its row, one more than that; 0 where nothing is
    /// remembered yet.
    rows: Vec<u32>,
    used: u32,
    /// The members in all lists, and where each list begins and ends.
    pub(super) entries: Vec<Entry>,
    pub(super) lists: Vec<Option<Filled>>,
    /// Room for members that are being collected.
    pub(super) spare: Vec<Vec<Entry>>,
    /// Lists in groups, for each quantifier that asks for them so.
    pub(super) groups: Vec<Option<Groups>>,
    /// How many members are many: then they are looked at together.
    pub(super) many: u32,
}

vacatur_records::silent_debug!(Memory);

/// So few members are asked sooner one by one than put into groups.
const MANY: u32 = 24;

impl Default for Memory {
    fn default() -> Self {
        Self {
            truths: Vec::new(),
            dates: Vec::new(),
            numbers: Vec::new(),
            rows: Vec::new(),
            used: 0,
            entries: Vec::new(),
            lists: Vec::new(),
            spare: Vec::new(),
            groups: Vec::new(),
            many: MANY,
        }
    }
}

impl Memory {
    /// Forgets everything: what is decided next is another record, or the same as of another day.
    pub fn forget(&mut self) {
        self.truths.clear();
        self.dates.clear();
        self.numbers.clear();
        self.rows.clear();
        self.used = 0;
        self.entries.clear();
        self.lists.clear();
        self.groups.clear();
    }

    /// Looks at members together if there are so many of them. It changes no answer, and is there so that tests can see
    /// that.
    #[must_use]
    pub fn with_many(mut self, many: u32) -> Self {
        self.many = many;
        self
    }
}

/// An answer in one word, with whether something in it was taken as the document says. Nothing is all zeros.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Kept(u32);

const PRESENT: u32 = 1 << 31;
const ASSUMED: u32 = 1 << 30;
const TRUTH: u32 = 28;
const MISSING: u32 = (1 << TRUTH) - 1;
const _: () = assert!(Missing::ALL.len() <= TRUTH as usize);

impl Kept {
    #[inline]
    fn of(truth: Truth, missing: MissingSet, assumed: bool) -> Self {
        Self(PRESENT | if assumed { ASSUMED } else { 0 } | (truth as u32) << TRUTH | missing.bits())
    }

    #[inline]
    fn is_there(self) -> bool {
        self.0 != 0
    }

    #[inline]
    fn assumed(self) -> bool {
        self.0 & ASSUMED != 0
    }

    #[inline]
    fn truth(self) -> Truth {
        match self.0 >> TRUTH & 3 {
            0 => Truth::No,
            1 => Truth::Unknown,
            _ => Truth::Yes,
        }
    }

    #[inline]
    fn missing(self) -> MissingSet {
        MissingSet::of_bits(self.0 & MISSING)
    }
}

/// One program on one record.
pub(super) struct Run<'r, R> {
    pub(super) program: &'r Program,
    plan: &'r Plan,
    pub(super) record: &'r R,
    pub(super) memory: &'r mut Memory,
    /// Whether something unknown was taken as the document says since this was last set to no.
    pub(super) assumed: bool,
}

impl<R: Record> Conditions for Run<'_, R> {
    fn scope(&mut self, of: Of) -> Answer {
        self.truth(self.plan.scope, of)
    }

    fn rule(&mut self, rule: RuleIx, of: Of) -> (Answer, bool) {
        self.assumed = false;
        let answer = match self.plan.rules[rule.at()] {
            Some(condition) => self.truth(condition, of),
            None => known(Truth::Yes),
        };
        (answer, self.assumed)
    }

    fn until(&mut self, rule: RuleIx, of: Of) -> Option<DateSpan> {
        self.plan.until[rule.at()].map(|day| self.date(day, of).0)
    }
}

/// The counts that a node is asked about.
#[inline]
fn asked(at: At, of: Of) -> Of {
    Of {
        decided: if at == At::Member { of.subject } else { of.decided },
        subject: if at == At::Decided { of.decided } else { of.subject },
    }
}

impl<'r, R: Record> Run<'r, R> {
    pub(super) fn new(program: &'r Program, plan: &'r Plan, record: &'r R, memory: &'r mut Memory) -> Self {
        let of_person = program.of_person;
        if memory.lists.is_empty() {
            memory.truths.resize(of_person.truths as usize, Kept::default());
            memory.dates.resize(of_person.dates as usize, (DateSpan::UNKNOWN, Kept::default()));
            memory.numbers.resize(of_person.numbers as usize, (NumberSpan::UNKNOWN, Kept::default()));
            // One more, so that a program without lists has been here too.
            memory.lists.resize(program.lists.len() + 1, None);
            memory.groups.resize_with(program.quantifiers.len(), || None);
        }
        Self { program, plan, record, memory, assumed: false }
    }

    /// The row of a count.
    #[inline]
    fn row(&mut self, count: u32) -> usize {
        match self.memory.rows.get(count as usize) {
            Some(&row) if row != 0 => row as usize - 1,
            _ => self.new_row(count as usize),
        }
    }

    fn new_row(&mut self, count: usize) -> usize {
        let memory = &mut *self.memory;
        if count >= memory.rows.len() {
            memory.rows.resize(count + 1, 0);
        }
        memory.used += 1;
        memory.rows[count] = memory.used;
        let (of_person, of_count) = (self.program.of_person, self.program.of_count);
        let upto = |person: u32, count: u32, used: u32| person as usize + count as usize * used as usize;
        memory.truths.resize(upto(of_person.truths, of_count.truths, memory.used), Kept::default());
        let nothing = (DateSpan::UNKNOWN, Kept::default());
        memory.dates.resize(upto(of_person.dates, of_count.dates, memory.used), nothing);
        let nothing = (NumberSpan::UNKNOWN, Kept::default());
        memory.numbers.resize(upto(of_person.numbers, of_count.numbers, memory.used), nothing);
        memory.used as usize - 1
    }

    /// What a condition comes to, in three values, with what is missing where it is unknown.
    pub(super) fn truth(&mut self, part: Ref, of: Of) -> Answer {
        let program = self.program;
        let node = &program.truths[part.node as usize];
        let of = asked(part.at, of);
        if node.slot == NOWHERE {
            return self.test(&node.what, of);
        }
        let place = match node.about {
            About::Person => node.slot as usize,
            _ => {
                let row = self.row(of.subject);
                (program.of_person.truths + node.slot) as usize + row * program.of_count.truths as usize
            }
        };
        let kept = self.memory.truths[place];
        if kept.is_there() {
            self.assumed |= kept.assumed();
            return (kept.truth(), kept.missing());
        }
        let before = std::mem::replace(&mut self.assumed, false);
        let (truth, missing) = self.test(&node.what, of);
        self.memory.truths[place] = Kept::of(truth, missing, self.assumed);
        self.assumed |= before;
        (truth, missing)
    }

    fn test(&mut self, test: &'r Test, of: Of) -> Answer {
        match test {
            Test::Known(truth) => known(*truth),
            Test::All(parts) => self.joined(parts, Truth::No, of),
            Test::Either(parts) => self.joined(parts, Truth::Yes, of),
            Test::Not(part) => {
                let (truth, missing) = self.truth(*part, of);
                (!truth, missing)
            }
            Test::Flag(fact) => self.answer(self.record.flag(*fact, of), *fact, of),
            Test::Level(fact, is) => {
                let level = self.record.level(*fact, of);
                self.answer(level.map_or(Truth::Unknown, |level| Truth::of(level == *is)), *fact, of)
            }
            Test::InSet(fact, set) => {
                let truth = self.record.in_set(*fact, of, *set);
                if truth.is_unknown() {
                    (truth, self.record.missing_in_set(*fact, of, *set))
                } else {
                    known(truth)
                }
            }
            Test::County(fact, county) => self.answer(self.record.county_is(*fact, of, county), *fact, of),
            Test::Includes(fact, label) => self.answer(self.record.includes(*fact, of, label), *fact, of),
            Test::Dates(left, how, right) => {
                let ((a, a_gaps), (b, b_gaps)) = (self.date(*left, of), self.date(*right, of));
                let truth = how.of_days(a, b);
                if truth.is_unknown() { (truth, a_gaps.and(b_gaps)) } else { known(truth) }
            }
            Test::Numbers(left, how, right) => {
                let a = self.number_beside(*left, *right, of);
                let b = self.number_beside(*right, *left, of);
                let ((a, a_missing), (b, b_missing)) = (a, b);
                let truth = match how {
                    Compare::Less => a.less(b),
                    Compare::AtMost => !b.less(a),
                    Compare::Equal => a.equals(b),
                    Compare::NotEqual => !a.equals(b),
                    Compare::AtLeast => !a.less(b),
                    Compare::More => b.less(a),
                };
                if truth.is_unknown() { (truth, a_missing.and(b_missing)) } else { known(truth) }
            }
            Test::Assumed(part, holds) => {
                let answer = self.truth(*part, of);
                if !answer.0.is_unknown() {
                    return answer;
                }
                self.assumed = true;
                known(Truth::of(*holds))
            }
            Test::Any(members) => self.any(*members, of),
            Test::Every(members) => self.every(*members, of),
        }
    }

    /// The answer of parts of which one that answers `settles` settles it; where none does, it is the other one.
    fn joined(&mut self, parts: &[Ref], settles: Truth, of: Of) -> Answer {
        let mut answer = known(!settles);
        for &part in parts {
            let (truth, missing) = self.truth(part, of);
            if truth == settles {
                return known(settles);
            }
            if truth.is_unknown() {
                answer = (Truth::Unknown, answer.1.and(missing));
            }
        }
        answer
    }

    /// An answer with what is missing of the fact it rests on, where it is unknown.
    fn answer(&self, truth: Truth, fact: FactIx, of: Of) -> Answer {
        if truth.is_unknown() { (truth, self.record.missing(fact, of)) } else { known(truth) }
    }

    /// A day, and what is missing where it is not known to the day.
    pub(super) fn date(&mut self, part: Ref, of: Of) -> (DateSpan, MissingSet) {
        let program = self.program;
        let node = &program.dates[part.node as usize];
        let of = asked(part.at, of);
        if node.slot == NOWHERE {
            return self.day(&node.what, of);
        }
        let place = match node.about {
            About::Person => node.slot as usize,
            _ => {
                let row = self.row(of.subject);
                (program.of_person.dates + node.slot) as usize + row * program.of_count.dates as usize
            }
        };
        let (span, kept) = self.memory.dates[place];
        if kept.is_there() {
            self.assumed |= kept.assumed();
            return (span, kept.missing());
        }
        let before = std::mem::replace(&mut self.assumed, false);
        let (span, missing) = self.day(&node.what, of);
        self.memory.dates[place] = (span, Kept::of(Truth::Yes, missing, self.assumed));
        self.assumed |= before;
        (span, missing)
    }

    fn day(&mut self, term: &'r Day, of: Of) -> (DateSpan, MissingSet) {
        match term {
            Day::Unknown => (DateSpan::UNKNOWN, MissingSet::NONE),
            Day::On(day) => (DateSpan::on(*day), MissingSet::NONE),
            Day::AsOf => (DateSpan::on(self.record.as_of()), MissingSet::NONE),
            Day::Fact(fact) => {
                let span = self.record.date(*fact, of);
                let missing = match span.known() {
                    Some(_) => MissingSet::NONE,
                    None => self.record.missing(*fact, of),
                };
                (span, missing)
            }
            Day::Moved { from, by, unit, back } => {
                let ((from, from_missing), (by, by_missing)) = (self.date(*from, of), self.number(*by, of));
                let missing = from_missing.and(by_missing);
                let Some(by) = by.known() else { return (DateSpan::UNKNOWN, missing) };
                let by = if *back { by.saturating_neg() } else { by };
                let moved = match unit {
                    Unit::Days => from.plus_days(by),
                    Unit::Months => from.plus_months(by),
                    Unit::Years => from.plus_years(by),
                };
                (moved, missing)
            }
            Day::Either { one, other, later } => {
                let ((a, a_missing), (b, b_missing)) = (self.date(*one, of), self.date(*other, of));
                (if *later { a.max(b) } else { a.min(b) }, a_missing.and(b_missing))
            }
            Day::Extreme { day, members, latest } => self.extreme(*day, *members, *latest, of),
        }
    }

    /// A number, and what is missing where it is not known.
    pub(super) fn number(&mut self, part: Ref, of: Of) -> (NumberSpan, MissingSet) {
        let program = self.program;
        let node = &program.numbers[part.node as usize];
        let of = asked(part.at, of);
        if node.slot == NOWHERE {
            return self.amount(&node.what, of);
        }
        let place = match node.about {
            About::Person => node.slot as usize,
            _ => {
                let row = self.row(of.subject);
                (program.of_person.numbers + node.slot) as usize + row * program.of_count.numbers as usize
            }
        };
        let (span, kept) = self.memory.numbers[place];
        if kept.is_there() {
            self.assumed |= kept.assumed();
            return (span, kept.missing());
        }
        let before = std::mem::replace(&mut self.assumed, false);
        let (span, missing) = self.amount(&node.what, of);
        self.memory.numbers[place] = (span, Kept::of(Truth::Yes, missing, self.assumed));
        self.assumed |= before;
        (span, missing)
    }

    /// A number that is compared with another. How far a count goes beyond it makes no difference.
    fn number_beside(&mut self, part: Ref, other: Ref, of: Of) -> (NumberSpan, MissingSet) {
        let program = self.program;
        let node = &program.numbers[part.node as usize];
        match (&node.what, &program.numbers[other.node as usize].what) {
            (Number::Count { members, counted }, Number::Known(enough))
                if node.slot == NOWHERE && !node.assumes =>
            {
                self.counted(*members, *counted, *enough, asked(part.at, of))
            }
            _ => self.number(part, of),
        }
    }

    fn amount(&mut self, term: &'r Number, of: Of) -> (NumberSpan, MissingSet) {
        match term {
            Number::Unknown => (NumberSpan::UNKNOWN, MissingSet::NONE),
            Number::Known(number) => (NumberSpan::exactly(*number), MissingSet::NONE),
            Number::Fact(fact) => {
                let number = self.record.number(*fact, of);
                let missing = match number.known() {
                    Some(_) => MissingSet::NONE,
                    None => self.record.missing(*fact, of),
                };
                (number, missing)
            }
            Number::Between { unit, from, to } => {
                let ((start, start_gaps), (end, end_gaps)) = (self.date(*from, of), self.date(*to, of));
                let span = match unit {
                    Unit::Years => start.years_until(end),
                    Unit::Months => start.months_until(end),
                    Unit::Days => start.days_until(end),
                };
                let missing =
                    if span.known().is_none() { start_gaps.and(end_gaps) } else { MissingSet::NONE };
                (span, missing)
            }
            Number::Count { members, counted } => self.counted(*members, *counted, i32::MAX, of),
        }
    }
}
