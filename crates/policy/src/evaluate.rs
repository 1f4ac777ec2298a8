//! What an evaluation asks of a record, and the reading of a policy as its document writes it.

use crate::answer::{Answer, known};
use crate::decide::Conditions;
use crate::explain::FactUse;
use crate::expression::Collection;
use crate::parameters::Value;
use crate::policy::{Policy, RuleIx};
use crate::quantify::Cached;
use crate::{FactIx, MissingSet, OutcomeKind, SetIx};
use vacatur_records::{Date, DateSpan, Level, NumberSpan, Truth};

/// Whose fact is asked for: an index into the record's counts, or into its registrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Of {
    /// The conviction that is decided.
    pub decided: u32,
    /// The conviction, charge or registration that the fact is about.
    pub subject: u32,
}

/// How a count stands to others by a fact of two counts, such as "of the same case".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kin {
    /// The fact surely holds of the count and itself, and surely of no other.
    Itself,
    /// It surely holds of counts with the same number, and surely not of others.
    Group(u32),
    /// Of any two counts of these kinds it comes to the same, and the same is missing.
    Kind(u32),
    /// Nothing is known beforehand.
    Alone,
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
    /// A whole number; a weight in milligrams.
    fn number(&self, _fact: FactIx, _of: Of) -> NumberSpan {
        NumberSpan::UNKNOWN
    }
    /// The case that a conviction or charge belongs to: any number that is the same for counts of one case.
    fn case_of(&self, member: u32) -> u32 {
        member
    }
    /// What is known beforehand of how a count stands to others by a fact of two counts. It is asked where a person has so
    /// many that they are looked at together.
    fn kin(&self, _fact: FactIx, _count: u32) -> Kin {
        Kin::Alone
    }
    /// The day of a conviction or charge, and what is missing where it is not known.
    fn day_of(&self, _member: u32) -> (DateSpan, MissingSet) {
        (DateSpan::UNKNOWN, MissingSet::NONE)
    }
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

    pub(crate) fn add(&mut self, rule: RuleIx) {
        self.0 |= 1 << rule.0;
    }
}

/// What a policy decides of one conviction.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
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
    /// The rules of which the document itself tells how to take what is unknown in them.
    pub assumed: RuleSet,
    /// For a decision of [`OutcomeKind::NotYet`]: the day until which it holds, as far as it is known.
    pub until: Option<DateSpan>,
    /// What was missing and mattered.
    pub missing: MissingSet,
    /// What was missing and made no difference.
    pub harmless: MissingSet,
}

/// Evaluates one policy on one record, condition by condition as the document writes them. Explanations and coverage are
/// made of it; a [`crate::Program`] decides the same, faster.
pub(crate) struct Evaluator<'a, R> {
    pub(crate) policy: &'a Policy,
    pub(crate) values: &'a [Value],
    pub(crate) record: &'a R,
    pub(crate) cache: Vec<Cached>,
    /// Whether something unknown was taken as the document says since this was last set to no.
    pub(crate) assumed: bool,
}

impl<'a, R: Record> Evaluator<'a, R> {
    pub(crate) fn new(policy: &'a Policy, values: &'a [Value], record: &'a R) -> Self {
        let cache = (0..policy.quantifiers).map(|_| Cached::default()).collect();
        Self { policy, values, record, cache, assumed: false }
    }
}

impl<R: Record> Conditions for Evaluator<'_, R> {
    fn scope(&mut self, of: Of) -> Answer {
        self.truth(&self.policy.scope.condition, of)
    }

    fn rule(&mut self, rule: RuleIx, of: Of) -> (Answer, bool) {
        self.assumed = false;
        let answer = match &self.policy.rules[rule.at()].condition {
            Some(condition) => self.truth(condition, of),
            None => known(Truth::Yes),
        };
        (answer, self.assumed)
    }

    fn until(&mut self, rule: RuleIx, of: Of) -> Option<DateSpan> {
        let policy = self.policy;
        policy.rules[rule.at()].until.as_ref().map(|until| self.date(until, of))
    }
}

/// The subject of a fact.
pub(crate) fn whose(fact: crate::expression::FactRef, of: Of) -> Of {
    match fact.whose {
        crate::expression::Whose::Decided => Of { decided: of.decided, subject: of.decided },
        crate::expression::Whose::Member => of,
    }
}
