//! Evaluation in three values.
//!
//! Every rule's condition is looked at, whichever rule decides: all grounds and all bars are known. An unknown
//! condition splits the way: both branches are followed, and only if they end in different outcomes is the answer
//! a review, with the facts named that would have settled it.

use crate::explain::FactUse;
use crate::expression::{
    Collection, Compare, Condition, CountyTerm, DateTerm, FactRef, NumberTerm, Quantified, Test, Unit, Whose,
};
use crate::parameters::Value;
use crate::policy::{Policy, RuleIx};
use crate::{FactIx, MissingSet, OutcomeKind, ParameterIx, SetIx};
use vacatur_records::{Date, DateSpan, Level, NumberSpan, Truth};

/// Whose fact is asked for: an index into the record's counts, or into its registrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Of {
    /// The conviction that is decided.
    pub decided: u32,
    /// The conviction, charge or registration that the fact is about.
    pub subject: u32,
}

/// A record that can be asked for facts. Each answer is in three values or an interval; none is a guess.
pub trait Record {
    /// Whether a flag holds.
    fn flag(&self, fact: FactIx, of: Of) -> Truth;
    /// A day.
    fn date(&self, fact: FactIx, of: Of) -> DateSpan;
    /// A level; `None` if unknown.
    fn level(&self, fact: FactIx, of: Of) -> Option<Level>;
    /// Whether an offence is in a section set of the policy.
    fn in_set(&self, fact: FactIx, of: Of, set: SetIx) -> Truth;
    /// Whether a county is the one named.
    fn county_is(&self, fact: FactIx, of: Of, county: &str) -> Truth;
    /// Whether a list of provisions includes one.
    fn includes(&self, fact: FactIx, of: Of, label: &str) -> Truth;
    /// What is missing when the fact is not wholly known; nothing when it is.
    fn missing(&self, fact: FactIx, of: Of) -> MissingSet;
    /// What is missing when it is unknown whether an offence is in a set: the fact, unless the set changes with a day
    /// that is not known well enough.
    fn missing_in_set(&self, fact: FactIx, of: Of, set: SetIx) -> MissingSet {
        let _ = set;
        self.missing(fact, of)
    }
    /// The fact whose day says which sections of a set were in force, for a set that changes with it.
    fn set_is_dated_by(&self, fact: FactIx, set: SetIx) -> Option<FactIx> {
        let _ = (fact, set);
        None
    }
    /// The members of a collection, those included of which it is unknown whether they belong.
    fn members(&self, of: Collection) -> &[u32];
    /// Whether a member surely belongs, and what is missing if not.
    fn belongs(&self, of: Collection, member: u32) -> (Truth, MissingSet);
    /// What is missing from the record as a whole: then the absence of a member proves nothing.
    fn gaps(&self) -> MissingSet;
    /// The day of the decision.
    fn as_of(&self) -> Date;
    /// Whether a fact is of a conviction rather than of the person.
    fn is_of_conviction(&self, fact: FactIx) -> bool;
    /// A fact as an explanation shows it.
    fn shown(&self, fact: FactIx, of: Of) -> FactUse;
    /// A member as an explanation names it.
    fn named(&self, of: Collection, member: u32) -> String;
}

/// A set of rules of one policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RuleSet(u64);

impl RuleSet {
    /// How many rules a policy may have.
    pub const MOST: usize = 64;

    /// Whether `rule` is in it.
    #[must_use]
    pub const fn has(self, rule: RuleIx) -> bool {
        self.0 >> rule.0 & 1 == 1
    }

    /// The rules, in order.
    pub fn iter(self) -> impl Iterator<Item = RuleIx> {
        (0..64).map(RuleIx).filter(move |&rule| self.has(rule))
    }

    /// Whether it is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn add(&mut self, rule: RuleIx) {
        self.0 |= 1 << rule.0;
    }
}

/// What a policy decides of one conviction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether the conviction is in the policy's scope: yes, or unknown. Out of scope there is no decision.
    pub scope: Truth,
    /// The outcome.
    pub outcome: OutcomeKind,
    /// The rule that decides; `None` where a missing fact leaves it open which one does.
    pub deciding: Option<RuleIx>,
    /// The rules whose condition surely holds.
    pub holds: RuleSet,
    /// The rules whose condition is unknown.
    pub unknown: RuleSet,
    /// The rules that may decide, depending on what is unknown.
    pub possible: RuleSet,
    /// The rules whose unknown condition the document itself tells how to take.
    pub assumed: RuleSet,
    /// What was missing and mattered.
    pub missing: MissingSet,
    /// What was missing and made no difference.
    pub harmless: MissingSet,
}

