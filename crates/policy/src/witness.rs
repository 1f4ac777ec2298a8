//! Makes small histories that are meant to meet a condition, or to miss it.
//!
//! A maker walks a condition and bends a history towards the answer that is wanted: an age by moving the birth date to
//! the birthday or a day beside it, a count by adding convictions. It does not have to succeed. Whoever asks decides the
//! history for real and looks at what came of it; so what is found is true, and what is not found proves nothing.

use crate::cases::{Case, CaseCharge, CaseKind, CaseSentence};
use crate::expression::{Collection, Condition, CountyTerm, FactRef, Quantified, Test, Whose};
use crate::parameters::{Kind as ParameterKind, Value};
use crate::policy::{Policy, RuleIx};
use crate::vocabulary::{FactDef, Vocabulary};
use crate::{FactIx, ParameterIx, SetIx};
use vacatur_records::{Date, DateSpan, Level, add_days, add_years};

/// The count that is decided in every history made.
pub const DECIDED: &str = "A";

/// How many convictions a history may have.
const MOST: usize = 7;

/// Sections of a set to try, as a document writes them.
pub type Examples<'e> = dyn Fn(SetIx) -> &'e [String] + 'e;

/// What a history is meant to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Be in scope.
    Scope,
    /// Meet a rule's condition.
    Rule(RuleIx),
    /// Meet a rule's condition and miss those of all rules above it.
    Decided(RuleIx),
}

/// Makes histories for one policy.
pub struct Maker<'m> {
    pub(crate) policy: &'m Policy,
    vocabulary: &'m Vocabulary,
    pub(crate) values: Vec<Value>,
    pub(crate) examples: &'m Examples<'m>,
    pub(crate) random: fastrand::Rng,
    pub(crate) case: Case,
    /// The conviction that a condition is said of.
    depth: usize,
}

impl<'m> Maker<'m> {
    /// A maker for `policy`, as of a day. The same seed makes the same histories.
    #[must_use]
    pub fn new(
        policy: &'m Policy,
        vocabulary: &'m Vocabulary,
        examples: &'m Examples<'m>,
        as_of: Date,
        seed: u64,
    ) -> Self {
        let values = policy.parameters.iter().map(|parameter| parameter.default.clone()).collect();
        let random = fastrand::Rng::with_seed(seed);
        Self { policy, vocabulary, values, examples, random, case: blank(as_of), depth: 0 }
    }

    /// A history of one conviction or more that is meant to reach a goal. `plain` leaves the parameters at their
    /// defaults.
    pub fn make(&mut self, goals: &[Goal], plain: bool) -> Case {
        let policy = self.policy;
        self.case = blank(self.case.as_of);
        self.values = policy.parameters.iter().map(|parameter| parameter.default.clone()).collect();
        let extra = [0, 0, 1, 1, 2][self.random.usize(..5)];
        self.add(Collection::Convictions);
        for _ in 0..extra {
            self.add(Collection::Convictions);
        }
        self.wish(&policy.scope.condition, true, 0, plain);
        for goal in goals {
            let (rule, above) = match goal {
                Goal::Scope => continue,
                Goal::Rule(rule) => (*rule, 0),
                Goal::Decided(rule) => (*rule, rule.at()),
            };
            if let Some(condition) = &policy.rules[rule.at()].condition {
                self.wish(condition, true, 0, plain);
            }
            for other in policy.rules[..above].iter().filter_map(|rule| rule.condition.as_ref()) {
                if self.random.u8(..8) > 0 {
                    self.wish(other, false, 0, plain);
                }
            }
            if let Some(condition) = &policy.rules[rule.at()].condition
                && self.random.bool()
            {
                self.wish(condition, true, 0, plain);
            }
            if self.random.u8(..4) > 0 {
                self.wish(&policy.scope.condition, true, 0, plain);
            }
        }
        self.case.clone()
    }

    /// Bends the history so that a condition is met, or missed.
    fn wish(&mut self, condition: &Condition, want: bool, of: usize, plain: bool) {
        self.depth += 1;
        if self.depth < 64 {
            self.bend(condition, want, of, plain);
        }
        self.depth -= 1;
    }

