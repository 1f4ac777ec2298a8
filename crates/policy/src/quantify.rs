//! Conditions on many members of a record.

use crate::MissingSet;
use crate::answer::{Answer, known};
use crate::evaluate::{Evaluator, Of, Record, whose};
use crate::expression::{Counted, FactRef, Quantified};
use vacatur_records::{Date, DateSpan, NumberSpan, Truth};

/// What was found once for a person.
#[derive(Default)]
pub(crate) struct Cached {
    /// The members that the settled part lets through.
    members: Vec<(u32, Truth, MissingSet)>,
    filled: bool,
    /// Whether something unknown was taken as the document says on the way.
    assumed: bool,
}

impl<R: Record> Evaluator<'_, R> {
    /// Fills the cache of a quantifier: the members, and how the settled part answers for each. Members for which it
    /// answers `drop` cannot matter and are left out.
    fn fill(&mut self, members: &Quantified, drop: Option<Truth>) {
        let at = usize::from(members.cache);
        if self.cache[at].filled {
            self.assumed |= self.cache[at].assumed;
            return;
        }
        let before = std::mem::replace(&mut self.assumed, false);
        let record = self.record;
        let mut found = std::mem::take(&mut self.cache[at].members);
        for &member in record.members(members.of) {
            let (truth, missing) = match &members.settled {
                Some(part) => self.truth(part, Of { decided: u32::MAX, subject: member }),
                None => known(Truth::Yes),
            };
            if Some(truth) != drop {
                found.push((member, truth, missing));
            }
        }
        self.cache[at] = Cached { members: found, filled: true, assumed: self.assumed };
        self.assumed |= before;
    }

    /// Whether the member, of which the settled part is known already, makes the whole condition hold.
    fn member(
        &mut self,
        members: &Quantified,
        (member, settled, missing): (u32, Truth, MissingSet),
        of: Of,
    ) -> Answer {
        let rest = match &members.rest {
            Some(part) => self.truth(part, Of { decided: of.decided, subject: member }),
            None => known(Truth::Yes),
        };
        match (settled, rest.0) {
            (_, Truth::No) | (Truth::No, _) => known(Truth::No),
            (Truth::Yes, Truth::Yes) => known(Truth::Yes),
            _ => (Truth::Unknown, missing.and(rest.1)),
        }
    }

    pub(crate) fn any(&mut self, members: &Quantified, of: Of) -> Answer {
        self.fill(members, Some(Truth::No));
        let at = usize::from(members.cache);
        let found = std::mem::take(&mut self.cache[at].members);
        let mut answer = known(Truth::No);
        for &one in &found {
            let (truth, missing) = self.member(members, one, of);
            if truth.is_no() {
                continue;
            }
            let (belongs, doubt) = self.record.belongs(members.of, one.0);
            match truth.and(belongs) {
                Truth::Yes => {
                    answer = known(Truth::Yes);
                    break;
                }
                Truth::Unknown => answer = (Truth::Unknown, answer.1.and(missing).and(doubt)),
                Truth::No => {}
            }
        }
        self.cache[at].members = found;
        incomplete(answer, Truth::No, self.record.gaps())
    }

    pub(crate) fn every(&mut self, members: &Quantified, of: Of) -> Answer {
        // Where nothing else is asked, members that surely have it need no second look.
        self.fill(members, members.rest.is_none().then_some(Truth::Yes));
        let at = usize::from(members.cache);
        let found = std::mem::take(&mut self.cache[at].members);
        let mut answer = known(Truth::Yes);
        for &one in &found {
            let (truth, missing) = self.member(members, one, of);
            if truth.is_yes() {
                continue;
            }
            let (belongs, doubt) = self.record.belongs(members.of, one.0);
            match truth.or(!belongs) {
                Truth::No => {
                    answer = known(Truth::No);
                    break;
                }
                Truth::Unknown => answer = (Truth::Unknown, answer.1.and(missing).and(doubt)),
                Truth::Yes => {}
            }
        }
        self.cache[at].members = found;
        incomplete(answer, Truth::Yes, self.record.gaps())
    }

    /// Every member that meets the condition or may meet it: `Yes` or `Unknown`, and what is missing.
    fn meeting(&mut self, members: &Quantified, of: Of, mut each: impl FnMut(&R, u32, Truth, MissingSet)) {
        self.fill(members, Some(Truth::No));
        let at = usize::from(members.cache);
        let found = std::mem::take(&mut self.cache[at].members);
        for &one in &found {
            let (truth, missing) = self.member(members, one, of);
            if truth.is_no() {
                continue;
            }
            let (belongs, doubt) = self.record.belongs(members.of, one.0);
            match truth.and(belongs) {
                Truth::No => {}
                truth => each(self.record, one.0, truth, missing.and(doubt)),
            }
        }
        self.cache[at].members = found;
    }

    pub(crate) fn counted(
        &mut self,
        members: &Quantified,
        counted: Counted,
        of: Of,
    ) -> (NumberSpan, MissingSet) {
        let mut tally = Tally::new(counted);
        self.meeting(members, of, |record, member, truth, doubt| tally.add(record, member, truth, doubt));
        tally.end(self.record.gaps())
    }

    /// The latest, or the earliest, day of the members that meet the condition. Where there is none, the latest is
    /// before every day and the earliest after every day.
    pub(crate) fn extreme(
        &mut self,
        fact: FactRef,
        members: &Quantified,
        latest: bool,
        of: Of,
    ) -> (DateSpan, MissingSet) {
        let mut extreme = Extreme::new(latest);
        self.meeting(members, of, |record, member, truth, doubt| {
            let member = whose(fact, Of { decided: of.decided, subject: member });
            let day = record.date(fact.fact, member);
            let unknown = match day.known() {
                Some(_) => MissingSet::NONE,
                None => record.missing(fact.fact, member),
            };
            extreme.add(day, unknown, truth, doubt);
        });
        extreme.end(self.record.gaps())
    }
}