type Answer = (Truth, MissingSet);

const fn known(truth: Truth) -> Answer {
    (truth, MissingSet::NONE)
}

/// What was found once for a person.
#[derive(Default)]
struct Cached {
    /// The members that the settled part lets through.
    members: Vec<(u32, Truth, MissingSet)>,
    filled: bool,
}

/// Evaluates one policy on one record; kept between records so that its memory is.
pub(crate) struct Evaluator<'a, R> {
    policy: &'a Policy,
    values: &'a [Value],
    record: &'a R,
    cache: Vec<Cached>,
}

impl<'a, R: Record> Evaluator<'a, R> {
    pub(crate) fn new(policy: &'a Policy, values: &'a [Value], record: &'a R) -> Self {
        let cache = (0..policy.quantifiers).map(|_| Cached::default()).collect();
        Self { policy, values, record, cache }
    }

    /// The decision on the conviction `decided`; `None` when it is surely out of scope.
    pub(crate) fn decide(&mut self, decided: u32) -> Option<Decision> {
        let of = Of { decided, subject: decided };
        let (scope, scope_missing) = self.truth(&self.policy.scope.condition, of);
        if scope.is_no() {
            return None;
        }
        let mut decision = Decision {
            scope,
            outcome: OutcomeKind::Review,
            deciding: None,
            holds: RuleSet::default(),
            unknown: RuleSet::default(),
            possible: RuleSet::default(),
            assumed: RuleSet::default(),
            missing: MissingSet::NONE,
            harmless: MissingSet::NONE,
        };
        // The unknown rules before the first that surely holds, each with what it misses.
        let mut open: [(RuleIx, MissingSet); RuleSet::MOST] = [(RuleIx(0), MissingSet::NONE); RuleSet::MOST];
        let mut open_len = 0;
        let mut last = None;
        for (at, rule) in self.policy.rules.iter().enumerate() {
            let ix = RuleIx(at as u8);
            let (found, missing) = match &rule.condition {
                Some(condition) => self.truth(condition, of),
                None => known(Truth::Yes),
            };
            let mut taken = found;
            if found.is_unknown() {
                decision.unknown.add(ix);
                if let Some(assumption) = &rule.if_unknown {
                    taken = Truth::of(assumption.holds);
                    if last.is_none() {
                        decision.assumed.add(ix);
                    }
                }
            }
            // A bare `otherwise` is no ground of its own beside others.
            if found.is_yes() && (rule.condition.is_some() || last.is_none()) {
                decision.holds.add(ix);
            }
            if last.is_none() {
                match taken {
                    Truth::Yes => last = Some(ix),
                    Truth::Unknown => {
                        open[open_len] = (ix, missing);
                        open_len += 1;
                    }
                    Truth::No => {}
                }
            }
        }
        // A checked policy ends in `otherwise`, so one rule surely holds.
        let last = last?;
        let outcome_of = |rule: RuleIx| &self.policy.rules[rule.at()].outcome;
        let open = &open[..open_len];
        // From the end: an unknown rule is harmless if it and all that may follow decide the same.
        let mut differs = false;
        for &(rule, missing) in open.iter().rev() {
            differs |= outcome_of(rule) != outcome_of(last);
            if differs {
                decision.missing = decision.missing.and(missing);
            } else {
                decision.harmless = decision.harmless.and(missing);
            }
        }
        for &(rule, _) in open {
            decision.possible.add(rule);
        }
        decision.possible.add(last);
        if scope.is_unknown() {
            decision.missing = decision.missing.and(scope_missing);
        }
        decision.harmless = decision.harmless.without(decision.missing);
        if !differs && scope.is_yes() {
            decision.outcome = outcome_of(last).kind();
            decision.deciding = Some(last);
        }
        Some(decision)
    }

