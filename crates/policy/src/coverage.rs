//! The conditions of a document with their parts, and the answers that a record gives to each.
//!
//! An explanation shows what makes an answer. This shows whatever was asked on the way to it: every member that a
//! quantifier looked at, and not only those that matter. As there, what comes after the part that settles an answer
//! is not looked at.

use crate::Decision;
use crate::evaluate::{Evaluator, Of, Record};
use crate::expression::{Condition, DateTerm, NumberTerm, Quantified, Test};
use crate::heading::Mode;
use crate::parameters::Value;
use crate::policy::{Policy, RuleIx};
use std::ops::Range;
use vacatur_records::Truth;

/// A condition of a document, and what it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Where it stands: a range of bytes of the document. No two conditions of a document have the same.
    pub span: Range<usize>,
    /// The words of the document, on one line.
    pub text: String,
    /// Whether a record can leave it unknown. What rests on parameters alone is always known.
    pub can_be_unknown: bool,
    /// Its parts, and the conditions on the members that it looks at.
    pub parts: Vec<Outline>,
}

/// What a condition is made of.
enum Inner<'c> {
    /// Parts, and the answer of one that settles the whole.
    Joined(&'c [Condition], Truth),
    Not(&'c Condition),
    Members(Vec<&'c Quantified>),
}

fn inner(test: &Test) -> Inner<'_> {
    let mut members = Vec::new();
    match test {
        Test::All(parts) => return Inner::Joined(parts, Truth::No),
        Test::Either(parts) => return Inner::Joined(parts, Truth::Yes),
        Test::Not(part) | Test::Defined(part) | Test::Assumed { part, .. } => return Inner::Not(part),
        Test::Any(of) | Test::Every(of) => members.push(of),
        Test::Dates { left, right, .. } => {
            of_date(left, &mut members);
            of_date(right, &mut members);
        }
        Test::Numbers { left, right, .. } => {
            of_number(left, &mut members);
            of_number(right, &mut members);
        }
        _ => {}
    }
    Inner::Members(members)
}

/// The counts that a date is moved by.
fn of_date<'c>(term: &'c DateTerm, members: &mut Vec<&'c Quantified>) {
    match term {
        DateTerm::Moved { from, by, .. } => {
            of_date(from, members);
            of_number(by, members);
        }
        DateTerm::Either { one, other, .. } => {
            of_date(one, members);
            of_date(other, members);
        }
        DateTerm::Extreme { members: of, .. } => members.push(of),
        DateTerm::Fact(_) | DateTerm::AsOf | DateTerm::Literal(_) | DateTerm::Parameter(_) => {}
    }
}

fn of_number<'c>(term: &'c NumberTerm, members: &mut Vec<&'c Quantified>) {
    match term {
        NumberTerm::Between { from, to, .. } => {
            of_date(from, members);
            of_date(to, members);
        }
        NumberTerm::Count { members: of, .. } => members.push(of),
        _ => {}
    }
}

impl Outline {
    fn of(condition: &Condition, document: &str) -> Self {
        let text = document.get(condition.span.clone()).unwrap_or("");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            span: condition.span.clone(),
            text,
            can_be_unknown: can_be_unknown(&condition.test),
            parts: parts(condition, document),
        }
    }
}

fn can_be_unknown(test: &Test) -> bool {
    match test {
        Test::FlagParameter(_) | Test::IsSet(_) | Test::Choice { .. } => false,
        Test::All(parts) | Test::Either(parts) => parts.iter().any(|part| can_be_unknown(&part.test)),
        Test::Not(part) | Test::Defined(part) => can_be_unknown(&part.test),
        Test::Assumed { .. } => false,
        _ => true,
    }
}

fn parts(condition: &Condition, document: &str) -> Vec<Outline> {
    match inner(&condition.test) {
        Inner::Joined(parts, _) => parts.iter().map(|part| Outline::of(part, document)).collect(),
        // `is not`, `no … where`: one condition in the document's words.
        Inner::Not(part) if part.span == condition.span => parts(part, document),
        Inner::Not(part) => vec![Outline::of(part, document)],
        Inner::Members(all) => all.iter().map(|members| Outline::of(&members.whole, document)).collect(),
    }
}

impl Policy {
    /// The conditions of the scope and of each rule; nothing for `otherwise`.
    #[must_use]
    pub fn outline(&self) -> (Outline, Vec<Option<Outline>>) {
        let of = |condition: &Condition| Outline::of(condition, self.whole_text());
        let rules = self.rules.iter().map(|rule| rule.condition.as_ref().map(of)).collect();
        (of(&self.scope.condition), rules)
    }

    /// Tells `seen` every answer on the way to the decision on the count `count`: the place of the condition, as in
    /// [`Policy::outline`], and the answer. Rules below the last that may decide are not asked: they make no difference.
    /// Of a count out of scope, which has no decision, only the scope is asked.
    pub fn observe<R: Record>(
        &self,
        values: &[Value],
        record: &R,
        count: u32,
        decision: Option<&Decision>,
        seen: &mut dyn FnMut(&Range<usize>, Truth),
    ) {
        let mut evaluator = Evaluator::new(self, values, record);
        let of = Of { decided: count, subject: count };
        evaluator.observe(&self.scope.condition, of, record, seen);
        let Some(last) = decision.and_then(|decision| decision.possible.iter().last()) else { return };
        // Where the best of all decides, every rule makes a difference.
        let last = if self.heading.mode == Mode::BestOf { RuleIx(self.rules.len() as u8 - 1) } else { last };
        for condition in self.rules[..=last.at()].iter().filter_map(|rule| rule.condition.as_ref()) {
            evaluator.observe(condition, of, record, seen);
        }
    }
}

impl<R: Record> Evaluator<'_, R> {
    fn observe(
        &mut self,
        condition: &Condition,
        of: Of,
        record: &R,
        seen: &mut dyn FnMut(&Range<usize>, Truth),
    ) -> Truth {
        let (truth, _) = self.truth(condition, of);
        seen(&condition.span, truth);
        self.observe_parts(condition, of, record, seen);
        truth
    }

    fn observe_parts(
        &mut self,
        condition: &Condition,
        of: Of,
        record: &R,
        seen: &mut dyn FnMut(&Range<usize>, Truth),
    ) {
        match inner(&condition.test) {
            Inner::Joined(parts, settles) => {
                for part in parts {
                    if self.observe(part, of, record, seen) == settles {
                        break;
                    }
                }
            }
            Inner::Not(part) if part.span == condition.span => self.observe_parts(part, of, record, seen),
            Inner::Not(part) => {
                self.observe(part, of, record, seen);
            }
            Inner::Members(all) => {
                for members in all {
                    for &member in record.members(members.of) {
                        if !record.belongs(members.of, member).0.is_no() {
                            let member = Of { decided: of.decided, subject: member };
                            self.observe(&members.whole, member, record, seen);
                        }
                    }
                }
            }
        }
    }
}