/// A count of members that meet a condition, or may meet it.
pub(crate) enum Tally {
    Members { least: i32, most: i32, missing: MissingSet },
    Cases { sure: Vec<u32>, all: Vec<u32>, missing: MissingSet },
    Days { sure: Vec<Date>, all: Vec<Date>, undated: i32, surely_undated: bool, missing: MissingSet },
}

impl Tally {
    pub(crate) fn new(counted: Counted) -> Self {
        let missing = MissingSet::NONE;
        match counted {
            Counted::Members => Self::Members { least: 0, most: 0, missing },
            Counted::Cases => Self::Cases { sure: Vec::new(), all: Vec::new(), missing },
            Counted::Days => {
                Self::Days { sure: Vec::new(), all: Vec::new(), undated: 0, surely_undated: false, missing }
            }
        }
    }

    /// One more member: it surely meets the condition, or it is unknown whether it does for lack of `doubt`.
    pub(crate) fn add<R: Record>(&mut self, record: &R, member: u32, truth: Truth, doubt: MissingSet) {
        match self {
            Self::Members { least, most, missing } => {
                *most += 1;
                *least += i32::from(truth.is_yes());
                if truth.is_unknown() {
                    *missing = missing.and(doubt);
                }
            }
            Self::Cases { sure, all, missing } => {
                let case = record.case_of(member);
                all.push(case);
                if truth.is_yes() {
                    sure.push(case);
                } else {
                    *missing = missing.and(doubt);
                }
            }
            Self::Days { sure, all, undated, surely_undated, missing } => {
                let (day, unknown) = record.day_of(member);
                match day.known() {
                    Some(day) => {
                        all.push(day);
                        if truth.is_yes() {
                            sure.push(day);
                        }
                    }
                    // It may be one of the other days, or one more.
                    None => {
                        *undated += 1;
                        *surely_undated |= truth.is_yes();
                        *missing = missing.and(unknown);
                    }
                }
                if truth.is_unknown() {
                    *missing = missing.and(doubt);
                }
            }
        }
    }