    fn bend(&mut self, condition: &Condition, want: bool, of: usize, plain: bool) {
        match &condition.test {
            Test::All(parts) | Test::Either(parts) => {
                let each = matches!(condition.test, Test::All(_)) == want;
                if each {
                    for part in parts {
                        self.wish(part, want, of, plain);
                    }
                } else if !parts.is_empty() {
                    let one = self.random.usize(..parts.len());
                    self.wish(&parts[one], want, of, plain);
                }
            }
            Test::Not(part) => self.wish(part, !want, of, plain),
            Test::Assumed { part, .. } | Test::Defined(part) => self.wish(part, want, of, plain),
            Test::Flag(fact) => self.flag(fact, want, of),
            Test::FlagParameter(at) => self.set(*at, Value::Flag(want), plain),
            Test::IsSet(at) => self.set_or_not(*at, want, plain),
            Test::Choice { parameter, is } => {
                let ParameterKind::Choice { of: choices } = &self.policy.parameters[parameter.at()].kind
                else {
                    return;
                };
                let other = choices.iter().find(|choice| (*choice == is) == want);
                if let Some(choice) = other {
                    self.set(*parameter, Value::Choice(choice.clone()), plain);
                }
            }
            Test::Dates { left, how, right } => self.dates(left, *how, right, want, of),
            Test::Numbers { left, how, right } => self.numbers(left, *how, right, want, of, plain),
            Test::Level { fact, is } => {
                let others = [Level::Felony, Level::Misdemeanor, Level::Infraction];
                let level = if want {
                    *is
                } else {
                    others.into_iter().filter(|level| level != is).nth(self.random.usize(..2)).unwrap_or(*is)
                };
                let at = self.whose(fact, of);
                self.case.charges[at].level = Some(level);
            }
            Test::InSet { fact, set } => self.section(fact, *set, want, of),
            Test::County { fact, is } => {
                let county = match is {
                    CountyTerm::Literal(county) => Some(county.clone()),
                    CountyTerm::Parameter(at) => match &self.values[at.at()] {
                        Value::County(county) => county.clone(),
                        _ => None,
                    },
                };
                let at = self.whose(fact, of);
                let county = county.unwrap_or_else(|| "YOLO".into());
                let other = if county == "YOLO" { "NAPA" } else { "YOLO" };
                self.case.charges[at].county = if want { county } else { other.into() };
            }
            Test::Includes { fact, label } => self.label(fact, label, want, of),
            Test::Any(members) => self.members(members, want, 1, plain),
            Test::Every(members) if want => {
                for at in 0..self.number_of(members.of) {
                    self.wish(&members.whole, true, at, plain);
                }
            }
            Test::Every(members) => {
                let number = self.number_of(members.of);
                if number > 0 {
                    let at = self.random.usize(..number);
                    self.wish(&members.whole, false, at, plain);
                }
            }
        }
    }

    /// At least `number` members that meet the condition; or none.
    pub(crate) fn members(&mut self, members: &Quantified, want: bool, number: usize, plain: bool) {
        if !want {
            for at in 0..self.number_of(members.of) {
                self.wish(&members.whole, false, at, plain);
            }
            return;
        }
        for _ in 0..number.min(MOST) {
            // A new one, or one of the others bent to it; the one decided where it has to be that one.
            let have = self.number_of(members.of);
            let at = if have < MOST && (have <= 1 || self.random.u8(..4) > 0) {
                self.add(members.of)
            } else {
                self.random.usize(..have)
            };
            self.wish(&members.whole, true, at, plain);
        }
    }

    fn number_of(&self, of: Collection) -> usize {
        if of == Collection::Registrations { self.case.registered.len() } else { self.case.charges.len() }
    }

    fn add(&mut self, of: Collection) -> usize {
        let days = self.random.i32(2_000..9_000);
        let day = DateSpan::on(add_days(self.case.as_of, -days));
        if of == Collection::Registrations {
            self.case.registered.push(("290 PC".into(), day));
            return self.case.registered.len() - 1;
        }
        let label = char::from(b'A' + self.case.charges.len() as u8).to_string();
        self.case.charges.push(CaseCharge {
            label,
            kind: CaseKind::Convicted,
            offence: "459 PC".into(),
            level: Some(Level::Felony),
            date: day,
            county: "YOLO".into(),
            same_case: None,
            sentence: Some(vec![part(3, "years", "probation")]),
            relief: None,
            same_cycle: None,
            arrested: None,
            ended: None,
            revoked: false,
            findings: Vec::new(),
        });
        self.case.charges.len() - 1
    }

    pub(crate) fn whose(&self, fact: &FactRef, of: usize) -> usize {
        if fact.whose == Whose::Decided { 0 } else { of.min(self.case.charges.len() - 1) }
    }

    pub(crate) fn name(&self, fact: FactIx) -> &'static FactDef {
        self.vocabulary.fact(fact)
    }

    fn set(&mut self, at: ParameterIx, value: Value, plain: bool) {
        if plain || self.values[at.at()] == value {
            return;
        }
        let name = self.policy.parameters[at.at()].name.clone();
        self.case.set.retain(|(other, _)| *other != name);
        if self.policy.parameters[at.at()].default != value {
            self.case.set.push((name, value.to_string()));
        }
        self.values[at.at()] = value;
    }

    fn set_or_not(&mut self, at: ParameterIx, want: bool, plain: bool) {
        let value = match &self.policy.parameters[at.at()].kind {
            ParameterKind::Number { from, .. } => Value::Number(want.then_some(*from)),
            ParameterKind::County => Value::County(want.then(|| "YOLO".into())),
            _ => return,
        };
        let set = !matches!(self.values[at.at()], Value::Number(None) | Value::County(None));
        if set != want {
            self.set(at, value, plain);
        }
    }
}

fn blank(as_of: Date) -> Case {
    Case {
        name: String::new(),
        as_of,
        born: Some(DateSpan::on(add_years(as_of, -45))),
        died: None,
        registered: Vec::new(),
        unusable_row: false,
        set: Vec::new(),
        charges: Vec::new(),
        expect: Vec::new(),
        span: 0..0,
    }
}

pub(crate) fn part(length: i32, unit: &str, kind: &str) -> CaseSentence {
    CaseSentence { length, unit: unit.into(), kind: kind.into() }
}
