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
        self.incomplete(answer, Truth::No)
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
        self.incomplete(answer, Truth::Yes)
    }

    /// An answer that rests on the absence of a member proves nothing when a row of the person is unreadable.
    fn incomplete(&self, answer: Answer, resting_on_absence: Truth) -> Answer {
        let gaps = self.record.gaps();
        // A member that is in the record settles it; anything else may be settled by what could not be read.
        if answer.0 != !resting_on_absence && !gaps.is_empty() {
            (Truth::Unknown, answer.1.and(gaps))
        } else {
            answer
        }
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
        let mut missing = MissingSet::NONE;
        let (least, mut most) = match counted {
            Counted::Members => {
                let (mut least, mut most) = (0, 0);
                self.meeting(members, of, |_, _, truth, doubt| {
                    most += 1;
                    least += i32::from(truth.is_yes());
                    if truth.is_unknown() {
                        missing = missing.and(doubt);
                    }
                });
                (least, most)
            }
            Counted::Cases => {
                let (mut sure, mut all) = (Vec::new(), Vec::new());
                self.meeting(members, of, |record, member, truth, doubt| {
                    let case = record.case_of(member);
                    all.push(case);
                    if truth.is_yes() {
                        sure.push(case);
                    } else {
                        missing = missing.and(doubt);
                    }
                });
                (different(&mut sure), different(&mut all))
            }
            Counted::Days => {
                let (mut sure, mut all, mut undated, mut surely_undated) = (Vec::new(), Vec::new(), 0, false);
                self.meeting(members, of, |record, member, truth, doubt| {
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
                            undated += 1;
                            surely_undated |= truth.is_yes();
                            missing = missing.and(unknown);
                        }
                    }
                    if truth.is_unknown() {
                        missing = missing.and(doubt);
                    }
                });
                (different(&mut sure).max(i32::from(surely_undated)), different(&mut all) + undated)
            }
        };
        let gaps = self.record.gaps();
        if !gaps.is_empty() {
            most = i32::MAX;
            missing = missing.and(gaps);
        }
        (NumberSpan { least, most }, missing)
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
        let mut found: Option<DateSpan> = None;
        let mut missing = MissingSet::NONE;
        let none = if latest { Date::MIN } else { Date::MAX };
        self.meeting(members, of, |record, member, truth, doubt| {
            let member = Of { decided: of.decided, subject: member };
            let mut day = record.date(fact.fact, whose(fact, member));
            if day.known().is_none() {
                missing = missing.and(record.missing(fact.fact, whose(fact, member)));
            }
            if truth.is_unknown() {
                missing = missing.and(doubt);
                day = day.or(DateSpan::on(none));
            }
            found = Some(match found {
                None => day,
                Some(other) if latest => other.max(day),
                Some(other) => other.min(day),
            });
        });
        let mut found = found.unwrap_or(DateSpan::on(none));
        let gaps = self.record.gaps();
        if !gaps.is_empty() {
            // What could not be read may be later, or earlier, than all that could.
            found = found.or(DateSpan::on(if latest { Date::MAX } else { Date::MIN }));
            missing = missing.and(gaps);
        }
        if found.known().is_some() { (found, MissingSet::NONE) } else { (found, missing) }
    }
}

/// How many different ones there are.
fn different<T: Ord>(items: &mut Vec<T>) -> i32 {
    items.sort_unstable();
    items.dedup();
    i32::try_from(items.len()).unwrap_or(i32::MAX)
}
