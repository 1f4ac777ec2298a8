//! What an evaluation asks of a record, and how rules come to one decision.
//!
//! Every rule's condition is looked at, whichever rule decides: all grounds and all bars are known. An unknown
//! condition splits the way: both branches are followed, and only if they end in different outcomes is the answer
//! a review, with the facts named that would have settled it.

use crate::answer::known;
use crate::explain::FactUse;
use crate::expression::Collection;
use crate::heading::Mode;
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

    fn remove(&mut self, rule: RuleIx) {
        self.0 &= !(1 << rule.0);
    }
}

/// What a policy decides of one conviction.
#[derive(Clone, Copy, PartialEq, Eq)]
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

/// Evaluates one policy on one record; kept between records so that its memory is.
pub(crate) struct Evaluator<'a, R> {
    pub(crate) policy: &'a Policy,
    pub(crate) values: &'a [Value],
    pub(crate) record: &'a R,
    pub(crate) cache: Vec<Cached>,
    /// Whether something unknown was taken as the document says since this was last set to no.
    pub(crate) assumed: bool,
}

/// What a rule's condition comes to.
#[derive(Clone, Copy)]
struct Tried {
    rule: RuleIx,
    /// As the decision takes it: what is unknown may be assumed.
    taken: Truth,
    missing: MissingSet,
}

impl<'a, R: Record> Evaluator<'a, R> {
    pub(crate) fn new(policy: &'a Policy, values: &'a [Value], record: &'a R) -> Self {
        let cache = (0..policy.quantifiers).map(|_| Cached::default()).collect();
        Self { policy, values, record, cache, assumed: false }
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
            until: None,
            missing: MissingSet::NONE,
            harmless: MissingSet::NONE,
        };
        let first_match = self.policy.heading.mode == Mode::FirstMatch;
        // The rule that surely decides unless an open one does, and the open ones: those that would decide before it.
        let mut last: Option<RuleIx> = None;
        let none = Tried { rule: RuleIx(0), taken: Truth::No, missing: MissingSet::NONE };
        let mut open = [none; RuleSet::MOST];
        let mut open_len = 0;
        for at in 0..self.policy.rules.len() {
            let tried = self.try_rule(RuleIx(at as u8), of, last.is_none() || !first_match, &mut decision);
            // A bare `otherwise` is no ground of its own beside others.
            if decision.holds.has(tried.rule) && self.policy.rules[at].condition.is_none() && last.is_some() {
                decision.holds.remove(tried.rule);
            }
            let may_decide = match last {
                None => true,
                Some(_) if first_match => false,
                Some(best) => self.outranks(tried.rule, best),
            };
            match tried.taken {
                Truth::Yes if may_decide => last = Some(tried.rule),
                Truth::Unknown if may_decide => {
                    open[open_len] = tried;
                    open_len += 1;
                }
                _ => {}
            }
        }
        // A checked policy ends in `otherwise`, so one rule surely holds.
        let last = last?;
        let open = &mut open[..open_len];
        if !first_match {
            // The best first. What would not come before the one that surely holds makes no difference.
            open.sort_by_key(|tried| (std::cmp::Reverse(self.rank(tried.rule)), tried.rule));
        }
        // From the end: an unknown rule is harmless if it and all that may follow decide the same.
        let until = self.until_day(last, of);
        let mut differs = false;
        for tried in open.iter().rev() {
            if !first_match && !self.outranks(tried.rule, last) {
                decision.harmless = decision.harmless.and(tried.missing);
                continue;
            }
            differs |= !self.same_outcome(tried.rule, last, of);
            if differs {
                decision.missing = decision.missing.and(tried.missing);
            } else {
                decision.harmless = decision.harmless.and(tried.missing);
            }
            decision.possible.add(tried.rule);
        }
        decision.possible.add(last);
        if scope.is_unknown() {
            decision.missing = decision.missing.and(scope_missing);
        }
        decision.harmless = decision.harmless.without(decision.missing);
        if !differs && scope.is_yes() {
            decision.outcome = self.policy.rules[last.at()].outcome.kind();
            decision.deciding = Some(last);
            decision.until = until;
        }
        Some(decision)
    }

    /// Looks at one rule; `counts` says whether it can still decide.
    fn try_rule(&mut self, rule: RuleIx, of: Of, counts: bool, decision: &mut Decision) -> Tried {
        let written = &self.policy.rules[rule.at()];
        self.assumed = false;
        let (found, missing) = match &written.condition {
            Some(condition) => self.truth(condition, of),
            None => known(Truth::Yes),
        };
        let mut assumed = self.assumed;
        let mut taken = found;
        if found.is_unknown() {
            decision.unknown.add(rule);
            if let Some(assumption) = &written.if_unknown {
                taken = Truth::of(assumption.holds);
                assumed = true;
            }
        }
        if assumed && counts {
            decision.assumed.add(rule);
        }
        if found.is_yes() {
            decision.holds.add(rule);
        }
        Tried { rule, taken, missing }
    }

    /// How much a rule gives. `otherwise` applies where no other rule does, so that any other comes before it.
    fn rank(&self, rule: RuleIx) -> i16 {
        let rule = &self.policy.rules[rule.at()];
        if rule.condition.is_none() { -1 } else { i16::from(rule.outcome.rank()) }
    }

    /// Whether a rule decides before another where the best is taken. Of two that give as much, the first in the
    /// document does: one refers to this office, the other to that.
    fn outranks(&self, one: RuleIx, other: RuleIx) -> bool {
        (self.rank(one), other) > (self.rank(other), one)
    }

    /// The day until which a rule says "not yet".
    fn until_day(&mut self, rule: RuleIx, of: Of) -> Option<DateSpan> {
        let policy = self.policy;
        policy.rules[rule.at()].until.as_ref().map(|until| self.date(until, of))
    }

    /// Whether two rules decide the same: also until the same day, where they give one.
    fn same_outcome(&mut self, one: RuleIx, two: RuleIx, of: Of) -> bool {
        let same = self.policy.rules[one.at()].outcome == self.policy.rules[two.at()].outcome;
        same && match (self.until_day(one, of), self.until_day(two, of)) {
            (Some(a), Some(b)) => one == two || a.same_day(b).is_yes(),
            _ => true,
        }
    }
}

/// The subject of a fact.
pub(crate) fn whose(fact: crate::expression::FactRef, of: Of) -> Of {
    match fact.whose {
        crate::expression::Whose::Decided => Of { decided: of.decided, subject: of.decided },
        crate::expression::Whose::Member => of,
    }
}
