//! What a condition comes to, in three values, with what is missing where it is unknown.

use crate::evaluate::{Evaluator, Of, Record, whose};
use crate::expression::{Compare, Condition, CountyTerm, DateTerm, FactRef, NumberTerm, Test, Unit};
use crate::parameters::Value;
use crate::{MissingSet, ParameterIx};
use vacatur_records::{DateSpan, NumberSpan, Truth};

pub(crate) type Answer = (Truth, MissingSet);

pub(crate) const fn known(truth: Truth) -> Answer {
    (truth, MissingSet::NONE)
}

impl<R: Record> Evaluator<'_, R> {
    pub(crate) fn truth(&mut self, condition: &Condition, of: Of) -> Answer {
        match &condition.test {
            Test::All(parts) => self.joined(parts, Truth::No, of),
            Test::Either(parts) => self.joined(parts, Truth::Yes, of),
            Test::Not(part) => {
                let (truth, missing) = self.truth(part, of);
                (!truth, missing)
            }
            Test::Flag(fact) => self.answer(self.record.flag(fact.fact, whose(*fact, of)), *fact, of),
            Test::FlagParameter(at) => known(Truth::of(matches!(self.values[at.at()], Value::Flag(true)))),
            Test::IsSet(at) => {
                known(Truth::of(!matches!(self.values[at.at()], Value::Number(None) | Value::County(None))))
            }
            Test::Choice { parameter, is } => {
                known(Truth::of(matches!(&self.values[parameter.at()], Value::Choice(value) if value == is)))
            }
            Test::Dates { left, how, right } => {
                let (a, b) = (self.date(left, of), self.date(right, of));
                let truth = how.of_days(a, b);
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
                self.answer(level.map_or(Truth::Unknown, |level| Truth::of(level == *is)), *fact, of)
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
                self.answer(truth, *fact, of)
            }
            Test::Includes { fact, label } => {
                self.answer(self.record.includes(fact.fact, whose(*fact, of), label), *fact, of)
            }
            Test::Assumed { part, holds, .. } => {
                let answer = self.truth(part, of);
                if !answer.0.is_unknown() {
                    return answer;
                }
                self.assumed = true;
                known(Truth::of(*holds))
            }
            Test::Defined(part) => self.truth(part, of),
            Test::Any(members) => self.any(members, of),
            Test::Every(members) => self.every(members, of),
        }
    }

    /// The answer of parts of which one that answers `settles` settles it; where none does, it is the other one.
    fn joined(&mut self, parts: &[Condition], settles: Truth, of: Of) -> Answer {
        let mut answer = known(!settles);
        for part in parts {
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

    /// An answer with what is missing of the fact it rests on, where it is unknown.
    fn answer(&self, truth: Truth, fact: FactRef, of: Of) -> Answer {
        if truth.is_unknown() {
            (truth, self.record.missing(fact.fact, whose(fact, of)))
        } else {
            known(truth)
        }
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
            DateTerm::Either { one, other, later } => {
                let (one, other) = (self.date(one, of), self.date(other, of));
                if *later { one.max(other) } else { one.min(other) }
            }
            DateTerm::Extreme { fact, members, latest } => self.extreme(*fact, members, *latest, of).0,
        }
    }

    pub(crate) fn number(&mut self, term: &NumberTerm, of: Of) -> (NumberSpan, MissingSet) {
        match term {
            NumberTerm::Literal(number) => (NumberSpan::exactly(*number), MissingSet::NONE),
            NumberTerm::Parameter(at) => (parameter_number(self.values, *at), MissingSet::NONE),
            NumberTerm::Fact(fact) => {
                let number = self.record.number(fact.fact, whose(*fact, of));
                let missing = match number.known() {
                    Some(_) => MissingSet::NONE,
                    None => self.record.missing(fact.fact, whose(*fact, of)),
                };
                (number, missing)
            }
            NumberTerm::Between { unit, from, to } => {
                let (start, end) = (self.date(from, of), self.date(to, of));
                let span = match unit {
                    Unit::Years => start.years_until(end),
                    Unit::Months => start.months_until(end),
                    Unit::Days => start.days_until(end),
                };
                let mut missing = MissingSet::NONE;
                if span.known().is_none() {
                    self.gaps_of_date(from, of, &mut missing);
                    self.gaps_of_date(to, of, &mut missing);
                }
                (span, missing)
            }
            NumberTerm::Count { members, counted } => self.counted(members, *counted, of),
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
            DateTerm::Either { one, other, .. } => {
                self.gaps_of_date(one, of, missing);
                self.gaps_of_date(other, of, missing);
            }
            DateTerm::Extreme { fact, members, latest } => {
                *missing = missing.and(self.extreme(*fact, members, *latest, of).1);
            }
        }
    }
}

/// A number that is off compares as unknown, so that no rule can rest on it by accident.
fn parameter_number(values: &[Value], at: ParameterIx) -> NumberSpan {
    match &values[at.at()] {
        Value::Number(Some(number)) => NumberSpan::exactly(*number),
        _ => NumberSpan::UNKNOWN,
    }
}
