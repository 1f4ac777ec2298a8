//! How rules come to one decision.
//!
//! Every rule's condition is looked at, whichever rule decides: all grounds and all bars are known. An unknown
//! condition splits the way: both branches are followed, and only if they end in different outcomes is the answer
//! a review, with the facts named that would have settled it.

use crate::answer::Answer;
use crate::evaluate::{Decision, Of, RuleSet};
use crate::heading::Mode;
use crate::policy::{Policy, RuleIx};
use crate::{MissingSet, OutcomeKind};
use vacatur_records::{DateSpan, Truth};

/// What the conditions of a policy come to on a record.
pub(crate) trait Conditions {
    /// Whether a count is in scope.
    fn scope(&mut self, of: Of) -> Answer;
    /// Whether a rule's condition holds; `otherwise` does. And whether something unknown in it was taken as the document
    /// says.
    fn rule(&mut self, rule: RuleIx, of: Of) -> (Answer, bool);
    /// The day until which a rule says "not yet".
    fn until(&mut self, rule: RuleIx, of: Of) -> Option<DateSpan>;
}

/// What stands fast of the rules of a policy, whatever the record.
#[derive(Debug)]
pub(crate) struct Ranking {
    first_match: bool,
    rules: Box<[Ranked]>,
}

#[derive(Debug)]
struct Ranked {
    /// The first rule of the document with the same outcome.
    outcome: u8,
    kind: OutcomeKind,
    /// How much it gives. `otherwise` applies where no other rule does, so that any other comes before it.
    rank: i16,
    /// Whether it has no condition.
    bare: bool,
    /// What the document makes of an unknown condition.
    if_unknown: Option<bool>,
}

impl Ranking {
    pub(crate) fn of(policy: &Policy) -> Self {
        let rules = policy.rules.iter().map(|rule| {
            let same = policy.rules.iter().position(|other| other.outcome == rule.outcome);
            Ranked {
                outcome: same.unwrap_or_default() as u8,
                kind: rule.outcome.kind(),
                rank: if rule.condition.is_none() { -1 } else { i16::from(rule.outcome.rank()) },
                bare: rule.condition.is_none(),
                if_unknown: rule.if_unknown.as_ref().map(|assumption| assumption.holds),
            }
        });
        Self { first_match: policy.heading.mode == Mode::FirstMatch, rules: rules.collect() }
    }

    /// The decision on the conviction `decided`; `None` when it is surely out of scope.
    pub(crate) fn decide(&self, conditions: &mut impl Conditions, decided: u32) -> Option<Decision> {
        let of = Of { decided, subject: decided };
        let (scope, scope_missing) = conditions.scope(of);
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
        // The rule that surely decides unless an open one does, and the open ones: those that would decide before it.
        let mut last: Option<RuleIx> = None;
        let mut open: Vec<(RuleIx, MissingSet)> = Vec::new();
        for (at, written) in self.rules.iter().enumerate() {
            let rule = RuleIx(at as u8);
            let counts = last.is_none() || !self.first_match;
            let ((found, missing), mut assumed) = conditions.rule(rule, of);
            // As the decision takes it: what is unknown may be assumed.
            let mut taken = found;
            match found {
                Truth::No => {}
                Truth::Unknown => {
                    decision.unknown.add(rule);
                    if let Some(holds) = written.if_unknown {
                        taken = Truth::of(holds);
                        assumed = true;
                    }
                }
                // A bare `otherwise` is no ground of its own beside others.
                Truth::Yes if written.bare && last.is_some() => {}
                Truth::Yes => decision.holds.add(rule),
            }
            if assumed && counts {
                decision.assumed.add(rule);
            }
            let may_decide = match last {
                None => true,
                Some(_) if self.first_match => false,
                Some(best) => self.outranks(rule, best),
            };
            match taken {
                Truth::Yes if may_decide => last = Some(rule),
                Truth::Unknown if may_decide => open.push((rule, missing)),
                _ => {}
            }
        }
        // A checked policy ends in `otherwise`, so one rule surely holds.
        let last = last?;
        if !self.first_match {
            // The best first. What would not come before the one that surely holds makes no difference.
            open.sort_by_key(|&(rule, _)| (std::cmp::Reverse(self.rank(rule)), rule));
        }
        // From the end: an unknown rule is harmless if it and all that may follow decide the same.
        let until = conditions.until(last, of);
        let mut differs = false;
        for &(rule, missing) in open.iter().rev() {
            if !self.first_match && !self.outranks(rule, last) {
                decision.harmless = decision.harmless.and(missing);
                continue;
            }
            differs |= !self.same_outcome(conditions, rule, last, of);
            if differs {
                decision.missing = decision.missing.and(missing);
            } else {
                decision.harmless = decision.harmless.and(missing);
            }
            decision.possible.add(rule);
        }
        decision.possible.add(last);
        if scope.is_unknown() {
            decision.missing = decision.missing.and(scope_missing);
        }
        decision.harmless = decision.harmless.without(decision.missing);
        if !differs && scope.is_yes() {
            decision.outcome = self.rules[last.at()].kind;
            decision.deciding = Some(last);
            decision.until = until;
        }
        Some(decision)
    }

    fn rank(&self, rule: RuleIx) -> i16 {
        self.rules[rule.at()].rank
    }

    /// Whether a rule decides before another where the best is taken. Of two that give as much, the first in the
    /// document does: one refers to this office, the other to that.
    fn outranks(&self, one: RuleIx, other: RuleIx) -> bool {
        (self.rank(one), other) > (self.rank(other), one)
    }

    /// Whether two rules decide the same: also until the same day, where they give one.
    fn same_outcome(&self, conditions: &mut impl Conditions, one: RuleIx, two: RuleIx, of: Of) -> bool {
        self.rules[one.at()].outcome == self.rules[two.at()].outcome
            && match (conditions.until(one, of), conditions.until(two, of)) {
                (Some(a), Some(b)) => one == two || a.same_day(b).is_yes(),
                _ => true,
            }
    }
}