    pub(crate) fn truth(&mut self, condition: &Condition, of: Of) -> Answer {
        match &condition.test {
            Test::All(parts) => {
                let mut answer = known(Truth::Yes);
                for part in parts {
                    let (truth, missing) = self.truth(part, of);
                    match truth {
                        Truth::No => return known(Truth::No),
                        Truth::Unknown => answer = (Truth::Unknown, answer.1.and(missing)),
                        Truth::Yes => {}
                    }
                }
                answer
            }
            Test::Either(parts) => {
                let mut answer = known(Truth::No);
                for part in parts {
                    let (truth, missing) = self.truth(part, of);
                    match truth {
                        Truth::Yes => return known(Truth::Yes),
                        Truth::Unknown => answer = (Truth::Unknown, answer.1.and(missing)),
                        Truth::No => {}
                    }
                }
                answer
            }
            Test::Not(part) => {
                let (truth, missing) = self.truth(part, of);
                (!truth, missing)
            }
            Test::Flag(fact) => self.answer(self.record.flag(fact.fact, whose(*fact, of)), &[*fact], of),
            Test::FlagParameter(at) => known(Truth::of(matches!(self.values[at.at()], Value::Flag(true)))),
            Test::IsSet(at) => {
                known(Truth::of(!matches!(self.values[at.at()], Value::Number(None) | Value::County(None))))
            }
            Test::Choice { parameter, is } => {
                known(Truth::of(matches!(&self.values[parameter.at()], Value::Choice(value) if value == is)))
            }
            Test::Dates { left, how, right } => {
                let (a, b) = (self.date(left, of), self.date(right, of));
                let truth = match how {
                    Compare::Less => a.before(b),
                    Compare::AtMost => !b.before(a),
                    Compare::Equal => a.same_day(b),
                    Compare::NotEqual => !a.same_day(b),
                    Compare::AtLeast => !a.before(b),
                    Compare::More => b.before(a),
                };
                if !truth.is_unknown() {
                    return known(truth);
                }
                let mut missing = MissingSet::NONE;
                self.gaps_of_date(left, of, &mut missing);
                self.gaps_of_date(right, of, &mut missing);
                (truth, missing)
            }
            Test::Numbers { left, how, right } => {
                let ((a, a_missing), (b, b_missing)) = (self.number(left, of), self.number(right, of));
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
            Test::Level { fact, is } => {
                let level = self.record.level(fact.fact, whose(*fact, of));
                self.answer(level.map_or(Truth::Unknown, |level| Truth::of(level == *is)), &[*fact], of)
            }
            Test::InSet { fact, set } => {
                let of = whose(*fact, of);
                let truth = self.record.in_set(fact.fact, of, *set);
                if truth.is_unknown() {
                    (truth, self.record.missing_in_set(fact.fact, of, *set))
                } else {
                    known(truth)
                }
            }
            Test::County { fact, is } => {
                let truth = match self.county(is) {
                    Some(county) => self.record.county_is(fact.fact, whose(*fact, of), county),
                    None => Truth::Yes,
                };
                self.answer(truth, &[*fact], of)
            }
            Test::Includes { fact, label } => {
                self.answer(self.record.includes(fact.fact, whose(*fact, of), label), &[*fact], of)
            }
            Test::Any(members) => self.any(members, of),
            Test::Every(members) => self.every(members, of),
        }
    }

    pub(crate) fn county<'c>(&'c self, term: &'c CountyTerm) -> Option<&'c str> {
        match term {
            CountyTerm::Literal(county) => Some(county),
            CountyTerm::Parameter(at) => match &self.values[at.at()] {
                Value::County(county) => county.as_deref(),
                _ => None,
            },
        }
    }

    /// A parameter's name and value.
    pub(crate) fn setting(&self, at: ParameterIx) -> (&str, String) {
        (&self.policy.parameters[at.at()].name, self.values[at.at()].to_string())
    }

    fn answer(&self, truth: Truth, facts: &[FactRef], of: Of) -> Answer {
        if !truth.is_unknown() {
            return known(truth);
        }
        let missing = facts
            .iter()
            .map(|fact| self.record.missing(fact.fact, whose(*fact, of)))
            .fold(MissingSet::NONE, MissingSet::and);
        (truth, missing)
    }

    /// Fills the cache of a quantifier: the members, and how the settled part answers for each. Members for which it
    /// answers `drop` cannot matter and are left out.
    fn fill(&mut self, members: &Quantified, drop: Option<Truth>) {
        let at = usize::from(members.cache);
        if self.cache[at].filled {
            return;
        }
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
        self.cache[at] = Cached { members: found, filled: true };
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

    fn any(&mut self, members: &Quantified, of: Of) -> Answer {
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

    fn every(&mut self, members: &Quantified, of: Of) -> Answer {
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

    fn count(&mut self, members: &Quantified, of: Of) -> (NumberSpan, MissingSet) {
        self.fill(members, Some(Truth::No));
        let at = usize::from(members.cache);
        let found = std::mem::take(&mut self.cache[at].members);
        let (mut least, mut most, mut all_missing) = (0, 0, MissingSet::NONE);
        for &one in &found {
            let (truth, missing) = self.member(members, one, of);
            if truth.is_no() {
                continue;
            }
            let (belongs, doubt) = self.record.belongs(members.of, one.0);
            match truth.and(belongs) {
                Truth::Yes => (least, most) = (least + 1, most + 1),
                Truth::Unknown => {
                    most += 1;
                    all_missing = all_missing.and(missing).and(doubt);
                }
                Truth::No => {}
            }
        }
        self.cache[at].members = found;
        let gaps = self.record.gaps();
        if !gaps.is_empty() {
            most = i32::MAX;
            all_missing = all_missing.and(gaps);
        }
        (NumberSpan { least, most }, all_missing)
    }

    pub(crate) fn date(&mut self, term: &DateTerm, of: Of) -> DateSpan {
        match term {
            DateTerm::Fact(fact) => self.record.date(fact.fact, whose(*fact, of)),
            DateTerm::AsOf => DateSpan::on(self.record.as_of()),
            DateTerm::Literal(day) => DateSpan::on(*day),
            DateTerm::Parameter(at) => match &self.values[at.at()] {
                Value::Date(day) => DateSpan::on(*day),
                _ => DateSpan::UNKNOWN,
            },
            DateTerm::Moved { from, by, unit, back } => {
                let from = self.date(from, of);
                let (by, _) = self.number(by, of);
                let Some(by) = by.known() else { return DateSpan::UNKNOWN };
                let by = if *back { by.saturating_neg() } else { by };
                match unit {
                    Unit::Days => from.plus_days(by),
                    Unit::Months => from.plus_months(by),
                    Unit::Years => from.plus_years(by),
                }
            }
        }
    }

    pub(crate) fn number(&mut self, term: &NumberTerm, of: Of) -> (NumberSpan, MissingSet) {
        match term {
            NumberTerm::Literal(number) => (NumberSpan::exactly(*number), MissingSet::NONE),
            NumberTerm::Parameter(at) => (parameter_number(self.values, *at), MissingSet::NONE),
            NumberTerm::Years { from, to } => {
                let span = self.date(from, of).years_until(self.date(to, of));
                let mut missing = MissingSet::NONE;
                if span.known().is_none() {
                    self.gaps_of_date(from, of, &mut missing);
                    self.gaps_of_date(to, of, &mut missing);
                }
                (span, missing)
            }
            NumberTerm::Count(members) => self.count(members, of),
        }
    }

    fn gaps_of_date(&mut self, term: &DateTerm, of: Of, missing: &mut MissingSet) {
        match term {
            DateTerm::Fact(fact) => {
                if self.record.date(fact.fact, whose(*fact, of)).known().is_none() {
                    *missing = missing.and(self.record.missing(fact.fact, whose(*fact, of)));
                }
            }
            DateTerm::AsOf | DateTerm::Literal(_) | DateTerm::Parameter(_) => {}
            DateTerm::Moved { from, by, .. } => {
                self.gaps_of_date(from, of, missing);
                *missing = missing.and(self.number(by, of).1);
            }
        }
    }
}

/// The subject of a fact.
pub(crate) fn whose(fact: FactRef, of: Of) -> Of {
    match fact.whose {
        Whose::Decided => Of { decided: of.decided, subject: of.decided },
        Whose::Member => of,
    }
}

/// A number that is off compares as unknown, so that no rule can rest on it by accident.
fn parameter_number(values: &[Value], at: ParameterIx) -> NumberSpan {
    match &values[at.at()] {
        Value::Number(Some(number)) => NumberSpan::exactly(*number),
        _ => NumberSpan::UNKNOWN,
    }
}