    /// Whether there surely are more than so many, by a look that costs little: where there are, it may not see it yet.
    pub(crate) fn surely_more_than(&self, enough: i32) -> bool {
        // Beyond a handful of cases or days the look itself would cost something.
        const HANDFUL: usize = 8;
        fn apart<T: PartialEq>(sure: &[T]) -> i32 {
            let first = &sure[..sure.len().min(HANDFUL)];
            first.iter().enumerate().filter(|(at, one)| !first[..*at].contains(*one)).count() as i32
        }
        match self {
            Self::Members { least, .. } => *least > enough,
            _ if enough >= HANDFUL as i32 => false,
            Self::Cases { sure, .. } => apart(sure) > enough,
            Self::Days { sure, .. } => apart(sure) > enough,
        }
    }

    /// How many there are, given what is missing from the record as a whole.
    pub(crate) fn end(self, gaps: MissingSet) -> (NumberSpan, MissingSet) {
        let (least, mut most, mut missing) = match self {
            Self::Members { least, most, missing } => (least, most, missing),
            Self::Cases { mut sure, mut all, missing } => {
                (different(&mut sure), different(&mut all), missing)
            }
            Self::Days { mut sure, mut all, undated, surely_undated, missing } => {
                let least = different(&mut sure).max(i32::from(surely_undated));
                (least, different(&mut all) + undated, missing)
            }
        };
        if !gaps.is_empty() {
            most = i32::MAX;
            missing = missing.and(gaps);
        }
        (NumberSpan { least, most }, missing)
    }
}

/// The latest or the earliest day of members that meet a condition, or may meet it.
pub(crate) struct Extreme {
    latest: bool,
    found: Option<DateSpan>,
    missing: MissingSet,
}

impl Extreme {
    pub(crate) fn new(latest: bool) -> Self {
        Self { latest, found: None, missing: MissingSet::NONE }
    }

    /// The day that stands for "there is none".
    fn none(&self) -> Date {
        if self.latest { Date::MIN } else { Date::MAX }
    }

    /// One more member's day, and what is missing where it is not known to the day.
    pub(crate) fn add(&mut self, mut day: DateSpan, unknown: MissingSet, truth: Truth, doubt: MissingSet) {
        self.missing = self.missing.and(unknown);
        if truth.is_unknown() {
            self.missing = self.missing.and(doubt);
            day = day.or(DateSpan::on(self.none()));
        }
        self.found = Some(match self.found {
            None => day,
            Some(other) if self.latest => other.max(day),
            Some(other) => other.min(day),
        });
    }

    /// The day, given what is missing from the record as a whole.
    pub(crate) fn end(self, gaps: MissingSet) -> (DateSpan, MissingSet) {
        let none = self.none();
        let (mut found, mut missing) = (self.found.unwrap_or(DateSpan::on(none)), self.missing);
        if !gaps.is_empty() {
            // What could not be read may be later, or earlier, than all that could.
            found = found.or(DateSpan::on(if self.latest { Date::MAX } else { Date::MIN }));
            missing = missing.and(gaps);
        }
        if found.known().is_some() { (found, MissingSet::NONE) } else { (found, missing) }
    }
}

/// An answer that rests on the absence of a member proves nothing when a row of the person is unreadable.
pub(crate) fn incomplete(answer: Answer, resting_on_absence: Truth, gaps: MissingSet) -> Answer {
    // A member that is in the record settles it; anything else may be settled by what could not be read.
    if answer.0 != !resting_on_absence && !gaps.is_empty() {
        (Truth::Unknown, answer.1.and(gaps))
    } else {
        answer
    }
}

/// How many different ones there are.
fn different<T: Ord>(items: &mut Vec<T>) -> i32 {
    items.sort_unstable();
    items.dedup();
    i32::try_from(items.len()).unwrap_or(i32::MAX)
}
